"""A discussion as HTML. Rows are strings: with a template for each, they took most of a page's time."""

from datetime import UTC
from functools import cache
from html import escape

from django import template
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.safestring import mark_safe
from django.utils.text import Truncator
from django.utils.timezone import get_current_timezone
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _

from comments import models, passages
from comments.discussion import Discussion
from comments.models import Comment
from config.fragments import key_of

DEEPEST_INDENT = 6
DEEPEST_INDENT_ON_PHONES = 3
LONG = 50  # comments, from which on they are not laid out before a reader comes near
VAST = 1000  # comments, from which on a browser draws only those that are looked at; tools take others for crowded
MOST_QUOTERS = 12
PASSAGE_WORDS = 14

register = template.Library()


@register.filter
def with_quoted_passages(html, discussion):
    """A target's own HTML, made safe by the target, with the passages marked that comments quote."""
    return mark_safe(discussion.mark(html) if discussion else html)


@register.inclusion_tag("comments/_thread.html", takes_context=True)
def comment_thread(context, target):
    """The discussion of a target: the one that the page holds as ``discussion``, else the page of it that is asked for."""
    request = context.get("request")
    shown = context.get("discussion") or Discussion.asked_for(target, request.GET if request else {})
    around = {
        "is_open": target.comments_open,
        "form_url": models.form_url(target),
        "feed_url": models.feed_url(target),
        "frame_language": get_language() if other_language(target) else "",
    }
    said = shown.cache_key
    key = said and key_of(said, authors_of(target), around)
    return {"target": target, "discussion": shown, "cache_key": key, **around}


def other_language(target):
    """The language of what is discussed and of its comments, where readers are spoken to in another one."""
    language = getattr(target, "language", "")
    return language if main_part(language) not in ("", main_part(get_language())) else ""


def main_part(language):
    return language.partition("-")[0].lower()


def authors_of(target):
    return frozenset(getattr(target, "comment_author_ids", ()))


@register.simple_tag
def thread_list(discussion):
    """A page of threads as nested lists. Their HTML was sanitised when it was stored."""
    writer = ThreadWriter(discussion.target, discussion.links, discussion.marked, more=discussion.more)
    writer.will_draw(discussion.rows)
    kind = kind_of(discussion.rows)
    return mark_safe("".join(writer.pieces(discussion.rows, kind)))


def kind_of(rows):
    """How a browser draws them: all at once when they are come near to, or each when it is looked at."""
    return "vast" if len(rows) > VAST else "long" if len(rows) > LONG else ""


@register.simple_tag
def branch_list(branch):
    """A comment with its replies under what it answers; what that answers in turn is folded."""
    above, rows, comment = branch.above, branch.rows, branch.comment
    writer = ThreadWriter(
        comment.target, branch.links, highlighted=comment.pk, heading="h2", more=branch.more
    )
    writer.will_draw([*above, *rows])
    writer.folded = {row.comment.id for row in above[:-1]}
    kind = kind_of(rows)
    return mark_safe("".join([*writer.pieces(above, "above"), *writer.pieces(rows, kind)]))


@register.simple_tag
def passage_notes(discussion):
    """The passages of the text that are quoted, as list items; a script puts the notes beside them."""
    writer = ThreadWriter(discussion.target, discussion.links)
    writer.will_draw(discussion.rows)
    return mark_safe(
        "".join(
            f'<li><a href="#{key}">{escape(Truncator(exact).words(PASSAGE_WORDS))}</a>'
            f' <span class="quoted-by" data-passage="{key}">{writer.quoters(quoters)}</span></li>'
            for key, exact, quoters in discussion.passages
        )
    )


