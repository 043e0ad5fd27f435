"""A discussion goes with what it is about: in a handful of statements, however long it is.

Django would fetch every comment, to see what hangs on each; here that is known.
"""

from django.db import router, transaction

from comments.models import Act, Comment, Letter, Opinion, Quote, Subscription

HANGS_ON_COMMENTS = (
    (Letter, "comment"),
    (Act, "comment"),
    (Quote, "comment"),
    (Quote, "source"),
    (Subscription, "comment"),
    (Opinion, "comment"),
)


def clear(comments):
    """Delete whole discussions, which are these comments; how many there were."""
    comments = comments.order_by()
    using = router.db_for_write(Comment)
    with transaction.atomic(using):
        for model, name in HANGS_ON_COMMENTS:
            model.objects.filter(**{f"{name}__in": comments.values("pk")}).order_by()._raw_delete(using)
        return comments._raw_delete(using)
