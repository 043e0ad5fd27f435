"""What each column of an entry gets from a record and from its rendering."""

from functools import cache

from django.db import models

from blog.models import Page, Post
from blog.models.entry import Entry

AS_THEY_ARE = (
    "title",
    "slug",
    "body",
    "markup",
    "summary",
    "description",
    "show_toc",
    "cover",
    "cover_alt",
    "draft",
    "published_at",
    "modified_at",
    "expires_at",
    "listed",
    "canonical_url",
    "language",
    "front_matter",
    "source_path",
    "source_root",
)


def columns(record, path, model):
    values = {name: getattr(record, name) for name in AS_THEY_ARE}
    values |= {
        "path": path,
        "public_at": record.public_at or record.published_at,
        "params": dict(record.params),
        "source_digest": record.digest,
    }
    if model is Post:
        values["series_order"] = record.series_order
    return values


def fit(values, model):
    """Cut texts that are longer than their columns; gives the names of those that were."""
    cut = []
    for name, longest in _longest(model):
        if len(values.get(name, "")) > longest:
            values[name] = values[name][:longest]
            cut.append(name)
    return cut


@cache
def _longest(model):
    fields = model._meta.concrete_fields
    return [(field.name, field.max_length) for field in fields if isinstance(field, models.CharField)]


def rendered_columns(rendered):
    entry = Page()
    entry.apply(rendered)
    return {name: getattr(entry, name) for name in Entry.RENDERED}
