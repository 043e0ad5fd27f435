"""When the database or the disk takes no writes: readers go on, writers get an honest 503 and keep their words."""

import errno
import resource
import sqlite3
import threading
from contextlib import contextmanager

import pytest
from bs4 import BeautifulSoup
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import OperationalError, connection
from django.urls import reverse

from comments.models import Comment
from config.faults import seconds_to_wait
from tests.factories import make_post
from tests.running import POST, Visitor, family

WORDS = 'My <b>long</b> & considered\n\n> answer, with "quotes" & all of its\n\nparagraphs.'
pytestmark = pytest.mark.xdist_group("running")
NAME = 'Ann "<script>'


@contextmanager
def writes_fail(code):
    """Every write fails as SQLite's do with this result code."""

    def refuse(execute, sql, params, many, context):
        if sql.split()[0] in ("INSERT", "UPDATE", "DELETE", "BEGIN"):
            error = OperationalError("database is locked")
            error.__cause__ = type("Cause", (Exception,), {"sqlite_errorcode": code})()
            raise error
        return execute(sql, params, many, context)

    with connection.execute_wrapper(refuse):
        yield


@pytest.fixture
def visitor(client, transactional_db):
    client.raise_request_exception = False
    return client


def comment_on(client, post, body=WORDS):
    form = BeautifulSoup(client.get(f"{post.path}comment/").content, "html.parser").select_one("main form")
    fields = {field["name"]: field.get("value", "") for field in form.select("input[name]")}
    return client.post(f"{post.path}comment/", {**fields, "author_name": NAME, "body": body, "send": ""})


def shown_form(response):
    """The fields of the form on a 503 page, as a browser would send them."""
    page = BeautifulSoup(response.content, "html5lib")
    fields = {field["name"]: field.get("value", "") for field in page.select("main form input[name]")}
    for area in page.select("main form textarea"):
        fields[area["name"]] = area.get_text().removeprefix("\n")
    return fields


@pytest.mark.parametrize(
    ("code", "wait"), [(5, "5"), (261, "5"), (6, "5"), (8, "60"), (13, "60"), (778, "60")]
)
def test_a_comment_that_cannot_be_saved_comes_back_with_every_word(visitor, code, wait):
    post = make_post()
    with writes_fail(code):
        response = comment_on(visitor, post)
    assert response.status_code == 503
    assert response["Retry-After"] == wait
    assert "no-store" in response["Cache-Control"]
    fields = shown_form(response)
    assert fields["body"].replace("\r\n", "\n") == WORDS
    assert fields["author_name"] == NAME
    assert b"<script" not in response.content
    assert Comment.objects.count() == 0


def test_the_form_of_the_503_page_can_be_sent_again(visitor):
    post = make_post()
    visitor.handler.enforce_csrf_checks = True
    with writes_fail(5):
        fields = shown_form(comment_on(visitor, post))
    response = visitor.post(f"{post.path}comment/", fields)
    assert response.status_code == 302
    assert Comment.objects.get().body == WORDS


def test_a_short_comment_is_shown_too(visitor):
    post = make_post()
    with writes_fail(5):
        response = comment_on(visitor, post, body="Thanks!")
    field = BeautifulSoup(response.content, "html5lib").select_one("main [name=body]")
    assert field["value"] == "Thanks!"
    assert field.get("type") != "hidden"


def test_readers_go_on(visitor):
    post = make_post()
    with writes_fail(13):
        for path in ("/", post.path, f"{post.path}comment/", "/feed/", "/search/?q=text", "/healthz"):
            assert visitor.get(path).status_code == 200


@pytest.mark.django_db(transaction=True)
def test_an_editors_text_comes_back(editor_client):
    editor_client.raise_request_exception = False
    post = make_post(draft=True)
    url = reverse("admin:blog_post_change", args=[post.pk])
    form = BeautifulSoup(editor_client.get(url).content, "html.parser").select_one("form#post_form")
    fields = {
        field["name"]: field.get("value", "")
        for field in form.select("input[name]")
        if field["type"] != "file"
    }
    written = {"title": "A title", "body": WORDS, "markup": "markdown", "_save": "Save"}
    with writes_fail(13):
        response = editor_client.post(url, {**fields, **written})
    assert response.status_code == 503
    shown = shown_form(response)
    assert shown["body"].replace("\r\n", "\n") == WORDS
    assert shown["title"].strip() == "A title"
    assert "_save" in shown


def test_a_password_is_never_repeated(visitor, editor):
    with writes_fail(5):
        response = visitor.post("/login/", {"username": "editor", "password": "open sesame 7"})
    assert response.status_code == 503
    assert b"sesame" not in response.content


