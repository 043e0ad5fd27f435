"""Block rules that markdown-it lacks or has otherwise than Goldmark: raw HTML, definition lists,
footnote definitions and attribute lines. Each has the signature of a markdown-it block rule."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager

from markdown_it.common.html_blocks import block_names
from markdown_it.rules_block import StateBlock

from blog.rendering.attributes import parse_attributes
from blog.rendering.characters import HTML_ATTRIBUTE, SPACE

_BLOCK_TAGS = frozenset(block_names) | {"meta", "search"}
_NEVER_ALONE = frozenset({"pre", "script", "style"})
_ENCLOSED = (
    (
        re.compile(r"<(?:script|pre|style|textarea)(?:[ \t\n\v\f\r]|/?>|$)", re.I),
        re.compile(r"</(?:script|pre|style|textarea)>", re.I),
    ),
    (re.compile(r"<!--"), re.compile(r"-->")),
    (re.compile(r"<\?"), re.compile(r"\?>")),
    (re.compile(r"<![A-Z]"), re.compile(r">")),
    (re.compile(r"<!\[CDATA\["), re.compile(r"\]\]>")),
)
_WHOLE_TAG = re.compile(rf"<(/ *)?([a-zA-Z]+[a-zA-Z0-9-]*)({HTML_ATTRIBUTE}*) *(?:>|/>) *$")
_BLOCK_TAG = re.compile(r"<(?:/ *)?([a-zA-Z]+[a-zA-Z0-9-]*)(?: |/?>|$)")
_HEADING = re.compile(r"(#{1,6})(?:[ \t\n\v\f\r]+(.*)|())$", re.S)
_NOTE = re.compile(r"\[\^((?:\\[!-/:-@\[-`{-~]|[^\[\]])*)\]:")
_DEFINITION = re.compile(r":[ \t]")


def _line(state: StateBlock, number: int) -> str:
    return state.src[state.bMarks[number] + state.tShift[number] : state.eMarks[number]]


def html_block(state: StateBlock, startLine: int, endLine: int, silent: bool) -> bool:
    """https://spec.commonmark.org/0.31.2/#html-blocks"""
    if state.is_code_block(startLine):
        return False
    line = _line(state, startLine)
    if not line.startswith("<"):
        return False
    closer = next((closer for opener, closer in _ENCLOSED if opener.match(line)), None)
    if closer is None and not _starts_html(line, interrupts=silent):
        return False
    if silent:
        return True
    last = _last_html_line(state, startLine, endLine, closer)
    state.line = last
    token = state.push("html_block", "", 0)
    token.map = [startLine, last]
    token.content = state.getLines(startLine, last, state.blkIndent, True)
    if closer and last > startLine + 1 and closer.search(_line(state, last - 1)):
        token.meta = {"closed": True}
    return True


def _starts_html(line: str, interrupts: bool) -> bool:
    block = _BLOCK_TAG.match(line)
    if block and block.group(1).lower() in _BLOCK_TAGS:
        return True
    whole = _WHOLE_TAG.match(line)
    if whole is None:
        return False
    if whole.group(2).lower() in _BLOCK_TAGS:
        return True
    if whole.group(2).lower() in _NEVER_ALONE:
        return False
    return not interrupts and not (whole.group(1) and whole.group(3))


def _last_html_line(state: StateBlock, startLine: int, endLine: int, closer: re.Pattern[str] | None) -> int:
    """The line after the block's last: up to the closing mark, or to a blank line."""
    for number in range(startLine, endLine):
        if state.sCount[number] < state.blkIndent and number > startLine and not state.isEmpty(number):
            return number
        if closer is None and state.isEmpty(number):
            return number
        if closer is not None and closer.search(_line(state, number)):
            return number + 1
    return endLine


def paragraph(state: StateBlock, startLine: int, endLine: int, silent: bool) -> bool:
    """Text up to a blank line or to what may interrupt it."""
    interrupts = state.md.block.ruler.getRules("paragraph")
    parent, state.parentType = state.parentType, "paragraph"
    number = startLine + 1
    while number < state.lineMax and not state.isEmpty(number):
        if not _continues(state, number) and any(rule(state, number, endLine, True) for rule in interrupts):
            break
        number += 1
    state.parentType = parent
    state.line = number
    content = state.getLines(startLine, number, state.blkIndent, False).strip(SPACE)
    state.push("paragraph_open", "p", 1).map = [startLine, number]
    inline = state.push("inline", "", 0)
    inline.content, inline.map, inline.children = content, [startLine, number], []
    state.push("paragraph_close", "p", -1)
    return True


def _continues(state: StateBlock, number: int) -> bool:
    """Whether a line goes on with the paragraph before it whatever it looks like."""
    count = state.sCount[number]
    if count < 0 or count - state.blkIndent > 3:
        return True
    # Too little indented for the list item; measured from outside the list it is as deep as code.
    return count < state.blkIndent and state.listIndent >= 0 and count - state.listIndent > 3


def heading(state: StateBlock, startLine: int, endLine: int, silent: bool) -> bool:
    """``## Heading``. Closing hashes stay in the content: attributes may stand behind them."""
    if state.is_code_block(startLine):
        return False
    found = _HEADING.match(_line(state, startLine))
    if found is None:
        return False
    if silent:
        return True
    state.line = startLine + 1
    tag = f"h{len(found.group(1))}"
    opening = state.push("heading_open", tag, 1)
    opening.markup, opening.map = found.group(1), [startLine, state.line]
    inline = state.push("inline", "", 0)
    inline.content, inline.children = (found.group(2) or "").strip(SPACE), []
    state.push("heading_close", tag, -1).markup = found.group(1)
    return True


