"""When a site gives its posts another kind of address, those that had the old kind may follow, each leaving a redirect.

A path that was chosen by hand, or came with a site that moved here, was not made from the pattern and stays.
"""

from dataclasses import dataclass

from django.db import transaction
from django.utils import timezone

from blog import addresses
from blog.models import Post
from blog.paths import expand

AT_ONCE = 100  # each is rendered anew, for its text may have links that begin at its address


@dataclass(frozen=True)
class Move:
    pk: int
    title: str
    path: str
    target: str


def moves(old, new, after=0):
    """What a change of the pattern would move, in the order of their keys: one query."""
    columns = ("pk", "title", "path", "slug", "published_at")
    found = []
    for pk, title, path, slug, at in Post.objects.filter(pk__gt=after).order_by("pk").values_list(*columns):
        local = at and timezone.localtime(at)
        if path == expand(old, slug, local) and path != (target := expand(new, slug, local)):
            found.append(Move(pk, title, path, target))
    return found


@transaction.atomic
def carry_out(planned):
    """Move these posts. Reasons, as sentences, for those that stay."""
    posts = Post.objects.in_bulk([move.pk for move in planned])
    reasons = []
    for move in planned:
        post = posts[move.pk]
        if reason := addresses.trouble(move.target, post):
            reasons.append(f"{move.path}: {reason}")
            continue
        post.path = move.target
        post.save()
    return reasons
