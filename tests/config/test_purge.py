"""What a CDN in front of the site is told, and when."""

import json
import threading
from datetime import timedelta
from http.server import BaseHTTPRequestHandler, HTTPServer

import pytest
from django.utils import timezone

from config import purge
from config.pagestore import COMMENTS, SITE, topic
from tests.factories import make_comment, make_post

pytestmark = pytest.mark.django_db(transaction=True)


class Cdn:
    def __init__(self):
        self.told, self.answers, self.now = [], True, timezone.now().timestamp()
        self.purger = purge.Purger(self.take, lambda: self.now)

    def take(self, topics):
        if not self.answers:
            raise OSError("no line")
        self.told.append(topics)

    def look(self, after=0):
        self.now += after
        self.told = []
        self.purger.look()
        return self.told


@pytest.fixture
def cdn():
    cdn = Cdn()
    assert cdn.look() == [[SITE]]
    assert cdn.look(after=purge.AGAIN_AFTER) == [[SITE]]
    return cdn


def test_nothing_is_said_while_nothing_changes(cdn):
    assert cdn.look() == cdn.look(after=100) == []


def test_a_changed_post_is_said_at_once_and_a_little_later_once_more(cdn):
    make_post()
    assert cdn.look() == [[SITE]]
    assert cdn.look(after=1) == []
    assert cdn.look(after=purge.AGAIN_AFTER) == [[SITE]]
    assert cdn.look(after=purge.AGAIN_AFTER) == []


def test_a_comment_concerns_its_own_discussion(cdn):
    post = make_post()
    cdn.look(), cdn.look(after=purge.AGAIN_AFTER)
    comment = make_comment(post)
    assert cdn.look() == [[COMMENTS, topic(COMMENTS, comment.content_type_id, post.pk)]]


def test_a_post_that_appears_by_the_clock_is_said_at_its_second(cdn):
    make_post(published_at=timezone.now() + timedelta(hours=1))
    cdn.look(), cdn.look(after=purge.AGAIN_AFTER)
    assert cdn.look(after=3000) == []
    assert cdn.look(after=700) == [[SITE]]


def test_a_cdn_that_did_not_answer_is_told_later(cdn):
    make_post()
    cdn.answers = False
    assert cdn.look() == []
    cdn.answers = True
    assert cdn.look(after=1) == []  # it is given time
    assert cdn.look(after=purge.PAUSE) == [[SITE]]


def test_very_many_changes_are_said_in_one_word(cdn, monkeypatch):
    monkeypatch.setattr(purge, "MOST", 2)
    make_comment(make_post("A")), make_comment(make_post("B"))
    assert cdn.look() == [[SITE]]


class Listener(BaseHTTPRequestHandler):
    def do_POST(self):
        body = self.rfile.read(int(self.headers["Content-Length"]))
        self.server.heard = (self.path, dict(self.headers), json.loads(body))
        self.send_response(200)
        self.end_headers()

    def log_message(self, *args):
        pass


def test_it_is_said_in_words_that_cdns_understand(settings):
    with HTTPServer(("127.0.0.1", 0), Listener) as server:
        settings.PURGE_URL = f"http://127.0.0.1:{server.server_port}/purge"
        settings.PURGE_HEADER = "Fastly-Key: secret"
        thread = threading.Thread(target=server.handle_request)
        thread.start()
        purge.tell(["site", "comments:3:4"])
        thread.join()
    path, headers, body = server.heard
    assert path == "/purge" and headers["Fastly-Key"] == "secret"
    assert headers["Surrogate-Key"] == "site comments:3:4"
    assert body == {"tags": ["site", "comments:3:4"]}


def test_pages_say_what_they_are_made_from_only_where_somebody_is_told(settings, tmp_path):
    from tests.config.test_pagestore import Reader

    post = make_post()
    assert "Surrogate-Key" not in Reader(tmp_path / "a").get(post.path).head
    settings.PURGE_URL = "https://cdn.example/purge"
    head = Reader(tmp_path / "b").get(post.path).head
    assert SITE in head["Surrogate-Key"].split() and SITE in head["Cache-Tag"].split(",")
    assert head["Surrogate-Control"].startswith("max-age=") and "no-cache" in head["Cache-Control"]
    for reader in Reader.all:
        reader.store.clock.close()
