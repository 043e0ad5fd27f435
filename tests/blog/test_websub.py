from datetime import timedelta
from urllib.parse import parse_qsl

import pytest
from django.utils.timezone import now

from blog import websub
from blog.models import SiteProfile
from tests.factories import make_post

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

        def enqueue(self):
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
    [(address, told)] = sent
    assert address == HUB
    assert told[:2] == [("hub.mode", "publish"), ("hub.url", "https://blog.example/feed/")]


def test_nothing_but_web_addresses_is_asked(monkeypatch):
    SiteProfile(websub_hub="file:///etc/passwd").save()
    monkeypatch.setattr(websub, "urlopen", lambda *args, **kwargs: pytest.fail("was asked"))
    websub.tell_hub.func()
