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
        return next(iter(_number(self.tag_ids, self.now)), 0)

    def __getitem__(self, places):
        # Anybody may think up the number of a page, so only the first is prepared.
        ask = _cards.plain if places.start else _cards
        kind = ContentType.objects.get_for_model(Post)
        return ask(self.tag_ids, self.now, kind.pk, range(places.start, places.stop))


def _chosen(tag_ids, now):
    posts = Post.objects.listed(now)
    for tag_id in tag_ids:
        posts = posts.filter(tags=tag_id)
    return posts


@prepared
def _cards(tag_ids, now, content_type_id, places):
    return _chosen(tag_ids, now).for_list(content_type_id)[places.start : places.stop]


@prepared
def _number(tag_ids, now):
    counted = _chosen(tag_ids, now).order_by().values(one=Value(1)).annotate(number=Count("pk"))
    return counted.values_list("number", flat=True)
