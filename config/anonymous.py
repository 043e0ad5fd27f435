"""Whoever asks for a page without anything of their own: no session, no message, no form begun.

Pages that are the same for all of them are stored, and made without the middleware that is for others.
"""

import re
from functools import lru_cache

from django.conf import settings
from django.contrib.auth.middleware import AuthenticationMiddleware
from django.contrib.auth.models import AnonymousUser
from django.contrib.messages.middleware import MessageMiddleware
from django.contrib.sessions.middleware import SessionMiddleware
from django.urls import Resolver404, resolve

LONGEST = (
    4000  # bytes of an address: no text has one this long, and thousands that are should not be remembered
)


def is_anonymous(environ):
    """Whether nothing in this request tells one reader from another."""
    if environ["REQUEST_METHOD"] not in ("GET", "HEAD") or "HTTP_AUTHORIZATION" in environ:
        return False
    cookies = environ.get("HTTP_COOKIE")
    return not (cookies and _private(tuple(settings.PRIVATE_COOKIES))(cookies))


@lru_cache(maxsize=8)
def _private(names):
    return re.compile(rf"(?:^|[;,\s])(?:{'|'.join(map(re.escape, names))})=").search


def view_at(path):
    """What the view at this path has declared of being stored, None where its answers are not."""
    return _view_at(path) if len(path) <= LONGEST else None


@lru_cache(maxsize=4096)
def _view_at(path):
    try:
        return getattr(resolve(path).func, "stored", None)
    except Resolver404:
        return None


class AnonymousMiddleware:
    """Tells the middleware below whether it has anything to do."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        request.is_anonymous = is_anonymous(request.META) and view_at(request.path_info) is not None
        if request.is_anonymous:
            request.user = AnonymousUser()
        return self.get_response(request)


class ForOthers:
    """Middleware that pages for everybody are made without."""

    def __call__(self, request):
        return self.get_response(request) if request.is_anonymous else super().__call__(request)


class Sessions(ForOthers, SessionMiddleware):
    pass


class Authentication(ForOthers, AuthenticationMiddleware):
    pass


class Messages(ForOthers, MessageMiddleware):
    pass
