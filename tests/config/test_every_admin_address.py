"""Every address below /admin/, found by asking the resolver: whoever has no right to it is refused, and told nothing.

An address that comes later is asked for too: what each may open is named here and in the table of the roles.
"""

import re

import pytest
from django.contrib.auth.models import Group
from django.contrib.contenttypes.models import ContentType
from django.test import Client
from django.urls import URLResolver, get_resolver

from blog.models import Post
from tests.blog.test_roles import make_person, may_open, things
from tests.factories import make_comment, make_post, make_user

pytestmark = pytest.mark.django_db
SECRET = "hushhush"
METHODS = ("get", "post", "head", "put", "delete")
REFUSED = (403, 404, 405)
LOGIN = {"login/", "logout/"}
OF_STAFF = {*LOGIN, "", "password_change/", "password_change/done/", "jsi18n/", "two-factor/"}
WRITERS = {"blog_upload", "blog_preview"}  # which take what is sent and show nothing that is stored
ALSO = {  # beside the table of the roles: addresses without a name of their own there
    "author": {"app_list"},
    "moderator": {"app_list", "comments_comment_undo"},
}


def routes(patterns, before=""):
    for pattern in patterns:
        route = before + str(pattern.pattern)
        if isinstance(pattern, URLResolver):
            yield from routes(pattern.url_patterns, route)
        elif route.startswith("admin/"):
            yield route.removeprefix("admin/"), pattern.name or ""


def addresses(hidden):
    """(route, name, address), each with the key of something that is another's and not public."""
    values = {"content_type_id": ContentType.objects.get_for_model(Post).pk, "app_label": "blog"}
    values |= {"revision": "now", "url": "nothing/", "batch": "12345678-1234-1234-1234-123456789012"}
    for route, name in routes(get_resolver().url_patterns):
        key = hidden.get((route.split("/") + [""])[1], hidden["post"])
        address = re.sub(
            r"\(\?P<(\w+)>[^)]*\)|<(?:\w+:)?(\w+)>",
            lambda found, key=key: str(values.get(found[1] or found[2], key)),
            route,
        )
        yield route, name or opens(route), "/admin/" + address.strip("^$")


def opens(route):
    """A bare key leads to the form."""
    app, _slash, model = route.removesuffix("/<path:object_id>/").partition("/")
    return f"{app}_{model}_change" if model else ""


@pytest.fixture
def hidden():
    other = make_user(SECRET, is_staff=True)
    rows = things(other)
    post = make_post(f"Draft {SECRET}", slug=SECRET, body=SECRET, draft=True, authors=[other])
    make_comment(post, body=SECRET, author_name=SECRET, status="pending")
    return rows | {"post": post.pk, "user": other.pk, "group": Group.objects.first().pk}


def ask(person, method, address):
    """The answer at the end of the way, and everything that was told on it."""
    client = Client(raise_request_exception=False)
    if person:
        client.force_login(person)
    sent = [{"post": "yes", "action": "delete_selected", "deed": "remove"}] if method == "post" else []
    response = getattr(client, method)(address, *sent, follow=True)
    led = [where for where, _status in response.redirect_chain]
    return response, led, response.text + " ".join(led)


@pytest.mark.parametrize("method", METHODS)
def test_a_visitor_is_led_to_the_login_from_everywhere(hidden, method):
    wrong = []
    for route, _name, address in addresses(hidden):
        response, led, told = ask(None, method, address)
        is_login = response.status_code == 200 and led and "/login/" in led[-1]
        if SECRET in told or not (is_login or response.status_code in REFUSED or route in LOGIN):
            wrong.append((address, response.status_code, led))
    assert wrong == []


@pytest.mark.parametrize("method", METHODS)
@pytest.mark.parametrize("role", ["nothing", "author", "moderator"])
def test_nobody_opens_what_their_rights_do_not_reach(hidden, role, method):
    person = make_user(is_staff=True) if role == "nothing" else make_person(role)
    wrong, refused = [], 0
    for route, name, address in addresses(hidden):
        response, led, told = ask(person, method, address)
        is_open = route in OF_STAFF or may_open(role, name) or name in {*WRITERS, *ALSO.get(role, ())}
        is_told = SECRET in told and not (role == "moderator" and is_open)  # whose business comments are
        if response.status_code >= 500 or is_told or not (is_open or response.status_code in REFUSED):
            wrong.append((address, response.status_code, led))
        refused += not is_open
    assert wrong == []
    assert refused > 60


def test_the_way_to_the_site_leads_whoever_may_know_where_it_is(client, hidden):
    kind = ContentType.objects.get_for_model(Post).pk
    for role, status in (("editor", 302), ("author", 403), ("moderator", 403)):
        client.force_login(make_person(role))
        assert client.get(f"/admin/r/{kind}/{hidden['post']}/").status_code == status
    assert client.get(f"/admin/r/{kind}/999999/").status_code == 404
    assert client.get("/admin/r/999999/1/").status_code == 404
