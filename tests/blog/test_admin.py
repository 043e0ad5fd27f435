"""Writing in the admin: what the forms take, what they refuse, and what the lists cost."""

import re
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from bs4 import BeautifulSoup
from django.contrib.auth.models import Permission
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from blog.models import Alias, Category, File, MenuItem, Page, Post, Series, SiteProfile, Tag
from comments.models import CommentPolicy
from tests.factories import make_comment, make_page, make_post, make_user

pytestmark = pytest.mark.django_db
LIST, ADD = "/admin/blog/post/", "/admin/blog/post/add/"


def change(entry):
    return f"/admin/blog/{entry._meta.model_name}/{entry.pk}/change/"


def form_of(client, address):
    """What a browser sends when nothing was changed: texts with CRLF, checked boxes only."""
    page = BeautifulSoup(client.get(address).content.decode(), "html5lib")
    data = {}
    for field in page.select("main form[method=post] :is(input, textarea, select)[name]"):
        name, kind = field["name"], field.get("type")
        if field.name == "textarea":
            data[name] = re.sub(r"\r\n|\r|\n", "\r\n", field.text)
        elif field.name == "select":
            data[name] = [option.get("value", option.text) for option in field.select("option[selected]")]
        elif kind == "checkbox":
            data.setdefault(name, []).extend([field.get("value", "on")] if field.has_attr("checked") else [])
        elif kind not in ("submit", "file"):
            data[name] = field.get("value", "")
    return data


def send(client, address, *, without=(), **fields):
    data = {**form_of(client, address), **fields}
    return client.post(address, {name: value for name, value in data.items() if name not in without})


def saved(client, entry, **fields):
    response = send(client, change(entry), **fields)
    assert response.status_code == 302, response.context["errors"]
    entry.refresh_from_db()
    return type(entry).objects.get(pk=entry.pk)


def refusals(client, address, **fields):
    response = send(client, address, **fields)
    assert response.status_code == 200
    return response.context["adminform"].form.errors


# Writing


def test_a_post_is_written_and_published(editor, editor_client):
    response = send(
        editor_client,
        ADD,
        title="Hello, world",
        body="Some *text*.\r\nMore.",
        tags="C++, machine learning",
        _publish="",
    )
    assert response.status_code == 302
    post = Post.objects.get()
    assert (post.slug, post.path, post.state) == ("hello-world", "/posts/hello-world/", "published")
    assert post.body == "Some *text*.\nMore."
    assert timezone.now() - post.published_at < timedelta(minutes=1)
    assert list(post.authors.all()) == [editor]
    assert sorted(post.tags.names()) == ["C++", "machine learning"]
    assert "<em>text</em>" in editor_client.get("/posts/hello-world/").content.decode()


def test_a_new_post_is_a_draft_unless_told_otherwise(editor_client):
    send(editor_client, ADD, title="Not yet")
    assert Post.objects.get().state == "draft"


def test_a_later_date_schedules_it_in_the_site_s_own_zone(editor_client):
    SiteProfile(time_zone="Pacific/Auckland").save()
    send(editor_client, ADD, title="Next year", published_at="2099-01-01T09:30", _publish="")
    post = Post.objects.get()
    assert post.state == "scheduled"
    assert post.published_at == datetime(2099, 1, 1, 9, 30, tzinfo=ZoneInfo("Pacific/Auckland"))


def test_tags_are_parted_by_commas_alone_and_are_blind_to_case(editor_client):
    Tag.objects.create(name="Django")
    send(editor_client, ADD, title="Tagged", tags=' django , web   pages,, "Smith, Adam",web pages')
    assert sorted(Post.objects.get().tags.names()) == ["Django", "Smith, Adam", "web pages"]
    assert form_of(editor_client, change(Post.objects.get()))["tags"] == 'Django, "Smith, Adam", web pages'


def test_a_page_is_written_at_a_path_of_its_own(editor_client):
    send(editor_client, "/admin/blog/page/add/", title="About us", path="about//team", _publish="")
    assert Page.objects.get().path == "/about/team/"


