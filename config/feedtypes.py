"""The three kinds of feed, each with whole texts: RSS 2.0, Atom and JSON Feed 1.1.

Beside what Django's feeds take, a feed may have ``pages`` (addresses by relation: first, previous, next) and ``hub``,
and an item may have ``content_html`` (the whole text, links absolute), ``authors`` (dictionaries with ``name`` and ``url``),
``image`` (an address), ``language`` (where it is not the feed's) and ``public_at`` (when it appeared).
"""

import json
import re
from datetime import UTC, datetime
from uuid import NAMESPACE_URL, uuid5

from django.urls import reverse_lazy
from django.utils.feedgenerator import Atom1Feed, Rss201rev2Feed, Stylesheet, SyndicationFeed, rfc3339_date
from django.utils.html import escape, strip_tags
from django.utils.xmlutils import SimplerXMLGenerator

from config.links import is_uri

# So that a person who opens a feed in a browser sees what it is.
STYLE = [Stylesheet(reverse_lazy("feed_style"), mimetype="text/css", media=None)]
ILLEGAL = re.compile("[^\t\n\r\u0020-\u007e\u00a0-\ud7ff\ue000-\ufdcf\ufdf0-\ufffc\U00010000-\U0010fffd]")
LIKE_HTML = re.compile(r"<[/!?a-zA-Z]|&#?\w")
# Feeds are no older, and checkers take a date before 1990 for a slip.
NEVER = datetime(2000, 1, 1, tzinfo=UTC)
LIKE_MARKUP = re.compile(r"</\w|&#?\w+;")
LOOK_ALIKES = str.maketrans({"<": "‹", ">": "›", "&": "＆"})
DATES = ("pubdate", "updateddate", "public_at")


def legal(value):
    """The value without the characters that XML 1.0 forbids (section 2.2) or discourages, in lists and dictionaries too."""
    if isinstance(value, str):
        return ILLEGAL.sub("", value)
    if isinstance(value, dict):
        return {key: legal(part) for key, part in value.items()}
    if isinstance(value, (list, tuple)):
        return [legal(part) for part in value]
    return value


def _in_one_line(values):
    """With a title that has no line breaks; imports bring such, and names that stand in titles."""
    return values | {"title": " ".join((values["title"] or "").split())}


class CleanFeed(SyndicationFeed):
    """What the three have in common."""

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.feed = _in_one_line(legal(self.feed))

    def add_item(self, *args, **kwargs):
        super().add_item(*args, **kwargs)
        self.items[-1] = _in_one_line(legal(self.items[-1]))

    def latest_post_date(self):
        """When the feed last changed. One without items never did, so that asking twice gives the same bytes."""
        return max((item[key] for item in self.items for key in DATES if item.get(key)), default=NEVER)

    def other_addresses(self):
        """Pairs of relation and address: further pages (RFC 5005) and who tells of changes (WebSub)."""
        yield from self.feed.get("pages", {}).items()
        if self.feed.get("hub"):
            yield "hub", self.feed["hub"]


# Browsers show application/rss+xml and application/atom+xml as bare text; this they show with the style sheet.
SHOWN = "application/xml; charset=utf-8"


class Rss(CleanFeed, Rss201rev2Feed):
    content_type = SHOWN

    def add_root_elements(self, handler):
        super().add_root_elements(_AsPlainText(handler, "title", "description", "category"))
        for relation, address in self.other_addresses():
            handler.addQuickElement("atom:link", None, {"rel": relation, "href": address})

    def rss_attributes(self):
        return super().rss_attributes() | {
            "xmlns:content": "http://purl.org/rss/1.0/modules/content/",
            "xmlns:dc": "http://purl.org/dc/elements/1.1/",
        }

    def add_item_elements(self, handler, item):
        plain = _AsPlainText(handler, "title", "category", "dc:creator")
        super().add_item_elements(plain, item)
        for author in item.get("authors", ()):
            plain.addQuickElement("dc:creator", author["name"])
        if item.get("content_html"):
            handler.addQuickElement("content:encoded", item["content_html"])


class _Handler:
    """Passes on to another what it does not write in its own way."""

    def __init__(self, handler):
        self.handler = handler

    def __getattr__(self, name):
        return getattr(self.handler, name)


