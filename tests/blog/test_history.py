"""The history of an entry: its states in words, any two side by side, one on its page, one restored."""

from datetime import timedelta

import pytest
from bs4 import BeautifulSoup
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from blog.importers import open_source
from blog.importers.load import load
from blog.models import Post, Revision
from blog.revisions.states import state_of
from tests.blog.test_admin import change
from tests.blog.test_admin_lists import make_person
from tests.blog.test_revisions import kinds, press
from tests.factories import make_page, make_post

pytestmark = pytest.mark.django_db


def history(entry, *rest):
    return "/".join([f"/admin/blog/{entry._meta.model_name}/{entry.pk}/history", *map(str, rest), ""])


def read(client, address, **query):
    response = client.get(address, query)
    assert response.status_code == 200
    return BeautifulSoup(response.content.decode(), "html5lib")


def words(node):
    return " ".join(node.text.split())


def states(entry):
    return list(Revision.objects.of(entry).order_by("pk"))


def test_the_list_says_when_who_and_what(editor_client):
    post = make_post(body="One two three.", tags=["a"])
    press(editor_client, post, "_update", body="One two four five.", tags="b")
    press(editor_client, post, "_save_draft", title="Another title")
    newest, middle, oldest = map(words, read(editor_client, history(post)).select(".revisions li"))
    assert "Draft saved · editor Not public yet Title" in newest
    assert "Updated · editor Readers see this" in middle
    assert "Text, Tags · words: +2 −1" in middle
    assert "As it was found" in oldest


def test_an_imported_entry_says_where_it_came_from(editor_client, tmp_path):
    folder = tmp_path / "content" / "posts"
    folder.mkdir(parents=True)
    (folder / "old.md").write_text("---\ntitle: Old\ndate: 2020-01-01\n---\nText.\n")
    load(open_source("hugo", tmp_path), processes=0)
    post = Post.objects.get()
    (row,) = map(words, read(editor_client, history(post)).select(".revisions li"))
    assert "Imported posts/old.md" in row
    (folder / "old.md").write_text("---\ntitle: Old\ndate: 2020-01-01\n---\nNew text.\n")
    load(open_source("hugo", tmp_path), processes=0)
    press(editor_client, post, "_update", title="Mine")
    assert kinds(post) == ["import", "update"]
    newest, oldest = map(words, read(editor_client, history(post)).select(".revisions li"))
    assert "Updated · editor" in newest and "Imported posts/old.md" in oldest


def test_looking_at_a_history_changes_nothing(editor_client):
    post = make_post(body="One.")
    page = read(editor_client, history(post))
    assert "Now · As it was found Readers see this" in words(page.select_one(".revisions li"))
    press(editor_client, post, "_update", body="Two.")
    Post.objects.filter(pk=post.pk).update(body="Three, by a command.")
    now, newest, _first = map(words, read(editor_client, history(post)).select(".revisions li"))
    assert "Now · Changed outside the form Readers see this" in now and "Readers see this" not in newest
    assert "Three, by a command." in read(editor_client, history(post, "now")).text
    page = read(editor_client, history(post), old="now", new=states(post)[1].pk)
    assert [mark.text for mark in page.select("del, ins")] == ["Two", "Three, by a command"]
    assert kinds(post) == ["first", "update"]


def test_one_state_alone_is_not_to_be_compared(editor_client):
    post = make_post()
    assert not read(editor_client, history(post)).select("#compare, [type=radio], [name=restore]")
    press(editor_client, post, "_update", body="Two.")
    assert len(read(editor_client, history(post)).select("#compare, [type=radio], [name=restore]")) == 7


def test_two_states_are_compared_word_by_word_and_field_by_field(editor_client):
    post = make_post("Old title", body="The old house.\n", tags=["a"], categories=["Essays"], listed=True)
    press(
        editor_client,
        post,
        "_update",
        title="New title",
        body="The new house.\n",
        tags="a, b",
        categories=[],
        listed=[],
        expires_at="2099-01-02T03:04",
    )
    old, new = states(post)
    page = read(editor_client, history(post), old=new.pk, new=old.pk)  # in whatever order they were chosen
    shown = {section.h2.text: section for section in page.select(".difference")}
    assert set(shown) == {"Title", "Text", "Tags", "Categories", "In lists and feeds", "Expires"}
    assert [mark.text for mark in shown["Text"].select("del, ins")] == ["old", "new"]
    assert [mark.text for mark in shown["Title"].select("del, ins")] == ["Old", "New"]
    assert [mark.text for mark in shown["Tags"].select("del, ins")] == ["a", "a, b"]
    assert [mark.text for mark in shown["In lists and feeds"].select("del, ins")] == ["Yes", "No"]
    assert [mark.text for mark in shown["Expires"].select("del, ins")] == ["–", "2 January 2099, 03:04"]


