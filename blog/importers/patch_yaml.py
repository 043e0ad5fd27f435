"""Where values stand in YAML, and how to write one there. The grammar is PyYAML's, the marks of its nodes are ours."""

import json
import re
from collections.abc import Iterable, Iterator
from contextlib import suppress
from typing import Any

import yaml

from blog.importers import yaml12
from blog.importers.patch_places import DateText, Place, line_end, line_start, newline_of, relist, replaced

ONE_LINE_BLOCK = re.compile(r"[|>][-+]?[ \t]*\r?\n[ \t]*([^\r\n]+)")
PLAIN_WORD = re.compile(r"[^\r\n\t]+")


class Yaml:
    def find(self, inner: str, path: tuple[str, ...]) -> Place | None:
        node, pair = _root(inner), None
        for key in path:
            if not isinstance(node, yaml.MappingNode):
                return None
            pairs = [pair for pair in node.value if str(pair[0].value).lower() == key.lower()]
            if not pairs:
                return None
            pair = pairs[-1]
            node = pair[1]
        return _place(inner, *pair) if pair else None

    def with_value(self, inner: str, path: tuple[str, ...], value: Any) -> Iterable[str]:
        place = self.find(inner, path)
        if place is None:
            if len(path) == 1:
                yield from self.with_new(inner, path[0], value, style=inner)
            return
        if isinstance(value, list):
            yield from _with_list(inner, place, value)
        old = inner[place.start : place.end]
        if block := ONE_LINE_BLOCK.fullmatch(old):
            yield f"{inner[: place.start + block.start(1)]}{value}{inner[place.start + block.end(1) :]}"
        single = isinstance(value, list) and len(value) == 1 and place.items is None and old
        for text in [*(_ways(value[0], old) if single else []), *_ways(value, old)]:
            gap = inner[place.key_end : place.start]
            if "\n" in gap or not gap:
                yield f"{inner[: place.key_end]} {text}{inner[place.end :]}"
            else:
                yield replaced(inner, place, text)

    def with_new(self, inner: str, key: str, value: Any, style: str = "") -> Iterable[str]:
        newline, like, indent = newline_of(inner or style), "", ""
        block = None
        for name, node in _pairs(style):
            place = _place(style, name, node)
            indent = style[line_start(style, name.start_mark.index) : name.start_mark.index]
            if str(name.value).lower() == key.lower() or (not like and isinstance(node, yaml.ScalarNode)):
                like = style[place.start : place.end]
            if place.items and (block is None or str(name.value).lower() == key.lower()):
                block = place
        if indent.strip():
            return
        is_new_head = inner != style  # in one that is there already, what comes takes one line
        if isinstance(value, list) and value and block and block.is_block and is_new_head:
            dash = style[line_start(style, block.start) : block.items[0][0]]
            item = style[slice(*block.items[-1])]
            lines = newline.join(f"{dash}{_first_way(each, item, in_list=True)}" for each in value)
            yield f"{inner}{indent}{key}:{newline}{lines}{newline}"
        elif isinstance(value, list) and block and not block.is_block:
            item = style[slice(*block.items[-1])]
            room = style[block.start + 1 : block.items[0][0]] if block.items else ""
            room = room if not room.strip(" ") else ""
            inside = ", ".join(_first_way(each, item, in_list=True) for each in value)
            yield f"{inner}{indent}{key}: [{room}{inside}{room}]{newline}"
        for text in _ways(value, like):
            yield f"{inner}{indent}{key}: {text}{newline}"

    def without(self, inner: str, path: tuple[str, ...]) -> Iterable[str]:
        place = self.find(inner, path)
        if place:
            yield inner[: place.first] + inner[place.last :]


def _root(inner: str) -> yaml.Node | None:
    text = yaml12.STRANGE.sub(lambda found: chr(yaml12.SHELF + ord(found[0])), inner)
    for shown in (
        text,
        text.replace("\t", " "),
    ):  # tabs between key and value are libyaml's and Hugo's, not PyYAML's
        with suppress(yaml.YAMLError):
            return yaml.compose(shown, Loader=yaml.SafeLoader)
    return None


