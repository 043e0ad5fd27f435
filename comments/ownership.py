"""For a quarter of an hour, whoever wrote a comment may change or withdraw it, and is told for a day that it is over.

What proves it is a signed cookie that the browser sends to that comment's own pages alone: pages for all stay the
same for all, and those who only read get none.
"""

from datetime import timedelta
from math import ceil

from django.conf import settings
from django.utils import timezone

from comments.models import Comment

SALT = "own_comment"
TIME_TO_CHANGE = timedelta(minutes=15)
KNOWN_FOR = timedelta(days=1)  # a form that is sent too late still comes from its author
CHANGEABLE = {Comment.Status.APPROVED, Comment.Status.PENDING}


def remember(response, comment):
    response.set_signed_cookie(
        settings.OWN_COMMENT_COOKIE_NAME,
        str(comment.pk),
        salt=SALT,
        max_age=KNOWN_FOR,
        path=comment.get_absolute_url(),
        secure=settings.SESSION_COOKIE_SECURE,
        httponly=True,
        samesite="Lax",
    )
    return response


def is_own(request, comment):
    in_time = comment.status in CHANGEABLE and timezone.now() < ends_at(comment)
    return in_time and is_by(request, comment)


def is_by(request, comment):
    """Whether it was written in this browser, changeable or not."""
    name = settings.OWN_COMMENT_COOKIE_NAME
    return request.get_signed_cookie(name, "", salt=SALT, max_age=KNOWN_FOR) == str(comment.pk)


def ends_at(comment):
    return comment.created_at + TIME_TO_CHANGE


def minutes_left(comment):
    """Begun minutes, for a time of day would be the site's and not the reader's."""
    return max(1, ceil((ends_at(comment) - timezone.now()) / timedelta(minutes=1)))
