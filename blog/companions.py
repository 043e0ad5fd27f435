"""What stands around a post: its terms, its neighbours, the parts of its series, related posts.

One query for each of the two functions. However many posts there are, no more than some dozens of them are looked at.
"""

from dataclasses import dataclass
from math import log
from urllib.parse import quote

from django.contrib.auth import get_user_model
from django.db.models import (
    Case,
    CharField,
    Count,
    Exists,
    F,
    FloatField,
    IntegerField,
    OuterRef,
    Q,
    Subquery,
    Sum,
    Value,
    When,
)
from django.db.models.functions import Coalesce, Concat, Trim
from django.urls import reverse
from django.utils import timezone

from blog import series
from blog.models import Category, Post, Tag, Tagging
from blog.related import closest
from config.prepared import prepared

RELATED = 3
AROUND = 10
NEWEST_OF_A_TAG = 12
RAREST_TAGS = 5
SHOWN = (
    "pk",
    "title",
    "path",
    "series_id",
    "summary",
    "description",
    "summary_html",
)
PLACED = ("series_order", "published_at")
LATER, EARLIER = 1, -1
FREQUENT = 200  # a tag on more posts than this is counted no further


@dataclass(frozen=True)
class TermLink:
    kind: str
    pk: int
    name: str
    slug: str
    uses: int = 0  # of a tag, on how many posts it is, up to FREQUENT

    def get_absolute_url(self):
        if self.kind in ("tag", "author"):
            return reverse(self.kind, args=[self.slug])
        if self.kind == "categories":
            return reverse("category", args=[self.slug])
        return f"/{quote(self.kind)}/{quote(self.slug)}/"

    @property
    def weight(self):
        """What sharing this tag says: much if few posts have it."""
        return 1 / log(2 + self.uses)


def terms_of(post):
    """Tags, categories and authors of a post, each in alphabetical order."""
    links = sorted(
        (TermLink(kind, pk, name or slug, slug, uses) for kind, pk, name, slug, uses in _terms(post.pk)),
        key=_by_name,
    )
    return {
        "tags": [link for link in links if link.kind == "tag"],
        "categories": [link for link in links if link.kind not in ("tag", "author")],
        "authors": [link for link in links if link.kind == "author"],
    }


@prepared
def _terms(post_id):
    text, none = CharField(), Value(0, IntegerField())
    user = get_user_model()
    full_name = Trim(Concat("first_name", Value(" "), "last_name"), output_field=text)
    tags = Tag.objects.filter(taggings__content_object=post_id).annotate(
        kind=Value("tag", text), uses=_uses()
    )
    categories = Category.objects.filter(posts=post_id).annotate(kind=F("taxonomy"), uses=none)
    authors = user.objects.filter(posts=post_id).annotate(
        kind=Value("author", text), shown=full_name, uses=none
    )
    return (
        tags.order_by()
        .values_list("kind", "pk", "name", "slug", "uses")
        .union(
            categories.order_by().values_list("kind", "pk", "name", "slug", "uses"),
            authors.order_by().values_list("kind", "pk", "shown", "username", "uses"),
            all=True,
        )
        .order_by()
    )


def _by_name(link):
    return link.name


def _uses():
    """On how many posts a tag is, up to FREQUENT."""
    taggings = Tagging.objects.filter(tag=OuterRef("pk")).order_by()
    counted = taggings.values(one=Value(1)).annotate(n=Count("pk")).values("n")
    is_frequent = Exists(taggings[FREQUENT - 1 : FREQUENT])
    return Case(When(is_frequent, then=FREQUENT), default=Subquery(counted), output_field=IntegerField())


def companions_of(post, tags):
    """The posts before and after, the parts of its series before and after, and those that have most to do with it.

    What is shown of each is a named tuple.
    """
    own = tuple((tag.pk, tag.weight) for tag in sorted(tags, key=_by_uses))
    place = series.place_of(post) if post.series_id else None
    is_alone = not (post.published_at or own or post.series_id)
    asked = post.pk, post.published_at, post.series_id, place, own, timezone.now()
    found = [] if is_alone else list(_companions(*asked))
    # The newest comes first.
    later = next((other for other in reversed(found) if other.side == LATER), None)
    earlier = next((other for other in found if other.side == EARLIER), None)
    place = series.series_of(post, found)
    shown = [later, earlier, place and place.previous, place and place.following]
    related = closest(post, [other for other in found if other not in shown])
    return {"earlier": earlier, "later": later, "series": place, "related": related[:RELATED]}


def _by_uses(tag):
    return tag.uses


@prepared
def _companions(post_id, at, series_id, place, own, now):
    """With ``own``, pairs of a tag and its weight, the rarest first."""
    listed = Post.objects.listed(now).exclude(pk=post_id)
    is_later, is_earlier = _sides(post_id, at)
    around = [
        listed.filter(is_later).order_by("published_at", "pk")[:AROUND],
        listed.filter(is_earlier).newest_first()[:AROUND],
    ]
    sharing = [_sharing(listed, tag_id) for tag_id, _weight in own[:RAREST_TAGS]]
    parts = listed.filter(series=series_id) if series_id else None
    anyone = Q()
    for some in (*around, *sharing, *(series.parts_around(parts, place) if series_id else ())):
        anyone |= Q(pk__in=some.values("pk"))
    counts = series.part_counts(parts, place) if series_id else {}
    side = Case(
        When(is_later, then=LATER), When(is_earlier, then=EARLIER), default=0, output_field=IntegerField()
    )
    posts = Post.objects.annotate(shared=_shared(own), side=side, **counts).filter(anyone)
    columns = [*SHOWN, "shared", "side", *counts, *(PLACED if series_id else ())]
    return posts.newest_first().values_list(*columns, named=True)


def _sides(post_id, at):
    """The conditions for a post to be later than this one, and to be earlier."""
    if at is None:
        return Q(pk__in=[]), Q(pk__in=[])
    return (
        Q(Q(published_at__gt=at) | Q(pk__gt=post_id), published_at__gte=at),
        Q(Q(published_at__lt=at) | Q(pk__lt=post_id), published_at__lte=at),
    )


def _sharing(listed, tag_id):
    """The newest posts with this tag."""
    tagged = listed.filter(taggings__tag_id=tag_id)
    return tagged.order_by("-taggings__content_object_id")[:NEWEST_OF_A_TAG]


def _shared(own):
    """How much the tags that a post has in common with these say."""
    if not own:
        return Value(0.0)
    weight = Case(
        *(When(tag_id=tag_id, then=Value(weight)) for tag_id, weight in own), output_field=FloatField()
    )
    tag_ids = [tag_id for tag_id, _weight in own]
    taggings = Tagging.objects.filter(content_object=OuterRef("pk"), tag_id__in=tag_ids).order_by()
    summed = taggings.values("content_object").annotate(total=Sum(weight)).values("total")
    return Coalesce(Subquery(summed, output_field=FloatField()), 0.0)
