"""Pieces written as HTML, as plain text for ids, and as titles for the contents list."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable
from dataclasses import dataclass

from blog.rendering.characters import (
    escape_html,
    escape_url,
    is_dangerous,
    is_plain_punctuation,
    resolve_names,
    text_html,
)
from blog.rendering.emoji import emoji_by_name
from blog.rendering.options import Options
from blog.rendering.pieces import (
    AUTOLINK,
    BRACKET,
    CHECKBOX,
    CODE,
    DELIMITER,
    EMOJI,
    FOOTNOTE,
    IMAGE,
    LINK_CLOSE,
    LINK_OPEN,
    PASSTHROUGH,
    RAW,
    TEXT,
    VERBATIM,
    Delimiter,
    Piece,
)

OMITTED = "<!-- raw HTML omitted -->"
_TAG = re.compile(r"</?[A-Za-z][^<>]*>|<!--[^<>]*>")  # Hugo leaves <!DOCTYPE html> and <?php ?>
_LIST_TAGS = frozenset(
    [
        "abbr",
        "b",
        "bdi",
        "bdo",
        "br",
        "cite",
        "code",
        "data",
        "del",
        "dfn",
        "em",
        "i",
        "img",
        "ins",
        "kbd",
        "mark",
        "q",
        "rp",
        "rt",
        "ruby",
        "s",
        "samp",
        "small",
        "span",
        "strong",
        "sub",
        "sup",
        "time",
        "u",
        "var",
        "wbr",
    ]
)
_ANY_TAG = re.compile(r"<!--[^<>]*-->|</?([A-Za-z][A-Za-z0-9-]*)[^<>]*>")
_SPACE = re.compile(r"\s+")
_EAST_ASIAN = ("HIRAGANA", "KATAKANA", "CJK UNIFIED", "CJK COMPATIBILITY IDEOGRAPH", "CJK RADICAL", "HANGUL")

Writer = Callable[[Piece, Options], str]


def inline_html(pieces: list[Piece], options: Options) -> str:
    if options.cjk_line_breaks and options.cjk:
        _join_cjk_lines(pieces, options)
    return "".join([_WRITERS[piece.kind](piece, options) for piece in pieces])


def _text(piece: Piece, options: Options) -> str:
    html = text_html(piece.text, options.cjk and options.cjk_escaped_space)
    return html + _line_break(piece, options) if piece.line_break else html


def _line_break(piece: Piece, options: Options) -> str:
    if piece.line_break == "none":
        return ""
    if piece.line_break != "soft" or options.hard_wraps:
        return "<br />\n" if options.xhtml else "<br>\n"
    return "\n"


def _verbatim(piece: Piece, options: Options) -> str:
    return piece.text


def _code(piece: Piece, options: Options) -> str:
    return f"<code>{escape_html(piece.text)}</code>"


def _raw(piece: Piece, options: Options) -> str:
    return piece.text if options.unsafe else OMITTED


def _href(url: str, options: Options) -> str:
    return "" if is_dangerous(url) and not options.unsafe else escape_html(escape_url(url))


def _title(piece: Piece) -> str:
    return "" if piece.title is None else f' title="{escape_html(piece.title)}"'


def _autolink(piece: Piece, options: Options) -> str:
    return f'<a href="{_href(piece.url, options)}">{escape_html(piece.text)}</a>'


def _delimiter(piece: Piece, options: Options) -> str:
    if not isinstance(piece, Delimiter):
        return ""
    closing = "".join(f"</{tag}>" for tag in piece.closes)
    opening = "".join(f"<{tag}>" for tag in reversed(piece.opens))
    return closing + piece.char * piece.length + opening


def _link_open(piece: Piece, options: Options) -> str:
    return f'<a href="{_href(piece.url, options)}"{_title(piece)}>'


def _link_close(piece: Piece, options: Options) -> str:
    return "</a>"


def _image(piece: Piece, options: Options) -> str:
    alt = _alternative(piece.children)
    end = " />" if options.xhtml else ">"
    return f'<img src="{_href(piece.url, options)}" alt="{alt}"{_title(piece)}{piece.text}{end}'


def _alternative(pieces: list[Piece]) -> str:
    """The description of an image: its text without any tags, escaped."""
    parts = []
    waiting = pieces[::-1]
    while waiting:
        piece = waiting.pop()
        waiting += reversed(piece.children)
        if piece.kind in (TEXT, BRACKET):
            parts.append(text_html(piece.text) + ("\n" if piece.line_break else ""))
        elif piece.kind == VERBATIM:
            parts.append(piece.text)
        elif piece.kind == CODE:
            parts.append(escape_html(piece.text))
        elif isinstance(piece, Delimiter):
            parts.append(piece.char * piece.length)
    return "".join(parts)


def _footnote(piece: Piece, options: Options) -> str:
    mention = str(piece.mention or "")
    return (
        f'<sup id="fnref{mention}:{piece.number}"><a href="#fn:{piece.number}" class="footnote-ref"'
        f' role="doc-noteref">{piece.number}</a></sup>'
    )


def _checkbox(piece: Piece, options: Options) -> str:
    checked = 'checked="" ' if piece.text in "xX" else ""
    return f'<input {checked}disabled="" type="checkbox"{" /" if options.xhtml else ""}> '


def _emoji(piece: Piece, options: Options) -> str:
    return "".join(
        "&zwj;" if char == "\u200d" else f"&#x{ord(char):x};" for char in emoji_by_name()[piece.text]
    )


_WRITERS: dict[str, Writer] = {
    TEXT: _text,
    BRACKET: _text,
    VERBATIM: _verbatim,
    CODE: _code,
    RAW: _raw,
    AUTOLINK: _autolink,
    DELIMITER: _delimiter,
    LINK_OPEN: _link_open,
    LINK_CLOSE: _link_close,
    IMAGE: _image,
    FOOTNOTE: _footnote,
    CHECKBOX: _checkbox,
    EMOJI: _emoji,
    PASSTHROUGH: _verbatim,
}


@dataclass
class _Element:
    """An element that ``plain_text`` is inside of."""

    counts: bool  # whether its text belongs to the id
    parts: int = 0  # how many parts of it have passed

    def takes(self) -> bool:
        return self.counts and not self.parts


def plain_text(pieces: list[Piece]) -> str:
    """What an id is made of: source text, not resolved; of an inner element only its first part.

    So Hugo does it: ``**a `b`**`` gives "a " alone, ``![a_b](c)`` "a_", and an address between ``<>`` nothing.
    """
    taken: list[str] = []
    elements: list[_Element] = []
    last: Piece | None = None
    waiting = pieces[::-1]
    while waiting:
        piece = waiting.pop()
        if piece.kind == IMAGE:  # an element whose text is its description
            waiting += [Piece(LINK_CLOSE), *reversed(piece.children), Piece(LINK_OPEN)]
            continue
        if isinstance(piece, Delimiter):
            del elements[len(elements) - len(piece.closes) :]
            if piece.length:
                _take(piece.char * piece.length, taken, elements, _continues(piece, last))
            for _ in piece.opens:
                _enter(elements)
        elif piece.kind == LINK_OPEN:
            _enter(elements)
        elif piece.kind == LINK_CLOSE:
            elements.pop()
        else:
            _take(_plain(piece), taken, elements, piece.kind == BRACKET and _continues(piece, last))
        last = piece
    return resolve_names("".join(taken))


def _continues(piece: Piece, last: Piece | None) -> bool:
    """Whether what is left of a mark belongs to the text before it."""
    return last is not None and last.kind == TEXT and last.stop == piece.start


def _enter(elements: list[_Element]) -> None:
    counts = elements[-1].takes() if elements else True
    if elements:
        elements[-1].parts += 1
    elements.append(_Element(counts))


def _take(text: str, taken: list[str], elements: list[_Element], continued: bool) -> None:
    if not elements:
        taken.append(text)
        return
    inside = elements[-1]
    if inside.takes() or (continued and inside.counts and inside.parts == 1):
        taken.append(text)
    if not continued:
        inside.parts += 1


def _plain(piece: Piece) -> str:
    if piece.kind in (TEXT, BRACKET):
        return piece.text + ("\n" if piece.line_break else "")
    if piece.kind in (VERBATIM, CODE):
        return piece.text
    if piece.kind == EMOJI:
        return piece.text
    if piece.kind == RAW:
        return _TAG.sub("", piece.text).strip()
    return ""


def contents_title(pieces: list[Piece], options: Options) -> str:
    """A heading's text for a contents list: no links, no footnote marks, only harmless tags."""
    html = inline_html([piece for piece in pieces if piece.kind != FOOTNOTE], options)
    if "<" not in html:
        return html
    return _SPACE.sub(" ", _ANY_TAG.sub(_harmless, html).strip())


