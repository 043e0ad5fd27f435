"""Guessing passwords leads nowhere, and nobody learns from the answers which accounts there are."""

import re

import pytest
from django.contrib.auth import get_user_model
from django.test import Client

from tests.factories import make_editor, make_user

pytestmark = pytest.mark.django_db
PASSWORD = "open sesame 7"
LOGINS = ["/login/", "/admin/login/"]


@pytest.fixture(autouse=True)
def guesses_are_counted(settings):
    settings.AXES_ENABLED = True


def guess(username="editor", password="wrong", login="/login/", **headers):
    return Client().post(login, {"username": username, "password": password}, **headers)


@pytest.mark.parametrize("login", LOGINS)
def test_account_is_closed_to_guesses_by_the_tenth_wherever_they_come_from(login):
    make_editor()
    answers = [
        guess(login=login, REMOTE_ADDR=f"203.0.113.{number}", HTTP_X_FORWARDED_FOR=f"198.51.100.{number}")
        for number in range(10)
    ]
    assert [answer.status_code for answer in answers[:7]] == [200] * 7
    assert answers[9].status_code == 429
    assert int(answers[9]["Retry-After"]) > 0
    assert "Too many tries" in answers[9].content.decode()
    right = guess(password=PASSWORD, login=login, REMOTE_ADDR="203.0.113.99")
    assert right.status_code == 429
    assert "sessionid" not in right.cookies


def test_members_are_guarded_as_editors_are():
    make_user("member")
    assert [guess("member").status_code for _number in range(10)][-1] == 429


@pytest.mark.parametrize(
    "addresses", [["203.0.113.7"] * 10, [f"2001:db8:1:2::{number:x}" for number in range(10)]]
)
def test_address_is_closed_to_guesses_whatever_account_they_are_for(addresses):
    answers = [guess(f"somebody{number}", REMOTE_ADDR=address) for number, address in enumerate(addresses)]
    assert answers[-1].status_code == 429
    assert guess("another", REMOTE_ADDR="2001:db8:1:3::1").status_code == 200


def test_address_comes_from_the_trusted_proxy(settings):
    settings.TRUSTED_PROXIES = ["127.0.0.1"]
    answers = [
        guess(f"somebody{number}", HTTP_X_FORWARDED_FOR=f"198.51.100.{number}, 203.0.113.7")
        for number in range(10)
    ]
    assert answers[-1].status_code == 429
    assert guess("another", HTTP_X_FORWARDED_FOR="203.0.113.8").status_code == 200


def test_right_password_before_the_limit_logs_in_and_begins_the_count_anew():
    make_editor()
    for _round in range(3):
        assert [guess().status_code for _number in range(5)] == [200] * 5
        assert guess(password=PASSWORD).status_code == 302


def test_to_log_in_oneself_forgives_no_guesses_at_others():
    make_editor()
    make_user("insider")
    answers = []
    for number in range(12):
        if number % 4 == 3:
            guess("insider", PASSWORD)
        answers.append(guess().status_code)
    assert answers[-1] == 429


def test_answer_is_the_same_whether_there_is_such_an_account_or_not():
    make_editor("editor")
    make_user("sleeper", is_active=False)
    names = ["editor", "sleeper", "nobody"]
    pages = {re.sub(rf"{name}|value=\"\w{{64}}\"", "", guess(name).content.decode()) for name in names}
    assert len(pages) == 1


@pytest.mark.parametrize("password", ["short", "1234567890123", "password123", "editor12345"])
def test_weak_password_is_refused(editor_client, password):
    fields = {"old_password": PASSWORD, "new_password1": password, "new_password2": password}
    assert editor_client.post("/admin/password_change/", fields).status_code == 200
    assert guess(password=PASSWORD).status_code == 302


def change_password(client, old, new="another word 8"):
    return client.post(
        "/admin/password_change/", {"old_password": old, "new_password1": new, "new_password2": new}
    )


def test_the_old_password_is_not_to_be_guessed_by_whoever_finds_somebody_logged_in(editor_client):
    answers = [change_password(editor_client, f"guess {number}").status_code for number in range(10)]
    assert answers[0] == 200
    assert answers[-1] == 429
    assert change_password(editor_client, PASSWORD).status_code == 429
    assert guess(password=PASSWORD, REMOTE_ADDR="203.0.113.99").status_code == 429


def test_password_is_changed_by_who_knows_the_old_one(editor_client):
    assert "old password was entered incorrectly" in change_password(editor_client, "wrong").content.decode()
    assert change_password(editor_client, PASSWORD)["Location"] == "/admin/password_change/done/"
    assert guess(password="another word 8").status_code == 302
    assert "Change password" in editor_client.get("/admin/password_change/").content.decode()


@pytest.mark.parametrize(
    "away",
    ["https://evil.example/", "//evil.example/", "/\\evil.example/", "javascript:alert(1)", "https:evil"],
)
@pytest.mark.parametrize("login", LOGINS)
def test_login_leads_to_no_other_site(login, away):
    make_editor()
    fields = {"username": "editor", "password": PASSWORD, "next": away}
    assert Client().post(login, fields)["Location"] == "/admin/"


def test_a_member_who_has_nothing_to_do_in_the_admin_is_led_to_the_site():
    get_user_model().objects.create_user("member", password=PASSWORD)
    assert Client().post("/login/", {"username": "member", "password": PASSWORD})["Location"] == "/"
