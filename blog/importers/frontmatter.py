"""The head of a content file: where it ends, and what it says.

Follows Hugo (https://gohugo.io/content-management/front-matter/): YAML between ---, TOML between +++, a JSON
object, or org keywords; byte-order marks and blank lines may precede it. Positions are found without parsing, so
that a head can be kept, compared and later changed as text.
"""

import json
import re
import tomllib
from dataclasses import dataclass
from typing import Any, NoReturn

from blog.importers import yaml12

DELIMITERS = {"-": ("yaml", "---"), "+": ("toml", "+++")}
BEFORE_HEAD = "\ufeff \t\r\n\v\f"
DEEPEST = 100  # lists in lists: nobody writes so many, and what walks through them has no more room than that of a call
TOO_LONG = "a number has too many digits"
NEAR_LINE = re.compile(r"\(at line (\d+), column \d+\)|\(at end of document\)")


class FrontMatterError(ValueError):
    """A head that cannot be read. `line` counts from 1 in the text that was given; `reason` is a sentence."""

    def __init__(self, line: int, reason: str) -> None:
        super().__init__(f"line {line}: {reason}")
        self.line = line
        self.reason = reason


@dataclass(frozen=True)
class Head:
    """Where a head lies in its text: inner is what a parser reads, end is where the body begins."""

    format: str = ""
    inner_start: int = 0
    inner_end: int = 0
    end: int = 0


def split(text: str) -> tuple[str, str, str]:
    """(head, body, format): head + body is the text, character for character.

    format is "yaml", "toml", "json", "org", or "" for a file without front matter, whose head is "".
    Raises FrontMatterError for a head that never ends.
    """
    head = find(text)
    return text[: head.end], text[head.end :], head.format


def parse(head: str, repeated: list[tuple[int, str]] | None = None) -> dict[str, Any]:
    """The head's values, keys as written. TOML dates are date and datetime objects; YAML and JSON have none.

    repeated: takes (line in the head, key) of each key that YAML has again; the last one counts.
    Raises FrontMatterError with the line in the head. Org keywords are not read: they give {}.
    """
    where = find(head)
    inner = head[where.inner_start : where.inner_end]
    first_line = line_at(head, where.inner_start)
    if where.format == "toml":
        values = _parse_toml(inner, first_line)
    elif where.format == "json":
        values = _parse_json(inner, first_line)
    elif where.format == "yaml":
        values = _parse_yaml(inner, first_line, repeated)
    else:
        return {}
    if not isinstance(values, dict):
        raise FrontMatterError(
            first_line, f"The front matter is {_kind(values)}, not a list of keys with values."
        )
    if _is_deeper(values, DEEPEST):
        _refuse(where.format.upper(), first_line, "it is nested too deeply")
    return {str(key): _storable(value) for key, value in values.items()}


def find(text: str) -> Head:
    start = len(text) - len(text.lstrip(BEFORE_HEAD))
    first = text[start : start + 1]
    if first in DELIMITERS:
        return _find_delimited(text, start, *DELIMITERS[first])
    if first == "{" and text[start + 1 : start + 3] not in ("{<", "{%"):
        return _find_json(text, start)
    if text.startswith("#+", start):
        return _find_org(text, start)
    return Head()


def line_at(text: str, position: int) -> int:
    return text.count("\n", 0, position) + 1


def line_of_key(head: str, key: str) -> int | None:
    """The line on which a top-level key stands, upper or lower case; None if it is not to be seen there."""
    found = re.search(rf"(?im)^[ \t{{,]*[\"']?{re.escape(key)}[\"']?[ \t]*[:=.]", head)
    return line_at(head, found.end()) if found else None


def _find_delimited(text: str, start: int, format: str, delimiter: str) -> Head:
    if not text.startswith(delimiter, start):
        return Head()
    closing = re.compile(rf"[\r\n]{re.escape(delimiter)}").search(text, start + len(delimiter))
    if closing is None:
        raise FrontMatterError(
            line_at(text, start),
            f"The front matter begins with {delimiter} and never ends; add a line with {delimiter} after it.",
        )
    inner_start = _after_line_end(text, start + len(delimiter))
    return Head(
        format, min(inner_start, closing.end() - 3), closing.end() - 3, _after_line_end(text, closing.end())
    )


