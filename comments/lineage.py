"""What stands above a comment and what below it, found by the database: no thread is read for one of its branches."""

from django.db import connections, router
from django.db.models import Count
from django.db.models.expressions import RawSQL

from comments.models import Comment

FAR = 100_000  # comments above one, where nobody says how many are wanted

_ABOVE = """
WITH RECURSIVE above(id, parent_id, steps) AS (
    SELECT id, parent_id, 0 FROM comments_comment WHERE id = %s
    UNION ALL
    SELECT c.id, c.parent_id, above.steps + 1 FROM comments_comment c JOIN above ON c.id = above.parent_id
    WHERE above.steps < %s
)
SELECT id FROM above WHERE steps > 0 ORDER BY steps
"""

# What is neither shown nor answered takes no place. UNION without ALL ends where comments answer each other in a circle.
_BELOW = """
WITH RECURSIVE below(id, depth, created_at) AS (
    SELECT id, depth, created_at FROM comments_comment WHERE id IN ({marks})
    UNION
    SELECT c.id, c.depth, c.created_at FROM comments_comment c JOIN below ON c.parent_id = below.id
    WHERE c.status = 'approved' OR EXISTS (SELECT 1 FROM comments_comment r WHERE r.parent_id = c.id)
)
SELECT id FROM below ORDER BY depth, created_at, id LIMIT %s
"""


def above(pk, most=FAR):
    """The ids of the comments that one answers, nearest first. One query."""
    with connections[router.db_for_read(Comment)].cursor() as cursor:
        cursor.execute(_ABOVE, [pk, most])
        return list(dict.fromkeys(found for (found,) in cursor.fetchall() if found != pk))


def below(keys, most):
    """These comments and what stands below them, the shallowest and oldest first, for ``filter(pk__in=…)``."""
    keys = list(keys)
    marks = ", ".join(["%s"] * len(keys)) or "NULL"
    return RawSQL(_BELOW.format(marks=marks), [*keys, most])  # noqa: S611, the values are parameters


def more_below(comments):
    """Of comments in order, those whose replies are not all among them: the last of each that is, None without any.

    One query.
    """
    last, there = {}, {}
    for comment in comments:
        last[comment.parent_id] = comment.id
        there[comment.parent_id] = there.get(comment.parent_id, 0) + 1
    replies = Comment.objects.with_stubs().filter(parent__in=[comment.id for comment in comments])
    counts = replies.order_by().values_list("parent").annotate(Count("pk"))
    return {pk: last.get(pk) for pk, count in counts if count > there.get(pk, 0)}
