"""What becomes of a new comment, decided by small named checks on plain values.

A refusal is told to the visitor, who can mend it. A finding is not: the comment is taken, and held or
set aside as spam with the reason stored. A new rule is one more function in ``REFUSALS`` or ``CHECKS``.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass
from enum import Enum

APPROVED, PENDING, SPAM = "approved", "pending", "spam"
_SEVERITY = (APPROVED, PENDING, SPAM)
UNCONFIRMED = "waits until its author confirms the e-mail address"
_LINK = re.compile(r"https?://|\bwww\.|\]\(", re.IGNORECASE)


@dataclass(frozen=True)
class Rules:
    """Where the checks draw their lines. Times are in seconds."""

    least_seconds: float = 3
    most_links: int = 2
    flood_seconds: float = 30
    window_seconds: float = 600
    most_in_window: int = 10
    held_words: tuple[str, ...] = ()
    spam_words: tuple[str, ...] = ()
    # Authors by what marks them, as in ``Submission.marks``.
    held_authors: frozenset[str] = frozenset()
    spam_authors: frozenset[str] = frozenset()


@dataclass(frozen=True)
class Submission:
    """A comment as it was sent, and what is known of its author."""

    body: str
    author_name: str = ""
    author_email: str = ""
    author_url: str = ""
    ip_hash: str = ""
    policy: str = "open"
    is_trusted: bool = False  # staff, and the authors of what is discussed
    is_member: bool = False  # signed in
    is_known: bool = False  # an earlier comment of theirs was approved
    honeypot: str = ""
    seconds_taken: float = 3600  # from the form's first display to its sending
    is_duplicate: bool = False
    ages_of_recent: tuple[float, ...] = ()  # seconds since each recent comment from the same address

    @property
    def marks(self) -> dict[str, str]:
        """What its author may be recognised by, and what that is called."""
        email = self.author_email.casefold()
        return {
            f"name:{' '.join(self.author_name.split()).casefold()}": f"name “{self.author_name}”",
            f"email:{email}": f"e-mail address {email}",
            f"email:@{email.rpartition('@')[2]}": f"e-mail domain @{email.rpartition('@')[2]}",
            f"address:{self.ip_hash}": "network address",
        }


@dataclass(frozen=True)
class Verdict:
    status: str = APPROVED
    reasons: tuple[str, ...] = ()


class Refusal(Enum):
    TOO_SOON = "too soon"
    TOO_MANY = "too many"
    DUPLICATE = "duplicate"

    @property
    def is_about_rate(self) -> bool:
        return self is not Refusal.DUPLICATE


Finding = tuple[str, str]  # the status it asks for, and why


def refuse(submission: Submission, rules: Rules = Rules()) -> Refusal | None:
    """The first reason not to take this at all, or None."""
    if submission.is_trusted:
        return None
    return next((refusal for check in REFUSALS if (refusal := check(submission, rules))), None)


def assess(submission: Submission, rules: Rules = Rules()) -> Verdict:
    """The gravest status that any check asks for, with the reasons of all."""
    if submission.is_trusted:
        return Verdict()
    findings = [finding for check in CHECKS if (finding := check(submission, rules))]
    status = max((status for status, _ in findings), key=_SEVERITY.index, default=APPROVED)
    return Verdict(status, tuple(reason for _, reason in findings))


def too_soon(submission: Submission, rules: Rules) -> Refusal | None:
    is_flood = any(age < rules.flood_seconds for age in submission.ages_of_recent)
    return Refusal.TOO_SOON if is_flood else None


def too_many(submission: Submission, rules: Rules) -> Refusal | None:
    recent = sum(age < rules.window_seconds for age in submission.ages_of_recent)
    return Refusal.TOO_MANY if recent >= rules.most_in_window else None


def duplicate(submission: Submission, rules: Rules) -> Refusal | None:
    return Refusal.DUPLICATE if submission.is_duplicate else None


def honeypot(submission: Submission, rules: Rules) -> Finding | None:
    return (SPAM, "filled in the hidden field") if submission.honeypot else None


def sent_too_quickly(submission: Submission, rules: Rules) -> Finding | None:
    if submission.seconds_taken < rules.least_seconds:
        return PENDING, f"sent within {rules.least_seconds:g} seconds"
    return None


def links(submission: Submission, rules: Rules) -> Finding | None:
    count = len(_LINK.findall(submission.body))
    return (PENDING, f"has more than {rules.most_links} links") if count > rules.most_links else None


def disallowed_words(submission: Submission, rules: Rules) -> Finding | None:
    if word := _word_found(rules.spam_words, submission):
        return SPAM, f"uses the word “{word}”"
    if word := _word_found(rules.held_words, submission):
        return PENDING, f"uses the word “{word}”"
    return None


def unwanted_authors(submission: Submission, rules: Rules) -> Finding | None:
    for mark, name in submission.marks.items():
        if mark in rules.spam_authors:
            return SPAM, f"its author is banned by {name}"
        if mark in rules.held_authors:
            return PENDING, f"everything of this {name} is held"
    return None


def policy(submission: Submission, rules: Rules) -> Finding | None:
    if submission.policy == "moderated":
        return PENDING, "every comment is held here"
    if submission.policy == "first" and not submission.is_known:
        return PENDING, "first comment of its author"
    if submission.policy == "confirmed" and not (submission.is_member or submission.is_known):
        return PENDING, UNCONFIRMED
    return None


def _word_found(words: tuple[str, ...], submission: Submission) -> str | None:
    parts = (submission.author_name, submission.author_email, submission.author_url, submission.body)
    text = "\n".join(parts).casefold()
    return next((word for word in words if re.search(rf"\b{re.escape(word.casefold())}\b", text)), None)


REFUSALS: tuple[Callable[[Submission, Rules], Refusal | None], ...] = (duplicate, too_soon, too_many)
CHECKS: tuple[Callable[[Submission, Rules], Finding | None], ...] = (
    honeypot,
    sent_too_quickly,
    links,
    disallowed_words,
    unwanted_authors,
    policy,
)
