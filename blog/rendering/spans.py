"""Inline constructs other than links. Each function looks at one place in the text and either adds a
piece and returns the place after it, or returns -1."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from functools import partial

from blog.rendering.characters import HTML_ATTRIBUTE, SPACE
from blog.rendering.delimiters import scan_run
from blog.rendering.emoji import emoji_by_name
from blog.rendering.linkify import START, find_link
from blog.rendering.options import Options
from blog.rendering.pieces import (
    AUTOLINK,
    CHECKBOX,
    CODE,
    EMOJI,
    FOOTNOTE,
    PASSTHROUGH,
    RAW,
    TEXT,
    VERBATIM,
    Piece,
)
from blog.rendering.scanner import Scanner
from blog.rendering.typographer import mark_at, quote_at

Handler = Callable[[Scanner, int, int], int]

_CHECKBOX = re.compile(r"\[([\sxX])\]\s*", re.A)
_BACKTICKS = re.compile(r"`+")
_FOOTNOTE = re.compile(r"!?.?\^((?:\\[!-/:-@\[-`{-~]|[^\[\]\n])*)\]")
_AUTOLINK_MAIL = re.compile(
    r"<([a-zA-Z0-9.!#$%&'*+/=?^_`{|}~-]+@[a-zA-Z0-9](?:[a-zA-Z0-9-]{0,61}[a-zA-Z0-9])?"
    r"(?:\.[a-zA-Z0-9](?:[a-zA-Z0-9-]{0,61}[a-zA-Z0-9])?)*)>"
)
_AUTOLINK_URL = re.compile(r"<([A-Za-z][A-Za-z0-9.+-]{1,31}:[^<>\x00-\x20]*)>")
_EMOJI = re.compile(r":([A-Za-z0-9_+-]+):")

_OPEN_TAG = re.compile(rf"<[A-Za-z][A-Za-z0-9-]*{HTML_ATTRIBUTE}*[ \t\r\n]*/?>")
_CLOSE_TAG = re.compile(r"</[A-Za-z][A-Za-z0-9-]*[ \t\r\n]*>")
_EMPTY_COMMENTS = ("<!-->", "<!--->")
_ENCLOSED = (("<!--", "-->"), ("<?", "?>"), ("<![CDATA[", "]]>"))
_DECLARATION = re.compile(r"<![A-Z]")
_LINK_START = re.compile(START)
_QUOTE_WINDOW = 64  # more of the line than any rule on quotes looks at


def checkbox(scanner: Scanner, pos: int, line_end: int) -> int:
    """``[ ]`` or ``[x]`` at the head of a list item."""
    if pos or not scanner.block.starts_list_item:
        return -1
    found = _CHECKBOX.match(scanner.src, pos, line_end)
    if found is None:
        return -1
    scanner.pieces.append(Piece(CHECKBOX, found.group(1), start=pos, stop=found.end()))
    return found.end()


def code(scanner: Scanner, pos: int, line_end: int) -> int:
    src = scanner.src
    opener = _BACKTICKS.match(src, pos, line_end)
    if opener is None:
        return -1
    ticks = opener.group()
    if ticks not in scanner.hopeless:
        for closer in _BACKTICKS.finditer(src, opener.end()):
            if len(closer.group()) == len(ticks):
                content = _code_text(src[opener.end() : closer.start()], scanner.block.in_table)
                scanner.pieces.append(Piece(CODE, content, start=pos, stop=closer.end()))
                return closer.end()
        scanner.hopeless.add(ticks)
    scanner.add_text(ticks, pos)
    return opener.end()


def _code_text(content: str, in_table: bool) -> str:
    content = content.replace("\n", " ")
    if in_table:
        content = content.replace("\\|", "|")
    if content.strip(SPACE) and content[0] == " " and content[-1] == " ":
        content = content[1:-1]
    return content


def footnote(scanner: Scanner, pos: int, line_end: int) -> int:
    """``[^label]`` where a note with that label exists; ``![^label]`` keeps its ``!``."""
    notes = scanner.block.notes
    if not notes.labels:
        return -1
    found = _FOOTNOTE.match(scanner.src, pos, line_end)
    if found is None or found.group(1) not in notes.labels or "^" not in scanner.src[pos + 1 : pos + 3]:
        return -1
    if scanner.src[pos] == "!":
        scanner.add_text("!", pos)
    number, mention = notes.mention(found.group(1))
    scanner.pieces.append(Piece(FOOTNOTE, start=pos, stop=found.end(), number=number, mention=mention))
    return found.end()


def autolink(scanner: Scanner, pos: int, line_end: int) -> int:
    """``<https://example.org/>`` and ``<someone@example.org>``"""
    mail = _AUTOLINK_MAIL.match(scanner.src, pos, line_end)
    found = mail or _AUTOLINK_URL.match(scanner.src, pos, line_end)
    if found is None:
        return -1
    text = found.group(1)
    url = "mailto:" + text if mail else text
    scanner.pieces.append(Piece(AUTOLINK, text, start=pos, stop=found.end(), url=url))
    return found.end()


def raw_html(scanner: Scanner, pos: int, line_end: int) -> int:
    end = _html_end(scanner, pos)
    if end >= 0:
        scanner.pieces.append(Piece(RAW, scanner.src[pos:end], start=pos, stop=end))
    return end


