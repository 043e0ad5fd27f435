"""Pages and pieces of them, kept in this process by what they are made from.

The same makings give the same HTML, so nothing kept here can be out of date: what a page shows is asked of the database
each time it is made, and only the writing of it as HTML is spared.
"""

import threading
from collections import OrderedDict
from datetime import date
from hashlib import blake2b

from django.conf import settings
from django.core.paginator import Page
from django.db.models import Model, QuerySet
from django.http import HttpResponse
from django.template.loader import render_to_string
from django.utils.timezone import get_current_timezone_name
from django.utils.translation import get_language

MOST = 4_000_000  # characters


def key_of(*makings):
    """A short text that stands for numbers, texts, times, and lists and named tuples of them."""
    return blake2b(repr(makings).encode(), digest_size=16).hexdigest()


def shown(values):
    """Values of a template's context as key_of() takes them. What it does not know it refuses, lest it be left out."""
    return {name: _plain(value) for name, value in values.items()}


def _plain(value):
    if value is None or isinstance(value, str | int | float | date):
        return value
    if isinstance(value, Model):  # with what was annotated; not what it refers to
        return type(value), {name: held for name, held in vars(value).items() if name[0] != "_"}
    if isinstance(value, Page):
        return value.number, value.paginator.count, value.paginator.per_page
    if isinstance(value, list | tuple | QuerySet):
        return [_plain(each) for each in value]
    raise TypeError(f"No key can be made of {type(value).__name__}.")


class Fragments:
    """Those asked for last, as many as there is room for."""

    def __init__(self, most=MOST):
        self.most, self.size = most, 0
        self.kept = OrderedDict()
        self.lock = threading.Lock()

    def get(self, key):
        with self.lock:
            if key in self.kept:
                self.kept.move_to_end(key)
                return self.kept[key]
        return None

    def put(self, key, html):
        with self.lock:
            self.size += len(html) - len(self.kept.pop(key, ""))
            self.kept[key] = html
            while self.size > self.most:
                _key, oldest = self.kept.popitem(last=False)
                self.size -= len(oldest)


fragments = Fragments()


def kept(key, make):
    """What ``make`` has written before in this language and time zone, by its key; anew where templates are worked on."""
    if settings.DEBUG:
        return make()
    key = (key, get_language(), get_current_timezone_name())
    html = fragments.get(key)
    if html is None:
        html = make()
        fragments.put(key, html)
    return html


def page(request, template, context, key):
    """The page, kept whole for those who find nothing of their own in it; a key of None keeps none."""

    def make():
        return render_to_string(template, context, request)

    is_kept = key and getattr(request, "is_anonymous", False)
    return HttpResponse(kept((template, key), make) if is_kept else make())
