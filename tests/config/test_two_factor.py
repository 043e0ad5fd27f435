"""Two-factor login: nobody has to, and whoever has turned it on is asked for a code at every login."""

import time
from datetime import timedelta

import pytest
import time_machine
from bs4 import BeautifulSoup
from django.core.management import CommandError, call_command
from django.test import Client
from django.utils import timezone
from django_otp.oath import TOTP
from django_otp.plugins.otp_totp.models import TOTPDevice

from config import second_factor
from tests.factories import make_editor, make_user

pytestmark = pytest.mark.django_db
PASSWORD = "open sesame 7"
PAGE = "/admin/two-factor/"
LATER = timedelta(minutes=1)  # an app's code works once, and for half a minute


def code_of(key):
    proof = TOTP(bytes.fromhex(key))
    proof.time = time.time()
    return f"{proof.token():06}"


def turn_on(user):
    """The key, and the recovery codes."""
    offer = second_factor.Offer.new(user)
    return offer.key, offer.take_up(code_of(offer.key))


def give_password(client, address="/login/", password=PASSWORD, username="editor"):
    return client.post(address, {"username": username, "password": password})


def give_code(client, code):
    return client.post("/login/code/", {"otp": code})


def is_in(client):
    return client.get("/admin/").status_code == 200


def turn_on_by_page(client, password=PASSWORD, code=None):
    page = BeautifulSoup(client.get(PAGE).content, "html.parser")
    key = second_factor.Offer.read(_user(client), page.select_one("[name=offer]")["value"]).key
    fields = {"offer": page.select_one("[name=offer]")["value"], "password": password}
    return client.post(PAGE, {**fields, "otp": code or code_of(key)}), key


def _user(client):
    return client.get(PAGE).context["user"]


def test_login_asks_for_no_code_until_somebody_wants_it(client, editor):
    assert give_password(client)["Location"] == "/admin/"
    assert is_in(client)


def test_editor_turns_it_on_and_is_shown_recovery_codes_once(editor_client):
    answer, _key = turn_on_by_page(editor_client)
    codes = [
        code.text for code in BeautifulSoup(answer.content, "html.parser").select(".recovery-codes code")
    ]
    assert len(set(codes)) == 10
    assert is_in(editor_client)
    again = editor_client.get(PAGE).content.decode()
    assert "10 recovery codes are left" in again
    assert not any(code in again for code in codes)
    assert "no-store" in answer["Cache-Control"]


def test_key_is_shown_as_a_picture_and_as_text_and_stored_by_nobody_looking_at_it(editor_client):
    page = BeautifulSoup(editor_client.get(PAGE).content, "html.parser")
    assert page.select_one("figure svg path")
    assert not page.select("[style], style, script:not([src])")
    assert len(page.select_one(".key").text.replace(" ", "")) == 32
    assert not TOTPDevice.objects.exists()


@pytest.mark.parametrize("wrong", [{"password": "wrong"}, {"code": "000000"}, {"code": "not a number"}])
def test_it_is_not_turned_on_without_password_and_code(editor_client, editor, wrong):
    answer, _key = turn_on_by_page(editor_client, **wrong)
    assert answer.status_code == 200
    assert BeautifulSoup(answer.content, "html.parser").select_one(".errorlist")
    assert not second_factor.is_on(editor)


def test_key_offered_to_another_is_not_taken(editor_client, editor):
    offer = second_factor.Offer.new(make_editor("other"))
    fields = {"offer": offer.signed, "password": PASSWORD, "otp": code_of(offer.key)}
    assert editor_client.post(PAGE, fields).status_code == 302
    assert not second_factor.is_on(editor)


def test_turning_it_on_ends_sessions_elsewhere(editor_client):
    elsewhere = Client()
    give_password(elsewhere)
    assert is_in(elsewhere)
    turn_on_by_page(editor_client)
    assert is_in(editor_client)
    assert not is_in(elsewhere)