def _html_end(scanner: Scanner, pos: int) -> int:
    src = scanner.src
    following = src[pos + 1 : pos + 2]
    if following.isalnum():
        found = _OPEN_TAG.match(src, pos)
        return found.end() if found else -1
    if following == "/":
        found = _CLOSE_TAG.match(src, pos)
        return found.end() if found else -1
    for comment in _EMPTY_COMMENTS:
        if src.startswith(comment, pos):
            return pos + len(comment)
    for opener, closer in _ENCLOSED:
        if src.startswith(opener, pos):
            return _end_of(scanner, pos + len(opener), closer)
    return _end_of(scanner, pos, ">") if _DECLARATION.match(src, pos) else -1


def _end_of(scanner: Scanner, pos: int, closer: str) -> int:
    if closer in scanner.hopeless:
        return -1
    found = scanner.src.find(closer, pos)
    if found < 0:
        scanner.hopeless.add(closer)
        return -1
    return found + len(closer)


def runs(options: Options) -> Iterator[tuple[str, Handler]]:
    """The characters whose runs may become tags, in the order in which they are tried."""
    if "delete" in options.extras:
        yield "~", partial(_run, tag="del", shortest=2)
    yield "*", _emphasis
    yield "_", _emphasis
    if options.strikethrough:
        yield "~", partial(_run, tag="del")
    if "insert" in options.extras:
        yield "+", partial(_run, tag="ins", shortest=2)
    if "mark" in options.extras:
        yield "=", partial(_run, tag="mark", shortest=2)
    if "superscript" in options.extras:
        yield "^", partial(_run, tag="sup")
    if "subscript" in options.extras:
        yield "~", partial(_run, tag="sub")


def _emphasis(scanner: Scanner, pos: int, line_end: int) -> int:
    run = scan_run(scanner.src, pos, line_end, scanner.before(pos))
    scanner.pieces.append(run)
    return run.stop


def _run(scanner: Scanner, pos: int, line_end: int, tag: str, shortest: int = 1) -> int:
    src, before = scanner.src, scanner.before(pos)
    # x^-1^ is meant as a superscript, although a mark follows the "^".
    after = "z" if tag == "sup" and src[pos + 1 : pos + 2] in ("+", "-", "'") else None
    run = scan_run(src, pos, line_end, before, after)
    if not shortest <= run.length <= 2 or before == src[pos]:
        return -1
    run.tag = tag
    scanner.pieces.append(run)
    return run.stop


def bare_link(scanner: Scanner, pos: int, line_end: int) -> int:
    if scanner.labels:  # Goldmark makes none after an open "["
        return -1
    src = scanner.src
    start = pos + 1 if src[pos] in " *_~(" else pos
    if not _LINK_START.match(src, start, line_end):
        return -1
    found = find_link(src[start:line_end], scanner.block.options.linkify_protocol)
    if found is None:
        return -1
    if start > pos:
        scanner.add_text(src[pos], pos)
    end = start + len(found.text)
    scanner.pieces.append(Piece(AUTOLINK, found.text, start=start, stop=end, url=found.url))
    return end


def emoji(scanner: Scanner, pos: int, line_end: int) -> int:
    found = _EMOJI.match(scanner.src, pos, line_end)
    if found is None or found.group(1) not in emoji_by_name():
        return -1
    scanner.pieces.append(Piece(EMOJI, found.group(1), start=pos, stop=found.end()))
    return found.end()


def typography(scanner: Scanner, pos: int, line_end: int) -> int:
    line = scanner.src[pos : min(line_end, pos + _QUOTE_WINDOW)]
    if line[0] in "'\"":
        name, size = quote_at(line, scanner.before(pos), scanner.block.quotes), 1
    else:
        mark = mark_at(line)
        name, size = (mark[1], len(mark[0])) if mark else ("", 0)
    if not name:
        return -1
    text = dict(scanner.block.options.typography).get(name, "")
    scanner.pieces.append(Piece(VERBATIM, text, start=pos, stop=pos + size))
    return pos + size


def passthrough_chars(options: Options) -> str:
    firsts = {opener[0] for opener, _ in _delimiters(options)}
    return "".join(sorted(firsts | {"\\"}))


def _delimiters(options: Options) -> list[tuple[str, str]]:
    return [*options.passthrough_block, *options.passthrough_inline]


def passthrough(scanner: Scanner, pos: int, line_end: int) -> int:
    """Text between configured marks, such as formulas, that is passed on as it is."""
    src, pairs = scanner.src, _delimiters(scanner.block.options)
    pair = next((pair for pair in pairs if src.startswith(pair[0], pos, line_end)), None)
    if pair is None:
        return _escaped_opener(scanner, pos, line_end, pairs)
    start = pos + len(pair[0])
    closer = src.find(pair[1], start)
    if closer < 0:
        scanner.add_text(pair[0], pos)
        return start
    if closer == start:
        return -1
    end = closer + len(pair[1])
    block = pair in scanner.block.options.passthrough_block
    scanner.pieces.append(Piece(PASSTHROUGH, src[pos:end], start=pos, stop=end, url="block" if block else ""))
    return end


def _escaped_opener(scanner: Scanner, pos: int, line_end: int, pairs: list[tuple[str, str]]) -> int:
    if not scanner.src.startswith("\\\\", pos, line_end):
        return -1
    pair = next((pair for pair in pairs if scanner.src.startswith(pair[0], pos + 2, line_end)), None)
    if pair is None:
        return -1
    end = pos + 2 + len(pair[0])
    scanner.pieces.append(Piece(TEXT, scanner.src[pos:end], start=pos, stop=end))
    return end
