"""From comments in order to the rows of a thread: who stands below whom, and what is left out."""

from collections.abc import Callable, Container, Hashable, Iterable, Iterator
from itertools import groupby
from typing import Generic, NamedTuple, Protocol, TypeVar


class Node(Protocol):
    @property
    def id(self) -> Hashable: ...
    @property
    def parent_id(self) -> Hashable | None: ...


Comment = TypeVar("Comment", bound=Node)
Children = dict[Hashable, list[Comment]]

DEEPEST = 100


class Row(NamedTuple, Generic[Comment]):
    """A comment as it is drawn. After it, one list opens, or none, or ``closes`` lists end.

    Lists nest no deeper than ``lay_out`` was told; ``depth`` is the true one. Ids are those of rows
    that are drawn: a comment whose parent is missing stands at the top and has no ``parent_id``.
    """

    comment: Comment
    is_visible: bool
    depth: int
    opens: bool
    closes: int
    descendants: int  # the visible ones below it, at any depth
    parent_id: Hashable | None
    root_id: Hashable
    previous_id: Hashable | None
    next_id: Hashable | None


def lay_out(
    comments: Iterable[Comment],
    is_visible: Callable[[Comment], bool] = lambda comment: True,
    deepest: int = DEEPEST,
    rank: Callable[[Comment, int], float] | None = None,
    stays: Container[Hashable] = frozenset(),
) -> list[Row[Comment]]:
    """Rows in reading order: each comment, then its replies, siblings in the order they came in.

    With ``rank``, asked with a comment and the number of visible ones below it, lower ranks come first.

    A comment that is not visible keeps its row, a stub, while a visible one stands below it, and if it is
    among those of which it is said that it ``stays``: their replies are shown elsewhere. Orphans stand at the top level; a cycle is cut at its earliest comment, which then stands there too.
    Lists nest to ``deepest``: HTML parsers flatten what is nested some 500 elements deep.
    """
    comments = list(comments)
    visible = {comment.id for comment in comments if is_visible(comment)}
    parents = _parents(comments)
    order = list(_in_reading_order(comments, parents))
    kept_for_itself = {comment.id for comment in comments if comment.id in visible or comment.id in stays}
    below = _visible_below(order, parents, kept_for_itself)
    if rank:
        comments.sort(key=lambda comment: rank(comment, below[comment.id]))
        order = list(_in_reading_order(comments, parents))
    kept = [comment for comment in order if comment.id in kept_for_itself or below[comment.id]]
    return _rows(kept, parents, visible, below, deepest)


def branch(rows: list[Row[Comment]], comment_id: Hashable) -> tuple[list[Row[Comment]], list[Row[Comment]]]:
    """Of a thread: the comments that one comment answers, topmost first, each with nothing below it;
    and itself with its replies, indented from there on. Both empty if it is unknown.
    """
    position = next((i for i, row in enumerate(rows) if row.comment.id == comment_id), None)
    if position is None:
        return [], []
    above, wanted = [], rows[position].parent_id
    for row in reversed(rows[:position]):
        if row.comment.id == wanted:
            above.append(row._replace(opens=False, closes=0, descendants=0))
            wanted = row.parent_id
    depth = rows[position].depth
    end = next((i for i in range(position + 1, len(rows)) if rows[i].depth <= depth), len(rows))
    return above[::-1], list(_from_level(rows[position:end], depth))


def without_repetition(records: Iterable[Comment]) -> list[Comment]:
    """The first of each that follow one another with the same id."""
    return [next(same) for _id, same in groupby(records, key=lambda record: record.id)]


def _from_level(rows: list[Row[Comment]], base: int) -> Iterator[Row[Comment]]:
    """The same rows as if ``base`` were the top: lists open and close accordingly."""
    levels = [min(row.depth - base, DEEPEST) for row in rows]
    for row, (opens, closes) in zip(rows, _lists(levels), strict=True):
        yield row._replace(depth=row.depth - base, opens=opens, closes=closes)


def _lists(levels: list[int]) -> Iterator[tuple[bool, int]]:
    """After each row: does a list open, and how many end."""
    for level, following in zip(levels, [*levels[1:], 0], strict=False):
        yield following > level, max(level - following, 0)


def _parents(comments: list[Comment]) -> dict[Hashable, Hashable | None]:
    """Each comment's parent, None for the top level, after orphans and cycles are cut off."""
    ids = {comment.id for comment in comments}
    parents = {comment.id: comment.parent_id if comment.parent_id in ids else None for comment in comments}
    reaches_top: set[Hashable] = set()
    for comment in comments:
        path: dict[Hashable, None] = {}
        step: Hashable | None = comment.id
        while step is not None and step not in reaches_top and step not in path:
            path[step] = None
            step = parents[step]
        if step in path:
            _cut_cycle(step, parents, comments)
        reaches_top.update(path)
    return parents


def _cut_cycle(start, parents, comments) -> None:
    cycle = {start}
    step = parents[start]
    while step != start:
        cycle.add(step)
        step = parents[step]
    earliest = next(comment.id for comment in comments if comment.id in cycle)
    parents[earliest] = None


def _in_reading_order(comments: list[Comment], parents) -> Iterator[Comment]:
    children: Children = {}
    for comment in reversed(comments):
        children.setdefault(parents[comment.id], []).append(comment)
    waiting = children.get(None, [])
    while waiting:
        comment = waiting.pop()
        yield comment
        waiting.extend(children.get(comment.id, ()))


def _visible_below(order: list[Comment], parents, visible) -> dict[Hashable, int]:
    below = dict.fromkeys(parents, 0)
    for comment in reversed(order):
        parent_id = parents[comment.id]
        if parent_id is not None:
            below[parent_id] += below[comment.id] + (comment.id in visible)
    return below


def _rows(kept: list[Comment], parents, visible, below, deepest) -> list[Row[Comment]]:
    depths, roots = {None: -1}, {}
    previous, following = _siblings(kept, parents)
    for comment in kept:
        parent_id = parents[comment.id]
        depths[comment.id] = depths[parent_id] + 1
        roots[comment.id] = comment.id if parent_id is None else roots[parent_id]
    levels = [min(depths[comment.id], deepest) for comment in kept]
    return [
        Row(
            comment=comment,
            is_visible=comment.id in visible,
            depth=depths[comment.id],
            opens=opens,
            closes=closes,
            descendants=below[comment.id],
            parent_id=parents[comment.id],
            root_id=roots[comment.id],
            previous_id=previous.get(comment.id),
            next_id=following.get(comment.id),
        )
        for comment, (opens, closes) in zip(kept, _lists(levels), strict=True)
    ]


def _siblings(kept: list[Comment], parents) -> tuple[dict, dict]:
    previous, following, last = {}, {}, {}
    for comment in kept:
        parent_id = parents[comment.id]
        if parent_id in last:
            previous[comment.id] = last[parent_id]
            following[last[parent_id]] = comment.id
        last[parent_id] = comment.id
    return previous, following
