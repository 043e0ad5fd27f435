"""Headings: their attributes and ids, and the contents lists made of them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from markdown_it.token import Token

from blog.rendering.attributes import parse_attributes
from blog.rendering.characters import SPACE
from blog.rendering.options import Options
from blog.rendering.records import Heading


def read_attributes(opening: Token, inline: Token) -> None:
    """Moves ``{#id .class}`` from the end of a heading's text into the token that opens it."""
    before, newline, line = inline.content.rpartition("\n")
    found = _last_attributes(line)
    if found:
        start, attributes = found
        opening.attrs = attributes
        inline.content = (before + newline + line[:start]).rstrip(SPACE)


def _last_attributes(line: str) -> tuple[int, dict[str, str | int | float]] | None:
    pos = 0
    while pos < len(line):
        if line[pos] == "\\":
            pos += 2
            continue
        found = parse_attributes(line, pos) if line[pos] == "{" else None
        if found and not line[found[1] :].strip(SPACE):
            return pos, found[0]
        pos += 1
    return None


def strip_closing_hashes(text: str) -> str:
    """``Heading ##`` without the hashes."""
    stripped = text.rstrip("#")
    if not stripped or stripped == text:
        return stripped
    return stripped.rstrip(SPACE) if stripped[-1] in " \t" else text


@dataclass
class _Entry:
    heading: Heading | None = None
    below: list[_Entry] = field(default_factory=list)


def table_of_contents(headings: Iterable[Heading], options: Options) -> str:
    """As Hugo's .TableOfContents: levels that are skipped show as empty items."""
    lines = _list_lines(_tree(headings), 1, options)
    return '<nav id="TableOfContents">' + "".join(lines) + "</nav>"


def _tree(headings: Iterable[Heading]) -> list[_Entry]:
    rows: list[_Entry] = []
    for heading in headings:
        if heading.level == 1 or not rows:
            rows.append(_Entry())
        if heading.level == 1:
            rows[-1] = _Entry(heading)
            continue
        entry = rows[-1]
        for _ in range(heading.level - 2):
            if not entry.below:
                entry.below.append(_Entry())
            entry = entry.below[-1]
        entry.below.append(_Entry(heading))
    return rows


def _list_lines(entries: Sequence[_Entry], level: int, options: Options) -> list[str]:
    if level < options.toc_start:
        return [line for entry in entries for line in _list_lines(entry.below, level + 1, options)]
    if not entries or (options.toc_end != -1 and level > options.toc_end):
        return []
    tag = "ol" if options.toc_ordered else "ul"
    lines = [f"\n<{tag}>\n"]
    for entry in entries:
        lines += ["<li>", _link(entry.heading), *_list_lines(entry.below, level + 1, options), "</li>\n"]
    return [*lines, f"</{tag}>\n"]


def _link(heading: Heading | None) -> str:
    if heading is None or not (heading.id or heading.html):
        return ""
    return f'<a href="#{heading.id}">{heading.html}</a>'


def contents_list(headings: Sequence[Heading], start: int | None = None, end: int | None = None) -> str:
    """Nested ordered lists of the headings that have an id; "" without any.

    ``start`` and ``end`` are levels; by default three levels from the shallowest on.
    """
    linked = [heading for heading in headings if heading.id]
    if start is None:
        start = min((heading.level for heading in linked), default=1)
    if end is None:
        end = start + 2
    shown = [heading for heading in linked if start <= heading.level <= end]
    return _nested(shown)


def _nested(headings: Sequence[Heading]) -> str:
    html: list[str] = []
    open_levels: list[int] = []
    for heading in headings:
        while open_levels and heading.level < open_levels[-1] and len(open_levels) > 1:
            if heading.level > open_levels[-2]:
                break
            html.append("</li></ol>")
            open_levels.pop()
        if not open_levels or heading.level > open_levels[-1]:
            html.append("<ol>")
            open_levels.append(heading.level)
        else:
            html.append("</li>")
        html.append(f'<li><a href="#{heading.id}">{heading.html}</a>')
    return "".join(html) + "</li></ol>" * len(open_levels)
