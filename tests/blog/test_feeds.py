import json
from datetime import UTC, datetime, timedelta
from html import escape, unescape

import feedparser
import html5lib
import pytest
from django.contrib.contenttypes.models import ContentType
from django.utils.timezone import now

from blog.models import Category, Post, SiteProfile, Tag
from tests.factories import make_comment, make_page, make_post, make_user

pytestmark = pytest.mark.django_db

SITE = "https://blog.example"
FORMATS = ["/feed/", "/feed/atom/", "/feed/json/"]
DAY = datetime(2024, 2, 3, 4, 5, 6, tzinfo=UTC)


@pytest.fixture(autouse=True)
def public_address(settings):
    settings.SITE_URL = SITE


def read(client, path):
    """A feed as a reader's program sees it; the JSON feed put into the same words."""
    response = client.get(path)
    assert response.status_code == 200, path
    if "/json/" not in path:
        feed = feedparser.parse(response.content)
        assert not feed.bozo, feed.bozo_exception
        return feed
    feed = json.loads(response.content)
    entries = [
        {
            "title": item["title"],
            "id": item["id"],
            "link": item["url"],
            "content": [{"value": item["content_html"]}],
            "tags": [{"term": tag} for tag in item.get("tags", [])],
        }
        for item in feed["items"]
    ]
    about = {"title": feed["title"], "link": feed["home_page_url"], "language": feed["language"]}
    return feedparser.FeedParserDict(
        feed=feedparser.FeedParserDict(about), entries=list(map(feedparser.FeedParserDict, entries))
    )


def titles(client, path):
    return [entry["title"] for entry in read(client, path).entries]


@pytest.mark.parametrize("path", FORMATS)
def test_feed_has_the_newest_posts_whole(client, path):
    for days in range(25):
        make_post(
            f"Day {days}",
            body=f"Words.\n\n<!--more-->\n\nThe rest of {days}.",
            published_at=DAY - timedelta(days),
        )
    feed = read(client, path)
    assert [entry["title"] for entry in feed.entries] == [f"Day {days}" for days in range(20)]
    assert "The rest of 3." in feed.entries[3]["content"][-1]["value"]


@pytest.mark.parametrize("path", FORMATS)
def test_feed_speaks_of_the_site_as_its_profile_does(client, path):
    SiteProfile(title="Ann’s notes", tagline="On & on", language="pt-BR").save()
    make_post()
    feed = read(client, path).feed
    assert (feed.title, feed.link, feed.language) == ("Ann’s notes", f"{SITE}/", "pt-BR")


@pytest.mark.parametrize("path", FORMATS)
def test_links_in_the_text_are_absolute(client, path):
    make_post(
        path="/notes/one/",
        body="[a](/about/) [b](../two/) ![c](pic.png) [d](#top) [e](https://else.example/)",
    )
    html = read(client, path).entries[0]["content"][-1]["value"]
    for address in ("/about/", "/notes/two/", "/notes/one/pic.png", "/notes/one/#top"):
        assert f'"{SITE}{address}"' in html
    assert '"https://else.example/"' in html


@pytest.mark.parametrize("path", FORMATS)
def test_request_host_is_nowhere_in_the_feed(client, path):
    make_post(authors=[make_user()], tags=["one"], cover="/pic.png")
    assert b"127.0.0.1" not in client.get(path, headers={"host": "127.0.0.1"}).content


@pytest.mark.parametrize("path", FORMATS)
def test_identity_is_the_stored_one_and_survives_a_move(client, path):
    post = make_post(guid="http://old.example/posts/one/")
    post.path, post.title = "/elsewhere/", "Another title"
    post.save()
    entry = read(client, path).entries[0]
    assert entry["id"] == "http://old.example/posts/one/"
    assert entry["link"] == f"{SITE}/elsewhere/"


def test_only_an_address_is_called_a_permalink(client):
    make_post(guid="http://old.example/posts/one/")
    assert b'<guid isPermaLink="true">http://old.example' in client.get("/feed/").content
    Post.objects.update(guid="urn:uuid:1")
    assert b'<guid isPermaLink="false">urn:uuid:1' in client.get("/feed/").content


