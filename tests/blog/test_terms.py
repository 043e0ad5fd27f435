"""Tags, categories and series are renamed, merged, ordered and taken away; readers and feeds find their way."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from blog import terms
from blog.models import Alias, Category, Post, Series, Tag
from tests.blog.test_admin import refusals, send
from tests.factories import make_post

pytestmark = pytest.mark.django_db


def change(term):
    return reverse(f"admin:blog_{term._meta.model_name}_change", args=[term.pk])


def listed(term):
    return reverse(f"admin:blog_{term._meta.model_name}_changelist")


def leads(client, path):
    """The one redirect from a path, which has to lead to something."""
    answer = client.get(path)
    assert answer.status_code == 301, (path, answer.status_code)
    assert client.get(answer["Location"]).status_code == 200
    return answer["Location"]


def make_term(kind, name):
    """A term that a published post has."""
    field = {"tag": "tags", "category": "categories", "series": "series"}[kind]
    make_post(**{field: name if kind == "series" else [name]})
    return {"tag": Tag, "category": Category, "series": Series}[kind].objects.get(name=name)


KINDS = [("tag", "/tags/"), ("category", "/categories/"), ("series", "/series/")]


@pytest.mark.parametrize(("kind", "base"), KINDS)
def test_a_new_name_takes_the_address_along_and_leaves_redirects(client, editor_client, kind, base):
    term = make_term(kind, "Old Name")
    assert send(editor_client, change(term), name="New name").status_code == 302
    assert leads(client, f"{base}old-name/") == f"{base}new-name/"
    assert leads(client, f"{base}old-name") == f"{base}new-name/"
    for feed in ("feed/", "feed/atom/", "feed/json/"):
        assert leads(client, f"{base}old-name/{feed}") == f"{base}new-name/{feed}"
    assert leads(client, f"{base}old-name/index.xml") == f"{base}new-name/feed/"
    assert leads(client, f"{base}old-name/page/7/") == f"{base}new-name/"


def test_renamed_twice_is_one_redirect_and_back_again_is_none(client, editor_client):
    tag = make_term("tag", "one")
    for name in ("two", "three"):
        send(editor_client, change(tag), name=name)
    assert leads(client, "/tags/one/") == leads(client, "/tags/two/") == "/tags/three/"
    send(editor_client, change(tag), name="one")
    assert client.get("/tags/one/").status_code == 200
    assert leads(client, "/tags/three/") == leads(client, "/tags/two/feed/").removesuffix("feed/")
    assert not Alias.objects.filter(path="/tags/one/").exists()


def test_another_spelling_of_the_name_moves_nothing(editor_client):
    tag = make_term("tag", "python")
    send(editor_client, change(tag), name="Python")
    tag.refresh_from_db()
    assert (tag.name, tag.slug) == ("Python", "python") and not Alias.objects.exists()


def test_a_slug_chosen_by_hand_stays_when_the_name_changes(editor_client):
    tag = make_term("tag", "Notes")
    send(editor_client, change(tag), slug="jottings")
    send(editor_client, change(tag), name="Remarks")
    tag.refresh_from_db()
    assert (tag.name, tag.slug) == ("Remarks", "jottings")


@pytest.mark.parametrize("name", ["PYTHON", " python ", "Äpfel", "äPFEL"])
@pytest.mark.parametrize("kind", ["tag", "category", "series"])
def test_a_name_that_is_there_already_is_refused_with_the_way_out(editor_client, kind, name):
    make_term(kind, "Python"), make_term(kind, "äpfel")
    errors = refusals(editor_client, reverse(f"admin:blog_{kind}_add"), name=name)
    assert "merge them" in errors["name"][0]


def test_c_and_its_sisters_are_three_tags_with_three_addresses(client, editor_client):
    send(editor_client, "/admin/blog/post/add/", title="x", tags="C, C++, C#, 日本語", _publish="")
    paths = {tag.name: tag.get_absolute_url() for tag in Tag.objects.all()}
    assert len(set(paths.values())) == 4
    for name, path in paths.items():
        assert f'<h1 dir="auto">{name}</h1>' in client.get(path).text


def test_tags_of_a_form_are_blind_to_case_in_every_script(editor_client):
    make_post(tags=["Ägypten", "Machine Learning"])
    send(
        editor_client,
        "/admin/blog/post/add/",
        title="New",
        tags="ÄGYPTEN, machine learning, machine-learning",
    )
    assert sorted(Post.objects.get(title="New").tags.names()) == ["Machine Learning", "Ägypten"]
    assert Tag.objects.count() == 2


# Merging


def merge(client, chosen, into):
    data = {"action": "merge", "_selected_action": [term.pk for term in chosen]}
    page = client.post(listed(into), data)
    assert page.status_code == 200 and "Which one stays?" in page.text
    return client.post(listed(into), {**data, "into": into.pk})


def test_merged_tags_leave_one_tagging_a_post_and_lead_on(client, editor_client):
    both, one = make_post(tags=["JS", "JavaScript"]), make_post(tags=["JS"])
    third = make_post(tags=["ECMAScript", "JS"])
    js, javascript, ecma = (Tag.objects.get(name=name) for name in ("JS", "JavaScript", "ECMAScript"))
    assert merge(editor_client, [js, javascript, ecma], into=javascript).status_code == 302
    for post in (both, one, third):
        assert list(post.tags.names()) == ["JavaScript"]
    assert list(Tag.objects.all()) == [javascript]
    assert leads(client, "/tags/js/") == leads(client, "/tags/ecmascript/") == "/tags/javascript/"
    assert leads(client, "/tags/js/feed/atom/") == "/tags/javascript/feed/atom/"


def test_what_led_to_a_merged_tag_leads_to_the_one_that_stays(client, editor_client):
    first, second = make_term("tag", "a"), make_term("tag", "b")
    send(editor_client, change(first), name="c")
    merge(editor_client, [first, second], into=second)
    assert leads(client, "/tags/a/") == leads(client, "/tags/c/") == "/tags/b/"


def test_categories_are_merged_within_their_taxonomy_alone(client, editor_client):
    essay, essays = make_term("category", "Essay"), make_term("category", "Essays")
    topic = Category.objects.create(name="Essay", taxonomy="topics")
    data = {"action": "merge", "_selected_action": [essay.pk, topic.pk], "into": essay.pk}
    editor_client.post(listed(essay), data)
    assert Category.objects.count() == 3
    merge(editor_client, [essay, essays], into=essays)
    assert Post.objects.filter(categories=essays).count() == 2
    assert leads(client, "/categories/essay/feed/") == "/categories/essays/feed/"


def test_merged_series_are_read_one_after_the_other(client, editor_client):
    for name in ("A", "B"):
        for number in (1, 2):
            make_post(f"{name}{number}", series=name, series_order=number)
    first, second = Series.objects.order_by("name")
    merge(editor_client, [first, second], into=first)
    assert [post.title for post in terms.parts_of(first)] == ["A1", "A2", "B1", "B2"]
    assert leads(client, "/series/b/") == "/series/a/"


def test_one_alone_is_not_merged(editor_client):
    tag = make_term("tag", "one")
    page = editor_client.post(listed(tag), {"action": "merge", "_selected_action": [tag.pk]}, follow=True)
    assert "Choose two or more" in page.text


def test_merging_costs_the_same_however_many_posts(django_assert_num_queries):
    def merge_with(count):
        many, one = Tag.objects.create(name=f"many {count}"), Tag.objects.create(name=f"one {count}")
        for _number in range(count):
            make_post(tags=[many.name])
        return lambda: terms.merge([many, one], into=one)

    few, more = merge_with(1), merge_with(8)
    with CaptureQueriesContext(connection) as counted:
        few()
    with django_assert_num_queries(len(counted)):
        more()


# Taking away


@pytest.mark.parametrize(("kind", "base"), KINDS)
def test_a_term_taken_away_is_gone_for_good_and_its_posts_stay(client, editor_client, kind, base):
    term = make_term(kind, "Over")
    editor_client.post(reverse(f"admin:blog_{kind}_delete", args=[term.pk]), {"post": "yes"})
    assert Post.objects.count() == 1
    for path in ("over/", "over/feed/", "over/index.xml", "over/page/2/"):
        answer = client.get(base + path)
        assert answer.status_code == 410 and "This is gone" in answer.text, path


def test_many_taken_away_at_once_are_gone_too_and_one_without_posts_leaves_nothing(client, editor_client):
    used, unused = make_term("tag", "used"), Tag.objects.create(name="unused")
    data = {"action": "delete_selected", "_selected_action": [used.pk, unused.pk], "post": "yes"}
    editor_client.post("/admin/blog/tag/", data)
    assert client.get("/tags/used/").status_code == 410
    assert client.get("/tags/unused/").status_code == 404


def test_before_a_term_is_deleted_it_says_how_many_posts_lose_it(editor_client):
    term = make_term("tag", "used")
    page = editor_client.get(reverse("admin:blog_tag_delete", args=[term.pk]))
    assert "Posts that stay, without it: 1" in page.text and "Tagging" not in page.text


def test_a_tag_that_comes_back_is_there_again(client):
    tag = make_term("tag", "phoenix")
    terms.delete([tag])
    make_post(tags=["phoenix"])
    assert client.get("/tags/phoenix/").status_code == 200


# A series in order


def make_series(*titles, **fields):
    return [make_post(title, series="S", **fields) for title in titles]


def order(client, numbers, **fields):
    """Send the series' form with these numbers by title; the titles in the order that comes of it."""
    one = Series.objects.get()
    parts = {f"part-{Post.objects.get(title=title).pk}": n for title, n in numbers.items()}
    assert send(client, change(one), **parts, **fields).status_code == 302
    return [post.title for post in terms.parts_of(one)]


