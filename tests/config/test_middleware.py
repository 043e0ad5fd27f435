import io

import pytest
from django.http import FileResponse, HttpResponse
from django.test import Client, RequestFactory
from django.urls import reverse

from config.middleware import CompressTextMiddleware, ProxyMiddleware
from tests.factories import make_comment, make_post


@pytest.fixture
def seen(settings):
    settings.TRUSTED_PROXIES = ["10.0.0.0/8", "::1"]
    requests = []
    middleware = ProxyMiddleware(lambda request: requests.append(request) or HttpResponse())

    def ask(remote, **headers):
        middleware(RequestFactory().get("/", REMOTE_ADDR=remote, **headers))
        return requests[-1].META

    return ask


def test_a_trusted_proxys_word_is_taken(seen):
    assert seen("10.1.2.3", HTTP_X_FORWARDED_FOR="203.0.113.9")["REMOTE_ADDR"] == "203.0.113.9"
    assert seen("::1", HTTP_X_FORWARDED_FOR="2001:db8::9")["REMOTE_ADDR"] == "2001:db8::9"


def test_what_the_visitor_put_before_the_proxy_is_not(seen):
    forwarded = "1.1.1.1, 203.0.113.9, 10.9.9.9"
    assert seen("10.1.2.3", HTTP_X_FORWARDED_FOR=forwarded)["REMOTE_ADDR"] == "203.0.113.9"


def test_strangers_forwarding_headers_are_removed(seen):
    meta = seen("203.0.113.9", HTTP_X_FORWARDED_FOR="1.1.1.1", HTTP_X_FORWARDED_PROTO="https")
    assert meta["REMOTE_ADDR"] == "203.0.113.9"
    assert "HTTP_X_FORWARDED_PROTO" not in meta


def test_a_proxy_that_says_nothing_is_the_visitor(seen):
    assert seen("10.1.2.3")["REMOTE_ADDR"] == "10.1.2.3"
    assert seen("10.1.2.3", HTTP_X_FORWARDED_FOR="10.4.4.4")["REMOTE_ADDR"] == "10.1.2.3"


def compressed(response, **headers):
    request = RequestFactory().get("/", headers={"accept-encoding": "br, gzip", **headers})
    return CompressTextMiddleware(lambda request: response)(request)


def test_text_is_compressed_and_says_so():
    response = compressed(HttpResponse("A page. " * 100))
    assert response["Content-Encoding"] == "gzip"
    assert response["Vary"] == "Accept-Encoding"
    assert len(response.content) < 200


def test_pictures_and_files_sent_in_parts_are_left_alone():
    picture = compressed(HttpResponse(b"A" * 1000, content_type="image/png"))
    file = compressed(FileResponse(io.BytesIO(b"A" * 1000), content_type="text/plain"))
    assert not picture.has_header("Content-Encoding")
    assert not file.has_header("Content-Encoding")


@pytest.mark.parametrize("method", ["TRACE", "PUT", "DELETE", "PATCH", "PROPFIND"])
@pytest.mark.parametrize("path", ["/healthz", "/admin/", "/feed/", "/", "/nothing/"])
def test_methods_that_nobody_uses_are_refused_everywhere(client, method, path):
    response = client.generic(method, path, HTTP_X_SECRET="mirror")
    assert response.status_code == 405
    assert response["Allow"] == "GET, HEAD, OPTIONS, POST"
    assert response["Content-Security-Policy"]
    assert b"mirror" not in response.content


@pytest.mark.django_db
@pytest.mark.parametrize("host", ["10.0.0.7:8000", "[2001:db8::7]:8000", "evil.example"])
def test_a_load_balancer_may_ask_by_address_and_nobody_for_more(client, host):
    assert client.get("/healthz", HTTP_HOST=host).json() == {"status": "ok"}
    assert client.get("/", HTTP_HOST=host).status_code == 400


FORBIDDEN = "".join(map(chr, {*range(1, 0x20), *range(0x7F, 0xA0), *range(0xFDD0, 0xFDF0)} - {9, 10, 12, 13}))
FORBIDDEN += "\ufffe\uffff\U0001fffe\U0010ffff"
FINE = "\t\xa0\u202e\ufdcf\ufdf0\ufffd 👩‍👩‍👦‍👦 \U0001f4a5"


@pytest.mark.django_db
def test_no_page_for_readers_has_characters_that_html_forbids(client, editor_client):
    post = make_post(f"On {FORBIDDEN}{FINE}margins", slug="on", tags=[f"a{FORBIDDEN}b"])
    make_comment(post, author_name=f"A{FORBIDDEN}da")
    for path in (post.path, "/", "/archive/", "/tags/", "/search/", "/not/here/"):
        response = Client().get(path, {"q": f"on{FORBIDDEN}margins"})
        assert int(response["Content-Length"]) == len(response.content), path
        page = response.content.decode()
        assert not set(page) & set(FORBIDDEN), path
        if path in (post.path, "/", "/archive/"):
            assert f"On {FINE}margins" in page
    post.refresh_from_db()
    assert FORBIDDEN in post.title, "what is stored is what was written"
    form = editor_client.get(reverse("admin:blog_post_change", args=[post.pk])).content.decode()
    assert FORBIDDEN[3:9] in form, "sent back without them, the text would be another"
