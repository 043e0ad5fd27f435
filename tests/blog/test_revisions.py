"""Every save is kept, and what readers see changes by a button that says so."""

from datetime import timedelta

import pytest
from bs4 import BeautifulSoup
from django.core.management import call_command
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from blog.importers import open_source
from blog.importers.load import load
from blog.importers.load_changes import edited_here, marks_of_entry
from blog.models import Category, Post, Revision, Series, Tag
from blog.revisions import keeping
from blog.revisions.states import digest, state_of
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
        return [button.text.strip() for button in page.select(".submit-row > button")]

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
    keeping.keep_pending(post, "draft", None, state, began=digest(state))
    assert [cost(lambda address=address: editor_client.get(address)) for address in addresses] == before
    assert cost(lambda: press(editor_client, post, "_save_draft", body="Thrice.")) == save


# Two tabs, two people


def open_tab(client, entry, **fields):
    """What a tab will send that is open now."""
    return {**form_of(client, change(entry)), **fields}


def both_page(response):
    assert response.status_code == 409
    return BeautifulSoup(response.content.decode(), "html5lib")


def fields_of(page):
    """What the page with both texts sends when nothing is changed in it."""
    data = {}
    for field in page.select("main form :is(input, textarea)[name]"):
        if field.get("type") == "radio" and not field.has_attr("checked"):
            continue
        text = field.text.removeprefix("\n") if field.name == "textarea" else field.get("value", "")
        data.setdefault(field["name"], []).append(text)
    return data


@pytest.mark.parametrize("button", ["_save_draft", "_update"])
def test_the_later_of_two_saves_is_refused_with_both_texts_and_their_sum(editor_client, button):
    post = make_post(body="One.\n\nTwo.\n\nThree.\n", tags=["old"])
    late = open_tab(editor_client, post, body="One.\r\n\r\nTwo.\r\n\r\nThree, by me.\r\n")
    filed = [Category.objects.create(name=name, slug=name.lower()).pk for name in ("Walks", "Winds")]
    theirs = {"tags": "moor, new, wide open", "categories": filed}
    press(editor_client, post, button, body="One, by them.\n\nTwo.\n\nThree.\n", **theirs)
    response = editor_client.post(change(post), {**late, button: ""})
    page = both_page(response)
    assert "editor has saved this" in " ".join(page.select_one("[role=alert]").text.split())
    assert ", by them" in [mark.text for mark in page.select("del")]
    assert ", by me" in [mark.text for mark in page.select("ins")]
    data = fields_of(page)
    assert data["body"] == ["One, by them.\n\nTwo.\n\nThree, by me.\n"]
    assert data["take-tags"] == ["theirs"]
    response = editor_client.post(change(post), {**data, button: ""})
    assert response.status_code == 302
    newest = Revision.objects.of(post).kept().first()
    assert newest.state["body"] == "One, by them.\n\nTwo.\n\nThree, by me.\n"
    assert newest.state["tags"] == ["moor", "new", "wide open"]
    assert [pk for pk, _name in newest.state["categories"]] == filed


def test_of_tags_and_categories_that_both_gave_all_are_proposed(editor_client):
    walks, winds, moors = (Category.objects.create(name=name, slug=name.lower()) for name in ("A", "B", "C"))
    post = make_post(body="Old.", tags=["moor"])
    post.categories.add(moors)
    late = open_tab(editor_client, post, tags="moor, winter, wide open", categories=[moors.pk, walks.pk])
    press(editor_client, post, "_update", tags="moor, snow", categories=[moors.pk, winds.pk])
    data = fields_of(both_page(editor_client.post(change(post), {**late, "_update": ""})))
    assert (data["take-tags"], data["take-categories"]) == (["both"], ["both"])
    editor_client.post(change(post), {**data, "_update": ""})
    assert sorted(post.tags.names()) == ["moor", "snow", "wide open", "winter"]
    assert set(post.categories.all()) == {walks, winds, moors}


def test_what_was_refused_is_kept_even_if_nobody_merges_it(editor, editor_client):
    post = make_post(body="Old.")
    late = open_tab(editor_client, post, body="By me.")
    press(editor_client, post, "_update", body="By them.")
    editor_client.post(change(post), {**late, "_update": ""})
    kept = Revision.objects.get(kind="autosave")
    assert (kept.user, kept.state["body"], kept.typed["body"]) == (editor, "By me.", ["By me."])
    post.refresh_from_db()
    assert post.body == "By them."