def test_parts_are_ordered_by_numbers(client, editor_client):
    make_series("a", "b", "c")
    assert order(editor_client, {"a": 3, "b": 1, "c": 2}) == ["b", "c", "a"]
    listed_posts = client.get("/series/s/").context["posts"]
    assert [post.title for post in listed_posts] == ["b", "c", "a"]


@pytest.mark.parametrize(
    ("title", "number", "result"),
    [("c", 1, "cab"), ("a", 3, "bca"), ("a", 2, "bac"), ("c", 2, "acb"), ("a", 99, "bca"), ("b", "", "abc")],
)
def test_one_changed_number_moves_that_part(editor_client, title, number, result):
    make_series("a", "b", "c")
    assert "".join(order(editor_client, {title: number})) == result


def test_saving_a_series_without_a_change_leaves_the_order_to_the_dates(editor_client):
    make_series("a", "b")
    assert order(editor_client, {}, description="About.") == ["a", "b"]
    assert not Post.objects.exclude(series_order=None).exists()


def test_numbers_are_forgotten_again(editor_client):
    make_series("a", "b")
    assert order(editor_client, {"b": 1}) == ["b", "a"]
    assert order(editor_client, {}, **{"by-date": "1"}) == ["a", "b"]


def test_a_number_for_a_post_of_another_series_is_nothing(editor_client):
    make_series("a", "b")
    other = make_post(series="T", series_order=7)
    one = Series.objects.get(name="S")
    send(editor_client, change(one), **{f"part-{other.pk}": 1})
    other.refresh_from_db()
    assert other.series_order == 7


def test_the_form_of_a_series_costs_the_same_however_many_parts(editor_client, django_assert_num_queries):
    make_series("a")
    address = change(Series.objects.get())
    editor_client.get(address)
    with CaptureQueriesContext(connection) as counted:
        editor_client.get(address)
    make_series("b", "c", "d")
    with django_assert_num_queries(len(counted)):
        editor_client.get(address)
