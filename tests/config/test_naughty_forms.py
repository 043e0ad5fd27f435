"""Whatever is typed into whatever field: it is taken, or refused with a sentence beside the field. Never an error of ours."""

from urllib.parse import quote_from_bytes

import pytest
from bs4 import BeautifulSoup
from django.contrib import admin
from django.test import Client
from django.urls import reverse

from tests.factories import make_comment, make_editor, make_page, make_post

pytestmark = pytest.mark.django_db
NAUGHTY = {
    "NUL": b"a\0b",
    "control characters": b"\x01\x08\x0b\x1b[31m\x7f",
    "half a surrogate pair": b"\xed\xa0\x80x",
    "no UTF-8": b"\xff\xfe\xfa",
    "right to left": "\u202etxt.exe\u202d \u2066a".encode(),
    "emoji": "👩‍👩‍👧‍👦🏳️‍🌈 🇩🇪".encode(),
    "marks": ("a" + "\u0300" * 500).encode(),
    "no characters": "\ufeff\u200b\u2028\u2029\ufffe\uffff".encode(),
    "markup": b"</textarea><script>alert(1)</script>{{ 1 }}{% now %}",
    "template": b"%s %(a)s {0} ${a} {{< x >}}",
    "path": b"../../../etc/passwd",
    "odd path": b"//evil.example/\\..\\x?a#b%00%zz",
    "number": b"9" * 5000,
    "minus": b"-1",
    "fraction": b"1e400",
    "NaN": b"NaN",
    "digits of another script": "٣٤".encode(),
    "date": b"99999-99-99T99:99:99",
    "early": b"0001-01-01 00:00:00",
    "late": b"9999-12-31 23:59:59",
    "JSON": b'{"a": [1e999, "\\ud800", "\\u0000"]}',
    "JSON that nests": b"[" * 5000,
    "YAML": b"a: &a [*a, *a]",
    "blank": b" \t\r\n\xc2\xa0",
    "long": b"x" * 1_000_000,
}

# Whatever a field takes without complaint, at once: to be saved and shown.
SOUP = "\\x\\u\\1 ‮ab⁦ 👩‍👩‍👧 {{ 1 }} {{< x >}} %s %(a)s </script> ../ á ￾ ?#&".encode()


def posted(client, address, fields):
    """As a browser sends a form, but for bytes that no browser would."""
    pairs = [(name, value if isinstance(value, bytes) else str(value).encode()) for name, value in fields]
    body = "&".join(f"{quote_from_bytes(name.encode())}={quote_from_bytes(value)}" for name, value in pairs)
    return client.post(address, body, "application/x-www-form-urlencoded")


def fields_of(form):
    """Name and kind and value of every field, as the browser would send the form when nothing is typed into it."""
    for field in form.select("input[name], textarea[name], select[name]"):
        kind = field.get("type", "text") if field.name == "input" else field.name
        if kind in ("file", "submit", "button", "image") or field["name"] == "csrfmiddlewaretoken":
            continue
        if kind in ("checkbox", "radio"):
            if field.has_attr("checked"):
                yield field["name"], kind, field.get("value", "on")
        elif kind == "select":
            chosen = field.select("option[selected]") or field.select("option[value]:not([value=''])")[:1]
            yield from (
                (field["name"], kind, option.get("value", option.get_text())) for option in chosen[:1]
            )
        else:
            value = field.get_text().removeprefix("\n") if kind == "textarea" else field.get("value", "")
            is_wanted = field.has_attr("required") or field["name"] in ("title", "name", "body")
            yield (
                field["name"],
                kind,
                value or ("Some words" if is_wanted and kind in ("text", "textarea") else ""),
            )


def is_for_words(name, kind):
    is_management = name.endswith(("_FORMS", "-id", "-0", "_0", "_1")) and kind == "hidden"
    return kind in ("text", "textarea", "hidden", "url", "email", "number", "search") and not is_management


