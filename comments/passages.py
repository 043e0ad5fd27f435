"""Passages of a text in HTML: what a reader sees of it, finding words again, and marking them without touching the rest.

Nothing here parses HTML into a tree and writes it anew, so whatever stands in the source comes out as it was.
"""

import re
from bisect import bisect_right
from collections.abc import Iterable
from html import escape, unescape
from itertools import islice
from typing import NamedTuple

CONTEXT = 32
MOST_PLACES = 20  # where the same words stand, that are told apart by what is around them
# What stands in these is no text of the page, or is not its author's: notes' numbers, drawings, programs.
UNSEEN = {"script", "style", "svg", "math", "template", "textarea", "title", "select", "iframe", "noscript"}
INLINE = {"a", "abbr", "b", "bdi", "bdo", "cite", "code", "del", "dfn", "em", "i", "ins", "kbd", "mark", "q"}
INLINE |= {"s", "samp", "small", "span", "strong", "sub", "sup", "time", "u", "var", "wbr"}

_PIECE = re.compile(
    r"""<!--.*?-->|<(?P<end>/?)(?P<tag>[a-zA-Z][^\s/>]*)(?P<rest>(?:"[^"]*"|'[^']*'|[^'"<>])*)>|[^<]+|<""",
    re.DOTALL,
)
_NOT_AT_ONCE = re.compile(rf"<\w+[\s/]|<[!?]|<(?:{'|'.join(UNSEEN)})\b", re.IGNORECASE)
_NOTE_NUMBER = re.compile(r"""class="[^"]*\bfootnote-(?:back)?ref\b""")
_BLOCKQUOTE = re.compile(r"<(/?)blockquote>")
_NO_LINK_AROUND = re.compile(r"<(?:a|pre|blockquote)\b")
_ENTITY = re.compile(r"&[#\w]+;")


class Passage(NamedTuple):
    """Words of a text, with what stands before and after them to tell two places apart."""

    exact: str
    prefix: str = ""
    suffix: str = ""


class Piece(NamedTuple):
    """An unbroken run of text: where it begins in what is read, where in the HTML, and how it is written there."""

    at: int
    start: int
    raw: str
    text: str


class SeenText:
    """The text of some HTML as it is read, tags taken away, a line end where a block ends.

    ``depth`` picks what of quotes counts: None for everything, 0 for what stands outside of them.
    """

    def __init__(self, html: str, depth: int | None = None):
        self.pieces = _pieces(html, depth)
        self.text = "".join(piece.text for piece in self.pieces)

    def passage(self, start: int, end: int) -> Passage:
        return Passage(_folded(self.text[start:end]), *self._around(start, end))

    def _around(self, start: int, end: int) -> tuple[str, str]:
        before, after = self.text[max(start - CONTEXT, 0) : start], self.text[end : end + CONTEXT]
        return _folded(before), _folded(after)

    def find(self, passage: Passage) -> tuple[int, int] | None:
        """Where the passage stands now: of several places the one whose surroundings are most alike."""
        words = passage.exact.split()
        if not words:
            return None
        places = list(islice(_places(passage.exact, self.text), MOST_PLACES))
        places = places or list(islice(_loose_places(words, self.text), MOST_PLACES))
        return max(places, key=lambda place: self._likeness(place, passage), default=None)

    def _likeness(self, place: tuple[int, int], passage: Passage) -> int:
        prefix, suffix = self._around(*place)
        return _common(prefix[::-1], passage.prefix[::-1]) + _common(suffix, passage.suffix)


def blocks(html: str) -> list[str]:
    """What each ``<blockquote>`` says itself, without those inside it, in the order they begin."""
    texts: list[list[str]] = []
    open_blocks: list[int] = []
    for tag, _at, raw in _walk(html):
        if tag == "<blockquote":
            open_blocks.append(len(texts))
            texts.append([])
        elif tag == "</blockquote" and open_blocks:
            open_blocks.pop()
        elif open_blocks:
            texts[open_blocks[-1]].append("" if tag.strip("</") in INLINE else "\n" if tag else unescape(raw))
    return ["".join(parts) for parts in texts]


def mark(html: str, passages: dict[str, Passage]) -> tuple[str, set[str]]:
    """The HTML with each passage in ``<mark>``, the first of its marks bearing its key as id.

    Also answers which were found. A passage runs through tags; every mark stays inside one run of text.
    """
    if not passages:
        return html, set()
    if len(passages) == 1 and (marked := _marked_at_once(html, *next(iter(passages.items())))):
        return marked, set(passages)
    seen = SeenText(html)
    places = {key: place for key, passage in passages.items() if (place := seen.find(passage))}
    if not places:
        return html, set()
    written, done = [], 0
    for piece, cuts in _cut(seen.pieces, places):
        written.append(html[done : piece.start])
        written.extend(_marked(piece, cuts, places))
        done = piece.start + len(piece.raw)
    return "".join([*written, html[done:]]), set(places)


def _marked_at_once(html: str, key: str, passage: Passage) -> str:
    """The common case, some twenty times as fast: words that stand once, unbroken, in HTML without attributes.

    Words with a space between them are no tag and no entity there.
    """
    raw = escape(passage.exact, quote=False)
    if " " not in raw or html.count(raw) != 1 or _NOT_AT_ONCE.search(html):
        return ""
    return html.replace(raw, f'<mark class="quoted" id="{escape(key)}">{raw}</mark>')