def test_a_save_that_adds_nothing_to_what_was_saved_meanwhile_is_settled(editor_client):
    post = make_post(body="Old.", draft=True, published_at=None)
    late = open_tab(editor_client, post, body="New.")
    press(editor_client, post, "_publish", body="New.")
    response = editor_client.post(change(post), {**late, "_publish": ""}, follow=True)
    assert "nothing you sent is missing" in response.content.decode()
    assert kinds(post) == ["first", "publish"]


def test_a_form_with_a_mistake_still_tells_of_the_other_save(editor_client):
    post = make_post(body="Old.")
    late = open_tab(editor_client, post, title="", body="By me.")
    press(editor_client, post, "_update", body="By them.")
    page = both_page(editor_client.post(change(post), {**late, "_update": ""}))
    assert fields_of(page)["body"] == ["By me.\nBy them."]


def test_a_change_of_the_list_or_an_import_counts_as_well(editor_client):
    post = make_post(body="Old.")
    late = open_tab(editor_client, post, body="By me.")
    Post.objects.filter(pk=post.pk).update(body="By an import.")
    page = both_page(editor_client.post(change(post), {**late, "_update": ""}))
    assert "this was changed elsewhere" in page.text
    assert {"By an import.", "By me."} <= {side.text.strip() for side in page.select(".side")}


def test_a_draft_is_not_put_over_what_readers_were_given_meanwhile(editor_client):
    post = make_post(body="One.\n\nTwo.")
    press(editor_client, post, "_save_draft", body="One.\n\nTwo, by me.")
    Post.objects.filter(pk=post.pk).update(title="By an import")
    page = both_page(send(editor_client, change(post), _update=""))
    post.refresh_from_db()
    assert (post.title, post.body) == ("By an import", "One.\n\nTwo.")
    editor_client.post(change(post), {**fields_of(page), "title": "By an import", "_update": ""})
    post.refresh_from_db()
    assert (post.title, post.body) == ("By an import", "One.\n\nTwo, by me.")


@pytest.mark.parametrize("token", ["", "\0", "é" * 40, "-", "9" * 500, "0-999999999999999999999"])
def test_a_token_that_no_form_ever_had_is_taken_for_an_old_one(editor_client, token):
    post = make_post(body="One.")
    late = open_tab(editor_client, post, began=token, body="Two.")
    page = both_page(editor_client.post(change(post), {**late, "_update": ""}))
    assert "Two." in page.get_text()
    assert Post.objects.get().body == "One."


def test_fields_may_be_taken_from_either_side(editor_client):
    post = make_post(series="Letters", listed=True)
    late = open_tab(editor_client, post, series="", tags="mine", expires_at="2099-01-01T10:00")
    press(editor_client, post, "_update", tags="theirs", listed=[], expires_at="2098-01-01T10:00")
    page = both_page(editor_client.post(change(post), {**late, "_update": ""}))
    data = fields_of(page)
    assert (data["take-tags"], data["take-listed"], data["take-series"]) == (["both"], ["theirs"], ["mine"])
    editor_client.post(
        change(post), {**data, "take-tags": "mine", "take-expires_at": "theirs", "_update": ""}
    )
    post = Post.objects.get()
    assert (post.listed, post.series, list(post.tags.names())) == (False, None, ["mine"])
    assert post.expires_at.year == 2098


# Moving in and out


def import_again(folder, text):
    (folder / "content" / "posts").mkdir(parents=True, exist_ok=True)
    (folder / "content" / "posts" / "one.md").write_text(text)
    load(open_source("hugo", folder), processes=0)


def test_an_export_gives_what_readers_have_and_an_import_does_not_write_over_a_draft(editor_client, tmp_path):
    text = "---\ntitle: One\ndate: 2020-01-01\n---\nFrom the file.\n"
    import_again(tmp_path / "site", text)
    post = Post.objects.get()
    press(editor_client, post, "_save_draft", body="On the way.\n")
    call_command("export_content", "hugo", tmp_path / "out", verbosity=0)
    assert (tmp_path / "out" / "content" / "posts" / "one.md").read_text() == text
    import_again(tmp_path / "site", text.replace("From", "Newly from"))
    assert Post.objects.get().body == "Newly from the file.\n"
    page = both_page(send(editor_client, change(post), _update=""))
    assert {"On the way.", "Newly from the file."} <= {side.text.strip() for side in page.select(".side")}
    editor_client.post(change(post), {**fields_of(page), "body": "Both.\n", "_update": ""})
    assert edited_here(Post.objects.get(), marks_of_entry(Post.objects.get())) == ["body"]
