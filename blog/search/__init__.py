"""Finds posts, pages and comments by their words; the same answers from SQLite and PostgreSQL.

A title counts ten times a text. Of a word that very many texts have, the newest 1,000 hits are ranked, so that the
work has a bound however large the site.
"""

from collections.abc import Sequence

from django.contrib.contenttypes.models import ContentType
from django.db import connection
from django.db.models import Exists, OuterRef, Q
from django.db.models.expressions import RawSQL
from django.utils import timezone

from blog.models import Page, Post
from blog.search import sources
from blog.search.hits import load
from blog.search.index import DIALECTS
from blog.search.sources import Kind
from blog.search.words import parse
from comments.models import Comment
from config.prepared import written_once

MOST = 1000
WEIGHTS = {Kind.POST: 1, Kind.PAGE: 1, Kind.COMMENT: 0.5}


class Results(Sequence):
    """All hits, best first. Their number is known; a slice is loaded, with its snippets, when it is asked for."""

    def __init__(self, terms, keys):
        self.terms = terms
        self.keys = keys[:MOST]
        self.is_capped = len(keys) > MOST

    def __len__(self):
        return len(self.keys)

    def __iter__(self):
        return iter(self[:])

    def __getitem__(self, wanted):
        if isinstance(wanted, slice):
            return load(self.keys[wanted], self.terms)
        return load([self.keys[wanted]], self.terms)[0]


def search(query: str, *, tag: str = "", year: int | None = None) -> Results:
    """What a stranger may read and has all the words of the query, in one database query.

    The last word may be unfinished, "quoted" words stand together, and case and accents do not matter. A tag (its
    slug) leaves posts only, a year what was published in it.
    """
    terms = parse(query)
    if not terms:
        return Results(terms, [])
    is_narrowed = tag or year
    visible = _visible(_readable(_kinds(), tag=tag, year=year)) if is_narrowed else _visible_to_all()
    scores = _scores(terms, *visible)
    best_first = sorted(scores, key=lambda key: (scores[key], key), reverse=True)
    return Results(terms, best_first)


def find(query: str, entries) -> list[int]:
    """Primary keys of those of these posts or pages, drafts among them, that have all the words; the newest of many."""
    terms = parse(query)
    kind = Kind.POST if entries.model is Post else Kind.PAGE
    if not terms:
        return []
    dialect = DIALECTS[connection.vendor]
    visible, params = _visible({kind: entries})
    with connection.cursor() as cursor:
        cursor.execute(_about(dialect.KEYS, visible), [dialect.match(terms), *params, MOST])
        return [sources.id_of(key) for (key,) in cursor]


def _kinds():
    return tuple(ContentType.objects.get_for_model(model).pk for model in (Post, Page))


def _readable(kinds, *, tag="", year=None, now=None):
    """The querysets that decide what may be found, by kind."""
    posts, pages, comments = Post.objects.listed(now), Page.objects.listed(now), Comment.objects.approved()
    comments = comments.filter(_is_on(posts, kinds[0]) | _is_on(pages, kinds[1]))
    if year:
        posts, comments = posts.filter(published_at__year=year), comments.filter(created_at__year=year)
    if tag:
        return {Kind.POST: posts.filter(taggings__tag__slug=tag)}
    if year:
        return {Kind.POST: posts, Kind.COMMENT: comments}
    return {Kind.POST: posts, Kind.PAGE: pages, Kind.COMMENT: comments}


def _is_on(entries, kind):
    return Q(Exists(entries.filter(pk=OuterRef("object_id"))), content_type=kind)


def _visible_to_all():
    """For a search that is not narrowed, which takes Django longer to write than the database to answer."""
    return _visible_of(_kinds(), timezone.now())


@written_once
def _visible_of(kinds, now):
    return _visible(_readable(kinds, now=now))


def _scores(terms, visible, params):
    """The newest hits' keys, each with its score."""
    dialect = DIALECTS[connection.vendor]
    with connection.cursor() as cursor:
        sql = _about(dialect.SELECT, visible)
        cursor.execute(sql, dialect.params(dialect.match(terms), params, MOST + 1))
        return {key: score * WEIGHTS[sources.kind_of(key)] for key, score in cursor}


def _about(select, visible):
    """The SQL with its condition filled in."""
    places = {"ids": sources.IDS, "kinds": sources.KINDS, "kind_shift": sources.KIND_SHIFT}
    return select.format(visible=visible, **places)


def _visible(readable):
    """The querysets as one SQL condition on a hit's kind and id."""
    parts, params = [], []
    for kind, queryset in readable.items():
        this = queryset.filter(pk=RawSQL("hit.id", ())).order_by().values("pk")  # noqa: S611
        sql, values = this.query.sql_with_params()
        parts.append(f"(hit.kind = {int(kind)} AND EXISTS ({sql}))")
        params += values
    return f"({' OR '.join(parts)})", params
