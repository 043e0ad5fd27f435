"""Pipe tables. As in Goldmark a table is found among the lines of a finished paragraph."""

from __future__ import annotations

import re
from dataclasses import dataclass

from markdown_it.token import Token

from blog.rendering.characters import SPACE

_DELIMITER_ROW = re.compile(r" {0,3}[|:-][\s|:-]*$", re.A)
_ALIGNMENTS = (
    (re.compile(r"\s*:-+\s*$", re.A), "left"),
    (re.compile(r"\s*-+:\s*$", re.A), "right"),
    (re.compile(r"\s*:-+:\s*$", re.A), "center"),
    (re.compile(r"\s*-+\s*$", re.A), ""),
)
_CELL_END = re.compile(r"(?<!\\)\|")
_MOST_FILLED = 20_000  # cells that are not written; without an end a few lines would stand for millions


@dataclass(frozen=True)
class Table:
    first_line: int  # of the paragraph's lines, the one that is the header
    alignments: list[str]
    header: list[str | None]
    rows: list[list[str | None]]  # None where a row is too short


def find_table(lines: list[str]) -> Table | None:
    """The table among the lines of a paragraph, if there is one."""
    for index in range(1, len(lines)):
        alignments = _alignments(lines[index])
        if alignments is None:
            continue
        header = _cells(lines[index - 1], None)
        if len(header) > len(alignments):
            return None
        header += [None] * (len(alignments) - len(header))
        rows = _filled([_cells(line, len(alignments)) for line in lines[index + 1 :]], len(alignments))
        return Table(index - 1, alignments, header, rows)
    return None


def _alignments(line: str) -> list[str] | None:
    if not _DELIMITER_ROW.match(line):
        return None
    columns = line.split("|")
    if columns and not columns[0].strip(SPACE):
        columns = columns[1:]
    if columns and not columns[-1].strip(SPACE):
        columns = columns[:-1]
    found = [_alignment(column) for column in columns]
    return [name for name in found if name is not None] if found and None not in found else None


def _alignment(column: str) -> str | None:
    return next((name for pattern, name in _ALIGNMENTS if pattern.match(column)), None)


def _cells(line: str, width: int | None) -> list[str | None]:
    """The cells of a row, cut to ``width``."""
    line = line.strip(SPACE)
    start = 1 if line.startswith("|") else 0
    limit = len(line) - 1 if line.endswith("|") else len(line)
    cells: list[str | None] = []
    while start < limit and (width is None or len(cells) < width):
        end = _CELL_END.search(line, start, limit)
        stop = end.start() if end else limit
        cells.append(line[start:stop].strip(SPACE))
        start = stop + 1
    return cells


def _filled(rows: list[list[str | None]], width: int) -> list[list[str | None]]:
    """The rows, the short ones filled up to the width of the table, as long as there is no end of them."""
    room = _MOST_FILLED
    for row in rows:
        missing = width - len(row)
        if missing <= room:
            row += [None] * missing
            room -= missing
    return rows


def with_tables(tokens: list[Token]) -> list[Token]:
    """The block tokens with those paragraphs that hold a table taken apart."""
    result: list[Token] = []
    for index, token in enumerate(tokens):
        if token.type == "inline" and tokens[index - 1].type == "paragraph_open" and "\n" in token.content:
            lines = token.content.split("\n")
            table = find_table(lines)
            if table:
                _replace(result, token, lines, table)
                continue
        if token.type == "paragraph_close" and result and result[-1].type == "table_close":
            continue
        result.append(token)
    return result


def _replace(result: list[Token], token: Token, lines: list[str], table: Table) -> None:
    opening = result.pop()
    if table.first_line:
        token.content = "\n".join(lines[: table.first_line]).rstrip(SPACE)
        result += [
            opening,
            token,
            Token("paragraph_close", "p", -1, hidden=opening.hidden, level=opening.level),
        ]
    result += _table_tokens(table, opening.level)


def _table_tokens(table: Table, level: int) -> list[Token]:
    tokens = [
        Token("table_open", "table", 1, block=True, level=level),
        Token("thead_open", "thead", 1, block=True),
    ]
    tokens += _row_tokens("th", table.header, table.alignments)
    tokens += [Token("thead_close", "thead", -1, block=True), Token("tbody_open", "tbody", 1, block=True)]
    for row in table.rows:
        tokens += _row_tokens("td", row, table.alignments)
    tokens += [
        Token("tbody_close", "tbody", -1, block=True),
        Token("table_close", "table", -1, block=True, level=level),
    ]
    return tokens


def _row_tokens(tag: str, cells: list[str | None], alignments: list[str]) -> list[Token]:
    tokens = [Token("tr_open", "tr", 1, block=True)]
    for cell, alignment in zip(cells, alignments, strict=False):
        opening = Token(tag + "_open", tag, 1, block=True)
        if alignment and cell is not None:
            opening.attrs = {"style": f"text-align: {alignment}"}
        content = Token("inline", "", 0, content=cell or "", children=[], meta={"table": True})
        tokens += [opening, content, Token(tag + "_close", tag, -1, block=True)]
    return [*tokens, Token("tr_close", "tr", -1, block=True)]
