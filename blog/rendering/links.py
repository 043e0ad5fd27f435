"""Links and images: ``[text](address "title")``, ``[text][reference]`` and ``![…]``.

https://spec.commonmark.org/0.31.2/#links
"""

from __future__ import annotations

import re

from markdown_it.common.utils import normalizeReference

from blog.rendering.characters import SPACE, resolve
from blog.rendering.delimiters import match_delimiters
from blog.rendering.pieces import BRACKET, IMAGE, LABEL, LINK_CLOSE, LINK_OPEN, Piece
from blog.rendering.scanner import Scanner

_SPACES = re.compile(r"[ \t\n\v\f\r]*")
_POINTED = re.compile(r"<([^\\>\n]*+(?:\\.[^\\>\n]*+)*+)>")
_LONGEST_LABEL = 999
_DEEPEST_BRACKETS = 32  # keeps a page of open brackets from being read once for each
_BARE_STEP = re.compile(r"\\[!-/:-@\[-`{-~]|[^ \t\n\v\f\r()\\]+|[()\\]")
_CLOSERS = {'"': '"', "'": "'", "(": ")"}
_TITLES = {
    '"': re.compile(r'"((?:\\.|[^\\"])*)"', re.S),
    "'": re.compile(r"'((?:\\.|[^\\'])*)'", re.S),
    "(": re.compile(r"\(((?:\\.|[^\\()])*)\)", re.S),
}
_LABEL_TEXT = re.compile(r"\[((?:\\[!-/:-@\[-`{-~]|\\(?![!-/:-@\[-`{-~])|[^\\\[\]])*)\]")


def link(scanner: Scanner, pos: int, line_end: int) -> int:
    """Opens a label, or closes the last one and makes a link of it."""
    src = scanner.src
    if src[pos] == "]":
        return _close(scanner, pos)
    image = src[pos] == "!"
    if image and not src.startswith("[", pos + 1):
        return -1
    end = pos + 2 if image else pos + 1
    scanner.labels.append(len(scanner.pieces))
    scanner.pieces.append(Piece(LABEL, src[pos:end], start=pos, stop=end, image=image))
    return end


def _close(scanner: Scanner, pos: int) -> int:
    if not scanner.labels:
        return -1
    index = scanner.labels.pop()
    label = scanner.pieces[index]
    found = None
    if label.image or scanner.last_link < index:  # no link in a link
        found = _address(scanner, label, pos)
    if found is None:
        label.kind = BRACKET
        return -1
    url, title, end = found
    _make_link(scanner, index, pos, url, title)
    return end


def _make_link(scanner: Scanner, index: int, pos: int, url: str, title: str | None) -> None:
    pieces = scanner.pieces
    match_delimiters(pieces, index + 1)
    label = pieces[index]
    if label.image:
        image = Piece(
            IMAGE, start=label.start, stop=pos + 1, url=url, title=title, children=pieces[index + 1 :]
        )
        pieces[index:] = [image]
        scanner.last_link = min(scanner.last_link, index)
    else:
        scanner.last_link = index
        pieces[index] = Piece(LINK_OPEN, start=label.start, stop=label.stop, url=url, title=title)
        pieces.append(Piece(LINK_CLOSE, start=pos, stop=pos + 1))


def _address(scanner: Scanner, label: Piece, pos: int) -> tuple[str, str | None, int] | None:
    """Address, title and end of the link whose text ends with the "]" at ``pos``."""
    src = scanner.src
    after = src[pos + 1 : pos + 2]
    if after == "(" and (direct := _direct(src, pos + 2)):
        return direct
    text = src[label.stop : pos]
    end = pos + 1
    if after == "[" and (full := _LABEL_TEXT.match(src, pos + 1)):
        end = full.end()
        if full.group(1).strip(SPACE):
            text = full.group(1)
    return _reference(scanner, text, end)


def _reference(scanner: Scanner, text: str, end: int) -> tuple[str, str | None, int] | None:
    if len(text) > _LONGEST_LABEL or not scanner.block.references:
        return None
    reference = scanner.block.references.get(normalizeReference(text))
    return (reference["href"], reference["title"] or None, end) if reference else None


def _direct(src: str, pos: int) -> tuple[str, str | None, int] | None:
    """What stands between the brackets of ``[text](…)``."""
    pos = _skip_space(src, pos)
    if src.startswith(")", pos):
        return "", None, pos + 1
    destination = parse_destination(src, pos)
    if destination is None:
        return None
    url, pos = destination
    pos = _skip_space(src, pos)
    if src.startswith(")", pos):
        return url, None, pos + 1
    titled = _TITLES[src[pos]].match(src, pos) if src[pos : pos + 1] in _CLOSERS else None
    if titled is None:
        return None
    pos = _skip_space(src, titled.end())
    return (url, resolve(titled.group(1)), pos + 1) if src.startswith(")", pos) else None


def parse_destination(src: str, pos: int) -> tuple[str, int] | None:
    """The address at ``pos``, escapes resolved, and where it ends; None if there is none."""
    if src.startswith("<", pos):
        pointed = _POINTED.match(src, pos) if src.find(">", pos) > 0 else None  # not to the end for each "<"
        return (resolve(pointed.group(1)), pointed.end()) if pointed else None
    end = _bare_end(src, pos)
    return (resolve(src[pos:end]), end) if end > pos else None


def _bare_end(src: str, pos: int) -> int:
    """The end of an address without angle brackets; its round brackets are in pairs."""
    depth = 0
    start = pos
    while step := _BARE_STEP.match(src, pos):
        if step.group() == "(":
            depth += 1
            if depth > _DEEPEST_BRACKETS:
                return start
        elif step.group() == ")":
            depth -= 1
            if depth < 0:
                break
        pos = step.end()
    return pos


def _skip_space(src: str, pos: int) -> int:
    match = _SPACES.match(src, pos)
    return match.end() if match else pos
