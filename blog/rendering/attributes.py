"""Attribute lists such as ``{#id .class key="value"}``: reading them and writing them as HTML."""

from __future__ import annotations

import re
from html import escape
from typing import Any

Attributes = dict[str, Any]

_SHORT = re.compile(r"[#.]([^\s!-,/;-@\[-^`{-~]*)")
_NAME = re.compile(r"[A-Za-z_:][A-Za-z0-9_:.\-]*")
_NUMBER = re.compile(r"[-+]?\d+(?:\.\d*)?(?:[eE][-+]?\d*)?")
_STRING = re.compile(r'"((?:\\.|[^"\\])*)"', re.S)
_ESCAPE = re.compile(r'\\(["/\\bfnrt])')
_ESCAPED = {"b": "\b", "f": "\f", "n": "\n", "r": "\r", "t": "\t"}
_SPACE = re.compile(r"[ \t\n\v\f\r]*")
_WORDS = {"true": True, "false": False, "null": None}
_DEEPEST = 20


def parse_attributes(text: str, start: int = 0) -> tuple[Attributes, int] | None:
    """The attribute list that begins at ``start`` and where it ends; None if there is none."""
    pos = _skip_space(text, start)
    if not text.startswith("{", pos):
        return None
    found = _parse_list(text, pos + 1, 0)
    return found


def render_attributes(attributes: Attributes, skip: tuple[str, ...] = ()) -> str:
    """`` name="value"`` for each; event handlers are left out."""
    return "".join(
        f' {name}="{escape(_as_text(value), quote=True)}"'
        for name, value in attributes.items()
        if name not in skip and not name.lower().startswith("on")
    )


def _as_text(value: Any) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return "" if value is None else str(value)


def _skip_space(text: str, pos: int) -> int:
    match = _SPACE.match(text, pos)
    return match.end() if match else pos


def _parse_list(text: str, pos: int, depth: int) -> tuple[Attributes, int] | None:
    attributes: Attributes = {}
    while True:
        if text.startswith("}", pos):
            return attributes, pos + 1
        parsed = _parse_one(text, _skip_space(text, pos), depth)
        if parsed is None:
            return None
        name, value, pos = parsed
        if name == "class" and name in attributes:
            value = f"{attributes[name]} {value}"
        attributes[name] = value
        pos = _skip_space(text, pos)
        if text.startswith(",", pos):
            pos = _skip_space(text, pos + 1)


def _parse_one(text: str, pos: int, depth: int) -> tuple[str, Any, int] | None:
    if short := _SHORT.match(text, pos):
        return ("id" if text[pos] == "#" else "class"), short.group(1), short.end()
    name = _NAME.match(text, pos)
    if name is None:
        return None
    pos = _skip_space(text, name.end())
    if not text.startswith("=", pos):
        return None
    parsed = _parse_value(text, _skip_space(text, pos + 1), depth)
    if parsed is None or (name.group() == "class" and not isinstance(parsed[0], str)):
        return None
    return name.group(), *parsed


def _parse_value(text: str, pos: int, depth: int) -> tuple[Any, int] | None:
    if depth > _DEEPEST:
        return None
    opener = text[pos : pos + 1]
    if opener == "{":
        return _parse_list(text, pos + 1, depth + 1)
    if opener == "[":
        return _parse_array(text, pos + 1, depth + 1)
    if opener == '"':
        found = _STRING.match(text, pos)
        return (_ESCAPE.sub(_unescape, found.group(1)), found.end()) if found else None
    if number := _NUMBER.match(text, pos):
        return _as_number(number.group()), number.end()
    word = _NAME.match(text, pos)
    return (_WORDS.get(word.group(), word.group()), word.end()) if word else None


def _unescape(match: re.Match[str]) -> str:
    return _ESCAPED.get(match.group(1), match.group(1))


def _as_number(digits: str) -> float:
    try:
        return float(digits)
    except ValueError:
        return 0.0


def _parse_array(text: str, pos: int, depth: int) -> tuple[list[Any], int] | None:
    values: list[Any] = []
    while pos < len(text):
        comma = bool(values) and text[pos] == ","
        if comma:
            pos += 1
        elif text[pos] == "]":
            return values, pos + 1
        parsed = _parse_value(text, _skip_space(text, pos), depth)
        if parsed is None:
            return None
        values.append(parsed[0])
        pos = _skip_space(text, parsed[1])
    return None
