"""By what a search can be narrowed: the tags and the years of what was found, with how many hits each would leave."""

from collections import Counter
from typing import NamedTuple

from django.db.models import Count
from django.utils import timezone

from blog.models import Post, Tagging
from blog.search.sources import Kind, id_of, kind_of
from comments.models import Comment

MOST_TAGS = 12


class Facet(NamedTuple):
    value: str
    label: str
    count: int


def tags_of(keys):
    """The tags of most of the posts found, in one query."""
    posts = [id_of(key) for key in keys if kind_of(key) is Kind.POST]
    rows = (
        Tagging.objects.filter(content_object__in=posts)
        .order_by()
        .values_list("tag__slug", "tag__name")
        .annotate(count=Count("pk"))
        .order_by("-count", "tag__name")[:MOST_TAGS]
    )
    return [Facet(*row) for row in rows] if posts else []


def years_of(keys):
    """The years of the posts and comments found, the newest first, in the site's own time zone."""
    posts = [id_of(key) for key in keys if kind_of(key) is Kind.POST]
    comments = [id_of(key) for key in keys if kind_of(key) is Kind.COMMENT]
    of_posts = Post.objects.filter(pk__in=posts).order_by().values_list("published_at", flat=True)
    of_comments = Comment.objects.filter(pk__in=comments).order_by().values_list("created_at", flat=True)
    moments = of_posts.union(of_comments, all=True).order_by() if posts or comments else []
    years = Counter(timezone.localtime(moment).year for moment in moments if moment)
    return [Facet(str(year), str(year), count) for year, count in sorted(years.items(), reverse=True)]
