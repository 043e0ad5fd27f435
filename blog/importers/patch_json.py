"""Where values stand in JSON, and how to write one there."""

import json
import re
from collections.abc import Iterable, Iterator
from typing import Any

from blog.importers.patch_places import Place, newline_of, relist, replaced

DECODER = json.JSONDecoder()
BLANK = re.compile(r"[ \t\r\n]*")


class Json:
    def find(self, inner: str, path: tuple[str, ...]) -> Place | None:
        start, place = 0, None
        for key in path:
            place = None
            if not inner.startswith("{", start):
                return None
            for name, member in _members(inner, start):
                if name.lower() == key.lower():
                    place = member
            if place is None:
                return None
            start = place.start
        return place

    def with_value(self, inner: str, path: tuple[str, ...], value: Any) -> Iterable[str]:
        place = self.find(inner, path)
        if place is None:
            if len(path) == 1:
                yield from self.with_new(inner, path[0], value, style=inner)
            return

        def write(item: Any, like: str) -> str:
            return _write(item, inner)

        if isinstance(value, list) and value and place.items:
            old = [json.loads(inner[start:end]) for start, end in place.items]
            yield replaced(inner, place, relist(inner, place, old, value, write))
        yield replaced(inner, place, _write(value, inner))

    def with_new(self, inner: str, key: str, value: Any, style: str = "") -> Iterable[str]:
        """Before the last member, so that no other line gets a comma."""
        members, newline = list(_members(inner, 0)), newline_of(inner)
        shown = f"{json.dumps(key, ensure_ascii=False)}: {_write(value, style)}"
        if inner == "{\n}" or (not members and style):
            yield f"{{{newline}{_indent(style)}{shown}{newline}}}"
        elif not members:
            yield f"{{{shown}}}"
        elif not style or style != inner:
            last = members[-1][1]
            yield f"{inner[: last.end]},{newline}{_indent(style)}{shown}{inner[last.end :]}"
        else:
            first = members[-1][1].first
            lead = inner[inner.rindex("\n", 0, first) : first] if "\n" in inner[:first] else " "
            lead = lead if not lead.strip() else " "
            lead = newline + lead[1:] if lead.startswith("\n") else lead
            yield f"{inner[:first]}{shown},{lead}{inner[first:]}"

    def without(self, inner: str, path: tuple[str, ...]) -> Iterable[str]:
        place = self.find(inner, path)
        if place:
            behind = BLANK.match(inner, place.end).end()
            if inner.startswith(",", behind):
                yield inner[: place.first] + inner[BLANK.match(inner, behind + 1).end() :]
            before = inner[: place.first].rstrip()
            yield before.removesuffix(",") + inner[place.end :]


def _members(text: str, start: int) -> Iterator[tuple[str, Place]]:
    position = start + 1
    while True:
        position = BLANK.match(text, position).end()
        if not text.startswith('"', position):
            return
        name, end = DECODER.raw_decode(text, position)
        begin = BLANK.match(text, text.index(":", end) + 1).end()
        _value, value_end = DECODER.raw_decode(text, begin)
        items = _items(text, begin) if text.startswith("[", begin) else None
        yield name, Place(begin, value_end, begin, position, value_end, items)
        position = BLANK.match(text, value_end).end()
        if not text.startswith(",", position):
            return
        position += 1


def _items(text: str, start: int) -> tuple[tuple[int, int], ...]:
    found, position = [], BLANK.match(text, start + 1).end()
    while not text.startswith("]", position):
        _value, end = DECODER.raw_decode(text, position)
        found.append((position, end))
        position = BLANK.match(text, end).end()
        if text.startswith(",", position):
            position = BLANK.match(text, position + 1).end()
    return tuple(found)


def _indent(style: str) -> str:
    found = re.search(r"\{[ \t]*\r?\n([ \t]*)\"", style)
    return found[1] if found else "  "


def _write(value: Any, inner: str) -> str:
    """Escaped as the rest is: a head in which nothing but ASCII stands stays so."""
    return json.dumps(value, ensure_ascii="\\u" in inner and inner.isascii())