# What is not touched stays


@pytest.mark.parametrize(
    "body", ["one\ntwo\n", "one\r\ntwo\r\n", "\n\n  indented\n", "mixed\r\nends\nhere\r", "end  \n\n\n"]
)
def test_saving_without_a_change_changes_no_byte(editor_client, body):
    at = datetime(2020, 2, 3, 4, 5, 6, 789, tzinfo=ZoneInfo("UTC"))
    post = make_post(
        body=body,
        summary=" a\r\nb ",
        tags=["one", "two"],
        categories=["Essays"],
        published_at=at,
        modified_at=at,
    )
    before = Post.objects.filter(pk=post.pk).values().get()
    saved(editor_client, post)
    assert Post.objects.filter(pk=post.pk).values().get() == before
    assert sorted(post.tags.names()) == ["one", "two"]
    assert [category.name for category in post.categories.all()] == ["Essays"]


@pytest.mark.parametrize(("newline", "kept"), [("\n", "\n"), ("\r\n", "\r\n")])
def test_an_edited_text_keeps_its_line_ends(editor_client, newline, kept):
    post = make_post(body=newline.join(["one", "two", ""]))
    assert saved(editor_client, post, body="one\r\ntwo\r\nthree\r\n").body == kept.join(
        ["one", "two", "three", ""]
    )


def test_a_change_readers_see_sets_the_time_of_modification(editor_client):
    post = make_post(modified_at=None)
    assert saved(editor_client, post, slug=post.slug, discussion=CommentPolicy.CLOSED).modified_at is None
    assert timezone.now() - saved(editor_client, post, body="New.").modified_at < timedelta(minutes=1)


# Addresses


def test_a_new_slug_leaves_a_redirect(client, editor_client):
    post = saved(editor_client, make_post("Old name"), slug="new-name")
    assert post.path == "/posts/new-name/"
    response = client.get("/posts/old-name/")
    assert (response.status_code, response["Location"]) == (301, "/posts/new-name/")


def test_redirects_never_form_a_chain(client, editor_client):
    post = saved(editor_client, make_post("First"), slug="second")
    post = saved(editor_client, post, slug="third")
    assert (
        client.get("/posts/first/")["Location"] == client.get("/posts/second/")["Location"] == "/posts/third/"
    )
    post = saved(editor_client, post, slug="first")
    assert client.get("/posts/first/").status_code == 200
    assert sorted(Alias.objects.values_list("path", flat=True)) == ["/posts/second/", "/posts/third/"]


def test_a_page_moved_to_another_path_leaves_a_redirect(client, editor_client):
    saved(editor_client, make_page("About"), path="/who/we/are")
    assert client.get("/about/")["Location"] == "/who/we/are/"


def test_a_draft_that_nobody_saw_leaves_none(editor_client):
    draft = make_post("Working title", draft=True, published_at=None)
    assert saved(editor_client, draft, slug="better").path == "/posts/better/"
    assert not Alias.objects.exists()


def test_a_path_chosen_by_hand_does_not_follow_the_slug(editor_client):
    post = make_post("Chosen", path="/my/own/place/")
    assert saved(editor_client, post, slug="other").path == "/my/own/place/"


def test_an_imported_path_that_ends_in_the_slug_follows_it(editor_client):
    post = make_post("Changes", path="/posts/2022-06/changes/")
    assert saved(editor_client, post, slug="progress").path == "/posts/2022-06/progress/"


def test_under_a_dated_pattern_the_path_follows_the_date(client, editor_client):
    SiteProfile(post_pattern="/:year/:month/:slug/", time_zone="America/New_York").save()
    send(editor_client, ADD, title="Dated", published_at="2022-06-30T23:00", _publish="")
    post = Post.objects.get()
    assert post.path == "/2022/06/dated/"
    assert saved(editor_client, post, published_at="2023-01-01T00:00").path == "/2023/01/dated/"
    assert client.get("/2022/06/dated/")["Location"] == "/2023/01/dated/"


