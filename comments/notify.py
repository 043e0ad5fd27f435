"""Who is told what: from a comment to the letters about it. Nothing is sent here; see ``letters.py``."""

from datetime import timedelta

from django.contrib.auth import get_user_model
from django.utils import timezone

from comments import lineage, moderation
from comments.models import Comment, Letter, Subscription

HOT = 3  # mails of one kind to one person in an hour; what follows is collected
COLLECTED = timedelta(hours=1)
MOST_CONFIRMATIONS = 3  # to one address in a day, for anybody may type it into the form
BACKEND = "django.contrib.auth.backends.ModelBackend"
Kind = Letter.Kind


def write_letters(comment):
    """The letters that a comment's present state calls for. Those that are written already are left alone."""
    if comment.status == Comment.Status.PENDING:
        if comment.author_email and moderation.UNCONFIRMED in comment.status_reason:
            _ask_to_confirm(comment, f"confirm:{comment.pk}", comment.author_email)
        else:
            _write(comment, Kind.HELD, moderators(comment))
    elif comment.is_public:
        _write(comment, Kind.POSTED, authors(comment))
        for subscription in subscriptions(comment):
            _write(comment, Kind.REPLY, [subscription.email], subscription)
        for asked in comment.subscriptions.filter(confirmed_at=None, ended_at=None):
            _ask_to_confirm(comment, f"subscription:{asked.pk}", asked.email, asked)


def moderators(comment):
    """The addresses of those who may decide about it."""
    users = get_user_model().objects.with_perm("comments.change_comment", backend=BACKEND)
    return _addresses(users.filter(is_staff=True), comment)


def authors(comment):
    """The addresses of those who wrote what is discussed."""
    ids = getattr(comment.target, "comment_author_ids", ())
    return _addresses(get_user_model().objects.filter(pk__in=ids, is_active=True), comment)


def subscriptions(comment):
    """Of those who asked for letters about replies to a comment above this one, the nearest of each person."""
    above = lineage.above(comment.pk)
    found = Subscription.objects.filter(comment__in=above, ended_at=None).exclude(confirmed_at=None)
    found = sorted(found, key=lambda subscription: above.index(subscription.comment_id), reverse=True)
    nearest = {subscription.email: subscription for subscription in found}
    nearest.pop(comment.author_email.lower(), None)
    return nearest.values()


def _addresses(users, comment):
    found = users.exclude(email="").exclude(pk=comment.user_id).values_list("email", flat=True)
    return sorted({email.lower() for email in found} - {comment.author_email.lower()})


def _ask_to_confirm(comment, event, email, subscription=None):
    since = timezone.now() - timedelta(days=1)
    asked = Letter.objects.filter(kind=Kind.CONFIRM, recipient=email.lower(), written_at__gte=since)
    if email and asked.exclude(event=event).count() < MOST_CONFIRMATIONS:
        values = {"kind": Kind.CONFIRM, "comment": comment, "subscription": subscription}
        Letter.objects.get_or_create(event=event, recipient=email.lower(), defaults=values)


def _write(comment, kind, recipients, subscription=None):
    """One letter about a comment to each person, whatever the kinds of interest they have in it."""
    for recipient in recipients:
        values = {"kind": kind, "comment": comment, "subscription": subscription}
        values["due_at"] = _due_at(kind, recipient, subscription)
        Letter.objects.get_or_create(event=f"comment:{comment.pk}", recipient=recipient, defaults=values)


def _due_at(kind, recipient, subscription):
    """At once, unless it has become too much: then together with the others that wait, an hour after the first."""
    now = timezone.now()
    letters = Letter.objects.filter(kind=kind, recipient=recipient, subscription=subscription)
    collecting = letters.waiting().filter(due_at__gt=now, attempts=0).order_by("due_at").first()
    if collecting:
        return collecting.due_at
    is_hot = letters.filter(written_at__gt=now - COLLECTED).count() >= HOT
    return now + COLLECTED if is_hot else now