def _pairs(inner: str) -> Iterator[tuple[yaml.Node, yaml.Node]]:
    root = _root(inner)
    if isinstance(root, yaml.MappingNode):
        yield from root.value


def _place(inner: str, key: yaml.Node, node: yaml.Node) -> Place:
    colon = inner.index(":", key.end_mark.index) + 1
    start, end = max(node.start_mark.index, colon), max(_end(inner, node), colon)
    items = None
    if isinstance(node, yaml.SequenceNode):
        items = tuple((item.start_mark.index, _end(inner, item)) for item in node.value)
    is_block = isinstance(node, yaml.SequenceNode) and not node.flow_style
    first = line_start(inner, key.start_mark.index)
    last = line_end(inner, end) if inner[end - 1 : end] not in ("\n", "\r") else end
    return Place(start, end, colon, first, last, items, is_block)


def _end(inner: str, node: yaml.Node) -> int:
    """Where a node's own text ends; what PyYAML counts to a block includes comments and blank lines after it."""
    if isinstance(node, yaml.ScalarNode):
        if node.style in ("|", ">"):
            text = inner[: node.end_mark.index]
            return len(text.rstrip("\r\n \t")) if "\n" in text else node.end_mark.index
        return node.end_mark.index
    if node.flow_style or not node.value:
        return node.end_mark.index
    last = node.value[-1]
    return _end(inner, last[1] if isinstance(last, tuple) else last)


def _with_list(inner: str, place: Place, value: list[Any]) -> Iterator[str]:
    if not place.items:
        if place.items is not None or inner[place.start : place.end] in ("", "null", "~"):
            yield f"{inner[: place.key_end]} {_flow(value, '')}{inner[place.end :]}"
        return
    if not value:
        if place.is_block:  # a key without a value is an empty list as well
            yield inner[: place.key_end] + inner[place.end :]
        yield f"{inner[: place.key_end]} []{inner[place.end :]}"
        return
    texts = [inner[start:end] for start, end in place.items]
    old = [yaml12.load(text) for text in texts]
    if not place.is_block:
        flow = relist(inner, place, old, value, lambda item, like: _first_way(item, like, in_list=True))
        yield replaced(inner, place, flow)
        return
    dash = inner[line_start(inner, place.items[0][0]) : place.items[0][0]]
    between = newline_of(inner) + (dash if not dash.strip(" \t-") else "  - ")
    block = relist(inner, place, old, value, lambda item, like: _first_way(item, like, in_list=True), between)
    yield replaced(inner, place, block)


def _flow(value: list[Any], like: str) -> str:
    return f"[{', '.join(_first_way(item, like, in_list=True) for item in value)}]"


def _first_way(value: Any, like: str, *, in_list: bool) -> str:
    for text in _ways(value, like):
        shown = f"k: [{text}, x]" if in_list else f"k: {text}"
        try:
            found = yaml12.load(shown)["k"]
        except yaml12.YAMLReadError:
            continue
        if (found[0] if in_list and isinstance(found, list) and len(found) == 2 else found) == value:
            return text
    return json.dumps(value, ensure_ascii=False)


def _ways(value: Any, like: str) -> list[str]:
    """How a value can be written, best first: in the quotes the old one has, else in those it needs."""
    if isinstance(value, bool):
        return ["true" if value else "false"]
    if isinstance(value, (int, float)) or value is None:
        return [json.dumps(value)]
    if isinstance(value, list):
        return [_flow(value, like)]
    if isinstance(value, dict):
        inside = ", ".join(f"{key}: {_first_way(each, '', in_list=True)}" for key, each in value.items())
        return [f"{{{inside}}}"]
    double = json.dumps(str(value), ensure_ascii=False)
    single = "'" + value.replace("'", "''") + "'"
    plain = str(value) if PLAIN_WORD.fullmatch(value) and value == value.strip() else double
    single = single if PLAIN_WORD.fullmatch(value) or isinstance(value, DateText) else double
    if like.startswith("'"):
        return [single, double]
    if like.startswith('"'):
        return [double, single]
    return [plain, double, single]