def test_a_draft_gets_its_dated_path_when_it_is_published(editor_client):
    SiteProfile(post_pattern="/:year/:slug/").save()
    send(editor_client, ADD, title="Later")
    draft = Post.objects.get()
    saved(editor_client, draft, _publish="")
    assert Post.objects.get().path == f"/{timezone.now().year}/later/"
    assert not Alias.objects.exists()


@pytest.mark.parametrize(
    "path",
    [
        "/admin/",
        "/admin/x/",
        "/tags/",
        "/tags/django/",
        "/feed/",
        "/",
        "/page/2/",
        "/static/x/",
        "/media/x.png",
        "/healthz",
    ],
)
def test_the_site_s_own_addresses_are_refused(editor_client, path):
    errors = refusals(editor_client, "/admin/blog/page/add/", title="Taken", path=path)
    assert "The site itself answers" in errors["path"][0]


@pytest.mark.parametrize(
    "path", ["/a b/", "/a?b/", "/a#b/", "/../etc/", "/a/./b/", '/"x"/', "/<b>/", "/a\\b/"]
)
def test_a_path_that_is_none_is_refused(editor_client, path):
    assert (
        "may not contain"
        in refusals(editor_client, "/admin/blog/page/add/", title="Odd", path=path)["path"][0]
    )


def test_a_path_in_use_is_refused_with_the_name_of_what_is_there(editor_client):
    make_post("Here first", path="/here/")
    make_page("A page", path="/page-here/")
    saved(editor_client, make_post("Moved"), slug="gone")
    File.objects.create(path="/file.pdf", file="site/file.pdf")
    expected = {
        "/here/": "post “Here first”",
        "/page-here/": "page “A page”",
        "/posts/moved/": "leads to “Moved”",
        "/file.pdf": "A file",
    }
    for path, words in expected.items():
        assert words in refusals(editor_client, ADD, title="Second", path=path)["path"][0]


def test_a_slug_in_use_is_refused_at_the_slug(editor_client):
    make_post("Same title")
    found = refusals(editor_client, ADD, title="Another", slug="same-title")
    assert "“Same title” is already at" in found["slug"][0]


@pytest.mark.parametrize("pattern", ["/posts/:slug/", "/:year/:slug.html"])
def test_a_title_used_again_gets_a_number_in_its_address(editor_client, pattern):
    SiteProfile(post_pattern=pattern).save()
    for _time in range(3):
        send(editor_client, ADD, title="Weeknotes", _publish="")
    slugs = Post.objects.order_by("pk").values_list("slug", flat=True)
    assert list(slugs) == ["weeknotes", "weeknotes-2", "weeknotes-3"]
    assert Post.objects.values("path").distinct().count() == 3


def test_a_title_that_is_an_address_of_the_site_is_refused(editor_client):
    found = refusals(editor_client, "/admin/blog/page/add/", title="Archive")
    assert "The site itself answers" in found["slug"][0]


def test_a_title_without_letters_needs_a_slug(editor_client):
    assert "No slug can be made" in refusals(editor_client, ADD, title="🎉")["slug"][0]


def test_an_old_entry_at_a_reserved_path_can_still_be_edited(editor_client):
    page = make_page("Old archive", path="/archive/")
    assert saved(editor_client, page, body="Corrected.").body == "Corrected."


# Other refusals


def test_an_end_before_the_beginning_is_refused(editor_client):
    errors = refusals(
        editor_client, ADD, title="x", published_at="2030-01-02T00:00", expires_at="2030-01-01T00:00"
    )
    assert "expire before it is published" in errors["expires_at"][0]


def test_a_new_cover_needs_words(editor_client):
    assert "in words" in refusals(editor_client, ADD, title="x", cover="/media/a.png")["cover_alt"][0]
    assert saved(editor_client, make_post(cover="old.png"), body="Corrected.").cover == "old.png"


def test_the_title_is_needed(editor_client):
    assert "title" in refusals(editor_client, ADD, body="No title.")


# Lists


