"""Which line of the source each block comes from, so that a preview can scroll in step with its text."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable, Sequence

from markdown_it.token import Token

from blog.rendering.shortcodes import PLACEHOLDER, Call

ATTRIBUTE = "data-line"
LineOf = Callable[[int], int]


def mark_lines(tokens: Sequence[Token], line_of: LineOf) -> None:
    """Writes its line at each block. A paragraph of nothing but a shortcode is left alone: it gives way to it."""
    for token, following in zip(tokens, [*tokens[1:], None], strict=False):
        if token.nesting != 1 or token.hidden or token.map is None:
            continue
        if following is not None and PLACEHOLDER.search(following.content):
            continue
        token.attrSet(ATTRIBUTE, str(line_of(token.map[0])))


def line_finder(parts: Sequence[str | Call], written: Sequence[str], source: str) -> LineOf:
    """From a line of the Markdown to the source's. ``parts`` are what the source was cut into at its shortcodes,
    ``written`` what stands in the Markdown for each of them. Lines are counted from 0."""
    here, line = [], source.count("\n")
    for part in reversed(parts):
        line = part.line - 1 if isinstance(part, Call) else line - part.count("\n")
        here.append(line)
    here.reverse()
    there, line = [], 0
    for text in written:
        there.append(line)
        line += text.count("\n")

    def line_of(line: int) -> int:
        index = bisect_right(there, line) - 1
        return max(0, here[index] + line - there[index]) if index >= 0 else line

    return line_of
