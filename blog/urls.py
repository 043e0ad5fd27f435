"""Every path a reader may ask for. The last pattern takes whatever is left: posts and pages keep paths of their own."""

from django.urls import path, re_path

from blog import feeds, views
from config.feedtypes import Atom, Json


def paged(route, view, name):
    """A list and its further pages."""
    return [path(route, view, name=name), path(f"{route}page/<int:page>/", view, name=f"{name}_page")]


def with_feeds(route, feed, name):
    """The three feeds of a list: RSS, Atom and JSON."""
    return [
        path(f"{route}feed/", feed.rss(), name=f"{name}_feed"),
        path(f"{route}feed/atom/", feed.atom(), name=f"{name}_atom"),
        path(f"{route}feed/json/", feed.json(), name=f"{name}_json"),
    ]


urlpatterns = [
    *paged("", views.HomeView.as_view(), "home"),
    *with_feeds("", feeds.PostFeed, "posts"),
    *paged("archive/", views.ArchiveView.as_view(), "archive"),
    *paged("archive/<int:year>/", views.ArchiveView.as_view(), "archive_year"),
    path("search/", views.SearchView.as_view(), name="search"),
    path("tags/", views.TagIndex.as_view(), name="tags"),
    *paged("tags/<str:slug>/", views.TagView.as_view(), "tag"),
    *with_feeds("tags/<str:slug>/", feeds.TagFeed, "tag"),
    path("categories/", views.CategoryIndex.as_view(), name="categories"),
    *paged("categories/<str:slug>/", views.CategoryView.as_view(), "category"),
    *with_feeds("categories/<str:slug>/", feeds.CategoryFeed, "category"),
    path("series/", views.SeriesIndex.as_view(), name="series_list"),
    *paged("series/<str:slug>/", views.SeriesView.as_view(), "series"),
    *with_feeds("series/<str:slug>/", feeds.SeriesFeed, "series"),
    *paged("authors/<str:slug>/", views.AuthorView.as_view(), "author"),
    *with_feeds("authors/<str:slug>/", feeds.AuthorFeed, "author"),
    re_path(r"^(?P<path>.+)/comment/$", views.PostCommentView.as_view(), name="entry_comment"),
    re_path(r"^(?P<path>.+)/comments/feed/$", feeds.PostCommentFeed(), name="entry_comments_feed"),
    re_path(r"^(?P<path>.+)/comments/feed/atom/$", feeds.PostCommentFeed(Atom), name="entry_comments_atom"),
    re_path(r"^(?P<path>.+)/comments/feed/json/$", feeds.PostCommentFeed(Json), name="entry_comments_json"),
    re_path(r"^(?P<path>.+/)page/(?P<page>\d+)/$", views.EntryView.as_view(), name="section_page"),
    re_path(r"^(?P<path>.+)$", views.EntryView.as_view(), name="entry"),
]
