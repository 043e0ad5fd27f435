"""What a line of Markdown is made of: the flat list that inline parsing fills and rendering reads."""

from __future__ import annotations

from dataclasses import dataclass, field

TEXT = "text"  # source text: escapes and references not yet resolved
VERBATIM = "verbatim"  # finished HTML: typographic marks
CODE = "code"
RAW = "raw"  # the author's inline HTML
AUTOLINK = "autolink"
DELIMITER = "delimiter"
LABEL = "label"  # "[" or "![" whose link is not yet known
BRACKET = "bracket"  # such a label when there was none: text
LINK_OPEN = "link_open"
LINK_CLOSE = "link_close"
IMAGE = "image"
FOOTNOTE = "footnote"
CHECKBOX = "checkbox"
EMOJI = "emoji"
PASSTHROUGH = "passthrough"


@dataclass(slots=True, eq=False)
class Piece:
    """One piece. Only the fields that its kind needs are set."""

    kind: str
    text: str = ""
    start: int = -1  # where the source text stands, so that neighbours can be told
    stop: int = -1
    line_break: str = ""  # after a text: "", "soft" or "hard"
    url: str = ""
    title: str | None = None
    children: list[Piece] = field(default_factory=list)  # of an image: its description
    image: bool = False
    # footnote: which note, and which mention of it
    number: int = 0
    mention: int = 0


@dataclass(slots=True, eq=False)
class Delimiter(Piece):
    """A run of ``*``, ``_``, ``~`` …; matching turns parts of it into tags."""

    char: str = ""
    tag: str = ""  # of a match; "" for emphasis, whose tag depends on the length
    length: int = 0
    original_length: int = 0
    can_open: bool = False
    can_close: bool = False
    closes: list[str] = field(default_factory=list)  # tags that end here, innermost first
    opens: list[str] = field(default_factory=list)  # tags that begin here, innermost first
    previous: Delimiter | None = None
    next: Delimiter | None = None

    def can_match(self) -> bool:
        return self.can_open or self.can_close
