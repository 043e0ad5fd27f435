"""What an author may want to see to before readers see a text. Plain functions on finished HTML; they forbid nothing.

The HTML is the page's, each block marked with the line of the source it comes from (see blog.rendering.lines).
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from html.parser import HTMLParser
from typing import NamedTuple
from urllib.parse import unquote, urljoin, urlsplit

from django.utils.translation import gettext as _

from blog.rendering.lines import ATTRIBUTE

HEADINGS = frozenset(f"h{level}" for level in range(1, 7))
LONGEST_SHOWN = 60
MADE_UP = re.compile(r"[0-9a-f]{12,}\.")  # the name of an upload tells nobody anything


class Remark(NamedTuple):
    sentence: str
    line: int | None = None  # of the source, counted from 0, where it is known
    field: str = ""  # the form's field that it is about
    holds: bool = True  # whether publishing is held for it; otherwise it is only told


class Place(NamedTuple):
    line: int | None
    what: str  # a link's address, a picture's, a heading's level and words
    words: str = ""
    level: int = 0


@dataclass
class Outline:
    """What the checks look at in a page."""

    pictures: list[Place] = field(default_factory=list)  # words: the alternative text
    links: list[Place] = field(default_factory=list)
    headings: list[Place] = field(default_factory=list)
    ids: set[str] = field(default_factory=set)


class Link(NamedTuple):
    path: str
    fragment: str
    place: Place


def outline(html: str) -> Outline:
    reader = _Reader()
    reader.feed(html)
    reader.close()
    return reader.outline


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.outline = Outline()
        self.line: int | None = None
        self.level = 0
        self.words: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        if given.get(ATTRIBUTE, "").isdecimal():
            self.line = int(given[ATTRIBUTE])
        self.outline.ids.update(given[name] for name in ("id", "name") if given.get(name))
        if tag == "img":
            self.outline.pictures.append(Place(self.line, given.get("src", ""), given.get("alt", "").strip()))
        elif tag == "a" and "href" in given and "anchor" not in given.get("class", "").split():
            self.outline.links.append(Place(self.line, given["href"].strip()))
        elif tag in HEADINGS:
            self.level, self.words = int(tag[1]), []

    def handle_data(self, data: str) -> None:
        if self.level:
            self.words.append(data)

    def handle_endtag(self, tag: str) -> None:
        if tag in HEADINGS and self.level:
            words = " ".join("".join(self.words).split())
            self.outline.headings.append(Place(self.line, words, level=self.level))
            self.level = 0


# Each check yields remarks in the order of the text.


def pictures_without_words(page: Outline) -> Iterator[Remark]:
    for number, picture in enumerate(page.pictures, 1):
        if not picture.what:
            yield Remark(_("Picture {number} has no address.").format(number=number), picture.line)
        elif not picture.words:
            name = _short(unquote(urlsplit_or_none(picture.what).path).rpartition("/")[2])
            sentence = _("Picture {number} has no words for readers who cannot see it.")
            if not MADE_UP.match(name):
                sentence = _("Picture {number} ({name}) has no words for readers who cannot see it.")
            yield Remark(sentence.format(number=number, name=name), picture.line)


def heading_jumps(page: Outline) -> Iterator[Remark]:
    """The page's title is its h1."""
    before = 1
    for heading in page.headings:
        if heading.level > before + 1:
            sentence = _("The heading “{words}” is {count} levels below the one before it.")
            yield Remark(
                sentence.format(words=_short(heading.what), count=heading.level - before), heading.line
            )
        before = heading.level


def missing_description(description: str, summary: str) -> Iterator[Remark]:
    if not (description.strip() or summary.strip()):
        sentence = _("There is no description: search engines and shared links show the text’s beginning.")
        yield Remark(sentence, field="description", holds=False)


def links_within(page: Outline, path: str, site_url: str) -> list[Link]:
    """The links that lead to this site, as path and fragment."""
    here = urljoin(site_url + "/", path)
    found = []
    for place in page.links:
        try:
            target = urlsplit(urljoin(here, place.what))
        except ValueError:  # no address at all, such as http://[x
            continue
        home = urlsplit(site_url)
        if (target.scheme, target.netloc) == (home.scheme, home.netloc):
            found.append(Link(target.path or "/", unquote(target.fragment), place))
    return found


def dead_links(
    links: list[Link], path: str, ids: set[str], targets: Mapping[str, set[str] | None]
) -> Iterator[Remark]:
    """targets has each path that readers find, with the ids of its page, or None where nobody has looked."""
    targets = {**targets, path: ids}
    for link in links:
        if link.path not in targets:
            sentence = _("The link to {address} leads nowhere: readers find nothing there.")
            yield Remark(sentence.format(address=_short(link.place.what)), link.place.line)
            continue
        known = targets[link.path]
        if link.fragment and link.fragment != "top" and known is not None and link.fragment not in known:
            sentence = _("The link to {address} leads to a place that its page does not have.")
            yield Remark(sentence.format(address=_short(link.place.what)), link.place.line)


def urlsplit_or_none(address: str):
    try:
        return urlsplit(address)
    except ValueError:
        return urlsplit("")


def _short(words: str) -> str:
    return words if len(words) <= LONGEST_SHOWN else f"{words[: LONGEST_SHOWN - 1]}…"
