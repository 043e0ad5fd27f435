"""Every path a reader may ask for. The last pattern takes whatever is left: posts and pages keep paths of their own."""

from django.urls import include, path, re_path
from django.views.generic import RedirectView

from blog import drafts, entries, feeds, sections, sized, views
from config.feedtypes import Atom, Json
from config.pagestore import SITE, stored

without_comments = stored(topics=[SITE])
feed_pages = stored("page", topics=[SITE])

# What people and programs try first, and what other systems call their feeds.
GUESSED_FEEDS = {
    "posts_feed": ("rss.xml", "index.xml", "feed.xml", "rss", "rss/", "feed/rss/", "feed/rss2/"),
    "posts_atom": ("atom.xml", "atom", "atom/"),
    "posts_json": ("feed.json", "index.json"),
}


def paged(route, view, name):
    """A list and its further pages."""
    return [path(route, view, name=name), path(f"{route}page/<int:page>/", view, name=f"{name}_page")]


def with_feeds(route, feed, name):
    """The three feeds of a list: RSS, Atom and JSON."""
    return [
        path(f"{route}feed/", feed_pages(feed.rss()), name=f"{name}_feed"),
        path(f"{route}feed/atom/", feed_pages(feed.atom()), name=f"{name}_atom"),
        path(f"{route}feed/json/", feed_pages(feed.json()), name=f"{name}_json"),
    ]


def guessed_feeds():
    for name, guesses in GUESSED_FEEDS.items():
        leads_there = RedirectView.as_view(pattern_name=name, permanent=True, query_string=True)
        yield from (path(guess, leads_there) for guess in guesses)


def section_feeds():
    """The feeds of whatever lies below a path: a section of posts, a term of the site's own taxonomy."""
    feed = sections.SectionFeed
    for ending, view in {"": feed.rss(), "atom/": feed.atom(), "json/": feed.json()}.items():
        yield re_path(rf"^(?P<path>.+/)feed/{ending}$", feed_pages(view), name="section_feed")


# What has a prefix of its own is looked through only for paths that begin with it.


def archive():
    spans = {"archive": "", "archive_year": "<int:year>/", "archive_month": "<int:year>/<int:month>/"}
    view = without_comments(views.ArchiveView.as_view())
    return [pattern for name, route in spans.items() for pattern in paged(route, view, name)]


def terms(index, index_name, view, feed, name):
    """Tags, say: the list of them, and what each has."""
    return [path("", without_comments(index.as_view()), name=index_name), *term(view, feed, name)]


def term(view, feed, name):
    route = "<str:slug>/"
    return [*paged(route, stored()(view.as_view()), name), *with_feeds(route, feed, name)]


urlpatterns = [
    *guessed_feeds(),
    path("feed.css", without_comments(views.FeedStyleView.as_view()), name="feed_style"),
    *paged("", stored()(views.HomeView.as_view()), "home"),
    *with_feeds("", feeds.PostFeed, "posts"),
    path("archive/", include(archive())),
    path("draft/<str:token>/", drafts.DraftView.as_view(), name="draft"),
    path("draft/<str:token>/<path:path>", drafts.DraftFileView.as_view(), name="draft_file"),
    path("search/", views.SearchView.as_view(), name="search"),
    path("subscribe/", without_comments(views.SubscribeView.as_view()), name="subscribe"),
    path("tags/", include(terms(views.TagIndex, "tags", views.TagView, feeds.TagFeed, "tag"))),
    path(
        "categories/",
        include(terms(views.CategoryIndex, "categories", views.CategoryView, feeds.CategoryFeed, "category")),
    ),
    path(
        "series/",
        include(terms(views.SeriesIndex, "series_list", views.SeriesView, feeds.SeriesFeed, "series")),
    ),
    path("authors/", include(term(views.AuthorView, feeds.AuthorFeed, "author"))),
    path("sized/<int:width>/<str:digest>.webp", sized.sized, name="sized"),
    re_path(r"^(?P<path>.+)/comment/$", entries.PostCommentView.as_view(), name="entry_comment"),
    re_path(r"^(?P<path>.+)/comments/feed/$", stored()(feeds.PostCommentFeed()), name="entry_comments_feed"),
    re_path(
        r"^(?P<path>.+)/comments/feed/atom/$",
        stored()(feeds.PostCommentFeed(Atom)),
        name="entry_comments_atom",
    ),
    re_path(
        r"^(?P<path>.+)/comments/feed/json/$",
        stored()(feeds.PostCommentFeed(Json)),
        name="entry_comments_json",
    ),
    *section_feeds(),
    re_path(
        r"^(?P<path>.+/)page/(?P<page>\d{1,9})/$", stored()(sections.PathView.as_view()), name="section_page"
    ),
    re_path(r"^(?P<path>.+)$", stored("page", "sort")(sections.PathView.as_view()), name="entry"),
]
