"""What stands around a post: its terms, its neighbours, related posts. One query for each of the two functions."""

from dataclasses import dataclass
from urllib.parse import quote

from django.contrib.auth import get_user_model
from django.db.models import CharField, Count, F, Q, Value
from django.db.models.functions import Concat, Trim
from django.urls import reverse

from blog.models import Category, Post, Tag
from blog.querysets import NEWEST_FIRST

RELATED = 3


@dataclass(frozen=True)
class TermLink:
    kind: str
    pk: int
    name: str
    slug: str

    def get_absolute_url(self):
        if self.kind in ("tag", "author"):
            return reverse(self.kind, args=[self.slug])
        if self.kind == "categories":
            return reverse("category", args=[self.slug])
        return f"/{quote(self.kind)}/{quote(self.slug)}/"


def terms_of(post):
    """Tags, categories and authors of a post, each in alphabetical order."""
    text = CharField()
    user = get_user_model()
    full_name = Trim(Concat("first_name", Value(" "), "last_name"), output_field=text)
    tags = Tag.objects.filter(taggings__content_object=post).order_by().annotate(kind=Value("tag", text))
    categories = Category.objects.filter(posts=post).order_by().annotate(kind=F("taxonomy"))
    authors = user.objects.filter(posts=post).order_by().annotate(kind=Value("author", text), shown=full_name)
    rows = tags.values_list("kind", "pk", "name", "slug").union(
        categories.values_list("kind", "pk", "name", "slug"),
        authors.values_list("kind", "pk", "shown", "username"),
        all=True,
    )
    links = sorted(
        (TermLink(kind, pk, name or slug, slug) for kind, pk, name, slug in rows), key=lambda t: t.name
    )
    return {
        "tags": [link for link in links if link.kind == "tag"],
        "categories": [link for link in links if link.kind not in ("tag", "author")],
        "authors": [link for link in links if link.kind == "author"],
    }


def companions_of(post, tags):
    """The posts before and after, and those that share most tags."""
    listed = Post.objects.listed().exclude(pk=post.pk)
    found = list(
        Post.objects.without_bodies().filter(
            Q(pk__in=_later(listed, post).order_by("published_at", "pk").values("pk")[:1])
            | Q(pk__in=_earlier(listed, post).newest_first().values("pk")[:1])
            | Q(pk__in=_sharing(listed, tags).values("pk")[: RELATED + 2])
        )
    )
    later = (
        min((p for p in found if _key(p) > _key(post)), key=_key, default=None) if post.published_at else None
    )
    earlier = (
        max((p for p in found if _key(p) < _key(post)), key=_key, default=None) if post.published_at else None
    )
    related = [p for p in found if p not in (later, earlier)]
    return {"earlier": earlier, "later": later, "related": related[:RELATED]}


def _key(post):
    return (post.published_at.timestamp() if post.published_at else float("-inf"), post.pk)


def _later(posts, post):
    at = post.published_at
    return posts.filter(Q(published_at__gt=at) | Q(published_at=at, pk__gt=post.pk)) if at else posts.none()


def _earlier(posts, post):
    at = post.published_at
    return posts.filter(Q(published_at__lt=at) | Q(published_at=at, pk__lt=post.pk)) if at else posts.none()


def _sharing(posts, tags):
    sharing = posts.filter(taggings__tag_id__in=[tag.pk for tag in tags])
    return sharing.annotate(shared=Count("taggings")).order_by("-shared", *NEWEST_FIRST)
