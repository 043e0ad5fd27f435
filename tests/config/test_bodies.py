"""Whoever sends slowly, or stops in the middle, is no harm to others and is not taken at half their word."""

import threading
from io import BytesIO

import pytest
from django.core import mail

from config import bodies
from tests.factories import make_post


def environ(stream, length, method="POST"):
    return {"REQUEST_METHOD": method, "CONTENT_LENGTH": str(length), "wsgi.input": stream}


def seen_by_django(request):
    seen = {}

    def app_that_looks(environ, start_response):
        seen.update(environ, body=environ["wsgi.input"].read())

    bodies.whole(app_that_looks)(request, None)
    return seen


class InPieces(BytesIO):
    def read(self, size=-1):
        return super().read(min(size, 3))


def test_a_body_comes_whole_in_however_many_pieces():
    seen = seen_by_django(environ(InPieces(b"author_name=Ann"), 15))
    assert seen["body"] == b"author_name=Ann"
    assert bodies.FLAW not in seen


def test_a_body_that_was_cut_is_not_shown_at_all():
    seen = seen_by_django(environ(BytesIO(b"body=Half a com"), 400))
    assert (seen[bodies.FLAW], seen["body"], seen["CONTENT_LENGTH"]) == (bodies.CUT, b"", "0")


class DeadLine:
    def read(self, size=-1):
        raise ConnectionResetError


def test_a_line_that_goes_dead_is_a_cut_body():
    assert seen_by_django(environ(DeadLine(), 400))[bodies.FLAW] == bodies.CUT


@pytest.mark.parametrize(("method", "length"), [("GET", 5), ("POST", 0), ("POST", "x")])
def test_nothing_is_awaited_that_django_does_not_read(method, length):
    class Untouched(BytesIO):
        def read(self, size=-1):
            assert seen, "read before Django has asked for it"
            return super().read(size)

    seen = {}

    def app(environ, start_response):
        seen.update(environ)

    bodies.whole(app)(environ(Untouched(b"hello"), length, method), None)
    assert bodies.FLAW not in seen


@pytest.mark.parametrize("method", ["POST", "GET", "PUT"])
def test_what_is_too_large_is_not_read_at_all(method):
    request = environ(BytesIO(b"--a file of a week"), bodies.LARGEST + 1, method)
    seen = seen_by_django(request)
    assert (seen[bodies.FLAW], seen["body"], seen["CONTENT_LENGTH"]) == (bodies.LARGE, b"", "0")


def test_who_sends_too_much_is_told_so(client, db):
    response = client.post("/login/", {}, **{bodies.FLAW: bodies.LARGE})
    assert response.status_code == 413
    assert "send less" in response.content.decode()


def test_only_some_may_be_awaited_at_once():
    begun, ended = threading.Event(), threading.Event()

    class Slow:
        def read(self, size=-1):
            begun.set()
            ended.wait(30)
            return b""

    app = bodies.whole(lambda environ, start_response: environ.get(bodies.FLAW), waiting=1)
    first = threading.Thread(target=app, args=(environ(Slow(), 9), None))
    first.start()
    begun.wait(30)
    assert app(environ(BytesIO(b"a=1"), 3), None) == bodies.LATE
    assert app(environ(BytesIO(b""), 0, "GET"), None) is None
    ended.set()
    first.join()
    assert app(environ(BytesIO(b"a=1"), 3), None) is None


@pytest.mark.django_db
@pytest.mark.parametrize(("flaw", "status"), [(bodies.LATE, 503), (bodies.CUT, 400)])
def test_it_is_answered_with_a_sentence_and_no_letter_to_the_admins(client, flaw, status, settings):
    settings.ADMINS = [("Ann", "ann@example.org")]
    post = make_post()
    response = client.post(f"{post.path}comment/", {"body": "Words"}, **{bodies.FLAW: flaw})
    assert response.status_code == status
    assert "again" in response.content.decode() or "once more" in response.content.decode()
    assert mail.outbox == []
    assert response.headers.get("Retry-After") == ("5" if status == 503 else None)
