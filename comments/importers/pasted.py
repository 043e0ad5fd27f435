"""Pieces of a pasted discussion, as a person has approved them, into records for the loader."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from hashlib import sha256
from html import escape

from comments.importers.records import ImportedComment
from comments.paste import Piece, moment

ORIGIN = "pasted"


def records(pieces: list[Piece], text: str, read_at: datetime) -> Iterator[ImportedComment]:
    """Where the text has no time, the moment it was read stands: by then it had been said.

    The same text has the same ids, so that it does not come in twice.
    """
    name = sha256(text.encode("utf-8", "replace")).hexdigest()[:16]
    for order, piece in enumerate(pieces):
        yield ImportedComment(
            origin_id=f"{name}-{piece.line}",
            parent_id="" if piece.parent is None else f"{name}-{piece.parent}",
            author_name=piece.author,
            html="".join(f"<p>{escape(line, quote=False)}</p>" for line in piece.lines),
            created_at=moment(piece.when, read_at) or read_at + timedelta(seconds=order),
            url="",
        )