class ThreadWriter:
    """Writes rows as HTML; everything that is the same for all of them is prepared once."""

    def __init__(self, target, links, marked=(), highlighted=None, heading="h3", more=None):
        self.author_ids = authors_of(target)
        self.target_url = target.get_absolute_url()
        self.is_open = target.comments_open
        self.links = links
        self.marked = set(marked)
        self.drawn, self.cut = {}, set()
        self.folded = frozenset()
        self.heading = heading
        self.more = more or {}  # see ``lineage.more_below``
        self.highlighted = highlighted
        language = other_language(target)
        self.language = f' lang="{escape(language)}"' if language else ""
        self.frame = f' lang="{get_language()}"' if language else ""
        self.zone = get_current_timezone()
        self.url_start, self.url_end = reverse("comments:detail", args=[0]).rsplit("0", 1)
        author, edited = _("Author"), _("edited")
        self.badge = f' <span class="badge">{escape(author)}</span>'
        self.edited = f" <span>{escape(edited)}</span>"
        self.stubs = {
            Comment.Status.PENDING: escape(_("held for review")),
            Comment.Status.SPAM: escape(_("removed")),
            Comment.Status.REMOVED: escape(_("removed")),
        }
        self.reply, self.quote, self.link = (escape(word) for word in (_("Reply"), _("Quote"), _("Link")))
        self.parent, self.root, self.previous, self.next = (
            escape(word) for word in (_("Parent"), _("Root"), _("Previous"), _("Next"))
        )
        self.site = escape(_("Site"))
        self.continued = escape(_("Continue this thread"))
        self.more_replies = escape(_("More replies"))
        self.to_source = escape(_("To what is quoted"))
        self.origins = {value: escape(label) for value, label in Comment.Origin.choices}
        self.by = escape(_("Comment by %s"))
        self.answers = escape(_("%(name)s, in reply to %(parent)s"))
        self.to = escape(_("to %s"))
        self.day = cache(lambda date: escape(date_format(date, "DATE_FORMAT")))
        self.replies = cache(lambda count: escape(ngettext("%d reply", "%d replies", count) % count))

    def will_draw(self, rows):
        """Which comments are in this page, so that links to them stay in it, and who wrote them."""
        self.drawn = {row.comment.id: row.is_visible and escape(row.comment.author_name) for row in rows}
        parents = {row.comment.id: row.parent_id for row in rows} if self.more else {}
        self.cut = set()  # those of which not everything below them is drawn
        for key in self.more:
            while key in parents and key not in self.cut:
                self.cut.add(key)
                key = parents[key]

    def pieces(self, rows, kind=""):
        if not rows:
            return
        yield f'<ol class="{kind}">' if kind else "<ol>"
        opened = []  # the comments whose replies are being written
        for row in rows:
            yield self.row(row)
            if row.opens:
                opened.append(row.comment.id)
                yield "<ol>" if row.depth < DEEPEST_INDENT else '<ol class="flat">'
                continue
            yield f"{self.goes_on_with_more(row.comment.id)}</details></li>"
            for _list in range(row.closes):
                yield f"</ol>{self.goes_on_with_more(opened.pop())}</details></li>"
        yield "</ol>"

    def row(self, row):
        folds = self.folds(row)
        comment = row.comment
        fold = "" if comment.id in self.folded else " open"
        if not row.is_visible:
            stub = self.stubs[comment.status]
            return (
                f'<li id="comment-{comment.id}"><details{fold}>'
                f"<summary><i>{stub}</i> {self.time(comment)}{folds}</summary>"
            )
        name, answered = self.drawn[comment.id], self.drawn.get(row.parent_id)
        badge = self.badge if comment.user_id in self.author_ids else ""
        edited = self.edited if comment.edited_at else ""
        here = (' class="here"' if comment.id == self.highlighted else "") + self.language
        return (
            f"<li><details{fold}><summary><b><bdi>{name}</bdi></b>{badge}{self.answered(row, answered)}"
            f" {self.time(comment)}{edited}{folds}</summary>"
            f'<article id="comment-{comment.id}"{here} aria-label="{self.by % name}">'
            f"{self.heard(name, answered)}{self.text(comment)}{self.quoted_by(comment)}{self.acts(row)}</article>{self.goes_on(row)}"
        )

    def folds(self, row):
        """How many replies fold away with a comment. Of some more are known than are read, and not how many."""
        if not row.descendants:
            return ""
        replies = self.replies(row.descendants)
        return f' <span class="folds">{replies}{"+" if row.comment.id in self.cut else ""}</span>'

    def answered(self, row, name):
        """Whom it answers, where no indent shows it."""
        if not name or row.depth <= DEEPEST_INDENT_ON_PHONES:
            return ""
        phones = " on-phones" if row.depth <= DEEPEST_INDENT else ""
        return f' <span class="to{phones}">{self.to % f"<bdi>{name}</bdi>"}</span>'

    def heard(self, name, answered):
        """A heading for whoever goes from heading to heading; the line above it is a switch, which takes none."""
        words = self.answers % {"name": name, "parent": answered} if answered else name
        return f'<{self.heading} class="visually-hidden">{words}</{self.heading}>'

    def time(self, comment):
        """The day alone of what was pasted: its hour, and often the day, is counted from words like "9 months ago"."""
        exact = comment.created_at.astimezone(UTC).isoformat()[:19]
        local = comment.created_at.astimezone(self.zone)
        if comment.origin == Comment.Origin.PASTED:
            return f'<time datetime="{exact}Z">{self.day(local.date())}</time>'
        return f'<time datetime="{exact}Z">{self.day(local.date())}, {local.hour:02}:{local.minute:02}</time>'

    # What is quoted, and by whom

    def text(self, comment):
        html = comment.shown_html
        if comment.id in self.links.sources:
            html, marked = passages.mark(html, self.links.sources[comment.id])
            self.marked |= marked
        if comment.id in self.links.made:
            quotes = {quote.quote_position: self.source_url(quote) for quote in self.links.made[comment.id]}
            html = passages.link_blocks(html, quotes, self.to_source)
        return html

    def source_url(self, quote):
        """The passage itself where it is in this page, else the nearest there is to it."""
        if quote.quote_fragment in self.marked:
            return f"#{quote.quote_fragment}"
        if quote.quote_source_id is None:
            return f"{self.target_url}#{quote.quote_fragment}"
        return self.place(quote.quote_source_id)

    def quoted_by(self, comment):
        if comment.id not in self.links.sources:
            return ""
        quoters = self.links.quoters_of(comment.id)
        return f'<p class="quoted-by"{self.frame}>{self.quoters(quoters)}</p>'

    def quoters(self, quoters):
        count = escape(ngettext("Quoted in %d reply", "Quoted in %d replies", len(quoters)) % len(quoters))
        names = ", ".join(
            f'<a href="{self.place(quoter.comment_id)}"><bdi>{escape(quoter.name)}</bdi></a>'
            for quoter in quoters[:MOST_QUOTERS]
        )
        return f"{count}: {names}{', …' if len(quoters) > MOST_QUOTERS else ''}"

    # Where to go from here

    def place(self, comment_id):
        if comment_id in self.drawn:
            return f"#comment-{comment_id}"
        return f"{self.url_start}{comment_id}{self.url_end}"

    def acts(self, row):
        comment = row.comment
        url = f"{self.url_start}{comment.id}{self.url_end}"
        links = f'<a href="{url}">{self.link}</a>'
        if self.is_open:
            links = (
                f'<a href="{url}reply/" rel="nofollow">{self.reply}</a>'
                f' <a href="{url}reply/?quote=1" rel="nofollow">{self.quote}</a> {links}'
            )
        if comment.author_url:
            links += outside_link(comment.author_url, self.site)
        if comment.origin_url:
            links += outside_link(comment.origin_url, self.origins[comment.origin])
        elif comment.origin:
            links += f" <span>{self.origins[comment.origin]}</span>"
        return f'<p class="acts"{self.frame}>{links}{self.steps(row)}</p>'

    def steps(self, row):
        links = ""
        if row.parent_id is not None:
            links = f' <a href="{self.place(row.parent_id)}">{self.parent}</a>'
            if row.root_id != row.parent_id:
                links += f' <a href="{self.place(row.root_id)}">{self.root}</a>'
        if row.previous_id is not None:
            links += f' <a href="{self.place(row.previous_id)}">{self.previous}</a>'
        if row.next_id is not None:
            links += f' <a href="{self.place(row.next_id)}">{self.next}</a>'
        return links

    def goes_on(self, row):
        """Where the indent ends, a way to a page on which it begins anew."""
        if (
            row.comment.id in self.more
            or not row.depth
            or not row.opens
            or row.depth % DEEPEST_INDENT_ON_PHONES
        ):
            return ""
        phones = "" if row.depth % DEEPEST_INDENT == 0 else " on-phones"
        url = f"{self.url_start}{row.comment.id}{self.url_end}"
        return f'<p class="continue{phones}"><a href="{url}">{self.continued}</a></p>'

    def goes_on_with_more(self, key):
        """Below what is drawn of a comment's replies, a way to the others."""
        if key not in self.more:
            return ""
        url, last = f"{self.url_start}{key}{self.url_end}", self.more[key]
        url, words = (url, self.continued) if last is None else (f"{url}?after={last}", self.more_replies)
        return f'<p class="continue"><a href="{url}">{words}</a></p>'


def outside_link(url, label):
    return f' <a href="{escape(url)}" rel="nofollow ugc noopener">{label}</a>'
