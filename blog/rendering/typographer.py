"""Straight quotes, dashes and dots made typographic, by Goldmark's rules.

The rules look at one line at a time, and at how many quotes are open. That count goes on from block to
block: an opened quote may be closed paragraphs later.
"""

from __future__ import annotations

from dataclasses import dataclass

from blog.rendering.characters import PUNCTUATION, is_digit, is_plain_punctuation, is_punctuation
from blog.rendering.delimiters import flanking

_SPACE = " \t\n\r\v\f"
_MARKS = (("---", "emdash"), ("--", "endash"), ("...", "ellipsis"), ("<<", "leftanglequote"))
_MARKS_BY_CHAR = {
    "-": _MARKS[:2],
    ".": _MARKS[2:3],
    "<": _MARKS[3:],
    ">": ((">>", "rightanglequote"),),
}


@dataclass(slots=True)
class OpenQuotes:
    single: int = 0
    double: int = 0


def mark_at(line: str) -> tuple[str, str] | None:
    """The dash, ellipsis or angle quote that the line begins with, and its name."""
    return next((mark for mark in _MARKS_BY_CHAR.get(line[:1], ()) if line.startswith(mark[0])), None)


def quote_at(line: str, before: str, quotes: OpenQuotes) -> str:
    """The name of what the quote at the head of ``line`` becomes; "" if it stays straight.

    ``line`` goes to the end of its line, which it includes; ``before`` is the character in front.
    """
    run = len(line) - len(line.lstrip(line[0]))
    after = line[run] if run < len(line) else " "
    can_open, can_close = flanking(before, after)
    if line[0] == '"':
        return _double(line, before, can_open, can_close, quotes)
    return _single(line, before, can_open, can_close, quotes)


def _double(line: str, before: str, can_open: bool, can_close: bool, quotes: OpenQuotes) -> str:
    if can_open and not can_close:
        quotes.double += 1
        return "leftdoublequote"
    if not quotes.double or not _closes(line, can_open, can_close):
        return ""
    if line[1:2] == '"' and is_digit(before):  # the inches in: "Monitor 21""
        return ""
    quotes.double -= 1
    return "rightdoublequote"


def _single(line: str, before: str, can_open: bool, can_close: bool, quotes: OpenQuotes) -> str:
    opens = can_open and not can_close
    if (opens and _is_decade(line)) or _is_apostrophe(line, before):
        return "apostrophe"
    if opens:
        if _is_contraction(line):
            return "rightsinglequote"
        quotes.single += 1
        return "leftsinglequote"
    # Goldmark counts bytes, so that one character beyond ASCII is enough.
    if len(line[:3].encode("utf-8", "replace")) > 2 and not is_digit(line[1]):
        return "rightsinglequote"
    if quotes.single and _closes(line, can_open, can_close):
        quotes.single -= 1
        return "rightsinglequote"
    return ""


def _closes(line: str, can_open: bool, can_close: bool) -> bool:
    if not can_close:
        return False
    if not can_open:
        return True
    if len(line) < 2 or not line[1].isascii() or not is_plain_punctuation(line[1]):
        return False
    return len(line) == 2 or _is_mark(line[2]) or line[2] in _SPACE


def _is_mark(char: str) -> bool:
    return char in PUNCTUATION


def _is_decade(line: str) -> bool:
    """'90s"""
    if len(line) < 4 or not (line[1:3].isascii() and line[1:3].isdigit() and line[3] == "s"):
        return False
    after = line[4] if len(line) > 4 else " "
    return after.isspace() or is_punctuation(after)


def _is_apostrophe(line: str, before: str) -> bool:
    """'twas, 'em, and any that stands between letters or digits"""
    if len(line) < 2:
        return False
    if before.isspace() or is_plain_punctuation(before):
        return line[1] in "tenl"
    return (before.isalpha() or is_digit(before)) and line[1].isalpha()


def _is_contraction(line: str) -> bool:
    """'s, 'm, 't, 'd and 've, 'll, 're at the end of a word"""
    for ending in ("s", "m", "t", "d", "ve", "ll", "re"):
        if line.startswith(ending, 1):
            after = line[1 + len(ending) : 2 + len(ending)]
            if not after or _is_mark(after) or after in _SPACE:
                return True
    return False