@pytest.mark.parametrize("address", ["/login/", "/admin/login/?next=/admin/"])
def test_password_alone_does_not_log_in(client, editor, address):
    key, _codes = turn_on(editor)
    assert give_password(client, address)["Location"] == "/login/code/"
    assert not is_in(client)
    with time_machine.travel(timezone.now() + LATER):
        answer = give_code(client, code_of(key))
    assert answer["Location"] == "/admin/"
    assert is_in(client)


def test_code_works_once(client, editor):
    key, _codes = turn_on(editor)
    with time_machine.travel(timezone.now() + LATER, tick=False):
        give_password(client)
        give_code(client, code_of(key))
        another = Client()
        give_password(another)
        assert give_code(another, code_of(key)).status_code == 200
        assert not is_in(another)


def test_recovery_code_works_once(client, editor):
    _key, codes = turn_on(editor)
    give_password(client)
    give_code(client, codes[3].upper())
    assert is_in(client)
    another = Client()
    give_password(another)
    give_code(another, codes[3])
    assert not is_in(another)
    assert second_factor.recovery_codes_left(editor) == 9


def test_code_without_a_password_before_it_is_not_taken(client, editor):
    _key, codes = turn_on(editor)
    assert give_code(client, codes[0])["Location"] == "/login/"
    assert not is_in(client)


def test_password_waits_ten_minutes_for_its_code(client, editor):
    _key, codes = turn_on(editor)
    give_password(client)
    with time_machine.travel(timezone.now() + timedelta(minutes=11)):
        assert give_code(client, codes[0])["Location"] == "/login/"
    assert not is_in(client)


def test_password_that_was_changed_meanwhile_lets_nobody_in(client, editor):
    _key, codes = turn_on(editor)
    give_password(client)
    editor.set_password("another word 8")
    editor.save()
    assert give_code(client, codes[0])["Location"] == "/login/"


def test_codes_are_not_to_be_guessed(client, editor, settings):
    settings.AXES_ENABLED = True
    _key, codes = turn_on(editor)
    give_password(client)
    answers = [give_code(client, f"{number:06}").status_code for number in range(10)]
    assert 429 in answers
    assert give_code(client, codes[0]).status_code == 429
    assert give_password(Client(), password=PASSWORD).status_code == 429
    assert not is_in(client)


def test_it_is_turned_off_with_the_password(editor_client, editor):
    turn_on(editor)
    editor_client.post(PAGE, {"password": "wrong", "turn_off": ""})
    assert second_factor.is_on(editor)
    editor_client.post(PAGE, {"password": PASSWORD, "turn_off": ""})
    assert not second_factor.is_on(editor)
    assert second_factor.recovery_codes_left(editor) == 0


def test_new_recovery_codes_void_the_old(editor_client, editor):
    _key, codes = turn_on(editor)
    assert editor_client.post(PAGE, {"password": PASSWORD, "new_codes": ""}).status_code == 200
    assert second_factor.recovery_codes_left(editor) == 10
    assert not second_factor.accepts(editor, codes[0])


@pytest.mark.parametrize("member", [True, False])
def test_page_is_for_people_who_write(client, member):
    if member:
        client.force_login(make_user())
    assert client.get(PAGE)["Location"].startswith("/admin/login/")


def test_operator_resets_it(editor, capsys):
    turn_on(editor)
    call_command("reset_two_factor", "editor")
    assert "off for editor" in capsys.readouterr().out
    assert not second_factor.is_on(editor)
    with pytest.raises(CommandError, match="nobody called"):
        call_command("reset_two_factor", "nobody")


def test_admin_shows_nobodys_keys(editor_client, editor):
    turn_on(editor)
    assert editor_client.get("/admin/otp_totp/totpdevice/").status_code == 404
    assert editor_client.get("/admin/otp_static/staticdevice/").status_code == 404
