"""What a site that moved here answers beside its entries: sections of pages, and taxonomies of its own ("/topics/").

They are looked for where no post lies below a path, so that the usual section pays nothing for them.
"""

from dataclasses import dataclass

from django.http import Http404
from django.shortcuts import get_object_or_404
from django.utils.functional import cached_property
from django.utils.translation import gettext as _

from blog.entries import EntryView, find_entry
from blog.feeds import EntryFeed
from blog.models import Category, Page, Post
from blog.views import PostList, TermIndex, TermView
from config.links import absolute


class PathView(EntryView):
    """A path that nothing else answers, sections of every kind included."""

    def section(self, request, path, **page):
        try:
            return super().section(request, path, **page)
        except Http404:
            for view in (own_taxonomy, section_of_pages):
                if response := view(request, path, **page):
                    return response
            raise


def own_taxonomy(request, path, **page):
    parts = path.strip("/").split("/")
    if len(parts) > 2 or not Category.objects.filter(taxonomy=parts[0]).exists():
        return None
    if len(parts) == 1:
        return None if page else OwnTermIndex.as_view(taxonomy=parts[0])(request)
    return OwnTermView.as_view(kind=parts[0])(request, slug=parts[1], **page)


class OwnTermView(TermView):
    """The posts of a term; kind is the name of its taxonomy."""

    model = Category
    lookup = "categories"

    def narrow(self):
        return {"taxonomy": self.kind}


class OwnTermIndex(TermIndex):
    model = Category
    posts = "posts"
    taxonomy = ""

    @property
    def kind(self):
        return self.taxonomy

    def get_queryset(self):
        return super().get_queryset().filter(taxonomy=self.taxonomy)


def section_of_pages(request, path, **page):
    if Page.objects.listed().under(path).exists():
        return SectionOfPagesView.as_view()(request, path=path, **page)
    return None


class SectionOfPagesView(PostList):
    """Pages below a path that has no posts: the chapters of a handbook, say."""

    def get_queryset(self):
        return Page.objects.listed().under(self.list_url).without_bodies().order_by("path")

    @cached_property
    def list_url(self):
        return self.kwargs["path"]

    def get_heading(self):
        return self.list_url.strip("/")


@dataclass(frozen=True)
class Section:
    """What a feed of it is about."""

    path: str
    name: str
    description: str
    posts: object


class SectionFeed(EntryFeed):
    """The newest posts below a path, or under a term of the site's own."""

    @classmethod
    def view(cls, feed_type):
        show_feed = super().view(feed_type)

        def show(request, path):
            if find_entry(request.path, request.user):  # an entry may have an address that ends like this
                return EntryView.as_view()(request, path=request.path[1:])
            return show_feed(request, path=path)

        return show

    def get_object(self, request, path):
        path = f"/{path}"
        posts = Post.objects.listed()
        if posts.under(path).exists():
            return Section(path, path.strip("/"), "", posts.under(path))
        taxonomy, _slash, slug = path.strip("/").partition("/")
        term = get_object_or_404(Category, taxonomy=taxonomy, slug=slug)
        if not posts.filter(categories=term).exists():
            raise Http404("No published post is filed here.")
        return Section(path, term.name, term.description, posts.filter(categories=term))

    def title(self, section):
        return _("%(term)s – %(site)s") % {"term": section.name, "site": self.site.title}

    def description(self, section):
        return section.description or super().description(section)

    def link(self, section):
        return absolute(section.path)

    def posts(self, section):
        return section.posts