@pytest.mark.parametrize(
    "guid",
    ["https://old.example/a b/", "/posts/one/", "one & <two>", "http://[bad/", "x:%zz", "https://é.example/"],
)
def test_an_identity_that_is_no_address_stays_as_readers_know_it_and_atom_has_another_for_ever(client, guid):
    make_post(guid=guid)
    known = f'<guid isPermaLink="false">{escape(guid)}</guid>'
    assert known in client.get("/feed/").content.decode()
    assert read(client, "/feed/json/").entries[0]["id"] == guid
    first = read(client, "/feed/atom/").entries[0]["id"]
    assert first.startswith("urn:uuid:")
    make_post("Another", guid="urn:uuid:" + "1" * 8)
    assert first in {entry["id"] for entry in read(client, "/feed/atom/").entries}


def test_list_whose_name_has_signs_of_addresses_knows_its_own(client):
    make_post(tags=["a/b?#"])
    tag = Tag.objects.get()
    Tag.objects.filter(pk=tag.pk).update(slug="b?#[")
    path = "/tags/b%3F%23%5B/"
    assert f'<link rel="canonical" href="{SITE}{path}">' in client.get(path).content.decode()
    assert f'href="{SITE}{path}feed/"' in client.get(f"{path}feed/").content.decode()


def test_addresses_in_feeds_are_escaped(client):
    make_post(path="/a [b] ä/")
    for path in FORMATS:
        assert read(client, path).entries[0]["link"] == f"{SITE}/a%20%5Bb%5D%20%C3%A4/"


@pytest.mark.parametrize("path", FORMATS)
def test_what_is_not_public_is_in_no_feed(client, path):
    make_post("Seen")
    make_post("Draft", draft=True)
    make_post("Tomorrow", published_at=now() + timedelta(days=1))
    make_post("Over", expires_at=now() - timedelta(hours=1))
    make_post("Unlisted", listed=False)
    make_page("About")
    assert titles(client, path) == ["Seen"]


@pytest.mark.parametrize("path", FORMATS)
def test_site_without_posts_has_a_feed(client, path):
    assert titles(client, path) == []


@pytest.mark.parametrize("path", FORMATS)
def test_hostile_title_and_text_make_no_broken_feed(client, path):
    make_post("</title>]]> & \x0b\ufffe<b>", body="`]]>` & \x08 <script>\n\n\U0001f600", tags=["a & <b>"])
    entry = read(client, path).entries[0]
    assert "]]>" in unescape(entry["title"])
    assert entry["tags"][0]["term"] == "a & <b>"


@pytest.mark.parametrize("path", FORMATS)
def test_post_without_text_leads_to_its_page(client, path):
    make_post("Bare & empty", body="", path="/bare/")
    html = read(client, path).entries[0]["content"][-1]["value"]
    assert html == f'<p><a href="{SITE}/bare/">Bare &amp; empty</a></p>'


@pytest.mark.parametrize("path", FORMATS)
def test_post_in_another_language_says_so_and_how_it_is_written(client, path):
    make_post(body="نص", language="ar")
    html = read(client, path).entries[0]["content"][-1]["value"]
    around = html5lib.parseFragment(html, namespaceHTMLElements=False)[0]
    assert (around.tag, around.attrib) == ("div", {"lang": "ar", "dir": "rtl"})


# Dates, and what tells a reader's program that nothing is new


def test_both_dates_of_a_post_are_told(client):
    make_post(published_at=DAY, modified_at=DAY + timedelta(days=9))
    entry = read(client, "/feed/atom/").entries[0]
    assert entry.published == "2024-02-03T04:05:06+00:00"
    assert entry.updated == "2024-02-12T04:05:06+00:00"
    assert read(client, "/feed/").entries[0].published == "Sat, 03 Feb 2024 04:05:06 +0000"


@pytest.mark.parametrize("path", FORMATS)
def test_unchanged_feed_is_not_sent_twice(client, path):
    make_post(published_at=DAY)
    first = client.get(path)
    assert client.get(path).content == first.content
    assert client.get(path, headers={"if-none-match": first["ETag"]}).status_code == 304


