"""What is answered to requests that go wrong: a page of the site with a sentence, and with what had been written."""

import json

import pytest
from bs4 import BeautifulSoup
from django.core.exceptions import PermissionDenied
from django.test import Client, RequestFactory
from django.urls import reverse

from comments.models import Comment
from config import faults
from tests.factories import make_comment, make_post, make_user

pytestmark = pytest.mark.django_db
WORDS = "My long & <considered>\n\nanswer to it all."
HERE = {"HTTP_ORIGIN": "http://testserver"}


@pytest.fixture
def strict():
    return Client(enforce_csrf_checks=True, raise_request_exception=False)


@pytest.fixture
def post():
    return make_post("Shown", slug="shown", discussion="open")


def page_of(response):
    return BeautifulSoup(response.content, "html5lib")


def shown_words(response):
    found = [area.get_text().removeprefix("\n") for area in page_of(response).select("main textarea")]
    return "".join(found).replace("\r\n", "\n")


def assert_is_our_page(response, status):
    page = page_of(response)
    assert response.status_code == status
    assert page.select_one(".site-header") and page.select_one("#main h1")
    assert page.select_one(".rubric").get_text() == str(status)
    return page


def fields_of_the_form(client, post):
    form = page_of(client.get(f"{post.path}comment/")).select_one("main form")
    fields = {field["name"]: field.get("value", "") for field in form.select("input[name]")}
    return fields | {"author_name": "Ann", "body": WORDS, "send": ""}


# A form without the right token


@pytest.mark.parametrize("token", ["", "x" * 64, "\0"])
def test_a_comment_whose_token_is_wrong_comes_back_and_can_be_sent_again(strict, post, token):
    fields = fields_of_the_form(strict, post)
    response = strict.post(f"{post.path}comment/", fields | {"csrfmiddlewaretoken": token}, **HERE)
    page = assert_is_our_page(response, 403)
    assert shown_words(response) == WORDS
    form = page.select_one("main form[method=post]:not(.search)")
    again = {field["name"]: field.get("value", "") for field in form.select("input[name]")}
    again |= {area["name"]: area.get_text().removeprefix("\n") for area in form.select("textarea")}
    assert strict.post(form["action"], again, **HERE).status_code == 302
    assert Comment.objects.get().body == WORDS


def test_a_browser_that_lost_its_cookie_can_send_the_form_again(strict, post):
    fields = fields_of_the_form(strict, post)
    strict.cookies.clear()
    response = strict.post(f"{post.path}comment/", fields, **HERE)
    assert shown_words(response) == WORDS
    token = page_of(response).select_one("[name=csrfmiddlewaretoken]")["value"]
    assert (
        strict.post(f"{post.path}comment/", fields | {"csrfmiddlewaretoken": token}, **HERE).status_code
        == 302
    )


@pytest.mark.parametrize("origin", ["https://evil.example", "null", None])
def test_a_form_from_elsewhere_is_shown_and_given_no_token(strict, post, origin):
    said = {"HTTP_ORIGIN": origin} if origin else {}
    response = strict.post(f"{post.path}comment/", {"body": WORDS, "author_name": "Ann"}, **said)
    page = assert_is_our_page(response, 403)
    assert shown_words(response) == WORDS
    assert not page.select("[name=csrfmiddlewaretoken]")
    assert not page.select("main form[method=post]")


def test_a_login_without_a_token_repeats_no_password(strict):
    response = strict.post("/login/", {"username": "editor", "password": "open sesame 7"}, **HERE)
    assert response.status_code == 403
    assert b"sesame" not in response.content


def test_a_script_is_told_in_json(strict, post):
    response = strict.post(f"{post.path}comment/", {"body": WORDS}, HTTP_X_REQUESTED_WITH="XMLHttpRequest")
    assert response.status_code == 403
    assert json.loads(response.content)["error"].endswith("Nothing was saved.")


# Too late, not allowed, not there


def test_words_for_a_discussion_that_was_closed_meanwhile_come_back(client, post):
    fields = fields_of_the_form(client, post)
    post.discussion = "closed"
    post.save()
    response = client.post(f"{post.path}comment/", fields)
    assert response.status_code == 403
    assert shown_words(response) == WORDS


def test_a_reply_to_a_comment_that_was_taken_away_comes_back(client, post):
    comment = make_comment(post)
    Comment.objects.filter(pk=comment.pk).delete()
    response = client.post(f"/comments/{comment.pk}/reply/", {"author_name": "Ann", "body": WORDS})
    assert_is_our_page(response, 404)
    assert shown_words(response) == WORDS


def test_a_change_that_comes_too_late_comes_back(client, post):
    comment = make_comment(post)
    response = client.post(f"/comments/{comment.pk}/edit/", {"body": WORDS})
    assert response.status_code == 403
    assert shown_words(response) == WORDS


def test_a_post_whose_writer_was_logged_out_comes_back_and_can_be_sent_after_logging_in(client, editor):
    address = reverse("admin:blog_post_add")
    written = {"title": "A title of mine", "body": WORDS, "_save": "Save"}
    response = client.post(address, written)
    page = assert_is_our_page(response, 403)
    assert shown_words(response) == WORDS
    assert page.select_one("main form input[name=title]")["value"] == "A title of mine"
    assert page.select_one("main a.button")["href"] == "/login/"
    assert "no-store" in response["Cache-Control"]


def test_logging_in_is_no_lost_form(client, editor):
    response = client.post("/admin/login/?next=/admin/", {"username": "editor", "password": "open sesame 7"})
    assert response.status_code == 302


def test_what_somebody_may_not_do_is_said_in_the_sites_look(client):
    client.force_login(make_user(is_staff=True))
    response = client.post(reverse("admin:blog_post_add"), {"title": "A title of mine", "body": WORDS})
    assert_is_our_page(response, 403)
    assert shown_words(response).endswith(WORDS)


# What no browser sends


def test_another_hosts_name_is_refused_with_a_plain_page(client, post):
    response = client.get("/", HTTP_HOST="evil.example")
    page = page_of(response)
    assert response.status_code == 400
    assert page.select_one("h1") and page.select_one("link[rel=stylesheet]")
    assert "evil.example" not in response.content.decode()


def test_a_form_that_is_too_large_says_so(client, post, settings):
    settings.DATA_UPLOAD_MAX_MEMORY_SIZE = 100
    response = client.post(f"{post.path}comment/", {"body": "x" * 200}, "application/x-www-form-urlencoded")
    assert response.status_code in (400, 413)


def test_too_many_fields_and_a_broken_upload_are_the_senders_fault(client, post):
    many = "&".join(f"a{number}=1" for number in range(1100))
    response = client.post(f"{post.path}comment/", many, "application/x-www-form-urlencoded")
    assert_is_our_page(response, 400)
    response = client.post(f"{post.path}comment/", b"--x\r\nnonsense", "multipart/form-data; boundary=\xff")
    assert response.status_code == 400


def test_programs_are_told_in_json(client):
    for path, accepted in (
        ("/nowhere/", "application/json"),
        ("/feed/json/nowhere/", "application/feed+json"),
    ):
        response = client.get(path, HTTP_ACCEPT=accepted)
        assert response.status_code == 404
        assert json.loads(response.content)["error"]
    request = RequestFactory().get("/", HTTP_ACCEPT="application/json")
    assert json.loads(faults.forbidden(request, PermissionDenied()).content)["error"]
