"""Discussions close by themselves."""

from datetime import UTC, datetime, timedelta

import pytest
from django.utils import timezone

from blog.closing import next_closing
from blog.models import SiteProfile
from tests.factories import make_page, make_post

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)


@pytest.fixture
def thirty_days():
    SiteProfile.objects.create(comments_close_after=30)


def aged(days, **fields):
    return make_post(published_at=timezone.now() - timedelta(days=days), **fields)


def test_they_stay_open_where_nobody_says_otherwise():
    assert aged(4000).comments_open


def test_the_site_closes_them_after_some_days(thirty_days, client):
    young, old = aged(29), aged(31)
    assert young.comments_open and not old.comments_open
    assert client.get(f"{young.get_absolute_url()}comment/").status_code == 200
    assert client.get(f"{old.get_absolute_url()}comment/").status_code == 403
    assert "no longer taken" in client.get(old.get_absolute_url()).content.decode()


def test_a_post_may_have_days_of_its_own_or_none(thirty_days):
    assert not aged(8, comments_close_after=7).comments_open
    assert aged(4000, comments_close_after=0).comments_open
    assert not aged(8, discussion="open", comments_close_after=7).comments_open


def test_what_was_opened_by_hand_is_open(thirty_days):
    assert aged(4000, discussion="open").comments_open


def test_the_next_to_close_is_known_so_that_stored_pages_are_true(thirty_days, time_machine):
    time_machine.move_to(NOW, tick=False)
    aged(31)
    aged(29)
    aged(10)
    aged(29.5, discussion="open")
    assert next_closing(NOW) == NOW + timedelta(days=1)
    aged(6.5, comments_close_after=7)
    make_page(published_at=NOW - timedelta(days=1))
    assert next_closing(NOW) == NOW + timedelta(hours=12)


def test_nothing_closes_where_nothing_is_to_close():
    aged(10)
    assert next_closing(timezone.now()) is None
