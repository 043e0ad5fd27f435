"""What search engines are told of: one map for each kind of page, with the true time of its last change.

The addresses come from SITE_URL; Django's own would take whatever host the request names.
"""

from urllib.parse import urlsplit

from django.conf import settings
from django.contrib.auth import get_user_model
from django.contrib.sitemaps import Sitemap
from django.contrib.sitemaps.views import SitemapIndexItem, x_robots_tag
from django.db.models import Exists, Max, OuterRef, Q
from django.db.models.functions import Coalesce, Greatest
from django.template.response import TemplateResponse
from django.urls import Resolver404, resolve, reverse
from django.utils import timezone
from django.utils.encoding import iri_to_uri
from django.utils.functional import cached_property

from blog.models import Category, Page, Post, Series, Tag
from blog.page_html import pictures_in
from blog.querysets import is_public
from config.links import absolute, joined


class SiteMap(Sitemap):
    def get_protocol(self, protocol=None):
        return urlsplit(settings.SITE_URL).scheme

    def get_domain(self, site=None):
        return urlsplit(settings.SITE_URL).netloc

    def location(self, item):
        return iri_to_uri(item.get_absolute_url())

    def lastmod(self, item):
        return item.changed_at

    def pages(self):
        paginator = self.paginator
        return paginator.page_range if paginator.count else []


def changed_at(prefix=""):
    """When an entry last changed for its readers; prefix leads to the entry."""
    public_at = f"{prefix}public_at"
    return Coalesce(Greatest(f"{prefix}modified_at", public_at), f"{prefix}modified_at", public_at)


def last_change(entries):
    """When the last of them changed: the newest by each of the two times, found by its index."""
    times = (
        entries.exclude(**{name: None}).order_by(f"-{name}").values_list(name, flat=True).first()
        for name in ("modified_at", "public_at")
    )
    return max((at for at in times if at), default=None)


class EntryMap(SiteMap):
    """Posts or pages, with their pictures. An entry that the site's own pages hide is not named."""

    model = None
    limit = 1000
    most_pictures = 50

    def items(self):
        entries = self.model.objects.listed().only("path", "cover", "body_html")
        return entries.annotate(changed_at=changed_at()).order_by("pk")

    def get_latest_lastmod(self):
        return last_change(self.model.objects.listed())

    def get_urls(self, *args, **kwargs):
        urls = [url for url in super().get_urls(*args, **kwargs) if _is_reached(url["item"].path)]
        for url in urls:
            url["images"] = self.images(url["item"])
        return urls

    def images(self, entry):
        sources = [entry.cover] if entry.cover else []
        addresses = (joined(entry.path, source) for source in [*sources, *pictures_in(entry.body_html)])
        shown = [absolute(address) for address in dict.fromkeys(addresses) if not address.startswith("data:")]
        return shown[: self.most_pictures]


def _is_reached(path):
    try:
        return resolve(path).url_name in ("entry", "section_page")
    except Resolver404:
        return False


class PostMap(EntryMap):
    model = Post


class PageMap(EntryMap):
    model = Page


class ListMap(SiteMap):
    """The lists of all posts, which change with the posts."""

    def items(self):
        return ["home", "archive"]

    def location(self, name):
        return reverse(name)

    def lastmod(self, name):
        return self.newest_post

    def get_latest_lastmod(self):
        return self.newest_post

    @cached_property
    def newest_post(self):
        return PostMap().get_latest_lastmod()


class TermMap(SiteMap):
    """The terms under which a reader finds posts; each changed when the last of them did."""

    model = None
    posts = "posts"  # what leads from a term to its posts, and back
    terms_of_post = ""

    def items(self):
        seen = is_public(timezone.now(), f"{self.posts}__") & Q(**{f"{self.posts}__listed": True})
        latest = Max(changed_at(f"{self.posts}__"))
        return self.terms().filter(seen).annotate(changed_at=latest).order_by("pk")

    def terms(self):
        return self.model.objects.all()

    def pages(self):
        """To count those that are seen takes long; there is one page of them if that is enough for all there are."""
        if self.terms().count() > self.limit:
            return super().pages()
        posts = Post.objects.listed().filter(**{self.terms_of_post: OuterRef("pk")})
        return [1] if self.terms().filter(Exists(posts)).exists() else []

    def get_latest_lastmod(self):
        is_filed = Exists(self.terms().filter(**{self.posts: OuterRef("pk")}))
        return last_change(Post.objects.listed().filter(is_filed))


class TagMap(TermMap):
    model = Tag
    posts, terms_of_post = "taggings__content_object", "tags"


class CategoryMap(TermMap):
    model = Category
    terms_of_post = "categories"

    def terms(self):
        return Category.objects.filter(taxonomy="categories")


class SeriesMap(TermMap):
    model = Series
    terms_of_post = "series"


class AuthorMap(TermMap):
    model = get_user_model()
    terms_of_post = "authors"

    def location(self, user):
        return reverse("author", args=[user.get_username()])


SITEMAPS = {
    "lists": ListMap,
    "posts": PostMap,
    "pages": PageMap,
    "tags": TagMap,
    "categories": CategoryMap,
    "series": SeriesMap,
    "authors": AuthorMap,
}


@x_robots_tag
def index(request):
    """The list of the maps that have anything in them."""
    maps = [item for name, kind in SITEMAPS.items() for item in _listed(name, kind())]
    return TemplateResponse(request, "sitemap_index.xml", {"sitemaps": maps}, content_type="application/xml")


def _listed(name, sitemap):
    pages = sitemap.pages()
    if not pages:
        return []
    url, latest = absolute(reverse("sitemap_section", args=[name])), sitemap.get_latest_lastmod()
    return [SitemapIndexItem(url if page == 1 else f"{url}?p={page}", latest) for page in pages]
