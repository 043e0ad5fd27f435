"""What the three formats of front matter share when they are changed as text: places, and lists."""

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import Any, Protocol

COMMENT = re.compile(r"[ \t]*#[^\r\n]*")


class DateText(str):
    """A date, written out. Where the format has dates of its own it may stand without quotes."""


@dataclass(frozen=True)
class Place:
    """Where a value stands.

    start, end    of the value itself
    key_end       behind the sign between key and value
    first, last   of the whole statement, with its line end where it has lines of its own
    items         of a list: where each of them stands; None for what is no list
    is_block      whether it is a list with its items on lines of their own and no brackets
    """

    start: int
    end: int
    key_end: int
    first: int
    last: int
    items: tuple[tuple[int, int], ...] | None = None
    is_block: bool = False


class Format(Protocol):
    def find(self, inner: str, path: tuple[str, ...]) -> Place | None: ...

    def with_value(self, inner: str, path: tuple[str, ...], value: Any) -> Iterable[str]: ...

    def with_new(self, inner: str, key: str, value: Any, style: str = "") -> Iterable[str]: ...

    def without(self, inner: str, path: tuple[str, ...]) -> Iterable[str]: ...


def newline_of(text: str) -> str:
    return "\r\n" if "\r\n" in text else "\n"


def line_start(text: str, position: int) -> int:
    return max(text.rfind("\n", 0, position), text.rfind("\r", 0, position)) + 1


def line_end(text: str, position: int) -> int:
    """Behind the line end that follows a position."""
    found = re.compile(r"\r\n|\n|\r").search(text, position)
    return found.end() if found else len(text)


def replaced(text: str, place: Place, new: str) -> str:
    return text[: place.start] + new + text[place.end :]


def relist(
    text: str,
    place: Place,
    old: Sequence[Any],
    new: Sequence[Any],
    write: Callable[[Any, str], str],
    between: str = ", ",
) -> str:
    """The text of a list after items came and went: those that stay keep their writing and their lines.

    write(item, like) writes a new item, like being an old one's text.
    """
    spans = place.items or ()
    texts = [text[start:end] for start, end in spans]
    opening = text[place.start : spans[0][0]]
    closing = text[spans[-1][1] : place.end]
    leads = [text[before[1] : after[0]] for before, after in zip(spans, spans[1:], strict=False)]
    usual = COMMENT.sub("", leads[0]) if leads else between
    kept = _kept(old, new)
    pieces, before = [], None
    for position, item in enumerate(new):
        # What stood behind an item stays behind it, for it may hold a comment on that item.
        follows = before is not None and before < len(leads)
        pieces.append(opening if position == 0 else leads[before] if follows else usual)
        before = kept.get(position)
        pieces.append(texts[before] if before is not None else write(item, texts[-1]))
    return "".join([*pieces, closing])


def _kept(old: Sequence[Any], new: Sequence[Any]) -> dict[int, int]:
    matcher = SequenceMatcher(None, list(map(repr, old)), list(map(repr, new)), autojunk=False)
    return {
        block.b + step: block.a + step
        for block in matcher.get_matching_blocks()
        for step in range(block.size)
    }
