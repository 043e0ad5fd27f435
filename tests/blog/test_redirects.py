"""Redirects written by hand: to an entry, which they follow, to a list, or to nothing; never a chain or a circle."""

import pytest

from blog import addresses
from blog.models import Alias
from tests.blog.test_admin import refusals, saved, send
from tests.factories import make_page, make_post

pytestmark = pytest.mark.django_db
ADD = "/admin/blog/alias/add/"


def write(client, path, to=""):
    response = send(client, ADD, path=path, to=to)
    assert response.status_code == 302, response.context["errors"]
    return Alias.objects.get(path=path)


def test_one_to_an_entry_follows_it(client, editor_client):
    post = make_post("Here")
    write(editor_client, "/old.html", "/posts/here/")
    saved(editor_client, post, slug="there")
    assert client.get("/old.html")["Location"] == "/posts/there/"


def test_one_to_a_list_and_one_to_nothing(client, editor_client):
    make_post(tags=["C++"])
    write(editor_client, "/label/c/", "/tags/c++/")
    write(editor_client, "/spam/")
    assert client.get("/label/c/")["Location"] == "/tags/c++/"
    assert client.get("/spam/").status_code == 410


def test_addresses_may_be_pasted_with_the_site_s_name_and_with_escapes(client, editor_client):
    make_post("Ü", path="/posts/ü/")
    alias = write(editor_client, "/alt/ü", "https://blog.example.org/posts/%C3%BC/")
    assert alias.entry.title == "Ü"
    send(editor_client, ADD, path="https://old.example.org/my%20page", to="/posts/ü/")
    assert client.get("/my%20page").status_code == 301


def test_one_to_an_old_address_leads_to_where_that_leads(client, editor_client):
    post = saved(editor_client, make_post("First"), slug="second")
    assert write(editor_client, "/older/", "/posts/first/").entry == post
    make_post(tags=["b"])
    addresses.lead("/tags/a/", "/tags/b/")
    assert write(editor_client, "/label/", "/tags/a/").target == "/tags/b/"


def test_what_led_to_an_address_leads_on_with_it(client, editor_client):
    make_post(tags=["a", "b"])
    Alias.objects.create(path="/one/", target="/two/")
    write(editor_client, "/two/", "/tags/b/")
    assert client.get("/one/")["Location"] == client.get("/two/")["Location"] == "/tags/b/"


@pytest.mark.parametrize(
    ("path", "to", "words"),
    [
        ("/x/", "/x/", "lead to itself"),
        ("/x", "/x/", "lead to itself"),
        ("/b/", "/a/", "round in circles"),
        ("/x/", "/nothing/", "Nothing is shown at /nothing/"),
        ("/x/", "//evil.example/", "begins with one slash"),
        ("/x/", "javascript:alert(1)", "begins with one slash"),
    ],
)
def test_a_circle_or_a_way_to_nothing_is_refused(editor_client, path, to, words):
    Alias.objects.create(path="/a/", target="/b/")
    assert words in refusals(editor_client, ADD, path=path, to=to)["to"][0]


@pytest.mark.parametrize(
    ("path", "words"),
    [
        ("/posts/here/", "address of “Here”"),
        ("/posts/draft/", "address of “Draft”"),
        ("/archive/", "shows something"),
        ("/taken/", "already"),
        ("no-slash", "a path on this site"),
        ("/?p=12", "behind ?"),
        ("//evil/", "a path on this site"),
    ],
)
def test_an_address_that_is_in_use_or_none_is_refused(editor_client, path, words):
    post = make_post("Here")
    make_post("Draft", draft=True)
    Alias.objects.create(path="/taken/", post=post)
    assert words in refusals(editor_client, ADD, path=path, to="/posts/here/")["path"][0]


def test_a_redirect_can_be_turned_elsewhere(client, editor_client):
    alias = Alias.objects.create(path="/old/", post=make_post(), imported=True)
    page = make_page("About")
    address = f"/admin/blog/alias/{alias.pk}/change/"
    assert 'value="/posts/' in editor_client.get(address).text
    assert send(editor_client, address, to="/about/").status_code == 302
    alias.refresh_from_db()
    assert (alias.entry, alias.imported) == (page, False)


def test_redirects_are_found_by_either_end(editor_client):
    Alias.objects.create(path="/from/", post=make_post("Whither"))
    Alias.objects.create(path="/gone/")
    for query, found in (("from", 1), ("whither", 1), ("nowhere", 0)):
        assert len(editor_client.get("/admin/blog/alias/", {"q": query}).context["cl"].result_list) == found
    gone = editor_client.get("/admin/blog/alias/", {"kind": "gone"}).context["cl"].result_list
    assert [alias.path for alias in gone] == ["/gone/"]


def test_a_new_entry_takes_back_an_address_that_was_given_up(client, editor_client):
    Alias.objects.create(path="/about/")
    send(editor_client, "/admin/blog/page/add/", title="About", _publish="")
    assert client.get("/about/").status_code == 200


def test_comments_feeds_of_a_moved_post_move_with_it(client, editor_client):
    saved(editor_client, make_post("Old"), slug="new")
    assert client.get("/posts/old/comments/feed/")["Location"] == "/posts/new/comments/feed/"
    assert client.get("/posts/old/comments/feed/atom/")["Location"] == "/posts/new/comments/feed/atom/"
