"""What browsers are told with every answer, whatever kind it is and whoever made it."""

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.urls import reverse

from tests.factories import make_post

pytestmark = pytest.mark.django_db
FOR_HTTPS = {"SECURE_SSL_REDIRECT": True, "SECURE_HSTS_SECONDS": 31536000, "ALLOWED_HOSTS": ["testserver"]}
KINDS = {
    "page": ("/", 200),
    "post": ("/posts/shown/", 200),
    "form": ("/posts/shown/comment/", 200),
    "search": ("/search/?q=x", 200),
    "feed": ("/feed/", 200),
    "JSON": ("/feed/json/", 200),
    "sitemap": ("/sitemap.xml", 200),
    "text": ("/robots.txt", 200),
    "icon": ("/icon-48.png", 200),
    "liveness": ("/healthz", 200),
    "login": ("/login/", 200),
    "admin": ("/admin/", 200),
    "admin form": ("/admin/blog/post/add/", 200),
    "static file": ("/static/site.css", 200),
    "upload": ("/media/uploads/red.png", 200),
    "redirect": ("/favicon.ico", 302),
    "nothing": ("/nowhere/", 404),
    "no static file": ("/static/nothing.css", 404),
    "no upload": ("/media/nothing.png", 404),
    "wrong method": ("/media/uploads/red.png", 405),
    "wrong host": ("/", 400),
    "not HTTPS": ("/", 301),
}


@pytest.fixture
def answer_of(settings, editor_client, tmp_path):
    for name, value in FOR_HTTPS.items():
        setattr(settings, name, value)
    settings.STATIC_ROOT = tmp_path
    (tmp_path / "site.css").write_text("p {}")
    make_post("Shown", slug="shown")
    default_storage.save("uploads/red.png", ContentFile(b"bytes"))

    def ask(kind):
        path, status = KINDS[kind]
        host = {"HTTP_HOST": "evil.example"} if kind == "wrong host" else {}
        method = "PUT" if kind == "wrong method" else "GET"
        response = editor_client.generic(method, path, secure=kind != "not HTTPS", **host)
        assert response.status_code == status, kind
        return response

    return ask


@pytest.mark.parametrize("kind", KINDS)
def test_every_answer_shuts_out_what_the_site_does_not_need(answer_of, kind):
    response = answer_of(kind)
    policy = dict(
        part.strip().split(" ", 1)
        for part in response["Content-Security-Policy"].split(";")
        if " " in part.strip()
    )
    assert policy["default-src"] == "'none'"
    assert policy["frame-ancestors"] == policy["base-uri"] == "'none'"
    assert "unsafe" not in response["Content-Security-Policy"]
    assert response["X-Frame-Options"] == "DENY"
    assert response["X-Content-Type-Options"] == "nosniff"
    assert response["Referrer-Policy"] in ("strict-origin-when-cross-origin", "same-origin", "no-referrer")
    assert response["Cross-Origin-Opener-Policy"] == "same-origin"
    assert "camera=()" in response["Permissions-Policy"]
    is_for_all = kind in ("icon", "static file", "upload")
    assert response["Cross-Origin-Resource-Policy"] == ("cross-origin" if is_for_all else "same-origin")
    if kind not in ("not HTTPS", "wrong host"):
        assert response["Strict-Transport-Security"].startswith("max-age=31536000")


def test_a_file_that_has_not_changed_keeps_its_own_policy(client):
    default_storage.save("uploads/red.png", ContentFile(b"bytes"))
    address = reverse("media", args=["uploads/red.png"])
    first = client.get(address)
    assert "sandbox" in first["Content-Security-Policy"]
    again = client.get(address, HTTP_IF_NONE_MATCH=first["ETag"])
    assert again.status_code == 304
    for name in ("Content-Security-Policy", "Cross-Origin-Resource-Policy"):
        assert again.get(name) in (None, first[name])
