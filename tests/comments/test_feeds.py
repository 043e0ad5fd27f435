import importlib
from html import unescape
from types import SimpleNamespace

import feedparser
import pytest
from django.apps import apps
from django.db import connection
from django.http import Http404

from comments.feeds import LENGTH, TargetFeed
from comments.models import Comment
from tests.factories import make_comment, make_post

pytestmark = pytest.mark.django_db


class FeedOf(TargetFeed):
    def __init__(self, target, *feed_type):
        super().__init__(*feed_type)
        self.target = target

    def get_target(self, request):
        return self.target


@pytest.fixture
def all_comments(client):
    return lambda: feedparser.parse(client.get("/comments/feed/").content)


def test_the_newest_approved_comments_on_public_texts_and_no_others(all_comments):
    post, draft = make_post(title="On keeping"), make_post(draft=True)
    make_comment(post, author_name="Ada", body="seen first")
    make_comment(post, author_name="Tomás", body="seen last")
    for status in ("pending", "spam", "removed"):
        make_comment(post, status=status, body="hidden")
    make_comment(draft, body="hidden")
    feed = all_comments()
    assert not feed.bozo
    assert [entry.title for entry in feed.entries] == ["Tomás on “On keeping”", "Ada on “On keeping”"]
    assert "seen last" in feed.entries[0].summary
    assert "hidden" not in str(feed)


def test_what_only_its_address_leads_to_is_not_given_away_by_its_comments(all_comments, client):
    quiet = make_post(listed=False)
    make_comment(quiet, body="said in private")
    make_comment(make_post(), body="said aloud")
    assert ["said aloud" in entry.summary for entry in all_comments().entries] == [True]
    own = feedparser.parse(client.get(f"{quiet.path}comments/feed/").content)
    assert ["said in private" in entry.summary for entry in own.entries] == [True]


def test_addresses_are_absolute_and_come_from_the_settings(all_comments, settings):
    settings.SITE_URL = "https://site.example"
    comment = make_comment(body="[here](/about/)")
    feed = all_comments()
    assert feed.entries[0].link == f"https://site.example/comments/{comment.pk}/"
    assert 'href="https://site.example/about/"' in feed.entries[0].summary
    assert feed.feed.links[-1].href == "https://site.example/comments/feed/"
    assert "testserver" not in str(feed)


@pytest.mark.parametrize("route", ["", "atom/", "json/"])
def test_a_comment_is_the_same_for_feed_readers_when_the_site_has_moved(client, settings, route):
    old = make_comment(body="of before there were identities", guid="http://testserver/comments/1/")
    make_comment(old.target, body="of today")
    before = identities(client, route)
    settings.SITE_URL = "https://elsewhere.example"
    assert identities(client, route) == before
    assert len(before) == 2


def identities(client, route):
    response = client.get(f"/comments/feed/{route}")
    if route == "json/":
        return {item["id"] for item in response.json()["items"]}
    return {entry.id for entry in feedparser.parse(response.content).entries}


def test_an_identity_is_told_as_an_address_only_while_it_is_one(client, settings):
    settings.SITE_URL = "https://site.example"
    comment = make_comment()
    Comment.objects.update(guid=f"https://site.example/comments/{comment.pk}/")
    assert b'isPermaLink="false"' not in client.get("/comments/feed/").content
    settings.SITE_URL = "https://elsewhere.example"
    assert b'<guid isPermaLink="false">https://site.example/' in client.get("/comments/feed/").content


@pytest.mark.django_db(transaction=True)
def test_comments_of_before_keep_their_address_as_identity(client, settings):
    settings.SITE_URL = "https://site.example"
    comments = [make_comment(), make_comment()]
    Comment.objects.update(guid=None)
    before = identities(client, "")
    migration = importlib.import_module("comments.migrations.0007_guid")
    migration.keep(apps, SimpleNamespace(connection=connection, execute=connection.cursor().execute))
    assert Comment.objects.get(pk=comments[1].pk).guid == f"https://site.example/comments/{comments[1].pk}/"
    assert identities(client, "") == before


def test_a_feed_costs_the_same_for_any_number_of_comments(client, django_assert_max_num_queries):
    posts = [make_post() for _ in range(3)]
    for number in range(LENGTH + 5):
        make_comment(posts[number % 3], body=str(number))
    with django_assert_max_num_queries(5):
        response = client.get("/comments/feed/")
    assert response.content.count(b"<item>") == LENGTH


