"""Where values stand in TOML, and how to write one there."""

import json
import re
import tomllib
from collections.abc import Iterable, Iterator
from typing import Any

from blog.importers.patch_places import DateText, Place, line_end, line_start, newline_of, relist, replaced

KEY_PART = r"(?:[A-Za-z0-9_-]+|\"(?:\\.|[^\"\\\r\n])*\"|'[^'\r\n]*')"
KEY = re.compile(rf"{KEY_PART}(?:[ \t]*\.[ \t]*{KEY_PART})*")
SIGN = re.compile(r"[ \t]*=[ \t]*")
BARE = re.compile(r"[^,\]}#\r\n]+")
BLANK = re.compile(r"(?:[ \t\r\n]+|#[^\r\n]*)*")
HEADER = re.compile(rf"(\[\[?)[ \t]*({KEY.pattern})[ \t]*\]\]?")
QUOTES = ('"""', "'''", '"', "'")


class Toml:
    def find(self, inner: str, path: tuple[str, ...]) -> Place | None:
        wanted = tuple(key.lower() for key in path)
        found = None
        for keys, place in _statements(inner):
            if tuple(key.lower() for key in keys) == wanted:
                found = place
            elif wanted[: len(keys)] == tuple(key.lower() for key in keys) and inner[place.start] == "{":
                found = _in_inline_table(inner, place, wanted[len(keys) :]) or found
        return found

    def with_value(self, inner: str, path: tuple[str, ...], value: Any) -> Iterable[str]:
        place = self.find(inner, path)
        if place is None:
            if len(path) == 1:
                yield from self.with_new(inner, path[0], value, style=inner)
            return
        old = inner[place.start : place.end]
        if isinstance(value, list) and place.items:
            if value:
                texts = [inner[start:end] for start, end in place.items]
                yield replaced(inner, place, relist(inner, place, _items(texts), value, _write))
            else:
                lines = re.fullmatch(
                    r"\[[ \t]*\r?\n[^\r\n]*(\r?\n[ \t]*\])", old
                )  # one item on a line of its own
                yield replaced(inner, place, f"[{lines[1]}" if lines else "[]")
        yield replaced(inner, place, _write(value, old))
        yield replaced(inner, place, _write(value, ""))

    def with_new(self, inner: str, key: str, value: Any, style: str = "") -> Iterable[str]:
        at, newline = _end_of_root(inner), newline_of(inner or style)
        like, sign, indent = "", " = ", ""
        for keys, place in _statements(style):
            first = style[place.first : place.key_end]
            sign, indent = SIGN.search(first)[0], first[: len(first) - len(first.lstrip())]
            if keys[-1].lower() == key.lower() or (not like and style[place.start] in "\"'"):
                like = style[place.start : place.end]
        name = key if re.fullmatch(r"[A-Za-z0-9_-]+", key) else json.dumps(key)
        for text in dict.fromkeys((_write(value, like), _write(value, ""))):
            yield f"{inner[:at]}{indent}{name}{sign}{text}{newline}{inner[at:]}"

    def without(self, inner: str, path: tuple[str, ...]) -> Iterable[str]:
        place = self.find(inner, path)
        if place:
            yield inner[: place.first] + inner[place.last :]


def _statements(text: str) -> Iterator[tuple[tuple[str, ...], Place]]:
    """Every key with its value; keys in tables with the table's name before them."""
    position, table = 0, ()
    while position < len(text):
        position = BLANK.match(text, position).end()
        if header := HEADER.match(text, position):
            is_one_of_many = header[1] == "[["
            table = (*_parts(header[2]), *(["[]"] if is_one_of_many else []))
            position = line_end(text, header.end())
            continue
        key = KEY.match(text, position)
        sign = SIGN.match(text, key.end()) if key else None
        if not sign:
            return
        place = _place(text, position, sign.end())
        yield (*table, *_parts(key[0])), place
        position = place.last


def _place(text: str, first: int, start: int) -> Place:
    end, items = _value_end(text, start)
    return Place(start, end, start, line_start(text, first), line_end(text, end), items)


