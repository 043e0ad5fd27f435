"""The newest posts, all or those with a tag: the lists that are asked for most, with prepared queries."""

from django.contrib.contenttypes.models import ContentType
from django.db.models import Count, Value
from django.utils import timezone

from blog.models import Post
from config.prepared import prepared


class NewestPosts:
    """What a paginator asks of a list of posts: how many there are, and a slice of them for cards."""

    ordered = True

    def __init__(self, *tag_ids):
        self.tag_ids = tag_ids
        self.now = timezone.now()

    def count(self):
        if self.tag_ids:
            return _only(_number_tagged(self.tag_ids, self.now))
        # All rows of a table are counted at once; those that meet a condition, one by one.
        return _only(_number_of_all()) - _only(_number_unlisted(self.now))

    def __getitem__(self, places):
        # Anybody may think up the number of a page, so only the first is prepared.
        ask = _cards.plain if places.start else _cards
        kind = ContentType.objects.get_for_model(Post)
        return ask(self.tag_ids, self.now, kind.pk, range(places.start, places.stop))


class NewestTitles(NewestPosts):
    """The same with what the archive shows of them."""

    def __getitem__(self, places):
        ask = _titles.plain if places.start else _titles
        return ask(self.now, range(places.start, places.stop))


def _chosen(tag_ids, now):
    posts = Post.objects.listed(now)
    for tag_id in tag_ids:
        posts = posts.filter(tags=tag_id)
    return posts


@prepared
def _cards(tag_ids, now, content_type_id, places):
    """Which, and then what their cards show: at once, a database would look that up for all that it sorts."""
    which = _chosen(tag_ids, now).newest_first().values("pk")[places.start : places.stop]
    return Post.objects.filter(pk__in=which).for_list(content_type_id)


@prepared
def _titles(now, places):
    return Post.objects.listed(now).for_archive()[places.start : places.stop]


@prepared
def _number_tagged(tag_ids, now):
    return _counted(_chosen(tag_ids, now))


@prepared
def _number_of_all():
    return _counted(Post.objects.all())


@prepared
def _number_unlisted(now):
    return _counted(Post.objects.filter(pk__in=Post.objects.unlisted(now)))


def _counted(posts):
    numbered = posts.order_by().values(one=Value(1)).annotate(number=Count("*"))
    return numbered.values_list("number", flat=True)


def _only(rows):
    return next(iter(rows), 0)
