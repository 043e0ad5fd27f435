"""Tells a WebSub hub of new and changed posts, so that readers' programs hear of them at once.
https://www.w3.org/TR/websub/

A site without a hub tells nobody, and asks no server anything.
"""

from urllib.parse import urlencode
from urllib.request import Request, urlopen

from django.db.models.signals import post_save
from django.urls import reverse

from blog.models import Post, SiteProfile
from config.background import task
from config.links import absolute

TIMEOUT = 10  # seconds
KINDS = ("", "atom/", "json/")


def watch():
    post_save.connect(announce, sender=Post, dispatch_uid="websub")


def announce(sender, instance, raw=False, **kwargs):
    """A task for what has just become public, or one for the hour at which it will."""
    if (
        raw
        or instance.draft
        or not instance.listed
        or instance.is_expired
        or not instance.site_profile.websub_hub
    ):
        return
    later = instance.public_at if instance.is_scheduled else None
    tell_hub.using(run_after=later).enqueue(instance.pk)


def feeds_of(post):
    """The addresses of all feeds that have the post: the site's, its sections' and terms', its authors'."""
    above = post.path.strip("/").split("/")[:-1]
    lists = ["/", *(f"/{'/'.join(above[: end + 1])}/" for end in range(len(above)))]
    if post.pk:
        terms = [*post.tags.all(), *post.categories.all(), *filter(None, [post.series])]
        lists += [term.get_absolute_url() for term in terms]
        lists += [reverse("author", args=[author.get_username()]) for author in post.authors.all()]
    return [absolute(f"{path}feed/{kind}") for path in dict.fromkeys(lists) for kind in KINDS]


@task
def tell_hub(pk=None):
    """The hub fetches the feeds itself; it is told their addresses only."""
    hub = SiteProfile.load().websub_hub
    if not hub.startswith(("http://", "https://")):
        return
    post = Post.objects.filter(pk=pk).first() or Post(path="/")
    told = [("hub.mode", "publish"), *(("hub.url", address) for address in feeds_of(post))]
    request = Request(hub, urlencode(told).encode(), headers={"User-Agent": "Commonplace"})  # noqa: S310
    with urlopen(request, timeout=TIMEOUT):  # noqa: S310, the scheme was looked at
        pass