def test_one_discussion_has_a_feed_of_its_own(rf):
    post = make_post(title="On keeping")
    make_comment(post, body="about this")
    make_comment(body="about something else")
    feed = feedparser.parse(FeedOf(post)(rf.get("/")).content)
    assert feed.feed.title == "Comments on “On keeping”"
    assert [entry.summary for entry in feed.entries] == ["<p>about this</p>"]


def test_the_feed_of_a_draft_is_not_there(rf):
    with pytest.raises(Http404):
        FeedOf(make_post(draft=True))(rf.get("/"))


def test_no_name_and_no_text_breaks_the_feed(all_comments):
    make_comment(author_name="<b>&amp;]]>", body="]]> & <![CDATA[ \x0b \ufffe 💥")
    feed = all_comments()
    assert not feed.bozo
    assert unescape(feed.entries[0].title).startswith("<b>&amp;]]>")


@pytest.mark.parametrize("route", ["", "atom/"])
def test_every_kind_of_feed_says_who_wrote_what_when(client, route):
    comment = make_comment(author_name="Ada", body="So *be* it.")
    feed = feedparser.parse(client.get(f"/comments/feed/{route}").content)
    assert not feed.bozo
    [entry] = feed.entries
    assert entry.author == "Ada"
    said = entry.content[0].value if "content" in entry else entry.summary
    assert said == "<p>So <em>be</em> it.</p>"
    assert entry.published_parsed[:6] == comment.created_at.utctimetuple()[:6]
    assert any(
        link.rel == "self" and link.href.endswith(f"/comments/feed/{route}") for link in feed.feed.links
    )


def test_the_json_feed_has_the_same(client):
    comment = make_comment(author_name="Ada", author_url="https://ada.example", body="So *be* it.")
    feed = client.get("/comments/feed/json/").json()
    [item] = feed["items"]
    assert item["content_html"] == "<p>So <em>be</em> it.</p>"
    assert item["authors"] == [{"name": "Ada", "url": "https://ada.example"}]
    assert item["id"] == comment.guid


@pytest.mark.parametrize("url", ["https://[bad", "https://a.example/%zz", "javascript:x()"])
def test_what_is_no_address_of_an_author_is_left_out(client, url):
    """Imports bring what they find."""
    make_comment(author_name="Ada", author_url=url)
    entry = feedparser.parse(client.get("/comments/feed/atom/").content).entries[0]
    assert entry.authors == [{"name": "Ada"}]


@pytest.mark.parametrize("route", ["", "atom/", "json/"])
def test_a_thread_has_a_feed_of_its_own_under_any_of_its_comments(client, route):
    post = make_post(title="On keeping")
    root = make_comment(post, author_name="Ada", body="the root")
    reply = make_comment(parent=root, body="an answer")
    make_comment(parent=reply, body="held", status="pending")
    make_comment(post, body="another thread")
    answers = [client.get(f"/comments/{comment.pk}/feed/{route}") for comment in (root, reply)]
    assert answers[0].content == answers[1].content
    text = answers[0].content.decode()
    assert "the root" in text and "an answer" in text and "The thread of Ada on “On keeping”" in text
    assert "held" not in text and "another thread" not in text
    assert f"/comments/{root.pk}/feed/{route}" in text


def test_a_thread_that_nobody_may_see_has_no_feed(client):
    hidden = [make_comment(status="pending"), make_comment(make_post(draft=True))]
    for comment in hidden:
        assert client.get(f"/comments/{comment.pk}/feed/").status_code == 404


def test_a_thread_whose_root_was_removed_still_has_its_feed(client):
    root = make_comment(author_name="Ada", body="gone")
    reply = make_comment(parent=root, body="still here")
    root.status = "removed"
    root.save()
    text = client.get(f"/comments/{reply.pk}/feed/").content.decode()
    assert "still here" in text and "gone" not in text and "Ada" not in text


def test_a_thread_feed_costs_the_same_for_any_length(client, django_assert_max_num_queries):
    root = make_comment()
    for _ in range(20):
        make_comment(parent=root)
    with django_assert_max_num_queries(5):
        client.get(f"/comments/{root.pk}/feed/")
