"""The inline half of Goldmark: goes through a block's text and cuts it into pieces."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from functools import lru_cache

from blog.rendering import links, spans
from blog.rendering.characters import PUNCTUATION, SPACE
from blog.rendering.delimiters import match_delimiters
from blog.rendering.linkify import START
from blog.rendering.options import Options
from blog.rendering.pieces import BRACKET, LABEL, Piece
from blog.rendering.scanner import Block, Scanner

Handler = Callable[[Scanner, int, int], int]  # (scanner, position, end of line) -> new position or -1
Handlers = dict[str, tuple[Handler, ...]]

_PUNCTUATION = frozenset(PUNCTUATION)
_MARKS = {"'": "'", '"': '"', "-": "--", ".": r"\.\.\.", "<": "<<", ">": ">>"}


@lru_cache(maxsize=64)
def _handlers(options: Options) -> Handlers:
    """For each character the functions that may make something of it, in Goldmark's order."""
    table: dict[str, list[Handler]] = {}

    def add(chars: str, handler: Handler, wanted: bool = True) -> None:
        for char in chars if wanted else "":
            table.setdefault(char, []).append(handler)

    add("[", spans.checkbox, options.task_list)
    add("`", spans.code)
    add("![", spans.footnote, options.footnote)
    add("![]", links.link)
    add(spans.passthrough_chars(options), spans.passthrough, options.passthrough)
    add("<", spans.autolink)
    add("<", spans.raw_html)
    for char, handler in spans.runs(options):
        add(char, handler)
    add(" *_~(", spans.bare_link, options.linkify)
    add(":", spans.emoji, options.emoji)
    add("".join(_MARKS), spans.typography, options.typographer)
    return {char: tuple(handlers) for char, handlers in table.items()}


@lru_cache(maxsize=64)
def _triggers(options: Options) -> re.Pattern[str]:
    """Finds the next place in a line at which a handler could do something."""
    chars = {char: re.escape(char) for char in _handlers(options)}
    only_marks = [char for char in _MARKS if _handlers(options).get(char) == (spans.typography,)]
    chars |= {char: _MARKS[char] for char in only_marks}
    if _handlers(options).get("(") == (spans.bare_link,):
        chars["("] = rf"\((?={START})"
    if _handlers(options).get(":") == (spans.emoji,):
        chars[":"] = r":(?=[\w+-]+:)"
    if " " in chars:
        chars[" "] = rf"[ \t\v\f\r](?={START})"
    chars["\\"] = r"\\"
    return re.compile("|".join(chars.values()))


def parse_inline(src: str, block: Block) -> list[Piece]:
    """The pieces of one block's text, lines joined by newlines and without leading space."""
    scanner = Scanner(src, block)
    handlers, triggers = _handlers(block.options), _triggers(block.options)
    pos = 0
    while pos < len(src):
        line_end = src.find("\n", pos) + 1 or len(src)
        pos = _parse_line(scanner, pos, line_end, handlers, triggers)
    match_delimiters(scanner.pieces, 0)
    for piece in scanner.pieces:
        if piece.kind == LABEL:
            piece.kind = BRACKET
    return scanner.pieces


def _parse_line(
    scanner: Scanner, start: int, line_end: int, handlers: Handlers, triggers: re.Pattern[str]
) -> int:
    """Reads up to and with the first piece that is not text, or to the end of the line."""
    src = scanner.src
    limit, line_break = _line_break(src[start:line_end], line_end)
    text_start = start
    for pos in _stops(src, start, limit, triggers):
        tried = handlers.get(src[pos] if src[pos] in _PUNCTUATION else " ", ())
        if tried and pos > text_start:
            scanner.add_text(src[text_start:pos], text_start)
            text_start = pos
        for handler in tried:
            end = handler(scanner, pos, line_end)
            if end >= 0:
                return end
    text = src[text_start:limit]
    scanner.end_line(text if line_break == "backslash" else text.rstrip(SPACE), text_start, line_break)
    return line_end


def _line_break(line: str, line_end: int) -> tuple[int, str]:
    """Where the text of the line ends, and the kind of line break that follows it."""
    if not line.endswith("\n"):
        return line_end, ""
    if line.endswith("\\\n") and not line.endswith("\\\\\n"):
        return line_end - 2, "backslash"
    if line.endswith("  \n"):
        return line_end - 3, "hard"
    return line_end - 1, "soft"


def _stops(src: str, start: int, limit: int, triggers: re.Pattern[str]) -> Iterator[int]:
    """The beginning, and then each place where a handler could do something."""
    pos = start
    if pos < limit:
        yield pos
        pos += _width(src, pos)
    while found := triggers.search(src, pos, limit):
        yield found.start()
        pos = found.start() + _width(src, found.start())


def _width(src: str, pos: int) -> int:
    """A backslash takes the mark after it along."""
    return 2 if src[pos] == "\\" and src[pos + 1 : pos + 2] in _PUNCTUATION else 1
