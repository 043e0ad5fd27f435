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
FEEDS = ("posts_feed", "posts_atom", "posts_json")


def watch():
    post_save.connect(announce, sender=Post, dispatch_uid="websub")


def announce(sender, instance, raw=False, **kwargs):
    """A task for what has just become public, or one for the hour at which it will."""
    if (
        raw
        or instance.draft
        or not instance.listed
        or instance.is_expired
        or not SiteProfile.load().websub_hub
    ):
        return
    later = instance.public_at if instance.is_scheduled else None
    tell_hub.using(run_after=later).enqueue()


@task
def tell_hub():
    """The hub fetches the feeds itself; it is told their addresses only."""
    hub = SiteProfile.load().websub_hub
    if not hub.startswith(("http://", "https://")):
        return
    told = [("hub.mode", "publish"), *(("hub.url", absolute(reverse(name))) for name in FEEDS)]
    request = Request(hub, urlencode(told).encode(), headers={"User-Agent": "Commonplace"})  # noqa: S310
    with urlopen(request, timeout=TIMEOUT):  # noqa: S310, the scheme was looked at
        pass