def link_blocks(html: str, urls: dict[int, str], label: str) -> str:
    """Comment HTML whose quotes, by position, are links: the words themselves, or an arrow below what holds links."""
    edits: list[tuple[int, int, str]] = []
    open_blocks: list[tuple[int, int, int]] = []
    position = 0
    for tag in _BLOCKQUOTE.finditer(html):
        if not tag[1]:
            open_blocks.append((position, tag.start(), tag.end()))
            position += 1
        elif open_blocks:
            number, start, inside = open_blocks.pop()
            if number in urls:
                is_plain = not _NO_LINK_AROUND.search(html, inside, tag.start())
                edits += _link(urls[number], label, start, inside, tag.start(), is_plain)
    for start, end, new in sorted(edits, reverse=True):
        html = f"{html[:start]}{new}{html[end:]}"
    return html


def _link(
    url: str, label: str, start: int, inside: int, end: int, is_plain: bool
) -> list[tuple[int, int, str]]:
    url, arrow = escape(url), f'<p class="arrow"><a href="{escape(url)}">{escape(label)}</a></p>'
    if is_plain:
        return [(start, inside, f'<blockquote class="q"><a href="{url}">'), (end, end, "</a>")]
    return [(start, inside, '<blockquote class="q">'), (end, end, arrow)]


def _cut(pieces: list[Piece], places: dict[str, tuple[int, int]]) -> Iterable[tuple[Piece, list[int]]]:
    """The pieces that a passage touches, each with the offsets where one begins or ends."""
    starts = [piece.at for piece in pieces]
    touched: dict[int, set[int]] = {}
    for start, end in places.values():
        for index in range(bisect_right(starts, start) - 1, len(pieces)):
            piece = pieces[index]
            if piece.at >= end:
                break
            if piece.raw.strip():
                cuts = touched.setdefault(index, {0, len(piece.text)})
                cuts.update((max(start - piece.at, 0), min(end - piece.at, len(piece.text))))
    return [(pieces[index], sorted(cuts)) for index, cuts in sorted(touched.items())]


def _marked(piece: Piece, cuts: list[int], places: dict[str, tuple[int, int]]) -> Iterable[str]:
    raw_at = _raw_offsets(piece)
    for start, end in zip(cuts, cuts[1:], strict=False):
        raw = piece.raw[raw_at(start) : raw_at(end)]
        at = piece.at + start
        covering = [key for key, place in places.items() if place[0] <= at < place[1]]
        if not covering or not raw.strip():
            yield raw
            continue
        beginning = [key for key in covering if places[key][0] == at]
        further = " ".join(key for key in covering if key not in beginning)
        opening = "".join(f'<mark class="quoted" id="{escape(key)}">' for key in beginning)
        opening += f'<mark class="quoted" data-of="{escape(further)}">' if further else ""
        yield f"{opening}{raw}{'</mark>' * opening.count('<mark')}"


def _raw_offsets(piece: Piece):
    """From an offset in the text to the one in the HTML, where ``&amp;`` is five characters long."""
    if len(piece.raw) == len(piece.text):
        return lambda offset: offset
    offsets, raw = [], 0
    while raw < len(piece.raw):
        entity = _ENTITY.match(piece.raw, raw)
        length = len(entity[0]) if entity else 1
        offsets += [raw] * len(unescape(piece.raw[raw : raw + length]))
        raw += length
    offsets.append(len(piece.raw))
    return offsets.__getitem__


def _pieces(html: str, depth: int | None) -> list[Piece]:
    pieces: list[Piece] = []
    at = quotes = 0
    for tag, start, raw in _walk(html):
        quotes += {"<blockquote": 1, "</blockquote": -1}.get(tag, 0)
        if tag and tag.strip("</") in INLINE:
            continue
        if not tag and depth is not None and quotes > depth:
            continue
        piece = Piece(at, start, "", "\n") if tag else Piece(at, start, raw, unescape(raw))
        pieces.append(piece)
        at += len(piece.text)
    return pieces


def _walk(html: str) -> Iterable[tuple[str, int, str]]:
    """Tags as "<name" and "</name", text as ""; with where it stands and how it is written. Unseen things are left out."""
    skipping = ""
    for match in _PIECE.finditer(html):
        tag = (match["tag"] or "").lower()
        if skipping:
            skipping = "" if tag == skipping and match["end"] else skipping
        elif tag in UNSEEN or (tag == "a" and _NOTE_NUMBER.search(match["rest"])):
            skipping = "" if match["end"] or match["rest"].endswith("/") else tag
        elif tag:
            yield f"<{match['end']}{tag}", match.start(), match[0]
        elif not match[0].startswith("<!--"):
            yield "", match.start(), match[0]


def _places(words: str, text: str) -> Iterable[tuple[int, int]]:
    at = text.find(words)
    while at >= 0:
        yield at, at + len(words)
        at = text.find(words, at + 1)


def _loose_places(words: list[str], text: str) -> Iterable[tuple[int, int]]:
    """Across the ends of blocks, and in other case; building the pattern takes longer than the search."""
    pattern = re.compile(r"\s+".join(map(re.escape, words)), re.IGNORECASE)
    return (match.span() for match in pattern.finditer(text))


def _folded(text: str) -> str:
    return " ".join(text.split())


def _common(one: str, other: str) -> int:
    return next(
        (i for i, (a, b) in enumerate(zip(one, other, strict=False)) if a != b), min(len(one), len(other))
    )
