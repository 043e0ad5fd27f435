"""The state of reading one block's text, and what the whole document lends to it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from blog.rendering.options import Options
from blog.rendering.pieces import TEXT, Piece
from blog.rendering.typographer import OpenQuotes


@dataclass
class Notes:
    """The footnotes of a document: numbers are given in the order of the first mention."""

    labels: dict[str, int] = field(default_factory=dict)  # label -> number, 0 while not mentioned
    mentions: dict[int, int] = field(default_factory=dict)  # number -> how often mentioned

    def mention(self, label: str) -> tuple[int, int]:
        """The note's number and which mention of it this is, from 0."""
        number = self.labels[label] or len(self.mentions) + 1
        self.labels[label] = number
        mention = self.mentions.get(number, 0)
        self.mentions[number] = mention + 1
        return number, mention


@dataclass
class Block:
    """What the handlers may know about the block and its document."""

    options: Options
    references: Mapping[str, Any]
    notes: Notes
    quotes: OpenQuotes = field(default_factory=OpenQuotes)  # counted through the whole document
    starts_list_item: bool = False
    in_table: bool = False


class Scanner:
    def __init__(self, src: str, block: Block) -> None:
        self.src = src
        self.block = block
        self.pieces: list[Piece] = []
        self.labels: list[int] = []  # where in pieces "[" and "![" wait for their "]"
        self.last_link = -1  # where in pieces the last link begins
        self.hopeless: set[str] = set()  # what has no end in the rest of this block

    def before(self, pos: int) -> str:
        return self.src[pos - 1] if pos else "\n"

    def add_text(self, text: str, start: int) -> Piece:
        """Adds text, to the text before it where that ends here."""
        last = self.pieces[-1] if self.pieces else None
        if last is not None and last.kind == TEXT and last.stop == start and not last.line_break:
            last.text += text
            last.stop += len(text)
            return last
        piece = Piece(TEXT, text, start=start, stop=start + len(text))
        self.pieces.append(piece)
        return piece

    def end_line(self, text: str, start: int, line_break: str) -> None:
        self.pieces.append(Piece(TEXT, text, start=start, stop=start + len(text), line_break=line_break))
