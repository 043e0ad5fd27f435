"""What a page shows of a discussion: which threads, in which order, and who quotes what."""

from collections import defaultdict
from math import ceil
from typing import NamedTuple
from urllib.parse import urlencode

from django.contrib.contenttypes.models import ContentType
from django.db.models import Count, Q, Subquery, Value
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _

from comments import lineage, passages
from comments.models import Comment, is_approved
from comments.threads import lay_out, without_repetition
from config.fragments import key_of
from config.prepared import prepared

THREADS_A_PAGE = 100
MOST_KEPT = 200  # comments
MOST_REPLIES = 2000  # in all threads of a page; of more, the shallowest and oldest
SORTS = {"oldest": _("Oldest"), "newest": _("Newest"), "best": _("Best replies")}


class Quoter(NamedTuple):
    """Somebody who quotes a passage."""

    comment_id: int
    name: str


class QuoteLinks:
    """Of the comments on a page: what they quote, and by whom they are quoted."""

    def __init__(self, records):
        self.made = defaultdict(list)  # by the comment that quotes
        self.sources = defaultdict(dict)  # by the comment that is quoted, None for the target: its passages
        self.quoters = defaultdict(list)  # by passage
        for record in records:
            if record.quote_position is not None and is_approved(record):
                self.add(record)

    def add(self, record):
        passage = passages.Passage(record.quote_exact, record.quote_prefix, record.quote_suffix)
        self.made[record.id].append(record)
        self.sources[record.quote_source_id][record.quote_fragment] = passage
        quoter = Quoter(record.id, record.author_name)
        if quoter not in self.quoters[record.quote_fragment]:
            self.quoters[record.quote_fragment].append(quoter)

    def quoters_of(self, source_id):
        """Everybody who quotes anything of this comment, in the order they wrote."""
        passages = self.sources.get(source_id, ())
        return list(dict.fromkeys(quoter for key in passages for quoter in self.quoters[key]))


class Discussion:
    """A target's discussion, a page of threads at a time. One query, however many pages there are.

    Of threads that are too much for a page, two more find where their pages go on, and what is quoted there.
    """

    def __init__(self, target, *, sort="oldest", page=1):
        self.target = target
        self.sort = sort if sort in SORTS else "oldest"
        self.page = page
        self.marked = set()  # the passages that the page has marked in the target's text

    @classmethod
    def asked_for(cls, target, parameters):
        page = parameters.get("page", "")
        number = int(page) if page.isdecimal() and len(page) < 6 else 1
        return cls(target, sort=parameters.get("sort", "oldest"), page=max(number, 1))

    @cached_property
    def records(self):
        return self.records_of_page()

    def records_of_page(self):
        kind = ContentType.objects.get_for_model(self.target)
        start = (self.page - 1) * THREADS_A_PAGE
        # Anybody may think up the number of a page, so only the first is prepared.
        ask = _shown.plain if start else _shown
        order = (self.sort == "newest", self.sort == "best")
        places = range(start, start + THREADS_A_PAGE), range(MOST_REPLIES)
        found = list(ask(kind.pk, self.target.pk, *order, *places))
        here = [record for record in found if record.is_here]
        if not here and self.page > 1:
            self.page = 1  # a page that is no longer there
            return self.records_of_page()
        self.quoting_target_elsewhere = [record for record in found if not record.is_here]
        return here

    @cached_property
    def comments(self):
        return without_repetition(self.records)

    @cached_property
    def more(self):
        """Below which comments there are more than this page shows: see ``lineage.more_below``."""
        is_cut = sum(comment.parent_id is not None for comment in self.comments) >= MOST_REPLIES
        return lineage.more_below(self.comments) if is_cut else {}

    @cached_property
    def rows(self):
        comments, rank = list(self.comments), None
        if self.sort == "newest":
            comments.sort(key=lambda c: -c.created_at.timestamp() if c.parent_id is None else 0)
        elif self.sort == "best":
            rank = self.worth
        return lay_out(comments, is_visible=is_approved, rank=rank, stays=self.more)

    def worth(self, comment, below):
        """Without votes, the best is what people answered and quoted most; of threads, what has most replies."""
        quoted = len(self.links.quoters_of(comment.id)) if comment.parent_id else 0
        return -below - 2 * quoted

    @cached_property
    def links(self):
        return QuoteLinks([*self.records, *self.quoting_elsewhere])

    @cached_property
    def quoting_elsewhere(self):
        """The comments on other pages that quote the target or, of threads that go on there, what is here."""
        shown = {comment.id for comment in self.comments}
        quoting = self.quoting_target_elsewhere
        if self.more:
            quoting = [*quoting, *Comment.objects.quoting(shown)]
        return [record for record in quoting if record.id not in shown]

    @property
    def cache_key(self):
        """Stands for everything that is drawn of it; none where to find it out takes as long as drawing."""
        if len(self.records) > MOST_KEPT:
            return None
        place = self.target.get_absolute_url(), self.sort, self.page
        rows = [tuple(record) for record in (*self.records, *self.quoting_elsewhere)]
        return key_of(place, rows, sorted(self.marked))

    @cached_property
    def pages(self):
        return ceil(max(record.total for record in self.records) / THREADS_A_PAGE) if self.records else 1

    @cached_property
    def count(self):
        if self.pages > 1 or self.page > 1 or self.more:
            return max((record.approved_total for record in self.records), default=0)
        return sum(row.is_visible for row in self.rows)

    def mark(self, html):
        """The target's text with the passages marked that somebody quotes."""
        html, self.marked = passages.mark(html, self.links.sources.get(None, {}))
        return html

    @property
    def passages(self):
        """The passages marked in the text, and who quotes them."""
        sources = self.links.sources.get(None, {})
        return [(key, sources[key].exact, self.links.quoters[key]) for key in sources if key in self.marked]

    def link_to(self, *, sort=None, page=1):
        """This discussion in another order, or another page of it."""
        sort = sort or self.sort
        asked = {"sort": sort} if sort != "oldest" else {}
        asked |= {"page": page} if page > 1 else {}
        return f"{self.target.get_absolute_url()}{'?' if asked else ''}{urlencode(asked)}#comments"

    @property
    def orders(self):
        """Name, address, and whether it is this one, of the orders it can be read in."""
        return [(label, self.link_to(sort=sort), sort == self.sort) for sort, label in SORTS.items()]

    @property
    def earlier_page(self):
        return self.link_to(page=self.page - 1) if self.page > 1 else ""

    @property
    def later_page(self):
        return self.link_to(page=self.page + 1) if self.page < self.pages else ""