@pytest.mark.parametrize("path", FORMATS)
def test_edit_of_an_old_post_is_noticed(client, path):
    old = make_post("Old", published_at=DAY - timedelta(days=300))
    make_post("New", published_at=DAY)
    first = client.get(path)
    old.body, old.modified_at = "Corrected.", DAY + timedelta(days=1)
    old.save()
    second = client.get(path, headers={"if-none-match": first["ETag"]})
    assert second.status_code == 200
    assert b"Corrected." in second.content
    assert titles(client, path) == ["New", "Old"]


@pytest.mark.parametrize("path", FORMATS)
def test_every_change_of_the_feed_is_noticed_and_nothing_else(client, path):
    """A date of the newest post would miss all of these but the first; so none is sent that could."""
    post, other, outside = make_post("Post", tags=["a"]), make_post("Other"), make_page("Outside")
    profile = SiteProfile.load()

    def renamed():
        profile.title = "Another name"
        profile.save()

    seen = [client.get(path)["ETag"]]
    outside.save()
    assert client.get(path)["ETag"] == seen[0]
    for change in (
        other.delete,
        renamed,
        lambda: post.tags.set(["b"]),
        lambda: make_user("new") and post.unpublish(),
    ):
        change()
        seen.append(client.get(path)["ETag"])
    assert len(set(seen)) == 5
    assert "Last-Modified" not in client.get(path)


@pytest.mark.parametrize("path", FORMATS)
def test_older_posts_are_on_further_pages(client, path):
    for days in range(45):
        make_post(f"Day {days}", published_at=DAY - timedelta(days))
    found, address, pages = [], path, 0
    while address:
        found += titles(client, address)
        address, pages = next_page(client, address), pages + 1
    assert pages == 3
    assert found == [f"Day {days}" for days in range(45)]
    assert [client.get(f"{path}?page={number}").status_code for number in ("4", "0", "x", "9" * 30)] == [
        404
    ] * 4


def next_page(client, path):
    body = client.get(path).content
    if "/json/" in path:
        address = json.loads(body).get("next_url")
    else:
        address = next((link.href for link in feedparser.parse(body).feed.links if link.rel == "next"), None)
    return address and address.removeprefix(SITE)


def test_feed_that_fits_on_one_page_names_no_other(client):
    make_post()
    assert {link.rel for link in read(client, "/feed/").feed.links} == {"alternate", "self"}


@pytest.mark.parametrize("path", FORMATS)
def test_hub_is_announced_where_one_is_set(client, path):
    assert b"hub" not in client.get(path).content
    SiteProfile(websub_hub="https://hub.example/").save()
    body = client.get(path).content
    if "/json/" in path:
        assert json.loads(body)["hubs"] == [{"type": "WebSub", "url": "https://hub.example/"}]
    else:
        links = {link.rel: link.href for link in feedparser.parse(body).feed.links}
        assert (links["hub"], links["self"]) == ("https://hub.example/", SITE + path)


@pytest.mark.parametrize(
    "guess", ["rss.xml", "index.xml", "feed.xml", "rss", "rss/", "feed/rss/", "atom.xml", "atom", "feed.json"]
)
def test_addresses_that_people_try_lead_to_the_feed(client, guess):
    make_post("One")
    response = client.get(f"/{guess}")
    assert response.status_code == 301
    assert titles(client, response["Location"]) == ["One"]


@pytest.mark.parametrize("path", ["/feed/", "/feed/atom/", "/comments/feed/"])
def test_person_who_opens_a_feed_is_told_what_it_is(client, path):
    address = client.get(path).content.decode().partition('<?xml-stylesheet href="')[2].partition('"')[0]
    style = client.get(address)
    assert style["Content-Type"].startswith("text/css")
    assert "This is a feed" in style.content.decode()


def test_post_that_appears_long_after_its_date_is_noticed(client, time_machine):
    make_post("New", published_at=DAY)
    make_post("Held back", published_at=DAY - timedelta(days=9), public_at=DAY + timedelta(days=9))
    time_machine.move_to(DAY + timedelta(days=1))
    first = client.get("/feed/")
    time_machine.move_to(DAY + timedelta(days=10))
    second = client.get("/feed/", headers={"if-none-match": first["ETag"]})
    assert second.status_code == 200
    assert b"Held back" in second.content


