"""Where in the whole discussion a comment stands."""

from django.db.models import Q

from comments import discussion, lineage
from comments.models import Comment


def place_of(comment):
    """The address of a comment in the whole discussion, on the page where its thread stands; of one that has no place
    there, because there is too much above it, the address of the nearest it answers. A query, for replies another.
    """
    thread = comment.root or comment
    threads = Comment.objects.for_target(comment.target).threads()
    size = discussion.THREADS_A_PAGE
    number = threads.filter(_is_before(thread)).count() // size
    query = f"?page={number + 1}" if number else ""
    if comment.parent_id is not None:
        page = threads.order_by("created_at", "pk").values("pk")[number * size : (number + 1) * size]
        comment = _drawn(comment, page)
    return f"{comment.target.get_absolute_url()}{query}#{comment.anchor}"


def _drawn(comment, threads):
    """The reply, or the nearest comment above it for which there is a place on a page of these threads."""
    replies = discussion.replies_in(threads).only("depth", "created_at")
    most = discussion.MOST_REPLIES
    last = replies[most - 1 : most].first()
    if last is None:
        return comment
    # Each level above it takes one of the places, so it is among so many of the topmost.
    above = Comment.objects.filter(pk__in=[comment.pk, *lineage.above(comment.pk)][-most - 1 :])
    fits = Q(depth__lt=last.depth) | Q(depth=last.depth) & (_is_before(last) | Q(pk=last.pk))
    return above.filter(fits).order_by("-depth").first() or comment


def _is_before(comment):
    return Q(created_at__lt=comment.created_at) | Q(created_at=comment.created_at, pk__lt=comment.pk)
