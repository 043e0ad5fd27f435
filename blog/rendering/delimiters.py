"""Runs of ``*``, ``_``, ``~`` and their like: which open, which close, and which belong together.

https://spec.commonmark.org/0.31.2/#delimiter-run, with every kind of run in one stack as in Goldmark.
"""

from __future__ import annotations

from blog.rendering.characters import is_punctuation
from blog.rendering.pieces import DELIMITER, Delimiter, Piece


def flanking(before: str, after: str) -> tuple[bool, bool]:
    """Whether a run between these two characters is left-flanking and right-flanking."""
    space_before, space_after = before.isspace(), after.isspace()
    mark_before, mark_after = is_punctuation(before), is_punctuation(after)
    left = not space_after and (not mark_after or space_before or mark_before)
    right = not space_before and (not mark_before or space_after or mark_after)
    return left, right


def scan_run(src: str, pos: int, line_end: int, before: str, after: str | None = None) -> Delimiter:
    """The run of the character at ``pos``. ``after`` overrules the character that follows it."""
    char = src[pos]
    stop = pos
    while stop < line_end and src[stop] == char:
        stop += 1
    if after is None:
        after = src[stop] if stop < line_end else " "
    left, right = flanking(before, after)
    if char == "_":
        opens = left and (not right or is_punctuation(before))
        closes = right and (not left or is_punctuation(after))
    else:
        opens, closes = left, right
    length = stop - pos
    return Delimiter(
        DELIMITER,
        start=pos,
        stop=stop,
        char=char,
        length=length,
        original_length=length,
        can_open=opens,
        can_close=closes,
    )


def match_delimiters(pieces: list[Piece], start: int) -> None:
    """Pairs the runs among ``pieces[start:]``; whatever is left of them becomes text."""
    runs = [piece for piece in pieces[start:] if isinstance(piece, Delimiter) and piece.can_match()]
    if not runs:
        return
    _chain(runs)
    # For each kind of closer: no opener is to be found at or before this run.
    bottoms: dict[tuple[str, bool, int], Delimiter | None] = {}
    closer: Delimiter | None = runs[0]
    while closer is not None:
        closer = _match_closer(closer, bottoms) if closer.can_close else closer.next
    for run in runs:
        run.can_open = run.can_close = False


def _chain(runs: list[Delimiter]) -> None:
    for before, after in zip(runs, runs[1:], strict=False):
        before.next, after.previous = after, before
    runs[0].previous = runs[-1].next = None


def _match_closer(
    closer: Delimiter, bottoms: dict[tuple[str, bool, int], Delimiter | None]
) -> Delimiter | None:
    """Tries to close with this run. The run to go on with: itself while something of it is left."""
    kind = (closer.char, closer.can_open, closer.original_length % 3)
    opener = closer.previous
    bottom = bottoms.get(kind)
    size = 0
    while opener is not None and opener is not bottom:
        if opener.can_open and opener.char == closer.char:
            size = _shared_length(opener, closer)
            if size:
                break
        opener = opener.previous
    if not size or opener is None:
        bottoms[kind] = closer.previous
        following = closer.next
        if not closer.can_open:
            _unchain(closer)
        return following
    _join(opener, closer, size)
    if closer.length:
        return closer
    following = closer.next
    _unchain(closer)
    return following


def _shared_length(opener: Delimiter, closer: Delimiter) -> int:
    both_ways = opener.can_close or closer.can_open
    total = opener.original_length + closer.original_length
    if both_ways and total % 3 == 0 and closer.original_length % 3:
        return 0
    return 2 if opener.length >= 2 and closer.length >= 2 else 1


def _join(opener: Delimiter, closer: Delimiter, size: int) -> None:
    tag = opener.tag or ("strong" if size == 2 else "em")
    opener.opens.append(tag)
    closer.closes.append(tag)
    opener.length -= size
    closer.length -= size
    opener.next, closer.previous = closer, opener  # runs between them are plain text now
    if not opener.length:
        _unchain(opener)


def _unchain(run: Delimiter) -> None:
    if run.previous:
        run.previous.next = run.next
    if run.next:
        run.next.previous = run.previous
