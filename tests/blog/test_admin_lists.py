"""The lists of posts and pages: tabs with numbers, a search by every word, tags for many, copies, and the way to edit."""

from datetime import timedelta

import pytest
from bs4 import BeautifulSoup
from django.contrib.auth.models import Group
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from blog import terms
from blog.models import Post, Revision, Tag
from comments.models import Comment
from tests.blog.test_admin import LIST, change, form_of, send, titles
from tests.factories import make_comment, make_page, make_post, make_user

pytestmark = pytest.mark.django_db


def make_person(client, role):
    person = make_user(is_staff=True)
    person.groups.add(Group.objects.get(name=role))
    client.force_login(person)
    return person


def tabs(page):
    rows = BeautifulSoup(page.content.decode(), "html5lib").select(".tabs li")
    return {row.a.text: row.select_one(".count").text for row in rows}


def write_all_states(**fields):
    now = timezone.now()
    make_post("draft", draft=True, **fields)
    make_post("to come", published_at=now + timedelta(days=1), **fields)
    make_post("public", **fields), make_post("public too", **fields)


def test_tabs_say_how_many_are_in_each_state(editor, editor_client):
    write_all_states()
    make_post("mine", authors=[editor])
    assert tabs(editor_client.get(LIST)) == {
        "All": "5",
        "Drafts": "1",
        "Scheduled": "1",
        "Published": "3",
        "Everybody’s": "",
        "Mine": "1",
    }
    assert titles(editor_client.get(LIST, {"whose": "mine"})) == ["mine"]
    assert titles(editor_client.get(LIST, {"whose": "mine", "state": "drafts"})) == []


def test_an_author_s_tabs_count_their_own_alone(client):
    author = make_person(client, "author")
    write_all_states()
    make_post("mine", authors=[author], draft=True)
    assert tabs(client.get(LIST)) == {"All": "1", "Drafts": "1", "Published": "0"}


def test_pages_have_tabs_too(editor_client):
    make_page(), make_page(draft=True)
    assert tabs(editor_client.get("/admin/blog/page/")) == {"All": "2", "Drafts": "1", "Published": "1"}


@pytest.mark.parametrize(
    "query", ["hidden treasure", "TREASURE", "treas", "tréasure hidden", "a title", "my-own"]
)
def test_search_finds_words_of_the_text_the_title_and_the_address(editor_client, query):
    make_post("A title", body="A treasure is *hidden* here.", draft=True, path="/my-own-place/")
    make_post("Another", body="Nothing.")
    assert titles(editor_client.get(LIST, {"q": query})) == ["A title"]


def test_search_tells_an_author_nothing_of_others_texts(client):
    make_person(client, "author")
    make_post("Hers", body="A treasure.", draft=True)
    assert titles(client.get(LIST, {"q": "treasure"})) == []


def test_pages_are_searched_too(editor_client):
    make_page("Imprint", body="Who is responsible.")
    page = editor_client.get("/admin/blog/page/", {"q": "responsible"})
    assert [entry.title for entry in page.context["cl"].result_list] == ["Imprint"]


# Tags for many


def act(client, action, posts, address=LIST, **fields):
    data = {"action": action, "_selected_action": [post.pk for post in posts], **fields}
    return client.post(address, data)


def test_tags_are_added_to_many_and_are_not_added_twice(editor_client):
    one, two, other = make_post(tags=["Django"]), make_post(), make_post()
    assert "2 posts are chosen" in act(editor_client, "add_tags", [one, two]).text
    answer = act(editor_client, "add_tags", [one, two], names="django, C++")
    assert answer.status_code == 302
    assert sorted(one.tags.names()) == sorted(two.tags.names()) == ["C++", "Django"]
    assert not other.tags.exists() and Tag.objects.count() == 2


def test_tags_are_taken_from_many(editor_client):
    one, two, other = make_post(tags=["a", "b"]), make_post(tags=["a"]), make_post(tags=["a"])
    page = act(editor_client, "remove_tags", [one, two]).text
    assert "a (2)" in page and "b (1)" in page
    tag = Tag.objects.get(name="a")
    act(editor_client, "remove_tags", [one, two], chosen="1", tags=[tag.pk])
    assert [list(post.tags.names()) for post in (one, two, other)] == [["b"], [], ["a"]]


