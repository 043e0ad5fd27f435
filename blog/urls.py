"""Every path a reader may ask for. The last pattern takes whatever is left: posts and pages keep paths of their own."""

from django.urls import path, re_path
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


urlpatterns = [
    *guessed_feeds(),
    path("feed.css", without_comments(views.FeedStyleView.as_view()), name="feed_style"),
    *paged("", stored()(views.HomeView.as_view()), "home"),
    *with_feeds("", feeds.PostFeed, "posts"),
    *paged("archive/", without_comments(views.ArchiveView.as_view()), "archive"),
    *paged("archive/<int:year>/", without_comments(views.ArchiveView.as_view()), "archive_year"),
    *paged("archive/<int:year>/<int:month>/", without_comments(views.ArchiveView.as_view()), "archive_month"),
    path("draft/<str:token>/", drafts.DraftView.as_view(), name="draft"),
    path("draft/<str:token>/<path:path>", drafts.DraftFileView.as_view(), name="draft_file"),
    path("search/", views.SearchView.as_view(), name="search"),
    path("subscribe/", without_comments(views.SubscribeView.as_view()), name="subscribe"),
    path("tags/", without_comments(views.TagIndex.as_view()), name="tags"),
    *paged("tags/<str:slug>/", stored()(views.TagView.as_view()), "tag"),
    *with_feeds("tags/<str:slug>/", feeds.TagFeed, "tag"),
    path("categories/", without_comments(views.CategoryIndex.as_view()), name="categories"),
    *paged("categories/<str:slug>/", stored()(views.CategoryView.as_view()), "category"),
    *with_feeds("categories/<str:slug>/", feeds.CategoryFeed, "category"),
    path("series/", without_comments(views.SeriesIndex.as_view()), name="series_list"),
    *paged("series/<str:slug>/", stored()(views.SeriesView.as_view()), "series"),
    *with_feeds("series/<str:slug>/", feeds.SeriesFeed, "series"),
    *paged("authors/<str:slug>/", stored()(views.AuthorView.as_view()), "author"),
    *with_feeds("authors/<str:slug>/", feeds.AuthorFeed, "author"),
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
