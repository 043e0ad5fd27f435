"""The newest posts, all or those with a tag: the lists that are asked for most, with prepared queries."""

from django.contrib.contenttypes.models import ContentType
from django.db.models import Count, Value
from django.utils import timezone

from blog.models import Post, Tagging
from config.pagestore import while_unchanged
from config.prepared import prepared


class NewestPosts:
    """What a paginator asks of a list of posts: how many there are, and a slice of them for cards."""

    ordered = True

    def __init__(self, tag_id=None):
        self.tag_id = tag_id
        self.now = timezone.now()

    def count(self):
        """All without those few that are in no list: to count rows costs little, to look at each of them much more."""
        return sum(_numbers(self.tag_id, self.now))

    def __getitem__(self, places):
        key = "newest", self.tag_id, places.start, places.stop
        which = while_unchanged(key, lambda: tuple(self.chosen(range(places.start, places.stop))))
        kind = ContentType.objects.get_for_model(Post)
        return _cards(which, kind.pk) if which else []

    def chosen(self, places):
        # Anybody may think up the number of a page, so only the first is prepared.
        ask = _which.plain if places.start else _which
        return ask(self.tag_id, self.now, places)


class NewestTitles(NewestPosts):
    """The same with what the archive shows of them."""

    def __getitem__(self, places):
        ask = _titles.plain if places.start else _titles
        return ask(self.now, range(places.start, places.stop))


@prepared
def _which(tag_id, now, places):
    chosen = Post.objects.listed(now).filter(tags=tag_id) if tag_id else Post.objects.listed(now)
    return chosen.newest_first().values_list("pk", flat=True)[places.start : places.stop]


@prepared
def _cards(which, content_type_id):
    return Post.objects.filter(pk__in=which).for_list(content_type_id)


@prepared
def headings_of(post_id):
    return Post.objects.filter(pk=post_id).values_list("headings", flat=True)


@prepared
def _titles(now, places):
    return Post.objects.listed(now).for_archive()[places.start : places.stop]


@prepared
def _numbers(tag_id, now):
    """How many there are, and how many of them are in no list, as a negative number."""
    few = Post.objects.unlisted(now)
    if tag_id:
        those, unlisted = Tagging.objects.filter(tag=tag_id), {"content_object__in": few}
    else:
        those, unlisted = Post.objects.all(), {"pk__in": few}
    both = _counted(those, Count("*")).union(_counted(those.filter(**unlisted), -Count("*")), all=True)
    return both.order_by()


def _counted(rows, number):
    numbered = rows.order_by().values(one=Value(1)).annotate(number=number)
    return numbered.values_list("number", flat=True)
