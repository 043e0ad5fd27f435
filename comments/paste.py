"""A discussion that was copied as plain text: where its comments begin, who wrote them, what they answer.

Very little of that is in the text, so every answer says how sure it is and why, and nothing is made up: an author that
is not named is unknown, a time such as "9 months ago" is one only together with the day it was read.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from enum import Enum

_AGO = r"(?:(?P<count>\d{1,4}|an?)\s+(?P<unit>minute|hour|day|week|month|year)s?\s+ago|yesterday)"
_DATE = r"\d{4}-\d{2}-\d{2}(?:[T ]\d{2}:\d{2}(?::\d{2})?(?:Z|[+-]\d{2}:?\d{2})?)?"
_WHEN = rf"(?:on\s+)?(?P<when>{_AGO}|{_DATE})"
_MORE = r"\s*(?:[|\[(].*)?"  # the links that stand beside a name
_HEADS = [
    re.compile(
        rf"(?:comment|reply|posted) by (?P<name>\S.{{0,60}}?)(?:[\s,·|]+{_WHEN})?{_MORE}$", re.IGNORECASE
    ),
    re.compile(rf"(?P<name>[^\s>|]\S{{0,40}})[\s,·|]+{_WHEN}{_MORE}$", re.IGNORECASE),
    re.compile(rf"(?P<name>\S.{{0,40}}?) (?:wrote|said)(?:[\s,·|]+{_WHEN})?:$", re.IGNORECASE),
]
_ONLY_WHEN = re.compile(rf"{_WHEN}{_MORE}$", re.IGNORECASE)
_ADDRESSES = re.compile(
    r"(?:i (?:think|believe) )?(?:you|your|you're|you’re|op)\b|(?:no|yes|yeah|agreed|exactly|not really)\b[,.]|"
    r"i (?:dis)?agree\b|that is like|that's (?:not|like)\b",
    re.IGNORECASE,
)
_RECALLS = re.compile(r"\byou (?:just )?(?:said|say|wrote|write|mentioned|claimed|called)\b", re.IGNORECASE)
_UNITS = {"minute": 1 / 1440, "hour": 1 / 24, "day": 1, "week": 7, "month": 30.44, "year": 365.25}
_WORDS = re.compile(r"\w+")
SURE_WORDS = 8
FEWEST_WORDS = 3
BEGINNING = 80  # characters of a line, in which it says whom it speaks to


class Certainty(Enum):
    GIVEN = "as you said"
    CERTAIN = "stands in the text"
    LIKELY = "likely"
    UNSURE = "unsure"


@dataclass(frozen=True)
class Guess:
    certainty: Certainty
    reason: str


@dataclass
class Piece:
    """A comment as proposed. ``line`` is where it begins, and names it."""

    line: int
    lines: list[str]
    begins: Guess
    head: int = 0  # so many lines say who wrote it and when, and are no words of it
    author: str = ""  # unknown
    when: str = ""  # as it was written
    parent: int | None = None  # the line of another piece; None at the top
    answers: Guess = Guess(Certainty.UNSURE, "")
    _words: tuple[int, str] = (0, "")

    @property
    def own_words(self) -> str:
        if self._words[0] != len(self.lines):
            own = " ".join(line for line in self.lines if not line.startswith(">"))
            self._words = len(self.lines), _normal(own)
        return self._words[1]


@dataclass(frozen=True)
class Corrections:
    """What a person said about a proposal; by the line of a piece."""

    begins: frozenset[int] | None = None  # all the lines where one begins
    authors: Mapping[int, str] = field(default_factory=dict)
    whens: Mapping[int, str] = field(default_factory=dict)
    parents: Mapping[int, int | None] = field(default_factory=dict)


def lines_of(text: str) -> list[str]:
    """The lines that say something. They are numbered from 0, and the same text always has the same."""
    return [line.strip() for line in text.splitlines() if line.strip()]


def propose(text: str, corrections: Corrections = Corrections()) -> list[Piece]:
    """The comments in a text, in its order. A parent always stands before what answers it."""
    pieces: list[Piece] = []
    heads = _heads(lines_of(text))
    for number, line in enumerate(lines_of(text)):
        name, when, is_head = heads.get(number, ("", "", False))
        guess = _beginning(number, line, is_head and bool(name), pieces, corrections)
        if guess:
            pieces.append(Piece(number, [], guess))
        piece = pieces[-1]
        if is_head and not piece.lines:
            piece.author, piece.when = piece.author or name, piece.when or when
            piece.head += 1
        else:
            piece.lines.append(line)
    for position, piece in enumerate(pieces):
        _correct(piece, corrections)
        _find_parent(piece, pieces[:position], corrections)
    return pieces


def moment(when: str, read_at: datetime | None) -> datetime | None:
    """The time that words like "9 months ago" or "2024-05-06 08:30" mean; None if they say nothing alone."""
    found = _ONLY_WHEN.match(when.strip())
    if not found:
        return None
    if not (found["count"] or "yesterday" in when.lower()):
        at = datetime.fromisoformat(found["when"])
        return at if at.tzinfo else at.replace(tzinfo=UTC)
    if read_at is None:
        return None
    count = found["count"] or "1"
    days = (1 if count.lower() in ("a", "an") else int(count)) * _UNITS[(found["unit"] or "day").lower()]
    return read_at - timedelta(days=round(days) if days >= 1 else days)


def _heads(lines: list[str]) -> dict[int, tuple[str, str, bool]]:
    """The lines that say who wrote what follows, and when: a name, then perhaps a time on a line of its own."""
    heads: dict[int, tuple[str, str, bool]] = {}
    for number, line in enumerate(lines):
        found = next((match for pattern in _HEADS if (match := pattern.match(line))), None)
        if found and not line.startswith(">"):
            heads[number] = (found["name"].strip(" :"), found["when"] or "", True)
        elif number - 1 in heads and (only := _ONLY_WHEN.fullmatch(line)):
            heads[number] = ("", only["when"], True)
    return heads


def _beginning(number, line, has_name, pieces, corrections) -> Guess | None:
    """Why a comment begins here; None if it does not."""
    if corrections.begins is not None and number:
        return Guess(Certainty.GIVEN, "") if number in corrections.begins else None
    if has_name:
        return Guess(Certainty.CERTAIN, "an author is named")
    if not pieces:
        return Guess(Certainty.CERTAIN, "the text begins")
    current = pieces[-1]
    if not current.lines:
        return None
    if line.startswith(">"):
        return _beginning_with_quote(line, current, pieces)
    speaks = _ADDRESSES.match(line) or _RECALLS.search(line, 0, BEGINNING)
    if speaks and not current.lines[-1].startswith(">"):
        return Guess(Certainty.UNSURE, "it speaks to somebody")
    return None


def _beginning_with_quote(line, current, pieces) -> Guess | None:
    if all(earlier.startswith(">") for earlier in current.lines):
        return None
    if _contains(current, line):
        return Guess(Certainty.LIKELY, "it quotes the words above it")
    own_quotes = [earlier for earlier in current.lines if earlier.startswith(">")]
    source = next((piece for piece in reversed(pieces[:-1]) if _contains(piece, line)), None)
    if source and not any(_contains(source, quote) for quote in own_quotes):
        return Guess(Certainty.UNSURE, "it quotes words of somebody else")
    return None


def _correct(piece: Piece, corrections: Corrections) -> None:
    piece.author = corrections.authors.get(piece.line, piece.author)
    piece.when = corrections.whens.get(piece.line, piece.when)


def _find_parent(piece: Piece, earlier: list[Piece], corrections: Corrections) -> None:
    places = {other.line for other in earlier}
    given = corrections.parents.get(piece.line, -1)
    if given is None or given in places:
        piece.parent, piece.answers = given, Guess(Certainty.GIVEN, "")
    elif not earlier:
        piece.answers = Guess(Certainty.CERTAIN, "it is the first")
    else:
        parent, piece.answers = _quoted(piece, earlier) or _named(piece, earlier) or _by_order(piece, earlier)
        piece.parent = parent.line


def _quoted(piece, earlier) -> tuple[Piece, Guess] | None:
    for line in piece.lines:
        if not line.startswith(">"):
            continue
        sources = [other for other in earlier if _contains(other, line)]
        if sources:
            is_sure = len(sources) == 1 and len(_WORDS.findall(line)) >= SURE_WORDS
            certainty = Certainty.CERTAIN if is_sure else Certainty.LIKELY
            return sources[-1], Guess(certainty, "it quotes these words")
    return None


def _named(piece, earlier) -> tuple[Piece, Guess] | None:
    first = piece.lines[0].casefold() if piece.lines else ""
    for other in reversed(earlier):
        name = re.escape(other.author.casefold())
        if name and other.author != piece.author and re.search(rf"(?<!\w)@{name}(?!\w)|^{name}(?!\w)", first):
            return other, Guess(Certainty.LIKELY, "it names its author")
    return None


def _by_order(piece, earlier) -> tuple[Piece, Guess]:
    previous = earlier[-1]
    if piece.author and previous.author and piece.author == previous.author and previous.parent is not None:
        siblings = [other for other in earlier if other.line == previous.parent]
        return siblings[0], Guess(Certainty.UNSURE, "its author has just answered the same")
    return previous, Guess(Certainty.UNSURE, "it stands below")


def _contains(piece: Piece, quote: str) -> bool:
    words = _normal(quote.lstrip("> "))
    return len(words.split()) >= FEWEST_WORDS and f" {words} " in f" {piece.own_words} "


def _normal(text: str) -> str:
    return " ".join(_WORDS.findall(text.casefold()))
