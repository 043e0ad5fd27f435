"""Feeds of comments: all of them, and those on one target, whose app routes a subclass of ``TargetFeed``."""

from urllib.parse import urlsplit

from django.conf import settings
from django.contrib.syndication.views import Feed
from django.http import Http404
from django.urls import reverse
from django.utils.translation import gettext as _

from comments.models import Comment, feed_url
from comments.rendering import absolute_links
from config.feedtypes import Atom, Json, Rss
from config.links import absolute

LENGTH = 50
ROUTES = {Rss: "", Atom: "atom/", Json: "json/"}  # below the address of the RSS feed


class CommentFeed(Feed):
    """The newest comments on everything that is public."""

    item_guid_is_permalink = True

    def __init__(self, feed_type=Rss):
        self.feed_type = feed_type

    def title(self, obj):
        return _("Comments on {site}").format(site=urlsplit(settings.SITE_URL).netloc)

    def description(self, obj):
        return _("The newest comments")

    def link(self, obj):
        return absolute("/")

    def feed_url(self, obj):
        return absolute(reverse("comments:feed") + ROUTES[self.feed_type])

    def items(self, obj):
        # Public is a matter of the target, which the database cannot be asked in general.
        newest = Comment.objects.for_feed()[: 4 * LENGTH]
        return [comment for comment in newest if comment.is_public][:LENGTH]

    def item_title(self, comment):
        return _("{name} on “{target}”").format(name=comment.author_name, target=comment.target)

    def item_description(self, comment):
        return self.html(comment) if self.feed_type is Rss else None

    def item_extra_kwargs(self, comment):
        authors = [{"name": comment.author_name, "url": comment.author_url}]
        return {"authors": authors, "content_html": None if self.feed_type is Rss else self.html(comment)}

    def html(self, comment):
        return absolute_links(comment.body_html, absolute(comment.target.get_absolute_url()))

    def item_link(self, comment):
        return absolute(comment.get_absolute_url())

    def item_guid(self, comment):
        return self.item_link(comment)

    def item_pubdate(self, comment):
        return comment.created_at

    def item_updateddate(self, comment):
        return comment.modified_at


class TargetFeed(CommentFeed):
    """The newest comments on one target, which a subclass answers in ``get_target(request, **kwargs)``."""

    def get_target(self, request, **kwargs):
        raise NotImplementedError

    def get_object(self, request, **kwargs):
        target = self.get_target(request, **kwargs)
        if target is None or not target.is_public:
            raise Http404
        return target

    def title(self, target):
        return _("Comments on “{target}”").format(target=target)

    def description(self, target):
        return _("The discussion of “{target}”").format(target=target)

    def link(self, target):
        return absolute(target.get_absolute_url())

    def feed_url(self, target):
        return absolute(feed_url(target) + ROUTES[self.feed_type])

    def items(self, target):
        comments = list(Comment.objects.for_target(target).for_feed().prefetch_related(None)[:LENGTH])
        for comment in comments:
            comment.target = target
        return comments