# Terms


@pytest.mark.parametrize("ending", FORMATS)
@pytest.mark.parametrize("term", ["/tags/go", "/categories/notes", "/series/slow", "/authors/ann"])
def test_each_term_has_its_own_feed(client, term, ending):
    ann = make_user("ann", first_name="Ann", last_name="Lee")
    make_post("In", tags=["Go"], categories=["Notes"], series="Slow", authors=[ann])
    make_post("Out")
    feed = read(client, term + ending)
    assert [entry["title"] for entry in feed.entries] == ["In"]
    assert feed.feed.link == f"{SITE}{term}/"
    assert feed.feed.title.startswith({"/authors/ann": "Ann Lee"}.get(term, term.rsplit("/")[-1].title()))


@pytest.mark.parametrize(
    "term", ["/tags/go", "/categories/notes", "/series/slow", "/authors/ann", "/tags/none"]
)
def test_term_without_public_posts_has_no_feed(client, term):
    make_post(tags=["Go"], categories=["Notes"], series="Slow", authors=[make_user("ann")], draft=True)
    assert client.get(f"{term}/feed/").status_code == 404


def test_term_of_another_taxonomy_is_no_category(client):
    make_post().categories.add(Category.objects.create(name="Notes", taxonomy="topics"))
    assert client.get("/categories/notes/feed/").status_code == 404


def test_description_of_a_tag_is_that_of_its_feed(client):
    make_post(tags=["Go"])
    Tag.objects.update(description="The language")
    assert read(client, "/tags/go/feed/").feed.description == "The language"


def test_tags_categories_and_authors_are_told(client):
    ann, bob = make_user("ann", first_name="Ann"), make_user("bob")
    make_post(tags=["Go", "Web"], categories=["Notes", "Web"], authors=[ann, bob])
    entry = read(client, "/feed/atom/").entries[0]
    assert sorted(tag.term for tag in entry.tags) == ["Go", "Notes", "Web"]
    assert [author.name for author in entry.authors] == ["Ann", "bob"]
    item = json.loads(client.get("/feed/json/").content)["items"][0]
    assert item["authors"][0] == {"name": "Ann", "url": f"{SITE}/authors/ann/"}


@pytest.mark.parametrize("path", [*FORMATS, "/tags/go/feed/"])
def test_feed_takes_as_many_queries_for_many_posts_as_for_one(client, path, django_assert_max_num_queries):
    for number in range(22):
        make_post(tags=["Go", f"t{number}"], categories=[f"c{number}"], authors=[make_user()])
    with django_assert_max_num_queries(6):
        client.get(path)


# Comments


@pytest.mark.parametrize("make", [make_post, make_page])
def test_comments_of_an_entry_have_a_feed(client, make):
    entry = make("A walk")
    first = make_comment(entry, body="[First](/x/)", author_name="Ann")
    make_comment(body="Elsewhere")
    feed = read(client, f"{entry.path}comments/feed/")
    assert [item.link for item in feed.entries] == [f"{SITE}{first.get_absolute_url()}"]
    assert f'"{SITE}/x/"' in feed.entries[0].summary
    assert "A walk" in feed.feed.title
    assert feed.feed.link == f"{SITE}{entry.path}"


def test_comments_of_what_is_not_public_have_no_feed(client, editor):
    post = make_post(draft=True)
    make_comment(post)
    assert client.get("/no/such/comments/feed/").status_code == 404
    assert client.get(f"{post.path}comments/feed/").status_code == 404
    client.force_login(editor)
    assert client.get(f"{post.path}comments/feed/").status_code == 404


def test_comment_feed_takes_few_queries_however_many_comments(client, django_assert_max_num_queries):
    post = make_post()
    for _number in range(30):
        make_comment(post)
    ContentType.objects.get_for_model(Post)
    with django_assert_max_num_queries(5):
        client.get(f"{post.path}comments/feed/")
