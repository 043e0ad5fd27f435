"""Hugo's .Summary: up to the divider ``<!--more-->``, or as many whole paragraphs as it takes."""

from __future__ import annotations

import re

from blog.rendering.text import strip_tags

DIVIDER = "<!--more-->"
MARK = "HUGOMORE42"  # stands for the divider while Markdown is read
_DIVIDER = re.compile(re.escape(DIVIDER) + r"[ \t\n\v\f\r]*")
_PARAGRAPH_START = re.compile(r"<p[^>]*?>$")
_OTHER_START = re.compile(r"<p[^>]?>|<div[^>]*>?$")
_TOKEN = re.compile(r"""^(?:>|</?[A-Za-z]+>?|[A-Za-z]+=["'].*)$""", re.S)
_TAG = re.compile(r"<(/)?([a-zA-Z][a-zA-Z0-9-]*)[^<>]*>")
_VOID = frozenset(
    ["area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "track", "wbr"]
)
_LONGEST_TAG = 2_000


def mark_divider(source: str) -> str:
    """The source with the first divider as a paragraph of its own."""
    return _DIVIDER.sub(f"\n\n{MARK}\n\n", source, count=1)


def split_at_divider(html: str) -> tuple[str, str]:
    """The whole text without the mark, and the part before it."""
    low = html.index(MARK)
    high = low + len(MARK)
    start, mixed = _paragraph_start(html, low)
    end = html.find("</p>", high)
    end = len(html) if end < 0 else end + 4
    if mixed:  # text before the mark in its own paragraph: what closes it is kept
        after = high
        summary = html[:start] + html[high:end]
    else:
        after = end
        summary = html[:start]
    if html.startswith("\n", after):
        after += 1
    return (html[:start] + html[after:]).strip(), summary.strip()


def _paragraph_start(html: str, low: int) -> tuple[int, bool]:
    """Where the mark's paragraph begins, or the mark itself if other text stands before it."""
    pos = low - 1
    while pos >= 0:
        if html[pos] == ">":
            head = html[max(0, pos + 1 - _LONGEST_TAG) : pos + 1]
            if found := _PARAGRAPH_START.search(head):
                return pos + 1 - len(found.group()), False
        if not html[pos].isspace():
            return low, True
        pos -= 1
    return low, False


def automatic_summary(html: str, length: int, has_cjk: bool) -> str:
    """The paragraphs from the beginning until ``length`` words are reached, and what encloses the last."""
    if length <= 0:
        return html.strip()
    count = position = 0
    while (end := html.find("</p>", position)) >= 0:
        for word in html[position : end - 1].split():
            count += _weight(word, has_cjk)
            if count >= length:
                return html[: _enclosing_end(html, end + 4)].strip()
        position = end + 3
    return html.strip()


def _weight(word: str, has_cjk: bool) -> int:
    if _TOKEN.match(word):
        return 0
    if not has_cjk:
        return 1
    word = strip_tags(word)
    return 1 if word.isascii() else len(word)


def _enclosing_end(html: str, cut: int) -> int:
    """The end of the list, quotation or other element in which ``cut`` lies; ``cut`` if it is in none."""
    open_names: list[str] = []
    for tag in _TAG.finditer(html):
        if tag.start() >= cut and not open_names:
            return cut
        name = tag.group(2).lower()
        if name in _VOID:
            continue
        if not tag.group(1):
            open_names.append(name)
        elif name in open_names:
            while open_names.pop() != name:
                pass
            if tag.start() >= cut and not open_names:
                return tag.end()
    return cut
