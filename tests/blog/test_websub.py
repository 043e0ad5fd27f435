from datetime import timedelta
from urllib.parse import parse_qsl

import pytest
from django.utils.timezone import now

from blog import websub
from blog.models import SiteProfile
from tests.factories import make_post, make_user

pytestmark = pytest.mark.django_db

HUB = "https://hub.example/"


@pytest.fixture
def tasks(monkeypatch):
    """The moments for which the hub is to be told."""
    planned = []

    class Task:
        def using(self, run_after):
            planned.append(run_after)
            return self

        def enqueue(self, pk):
            pass

    monkeypatch.setattr(websub, "tell_hub", Task())
    return planned


def test_hub_is_told_of_what_is_public_and_at_its_hour_of_what_will_be(tasks):
    SiteProfile(websub_hub=HUB).save()
    tomorrow = now() + timedelta(days=1)
    make_post()
    make_post(published_at=tomorrow)
    for fields in ({"draft": True}, {"listed": False}, {"expires_at": now() - timedelta(hours=1)}):
        make_post(**fields)
    assert tasks == [None, tomorrow]


def test_site_without_a_hub_tells_nobody(tasks):
    make_post()
    assert tasks == []


def test_hub_hears_the_addresses_of_the_feeds(monkeypatch, settings):
    settings.SITE_URL = "https://blog.example"
    SiteProfile(websub_hub=HUB).save()
    sent = []

    class Answer:
        __enter__ = __exit__ = lambda *args: None

    def send(request, timeout):
        sent.append((request.full_url, parse_qsl(request.data.decode())))
        return Answer()

    monkeypatch.setattr(websub, "urlopen", send)
    websub.tell_hub.func()
    post = make_post(
        path="/posts/2026/one/",
        tags=["C++"],
        categories=["Essays"],
        series="Books",
        authors=[make_user("ada")],
    )
    websub.tell_hub.func(post.pk)
    [(address, told), (_address, of_a_post)] = sent
    assert address == HUB
    assert told[:2] == [("hub.mode", "publish"), ("hub.url", "https://blog.example/feed/")]
    assert len(told) == 4
    lists = ("/", "/posts/", "/posts/2026/", "/categories/essays/", "/series/books/", "/authors/ada/")
    tag = post.tags.get().get_absolute_url()
    told = {value for key, value in of_a_post if key == "hub.url"}
    assert told == {
        f"https://blog.example{path}feed/{kind}" for path in (*lists, tag) for kind in ("", "atom/", "json/")
    }


def test_nothing_but_web_addresses_is_asked(monkeypatch):
    SiteProfile(websub_hub="file:///etc/passwd").save()
    monkeypatch.setattr(websub, "urlopen", lambda *args, **kwargs: pytest.fail("was asked"))
    websub.tell_hub.func()
