"""A post's place in its series: which part it is of how many, and what comes before and after."""

from dataclasses import dataclass
from datetime import UTC, datetime

from django.db.models import Count, DateTimeField, F, IntegerField, Q, Subquery, Value
from django.db.models.functions import Coalesce

from blog.models import Post, Series

LAST = 2**31 - 1  # stands for the number of a part that has none
END_OF_TIME = datetime(9999, 12, 31, tzinfo=UTC)

IN_ORDER = [F("series_order").asc(nulls_last=True), F("published_at").asc(nulls_last=True), "pk"]
BACKWARDS = [F("series_order").desc(nulls_first=True), F("published_at").desc(nulls_first=True), "-pk"]


@dataclass(frozen=True)
class Place:
    series: Series
    number: int
    total: int
    previous: Post | None
    following: Post | None


def place_of(post):
    """What the order of a series goes by, as numbers and a time that can be compared."""
    order = LAST if post.series_order is None else post.series_order
    return order, post.published_at or END_OF_TIME, post.pk


def parts_around(parts, place):
    """Querysets of the part before a place and the part after, of the other parts of its series."""
    placed = _placed(parts)
    return [
        placed.filter(_is_before(*place)).order_by(*BACKWARDS)[:1],
        placed.exclude(_is_before(*place)).order_by(*IN_ORDER)[:1],
    ]


def part_counts(parts, place):
    """Annotations that are the same for every row: how many other parts there are, and how many come before."""
    return {"other_parts": _count(parts), "parts_before": _count(_placed(parts).filter(_is_before(*place)))}


def series_of(post, found):
    """The place, from posts that parts_around brought and part_counts annotated; None outside of a series of several."""
    parts = [other for other in found if post.series_id and other.series_id == post.series_id]
    if not parts:
        return None
    before = [other for other in parts if place_of(other) < place_of(post)]
    after = [other for other in parts if place_of(other) > place_of(post)]
    return Place(
        series=post.series,
        number=parts[0].parts_before + 1,
        total=parts[0].other_parts + 1,
        previous=max(before, key=place_of, default=None),
        following=min(after, key=place_of, default=None),
    )


def _placed(parts):
    at = Coalesce("published_at", Value(END_OF_TIME), output_field=DateTimeField())
    return parts.annotate(part=Coalesce("series_order", LAST), part_at=at)


def _is_before(order, at, pk):
    same = Q(part=order)
    return Q(part__lt=order) | same & Q(part_at__lt=at) | same & Q(part_at=at, pk__lt=pk)


def _count(parts):
    counted = parts.order_by().values("series").annotate(n=Count("pk")).values("n")
    return Coalesce(Subquery(counted, output_field=IntegerField()), 0)
