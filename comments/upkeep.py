"""Comments whose HTML an older renderer has made are rendered again. When they were changed stays as it was."""

from comments import quoting, rendering
from comments.models import Comment

CHUNK = 500


def outdated(*, all=False):
    """The comments to render again."""
    return Comment.objects.all() if all else Comment.objects.filter(rendered_by__lt=rendering.VERSION)


def render_again(comments):
    """Yields "" for each that is done."""
    keys = list(comments.order_by("pk").values_list("pk", flat=True))
    for start in range(0, len(keys), CHUNK):
        chunk = keys[start : start + CHUNK]
        for comment in Comment.objects.filter(pk__in=chunk):
            _render_one(comment)
            yield ""


def _render_one(comment):
    body, before = comment.body, comment.body_html
    comment.render()
    columns = {"body_html": comment.body_html, "rendered_by": comment.rendered_by}
    unedited = Comment.objects.filter(pk=comment.pk, body=body)
    # Quotes are known by their number; where that stays, so does what they were found to repeat.
    if unedited.update(**columns) and before.count("<blockquote") != comment.body_html.count("<blockquote"):
        quoting.record([comment])