@contextmanager
def _inner(state: StateBlock, line: int, begin: int, start: int, offset: int, indent: int) -> Iterator[None]:
    """An inner block indented by ``indent``. Its first line is the rest of ``line`` from ``begin``; the
    text begins at ``start``, which counts as column ``offset``."""
    mark, shift, count = state.bMarks[line], state.tShift[line], state.sCount[line]
    saved = state.blkIndent, state.parentType, state.tight
    state.bMarks[line], state.tShift[line], state.sCount[line] = begin, start - begin, offset
    state.blkIndent, state.parentType, state.tight = indent, "reference", True
    yield
    state.blkIndent, state.parentType, state.tight = saved
    state.bMarks[line], state.tShift[line], state.sCount[line] = mark, shift, count


def _skip_space(state: StateBlock, line: int, pos: int, column: int) -> tuple[int, int]:
    """The first place from ``pos`` that is not blank, and its column; tabs go to multiples of four."""
    while pos < state.eMarks[line] and state.src[pos] in " \t":
        column += 4 - (column + state.bsCount[line]) % 4 if state.src[pos] == "\t" else 1
        pos += 1
    return pos, column


def footnote_definition(state: StateBlock, startLine: int, endLine: int, silent: bool) -> bool:
    """``[^label]: text`` and what is indented by four below it."""
    if state.is_code_block(startLine):
        return False
    found = _NOTE.match(_line(state, startLine))
    if found is None or not found.group(1).strip(SPACE):
        return False
    if silent:
        return True
    begin = state.bMarks[startLine] + state.tShift[startLine] + found.end()
    start, column = _skip_space(state, startLine, begin, state.sCount[startLine] + found.end())
    opening = state.push("footnote_open", "li", 1)
    opening.meta = {"label": found.group(1)}
    indent = state.blkIndent + 4
    gap = column - state.sCount[startLine] - found.end()
    with _inner(state, startLine, begin, start, indent + gap, indent):
        if start >= state.eMarks[startLine]:
            state.line = startLine + 1
            state.md.block.tokenize(state, startLine + 1, endLine)
        else:
            state.md.block.tokenize(state, startLine, endLine)
    state.push("footnote_close", "li", -1)
    return True


def definition(state: StateBlock, startLine: int, endLine: int, silent: bool) -> bool:
    """``: text`` after a paragraph, whose lines become the terms, or after another definition."""
    if not _DEFINITION.match(_line(state, startLine)):
        return False
    around = state.env.setdefault("definitions", [])  # indents of the lists that the line may lie in
    if silent:
        return state.sCount[startLine] in (state.blkIndent, *around)
    if state.sCount[startLine] != state.blkIndent:
        return False
    if not _open_list(state):
        return False
    begin = state.bMarks[startLine] + state.tShift[startLine] + 1
    column = state.sCount[startLine] + 1
    start, offset = _skip_space(state, startLine, begin, column)
    width = offset - column if start < state.eMarks[startLine] else 1
    indent = column + (width if width < 8 else 4)
    opening = state.push("dd_open", "dd", 1)
    opening.map = [startLine, startLine]
    first = len(state.tokens)
    around.append(state.blkIndent)
    with _inner(state, startLine, state.bMarks[startLine], start, offset, indent):
        state.md.block.tokenize(state, startLine, endLine)
    around.pop()
    if startLine == 0 or not state.isEmpty(startLine - 1):
        _hide_paragraph(state, first)
    state.push("dd_close", "dd", -1)
    state.push("dl_close", "dl", -1)
    return True


def _open_list(state: StateBlock) -> bool:
    """Makes the terms of the paragraph before, or opens again the list that has just ended."""
    tokens = state.tokens
    if not tokens or tokens[-1].level != state.level:
        return False
    if tokens[-1].type == "dl_close":
        tokens.pop()
        state.level += 1
        return True
    if tokens[-1].type != "paragraph_close":
        return False
    terms = tokens[-2].content.split("\n")
    del tokens[-3:]
    if tokens and tokens[-1].type == "dl_close" and tokens[-1].level == state.level:
        tokens.pop()
        state.level += 1
    else:
        state.push("dl_open", "dl", 1)
    for term in terms:
        state.push("dt_open", "dt", 1)
        inline = state.push("inline", "", 0)
        inline.content, inline.children = term.strip(SPACE), []
        state.push("dt_close", "dt", -1)
    return True


def _hide_paragraph(state: StateBlock, first: int) -> None:
    """A definition that follows its term at once has its first paragraph without a tag."""
    for opening in state.tokens[first:]:
        if opening.level != state.level:
            continue
        opening.hidden = opening.type in ("paragraph_open", "paragraph_close") or opening.hidden
        if opening.type == "paragraph_close":
            return


def attribute_line(state: StateBlock, startLine: int, endLine: int, silent: bool) -> bool:
    """``{.class key="value"}`` on a line of its own, for the block before it."""
    if state.is_code_block(startLine):
        return False
    line = _line(state, startLine)
    found = parse_attributes(line) if line.startswith("{") else None
    if found is None:
        return False
    if not silent:
        token = state.push("attributes", "", 0)
        follows = startLine > 0 and not state.isEmpty(startLine - 1)
        token.meta = {"attributes": found[0] if follows else {}}
        token.hidden = True
        state.line = startLine + 1
    return True
