"""The newest posts, all or those with a tag: the lists that are asked for most, with prepared queries."""

from django.contrib.contenttypes.models import ContentType
from django.db.models import Count, Value
from django.utils import timezone

from blog.models import Post, Tagging
from config.prepared import prepared


class NewestPosts:
    """What a paginator asks of a list of posts: how many there are, and a slice of them for cards."""

    ordered = True

    def __init__(self, tag_id=None):
        self.tag_id = tag_id
        self.now = timezone.now()

    def count(self):
        """All without those few that are in no list: to count rows costs little, to look at each of them much more."""
        return _only(_number_of_all(self.tag_id)) - _only(_number_unlisted(self.tag_id, self.now))

    def __getitem__(self, places):
        # Anybody may think up the number of a page, so only the first is prepared.
        ask = _cards.plain if places.start else _cards
        kind = ContentType.objects.get_for_model(Post)
        return ask(self.tag_id, self.now, kind.pk, range(places.start, places.stop))


class NewestTitles(NewestPosts):
    """The same with what the archive shows of them."""

    def __getitem__(self, places):
        ask = _titles.plain if places.start else _titles
        return ask(self.now, range(places.start, places.stop))


@prepared
def _cards(tag_id, now, content_type_id, places):
    """Which, and then what their cards show: at once, a database would look that up for all that it sorts."""
    chosen = Post.objects.listed(now).filter(tags=tag_id) if tag_id else Post.objects.listed(now)
    which = chosen.newest_first().values("pk")[places.start : places.stop]
    return Post.objects.filter(pk__in=which).for_list(content_type_id)


@prepared
def _titles(now, places):
    return Post.objects.listed(now).for_archive()[places.start : places.stop]


@prepared
def _number_of_all(tag_id):
    return _counted(Tagging.objects.filter(tag=tag_id) if tag_id else Post.objects.all())


@prepared
def _number_unlisted(tag_id, now):
    few = Post.objects.unlisted(now)
    if tag_id:
        return _counted(Tagging.objects.filter(tag=tag_id, content_object__in=few))
    return _counted(Post.objects.filter(pk__in=few))


def _counted(rows):
    numbered = rows.order_by().values(one=Value(1)).annotate(number=Count("*"))
    return numbered.values_list("number", flat=True)


def _only(rows):
    return next(iter(rows), 0)
