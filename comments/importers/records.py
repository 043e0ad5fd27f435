"""What a reader of any format says about a discussion."""

from dataclasses import dataclass
from datetime import datetime


class SourceError(Exception):
    """The source cannot be read at all; the message is a sentence for the person who named it."""


@dataclass(frozen=True)
class Problem:
    """One node that was left out or mended, and why."""

    node: str
    reason: str

    def __str__(self) -> str:
        return f"{self.node}: {self.reason}"


@dataclass(frozen=True)
class ImportedComment:
    origin_id: str
    parent_id: str  # an origin_id; "" at the top level
    author_name: str
    html: str  # as the origin wrote it, not sanitised
    created_at: datetime  # aware
    url: str  # the comment at its origin
    is_removed: bool = False
    is_spam: bool = False
    author_email: str = ""
