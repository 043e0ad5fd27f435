"""What all pages share is kept ready; nobody must notice that, except by the time it takes."""

from datetime import timedelta

import pytest
import time_machine
from bs4 import BeautifulSoup
from django.template import Context, Template, TemplateSyntaxError
from django.utils import timezone

from blog.models import MenuItem, Post, Series, SiteProfile, Tag
from comments.models import Comment
from config.fragments import Fragments
from tests.factories import make_comment, make_page, make_post, make_user

pytestmark = pytest.mark.django_db


def days_ago(days):
    return timezone.now() - timedelta(days=days)


def shown(client, address="/"):
    return BeautifulSoup(client.get(address).content, "html.parser")


def marked(page):
    return [link["href"] for link in page.select("header.site-header [aria-current=page]")]


def test_a_changed_site_profile_is_on_the_next_page(client):
    profile = SiteProfile(title="Before")
    profile.save()
    assert shown(client).header.a.text == "Before"
    for changes in ({"title": "After"}, {"tagline": "Said"}, {"footer": "At the end"}, {"accent": "#aa0011"}):
        SiteProfile.objects.filter(pk=1).update(**changes)
        assert next(iter(changes.values())).lstrip("#") in str(shown(client))


def test_the_place_in_the_menu_is_that_of_the_page(client):
    make_post("One")
    assert marked(shown(client, "/archive/")) == ["/archive/"]
    assert marked(shown(client, "/tags/")) == ["/tags/"]
    assert marked(shown(client, "/")) == []


def test_a_page_that_is_taken_back_leaves_the_menu_at_once(client):
    SiteProfile().save()
    page = make_page("About", path="/about/")
    MenuItem.objects.create(page=page)
    assert "/about/" in str(shown(client).header)
    page.unpublish()
    assert "/about/" not in str(shown(client).header)


def test_each_language_has_its_own(client):
    SiteProfile(language="de").save()
    assert "Schlagwörter" in shown(client).header.text
    SiteProfile.objects.update(language="en")
    assert "Tags" in shown(client).header.text


def test_a_post_shows_what_became_of_it(client):
    """Whatever a page shows of a post and of what stands around it, and what was kept of the page before."""
    post = make_post("One", slug="one", tags=["moor"], published_at=days_ago(3))
    seen = str(shown(client, "/posts/one/"))
    for change, word in [
        (lambda: Post.objects.filter(pk=post.pk).update(description="Otherwise"), "Otherwise"),
        (
            lambda: Post.objects.filter(pk=post.pk).update(published_at=days_ago(40)),
            days_ago(40).date().isoformat(),
        ),
        (lambda: post.tags.add("heather"), "heather"),
        (lambda: make_post("Before", published_at=days_ago(50)), "Before"),
        (lambda: make_post("After", published_at=days_ago(30)), "After"),
        (lambda: Post.objects.filter(title="After").update(title="Afterwards"), "Afterwards"),
        (lambda: Tag.objects.filter(name="moor").update(name="Moorland"), "Moorland"),
        (lambda: post.authors.add(make_user("anna", first_name="Anna")), "Anna"),
        (lambda: make_comment(post, body="So it is."), "So it is."),
        (lambda: Comment.objects.update(author_name="Renamed"), "Renamed"),
        (lambda: Comment.objects.update(body_html="<p>Amended.</p>"), "Amended."),
    ]:
        change()
        page = str(shown(client, "/posts/one/"))
        assert word in page and word not in seen
        seen = page


def test_a_post_of_a_series_shows_what_became_of_that(client):
    post = make_post("One", slug="one", series="Walks")
    make_post("Two", series="Walks", published_at=days_ago(9))
    assert "Walks" in str(shown(client, "/posts/one/"))
    Series.objects.update(name="Strolls")
    assert "Strolls" in str(shown(client, "/posts/one/"))
    Series.objects.update(slug="on-foot")
    assert "/series/on-foot/" in str(shown(client, "/posts/one/"))
    Post.objects.filter(title="Two").update(title="Second")
    assert "Second" in str(shown(client, "/posts/one/"))
    assert post.series.name == "Walks"


def test_a_discussion_closes_by_the_clock_alone(client):
    make_post("One", slug="one", discussion="open", comments_close_after=5)
    assert "Write a comment" in str(shown(client, "/posts/one/"))
    with time_machine.travel(timezone.now() + timedelta(days=6)):
        assert "Write a comment" not in str(shown(client, "/posts/one/"))


