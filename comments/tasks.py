"""What the queue does for the discussion. Each may be done twice without harm, for a worker may die in the middle."""

from comments import akismet
from comments.models import Comment
from config.background import task


@task
def tell(comment_id):
    """Write the letters about a new state of a comment to whom it concerns."""
    from comments import notify

    comment = Comment.objects.filter(pk=comment_id).prefetch_related("target").first()
    if comment is not None and comment.target is not None:
        notify.write_letters(comment)


@task
def ask_akismet(comment_id, address, agent):
    """Without an answer the comment stays held, and its moderators are told why."""
    from comments import decisions

    waiting = Comment.objects.pending().filter(pk=comment_id, status_reason=akismet.WAITING)
    comment = waiting.first()
    if comment is None:
        return
    try:
        is_spam = akismet.takes_for_spam(comment, address, agent)
    except Exception as error:  # the library raises its own, and those of the network below it
        waiting.update(status_reason=f"Akismet did not answer: {error}"[:300])
        tell.enqueue(comment_id)
        return
    if is_spam:
        decisions.spam(waiting, akismet.SPAM)
    else:
        decisions.approve(waiting)