def test_restoring_a_published_text_is_a_draft_until_it_is_updated(editor_client):
    post = make_post("Old", body="Old text.", tags=["old"])
    press(editor_client, post, "_update", title="New", body="New text.", tags="new")
    first = states(post)[0]
    response = editor_client.post(history(post), {"restore": first.pk}, follow=True)
    assert "Readers see it once you press “Update”." in response.content.decode()
    assert Post.objects.get().body == "New text."
    restored = press(editor_client, post, "_update")
    assert (restored.title, restored.body, list(restored.tags.names())) == ("Old", "Old text.", ["old"])
    assert kinds(post) == ["first", "update", "restore", "update"]


def test_restoring_a_draft_is_done_at_once(editor_client):
    post = make_post(draft=True, body="Old text.", tags=["old"])
    press(editor_client, post, "_save_draft", body="New text.", tags="new")
    editor_client.post(history(post), {"restore": states(post)[0].pk})
    post = Post.objects.get()
    assert (post.body, list(post.tags.names()), post.draft) == ("Old text.", ["old"], True)
    assert "<p>Old text.</p>" in post.body_html


def test_restoring_what_readers_see_puts_the_draft_away(editor_client):
    post = make_post(body="Old text.")
    press(editor_client, post, "_save_draft", body="New text.")
    editor_client.post(history(post), {"restore": states(post)[0].pk})
    assert not Revision.objects.filter(is_pending=True).exists()
    assert "New text." in [revision.state["body"] for revision in states(post)]


def test_any_state_is_shown_on_the_real_page_and_kept_by_nobody(editor_client):
    post = make_post("Old title", body="Old *text*.", tags=["old"])
    press(editor_client, post, "_update", title="New title", body="New text.", tags="new")
    response = editor_client.get(history(post, states(post)[0].pk))
    page = BeautifulSoup(response.content.decode(), "html5lib")
    assert page.select_one("article h1").text == "Old title"
    assert page.select_one(".prose em").text == "text"
    assert [tag.text for tag in page.select(".p-category")] == ["old"]
    assert "Preview" in page.select_one(".rubric strong").text
    assert "no-store" in response["Cache-Control"] and "noindex" in response["X-Robots-Tag"]
    assert not page.select("#comments, .thread")
    about = make_page("About", body="Old.")
    press(editor_client, about, "_update", body="New.")
    assert "Old." in read(editor_client, history(about, states(about)[0].pk)).select_one(".prose").text


def test_strangers_and_other_authors_see_no_history(client):
    post = make_post()
    assert client.get(history(post)).status_code == 302
    make_person(client, "author")
    for address in (history(post), history(post, 1)):
        assert client.get(address).status_code == 403
    assert client.post(history(post), {"restore": 1}).status_code == 403


@pytest.mark.parametrize("query", [{"old": "x", "new": "1"}, {"old": "9" * 30, "new": "1"}])
def test_states_that_are_none_are_not_found(editor_client, query):
    assert editor_client.get(history(make_post()), query).status_code == 404


def test_a_revision_of_another_entry_is_not_shown(editor_client):
    post, other = make_post(), make_post()
    press(editor_client, other, "_update", body="Other.")
    assert editor_client.get(history(post, states(other)[0].pk)).status_code == 404


def test_a_thousand_revisions_cost_what_one_does(editor_client):
    post = make_post()
    press(editor_client, post, "_update", body="Once.")

    def cost(address, **query):
        with CaptureQueriesContext(connection) as counted:
            read(editor_client, address, **query)
        return len(counted)

    old, new = states(post)
    both = {"old": old.pk, "new": new.pk}
    before = cost(history(post)), cost(history(post), **both), cost(history(post, new.pk))
    at = timezone.now() - timedelta(days=1)
    Revision.objects.bulk_create(
        Revision(post=post, model="post", kind="draft", made_at=at, state=state_of(post), digest="x")
        for _number in range(1000)
    )
    assert len(read(editor_client, history(post)).select(".revisions li")) == 50
    assert (cost(history(post)), cost(history(post), **both), cost(history(post, new.pk))) == before


def test_the_form_leads_to_the_history(editor_client):
    post = make_post()
    page = read(editor_client, change(post))
    assert page.select_one(".object-tools .historylink")["href"] == history(post)
