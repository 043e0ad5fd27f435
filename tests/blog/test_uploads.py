import json
from io import BytesIO
from pathlib import Path

import pytest
from django.conf import settings
from django.contrib.auth.models import Permission
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from PIL import Image

from blog import pictures
from tests.factories import make_user

UPLOAD = "/admin/blog/post/upload/"


def png(name="red wall.png", colour="#a3271b", content_type="image/png"):
    handle = BytesIO()
    Image.new("RGB", (64, 36), colour).save(handle, "PNG")
    return SimpleUploadedFile(name, handle.getvalue(), content_type)


def stored_files():
    return [path for path in Path(settings.MEDIA_ROOT).rglob("*") if path.is_file()]


def put(name, content=b"words"):
    path = Path(settings.MEDIA_ROOT) / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content)
    return f"/media/{name}"


@pytest.fixture
def make_writer(db):
    def make(*codenames, **fields):
        user = make_user(is_staff=fields.pop("is_staff", True), **fields)
        user.user_permissions.set(Permission.objects.filter(codename__in=codenames))
        client = Client()
        client.force_login(user)
        return client

    return make


# Coming in


def test_editor_gets_the_markdown_of_a_stored_picture(editor_client):
    answer = editor_client.post(UPLOAD, {"image": png()}).json()
    assert answer["image_code"] == f"![red wall]({answer['image_path']})"
    assert (answer["width"], answer["height"]) == (64, 36)
    shown = editor_client.get(answer["image_path"])
    assert shown["Content-Type"] == "image/png"
    assert Image.open(BytesIO(b"".join(shown.streaming_content))).size == (64, 36)


def test_the_same_picture_is_stored_once(editor_client):
    first = editor_client.post(UPLOAD, {"image": png("a.png")}).json()
    second = editor_client.post(UPLOAD, {"image": png("b.png")}).json()
    assert first["image_path"] == second["image_path"]
    assert len(list(Path(settings.MEDIA_ROOT, "uploads").rglob("*.png"))) == 1


@pytest.mark.parametrize(
    "name", ["x.html", "../../x.php", "x", "x.svg", ".htaccess", "a](javascript:alert(1)).png"]
)
def test_the_name_of_a_stored_picture_is_never_the_sender_s(editor_client, name):
    answer = editor_client.post(UPLOAD, {"image": png(name, content_type="text/html")}).json()
    assert answer["image_path"].startswith("/media/uploads/")
    assert answer["image_path"].endswith(".png")
    assert "javascript:" not in answer["image_code"]
    assert {path.suffix for path in stored_files()} == {".png"}


@pytest.mark.parametrize(
    ("name", "content", "content_type"),
    [
        ("x.png", b"<html><script>alert(1)</script></html>", "image/png"),
        ("x.gif", b"GIF89a<script>alert(1)</script>", "image/gif"),
        (
            "x.svg",
            b'<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>',
            "image/svg+xml",
        ),
        ("x.jpg", b"\xff\xd8\xff\xe0" + b"\0" * 100, "image/jpeg"),
        ("x.png", b"", "image/png"),
    ],
)
def test_what_is_no_picture_gets_a_sentence_and_is_not_stored(editor_client, name, content, content_type):
    response = editor_client.post(UPLOAD, {"image": SimpleUploadedFile(name, content, content_type)})
    assert response.status_code == 400
    assert response.json()["error"].endswith(".")
    assert stored_files() == []


def test_a_request_without_a_picture_gets_a_sentence(editor_client):
    response = editor_client.post(UPLOAD, {})
    assert (response.status_code, response.json()["error"]) == (400, "No picture was sent.")
    response = editor_client.post(UPLOAD, {"image": "not a file"})
    assert response.status_code == 400


def test_an_upload_of_eleven_megabytes_is_refused_by_its_length(editor_client):
    large = SimpleUploadedFile("x.png", png().read() + bytes(pictures.MAX_BYTES + 1024 * 1024), "image/png")
    response = editor_client.post(UPLOAD, {"image": large})
    assert (response.status_code, response.json()["error"]) == (400, "The picture is larger than 10 MB.")