@prepared
def _shown(content_type_id, object_id, are_newest_first, are_best_first, places, places_of_replies):
    """The comments of a page of threads, and again those that quote the target, wherever they are, as not ``is_here``.

    With each that begins a thread, how many threads there are, and how many approved comments.
    """
    comments = Comment.objects.filter(content_type=content_type_id, object_id=object_id)
    threads = comments.threads()
    if are_newest_first:
        chosen = threads.order_by("-created_at", "-pk")
    elif are_best_first:
        chosen = largest_first(threads)
    else:
        chosen = threads.order_by("created_at", "pk")
    chosen = chosen.values("pk")[places.start : places.stop]
    totals = {
        name: Subquery(some.order_by().values("content_type").annotate(count=Count("pk")).values("count"))
        for name, some in (("total", threads), ("approved_total", comments.approved()))
    }
    nothing = dict.fromkeys(totals, Value(0))
    replies = replies_in(chosen).values("pk")[: places_of_replies.stop]
    first, *others = (
        # By their keys alone: with the target named once more, SQLite would go through its whole discussion.
        Comment.objects.filter(pk__in=keys)
        .annotate(is_here=Value(is_here), **told)
        .for_thread_display("is_here", *totals, has_text=is_here)
        .order_by()
        for keys, is_here, told in (
            (chosen, True, totals),
            (replies, True, nothing),
            (comments.quoting_target().values("pk"), False, nothing),
        )
    )
    return first.union(*others, all=True).order_by("created_at", "id", "quote_position")


def largest_first(threads):
    """By how many approved replies they have: all are counted in one go, not those of each thread for itself."""
    size = Count("thread", filter=Q(thread__status=Comment.Status.APPROVED))
    return threads.annotate(size=size).order_by("-size", "created_at", "pk")


def replies_in(threads):
    """In the order in which a page takes them, as many as it has room for."""
    replies = Comment.objects.with_stubs().filter(root_id__in=threads)
    return replies.order_by("depth", "created_at", "pk")
