"""How many posts a reader finds by year, by month and under each tag: by indexes alone, however many posts there are.

Extracting the year of every date takes a function call for each row on SQLite, so the spans of time are counted instead.
"""

from collections import Counter, namedtuple
from datetime import datetime

from django.db.models import Count, IntegerField, Max, Min, Subquery, Value
from django.utils import timezone

from blog.models import Post, Tag, Tagging
from config.pagestore import while_unchanged
from config.prepared import prepared

NEWEST = 100
BESIDE = 8

Span = namedtuple("Span", "number count")


def by_year():
    """The years in which something was published, the newest first."""
    for first, last in _first_and_last(timezone.now()):
        years = range(timezone.localtime(last).year, timezone.localtime(first).year - 1, -1)
        return _count((year, _first_of(year), _first_of(year + 1)) for year in years)
    return []


@prepared
def _first_and_last(now):
    dated = Post.objects.listed(now).exclude(published_at=None)
    last = Subquery(dated.order_by("-published_at").values("published_at")[:1])
    return dated.order_by("published_at").annotate(last=last).values_list("published_at", "last")[:1]


def years():
    """From the year of the newest post to that of the oldest, drafts among them, by an index."""
    dates = Post.objects.exclude(published_at=None).aggregate(
        first=Min("published_at"), last=Max("published_at")
    )
    if dates["first"] is None:
        return []
    first, last = (timezone.localtime(at).year for at in (dates["first"], dates["last"]))
    return list(range(last, first - 1, -1))


def by_month(year):
    """The months of a year in which something was published."""
    return _count((month, *month_span(year, month)) for month in range(1, 13))


def year_span(year):
    return _first_of(year), _first_of(year + 1)


def month_span(year, month):
    return _first_of(year, month), _first_of(year + month // 12, month % 12 + 1)


def _first_of(year, month=1):
    return timezone.make_aware(datetime(year, month, 1))  # in the site's own zone


def _count(spans):
    spans = tuple(spans)
    rows = while_unchanged(spans, lambda: dict(_numbers(spans, timezone.now())))
    return [Span(number, count) for number, count in sorted(rows.items(), reverse=True) if count]


@prepared
def _numbers(spans, now):
    parts = [
        Post.objects.listed(now)
        .filter(published_at__gte=start, published_at__lt=end)
        .order_by()
        .values(number=Value(number, IntegerField()))
        .annotate(count=Count("pk"))
        .values_list("number", "count")
        for number, start, end in spans
    ]
    return parts[0].union(*parts[1:], all=True).order_by()


def by_tag():
    """Tags by name, each with post_count."""
    counts = while_unchanged("taggings", _tagging_counts)
    tags = [tag for tag in Tag.objects.order_by("name") if counts[tag.pk] > 0]
    for tag in tags:
        tag.post_count = counts[tag.pk]
    return tags


def _tagging_counts():
    """Of all taggings, those of posts that nobody sees are taken away."""
    counts = Counter(_taggings(Tagging.objects.all()))
    counts.subtract(_taggings(Tagging.objects.filter(content_object__in=Post.objects.unlisted())))
    return counts


def _taggings(taggings):
    return dict(
        taggings.order_by().values("tag_id").annotate(count=Count("pk")).values_list("tag_id", "count")
    )


def most_used(number):
    """The tags of the most posts, by name."""
    chosen = sorted(by_tag(), key=lambda tag: tag.post_count, reverse=True)[:number]
    return sorted(chosen, key=lambda tag: tag.name.casefold())


def tags_beside(tag):
    """The tags that stand most often beside this one, on its newest posts. Each has post_count of those."""
    return while_unchanged(("beside", tag.pk), lambda: list(_tags_beside(tag.pk, timezone.now())))


@prepared
def _tags_beside(tag_id, now):
    tagged = Post.objects.listed(now).filter(taggings__tag=tag_id)
    posts = tagged.order_by("-taggings__content_object_id").values("pk")[:NEWEST]
    beside = Tag.objects.exclude(pk=tag_id).filter(taggings__content_object__in=posts)
    return beside.annotate(post_count=Count("taggings")).order_by("-post_count", "name")[:BESIDE]