def _find_json(text: str, start: int) -> Head:
    depth, in_string, position = 0, False, start
    while position < len(text):
        char = text[position]
        if char == "\\":
            position += 1
        elif char == '"':
            in_string = not in_string
        elif char in "{}" and not in_string:
            depth += 1 if char == "{" else -1
            if depth == 0:
                return Head("json", start, position + 1, _after_line_end(text, position + 1))
        position += 1
    raise FrontMatterError(
        line_at(text, start),
        "The JSON front matter never ends; a closing brace or quotation mark is missing.",
    )


def _find_org(text: str, start: int) -> Head:
    position = start
    while text.startswith("#+", position):
        end_of_line = text.find("\n", position)
        position = len(text) if end_of_line < 0 else end_of_line + 1
    return Head("org", start, position, position)


def _after_line_end(text: str, position: int) -> int:
    for char in "\r\n":
        if text.startswith(char, position):
            position += 1
    return position


def _parse_toml(inner: str, first_line: int) -> Any:
    try:
        return tomllib.loads(inner)
    except tomllib.TOMLDecodeError as error:
        _refuse_toml(inner, first_line, str(error))
    except RecursionError:
        _refuse("TOML", first_line, "it is nested too deeply")
    except ValueError:  # Python reads none of more than 4,300 digits
        _refuse("TOML", first_line, TOO_LONG)


def _refuse_toml(inner: str, first_line: int, message: str) -> NoReturn:
    near = NEAR_LINE.search(message)
    lines = int(near[1]) if near and near[1] else inner.count("\n") or 1
    _refuse("TOML", first_line + lines - 1, NEAR_LINE.sub("", message).strip())


def _parse_json(inner: str, first_line: int) -> Any:
    try:
        return json.loads(inner, parse_constant=_refuse_constant)
    except json.JSONDecodeError as error:
        _refuse("JSON", first_line + error.lineno - 1, error.msg)
    except RecursionError:
        _refuse("JSON", first_line, "it is nested too deeply")
    except ValueError as error:
        _refuse("JSON", first_line, TOO_LONG if "digits" in str(error) else str(error))


def _refuse_constant(name: str) -> NoReturn:
    raise ValueError(f"the value {name} is not JSON")


def _parse_yaml(inner: str, first_line: int, repeated: list[tuple[int, str]] | None) -> Any:
    again: list[tuple[int, str]] = []
    try:
        values = yaml12.load(inner, again)
    except yaml12.YAMLReadError as error:
        _refuse("YAML", first_line + error.line - 1, error.reason)
    if repeated is not None:
        repeated += [(first_line + line - 1, key) for line, key in again]
    return {} if values is None else values


def _refuse(format: str, line: int, why: str) -> NoReturn:
    raise FrontMatterError(
        line, f"The front matter is not valid {format}: {why[:1].lower()}{why[1:].rstrip('.')}."
    )


def _kind(value: Any) -> str:
    names = {list: "a list", str: "a text", bool: "a truth value", int: "a number", float: "a number"}
    return names.get(type(value), "something else")


def _is_deeper(value: Any, limit: int) -> bool:
    """Whether there are more lists and tables in each other than that; it goes no deeper itself."""
    if not isinstance(value, (dict, list)):
        return False
    inner = value.values() if isinstance(value, dict) else value
    return limit == 0 or any(_is_deeper(item, limit - 1) for item in inner)


def _storable(value: Any) -> Any:
    """Without what no database keeps: NUL characters and halves of surrogate pairs, which escapes can write."""
    if isinstance(value, str):
        if "\0" in value or any("\ud800" <= char <= "\udfff" for char in value):
            value = (
                value.encode("utf-16", "surrogatepass").decode("utf-16", "replace").replace("\0", "\ufffd")
            )
        return value
    if isinstance(value, list):
        return [_storable(item) for item in value]
    if isinstance(value, dict):
        return {_storable(str(key)): _storable(item) for key, item in value.items()}
    return value
