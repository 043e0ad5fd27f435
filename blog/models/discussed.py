from django.utils import timezone

from blog import closing
from comments.models import CommentPolicy
from config.language import spoken


class Discussed:
    """What comments ask of an entry: whether they may be sent, and what they may quote."""

    site = None  # a view that has read the site profile leaves it here

    @property
    def quotable_html(self):
        return self.body_html

    @property
    def comment_policy(self):
        return self.discussion or self.site_profile.comment_policy

    @property
    def comments_open(self):
        return self.comment_policy != CommentPolicy.CLOSED and not self.has_closed

    @property
    def has_closed(self):
        at = closing.closes_at(self, lambda: self.site_profile.comments_close_after)
        return at is not None and at <= timezone.now()

    @property
    def site_language(self):
        return spoken(self.site_profile.language)

    @property
    def site_profile(self):
        from blog.models.site import SiteProfile

        return self.site or SiteProfile.load()
