"""Every save is kept, and what readers see changes by a button that says so."""

from datetime import timedelta

import pytest
from bs4 import BeautifulSoup
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from blog.models import Category, Post, Revision, Series, Tag
from blog.revisions import keeping
from blog.revisions.states import state_of
from tests.blog.test_admin import ADD, LIST, change, form_of, send
from tests.factories import make_page, make_post, make_user

pytestmark = pytest.mark.django_db


def press(client, entry, button, **fields):
    response = send(client, change(entry), **{button: ""}, **fields)
    assert response.status_code == 302, response.context["errors"]
    return type(entry).objects.get(pk=entry.pk)


def kinds(entry):
    return list(Revision.objects.of(entry).order_by("pk").values_list("kind", flat=True))


def state_shown(client, address, selector=".entry-state .state"):
    page = BeautifulSoup(client.get(address).content.decode(), "html5lib")
    return page.select_one(selector).text.strip()


def test_every_save_of_a_person_is_kept_with_everything_that_can_be_edited(editor, editor_client):
    Category.objects.create(name="Essays"), Series.objects.create(name="Letters")
    send(
        editor_client,
        ADD,
        title="First",
        body="One two.",
        tags="a, b",
        categories=[Category.objects.get().pk],
        series=Series.objects.get().pk,
    )
    post = Post.objects.get()
    press(editor_client, post, "_publish", body="One two three.", tags="a, c")
    first, second = Revision.objects.order_by("pk")
    assert (first.kind, second.kind) == ("draft", "publish")
    assert first.user == second.user == editor
    assert timezone.now() - second.made_at < timedelta(minutes=1)
    assert (first.state["body"], first.state["tags"]) == ("One two.", ["a", "b"])
    assert first.state["categories"][0][1] == "Essays" and first.state["series"][1] == "Letters"
    assert first.state["authors"] == [[editor.pk, "editor"]]
    assert second.state == state_of(Post.objects.get())
    assert second.changes == {
        "fields": ["body", "draft", "published_at", "public_at", "tags"],
        "added": 2,
        "removed": 1,
    }


def test_the_state_before_the_first_save_is_kept_too(editor_client):
    post = make_post(body="As it was.")
    press(editor_client, post, "_update", body="New.")
    assert kinds(post) == ["first", "update"]
    assert Revision.objects.of(post).last().state["body"] == "As it was."


def test_what_was_changed_elsewhere_is_kept_before_it_is_written_over(editor_client):
    post = make_post()
    press(editor_client, post, "_update", body="Mine.")
    Post.objects.filter(pk=post.pk).update(body="By an import.")
    press(editor_client, post, "_update", body="Mine again.")
    assert kinds(post) == ["first", "update", "outside", "update"]
    assert "By an import." in [revision.state["body"] for revision in Revision.objects.all()]


def test_actions_of_the_list_are_kept_with_who_did_them(editor, editor_client):
    post = make_post()
    editor_client.post(LIST, {"action": "unpublish", "_selected_action": [post.pk]})
    newest = Revision.objects.of(post).first()
    assert (newest.kind, newest.user, newest.state["draft"]) == ("unpublish", editor, True)


# Live and draft apart


def test_a_draft_of_a_published_post_is_kept_beside_what_readers_see(client, editor_client):
    post = make_post("Old title", body="Old text.", tags=["old"])
    before = Post.objects.filter(pk=post.pk).values().get()
    press(editor_client, post, "_save_draft", title="New title", body="New text.", tags="new, old")
    assert Post.objects.filter(pk=post.pk).values().get() == before
    assert list(post.tags.names()) == ["old"]
    assert not Tag.objects.filter(name="new").exists()
    shown = form_of(editor_client, change(post))
    assert (shown["title"], shown["body"].strip(), shown["tags"]) == ("New title", "New text.", "new, old")
    press(editor_client, post, "_save_draft", body="Newer text.")
    post = press(editor_client, post, "_update")
    assert (post.title, post.body, sorted(post.tags.names())) == ("New title", "Newer text.", ["new", "old"])
    assert timezone.now() - post.modified_at < timedelta(minutes=1)
    assert "Newer text." in post.body_html
    assert kinds(post) == ["first", "draft", "draft", "update"]
    assert not Revision.objects.filter(is_pending=True).exists()


