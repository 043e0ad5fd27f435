"""A discussion as plain data, so that it can leave: comments in reading order, each with what its author wrote.

What strangers may not see stays here unless it is asked for: e-mail addresses, comments that wait or were refused, and
of what was removed everything but its place.
"""

from datetime import UTC

from comments.models import Comment
from comments.threads import lay_out

FORMAT, VERSION = "commonplace discussion", 1


def as_data(target, *, private=False):
    """The discussion of a target, None if there is nothing to tell. Costs a query."""
    found = Comment.objects.for_target(target).order_by("created_at", "pk").select_related("user")
    rows = lay_out(found, is_visible=lambda comment: private or _is_node(comment))
    if not rows:
        return None
    authors = frozenset(getattr(target, "comment_author_ids", ()))
    return {
        "format": FORMAT,
        "version": VERSION,
        "path": target.get_absolute_url(),
        "title": str(target),
        "comments": [_as_data(row, private, authors) for row in rows],
    }


def _is_node(comment):
    """Whether it comes out whatever stands below it: of a discussion from elsewhere, all that was deleted there does."""
    return comment.is_approved or (comment.origin and comment.status == Comment.Status.REMOVED)


def _as_data(row, private, authors):
    comment = row.comment
    is_told = private or comment.is_approved
    data = {
        "id": str(comment.pk),
        "parent": None if row.parent_id is None else str(row.parent_id),
        "depth": row.depth,
        "author": comment.author_name if is_told else "",
        "author_url": comment.author_url if is_told else "",
        "created_at": _moment(comment.created_at),
        "edited_at": _moment(comment.edited_at) if is_told else None,
        "state": comment.status if is_told else Comment.Status.REMOVED,
        "markup": comment.markup,
        "body": comment.body if is_told else "",
        "html": comment.body_html if is_told else "",
        "guid": comment.guid,
        "origin": comment.origin,
        "origin_id": comment.origin_id,
        "origin_url": comment.origin_url,
    }
    if is_told and comment.user_id in authors:
        data["user"] = comment.user.get_username()
    return data | ({"author_email": comment.author_email} if private else {})


def _moment(at):
    return at.astimezone(UTC).isoformat().replace("+00:00", "Z") if at else None