class _AsPlainText(_Handler):
    """RSS does not say whether a title, or what a feed is about, is HTML. Written so, it reads the same either way for nearly every program.

    https://www.rssboard.org/rss-profile#data-types-characterdata
    """

    def __init__(self, handler, *names):
        super().__init__(handler)
        self.names = names

    def addQuickElement(self, name, contents=None, attrs=None):  # noqa: N802, its name in the base class
        if name not in self.names or not contents or not ("<" in contents or "&" in contents):
            return self.handler.addQuickElement(name, contents, attrs)
        if name in ("title", "description") and LIKE_HTML.search(contents):
            contents = escape(contents)
        elif name == "category":
            contents = _harmless(contents)
        self.handler.startElement(name, attrs or {})
        self.handler.ignorableWhitespace(
            contents.replace("&", "&#x26;").replace("<", "&#x3C;").replace(">", "&#x3E;")
        )
        self.handler.endElement(name)


class Atom(CleanFeed, Atom1Feed):
    content_type = SHOWN

    def add_item(self, *args, **kwargs):
        """Atom demands an address as identity. What was imported and is none has the same other one for ever."""
        super().add_item(*args, **kwargs)
        guid = self.items[-1]["unique_id"]
        if guid and not is_uri(guid):
            self.items[-1]["unique_id"] = f"urn:uuid:{uuid5(NAMESPACE_URL, guid)}"

    def write(self, outfile, encoding):
        """As Django's own, with the style sheets, which it writes for RSS alone."""
        handler = SimplerXMLGenerator(outfile, encoding, short_empty_elements=True)
        handler.startDocument()
        for stylesheet in self.feed["stylesheets"] or []:
            handler.processingInstruction("xml-stylesheet", stylesheet)
        handler.startElement("feed", self.root_attributes())
        self.add_root_elements(handler)
        self.write_items(handler)
        handler.endElement("feed")

    def item_attributes(self, item):
        return {"xml:lang": item["language"]} if item.get("language") else {}

    def add_root_elements(self, handler):
        super().add_root_elements(_AsHtml(handler))
        for relation, address in self.other_addresses():
            handler.addQuickElement("link", "", {"rel": relation, "href": address})

    def add_item_elements(self, handler, item):
        super().add_item_elements(_AsHtml(handler), item)
        for author in item.get("authors", ()):
            handler.startElement("author", {})
            handler.addQuickElement("name", _harmless(author["name"]))
            if author.get("url"):
                handler.addQuickElement("uri", author["url"])
            handler.endElement("author")
        if item.get("content_html"):
            handler.addQuickElement("content", item["content_html"], {"type": "html"})


def _harmless(name):
    """A name is plain text and cannot be said to be; one that is written like HTML gets other brackets."""
    return name.translate(LOOK_ALIKES) if LIKE_MARKUP.search(name) else name


class _AsHtml(_Handler):
    """Writes a title as HTML that says the same: of plain text with a < in it, readers' programs make what they like."""

    def addQuickElement(self, name, contents=None, attrs=None):  # noqa: N802, its name in the base class
        if name in ("title", "subtitle") and contents and ("<" in contents or "&" in contents):
            contents, attrs = escape(contents), {"type": "html"}
        self.handler.addQuickElement(name, contents, attrs)


class Json(CleanFeed):
    """https://www.jsonfeed.org/version/1.1/"""

    content_type = "application/feed+json; charset=utf-8"

    def write(self, outfile, encoding):
        outfile.write(json.dumps(self.as_dict(), ensure_ascii=False, indent=1).encode(encoding))

    def as_dict(self):
        feed = self.feed
        given = {
            "version": "https://jsonfeed.org/version/1.1",
            "title": feed["title"],
            "home_page_url": feed["link"],
            "feed_url": feed["feed_url"],
            "next_url": feed.get("pages", {}).get("next"),
            "hubs": feed.get("hub") and [{"type": "WebSub", "url": feed["hub"]}],
            "description": feed["description"],
            "language": feed["language"],
            "authors": feed["author_name"] and [{"name": feed["author_name"]}],
        }
        return _given(given) | {"items": [_given(self.item_as_dict(item)) for item in self.items]}

    def item_as_dict(self, item):
        return {
            "id": item["unique_id"] or item["link"],
            "url": item["link"],
            "title": item["title"],
            "content_html": item.get("content_html") or item["description"] or " ",
            "summary": item.get("content_html") and strip_tags(item["description"] or "").strip(),
            "image": item.get("image"),
            "language": item.get("language"),
            "date_published": item["pubdate"] and rfc3339_date(item["pubdate"]),
            "date_modified": item["updateddate"] and rfc3339_date(item["updateddate"]),
            "authors": [_given(author) for author in item.get("authors", ())],
            "tags": item["categories"],
        }


def _given(values):
    return {key: value for key, value in values.items() if value}