def test_the_form_and_the_list_say_what_is_not_public_yet(editor_client):
    post = make_post()
    assert state_shown(editor_client, change(post)) == "Published"
    press(editor_client, post, "_save_draft", body="Not yet.")
    words = "Published, with unpublished changes"
    assert state_shown(editor_client, change(post)) == words
    assert state_shown(editor_client, LIST, "#result_list .state") == words
    press(editor_client, post, "_update")
    assert state_shown(editor_client, LIST, "#result_list .state") == "Published"


def test_a_new_address_waits_with_the_rest_of_the_draft(client, editor_client):
    post = make_post("Old name")
    press(editor_client, post, "_save_draft", slug="new-name")
    assert client.get("/posts/old-name/").status_code == 200
    press(editor_client, post, "_save_draft", slug="newer-name")
    assert press(editor_client, post, "_update").path == "/posts/newer-name/"
    assert client.get("/posts/old-name/")["Location"] == "/posts/newer-name/"
    assert client.get("/posts/new-name/").status_code == 404


def test_a_date_that_waits_does_not_change_what_readers_see(client, editor_client):
    post = make_post()
    press(editor_client, post, "_save_draft", published_at="2099-01-01T00:00")
    assert state_shown(editor_client, change(post)).startswith("Published")
    post = press(editor_client, post, "_save_draft", published_at="2001-02-03T04:05")
    assert post.is_public and post.published_at.year > 2001
    post = press(editor_client, post, "_update")
    assert (post.published_at.year, post.public_at.year) == (2001, 2001)


def test_unpublishing_takes_the_draft_along(editor_client):
    post = make_post()
    press(editor_client, post, "_save_draft", body="On the way.")
    post = press(editor_client, post, "_unpublish")
    assert (post.state, post.body) == ("draft", "On the way.")
    assert Client().get(post.path).status_code == 404


def test_a_later_date_makes_publishing_a_schedule(editor_client):
    send(editor_client, ADD, title="Later", published_at="2099-01-01T00:00", _publish="")
    assert (Post.objects.get().state, kinds(Post.objects.get())) == ("scheduled", ["schedule"])


def test_a_page_has_all_this_as_well(client, editor_client):
    page = make_page("About", body="Old.")
    press(editor_client, page, "_save_draft", body="New.")
    page.refresh_from_db()
    assert page.body == "Old."
    assert press(editor_client, page, "_update").body == "New."


def test_the_buttons_fit_the_state(editor_client):
    def buttons(address):
        page = BeautifulSoup(editor_client.get(address).content.decode(), "html5lib")
        return [button.text.strip() for button in page.select(".submit-row button")]

    assert buttons(ADD) == ["Save draft", "Publish"]
    assert buttons(change(make_post(draft=True))) == ["Save draft", "Publish"]
    assert buttons(change(make_post())) == ["Save draft", "Update", "Unpublish"]
    later = timezone.now() + timedelta(days=1)
    assert buttons(change(make_post(draft=True, published_at=later))) == ["Save draft", "Schedule"]


def test_an_author_has_the_same_buttons_for_their_own_posts(client):
    from tests.blog.test_admin_lists import make_person

    author = make_person(client, "author")
    post = make_post(authors=[author])
    press(client, post, "_save_draft", body="By me.")
    assert press(client, post, "_update").body == "By me."
    assert list(post.authors.all()) == [author]
    assert client.get(change(make_post(authors=[make_user()]))).status_code == 403


# Cost


def test_a_thousand_revisions_cost_what_one_does(editor_client, django_assert_num_queries):
    post = make_post()
    press(editor_client, post, "_save_draft", body="Once.")
    addresses = [change(post), LIST]

    def cost(visit):
        with CaptureQueriesContext(connection) as counted:
            visit()
        return len(counted)

    before = [cost(lambda address=address: editor_client.get(address)) for address in addresses]
    save = cost(lambda: press(editor_client, post, "_save_draft", body="Twice."))
    state, at = state_of(post), timezone.now()
    Revision.objects.bulk_create(
        Revision(post=post, model="post", kind="draft", made_at=at, state=state, digest=str(number))
        for number in range(1000)
    )
    keeping.keep_pending(post, "draft", None, state)
    assert [cost(lambda address=address: editor_client.get(address)) for address in addresses] == before
    assert cost(lambda: press(editor_client, post, "_save_draft", body="Thrice.")) == save