def typed_into(fields):
    return [name for name, kind, _value in fields if is_for_words(name, kind)]


def filled(fields, chosen, word):
    return [(name, word if name in chosen else value) for name, _kind, value in fields]


@pytest.fixture
def staff(db):
    client = Client(raise_request_exception=False)
    client.force_login(make_editor())
    return client


MODELS = {f"{model._meta.app_label}_{model._meta.model_name}": model for model in admin.site._registry}


def forms_at(client, address):
    page = client.get(address)
    assert page.status_code in (200, 403), address
    for form in BeautifulSoup(page.content, "html.parser").select("form[method=post]"):
        if "logout" not in form.get("action", ""):
            yield form.get("action") or address, list(fields_of(form))


@pytest.mark.parametrize("name", MODELS)
def test_a_form_of_the_admin_with_the_same_word_everywhere(staff, name):
    for action, fields in forms_at(staff, reverse(f"admin:{name}_add")):
        for word in NAUGHTY.values():
            response = posted(staff, action, filled(fields, typed_into(fields), word))
            assert response.status_code < 500, (action, word[:20])


@pytest.mark.parametrize("name", MODELS)
@pytest.mark.parametrize("word", [SOUP, b"a\0b"], ids=["soup", "NUL"])
def test_a_form_of_the_admin_with_a_word_in_each_field_alone(staff, name, word):
    """Where all else is right, so that what is typed is saved, shown and listed."""
    make_comment(make_post(tags=["one"], categories=["two"], series="three"))
    make_page()
    thing = MODELS[name]._default_manager.order_by("pk").first()
    address = reverse(f"admin:{name}_change", args=[thing.pk]) if thing else reverse(f"admin:{name}_add")
    for action, fields in forms_at(staff, address):
        for field in typed_into(fields):
            response = posted(staff, action, [*filled(fields, [field], word), ("_continue", "1")])
            assert response.status_code < 500, (action, field)
            if response.status_code == 302:
                assert staff.get(response["Location"]).status_code < 500, (action, field)
    assert staff.get(reverse(f"admin:{name}_changelist")).status_code < 500


@pytest.mark.parametrize("word", NAUGHTY)
def test_every_field_a_visitor_may_fill(client, word):
    client.raise_request_exception = False
    post = make_post("Shown", discussion="open")
    comment = make_comment(post)
    for address in (f"{post.path}comment/", f"/comments/{comment.pk}/reply/", "/login/"):
        for action, fields in forms_at(client, address):
            for field in typed_into(fields):
                response = posted(client, action, filled(fields, [field], NAUGHTY[word]))
                assert response.status_code < 500, (address, field)
            everywhere = filled(fields, typed_into(fields), NAUGHTY[word])
            assert posted(client, action, [*everywhere, ("preview", "")]).status_code < 500, address
    assert client.get(post.path).status_code == 200
    assert client.get(f"{post.path}comments/feed/").status_code == 200
    assert client.get("/comments/feed/").status_code == 200


@pytest.mark.parametrize("name", MODELS)
def test_every_list_of_the_admin_with_odd_questions(staff, name):
    address = reverse(f"admin:{name}_changelist")
    for question in (
        "q",
        "p",
        "o",
        "e",
        "all",
        "_popup",
        "pk__in",
        "id__gt",
        "status",
        "year",
        "tag",
        "nothing",
    ):
        for word in (b"a\0b", SOUP, b"9" * 5000, b"-1"):
            asked = f"{address}?{question}={quote_from_bytes(word)}"
            assert staff.get(asked, follow=True).status_code < 500, asked[:120]


def test_change_pages_of_the_admin_with_odd_keys(staff):
    for name in MODELS:
        address = reverse(f"admin:{name}_changelist")
        for key in ("9" * 30, "9" * 5000, "%00", "_00", "-1", "%ED%A0%80", "..%2f.."):
            assert staff.get(f"{address}{key}/change/", follow=True).status_code < 500, (name, key[:30])