def test_actions_publish_and_take_back(client, editor_client):
    draft, public = make_post("Draft", draft=True, published_at=None), make_post("Public")
    chosen = {"_selected_action": [draft.pk, public.pk]}
    editor_client.post(LIST, {"action": "publish", **chosen})
    draft.refresh_from_db()
    assert draft.is_public and client.get(draft.path).status_code == 200
    published_at = draft.published_at
    editor_client.post(LIST, {"action": "unpublish", **chosen})
    draft.refresh_from_db()
    assert (draft.draft, draft.published_at) == (True, published_at)
    assert not Post.objects.published().exists()


def test_actions_close_and_open_the_discussion(editor_client):
    post = make_post()
    chosen = {"_selected_action": [post.pk]}
    for action, discussion in (("close_discussion", CommentPolicy.CLOSED), ("open_discussion", "")):
        editor_client.post(LIST, {"action": action, **chosen})
        post.refresh_from_db()
        assert post.discussion == discussion
    SiteProfile(comment_policy=CommentPolicy.CLOSED).save()
    editor_client.post(LIST, {"action": "open_discussion", **chosen})
    post.refresh_from_db()
    assert post.discussion == CommentPolicy.FIRST


def test_somebody_who_may_only_look_has_no_actions(client):
    viewer = make_user(is_staff=True)
    viewer.user_permissions.add(Permission.objects.get(codename="view_post"))
    client.force_login(viewer)
    post = make_post(draft=True)
    client.post(LIST, {"action": "publish", "_selected_action": [post.pk]})
    post.refresh_from_db()
    assert post.draft
    assert client.post(change(post), {"title": "Mine"}).status_code == 403
    assert client.get(change(post)).status_code == 200


@pytest.mark.parametrize("address", [LIST, ADD, "/admin/blog/page/", "/admin/blog/siteprofile/", "/admin/"])
def test_strangers_are_sent_to_the_login(client, db, address):
    assert client.get(address).status_code == 302


def titles(response):
    return [post.title for post in response.context["cl"].result_list]


def test_filters_find_each_state(editor_client):
    now = timezone.now()
    make_post("a draft", draft=True)
    make_post("to come", published_at=now + timedelta(days=1))
    make_post("public")
    make_post("gone", expires_at=now - timedelta(hours=1))
    expected = {"drafts": "a draft", "scheduled": "to come", "published": "public", "expired": "gone"}
    for state, title in expected.items():
        assert titles(editor_client.get(LIST, {"state": state})) == [title]
    assert len(titles(editor_client.get(LIST, {"state": "nonsense"}))) == 4


def test_filters_find_tag_and_year(editor_client):
    make_post("tagged", tags=["C++"], published_at=datetime(2019, 5, 5, tzinfo=ZoneInfo("UTC")))
    make_post("other")
    assert titles(editor_client.get(LIST, {"tag": "c++"})) == ["tagged"]
    assert titles(editor_client.get(LIST, {"year": "2019"})) == ["tagged"]
    assert len(titles(editor_client.get(LIST, {"year": "x"}))) == 2
    assert titles(editor_client.get(LIST, {"q": "TAGG"})) == ["tagged"]


def test_drafts_without_a_date_come_first(editor_client):
    make_post("public")
    make_post("draft", draft=True, published_at=None)
    assert titles(editor_client.get(LIST)) == ["draft", "public"]


@pytest.mark.parametrize(
    "address",
    [
        LIST,
        "/admin/blog/page/",
        "/admin/blog/tag/",
        "/admin/blog/category/",
        "/admin/blog/series/",
        "/admin/",
    ],
)
def test_lists_cost_the_same_at_any_length(editor_client, django_assert_num_queries, address):
    def write(count):
        for _number in range(count):
            post = make_post(tags=["one", f"tag {count}"], categories=[f"c{count}"], series=f"s{count}")
            make_comment(post)
            make_post(draft=True)
            make_post(published_at=timezone.now() + timedelta(days=2))
            make_page()

    write(2)
    editor_client.get(address)
    with CaptureQueriesContext(connection) as counted:
        editor_client.get(address)
    write(8)
    with django_assert_num_queries(len(counted)):
        editor_client.get(address)
    assert len(counted) <= 14


