"""Posts appear and expire by the site's own clock, on the days when it is put forward and back too."""

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest
from django.test import Client

from blog.models import Post, SiteProfile
from blog.moments import trouble
from tests.blog.test_admin import ADD, change, form_of, refusals, saved, send
from tests.factories import make_post


def local(text):
    return datetime.fromisoformat(text)


@pytest.mark.parametrize(
    ("zone", "time", "words"),
    [
        ("Europe/Berlin", "2026-03-29T02:30", "02:30 on 29 March 2026 does not exist in Europe/Berlin"),
        ("Europe/Berlin", "2026-03-29T02:00", "Give 03:00, say."),
        ("America/New_York", "2026-03-08T02:59", "Give 03:59, say."),
        ("Australia/Lord_Howe", "2026-10-04T02:15", "Give 02:45, say."),
        ("Europe/Berlin", "2026-10-25T02:00", "Give a time before 02:00 or from 03:00 on."),
        ("Europe/Berlin", "2026-10-25T02:59", "comes twice in Europe/Berlin"),
        ("America/New_York", "2026-11-01T01:30", "Give a time before 01:00 or from 02:00 on."),
        ("Australia/Lord_Howe", "2026-04-05T01:45", "Give a time before 01:30 or from 02:00 on."),
    ],
)
def test_a_time_that_clocks_skip_or_repeat_is_told_with_a_way_out(zone, time, words):
    assert words in trouble(local(time), ZoneInfo(zone))


@pytest.mark.parametrize(
    ("zone", "time"),
    [
        ("Europe/Berlin", "2026-03-29T01:59"),
        ("Europe/Berlin", "2026-03-29T03:00"),
        ("Europe/Berlin", "2026-10-25T01:59"),
        ("Europe/Berlin", "2026-10-25T03:00"),
        ("UTC", "2026-03-29T02:30"),
        ("Asia/Tokyo", "2026-10-25T02:30"),
    ],
)
def test_any_other_time_is_right(zone, time):
    assert trouble(local(time), ZoneInfo(zone)) == ""


@pytest.fixture
def berlin(db):
    SiteProfile(time_zone="Europe/Berlin").save()


@pytest.mark.parametrize("name", ["published_at", "expires_at", "public_at"])
def test_the_form_says_so_and_keeps_what_was_written(berlin, editor_client, name):
    for time, words in (("2026-03-29T02:30", "does not exist"), ("2026-10-25T02:30", "comes twice")):
        errors = refusals(editor_client, ADD, title="x", body="Words.", **{name: time})
        assert words in errors[name][0]
        response = send(editor_client, ADD, title="x", body="Words.", **{name: time})
        assert time in response.content.decode() and "Words." in response.content.decode()


@pytest.mark.parametrize(
    ("time", "moment"),
    [
        ("2026-03-29T01:59", datetime(2026, 3, 29, 0, 59, tzinfo=UTC)),
        ("2026-03-29T03:00", datetime(2026, 3, 29, 1, 0, tzinfo=UTC)),
        ("2026-10-25T01:59", datetime(2026, 10, 24, 23, 59, tzinfo=UTC)),
        ("2026-10-25T03:00", datetime(2026, 10, 25, 2, 0, tzinfo=UTC)),
    ],
)
def test_a_post_appears_and_expires_at_its_minute(berlin, editor, editor_client, time_machine, time, moment):
    time_machine.move_to(datetime(2026, 1, 1, tzinfo=UTC), tick=False)
    editor_client.force_login(editor)
    send(editor_client, ADD, title="Appears", published_at=time, _publish="")
    send(editor_client, ADD, title="Expires", published_at="2026-01-01T00:30", expires_at=time, _publish="")
    reader = Client()
    for seconds, appeared, expired in ((-1, 404, 200), (0, 200, 404)):
        time_machine.move_to(datetime.fromtimestamp(moment.timestamp() + seconds, UTC), tick=False)
        assert reader.get("/posts/appears/").status_code == appeared
        assert reader.get("/posts/expires/").status_code == expired
    assert Post.objects.get(title="Appears").published_at == moment


@pytest.mark.parametrize("hour", [0, 1])
def test_a_stored_moment_of_an_hour_that_comes_twice_stays_what_it_is(berlin, editor_client, hour):
    moment = datetime(2020, 10, 25, hour, 30, 15, tzinfo=UTC)  # 02:30 summer time, 02:30 winter time
    post = make_post(published_at=moment)
    assert form_of(editor_client, change(post))["published_at"] == "2020-10-25T02:30"
    assert saved(editor_client, post, body="New.").published_at == moment
