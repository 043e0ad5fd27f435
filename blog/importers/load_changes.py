"""What has changed since the last import, and on which side: in the file, or here in the admin."""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import fields
from functools import lru_cache

from blog import rendering
from blog.importers.load_columns import columns, fit
from blog.importers.load_terms import terms_of
from blog.importers.records import ImportedEntry
from blog.models import Post

# What an author may edit here. The time of modification is left out: saving without a change moves it.
EDITABLE = (
    "title",
    "slug",
    "path",
    "body",
    "markup",
    "summary",
    "description",
    "show_toc",
    "cover",
    "cover_alt",
    "draft",
    "published_at",
    "public_at",
    "expires_at",
    "listed",
    "canonical_url",
)
IN_THE_FILE = {"body", "front_matter", "files"}  # the file's digest speaks for these


DECIDES = tuple(each.name for each in fields(ImportedEntry) if each.name not in IN_THE_FILE)


def key_of(record, site_digest):
    """A digest of everything that decides what is stored for a record: if it is as before, nothing is to be done."""
    parts = [getattr(record, name) for name in DECIDES]
    return _digest([rendering.VERSION, site_digest, parts])


def site_digest(site, options):
    """What the site as a whole contributes to each entry's key."""
    return _digest([options.as_dict(), site.params, site.base_url])


def _digest(value):
    return hashlib.sha256(json.dumps(value, default=_plain, sort_keys=True).encode()).hexdigest()


def _plain(value):
    return dict(value) if isinstance(value, Mapping) else str(value)


def marks_of_record(record, path, model, vocabularies, authors, values=None):
    """values: its columns, where they are at hand."""
    if values is None:
        values = columns(record, path, model)
        fit(values, model)
    terms = {}
    if model is Post:
        for taxonomy, names in terms_of(record).items():
            terms[taxonomy] = [vocabularies[taxonomy].slug(name) for name in names]
        terms["authors"] = [authors.username(name) for name in record.authors]
    return _marks(values, terms)


def marks_of_entry(entry):
    """The same of what is stored now. Costs four queries for a post, none with prefetch_terms()."""
    values = {name: getattr(entry, name) for name in (*EDITABLE, "series_order") if hasattr(entry, name)}
    terms = {}
    if isinstance(entry, Post):
        terms = {"tags": [tag.slug for tag in entry.tags.all()], "series": []}
        if entry.series:
            terms["series"] = [entry.series.slug]
        for category in entry.categories.all():
            terms.setdefault(category.taxonomy, []).append(category.slug)
        terms["authors"] = [author.username for author in entry.authors.all()]
    return _marks(values, terms)


def prefetch_terms(queryset):
    if queryset.model is Post:
        return queryset.select_related("series").prefetch_related("tags", "categories", "authors")
    return queryset


def _marks(values, terms):
    marks = {name: _mark(values[name]) for name in (*EDITABLE, "series_order") if name in values}
    return marks | {name: _mark(sorted(set(slugs))) for name, slugs in terms.items() if slugs}


def _mark(value):
    """Most fields of most entries hold one of a few values, whose marks are kept."""
    if value is None or value == "" or isinstance(value, bool):
        return _usual_mark(value)
    return _mark_of(value)


@lru_cache(typed=True)
def _usual_mark(value):
    return _mark_of(value)


def _mark_of(value):
    """Short, and blind to what a form does to a text: line ends, and white space around it."""
    if isinstance(value, str):
        value = "\n".join(value.split("\r\n")).strip()
    elif hasattr(value, "timestamp"):
        value = int(value.timestamp())
    return _digest(value)[:12]


def edited_here(entry, marks):
    """The fields of an imported entry that are no longer as the import left them."""
    imported = {name: mark for name, mark in entry.imported.items() if name != "key"}
    if not imported:
        return []
    return [name for name in dict.fromkeys([*imported, *marks]) if imported.get(name) != marks.get(name)]


def moved_here(entry):
    """Whether an editor has given it another address than the import did."""
    return entry.imported.get("path") not in (None, _mark(entry.path))


def both_versions(entry, record, names):
    """(field, ours, theirs) for people to read. Terms of a taxonomy are named by their slugs."""
    rows = []
    for name in names:
        ours, theirs = getattr(entry, name, None), getattr(record, name, None)
        if hasattr(ours, "all"):
            ours = [str(item) for item in ours.all()]
        rows.append((name, _shown(ours), _shown(theirs)))
    return tuple(rows)


def _shown(value):
    if isinstance(value, (list, tuple)):
        return ", ".join(map(str, value))
    return "" if value is None else str(value)