def test_the_redirects_list_costs_the_same_at_any_length(editor_client, django_assert_num_queries):
    def write(count):
        for number in range(count):
            Alias.objects.create(path=f"/old/{count}/{number}/", post=make_post())

    write(1)
    editor_client.get("/admin/blog/alias/")
    with CaptureQueriesContext(connection) as counted:
        editor_client.get("/admin/blog/alias/")
    write(5)
    with django_assert_num_queries(len(counted)):
        editor_client.get("/admin/blog/alias/")


# The rest


def test_the_desk_says_what_is_under_way_and_what_waits(editor_client):
    make_post("Half written", draft=True)
    make_post("For tomorrow", published_at=timezone.now() + timedelta(days=1))
    make_comment(status="pending")
    page = editor_client.get("/admin/").content.decode()
    for words in ("1 draft", "Half written", "For tomorrow", "1 comment waits"):
        assert words in page


def test_the_desk_shows_nobody_what_is_not_theirs(client):
    make_post("Half written", draft=True)
    client.force_login(make_user(is_staff=True))
    page = client.get("/admin/").content.decode()
    assert "Half written" not in page and "draft" not in page


def test_the_site_profile_opens_at_once_and_is_the_only_one(editor_client):
    response = editor_client.get("/admin/blog/siteprofile/")
    assert response["Location"] == "/admin/blog/siteprofile/1/change/"
    assert editor_client.get("/admin/blog/siteprofile/add/").status_code == 403
    assert editor_client.post("/admin/blog/siteprofile/1/delete/").status_code == 403


def test_the_site_profile_is_changed_with_its_menu(client, editor_client):
    about = make_page("About")
    data = (
        form_of(editor_client, "/admin/blog/siteprofile/1/change/") if SiteProfile.objects.exists() else None
    )
    if data is None:
        editor_client.get("/admin/blog/siteprofile/")
        editor_client.get("/admin/blog/siteprofile/")
    data = form_of(editor_client, "/admin/blog/siteprofile/1/change/")
    data |= {
        "title": "My notes",
        "menu_items-TOTAL_FORMS": 1,
        "menu_items-INITIAL_FORMS": 0,
        "menu_items-0-page": about.pk,
        "menu_items-0-weight": 1,
        "menu_items-0-profile": 1,
    }
    assert editor_client.post("/admin/blog/siteprofile/1/change/", data).status_code == 302
    home = client.get("/").content.decode()
    assert "My notes" in home and 'href="/about/"' in home


@pytest.mark.parametrize(
    "address", ["javascript:alert(1)", " JavaScript:alert(1)", "java\tscript:x", "data:text/html,x"]
)
def test_the_menu_leads_to_no_script(client, editor_client, address):
    editor_client.get("/admin/blog/siteprofile/")
    data = form_of(editor_client, "/admin/blog/siteprofile/1/change/") | {
        "menu_items-TOTAL_FORMS": 1,
        "menu_items-INITIAL_FORMS": 0,
        "menu_items-0-label": "Here",
        "menu_items-0-url": address,
        "menu_items-0-profile": 1,
    }
    refused = editor_client.post("/admin/blog/siteprofile/1/change/", data)
    assert refused.status_code == 200 and "Give an address like /archive/" in refused.content.decode()
    MenuItem.objects.create(label="Here", url=address)  # as an import may
    SiteProfile.load().save()
    menu = BeautifulSoup(client.get("/").content, "html.parser").select("header nav a")
    assert not [link for link in menu if "cript" in link["href"] or "data:" in link["href"]]


def test_every_form_opens(editor_client):
    post = make_post(series="A", categories=["B"], tags=["c"])
    for thing in (Tag.objects.get(), Category.objects.get(), Series.objects.get()):
        assert editor_client.get(change(thing)).status_code == 200
    alias = Alias.objects.create(path="/old/", post=post)
    file = File.objects.create(path="/a.txt", file="site/a.txt")
    for thing in (alias, file, post):
        assert editor_client.get(change(thing)).status_code == 200
