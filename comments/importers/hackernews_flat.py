"""The flat items of the official Hacker News API: each by itself, naming its parent and its kids.

A source is a folder of ``*.json``, a file with a list of items or an object of them by id, or JSON lines.
https://github.com/HackerNews/API has the fields.
"""

import json
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from comments.importers.records import Problem, SourceError

Item = dict[str, Any]


def is_flat(data: Any) -> bool:
    """Whether what a JSON file holds is one item of this kind, or some."""
    if not data:
        return False
    if isinstance(data, list):
        return all(item is None or isinstance(item, dict) for item in data)
    return isinstance(data, dict) and (
        ("by" in data or "kids" in data or "deleted" in data) or all(key.isdecimal() for key in data)
    )


def items_of(data: Any) -> list[Any]:
    if isinstance(data, list):
        return data
    return [data] if "id" in data else list(data.values())


def lines_of(text: str) -> list[Any]:
    """The items of JSON lines. Raises ``ValueError`` where a line is no JSON."""
    return [json.loads(line) for line in text.splitlines() if line.strip()]


def folder(path: Path) -> list[Any]:
    items: list[Any] = []
    for file in sorted(path.glob("*.json*")):
        try:
            text = file.read_text("utf-8")
            items += lines_of(text) if file.suffix == ".jsonl" else items_of(json.loads(text))
        except (OSError, ValueError, AttributeError) as error:
            raise SourceError(f"{file} is not JSON with items: {error}.") from error
    if not items:
        raise SourceError(f"{path} holds no JSON files.")
    return items


def nodes_of(items: list[Any]) -> Iterator[tuple[Item, str] | Problem]:
    """Each comment in the words of the search API, oldest first, with the id of the comment it answers.

    The oldest parent that is missing is taken for the story, if that is missing: it is older than its comments.
    """
    known = {str(item["id"]): item for item in items if isinstance(item, dict) and item.get("id") is not None}
    yield from _problems(items, known)
    stories = [key for key, item in known.items() if item.get("type") in ("story", "poll", "job")]
    if len(stories) > 1:
        raise SourceError(f"There are {len(stories)} stories in the source. Give those of one at a time.")
    tops = set(stories) or _oldest({_parent(item) for item in known.values()} - set(known) - {""})
    comments = [item for item in known.values() if item.get("type", "comment") == "comment"]
    for item in sorted(
        comments, key=lambda item: (str(item.get("time", "")).zfill(12), str(item["id"]).zfill(12))
    ):
        parent_id = _parent(item)
        yield _node(item), "" if parent_id in tops else parent_id


def _problems(items: list[Any], known: dict[str, Item]) -> Iterator[Problem]:
    for number, item in enumerate(items, 1):
        if not isinstance(item, dict) or item.get("id") is None:
            yield Problem(f"item {number}", "is empty or has no id")
    counts = Counter(
        str(item["id"]) for item in items if isinstance(item, dict) and item.get("id") is not None
    )
    for key, count in counts.items():
        if count > 1:
            yield Problem(key, "stands in the source more than once; the last was taken")
    for key, item in known.items():
        kids = item.get("kids")
        for kid in kids if isinstance(kids, list) else ():
            if str(kid) not in known:
                yield Problem(str(kid), f"is named as a reply to {key}, but is not in the source")


def _oldest(ids: set[str]) -> set[str]:
    return {min(ids, key=lambda key: key.zfill(12))} if ids else set()


def _parent(item: Item) -> str:
    parent = item.get("parent")
    return str(parent) if isinstance(parent, int | str) and not isinstance(parent, bool) else ""


def _node(item: Item) -> Item:
    is_gone = bool(item.get("deleted") or item.get("dead"))
    return {
        "id": item["id"],
        "type": item.get("type", "comment"),
        "author": item.get("by"),
        "text": None if is_gone else item.get("text"),
        "created_at_i": item.get("time"),
    }
