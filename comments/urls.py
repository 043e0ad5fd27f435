from django.urls import include, path

from comments import views
from comments.feeds import ROUTES, CommentFeed, ThreadFeed
from config.pagestore import stored

app_name = "comments"

urlpatterns = [
    path("feed/", stored()(CommentFeed()), name="feed"),
    *(
        path(f"feed/{route}", stored()(CommentFeed(feed_type)))
        for feed_type, route in ROUTES.items()
        if route
    ),
    path("<int:pk>/feed/", stored()(ThreadFeed()), name="thread_feed"),
    *(
        path(f"<int:pk>/feed/{route}", stored()(ThreadFeed(feed_type)))
        for feed_type, route in ROUTES.items()
        if route
    ),
    path("<int:pk>/", stored()(views.CommentDetailView.as_view()), name="detail"),
    path("mail/", include("comments.mail_urls")),
    path("<int:pk>/reply/", views.ReplyView.as_view(), name="reply"),
    path("<int:pk>/edit/", views.EditView.as_view(), name="edit"),
    path("<int:pk>/withdraw/", views.WithdrawView.as_view(), name="withdraw"),
]
