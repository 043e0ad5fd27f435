"""Feeds of comments: all of them, those of one thread, and those on one target, whose app routes its ``TargetFeed``."""

from urllib.parse import urlsplit

from django.conf import settings
from django.contrib.syndication.views import Feed
from django.http import Http404
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.encoding import iri_to_uri
from django.utils.translation import gettext as _

from comments.models import Comment, feed_url
from comments.rendering import absolute_links
from config.feedtypes import STYLE, Atom, Json, Rss
from config.links import absolute, is_uri

LENGTH = 50
ROUTES = {Rss: "", Atom: "atom/", Json: "json/"}  # below the address of the RSS feed


class CommentFeed(Feed):
    """The newest comments on everything that is public."""

    stylesheets = STYLE

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
        return [comment for comment in newest if comment.is_public and _is_listed(comment.target)][:LENGTH]

    def item_title(self, comment):
        return _("{name} on “{target}”").format(name=comment.author_name, target=comment.target)

    def item_description(self, comment):
        return self.html(comment) if self.feed_type is Rss else None

    def item_extra_kwargs(self, comment):
        authors = [{"name": comment.author_name, "url": _web_address(comment.author_url)}]
        return {"authors": authors, "content_html": None if self.feed_type is Rss else self.html(comment)}

    def html(self, comment):
        return absolute_links(comment.body_html, absolute(comment.target.get_absolute_url()))

    def item_link(self, comment):
        return absolute(comment.get_absolute_url())

    def item_guid(self, comment):
        return comment.guid or self.item_link(comment)

    def item_guid_is_permalink(self, comment):
        return self.item_guid(comment) == self.item_link(comment)

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
        return on(target, Comment.objects.for_target(target))


class ThreadFeed(CommentFeed):
    """The newest comments of one thread, whichever of its comments is named."""

    def get_object(self, request, pk):
        comment = get_object_or_404(Comment.objects.approved().select_related("root"), pk=pk)
        if not comment.is_public:
            raise Http404
        root = comment.root or comment
        root.target = comment.target
        return root

    def title(self, root):
        words = {"name": root.author_name, "target": root.target}
        if not root.is_approved:
            return _("A thread on “{target}”").format(**words)
        return _("The thread of {name} on “{target}”").format(**words)

    def description(self, root):
        return self.title(root)

    def link(self, root):
        return absolute(f"{root.target.get_absolute_url()}#{root.anchor}")

    def feed_url(self, root):
        return absolute(reverse("comments:thread_feed", args=[root.pk]) + ROUTES[self.feed_type])

    def items(self, root):
        # Replies and root in one condition would have the database look through all comments there are.
        replies = Comment.objects.approved().filter(root=root).order_by("-created_at", "-pk")
        newest = list(replies.values_list("pk", flat=True)[:LENGTH])
        return on(root.target, Comment.objects.filter(pk__in=[root.pk, *newest]))


def on(target, comments):
    """The newest of these comments, which are all on one target."""
    newest = list(comments.for_feed().prefetch_related(None)[:LENGTH])
    for comment in newest:
        comment.target = target
    return newest


def _is_listed(target):
    """What only its address leads to is not given away by what was said below it."""
    return getattr(target, "listed", True)


def _web_address(url):
    """Of what an import brought in, only what is an address."""
    address = iri_to_uri(url)
    return address if url.startswith(("https://", "http://")) and is_uri(address) else ""