def test_an_editor_sees_the_way_to_edit_and_nobody_else_does(client, admin_client):
    make_post("One", slug="one")
    assert "/change/" not in str(shown(client, "/posts/one/"))
    assert "/change/" in str(shown(admin_client, "/posts/one/"))
    assert "/change/" not in str(shown(client, "/posts/one/"))


@pytest.mark.parametrize("address", ["/", "/posts/", "/tags/moor/", "/categories/walks/", "/archive/"])
def test_a_list_shows_what_became_of_it(client, address):
    post = make_post("One", slug="one", tags=["moor"], categories=["Walks"])
    make_post("Older", tags=["moor"], categories=["Walks"], published_at=days_ago(5))
    assert "One" in str(shown(client, address))
    Post.objects.filter(pk=post.pk).update(title="First")
    assert "First" in str(shown(client, address))
    Post.objects.filter(pk=post.pk).update(path="/posts/first/")
    assert "/posts/first/" in str(shown(client, address))
    Post.objects.filter(title="Older").update(published_at=days_ago(400))
    assert days_ago(400).date().isoformat() in str(shown(client, address))
    Post.objects.filter(title="Older").update(draft=True)
    assert "Older" not in str(shown(client, address))
    make_post("Newest", slug="newest", tags=["moor"], categories=["Walks"])
    assert "Newest" in str(shown(client, address))


@pytest.mark.parametrize("address", ["/", "/posts/", "/tags/moor/"])
def test_a_card_shows_what_became_of_its_text_and_its_discussion(client, address):
    post = make_post("One", slug="one", tags=["moor"])
    make_post("Lead", tags=["moor"], published_at=timezone.now())
    assert "comment" not in str(shown(client, address).main)
    make_comment(post)
    assert "1 comment" in str(shown(client, address).main)
    Post.objects.filter(pk=post.pk).update(summary="In short.")
    assert "In short." in str(shown(client, address).main)


def test_the_term_above_a_list_shows_what_became_of_it(client):
    make_post("One", tags=["moor", "heather"])
    assert "heather" in str(shown(client, "/tags/moor/").main)
    Tag.objects.filter(slug="heather").update(name="Ling")
    Tag.objects.filter(slug="moor").update(description="High and wet.", name="Moorland")
    page = str(shown(client, "/tags/moor/").main)
    assert "Ling" in page and "High and wet." in page and "Moorland" in page


def test_the_newest_post_is_opened_as_its_headings_now_are(client):
    post = make_post("One", body="# Begin\n\nText.\n\n<!--more-->\n\nMore.")
    assert shown(client).select(".lead h2#begin")
    Post.objects.filter(pk=post.pk).update(headings=[])
    assert not shown(client).select(".lead h2#begin")


LOAD = "{% load kept %}"


def test_a_block_in_what_is_kept_is_refused():
    with pytest.raises(TemplateSyntaxError, match="between kept and endkept"):
        Template(LOAD + "{% kept key %}{% block a %}{% endblock %}{% endkept %}")


def test_without_a_key_nothing_is_kept():
    template = Template(LOAD + "{% kept key %}{{ word }}{% endkept %}")
    for key in ({}, {"key": None}, {"key": ""}):
        assert [template.render(Context({"word": word, **key})) for word in ("one", "two")] == ["one", "two"]
    assert {template.render(Context({"word": word, "key": "k"})) for word in ("one", "two")} == {"one"}


def test_two_places_with_one_key_are_two_things():
    template = Template(LOAD + "{% kept key %}a{% endkept %}{% kept key %}b{% endkept %}")
    assert template.render(Context({"key": "k"})) == "ab"


def test_what_was_not_asked_for_longest_makes_room():
    fragments = Fragments(most=10)
    for key in ("a", "b"):
        fragments.put(key, "12345")
    assert fragments.get("a")
    fragments.put("c", "12345")
    assert [fragments.get(key) for key in ("a", "b", "c")] == ["12345", None, "12345"]
    fragments.put("c", "123456")
    assert (fragments.get("a"), fragments.get("c"), fragments.size) == (None, "123456", 6)
    fragments.put("d", "more than there is room for")
    assert fragments.size == 0
