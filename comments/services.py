"""The deeds of a discussion: a visitor's comment is judged and stored, a moderator's word is carried out."""

import ipaddress
from datetime import timedelta

from django.conf import settings
from django.utils import timezone
from django.utils.crypto import salted_hmac

from comments import moderation
from comments.models import Comment

DUPLICATE_WITHIN = timedelta(days=1)


class Refused(Exception):
    def __init__(self, refusal):
        super().__init__(refusal.value)
        self.refusal = refusal


def rules():
    """The site's lines for the checks; the setting COMMENT_RULES overrides them one by one."""
    return moderation.Rules(**getattr(settings, "COMMENT_RULES", {}))


def submit(target, words, *, parent=None, user=None, address=""):
    """Judge and store what a visitor wrote; ``words`` are the cleaned fields of the form.

    Raises ``Refused`` when the visitor has to wait or has said this before. All reading, judging and
    rendering comes before the one INSERT, so that no write transaction waits for any of it.
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
    submission = _submission(comment, target, words)
    if refusal := moderation.refuse(submission, rules()):
        raise Refused(refusal)
    verdict = moderation.assess(submission, rules())
    comment.status = verdict.status
    comment.status_reason = "; ".join(verdict.reasons)
    comment.save()
    return comment


def revise(comment, body):
    """Change a comment's text in its first minutes. The new words are judged like the old ones."""
    comment.body = body
    words = {"honeypot": "", "seconds_taken": rules().least_seconds}
    verdict = moderation.assess(_submission(comment, comment.target, words), rules())
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


def approve(comments, reason=""):
    return comments.approve(reason)


def spam(comments, reason=""):
    return comments.mark_spam(reason)


def remove(comments, reason=""):
    return comments.remove(reason)


def hold(comments, reason=""):
    return comments.hold(reason)


def address_hash(address):
    """A keyed hash of the address; of an IPv6 address its /64, for that is what one person has."""
    try:
        ip = ipaddress.ip_address(address.partition("%")[0])
    except ValueError:
        return ""
    ip = getattr(ip, "ipv4_mapped", None) or ip
    network = ipaddress.ip_network((ip, 64), strict=False) if ip.version == 6 else ip
    return salted_hmac("comments.address", str(network), algorithm="sha256").hexdigest()[:32]


def _submission(comment, target, words):
    return moderation.Submission(
        body=comment.body,
        author_name=comment.author_name,
        author_email=comment.author_email,
        author_url=comment.author_url,
        policy=target.comment_policy,
        is_trusted=_is_trusted(comment.user, target),
        is_known=_is_known(comment),
        honeypot=words["honeypot"],
        seconds_taken=words["seconds_taken"],
        is_duplicate=_is_duplicate(comment, target),
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


def _is_duplicate(comment, target):
    since = timezone.now() - DUPLICATE_WITHIN
    said = Comment.objects.for_target(target).filter(parent=comment.parent, created_at__gte=since)
    return said.filter(body=comment.body, author_name=comment.author_name).exists()


def _ages_of_recent(ip_hash):
    if not ip_hash:
        return ()
    now = timezone.now()
    since = now - timedelta(seconds=rules().window_seconds)
    recent = Comment.objects.filter(ip_hash=ip_hash, created_at__gte=since)
    return tuple((now - at).total_seconds() for at in recent.values_list("created_at", flat=True))
