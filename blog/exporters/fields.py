"""What an edit in the admin means for the front matter: the key of each field, and its value there.

An edit is a list of changes, each of one key. How a change is written is for blog.importers.patch to find.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, tzinfo
from typing import Any

from blog.exporters import dates
from blog.importers import frontmatter
from blog.importers.hugo_details import (
    ALT_KEYS,
    AUTHOR_KEYS,
    CANONICAL_KEYS,
    COVER_KEYS,
    PICTURE_KEYS,
    SERIES_ORDER_KEYS,
    TOC_KEYS,
    author_name,
)
from blog.importers.hugo_values import json_ready, lower_keys, to_bool, to_list, to_names, to_table, to_words
from blog.importers.patch import DateText, remove, set_value, text_at, value_at
from blog.paths import slug_of, term_slug

DATE_KEYS = ("date", "publishdate", "pubdate", "published", "lastmod", "modified")
PUBLISH_KEYS = ("publishdate", "pubdate", "published")
EXPIRY_KEYS = ("expirydate", "unpublishdate")
SPELLING = {"publishdate": "publishDate", "expirydate": "expiryDate", "canonicalurl": "canonicalURL"}


@dataclass(frozen=True)
class Facts:
    """An entry as its front matter is to tell of it. terms: names and slugs by taxonomy, in order."""

    title: str = ""
    slug: str = ""
    url: str = ""
    markup: str = "markdown"
    summary: str = ""
    description: str = ""
    show_toc: bool = False
    cover: str = ""
    cover_alt: str = ""
    draft: bool = False
    published_at: datetime | None = None
    public_at: datetime | None = None
    expires_at: datetime | None = None
    listed: bool = True
    canonical_url: str = ""
    series_order: int | None = None
    terms: Mapping[str, list[tuple[str, str]]] = field(default_factory=dict)
    authors: list[tuple[str, str]] = field(default_factory=list)
    aliases: tuple[str, ...] = ()
    zone: tzinfo | None = None


def patched(head: str, names: list[str], facts: Facts) -> str:
    """The head after these fields were edited. Raises PatchError."""
    for name in names:
        head = CHANGES.get(name, _terms(name))(head, facts)
    return head


def with_aliases(head: str, aliases: tuple[str, ...]) -> str:
    """The head with these old paths among its aliases; those it has already stay as they are written."""
    written = list(to_words(_params(head).get("aliases")) or ())
    known = {alias.strip("/").lower() for alias in written}
    new = [alias for alias in aliases if alias.strip("/").lower() not in known]
    return _set_names(head, "aliases", [*written, *new], to_words) if new else head


def with_url(head: str, url: str) -> str:
    return set_value(head, ("url",), url)


def _params(head: str) -> dict[str, Any]:
    return lower_keys(frontmatter.parse(head))


def _text(name: str) -> Callable[[str, Facts], str]:
    return lambda head, facts: set_value(head, (name,), getattr(facts, name))


def _draft(head: str, facts: Facts) -> str:
    params = _params(head)
    if "draft" not in params and isinstance(params.get("published"), bool):
        return set_value(head, ("published",), not facts.draft)
    return set_value(head, ("draft",), facts.draft)


def _listed(head: str, facts: Facts) -> str:
    key = "_build" if "_build" in _params(head) else "build"
    options = to_table(_params(head).get(key))
    word = "always" if facts.listed else "never"
    if "list" in options:
        return set_value(head, (key, "list"), word)
    return set_value(head, (key,), {**options, "list": word})


def _show_toc(head: str, facts: Facts) -> str:
    params = _params(head)
    key = _first(params, TOC_KEYS, "toc")
    path = (key, "enable") if isinstance(params.get(key), dict) else (key,)
    return set_value(head, path, facts.show_toc, accepts=lambda found: to_bool(found) is facts.show_toc)


def _cover(head: str, facts: Facts) -> str:
    params = _params(head)
    key = next((key for key in COVER_KEYS if params.get(key)), "cover")
    value = params.get(key)
    if isinstance(value, list):
        rest = json_ready(value[1:])
        return set_value(head, (key,), [facts.cover, *rest] if facts.cover else rest)
    if isinstance(value, dict):
        return _set_inside(head, key, value, _first(value, PICTURE_KEYS, "image"), facts.cover)
    return set_value(head, (key,), facts.cover)


def _cover_alt(head: str, facts: Facts) -> str:
    params = _params(head)
    key = next((key for key in COVER_KEYS if params.get(key)), "cover")
    value = params.get(key)
    if isinstance(value, dict):
        return _set_inside(head, key, value, _first(value, ALT_KEYS, "alt"), facts.cover_alt)
    return set_value(head, (_first(params, (f"{key}_alt", f"{key}alt"), f"{key}_alt"),), facts.cover_alt)


def _set_inside(head: str, key: str, table: Mapping[str, Any], inner: str, value: Any) -> str:
    if inner in table:
        return set_value(head, (key, inner), value)
    return set_value(head, (key,), {**json_ready(table), inner: value})


def _published_at(head: str, facts: Facts) -> str:
    params = _params(head)
    keys = [key for key in DATE_KEYS if params.get(key) and not isinstance(params[key], bool)]
    key = keys[0] if keys else "date"
    if key in PUBLISH_KEYS and facts.public_at != facts.published_at:
        key = "date"
    if facts.published_at is None:
        return remove(head, (key,)) if key in params else head
    return _set_date(head, key, facts.published_at, facts)


def _public_at(head: str, facts: Facts) -> str:
    params = _params(head)
    key = next((key for key in PUBLISH_KEYS if params.get(key) and not isinstance(params[key], bool)), "")
    if not key and facts.public_at == facts.published_at:
        return head
    if facts.public_at is None:
        return remove(head, (key,)) if key else head
    return _set_date(head, key or "publishdate", facts.public_at, facts)


def _expires_at(head: str, facts: Facts) -> str:
    key = _first(_params(head), EXPIRY_KEYS, "expirydate")
    if facts.expires_at is None:
        return remove(head, (key,)) if key in _params(head) else head
    return _set_date(head, key, facts.expires_at, facts)


def _set_date(head: str, key: str, moment: datetime, facts: Facts) -> str:
    zone = facts.zone or moment.tzinfo
    if dates.says(value_at(_params(head), (key,)), moment, zone):
        return head
    like = text_at(head, (key,)) or text_at(head, ("date",))
    text = DateText(dates.written_like(like, moment, zone))
    return set_value(
        head, (SPELLING.get(key, key),), text, accepts=lambda found: dates.says(found, moment, zone)
    )


def _canonical_url(head: str, facts: Facts) -> str:
    key = _first(_params(head), CANONICAL_KEYS, "canonicalurl")
    return set_value(head, (SPELLING.get(key, key),), facts.canonical_url)


def _series_order(head: str, facts: Facts) -> str:
    key = _first(_params(head), SERIES_ORDER_KEYS, "series_order")
    if facts.series_order is None:
        return remove(head, (key,)) if key in _params(head) else head
    return set_value(head, (key,), facts.series_order)


def _series(head: str, facts: Facts) -> str:
    """A post belongs to one series here; further ones that its file names stay there."""
    written = list(to_names(_params(head).get("series") or []) or ())
    now = [name for name, _slug in facts.terms.get("series", [])]
    return _set_names(head, "series", [*now, *written[1:]], to_names)


def _terms(taxonomy: str) -> Callable[[str, Facts], str]:
    def change(head: str, facts: Facts) -> str:
        written = to_names(_params(head).get(taxonomy) or []) or ()
        return _set_names(head, taxonomy, as_written(written, facts.terms.get(taxonomy, [])), to_names)

    return change


def _authors(head: str, facts: Facts) -> str:
    params = _params(head)
    key = next((key for key in AUTHOR_KEYS if params.get(key)), "authors")
    written = [author_name(value) for value in to_list(params.get(key))]
    names = as_written([name for name in written if name], facts.authors)
    if key == "author" and len(names) == 1:
        return set_value(head, (key,), names[0])
    return _set_names(head, key, names, to_names)


def as_written(written: Any, terms: list[tuple[str, str]]) -> list[str]:
    """The names of the terms: those the file has already as they stand there and in its order, then the new ones."""
    by_slug = {slug_of(name): name for name, _slug in terms} | {slug: name for name, slug in terms}
    by_name = {name.casefold(): name for name, _slug in terms}
    kept, seen = [], set()
    for name in written:
        term = by_slug.get(term_slug(name) or slug_of(name)) or by_name.get(name.strip().casefold())
        if term:
            kept.append(name)
            seen.add(term)
    return [*kept, *(name for name, _slug in terms if name not in seen)]


def _set_names(head: str, key: str, names: list[str], read: Callable[[Any], Any]) -> str:
    return set_value(head, (key,), names, accepts=lambda found: read(found or []) == tuple(names))


def _first(params: Mapping[str, Any], keys: tuple[str, ...], default: str) -> str:
    return next((key for key in keys if key in params), default)


def _nothing(head: str, _facts: Facts) -> str:
    return head


CHANGES: dict[str, Callable[[str, Facts], str]] = {
    **{name: _text(name) for name in ("title", "slug", "markup", "summary", "description")},
    "draft": _draft,
    "published_at": _published_at,
    "public_at": _public_at,
    "expires_at": _expires_at,
    "listed": _listed,
    "show_toc": _show_toc,
    "cover": _cover,
    "cover_alt": _cover_alt,
    "canonical_url": _canonical_url,
    "series": _series,
    "series_order": _series_order,
    "authors": _authors,
    "body": _nothing,
    "path": _nothing,
}
