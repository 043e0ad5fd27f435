"""From Markdown to a finished document: blocks, then inline pieces, then ids, then HTML."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, field

from markdown_it.token import Token

from blog.rendering.footnotes import NoteText, split_notes, with_notes
from blog.rendering.headings import read_attributes, strip_closing_hashes
from blog.rendering.ids import TERM, Ids
from blog.rendering.inline import parse_inline
from blog.rendering.lines import LineOf, mark_lines
from blog.rendering.markdown import parse_blocks
from blog.rendering.options import Options
from blog.rendering.pieces import IMAGE, LINK_OPEN, PASSTHROUGH, TEXT, Piece
from blog.rendering.pieces_html import contents_title, plain_text
from blog.rendering.records import Heading
from blog.rendering.scanner import Block, Notes
from blog.rendering.shortcodes import PLACEHOLDER
from blog.rendering.tables import with_tables
from blog.rendering.tokens_html import tokens_html

_BLANK_LINE = re.compile(r"^[ \t]+$", re.M)
Address = Callable[[str, str], str]
PIECES = "pieces"  # where a token of type "inline" keeps what its text consists of


@dataclass
class Document:
    html: str
    headings: list[Heading] = field(default_factory=list)


def convert(
    source: str, options: Options, address: Address | None = None, line_of: LineOf | None = None
) -> Document:
    """Markdown to HTML. Shortcodes are ordinary text here.

    ``address`` is given the kind of each link or image and its URL, and answers with the URL to write;
    ``line_of`` is given a line of this source, and answers with the one to mark its block with.
    """
    tokens, references = parse_blocks(source, options)
    if options.table:
        tokens = with_tables(tokens)
    if line_of is not None:
        mark_lines(tokens, line_of)
    _empty_blank_lines(tokens)
    body, notes = split_notes(tokens)
    registry = Notes(labels=dict.fromkeys((note.label for note in notes), 0))
    in_order = _reading_order(body, notes)
    _read_headings(in_order, options)
    _parse_texts(in_order, Block(options, references, registry))
    headings = _give_ids(in_order, options)
    if address is not None:
        _rewrite_addresses(in_order, address)
    if options.block_attributes:
        body = _with_attributes(body)
    if options.passthrough_block:
        body = _with_blocks_passed_through(body)
    body = with_notes(body, notes, registry, options)
    for ordinal, fence in enumerate(token for token in body if token.type == "fence"):
        fence.meta["ordinal"] = ordinal
    if not options.wrap_images:
        body = _with_bare_images(body)
    return Document(tokens_html(body, options), headings)


def _empty_blank_lines(tokens: list[Token]) -> None:
    """In list items blank lines of code lose their spaces."""
    items = 0
    for token in tokens:
        if token.tag == "li":
            items += token.nesting
        elif items and token.type in ("fence", "code_block"):
            token.content = _BLANK_LINE.sub("", token.content)


def _reading_order(body: list[Token], notes: list[NoteText]) -> list[Token]:
    """All tokens in the order in which Goldmark reads them: notes where the first one is defined."""
    if not notes:
        return body
    start = notes[0].position
    return [*body[:start], *(token for note in notes for token in note.tokens), *body[start:]]


def _read_headings(tokens: list[Token], options: Options) -> None:
    for opening, inline in zip(tokens, tokens[1:], strict=False):
        if opening.type != "heading_open":
            continue
        if options.title_attributes:
            read_attributes(opening, inline)
        if opening.markup.startswith("#"):
            inline.content = strip_closing_hashes(inline.content)


def _parse_texts(tokens: list[Token], block: Block) -> None:
    for index, token in enumerate(tokens):
        if token.type == "inline":
            block.starts_list_item = index > 1 and tokens[index - 2].type == "list_item_open"
            block.in_table = "table" in token.meta
            lines = token.content.split("\n")
            text = "\n".join([line.lstrip(" \t") for line in lines]) if len(lines) > 1 else token.content
            token.meta[PIECES] = parse_inline(text, block)


def _rewrite_addresses(tokens: list[Token], address: Address) -> None:
    for token in tokens:
        for piece in token.meta.get(PIECES, ()):
            if piece.kind in (LINK_OPEN, IMAGE):
                piece.url = address(piece.kind, piece.url)


def _give_ids(tokens: list[Token], options: Options) -> list[Heading]:
    ids = Ids(options.id_type)
    headings = []
    for opening, inline in zip(tokens, tokens[1:], strict=False):
        if opening.type == "heading_open":
            headings.append(_heading(opening, inline, ids, options))
        elif opening.type == "dt_open" and options.term_ids:
            text = plain_text(inline.meta[PIECES])
            if text:
                opening.attrSet("id", ids.make(text, TERM))
    return headings


def _heading(opening: Token, inline: Token, ids: Ids, options: Options) -> Heading:
    pieces: list[Piece] = inline.meta[PIECES]
    given = opening.attrs.get("id")
    if given is not None:
        ids.reserve(str(given))
    elif options.heading_ids:
        text = plain_text(pieces).rpartition("\n")[2]
        if text:
            opening.attrSet("id", ids.make(PLACEHOLDER.sub("", text)))
    level = int(opening.tag[1])
    return Heading(level, str(opening.attrs.get("id", "")), contents_title(pieces, options))


def _with_attributes(tokens: list[Token]) -> list[Token]:
    """Gives the attribute lines to the blocks before them."""
    result: list[Token] = []
    for token in tokens:
        if token.type != "attributes":
            result.append(token)
            continue
        target = _opening_of_last(result)
        if target is not None and target.type != "fence":
            for name, value in token.meta["attributes"].items():
                target.attrs.setdefault(name, value)
    return result


def _opening_of_last(tokens: list[Token]) -> Token | None:
    """The token that opens the block that the list ends with."""
    depth = 0
    for token in reversed(tokens):
        depth -= token.nesting
        if depth == 0:
            return token if token.type != "inline" else None
        if depth < 0:
            return None
    return None


def _with_blocks_passed_through(tokens: list[Token]) -> list[Token]:
    """Takes what is passed through as a block out of the paragraph it stands in."""
    result: list[Token] = []
    for token in tokens:
        pieces: list[Piece] = token.meta.get(PIECES, []) if token.type == "inline" else []
        inside = bool(pieces) and result[-1].type == "paragraph_open"
        if inside and any(_is_passed_block(piece) for piece in pieces):
            _split_paragraph(result, pieces)
        elif token.type == "paragraph_close" and result and result[-1].type == "passthrough":
            pass
        else:
            result.append(token)
    return result


def _is_passed_block(piece: Piece) -> bool:
    return piece.kind == PASSTHROUGH and piece.url == "block"


def _split_paragraph(result: list[Token], pieces: list[Piece]) -> None:
    opening = result.pop()
    rest: list[Piece] = []
    for piece in [*pieces, None]:
        if piece is not None and not _is_passed_block(piece):
            rest.append(piece)
            continue
        if rest:
            if opening.hidden:
                _trim(rest, before=piece is not None, after=result[-1].type == "passthrough")
            result += [opening, Token("inline", "", 0, meta={PIECES: rest})]
            result.append(Token("paragraph_close", "p", -1, block=True, hidden=opening.hidden))
            rest = []
        if piece is not None:
            result.append(Token("passthrough", "", 0, content=piece.text))
    # The paragraph's own end follows; an empty mark tells that it is not needed.
    result.append(Token("passthrough", "", 0, content=""))


def _trim(pieces: list[Piece], before: bool, after: bool) -> None:
    """In a list item the text around what is passed through loses its spaces."""
    if before and pieces[-1].kind == TEXT:
        pieces[-1].text = pieces[-1].text.rstrip(" \t")
    if after and pieces[0].kind == TEXT:
        pieces[0].text = pieces[0].text.lstrip(" \t")


def _with_bare_images(tokens: list[Token]) -> list[Token]:
    """Images that stand alone in a paragraph, without the paragraph."""
    for opening, inline, closing in zip(tokens, tokens[1:], tokens[2:], strict=False):
        if opening.type == "paragraph_open":
            pieces: list[Piece] = inline.meta[PIECES]
            if len(pieces) == 1 and pieces[0].kind == IMAGE:
                opening.hidden = closing.hidden = True
                inline.meta["attributes"] = opening.attrs
    return tokens
