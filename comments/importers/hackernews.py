"""The nested JSON of the Hacker News search API: an item that holds its replies as ``children``.

The item is a story, whose comments are brought in, or a comment, which is brought in with its replies. The flat items
of the official API are read as well.
"""

import json
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from comments.importers import hackernews_flat as flat
from comments.importers.records import ImportedComment, Problem, SourceError

ORIGIN = "hackernews"
ITEM_URL = "https://news.ycombinator.com/item?id={}"
DEEPEST_JSON = 10_000


def read(path: Path) -> Iterator[ImportedComment | Problem]:
    """The comments of a saved item, or of flat ones. Raises ``SourceError``."""
    data = flat.folder(path) if path.is_dir() else _item(path)
    yield from comments_among(data) if isinstance(data, list) else comments_of(data)


def comments_among(items: list[Any]) -> Iterator[ImportedComment | Problem]:
    """The comments among flat items, oldest first."""
    for found in flat.nodes_of(items):
        yield found if isinstance(found, Problem) else _comment(*found, None)


def comments_of(item: dict[str, Any]) -> Iterator[ImportedComment | Problem]:
    """The comments of an item; a node that is none is named, its replies move up to its parent."""
    seen: set[str] = set()
    is_story = item.get("type") != "comment"
    told_at = _created_at(item)
    waiting = (
        [(child, "", told_at) for child in reversed(_children(item))] if is_story else [(item, "", None)]
    )
    while waiting:
        node, parent_id, told_at = waiting.pop()
        found = _comment(node, parent_id, told_at)
        if isinstance(found, ImportedComment) and found.origin_id in seen:
            found = Problem(found.origin_id, "stands in the file twice; the first was taken")
        if isinstance(found, ImportedComment):
            seen.add(found.origin_id)
            parent_id, told_at = found.origin_id, found.created_at
        yield found
        waiting.extend((child, parent_id, told_at) for child in reversed(_children(node)))


def _item(path: Path) -> dict[str, Any] | list[Any]:
    """The nested item that a file holds, or a list of flat ones."""
    try:
        with _deep_json():
            item = _parsed(path.read_text("utf-8"))
    except OSError as error:
        raise SourceError(f"{path} cannot be read: {error.strerror or error}.") from error
    except RecursionError as error:
        raise SourceError(f"{path} is nested too deeply to be read.") from error
    except json.JSONDecodeError as error:
        raise SourceError(
            f"{path} is not JSON: line {error.lineno}, column {error.colno}: {error.msg}."
        ) from error
    except ValueError as error:
        raise SourceError(f"{path} is not JSON: it is not encoded as Unicode.") from error
    if not (isinstance(item, dict) and "children" in item) and flat.is_flat(item):
        return flat.items_of(item)
    if isinstance(item, dict) and "hits" in item:
        raise SourceError(f"{path} is a list of search results. Save the item itself, with its children.")
    if not isinstance(item, dict) or not isinstance(item.get("children"), list):
        raise SourceError(f"{path} is not an item of the Hacker News search API: it has no list of children.")
    return item


def _parsed(text: str) -> Any:
    try:
        return json.loads(text)
    except json.JSONDecodeError as error:
        if not error.msg.startswith("Extra data"):
            raise
        return flat.lines_of(text)


@contextmanager
def _deep_json():
    """The JSON parser counts nesting against the recursion limit, and a reply is two levels deep."""
    limit = sys.getrecursionlimit()
    sys.setrecursionlimit(max(limit, DEEPEST_JSON))
    try:
        yield
    finally:
        sys.setrecursionlimit(limit)


def _children(node: Any) -> list[Any]:
    children = node.get("children") if isinstance(node, dict) else None
    return children if isinstance(children, list) else []


def _comment(node: Any, parent_id: str, told_at: datetime | None) -> ImportedComment | Problem:
    """What a node says. A deleted one may be nothing but id and children: it takes the time of what it answers."""
    node_id = node.get("id") if isinstance(node, dict) else None
    if not isinstance(node_id, int | str) or isinstance(node_id, bool) or not str(node_id).strip():
        return Problem(f"a reply to {parent_id or 'the story'}", "has no id")
    origin_id = str(node_id).strip()
    kind = node.get("type", "comment")
    if kind != "comment":
        return Problem(origin_id, f"is a {kind}, not a comment")
    author, text = node.get("author"), node.get("text")
    created_at = _created_at(node) or (None if isinstance(text, str) else told_at)
    if created_at is None:
        return Problem(origin_id, "has no time that can be read")
    return ImportedComment(
        origin_id=origin_id,
        parent_id=parent_id,
        author_name=author if isinstance(author, str) else "",
        html=text if isinstance(text, str) else "",
        created_at=created_at,
        url=ITEM_URL.format(origin_id),
        is_removed=not isinstance(text, str),
    )


def _created_at(node: dict[str, Any]) -> datetime | None:
    try:
        return datetime.fromtimestamp(node["created_at_i"], UTC)
    except (KeyError, TypeError, ValueError, OverflowError, OSError):
        pass
    try:
        at = datetime.fromisoformat(node["created_at"])
    except (KeyError, TypeError, ValueError):
        return None
    return at if at.tzinfo else at.replace(tzinfo=UTC)
