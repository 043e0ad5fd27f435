"""Akismet's opinion of a comment, where the site has a key for it (AKISMET_KEY, and the extra of that name).

The comment is held until the answer is there; the visitor never waits for it. Where a moderator decides otherwise,
Akismet is told: what it was told of the comment is kept for that, for a month.
"""

import logging
from datetime import timedelta

from django.conf import settings
from django.db.models import Q
from django.utils import timezone

from comments.models import Comment, Opinion

WAITING = "waits for the opinion of Akismet"
SPAM = "Akismet takes it for spam"
KEPT = timedelta(days=30)
ROUND = 10  # mistakes told in one go
PAUSES = [1, 10, 60, 360]  # minutes before each further attempt; then it is left

logger = logging.getLogger(__name__)


def is_configured():
    return bool(settings.AKISMET_KEY)


def takes_for_spam(comment, address, agent):
    """One question over the network, and its answer kept. Raises what the library raises when there is none."""
    answer = _client().comment_check(**_told(comment, address, agent))
    is_spam = bool(answer.value)
    values = {"address": address, "agent": agent, "is_spam": is_spam}
    Opinion.objects.update_or_create(comment=comment, defaults=values)
    return is_spam


def tell_mistakes():
    """Tell Akismet where moderators have decided otherwise, and of an undone decision too. Called by the worker."""
    now = timezone.now()
    for opinion in _mistaken(now)[:ROUND]:
        is_spam = opinion.comment.status == Comment.Status.SPAM
        try:
            tell(opinion, is_spam)
        except Exception as error:  # the library raises its own, and those of the network below it
            _try_later(opinion, now, error)
            continue
        Opinion.objects.filter(pk=opinion.pk).update(is_spam=is_spam, attempts=0)


def forget():
    """Opinions that nobody contradicts any more."""
    old = Opinion.objects.filter(asked_at__lt=timezone.now() - KEPT)
    if old.exists():  # for a deletion takes the lock, whether there is anything or not
        old.delete()


def tell(opinion, is_spam):
    submit = _client().submit_spam if is_spam else _client().submit_ham
    submit(**_told(opinion.comment, opinion.address, opinion.agent))


def _mistaken(now):
    """Only what somebody decided counts: a comment that waits or was removed says nothing about spam."""
    missed = Q(is_spam=False, comment__status=Comment.Status.SPAM)
    wronged = Q(is_spam=True, comment__status=Comment.Status.APPROVED)
    due = Opinion.objects.filter(missed | wronged, due_at__lte=now, attempts__lte=len(PAUSES))
    return due.select_related("comment").order_by("due_at")


def _try_later(opinion, now, error):
    logger.warning("Akismet could not be told about comment %s: %s", opinion.comment_id, error)
    pause = timedelta(minutes=PAUSES[min(opinion.attempts, len(PAUSES) - 1)])
    values = {"attempts": opinion.attempts + 1, "due_at": now + pause}
    Opinion.objects.filter(pk=opinion.pk).update(**values)


def _client():
    from akismet import Config, SyncClient

    return SyncClient(config=Config(key=settings.AKISMET_KEY, url=settings.SITE_URL))


def _told(comment, address, agent):
    return {
        "user_ip": address,
        "user_agent": agent,
        "comment_content": comment.body,
        "comment_type": "reply" if comment.parent_id else "comment",
        "comment_author": comment.author_name,
        "comment_author_email": comment.author_email,
        "comment_author_url": comment.author_url,
    }
