"""Feeds of posts, whole texts in RSS, Atom and JSON, and of the comments on one entry.

Every address comes from SITE_URL, so that a feed has the same bytes under whatever name it was asked for.
"""

from django.contrib.auth import get_user_model
from django.contrib.syndication.views import Feed
from django.http import Http404
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.encoding import escape_uri_path
from django.utils.html import escape
from django.utils.translation import gettext as _

from blog.feed_html import for_feed
from blog.models import Category, Post, Series, Tag
from blog.templatetags.blog import direction
from comments.feeds import TargetFeed
from config.feedtypes import NEVER, STYLE, Atom, Json, Rss
from config.links import absolute, is_uri

LENGTH = 20


class EntryFeed(Feed):
    """The newest posts of a list. Made anew for each request, whose site profile it keeps."""

    page = ""  # the name of the list's own page
    stylesheets = STYLE

    @classmethod
    def rss(cls):
        return cls.view(Rss)

    @classmethod
    def atom(cls):
        return cls.view(Atom)

    @classmethod
    def json(cls):
        return cls.view(Json)

    @classmethod
    def view(cls, feed_type):
        def show_feed(request, **kwargs):
            response = cls(request, feed_type)(request, **kwargs)
            # The newest date says nothing of a post that was taken back; the ETag of the bytes is exact.
            del response["Last-Modified"]
            return response

        return show_feed

    def __init__(self, request, feed_type):
        self.site = request.site
        self.language = request.site.language
        self.feed_type = feed_type
        self.path = escape_uri_path(request.path)
        self.found = None
        self.number = _page_number(request.GET.get("page", "1"))

    # The feed

    def title(self, term):
        return self.site.title

    def description(self, term):
        return self.site.description or self.site.tagline or self.site.title

    def subtitle(self, term):
        return self.site.tagline or None

    def author_name(self, term):
        return self.site.author_name or self.site.title

    def link(self, term):
        return absolute(reverse(self.page))

    def feed_url(self, term):
        return self.page_url(self.number)

    def posts(self, term):
        return Post.objects.listed()

    def items(self, term):
        if self.found is None:
            self.found = self.load(term)
        return self.found

    def load(self, term):
        """The posts of this page, and whether there is another behind it."""
        start = (self.number - 1) * LENGTH
        found = list(self.posts(term).for_feed()[start : start + LENGTH + 1])
        if self.number > 1 and not found:
            raise Http404("The feed has no such page.")
        self.has_more = len(found) > LENGTH
        return found[:LENGTH]

    def get_feed(self, obj, request):
        """The items first, for they decide which other pages the feed names."""
        self.items(obj)
        return super().get_feed(obj, request)

    def feed_extra_kwargs(self, term):
        around = {}
        if self.number > 1:
            around = {"first": self.page_url(1), "previous": self.page_url(self.number - 1)}
        if self.has_more:
            around |= {"first": self.page_url(1), "next": self.page_url(self.number + 1)}
        # A hub is told of first pages alone.
        return {"pages": around, "hub": self.site.websub_hub if self.number == 1 else ""}

    def page_url(self, number):
        return absolute(self.path if number == 1 else f"{self.path}?page={number}")

    # A post

    def item_title(self, post):
        return str(post)

    def item_link(self, post):
        return absolute(post.get_absolute_url())

    def item_description(self, post):
        if post.lede:
            return escape(post.lede)
        return for_feed(post.summary_html, self.item_link(post)) or escape(post)

    def content(self, post):
        link = self.item_link(post)
        html = for_feed(post.body_html, link) or f'<p><a href="{escape(link)}">{escape(post)}</a></p>'
        language = self.language_of(post)
        return f'<div lang="{escape(language)}"{direction(language)}>{html}</div>' if language else html

    def language_of(self, post):
        """Of a post in another language than the site."""
        return post.language if post.language != self.language else ""

    def item_guid(self, post):
        return post.guid

    def item_guid_is_permalink(self, post):
        return post.guid.startswith(("http://", "https://")) and is_uri(post.guid)

    def item_pubdate(self, post):
        return post.published_at

    def item_updateddate(self, post):
        return post.modified_at or post.published_at or NEVER

    def item_categories(self, post):
        terms = [*post.tags.all(), *post.categories.all()]
        return list(dict.fromkeys(term.name for term in terms))

    def item_extra_kwargs(self, post):
        return {
            "content_html": self.content(post),
            "language": self.language_of(post),
            "authors": [_author(user) for user in post.authors.all()],
            "image": absolute(post.cover_url) if post.cover else None,
            "public_at": post.public_at,
        }


def _author(user):
    url = absolute(reverse("author", args=[user.get_username()]))
    return {"name": user.get_full_name() or user.get_username(), "url": url}


def _page_number(text):
    if not text.isdecimal() or len(text) > 6 or not 1 <= int(text) <= 100_000:
        raise Http404("The feed has no such page.")
    return int(text)


class PostFeed(EntryFeed):
    page = "home"


class TermFeed(EntryFeed):
    """The newest posts of one term; there is no feed where there is no page."""

    model = None
    lookup = ""  # how a post knows the term

    def get_object(self, request, slug):
        return get_object_or_404(self.model, slug=slug)

    def title(self, term):
        return _("%(term)s – %(site)s") % {"term": term, "site": self.site.title}

    def description(self, term):
        return term.description or super().description(term)

    def link(self, term):
        return absolute(term.get_absolute_url())

    def posts(self, term):
        return super().posts(term).filter(**{self.lookup: term})

    def load(self, term):
        found = super().load(term)
        if not found:
            raise Http404("No published post is filed here.")
        return found


class TagFeed(TermFeed):
    model = Tag
    lookup = "tags"


class CategoryFeed(TermFeed):
    model = Category
    lookup = "categories"

    def get_object(self, request, slug):
        return get_object_or_404(Category, slug=slug, taxonomy="categories")


class SeriesFeed(TermFeed):
    model = Series
    lookup = "series"


class AuthorFeed(TermFeed):
    lookup = "authors"

    def get_object(self, request, slug):
        return get_object_or_404(get_user_model(), username=slug)

    def title(self, user):
        return super().title(_author(user)["name"])

    def description(self, user):
        return EntryFeed.description(self, user)

    def link(self, user):
        return _author(user)["url"]


class PostCommentFeed(TargetFeed):
    """The discussion of a post or page."""

    feed_type = Rss

    def get_target(self, request, path):
        from blog.entries import find_entry

        return find_entry(f"/{path}/", request.user) or find_entry(f"/{path}", request.user)
