import pytest
from django.core import signing

from comments import forms
from comments.forms import CommentForm
from comments.moderation import Refusal
from tests.factories import make_post, make_user

pytestmark = pytest.mark.django_db


@pytest.fixture
def post():
    return make_post()


def filled_in(post, user=None, **changes):
    stamp = CommentForm(target=post)["stamp"].value()
    data = {
        "author_name": "Ada",
        "author_email": "",
        "author_url": "",
        "body": "Hello.",
        "subject": "",
        "stamp": stamp,
    }
    return CommentForm(data | changes, target=post, user=user)


def test_a_name_and_a_text_are_enough(post):
    form = filled_in(post)
    assert form.is_valid()
    assert form.cleaned_data["body"] == "Hello."
    assert form.cleaned_data["honeypot"] == ""
    assert 0 <= form.cleaned_data["seconds_taken"] < 60


def test_a_signed_in_person_is_not_asked_for_a_name(post):
    user = make_user(first_name="Ada", last_name="Moreau", email="ada@example.org")
    form = filled_in(post, user)
    assert form.is_valid()
    assert "author_name" not in form.fields
    assert form.cleaned_data["author_name"] == "Ada Moreau"
    assert form.cleaned_data["author_email"] == "ada@example.org"


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("  Ada\n Moreau ", "Ada Moreau"),
        ("Ada\x00", "Ada"),
        ("\u202eevil\u202c", "evil"),
        ("日本", "日本"),
        ("👩‍💻", "👩‍💻"),
    ],
)
def test_a_name_is_cleaned(post, typed, kept):
    form = filled_in(post, author_name=typed)
    assert form.is_valid()
    assert form.cleaned_data["author_name"] == kept


@pytest.mark.parametrize("typed", ["", "   ", "\u200b", "\u202e", "\x00"])
def test_a_name_nobody_can_see_is_no_name(post, typed):
    assert filled_in(post, author_name=typed).errors["author_name"] == [
        "Please give a name; any name will do."
    ]


@pytest.mark.parametrize(
    ("typed", "kept"),
    [("example.org", "https://example.org"), ("http://example.org/me", "http://example.org/me"), ("", "")],
)
def test_a_site_is_a_web_address(post, typed, kept):
    form = filled_in(post, author_url=typed)
    assert form.is_valid()
    assert form.cleaned_data["author_url"] == kept


@pytest.mark.parametrize(
    "typed",
    ["javascript:alert(1)", "ftp://example.org", "data:text/html,x", "//example.org", "no site", "https://"],
)
def test_anything_else_is_not(post, typed):
    form = filled_in(post, author_url=typed)
    assert not form.is_valid() or form.cleaned_data["author_url"].startswith("https://")
    assert form.errors.get("author_url") or typed == "//example.org"


@pytest.mark.parametrize("typed", ["", " \n\t ", "\x00\x01"])
def test_an_empty_text_is_refused(post, typed):
    assert filled_in(post, body=typed).errors["body"] == ["There is nothing here yet."]


def test_the_text_keeps_its_indents_and_loses_control_characters(post):
    form = filled_in(post, body="\r\n    code\x00\r\n\r\nwords \r\n")
    assert form.is_valid()
    assert form.cleaned_data["body"] == "    code\n\nwords"


def test_a_text_too_long_is_refused_with_a_sentence_and_stays_in_the_form(post):
    form = filled_in(post, body="a" * 10_001)
    assert "10000 characters" in form.errors["body"][0]
    assert form["body"].value() == "a" * 10_001


def test_every_limit_of_the_renderer_has_a_sentence(post):
    for body in ("> " * 21 + "a", "[" * 2_001, "https://a.example " * 201):
        assert len(filled_in(post, body=body).errors["body"]) == 1


def test_every_refusal_has_a_sentence():
    assert set(forms.REFUSED) == set(Refusal)


STRANGE_STAMP = signing.dumps(["blog.post:0", 0], salt=forms.STAMP_SALT)


@pytest.mark.parametrize("stamp", ["", "x", STRANGE_STAMP], ids=["none", "not signed", "of another form"])
def test_a_stamp_that_is_not_this_forms_is_renewed_and_the_text_kept(post, stamp):
    form = filled_in(post, stamp=stamp)
    assert "send your comment once more" in form.non_field_errors()[0]
    again = filled_in(post, stamp=form["stamp"].value(), body=form["body"].value())
    assert again.is_valid()


def test_a_stamp_of_last_month_is_renewed(post, time_machine):
    time_machine.move_to("2026-03-14T10:00:00+00:00")
    form = filled_in(post)
    time_machine.shift(forms.STAMP_SECONDS + 1)
    assert not form.is_valid()
