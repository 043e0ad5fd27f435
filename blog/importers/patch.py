"""Changes one value in a front matter as text: what else it says, and how it is written, stays as it was.

Each format knows where its values stand and how a value can be written there, likeliest first. Whatever is
written is read again before it counts, so that a patch that says anything else never leaves this module.
"""

from collections.abc import Callable, Iterable, Mapping
from typing import Any

from blog.importers import frontmatter
from blog.importers.hugo_values import json_ready, lower_keys
from blog.importers.patch_json import Json
from blog.importers.patch_places import DateText, Format
from blog.importers.patch_toml import Toml
from blog.importers.patch_yaml import Yaml

FORMATS: dict[str, Format] = {"yaml": Yaml(), "toml": Toml(), "json": Json()}
EMPTY = {"yaml": "---\n---\n", "toml": "+++\n+++\n", "json": "{\n}\n"}
MISSING = object()

Path = tuple[str, ...]
Accepts = Callable[[Any], bool]


class PatchError(ValueError):
    """This front matter cannot be changed without changing more than was asked for."""


def set_value(head: str, path: Path, value: Any, accepts: Accepts | None = None) -> str:
    """The head with one value changed or added. path: keys from the outside in; their case does not matter.

    accepts says whether what is then read is right; by default it has to be the value itself.
    """
    if not frontmatter.find(head).format:
        head = _with_empty_head(head)
    expected = _without(_read(head), path)
    accepts = accepts or (lambda found: _says(found, value))
    for patched in _in_place(head, lambda format, inner: format.with_value(inner, path, value)):
        values = _try(patched)
        if values is not None and _without(values, path) == expected and accepts(value_at(values, path)):
            return patched
    raise PatchError(f"`{'.'.join(path)}` cannot be changed in this front matter; edit the file by hand.")


def remove(head: str, path: Path) -> str:
    """The head without the lines of one value."""
    expected = _without(_read(head), path)
    for patched in _in_place(head, lambda format, inner: format.without(inner, path)):
        if _try(patched) == expected:
            return patched
    raise PatchError(f"`{'.'.join(path)}` cannot be taken out of this front matter; edit the file by hand.")


def text_at(head: str, path: Path) -> str | None:
    """A value as it is written there, with its quotes."""
    where = frontmatter.find(head)
    if not where.format or where.format not in FORMATS:
        return None
    inner = head[where.inner_start : where.inner_end]
    place = FORMATS[where.format].find(inner, path)
    return inner[place.start : place.end] if place else None


def compose(values: Mapping[str, Any], like: str = "", format: str = "yaml") -> str:
    """A new head: format, order and spelling of the keys, quotes and spacing as in another head."""
    format = frontmatter.find(like).format or format
    writer, inner = FORMATS[format], _inner(like)
    head, newline = EMPTY[format], "\r\n" if "\r\n" in like else "\n"
    spelled = {key.lower(): key for key in frontmatter.parse(like)} if like else {}
    order = [key for key in spelled if key in values] + [key for key in values if key not in spelled]
    for key in order:
        where = frontmatter.find(head)
        now = head[where.inner_start : where.inner_end]
        for written in writer.with_new(now, spelled.get(key, key), values[key], style=inner):
            candidate = head[: where.inner_start] + written + head[where.inner_end :]
            if _try(candidate) is not None:
                head = candidate
                break
    return head.replace("\r\n", "\n").replace("\n", newline)


def _inner(head: str) -> str:
    where = frontmatter.find(head)
    return head[where.inner_start : where.inner_end]


def _in_place(head: str, change: Callable[[Format, str], Iterable[str]]) -> Iterable[str]:
    where = frontmatter.find(head)
    if where.format in FORMATS:
        for inner in change(FORMATS[where.format], head[where.inner_start : where.inner_end]):
            yield head[: where.inner_start] + inner + head[where.inner_end :]


def _with_empty_head(text: str) -> str:
    mark = "\ufeff" if text.startswith("\ufeff") else ""
    return f"{mark}{EMPTY['yaml']}{text.removeprefix(mark)}"


def _read(head: str) -> dict[str, Any]:
    return lower_keys(frontmatter.parse(head))


def _try(head: str) -> dict[str, Any] | None:
    try:
        return _read(head)
    except frontmatter.FrontMatterError:
        return None


def value_at(values: Any, path: Path) -> Any:
    for key in path:
        values = values.get(key.lower()) if isinstance(values, dict) else None
    return values


def _says(found: Any, value: Any) -> bool:
    """Block texts end with a line end, which is none of the value's."""
    if isinstance(found, str) and isinstance(value, str):
        return found.rstrip("\n") == value.rstrip("\n")
    return bool(json_ready(found) == json_ready(value))


def _without(values: dict[str, Any], path: Path) -> dict[str, Any]:
    key, rest = path[0].lower(), path[1:]
    others = {name: value for name, value in values.items() if name != key}
    inner = values.get(key)
    return others | {key: _without(inner, rest)} if rest and isinstance(inner, dict) else others


__all__ = ["DateText", "PatchError", "compose", "remove", "set_value", "text_at", "value_at"]
