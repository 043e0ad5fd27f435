"""What is done to tags, categories and series as a whole: filed under, merged, ordered, taken away.

A slug is a term's identity, as it is under Hugo: "Go" and "go" are one tag, "C", "C++" and "C#" are three.
"""

from django.db import transaction
from django.db.models import Min

from blog import addresses, series
from blog.models import Category, Post, Series, Tag, Tagging
from blog.paths import term_slug

BATCH = 500
LINKS = {  # the rows that file a post under a term: their table, its column for the post, its column for the term
    Tag: (Tagging, "content_object", "tag"),
    Category: (Post.categories.through, "post", "category"),
    Series: (Post, "pk", "series"),
}


def filed_under(terms):
    """The posts of some terms of one kind."""
    if not terms:
        return Post.objects.none()
    filed, post, term = LINKS[type(terms[0])]
    return Post.objects.filter(pk__in=filed.objects.filter(**{f"{term}__in": terms}).values(post))


def same_name(model, name, **narrow):
    """Terms that readers would take for the one with this name."""
    found = model.objects.filter(**narrow)
    return found.filter(slug=term_slug(name)) | found.filter(name__iexact=name)


def spelled_as_stored(names):
    """Names of tags as they are written here already, whatever the case: one query."""
    slugs = {name: term_slug(name) or name for name in names}
    stored = dict(Tag.objects.filter(slug__in=slugs.values()).values_list("slug", "name"))
    return list(dict.fromkeys(stored.get(slug, name) for name, slug in slugs.items()))


@transaction.atomic
def tag_posts(posts, names):
    """Every post has these tags as well. How many taggings are new."""
    tags = [_tag(name) for name in spelled_as_stored(names)]
    pks = list(posts.order_by().values_list("pk", flat=True))
    there = set(Tagging.objects.filter(tag__in=tags).order_by().values_list("content_object_id", "tag_id"))
    new = [Tagging(content_object_id=pk, tag=tag) for pk in pks for tag in tags if (pk, tag.pk) not in there]
    Tagging.objects.bulk_create(new, batch_size=BATCH, ignore_conflicts=True)
    return len(new)


def untag_posts(posts, tags):
    """No post has these tags any more. How many taggings are gone."""
    gone = Tagging.objects.filter(tag__in=tags, content_object__in=posts.order_by().values("pk"))
    return gone.delete()[0]


def _tag(name):
    return Tag.objects.filter(name__iexact=name).first() or Tag.objects.create(name=name)


@transaction.atomic
def merge(terms, into):
    """Posts of all terms are filed under one, each once; the others' lists and feeds lead to its."""
    others = [term for term in terms if term.pk != into.pk]
    if isinstance(into, Series):
        _merge_parts(others, into)
    else:
        _merge_links(*LINKS[type(into)], others, into)
    for term in others:
        addresses.lead(term.get_absolute_url(), into.get_absolute_url())
        into.description = into.description or term.description
    into.save()
    type(into).objects.filter(pk__in=[term.pk for term in others]).delete()


def _merge_links(links, post, term, others, into):
    filed = links.objects.filter(**{term: into}).values(post)
    moved = links.objects.filter(**{f"{term}__in": others}).exclude(**{f"{post}__in": filed})
    once = moved.order_by().values(post).annotate(first=Min("pk")).values("first")
    links.objects.filter(pk__in=once).update(**{term: into})


def _merge_parts(others, into):
    parts = [pk for one in [into, *others] for pk in parts_of(one).values_list("pk", flat=True)]
    is_numbered = Post.objects.filter(series__in=[into, *others], series_order__isnull=False).exists()
    Post.objects.filter(series__in=others).update(series=into)
    if is_numbered:
        put_in_order(into, parts)


def parts_of(one):
    """The posts of a series in the order in which they are read, drafts among them."""
    return Post.objects.filter(series=one).order_by(*series.IN_ORDER)


@transaction.atomic
def put_in_order(one, pks):
    """Number the parts of a series from 1, those named first in the order of their names. How many moved."""
    parts = dict(parts_of(one).values_list("pk", "series_order"))
    order = [*(pk for pk in dict.fromkeys(pks) if pk in parts), *(pk for pk in parts if pk not in set(pks))]
    moved = [Post(pk=pk, series_order=n) for n, pk in enumerate(order, start=1) if parts[pk] != n]
    Post.objects.bulk_update(moved, ["series_order"], batch_size=BATCH)
    return len(moved)


def order_by_date(one):
    """Parts without numbers are read in the order in which they were published."""
    parts_of(one).update(series_order=None)


@transaction.atomic
def delete(terms):
    """Nobody's post is deleted, only no longer filed there. Of a list that readers may know, they are told it is gone."""
    for term in terms:
        if term.is_used:
            addresses.lead(term.get_absolute_url(), "")
        term.delete()
