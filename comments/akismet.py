"""Akismet's opinion of a comment, where the site has a key for it (AKISMET_KEY, and the extra of that name).

The comment is held until the answer is there; the visitor never waits for it.
"""

from django.conf import settings

WAITING = "waits for the opinion of Akismet"
SPAM = "Akismet takes it for spam"


def is_configured():
    return bool(settings.AKISMET_KEY)


def takes_for_spam(comment, address, agent):
    """One question over the network. Raises what the library raises when there is no answer."""
    from akismet import Config, SyncClient

    client = SyncClient(config=Config(key=settings.AKISMET_KEY, url=settings.SITE_URL))
    answer = client.comment_check(
        user_ip=address,
        user_agent=agent,
        comment_content=comment.body,
        comment_type="reply" if comment.parent_id else "comment",
        comment_author=comment.author_name,
        comment_author_email=comment.author_email,
        comment_author_url=comment.author_url,
    )
    return bool(answer.value)
