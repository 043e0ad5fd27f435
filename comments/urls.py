from django.urls import path

from comments import views
from comments.feeds import ROUTES, CommentFeed

app_name = "comments"

urlpatterns = [
    path("feed/", CommentFeed(), name="feed"),
    *(path(f"feed/{route}", CommentFeed(feed_type)) for feed_type, route in ROUTES.items() if route),
    path("<int:pk>/", views.CommentDetailView.as_view(), name="detail"),
    path("<int:pk>/reply/", views.ReplyView.as_view(), name="reply"),
]
