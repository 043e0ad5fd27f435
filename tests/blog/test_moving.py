"""A new pattern for addresses is for new posts; those that have the old kind follow if the editor says so."""

from datetime import UTC, datetime

import pytest
from django.contrib.auth.models import Permission

from blog import moving
from blog.models import Alias, Post, SiteProfile
from tests.blog.test_admin import send
from tests.factories import make_post, make_user

pytestmark = pytest.mark.django_db
FORM, MOVE = "/admin/blog/siteprofile/1/change/", "/admin/blog/siteprofile/move/"
OLD, NEW = "/posts/:slug/", "/:year/:month/:slug/"


def give_pattern(client, pattern=NEW):
    SiteProfile.objects.get_or_create(pk=1)
    data = {"menu_items-TOTAL_FORMS": 0, "menu_items-INITIAL_FORMS": 0}
    return send(client, FORM, post_pattern=pattern, **data)


def paths():
    return dict(Post.objects.values_list("title", "path"))


@pytest.fixture
def posts():
    at = datetime(2022, 6, 5, 12, tzinfo=UTC)
    make_post("Usual", published_at=at)
    make_post("By hand", path="/my/own/", published_at=at)
    make_post("Draft", draft=True, published_at=None)


def test_posts_keep_their_addresses_and_the_editor_is_told(editor_client, posts):
    before = paths()
    give_pattern(editor_client)
    assert paths() == before
    page = editor_client.get(FORM).text
    assert "2 posts have addresses of the old kind" in page and "move/?pattern=" in page


def test_nothing_is_said_where_nothing_could_move(editor_client):
    make_post("By hand", path="/my/own/")
    give_pattern(editor_client)
    assert "of the old kind" not in editor_client.get(FORM).text


def test_those_of_the_old_kind_move_and_leave_redirects(client, editor_client, posts):
    give_pattern(editor_client)
    page = editor_client.get(MOVE, {"pattern": OLD}).text
    assert "/posts/usual/ → /2022/06/usual/" in page and "2 posts can move" in page
    editor_client.post(MOVE, {"pattern": OLD})
    assert paths() | {"Draft": ""} == {"Usual": "/2022/06/usual/", "By hand": "/my/own/", "Draft": ""}
    assert client.get("/posts/usual/")["Location"] == "/2022/06/usual/"
    draft = Post.objects.get(title="Draft")
    draft.publish()
    assert draft.path == f"/{draft.published_at:%Y/%m}/draft/"
    assert not Alias.objects.filter(post=draft).exists()


def test_there_and_back_leaves_no_chain(client, editor_client, posts):
    give_pattern(editor_client)
    editor_client.post(MOVE, {"pattern": OLD})
    give_pattern(editor_client, OLD)
    editor_client.post(MOVE, {"pattern": NEW})
    assert client.get("/posts/usual/").status_code == 200
    assert client.get("/2022/06/usual/")["Location"] == "/posts/usual/"


def test_many_move_some_at_a_time(editor_client, monkeypatch):
    monkeypatch.setattr(moving, "AT_ONCE", 2)
    for number in range(3):
        make_post(f"Post {number}x")
    give_pattern(editor_client, "/blog/:slug/")
    onward = editor_client.post(MOVE, {"pattern": OLD})["Location"]
    assert "1 post can move" in editor_client.get(onward).text
    assert Post.objects.filter(path__startswith="/blog/").count() == 2


def test_one_whose_new_address_is_taken_stays_and_is_named(editor_client, posts):
    make_post("In the way", path="/2022/06/usual/")
    give_pattern(editor_client)
    page = editor_client.post(MOVE, {"pattern": OLD}, follow=True).text
    assert "“In the way” is already at" in page
    assert paths()["Usual"] == "/posts/usual/"


@pytest.mark.parametrize("pattern", ["", "nonsense", "/:galaxy/:slug/"])
def test_without_a_pattern_there_is_nothing_to_see(editor_client, pattern):
    assert editor_client.get(MOVE, {"pattern": pattern}).status_code == 302


def test_who_may_not_edit_all_posts_moves_none(client, posts):
    person = make_user(is_staff=True)
    person.user_permissions.set(Permission.objects.filter(codename__in=["change_siteprofile", "change_post"]))
    client.force_login(person)
    assert client.post(MOVE, {"pattern": OLD}).status_code == 403