def _harmless(match: re.Match[str]) -> str:
    name = (match.group(1) or "").lower()
    return match.group() if name in _LIST_TAGS else ""


def _join_cjk_lines(pieces: list[Piece], options: Options) -> None:
    """Takes away the line breaks between lines of Chinese or Japanese text."""
    for piece, following in zip(pieces, [*pieces[1:], None], strict=False):
        if piece.kind == TEXT and piece.line_break == "soft" and piece.text:
            after = _first_char(following)
            if not after or _is_joined(piece.text[-1], after, options.cjk_line_breaks):
                piece.line_break = "none"


def _first_char(piece: Piece | None) -> str:
    """The character that follows a line break, if it is one of text."""
    if isinstance(piece, Delimiter):
        return piece.char if piece.length and not piece.closes else ""
    return piece.text[:1] if piece and piece.kind in (TEXT, BRACKET) else ""


def _is_joined(before: str, after: str, style: str) -> bool:
    if style == "simple":
        return _is_east_asian(before) and _is_east_asian(after)
    if "\u200b" in (before, after):
        return True
    if {unicodedata.east_asian_width(before), unicodedata.east_asian_width(after)} <= {"F", "W", "H"}:
        return not (_is_hangul(before) or _is_hangul(after))
    return any(is_plain_punctuation(char) or _discards_space(char) for char in (before, after))


def _is_east_asian(char: str) -> bool:
    name = unicodedata.name(char, "")
    return name.startswith(_EAST_ASIAN) or unicodedata.category(char) == "Lm" or "\u3000" <= char <= "\u303f"


def _is_hangul(char: str) -> bool:
    return unicodedata.name(char, "").startswith("HANGUL")


def _discards_space(char: str) -> bool:
    return unicodedata.east_asian_width(char) in "FW" and not _is_hangul(char)
