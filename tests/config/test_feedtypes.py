import json
import re
from datetime import UTC, datetime
from html import unescape
from io import BytesIO
from xml.etree import ElementTree

import feedparser
import pytest
from hypothesis import given
from hypothesis import strategies as st

from config.feedtypes import Atom, Json, Rss

DAY = datetime(2024, 2, 3, 4, 5, 6, tzinfo=UTC)


def written(feed_type, *, title="A feed", **item):
    feed = feed_type(
        title, "https://blog.example/", "What it is", language="en", feed_url="https://blog.example/f/"
    )
    if item:
        feed.add_item(
            **{"title": "One", "link": "https://blog.example/one/", "description": "<p>Short</p>"} | item
        )
    out = BytesIO()
    feed.write(out, "utf-8")
    return out.getvalue()


@pytest.mark.parametrize("feed_type", [Rss, Atom])
def test_xml_feed_has_whole_text_dates_and_all_authors(feed_type):
    authors = [{"name": "Ann", "url": "https://blog.example/ann/"}, {"name": "Bob"}]
    feed = feedparser.parse(
        written(feed_type, content_html="<p>All of it</p>", pubdate=DAY, updateddate=DAY, authors=authors)
    )
    entry = feed.entries[0]
    assert not feed.bozo
    assert entry.content[-1].value == "<p>All of it</p>"
    assert entry.summary == "<p>Short</p>"
    assert entry.published_parsed[:6] == (2024, 2, 3, 4, 5, 6)
    assert b"Ann" in written(feed_type, authors=authors)
    assert b"Bob" in written(feed_type, authors=authors)


def test_json_feed_has_what_the_format_asks_for():
    item = json.loads(
        written(
            Json,
            content_html="<p>All</p>",
            unique_id="urn:x:1",
            pubdate=DAY,
            categories=["a"],
            image="https://i/",
        )
    )
    assert item["version"] == "https://jsonfeed.org/version/1.1"
    assert item["feed_url"] == "https://blog.example/f/"
    assert item["items"] == [
        {
            "id": "urn:x:1",
            "url": "https://blog.example/one/",
            "title": "One",
            "content_html": "<p>All</p>",
            "summary": "Short",
            "image": "https://i/",
            "date_published": "2024-02-03T04:05:06+00:00",
            "tags": ["a"],
        }
    ]


@pytest.mark.parametrize("feed_type", [Rss, Atom, Json])
def test_feed_without_items_is_the_same_each_time(feed_type):
    assert written(feed_type) == written(feed_type)


@pytest.mark.parametrize("feed_type", [Rss, Atom])
@given(text=st.text())
def test_no_text_makes_xml_that_cannot_be_read(feed_type, text):
    item = {"content_html": text, "authors": [{"name": text}], "categories": [text], "title": text}
    ElementTree.fromstring(written(feed_type, **item | {"description": text}))


def test_characters_that_xml_forbids_are_left_out_and_others_kept():
    assert "a\u00e9\U0001f600b".encode() in written(Rss, title="a\x0b\u00e9\ufffe\U0001f600\x00b")
    assert json.loads(written(Json, title="a\x0bb"))["title"] == "ab"


def test_names_that_look_like_html_are_told_with_other_brackets():
    """The W3C validator takes them for a slip, and some readers' programs for HTML."""
    authors = [{"name": "<b>Al</b> &copy;"}, {"name": "Bo & Co <bo>"}]
    names = [author.name for author in feedparser.parse(written(Atom, authors=authors)).entries[0].authors]
    assert names == ["‹b›Al‹/b› ＆copy;", "Bo & Co <bo>"]


@pytest.mark.parametrize("feed_type", [Rss, Atom])
def test_titles_have_one_line_and_no_date_is_implausible(feed_type):
    data = written(feed_type, title="Two\r\n lines")
    assert feedparser.parse(data).feed.title == "Two lines"
    assert b"1970" not in written(feed_type)


def test_what_a_feed_is_about_shows_its_signs_in_rss():
    feed = Rss(
        "One", "https://blog.example/", "On <b>bold</b>", language="en", feed_url="https://blog.example/f/"
    )
    out = BytesIO()
    feed.write(out, "utf-8")
    assert b"<description>On &#x26;lt;b" in out.getvalue()


@pytest.mark.parametrize("title", ["AT&T", "1 < 2", "<b> & </b>", "&amp; is &", "</title>]]>"])
def test_titles_read_the_same_whether_taken_for_text_or_for_html(title):
    """The W3C validator asks for references by number, and for no end tags."""
    data = written(Rss, title=title, categories=[title], authors=[{"name": title}]).decode()
    root = ElementTree.fromstring(data)
    assert unescape(root.findtext(".//channel/title")) == unescape(title) or title.startswith("&amp;")
    assert not re.search(r"</\w", root.findtext(".//channel/title"))
    category = root.findtext(".//item/category")
    assert not re.search(r"</\w|&\w+;", category)
    assert category == title or re.search(r"</\w|&\w+;", title)
    assert not re.search("<(title|category|dc:creator)>[^<]*&(amp|lt|gt);", data)
    shown = feedparser.parse(written(Atom, title=title)).feed.title_detail
    assert shown.type == ("text/html" if set(title) & set("<&") else "text/plain")


def test_item_in_another_language_says_so():
    item = {"language": "ar", "content_html": "<p>x</p>"}
    assert b'<entry xml:lang="ar">' in written(Atom, **item)
    assert json.loads(written(Json, **item))["items"][0]["language"] == "ar"