def test_two_hundred_megabytes_are_refused_before_they_are_read(editor_client):
    class Unread(BytesIO):
        def read(self, *args):
            raise AssertionError("The body was read.")

    response = editor_client.generic(
        "POST",
        UPLOAD,
        content_type="multipart/form-data; boundary=x",
        CONTENT_LENGTH="200000000",
        **{"wsgi.input": Unread()},
    )
    assert (response.status_code, response.json()["error"]) == (400, "The picture is larger than 10 MB.")


@pytest.mark.parametrize("method", ["get", "put", "delete"])
def test_upload_takes_post_only(editor_client, method):
    assert getattr(editor_client, method)(UPLOAD).status_code == 405


def test_upload_needs_a_token(editor):
    client = Client(enforce_csrf_checks=True)
    client.force_login(editor)
    assert client.post(UPLOAD, {"image": png()}).status_code == 403
    assert stored_files() == []


@pytest.mark.parametrize("codenames", [["add_post"], ["change_post"], ["add_page"], ["change_page"]])
def test_whoever_may_write_may_upload(make_writer, codenames):
    assert make_writer(*codenames).post(UPLOAD, {"image": png()}).status_code == 200


def test_nobody_else_may_upload(client, make_writer):
    staff, member = make_writer("view_post", "delete_post"), make_writer("add_post", is_staff=False)
    for somebody in (client, staff, member):
        response = somebody.post(UPLOAD, {"image": png()})
        assert response.status_code == 403
        assert "error" in json.loads(response.content)
    assert stored_files() == []


def test_the_library_s_own_addresses_do_not_answer(editor_client):
    for address in ("/markdownx/upload/", "/markdownx/markdownify/"):
        assert editor_client.post(address, {"image": png(), "content": "x"}).status_code in (404, 405)
    assert stored_files() == []


# Going out


@pytest.mark.parametrize(
    ("name", "kind", "attached"),
    [
        ("a.png", "image/png", False),
        ("a.avif", "image/avif", False),
        ("a.svg", "image/svg+xml", False),
        ("a.txt", "text/plain; charset=utf-8", False),
        ("a.html", "application/octet-stream", True),
        ("a.xhtml", "application/octet-stream", True),
        ("a.xml", "application/octet-stream", True),
        ("a.js", "application/octet-stream", True),
        ("a.css", "application/octet-stream", True),
        ("a.svg.gz", "application/octet-stream", True),
        ("a.unheard-of", "application/octet-stream", True),
    ],
)
def test_a_file_goes_out_as_something_that_cannot_act(client, db, name, kind, attached):
    response = client.get(put(name))
    assert response["Content-Type"] == kind
    assert response["Content-Disposition"].startswith("attachment") == attached
    assert response["X-Content-Type-Options"] == "nosniff"
    assert response["Content-Security-Policy"].startswith("sandbox; default-src 'none'")


def test_a_file_that_did_not_change_is_not_sent_again(client, db):
    address = put("uploads/a.png")
    first = client.get(address)
    assert "immutable" in first["Cache-Control"]
    by_tag = client.get(address, headers={"If-None-Match": first["ETag"]})
    by_date = client.get(address, headers={"If-Modified-Since": first["Last-Modified"]})
    assert (by_tag.status_code, by_date.status_code) == (304, 304)


@pytest.mark.parametrize(
    "name",
    [
        "none.png",
        "uploads",
        "uploads/",
        "../secret",
        "%2e%2e/secret",
        "..%2fsecret",
        "a%00b.png",
        "/etc/passwd",
    ],
)
def test_whatever_is_no_file_inside_the_folder_is_not_found(client, db, name):
    put("uploads/a.png")
    (Path(settings.MEDIA_ROOT).parent / "secret").write_text("secret")
    assert client.get(f"/media/{name}").status_code == 404


def test_files_are_only_read(client, db):
    assert client.post(put("a.png")).status_code == 405
    assert reverse("media", args=["a.png"]) == "/media/a.png"