@pytest.mark.django_db(transaction=True)
def test_a_picture_that_finds_no_room_is_told_to_the_editors_script(editor_client, monkeypatch):
    def full(*_arguments, **_options):
        raise OSError(errno.ENOSPC, "No space left on device")

    editor_client.raise_request_exception = False
    monkeypatch.setattr("blog.admin.editor.PictureForm.is_valid", full)
    response = editor_client.post(
        reverse("admin:blog_upload"),
        {"image": SimpleUploadedFile("a.png", b"png", "image/png")},
        headers={"X-Requested-With": "XMLHttpRequest"},
    )
    assert response.status_code == 503
    assert "again" in response.json()["error"]


def test_other_faults_are_still_our_own(visitor):
    post = make_post()
    with writes_fail(1):  # a statement that SQLite does not understand
        assert comment_on(visitor, post).status_code == 500
    assert seconds_to_wait(ValueError()) is None
    assert seconds_to_wait(OSError(errno.ENOENT, "")) is None


@pytest.mark.django_db(transaction=True)
def test_a_database_that_has_become_read_only_says_so_itself(client):
    """No stand-in here: the database refuses by itself."""
    post = make_post()
    client.raise_request_exception = False
    switch = {"sqlite": "PRAGMA query_only = {}", "postgresql": "SET default_transaction_read_only = {}"}
    with connection.cursor() as cursor:
        cursor.execute(switch[connection.vendor].format("on"))
    try:
        response = comment_on(client, post)
        assert client.get(post.path).status_code == 200
    finally:
        with connection.cursor() as cursor:
            cursor.execute(switch[connection.vendor].format("off"))
    assert response.status_code == 503
    assert shown_form(response)["body"].replace("\r\n", "\n") == WORDS


# With a server of its own


@pytest.fixture(scope="module")
def site(prepared_site, tmp_path_factory):
    return prepared_site.copy(tmp_path_factory.mktemp("faults") / "site")


def test_a_lock_that_does_not_end_is_told_while_readers_go_on(site):
    with site.serving():
        locker = sqlite3.connect(site.database, isolation_level=None)
        locker.execute("BEGIN IMMEDIATE")
        answers = []
        writer = threading.Thread(target=lambda: answers.append(Visitor(site).says(WORDS)))
        writer.start()
        reads = 0
        while writer.is_alive():
            assert site.get(POST).status == 200
            reads += 1
            writer.join(0.2)
        locker.execute("ROLLBACK")
        assert reads > 10
        assert answers[0].status == 503
        assert answers[0].headers["Retry-After"] == "5"
        assert "considered" in answers[0].read().decode()
        assert Visitor(site).says("Later.").status == 302


def test_no_reader_waits_for_a_lock_whatever_page_it_is(site):
    """Not where a page is made anew, nor where somebody is logged in, nor where readers are counted."""
    code = "from tests.deeds import prepare; print('key', prepare())"
    key = next(line for line in site.shell(code).splitlines() if line.startswith("key ")).split()[1]
    editor = {"Cookie": f"sessionid={key}"}
    addresses = {
        "/search/?q=first": {},
        f"{POST}comment/": {},
        "/nowhere/": {},
        "/archive/": {},
        "/feed/": {"User-Agent": "Feedbin - 37 subscribers"},
        "/feed/atom/": {"User-Agent": "Feedbin - 38 subscribers", **editor},
        POST: editor,
        "/admin/": editor,
        "/admin/blog/post/": editor,
    }
    with site.serving():
        locker = sqlite3.connect(site.database, isolation_level=None)
        locker.execute("BEGIN IMMEDIATE")
        visitor = Visitor(site)
        writer = threading.Thread(target=visitor.says, args=["Taken once the lock is gone."])
        writer.start()
        for address, headers in addresses.items():
            answer = site.get(address, **headers)
            assert answer.status == (404 if address == "/nowhere/" else 200), address
            assert writer.is_alive(), f"{address} has waited as long as a writer"
        locker.execute("ROLLBACK")
        writer.join()


def test_a_full_disk_is_told_and_when_there_is_room_again_writing_goes_on(site):
    """The server may not make any file longer, which SQLite sees as it sees a disk without room."""
    with site.serving() as server:
        processes = family(server)
        assert Visitor(site).says("Before.").status == 302
        limit(processes, 1024)
        answer = Visitor(site).says(WORDS)
        assert answer.status == 503
        assert "considered" in answer.read().decode()
        assert site.get(POST).status == 200
        limit(processes, resource.RLIM_INFINITY)
        assert Visitor(site).says("After.").status == 302
    checked = sqlite3.connect(site.database)
    assert checked.execute("PRAGMA integrity_check").fetchone() == ("ok",)
    bodies = {body for (body,) in checked.execute("SELECT body FROM comments_comment")}
    assert {"Before.", "After."} <= bodies
    assert WORDS not in bodies


def limit(processes, size):
    for pid in processes:
        resource.prlimit(pid, resource.RLIMIT_FSIZE, (size, resource.RLIM_INFINITY))
