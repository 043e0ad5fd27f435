"""The deeds of a discussion: a visitor's comment is judged and stored, a moderator's word is carried out."""

from datetime import timedelta

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from comments import akismet, moderation, tasks
from comments.addresses import address_hash
from comments.decisions import approve, ban, hold, remove, reply, spam, undo
from comments.models import Comment, Rule, Subscription

__all__ = [
    "Refused",
    "address_hash",
    "approve",
    "ban",
    "confirm",
    "hold",
    "remove",
    "reply",
    "revise",
    "rules",
    "spam",
    "submit",
    "undo",
    "withdraw",
]

DUPLICATE_WITHIN = timedelta(days=1)
SENT_TWICE_WITHIN = timedelta(minutes=1)  # a second press of the button, or a page that was loaded anew


class Refused(Exception):
    """``taken`` is the comment that the same person sent a moment ago, when this is that one once more."""

    def __init__(self, refusal, taken=None):
        super().__init__(refusal.value)
        self.refusal = refusal
        self.taken = taken


def rules():
    """The site's lines for the checks, in one query; the setting COMMENT_RULES overrides them one by one."""
    words, authors = {}, {}
    for kind, value, verdict in Rule.objects.values_list("kind", "value", "verdict"):
        if kind == Rule.Kind.WORD:
            words.setdefault(verdict, []).append(value)
        else:
            authors.setdefault(verdict, []).append(f"{kind}:{value}")
    found = {
        "held_words": tuple(words.get(Rule.Verdict.HELD, ())),
        "spam_words": tuple(words.get(Rule.Verdict.SPAM, ())),
        "held_authors": frozenset(authors.get(Rule.Verdict.HELD, ())),
        "spam_authors": frozenset(authors.get(Rule.Verdict.SPAM, ())),
    }
    return moderation.Rules(**found | getattr(settings, "COMMENT_RULES", {}))


def submit(target, words, *, parent=None, user=None, address="", agent=""):
    """Judge and store what a visitor wrote; ``words`` are the cleaned fields of the form.

    Raises ``Refused`` when the visitor has to wait or has said this before. All reading, judging and
    rendering comes before the INSERT, so that no write transaction waits for any of it. With it, in the same
    transaction, goes a row of the queue: what is to be told by mail is found out by the worker, later.
    With ``words["notify"]`` the author asks for letters about replies.
    """
    comment = Comment(
        target=target,
        body=words["body"],
        author_name=words["author_name"],
        author_email=words["author_email"],
        author_url=words["author_url"],
        user=user,
        ip_hash=address_hash(address),
    )
    if parent is not None:
        comment.place_below(parent)
    said = _said_before(comment, target)
    submission, lines = _submission(comment, target, words, said), rules()
    if refusal := moderation.refuse(submission, lines):
        raise Refused(refusal, said if _is_sent_twice(comment, said) else None)
    verdict = moderation.assess(submission, lines)
    comment.status = verdict.status
    comment.status_reason = "; ".join(verdict.reasons)
    asks_akismet = comment.is_approved and akismet.is_configured() and not submission.is_trusted
    if asks_akismet:
        comment.status, comment.status_reason = Comment.Status.PENDING, akismet.WAITING
    news = (tasks.ask_akismet, (address, agent)) if asks_akismet else (tasks.tell, ())
    _store(comment, news, bool(words.get("notify")))
    return comment


def _store(comment, news, wants_replies):
    comment.render()
    with transaction.atomic():
        comment.save_base(force_insert=True)
        if wants_replies and comment.author_email:
            Subscription.objects.create(
                comment=comment,
                email=comment.author_email.lower(),
                confirmed_at=timezone.now() if comment.user_id else None,
            )
        if comment.status != Comment.Status.SPAM:
            task, arguments = news
            task.enqueue(comment.pk, *arguments)
    comment.record_quotes(is_new=True)


def confirm(comment):
    """Its author has confirmed the e-mail address: nothing else may hold the comment any longer, or something does."""
    reasons = [reason for reason in comment.status_reason.split("; ") if reason]
    if comment.status != Comment.Status.PENDING or moderation.UNCONFIRMED not in reasons:
        return comment
    reasons.remove(moderation.UNCONFIRMED)
    comment.status_reason = "; ".join(reasons)
    comment.status = Comment.Status.PENDING if reasons else Comment.Status.APPROVED
    with transaction.atomic():
        comment.save(update_fields=["status", "status_reason", "modified_at"])
        tasks.tell.enqueue(comment.pk)
    return comment


def revise(comment, body):
    """Change a comment's text in its first minutes. The new words are judged like the old ones."""
    comment.body = body
    words = {"honeypot": "", "seconds_taken": rules().least_seconds}
    said = _said_before(comment, comment.target)
    verdict = moderation.assess(_submission(comment, comment.target, words, said), rules())
    changed = ["body", "edited_at", "modified_at"]
    if comment.is_approved or verdict.status == Comment.Status.SPAM:
        comment.status, comment.status_reason = verdict.status, "; ".join(verdict.reasons)
        changed += ["status", "status_reason"]
    comment.edited_at = timezone.now()
    comment.save(update_fields=changed)
    return comment


def withdraw(comment):
    """Take back one's own comment: its words are gone, a stub stays while replies stand."""
    comment.body = comment.author_email = comment.author_url = ""
    comment.status, comment.status_reason = Comment.Status.REMOVED, "withdrawn by its author"
    comment.save()
    comment.subscriptions.all().delete()  # and with them the address


def _submission(comment, target, words, said):
    return moderation.Submission(
        body=comment.body,
        author_name=comment.author_name,
        author_email=comment.author_email,
        author_url=comment.author_url,
        ip_hash=comment.ip_hash,
        policy=target.comment_policy,
        is_trusted=_is_trusted(comment.user, target),
        is_member=comment.user is not None,
        is_known=_is_known(comment),
        honeypot=words["honeypot"],
        seconds_taken=words["seconds_taken"],
        is_duplicate=said is not None,
        ages_of_recent=_ages_of_recent(comment.ip_hash),
    )


def _is_trusted(user, target):
    return user is not None and (user.is_staff or user.pk in getattr(target, "comment_author_ids", ()))


def _is_known(comment):
    """A guest is known again by name and e-mail address together, a member by the account."""
    if comment.user is not None:
        return Comment.objects.approved().filter(user=comment.user).exists()
    if not comment.author_email:
        return False
    return (
        Comment.objects.approved()
        .filter(author_email__iexact=comment.author_email, author_name__iexact=comment.author_name)
        .exists()
    )


def _said_before(comment, target):
    """The same words of the same name in the same place, not long ago."""
    since = timezone.now() - DUPLICATE_WITHIN
    said = Comment.objects.for_target(target).filter(parent=comment.parent, created_at__gte=since)
    return said.filter(body=comment.body, author_name=comment.author_name).last()


def _is_sent_twice(comment, said):
    if said is None or not comment.ip_hash:
        return False
    same = (said.ip_hash, said.author_email) == (comment.ip_hash, comment.author_email)
    return same and said.created_at > timezone.now() - SENT_TWICE_WITHIN


def _ages_of_recent(ip_hash):
    if not ip_hash:
        return ()
    now = timezone.now()
    since = now - timedelta(seconds=rules().window_seconds)
    recent = Comment.objects.filter(ip_hash=ip_hash, created_at__gte=since)
    return tuple((now - at).total_seconds() for at in recent.values_list("created_at", flat=True))
