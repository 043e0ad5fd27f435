"""A state: everything about an entry that can be edited, as plain values. Rows are named by key and name, tags by name."""

import hashlib
import json
from datetime import UTC, datetime

from django.contrib.auth import get_user_model
from django.db import models
from django.utils.dateparse import parse_datetime

from blog.models import Category, Post, Series, Tagging

COLUMNS = (
    *("title", "body", "markup", "summary", "description", "show_toc", "cover", "cover_alt"),
    *("draft", "published_at", "public_at", "expires_at", "slug", "path", "listed"),
    *("discussion", "comments_close_after", "canonical_url", "language"),
)
FILED = ("tags", "categories", "series", "series_order", "authors")
MOMENTS = ("published_at", "public_at", "expires_at")
ROWS = ("categories", "authors")  # lists of [key, name]
TEXTS = ("title", "body", "summary", "description")  # compared word by word


def state_of(entry):
    """What is stored of the entry now. Four queries for a post; none for a page, or for what was never stored."""
    state = {name: _plain(getattr(entry, name)) for name in COLUMNS}
    if isinstance(entry, Post):
        state |= _filed(entry)
        state["series"] = _row(entry.series)
        state["series_order"] = entry.series_order
    return state


def _filed(post):
    if post.pk is None:
        return {"tags": [], "categories": [], "authors": []}
    return {
        "tags": sorted(tag.name for tag in post.tags.all()),
        "categories": _rows(post.categories.all()),
        "authors": _rows(post.authors.all()),
    }


def states_of(model, pks):
    """{pk: state} of so many entries: seven queries, and no object for each, of which there may be thousands."""
    posts = ("series_id", "series_order") if model is Post else ()
    found = model.objects.filter(pk__in=pks).order_by().values("pk", *COLUMNS, *posts)
    states = {row.pop("pk"): {name: _plain(value) for name, value in row.items()} for row in found}
    if model is Post:
        _add_filed(states)
    return states


def _add_filed(states):
    series = Series.objects.in_bulk({state["series_id"] for state in states.values()} - {None})
    for state in states.values():
        part = {"series": _row(series.get(state.pop("series_id"))), "series_order": state.pop("series_order")}
        state |= {"tags": [], "categories": [], "authors": [], **part}
    tagged = Tagging.objects.filter(content_object__in=states).order_by()
    for pk, name in tagged.values_list("content_object_id", "tag__name"):
        states[pk]["tags"].append(name)
    for kind in ROWS:
        for pk, row in _links(kind, list(states)):
            states[pk][kind].append(row)
    for state in states.values():
        for kind in ("tags", *ROWS):
            state[kind].sort()


def _links(kind, pks):
    """(key of a post, [key, name] of what it is filed under)."""
    model = getattr(Post, kind).field.related_model
    links = getattr(Post, kind).through.objects.filter(post__in=pks).order_by()
    pairs = list(links.values_list("post_id", f"{model._meta.model_name}_id"))
    rows = model.objects.in_bulk({key for _pk, key in pairs})
    for pk, key in pairs:
        if key in rows:  # somebody may have deleted it meanwhile
            yield pk, _row(rows[key])


def state_in_form(form, before):
    """What a form asks for. What it does not have, or what is not valid, is as before."""
    state = dict(before)
    for name, value in form.cleaned_data.items():
        if name == "tags":
            state[name] = sorted(map(str, value))
        elif name in ROWS:
            state[name] = _rows(value)
        elif name == "series":
            state[name] = _row(value)
        elif name in COLUMNS or name in FILED:
            state[name] = _plain(value)
    return state


def refused(form):
    """The fields that were changed to something that is not valid, which no state has."""
    return set(form.errors) & set(form.changed_data)


def _plain(value):
    return value.astimezone(UTC).isoformat() if isinstance(value, datetime) else value


def _row(found):
    return [found.pk, str(found)] if found else None


def _rows(found):
    return sorted(_row(row) for row in found)


def digest(state):
    """Equal for equal states; a category that was only renamed makes no difference."""
    keys = {name: [row[0] for row in state[name]] for name in ROWS if name in state}
    if state.get("series"):
        keys["series"] = state["series"][0]
    text = json.dumps({**state, **keys}, sort_keys=True)
    return hashlib.sha256(text.encode()).hexdigest()[:32]


def put(state, entry):
    """Give the entry this state in memory: its columns alone."""
    for name in COLUMNS:
        if name in state and name != "draft":
            setattr(entry, name, _read(name, state[name]))
    if isinstance(entry, Post):
        series = state.get("series")
        entry.series = Series.objects.filter(pk=series[0]).first() if series else None
        entry.series_order = state.get("series_order")


def initial(state):
    """The state as a form shows it; None of rows that are gone."""
    values = {name: _read(name, value) for name, value in state.items() if name != "draft"}
    for name in ROWS:
        if name in state:
            values[name] = [key for key, _name in state[name]]
    if "series" in state:
        values["series"] = state["series"] and state["series"][0]
    return values


def file_under(state, post):
    """Store what a post is filed under. What is gone meanwhile stays gone."""
    post.tags.set(state["tags"])
    post.categories.set(_existing(Category.objects, state["categories"]))
    if authors := _existing(get_user_model().objects, state["authors"]):
        post.authors.set(authors)


def _existing(rows: models.Manager, pairs):
    return list(rows.filter(pk__in=[key for key, _name in pairs]))


def _read(name, value):
    return parse_datetime(value) if name in MOMENTS and value else value
