"""A discussion as HTML. Rows are strings: with a template for each, they took most of a page's time."""

from datetime import UTC
from functools import cache
from html import escape

from django import template
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.safestring import mark_safe
from django.utils.timezone import get_current_timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from comments import models
from comments.models import Comment

DEEPEST_INDENT = 6

register = template.Library()


@register.inclusion_tag("comments/_thread.html")
def comment_thread(target):
    """The whole discussion of a target, in one query."""
    rows = Comment.objects.for_target(target).as_rows()
    return {
        "target": target,
        "rows": rows,
        "is_open": target.comments_open,
        "count": sum(row.is_visible for row in rows),
        "form_url": models.form_url(target),
        "feed_url": models.feed_url(target),
    }


@register.simple_tag
def thread_list(rows, target, is_open, highlighted=None):
    """Rows of ``lay_out`` as nested lists. Their HTML was sanitised when it was stored."""
    writer = ThreadWriter(getattr(target, "comment_author_ids", ()), is_open, highlighted)
    return mark_safe("".join(writer.pieces(rows)))


class ThreadWriter:
    """Writes rows as HTML; everything that is the same for all of them is prepared once."""

    def __init__(self, author_ids, is_open, highlighted=None):
        self.author_ids = frozenset(author_ids)
        self.is_open = is_open
        self.highlighted = highlighted
        self.zone = get_current_timezone()
        self.url_start, self.url_end = reverse("comments:detail", args=[0]).rsplit("0", 1)
        self.badge = f' <span class="badge">{escape(_("Author"))}</span>'
        self.edited = f" <span>{escape(_('edited'))}</span>"
        self.stubs = {
            Comment.Status.PENDING: escape(_("held for review")),
            Comment.Status.SPAM: escape(_("removed")),
            Comment.Status.REMOVED: escape(_("removed")),
        }
        self.labels = {
            "reply": escape(_("Reply")),
            "quote": escape(_("Quote")),
            "link": escape(_("Link")),
            "parent": escape(_("Parent")),
            "site": escape(_("Site")),
        }
        self.origins = {value: escape(label) for value, label in Comment.Origin.choices}
        self.by = escape(_("Comment by %s"))
        self.day = cache(lambda date: date_format(date, "j F Y"))
        self.replies = cache(lambda count: escape(ngettext("%d reply", "%d replies", count) % count))

    def pieces(self, rows):
        if not rows:
            return
        yield "<ol>"
        for row in rows:
            yield self.row(row)
            if row.opens:
                yield "<ol>" if row.depth < DEEPEST_INDENT else '<ol class="flat">'
            else:
                yield "</details></li>"
                yield "</ol></details></li>" * row.closes
        yield "</ol>"

    def row(self, row):
        folds = f' <span class="folds">{self.replies(row.descendants)}</span>' if row.descendants else ""
        comment = row.comment
        if not row.is_visible:
            stub = self.stubs[comment.status]
            return (
                f'<li id="comment-{comment.id}"><details open>'
                f"<summary><i>{stub}</i> {self.time(comment)}{folds}</summary>"
            )
        name = escape(comment.author_name)
        badge = self.badge if comment.user_id in self.author_ids else ""
        edited = self.edited if comment.edited_at else ""
        here = ' class="here"' if comment.id == self.highlighted else ""
        return (
            f"<li><details open><summary><b><bdi>{name}</bdi></b>{badge} {self.time(comment)}{edited}{folds}</summary>"
            f'<article id="comment-{comment.id}"{here} aria-label="{self.by % name}">'
            f"{comment.shown_html}{self.acts(row)}</article>"
        )

    def time(self, comment):
        exact = comment.created_at.astimezone(UTC).isoformat()[:19]
        local = comment.created_at.astimezone(self.zone)
        return f'<time datetime="{exact}Z">{self.day(local.date())}, {local.hour:02}:{local.minute:02}</time>'

    def acts(self, row):
        comment, labels = row.comment, self.labels
        url = f"{self.url_start}{comment.id}{self.url_end}"
        links = []
        if self.is_open:
            links.append(f'<a href="{url}reply/" rel="nofollow">{labels["reply"]}</a>')
            links.append(f'<a href="{url}reply/?quote=1" rel="nofollow">{labels["quote"]}</a>')
        links.append(f'<a href="{url}">{labels["link"]}</a>')
        if row.parent_id is not None:
            links.append(f'<a href="#comment-{row.parent_id}">{labels["parent"]}</a>')
        if comment.author_url:
            links.append(outside_link(comment.author_url, labels["site"]))
        if comment.origin_url:
            links.append(outside_link(comment.origin_url, self.origins[comment.origin]))
        return f'<p class="acts">{" ".join(links)}</p>'


def outside_link(url, label):
    return f'<a href="{escape(url)}" rel="nofollow ugc noopener">{label}</a>'
