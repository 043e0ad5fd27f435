"""What a comment's own page shows: the nearest of those that it answers, itself, and its replies, some at a time."""

from django.db.models import Q
from django.utils.functional import cached_property

from comments import lineage
from comments.discussion import MOST_REPLIES, QuoteLinks
from comments.models import Comment, is_approved
from comments.threads import branch, lay_out, without_repetition

NEAREST = 6  # of the comments above one that are shown on its page
REPLIES_A_PAGE = 100  # direct ones; with each comes what stands below it


class Branch:
    """A comment with its surroundings, in so many queries whatever the size of its thread.

    ``after`` is the key of the reply after which the page begins, None for the first page.
    """

    def __init__(self, comment, after=None):
        self.comment = comment
        self.after = after and Comment.objects.filter(pk=after, parent=comment).first()
        self.chain = lineage.above(comment.pk)

    @property
    def earlier(self):
        """Of the comments above, the nearest that has no place on this page."""
        return next(iter(self.chain[NEAREST:]), None)

    @property
    def earlier_count(self):
        return len(self.chain[NEAREST:])

    @cached_property
    def replies(self):
        """The keys of the direct replies on this page, and of the one that follows."""
        found = Comment.objects.with_stubs().filter(parent=self.comment).order_by("created_at", "pk")
        if self.after:
            found = found.filter(_later_than(self.after))
        return list(found.values_list("pk", flat=True)[: REPLIES_A_PAGE + 1])

    @cached_property
    def records(self):
        near = [*self.chain[:NEAREST], self.comment.pk]
        below = lineage.below(self.replies[:REPLIES_A_PAGE], MOST_REPLIES)
        return list(Comment.objects.filter(Q(pk__in=near) | Q(pk__in=below)).for_thread_display())

    @cached_property
    def comments(self):
        return without_repetition(self.records)

    @cached_property
    def more(self):
        """Below which comments there are more than are shown here: see ``lineage.more_below``."""
        near = {*self.chain[:NEAREST], self.comment.pk}
        below = [comment for comment in self.comments if comment.id not in near]
        more = lineage.more_below(below) if len(below) >= MOST_REPLIES else {}
        if len(self.replies) > REPLIES_A_PAGE:
            more[self.comment.pk] = self.replies[REPLIES_A_PAGE - 1]
        return more

    @cached_property
    def _parts(self):
        rows = lay_out(self.comments, is_visible=is_approved, stays=self.more)
        return branch(rows, self.comment.pk)

    @property
    def above(self):
        """The topmost of these answers what is not on the page; each stands as deep as it does in its thread."""
        rows, depth = self._parts[0], self.comment.depth
        root_id = self.comment.root_id
        return [
            row._replace(depth=depth - steps, parent_id=row.comment.parent_id, root_id=root_id, **ALONE)
            for steps, row in zip(range(len(rows), 0, -1), rows, strict=True)
        ]

    @cached_property
    def rows(self):
        """The comment and what stands below it. Empty where nothing of that is shown to anybody."""
        rows = self._parts[1]
        if not rows:
            return rows
        own = {"parent_id": self.comment.parent_id, "root_id": self.comment.root_id or self.comment.pk}
        own |= {"previous_id": self._neighbour(is_later=False), "next_id": self._neighbour(is_later=True)}
        return [
            rows[0]._replace(**own),
            *(row._replace(root_id=own["root_id"]) for row in rows[1:]),
        ]

    def _neighbour(self, is_later):
        same = Comment.objects.approved().filter(parent=self.comment.parent_id)
        if self.comment.parent_id is None:
            same = same.for_target(self.comment.target)
        same = same.filter((_later_than if is_later else _earlier_than)(self.comment))
        ordered = same.order_by(*(("created_at", "pk") if is_later else ("-created_at", "-pk")))
        return ordered.values_list("pk", flat=True).first()

    @cached_property
    def links(self):
        here = {comment.id for comment in self.comments}
        quoting = Comment.objects.quoting(here)
        return QuoteLinks([*self.records, *(record for record in quoting if record.id not in here)])


ALONE = {"previous_id": None, "next_id": None}


def _later_than(comment):
    return Q(created_at__gt=comment.created_at) | Q(created_at=comment.created_at, pk__gt=comment.pk)


def _earlier_than(comment):
    return Q(created_at__lt=comment.created_at) | Q(created_at=comment.created_at, pk__lt=comment.pk)
