"""Two states of an entry, field by field, for people to read."""

from dataclasses import dataclass, field

from django.utils.dateparse import parse_datetime
from django.utils.formats import date_format
from django.utils.timezone import localtime
from django.utils.translation import gettext as _

from blog.models import Page, Post
from blog.revisions.differences import Row, side_by_side
from blog.revisions.states import MOMENTS, ROWS, TEXTS

MODELS = {"post": Post, "page": Page}
OWN = ("show_toc", "draft", "listed")  # yes or no


@dataclass(frozen=True)
class Difference:
    name: str
    label: str
    old: str
    new: str
    rows: list[Row] = field(default_factory=list)

    @property
    def is_text(self):
        return self.name in TEXTS


def compare(kind, old, new):
    """The fields that differ. The text comes second, as in the form."""
    return [_difference(kind, name, old, new) for name in new if not same(name, old.get(name), new[name])]


def same(name, one, other):
    """Whether a form would show the same: it has no seconds and one kind of line end."""
    if name in MOMENTS and one and other:
        return _to_the_minute(one) == _to_the_minute(other)
    if name in TEXTS:
        return (one or "").replace("\r\n", "\n") == (other or "").replace("\r\n", "\n")
    if name in ROWS or name == "series":
        return _keys(one) == _keys(other)
    return (one or None) == (other or None)


def _to_the_minute(moment):
    return parse_datetime(moment).replace(second=0, microsecond=0)


def _keys(value):
    if value and isinstance(value[0], list):
        return [row[0] for row in value]
    return value[:1] if value else []


def _difference(kind, name, old, new):
    before, after = shown(kind, name, old.get(name)), shown(kind, name, new[name])
    rows = side_by_side(before, after) if name in TEXTS else []
    return Difference(name, label(kind, name), before, after, rows)


def label(kind, name):
    named = MODELS[kind]._meta.get_field(name).verbose_name
    return named[:1].upper() + named[1:]


def shown(kind, name, value):
    if name in MOMENTS:
        return date_format(localtime(parse_datetime(value)), "j F Y, H:i") if value else "–"
    if name in OWN:
        return _("Yes") if value else _("No")
    if name in ROWS:
        return ", ".join(row[1] for row in value or []) or "–"
    if name == "series":
        return value[1] if value else "–"
    if name == "tags":
        return ", ".join(value or []) or "–"
    if name in TEXTS:
        return value or ""
    choices = dict(MODELS[kind]._meta.get_field(name).flatchoices)
    return str(choices.get(value, "–" if value in (None, "") else value))
