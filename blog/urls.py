"""Every path a reader may ask for. The last pattern takes whatever is left: posts and pages keep paths of their own."""

from django.urls import path, re_path

from blog import feeds, views
from config.feedtypes import Atom, Json
from config.pagestore import SITE, stored

without_comments = stored(topics=[SITE])


def paged(route, view, name):
    """A list and its further pages."""
    return [path(route, view, name=name), path(f"{route}page/<int:page>/", view, name=f"{name}_page")]


def with_feeds(route, feed, name):
    """The three feeds of a list: RSS, Atom and JSON."""
    return [
        path(f"{route}feed/", without_comments(feed.rss()), name=f"{name}_feed"),
        path(f"{route}feed/atom/", without_comments(feed.atom()), name=f"{name}_atom"),
        path(f"{route}feed/json/", without_comments(feed.json()), name=f"{name}_json"),
    ]


urlpatterns = [
    *paged("", stored()(views.HomeView.as_view()), "home"),
    *with_feeds("", feeds.PostFeed, "posts"),
    *paged("archive/", without_comments(views.ArchiveView.as_view()), "archive"),
    *paged("archive/<int:year>/", without_comments(views.ArchiveView.as_view()), "archive_year"),
    path("search/", views.SearchView.as_view(), name="search"),
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
    re_path(r"^(?P<path>.+)/comment/$", views.PostCommentView.as_view(), name="entry_comment"),
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
    re_path(r"^(?P<path>.+/)page/(?P<page>\d+)/$", stored()(views.EntryView.as_view()), name="section_page"),
    re_path(r"^(?P<path>.+)$", stored()(views.EntryView.as_view()), name="entry"),
]
