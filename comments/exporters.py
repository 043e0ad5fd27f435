"""A discussion as plain data, so that it can leave: comments in reading order, each with what its author wrote.

What strangers may not see stays here unless it is asked for: e-mail addresses, comments that wait or were refused.
"""

from datetime import UTC

from comments.models import Comment
from comments.threads import lay_out

FORMAT, VERSION = "commonplace discussion", 1


def as_data(target, *, private=False):
    """The discussion of a target, None if there is nothing to tell. Costs a query."""
    comments = list(Comment.objects.for_target(target).order_by("created_at", "pk"))
    if not private:
        comments = [comment for comment in comments if comment.status not in ("pending", "spam")]
    rows = lay_out(
        comments, is_visible=(lambda comment: True) if private else (lambda comment: comment.is_approved)
    )
    if not rows:
        return None
    return {
        "format": FORMAT,
        "version": VERSION,
        "path": target.get_absolute_url(),
        "title": str(target),
        "comments": [_as_data(row, private) for row in rows],
    }


def _as_data(row, private):
    comment = row.comment
    is_told = private or comment.is_approved
    data = {
        "id": str(comment.pk),
        "parent": None if row.parent_id is None else str(row.parent_id),
        "depth": row.depth,
        "author": comment.author_name,
        "author_url": comment.author_url,
        "created_at": _moment(comment.created_at),
        "edited_at": _moment(comment.edited_at),
        "state": comment.status,
        "markup": comment.markup,
        "body": comment.body if is_told else "",
        "html": comment.body_html if is_told else "",
        "origin": comment.origin,
        "origin_id": comment.origin_id,
        "origin_url": comment.origin_url,
    }
    return data | ({"author_email": comment.author_email} if private else {})


def _moment(at):
    return at.astimezone(UTC).isoformat().replace("+00:00", "Z") if at else None