def _value_end(text: str, start: int) -> tuple[int, tuple[tuple[int, int], ...] | None]:
    """Where a value ends, and where its items stand if it is an array."""
    for quote in QUOTES:
        if text.startswith(quote, start):
            return _string_end(text, start, quote), None
    if text.startswith("[", start):
        return _array_end(text, start)
    if text.startswith("{", start):
        return _table_end(text, start), None
    bare = BARE.match(text, start)
    return (start + len(bare[0].rstrip()) if bare else start), None


def _string_end(text: str, start: int, quote: str) -> int:
    position = start + len(quote)
    while position < len(text):
        if text[position] == "\\" and quote[0] == '"':
            position += 2
        elif text.startswith(quote, position):
            position += len(quote)
            while len(quote) == 3 and text.startswith(
                quote[0], position
            ):  # two quotes may end the text itself
                position += 1
            return position
        else:
            position += 1
    return len(text)


def _array_end(text: str, start: int) -> tuple[int, tuple[tuple[int, int], ...]]:
    items, position = [], start + 1
    while position < len(text):
        position = BLANK.match(text, position).end()
        if text.startswith("]", position):
            return position + 1, tuple(items)
        if text.startswith(",", position):
            position += 1
            continue
        end, _inner = _value_end(text, position)
        if end == position:
            break
        items.append((position, end))
        position = end
    return len(text), tuple(items)


def _table_end(text: str, start: int) -> int:
    position = start + 1
    for _keys, place in _members(text, start):
        position = place.end
    closing = text.find("}", position)
    return len(text) if closing < 0 else closing + 1


def _members(text: str, start: int) -> Iterator[tuple[tuple[str, ...], Place]]:
    position = start + 1
    while position < len(text):
        position = BLANK.match(text, position).end()
        key = KEY.match(text, position)
        sign = SIGN.match(text, key.end()) if key else None
        if not sign:
            return
        place = _place(text, position, sign.end())
        yield _parts(key[0]), place
        position = BLANK.match(text, place.end).end()
        if not text.startswith(",", position):
            return
        position += 1


def _in_inline_table(text: str, place: Place, wanted: tuple[str, ...]) -> Place | None:
    for keys, member in _members(text, place.start):
        lowered = tuple(key.lower() for key in keys)
        if lowered == wanted:
            return member
        if wanted[: len(keys)] == lowered and text[member.start] == "{":
            return _in_inline_table(text, member, wanted[len(keys) :])
    return None


def _parts(key: str) -> tuple[str, ...]:
    return tuple(_unquoted(part) for part in re.findall(KEY_PART, key))


def _unquoted(part: str) -> str:
    return str(tomllib.loads(f"k = {part}")["k"]) if part[0] in "\"'" else part


def _items(texts: list[str]) -> list[Any]:
    return [tomllib.loads(f"k = {text}")["k"] for text in texts]


def _end_of_root(inner: str) -> int:
    """Behind the last statement that is in no table."""
    header = next((found for found in _headers(inner)), len(inner))
    end = 0
    for _keys, place in _statements(inner):
        if place.first >= header:
            break
        end = place.last
    return end or (line_start(inner, header) if header < len(inner) else len(inner))


def _headers(inner: str) -> Iterator[int]:
    position = 0
    while position < len(inner):
        position = BLANK.match(inner, position).end()
        if HEADER.match(inner, position):
            yield position
            return
        key = KEY.match(inner, position)
        sign = SIGN.match(inner, key.end()) if key else None
        if not sign:
            return
        position = _place(inner, position, sign.end()).last


def _write(value: Any, like: str) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, (int, float)):
        return str(value)
    if isinstance(value, DateText):
        return _quoted(value, like) if like[:1] in ("'", '"') else str(value)
    if isinstance(value, list):
        inside = re.match(r"\[([ \t]?)", like)
        room = inside[1] if inside else ""
        item = re.search(r"[\"'](?=[^\r\n])", like)
        like = item[0] if item else ""
        return f"[{room}{', '.join(_write(each, like) for each in value)}{room}]" if value else "[]"
    if isinstance(value, dict):
        return "{ " + ", ".join(f"{key} = {_write(each, '')}" for key, each in value.items()) + " }"
    return _quoted(str(value), like)


def _quoted(text: str, like: str) -> str:
    if like.startswith("'") and "'" not in text and all(char.isprintable() for char in text):
        return f"'{text}'"
    return json.dumps(text, ensure_ascii=False).replace("\x7f", "\\u007f")
