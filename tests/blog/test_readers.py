import pytest

from blog.models import FeedReader
from blog.readers import EVERY, ReaderCounter, said

HOSTED = "Feedbin feed-id:1 - 37 subscribers"


@pytest.mark.parametrize(
    ("user_agent", "expected"),
    [
        (HOSTED, ("Feedbin", 37)),
        ("Mozilla/5.0 (compatible; inoreader.example; 12 subscribers)", ("inoreader.example", 12)),
        ("Mozilla/5.0 (compatible; BazQux/2.4; +https://b.example/f; 1 subscribers)", ("BazQux", 1)),
        ("Feedly/1.0 (1,204 readers)", ("Feedly", 1204)),
        ("Feedly/1.0 (+http://feedly.example/; 1204 subscribers; like FeedFetcher)", ("Feedly", 1204)),
        ("NewsBlur Feed Fetcher - 1 subscriber - http://x.example", ("NewsBlur Feed Fetcher", 1)),
        ("Mozilla/5.0 (X11; Linux)", None),
        ("subscribers", None),
        ("Evil - 99999999999999 subscribers", ("Evil", 9999999)),
    ],
)
def test_programs_say_for_how_many_people_they_come(user_agent, expected):
    assert said(user_agent) == expected


def fetch(counter, path="/feed/", user_agent=HOSTED):
    return counter({"PATH_INFO": path, "HTTP_USER_AGENT": user_agent}, None)


@pytest.fixture
def counter(db, monkeypatch):
    monkeypatch.setattr("blog.readers.connection.close", lambda: None)  # the test goes on with its own
    return ReaderCounter(lambda environ, start_response: [b"the feed"], start=lambda write: write())


def test_subscribers_are_written_down_once_an_hour(counter, django_assert_num_queries, monkeypatch):
    assert fetch(counter) == [b"the feed"]
    assert FeedReader.objects.get().subscribers == 37
    with django_assert_num_queries(0):
        fetch(counter, user_agent=HOSTED.replace("37", "40"))
    counter.written_at = {key: at - EVERY for key, at in counter.written_at.items()}
    fetch(counter, user_agent=HOSTED.replace("37", "40"))
    assert FeedReader.objects.get().subscribers == 40


def test_other_requests_cost_nothing(counter, django_assert_num_queries):
    with django_assert_num_queries(0):
        fetch(counter, path="/posts/one/")
        fetch(counter, user_agent="Mozilla/5.0")
        fetch(counter, path="/feed/", user_agent="reader of books")
    assert not FeedReader.objects.exists()


def test_feed_is_served_although_it_cannot_be_counted(counter, monkeypatch):
    def fail(*args):
        raise OSError("disk full")

    monkeypatch.setattr("blog.readers.write_down", fail)
    assert fetch(counter) == [b"the feed"]
