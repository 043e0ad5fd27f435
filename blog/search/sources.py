"""What can be found: which rows of which tables, and what of them is indexed.

A row of the index has a key of 63 bits: a day, a kind and an id. Falling keys are newest first, so that the newest
hits of a common word come without sorting.
"""

from dataclasses import dataclass
from enum import IntEnum

DAY_SHIFT = 40
KIND_SHIFT = 36
KINDS = (1 << (DAY_SHIFT - KIND_SHIFT)) - 1
IDS = (1 << KIND_SHIFT) - 1
FIRST_DAY = 0
LAST_DAY = 5373484  # the Julian day of 9999-12-31: a page has no date and does not grow old


class Kind(IntEnum):
    POST = 0
    PAGE = 1
    COMMENT = 2


def kind_of(key: int) -> Kind:
    return Kind((key >> KIND_SHIFT) & KINDS)


def id_of(key: int) -> int:
    return key & IDS


@dataclass(frozen=True)
class Source:
    """A table that is indexed. The expressions are SQL of any database; {row} is NEW, OLD or the table."""

    kind: Kind
    table: str
    title: str
    text: str
    fold: str  # the SQL function that folds the text
    date: str  # "" for what has none
    columns: tuple[str, ...]  # which of them, when changed, change the index
    condition: str = "1 = 1"
    undated: int = FIRST_DAY

    def key(self, row: str, day_of: str) -> str:
        """The SQL of the key; day_of is the database's way to a Julian day."""
        day = day_of.format(date=self.date.format(row=row)) if self.date else "NULL"
        day = f"CAST(coalesce({day}, {self.undated}) AS bigint)"
        return f"(({day} << {DAY_SHIFT}) | (CAST({int(self.kind)} AS bigint) << {KIND_SHIFT}) | {row}.id)"


SOURCES = (
    Source(
        kind=Kind.POST,
        table="blog_post",
        title="{row}.title",
        text="{row}.text",
        fold="commonplace_fold",
        date="{row}.published_at",
        columns=("id", "title", "text", "published_at"),
    ),
    Source(
        kind=Kind.PAGE,
        table="blog_page",
        title="{row}.title",
        text="{row}.text",
        fold="commonplace_fold",
        date="",
        columns=("id", "title", "text"),
        undated=LAST_DAY,
    ),
    Source(
        kind=Kind.COMMENT,
        table="comments_comment",
        title="''",
        text="{row}.body_html",
        fold="commonplace_fold_markup",
        date="{row}.created_at",
        columns=("id", "body_html", "created_at", "status"),
        condition="{row}.status = 'approved'",
    ),
)