def test_all_that_a_filter_finds_are_tagged_when_all_are_chosen(editor_client):
    found = [make_post(draft=True) for _number in range(3)]
    public = make_post()
    across = {"select_across": "1", "index": "0"}
    address = f"{LIST}?state=drafts"
    page = act(editor_client, "add_tags", found[:1], address, **across).text
    assert 'name="select_across" value="1"' in page and "3 posts" in page
    act(editor_client, "add_tags", found[:1], address, names="new", **across)
    assert Post.objects.filter(tags__name="new").count() == 3 and not public.tags.exists()


def test_tagging_many_costs_the_same_however_many(django_assert_num_queries):
    few, many = ([make_post().pk for _n in range(count)] for count in (2, 9))
    Tag.objects.create(name="a"), Tag.objects.create(name="b")
    with CaptureQueriesContext(connection) as counted:
        terms.tag_posts(Post.objects.filter(pk__in=few), ["a"])
    with django_assert_num_queries(len(counted)):
        terms.tag_posts(Post.objects.filter(pk__in=many), ["b"])


def test_an_author_tags_their_own_posts_alone(client):
    author = make_person(client, "author")
    mine, hers = make_post(authors=[author]), make_post()
    act(client, "add_tags", [mine, hers], names="new")
    assert mine.tags.exists() and not hers.tags.exists()


# A copy


def test_a_copy_is_a_new_draft_with_the_same_text_and_terms(editor_client):
    original = make_post("Recipe", body="Salt.", tags=["C++", "b, c"], categories=["Food"], series="Kitchen")
    assert f"?copy={original.pk}" in editor_client.get(change(original)).text
    send(editor_client, f"/admin/blog/post/add/?copy={original.pk}")
    copy = Post.objects.exclude(pk=original.pk).get()
    assert (copy.title, copy.body, copy.state) == ("Copy of Recipe", "Salt.", "draft")
    assert copy.path != original.path and copy.guid != original.guid
    assert sorted(copy.tags.names()) == ["C++", "b, c"]
    assert [category.name for category in copy.categories.all()] == ["Food"]
    assert copy.series == original.series


def test_nobody_copies_what_they_may_not_read(client):
    make_person(client, "author")
    hers = make_post("Hers", body="Secret.", draft=True)
    assert form_of(client, f"/admin/blog/post/add/?copy={hers.pk}")["body"] == ""
    for nonsense in ("x", "99999999", "9" * 30):
        assert client.get(f"/admin/blog/post/add/?copy={nonsense}").status_code == 200


# The way to edit, on the page itself


def test_whoever_may_edit_finds_the_way_on_the_page(client, editor_client):
    for entry in (make_post(), make_page()):
        page = editor_client.get(entry.path)
        assert f'href="{change(entry)}"' in page.text
        assert "Cookie" in page["Vary"]
    client.logout()
    assert "/admin/" not in client.get(entry.path).text


def test_an_author_finds_it_on_their_own_posts_and_a_moderator_nowhere(client):
    author = make_person(client, "author")
    mine, hers = make_post(authors=[author]), make_post()
    assert change(mine) in client.get(mine.path).text
    assert change(hers) not in client.get(hers.path).text
    make_person(client, "moderator")
    assert change(mine) not in client.get(mine.path).text


def test_what_goes_with_an_entry_is_counted_before_it_is_deleted(
    editor_client, django_assert_max_num_queries
):
    post = make_post("Going", tags=["a"], categories=["b"])
    make_comment(post), make_comment(post)
    Revision.objects.bulk_create(
        Revision(post=post, model="post", kind="draft", made_at=timezone.now(), state={}, digest="x")
        for _number in range(100)
    )
    with django_assert_max_num_queries(20):
        page = BeautifulSoup(editor_client.get(change(post).replace("change", "delete")).text, "html5lib")
    said = [item.text for item in page.select("#content li")]
    assert said == ["Posts: 1", "Comments: 2", "Revisions: 100", "Going"]
    editor_client.post(change(post).replace("change", "delete"), {"post": "yes"})
    assert not Post.objects.exists() and not Revision.objects.exists() and not Comment.objects.exists()
