"""From keys of the index to what a reader is shown."""

from dataclasses import dataclass
from datetime import datetime
from html import unescape

from django.contrib.contenttypes.models import ContentType
from django.utils.html import strip_tags
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from blog.models import Page, Post
from blog.search.snippets import highlight, snippet
from blog.search.sources import Kind, id_of, kind_of
from comments.models import Comment

ENTRIES = {Kind.POST: Post, Kind.PAGE: Page}


@dataclass(frozen=True)
class Hit:
    kind: str  # "post", "page" or "comment"
    title: SafeString  # HTML, as is the snippet, with what was found inside <mark>
    url: str
    date: datetime | None
    snippet: SafeString


def load(keys, terms):
    """The hits in the order of their keys, in one query for each kind there is."""
    comments = _comments({id_of(key) for key in keys if kind_of(key) is Kind.COMMENT})
    entries = {}
    for kind, model in ENTRIES.items():
        wanted = {id_of(key) for key in keys if kind_of(key) is kind}
        entries |= {(kind, entry.pk): entry for entry in _entries(model, wanted | _targets(comments, model))}
    hits = (_hit(kind_of(key), id_of(key), entries, comments, terms) for key in keys)
    return [hit for hit in hits if hit is not None]


def _entries(model, ids):
    columns = ("title", "path", "text", "published_at")
    return model.objects.listed().filter(pk__in=ids).only(*columns) if ids else []


def _comments(ids):
    columns = ("author_name", "body_html", "created_at", "content_type_id", "object_id")
    return Comment.objects.approved().only(*columns).in_bulk(ids) if ids else {}


def _targets(comments, model):
    content_type = ContentType.objects.get_for_model(model)
    return {comment.object_id for comment in comments.values() if comment.content_type_id == content_type.pk}


def _hit(kind, pk, entries, comments, terms):
    if kind is Kind.COMMENT:
        return _comment_hit(comments[pk], entries, terms) if pk in comments else None
    return _entry_hit(kind, entries[kind, pk], terms) if (kind, pk) in entries else None


def _entry_hit(kind, entry, terms):
    return Hit(
        kind=kind.name.lower(),
        title=highlight(str(entry), terms),
        url=entry.get_absolute_url(),
        date=entry.published_at,
        snippet=snippet(entry.text, terms),
    )


def _comment_hit(comment, entries, terms):
    model = ContentType.objects.get_for_id(comment.content_type_id).model_class()
    target = next(entries.get((kind, comment.object_id)) for kind, entry in ENTRIES.items() if entry is model)
    title = _("%(name)s on “%(target)s”") % {"name": comment.author_name, "target": target}
    return target and Hit(
        kind=Kind.COMMENT.name.lower(),
        title=highlight(title, []),
        url=comment.get_absolute_url(),
        date=comment.created_at,
        snippet=snippet(unescape(strip_tags(comment.body_html)), terms),
    )
