"""A site whose address is https, behind a proxy that says so: what browsers are given to keep."""

from urllib.parse import urlencode

import pytest
from bs4 import BeautifulSoup

from tests.running import POST

pytestmark = pytest.mark.xdist_group("running")
URL = "https://blog.example.org"


@pytest.fixture(scope="module")
def site(prepared_site, tmp_path_factory):
    site = prepared_site.copy(tmp_path_factory.mktemp("https") / "site", SITE_URL=URL)
    site.shell("from tests.factories import make_editor; make_editor()")
    with site.serving():
        yield site


def cookies_of(answer):
    """Name to value and attributes."""
    found = {}
    for line in answer.headers.get_all("Set-Cookie", []):
        pair, *attributes = line.split(";")
        name, _equals, value = pair.strip().partition("=")
        found[name] = value, {attribute.strip().lower() for attribute in attributes}
    return found


def form_of(site, path):
    answer = site.get(path)
    form = BeautifulSoup(answer.read(), "html.parser").select_one("main form[method=post]")
    return cookies_of(answer), {field["name"]: field.get("value", "") for field in form.select("input[name]")}


def sent(site, path, cookies, fields):
    jar = "; ".join(f"{name}={value}" for name, (value, _attributes) in cookies.items())
    return site.post(path, urlencode(fields).encode(), Cookie=jar, Origin=URL)


def assert_safe(cookies, *, only_here=("path=/",)):
    for name, (_value, attributes) in cookies.items():
        assert name.startswith("__Host-") if only_here else name.startswith("__Secure-"), name
        assert {"secure", "httponly", "samesite=lax", *only_here} <= attributes, name
        assert not any(attribute.startswith("domain") for attribute in attributes), name


def test_whoever_logs_in_carries_cookies_that_no_other_host_can_set(site):
    cookies, fields = form_of(site, "/login/")
    assert_safe(cookies)
    answer = sent(site, "/login/", cookies, {**fields, "username": "editor", "password": "open sesame 7"})
    assert answer.status == 302
    given = cookies_of(answer)
    assert "__Host-sessionid" in given
    assert_safe(given)
    jar = "; ".join(f"{name}={value}" for name, (value, _attributes) in given.items())
    assert site.get("/admin/", Cookie=jar).status == 200


def test_a_comments_own_cookie_is_for_https_alone_and_read_again(site):
    cookies, fields = form_of(site, f"{POST}comment/")
    answer = sent(
        site, f"{POST}comment/", cookies, {**fields, "author_name": "Ann", "body": "So it is.", "send": ""}
    )
    assert answer.status == 302
    given = cookies_of(answer)
    assert set(given) == {"__Secure-own_comment"}
    assert_safe(given, only_here=())
    value, _attributes = given["__Secure-own_comment"]
    page = site.get(answer.headers["Location"].partition("#")[0], Cookie=f"__Secure-own_comment={value}")
    assert page.status == 200


def test_a_stored_page_has_the_same_headers_as_one_just_made(site):
    first, again = site.get("/archive/"), site.get("/archive/")
    for name in (
        "Strict-Transport-Security",
        "Permissions-Policy",
        "Content-Security-Policy",
        "Cross-Origin-Resource-Policy",
    ):
        assert first.headers[name] == again.headers[name] is not None
