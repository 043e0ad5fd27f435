"""What is done to many at once is in the history of each: what it was, and who did it."""

import pytest
from django.db import connection
from django.db.models import QuerySet
from django.test.utils import CaptureQueriesContext

from blog.models import Post, Revision, SiteProfile, Tag
from blog.revisions import keeping
from blog.revisions.many import noted
from blog.revisions.states import state_of
from tests.blog.test_admin import change, send
from tests.blog.test_admin_lists import act
from tests.blog.test_history import history, read, words
from tests.blog.test_revisions import kinds, press
from tests.factories import make_page, make_post, make_user

pytestmark = pytest.mark.django_db


def told(client, entry):
    """The history in words, the newest first, without the hours."""
    rows = read(client, history(entry)).select(".revisions li")
    return [words(row).partition(" · ")[2].partition(" Preview")[0] for row in rows]


def test_tags_added_to_many_are_noted_with_the_name_of_whoever_did_it(editor_client):
    one, two, other = make_post(tags=["fen"]), make_post(), make_post()
    act(editor_client, "add_tags", [one, two], names="moor")
    for post in (one, two):
        newest, oldest = told(editor_client, post)
        assert newest.startswith("Tag “moor” added · editor") and newest.endswith("Tags")
        assert oldest.startswith("As it was found")
    act(editor_client, "remove_tags", [one, two], chosen="1", tags=[Tag.objects.get(name="moor").pk])
    assert told(editor_client, one)[0].startswith("Tag “moor” taken away · editor")
    assert Revision.objects.of(one).first().state["tags"] == ["fen"]
    assert kinds(other) == []


def test_a_post_that_a_deed_did_not_change_has_no_new_state(editor_client):
    had, lacked = make_post(tags=["moor"]), make_post()
    act(editor_client, "add_tags", [had, lacked], names="moor")
    assert (kinds(had), kinds(lacked)) == (["first"], ["first", "update"])


@pytest.mark.parametrize(
    ("action", "draft", "said"),
    [
        ("publish", True, "Published · editor"),
        ("unpublish", False, "Unpublished · editor"),
        ("close_discussion", False, "Discussion closed · editor"),
    ],
)
def test_what_is_done_to_many_says_who_did_what(editor_client, action, draft, said):
    entries = [make_post(draft=draft), make_post(draft=draft)]
    act(editor_client, action, entries)
    assert [told(editor_client, entry)[0].startswith(said) for entry in entries] == [True, True]
    page = make_page(draft=draft)
    act(editor_client, action, [page], "/admin/blog/page/")
    assert told(editor_client, page)[0].startswith(said)


def test_what_is_worked_on_beside_a_post_is_changed_alike_and_not_overtaken(editor_client):
    post = make_post(tags=["a", "b"], body="Old.")
    press(editor_client, post, "_save_draft", body="New.", tags="b, c")
    act(editor_client, "add_tags", [post], names="moor")
    act(editor_client, "remove_tags", [post], chosen="1", tags=[Tag.objects.get(name="b").pk])
    act(editor_client, "close_discussion", [post])
    assert sorted(post.tags.names()) == ["a", "moor"] and Post.objects.get().body == "Old."
    assert keeping.pending_of(post).state["tags"] == ["c", "moor"]
    updated = press(editor_client, post, "_update")
    assert (updated.body, sorted(updated.tags.names())) == ("New.", ["c", "moor"])
    assert updated.discussion == "closed"


def test_tags_that_are_renamed_merged_and_deleted_are_in_the_history_of_their_posts(editor_client):
    post = make_post(tags=["JS", "web"])
    old, web = Tag.objects.get(name="JS"), Tag.objects.get(name="web")
    assert send(editor_client, change(old), name="JavaScript").status_code == 302
    merging = {"action": "merge", "_selected_action": [old.pk, web.pk], "into": web.pk}
    editor_client.post("/admin/blog/tag/", merging)
    editor_client.post(f"/admin/blog/tag/{web.pk}/delete/", {"post": "yes"})
    assert [row.removesuffix(" Tags") for row in told(editor_client, post)[:3]] == [
        "“web” deleted · editor Readers see this",
        "“JavaScript” merged into “web” · editor",
        "Tag “JS” renamed “JavaScript” · editor",
    ]
    assert [row.state["tags"] for row in Revision.objects.of(post)[:3]] == [
        [],
        ["web"],
        ["JavaScript", "web"],
    ]


def test_noting_costs_the_same_however_many(editor_client):
    def cost(count, name):
        posts = [make_post(tags=["t"], categories=["c"]) for _number in range(count)]
        with CaptureQueriesContext(connection) as counted:
            act(editor_client, "add_tags", posts, names=name)
        return len(counted)

    cost(1, "warm")
    assert cost(8, "b") == cost(2, "a")


@pytest.mark.parametrize("action", ["publish", "unpublish", "close_discussion"])
def test_the_site_profile_is_read_once_however_many_are_changed(editor_client, monkeypatch, action):
    read, times = SiteProfile._read, []
    monkeypatch.setattr(SiteProfile, "_read", lambda: times.append(1) or read())
    posts = [make_post(draft=action == "publish", published_at=None) for _number in range(5)]
    times.clear()
    act(editor_client, action, posts)
    assert len(times) == 1


def test_noting_prepares_no_query_for_each_post(editor, monkeypatch):
    """Ten thousand posts of one tag took most of their time for that."""
    chain, prepared = QuerySet._chain, []
    monkeypatch.setattr(QuerySet, "_chain", lambda rows: prepared.append(rows) or chain(rows))

    def cost(count):
        posts = Post.objects.filter(
            pk__in=[make_post(tags=["t"], categories=["c"]).pk for _n in range(count)]
        )
        prepared.clear()
        with noted(posts, editor):
            posts.update(discussion="closed")
        return len(prepared)

    cost(1)
    assert cost(8) == cost(2)


def test_posts_noted_together_are_filed_as_each_alone(editor):
    author = make_user("ann")
    posts = [make_post(tags=["b", "a"], categories=["z", "y"], authors=[author]), make_post(series="s")]
    with noted(Post.objects.all(), editor):
        Post.objects.update(discussion="closed")
    for post in posts:
        assert Revision.objects.of(post).first().state == state_of(Post.objects.get(pk=post.pk))


def test_what_was_changed_behind_its_back_is_noted_before_what_is_done_to_many(editor_client):
    post, other = make_post(body="One two."), make_post()
    act(editor_client, "add_tags", [post, other], names="moor")
    Post.objects.filter(pk=post.pk).update(body="One two three.", title="Another")
    act(editor_client, "add_tags", [post, other], names="fen")
    assert kinds(post) == ["first", "update", "outside", "update"]
    newest, outside = Revision.objects.of(post)[:2]
    assert outside.changes == {"fields": ["title", "body"], "added": 2, "removed": 1}
    assert newest.changes == {"fields": ["tags"]} and newest.state["body"] == "One two three."
    assert kinds(other) == ["first", "update", "update"]
