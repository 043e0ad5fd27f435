"""Block tokens written as HTML."""

from __future__ import annotations

from collections.abc import Callable

from markdown_it.token import Token

from blog.rendering.attributes import render_attributes
from blog.rendering.highlight import code_block_html, fence_html
from blog.rendering.options import Options
from blog.rendering.pieces import IMAGE, Piece
from blog.rendering.pieces_html import OMITTED, inline_html

Writer = Callable[[Token, Options], str]
# After these a line ends; the others hold text.
_BREAK_AFTER = frozenset(
    [
        "blockquote_open",
        "bullet_list_open",
        "ordered_list_open",
        "table_open",
        "thead_open",
        "tbody_open",
        "tr_open",
        "dl_open",
    ]
)


def tokens_html(tokens: list[Token], options: Options) -> str:
    parts: list[str] = []
    hidden = False
    for index, token in enumerate(tokens):
        if token.hidden:
            hidden = token.nesting == -1
            continue
        if hidden and token.nesting != -1 and token.type != "inline":
            parts.append("\n")
        hidden = False
        writer = _WRITERS.get(token.type)
        if writer:
            parts.append(writer(token, options))
        elif token.nesting == -1:
            parts.append(f"</{token.tag}>\n")
        else:
            parts.append(_opening(token, tokens[index + 1] if index + 1 < len(tokens) else None))
    return "".join(parts)


def _opening(token: Token, following: Token | None) -> str:
    html = f"<{token.tag}{render_attributes(token.attrs) if token.attrs else ''}>"
    if token.type in _BREAK_AFTER:
        return html + "\n"
    if token.type in ("list_item_open", "dd_open") and following is not None:
        holds_text = following.hidden or following.nesting == -1
        return html if holds_text else html + "\n"
    return html


def _inline(token: Token, options: Options) -> str:
    pieces: list[Piece] = token.meta["pieces"]
    attributes = token.meta.get("attributes")
    if attributes and pieces[0].kind == IMAGE:
        pieces[0].text = render_attributes(attributes)
    return inline_html(pieces, options)


def _html_block(token: Token, options: Options) -> str:
    if options.unsafe:
        return token.content if token.content.endswith("\n") else token.content + "\n"
    return (OMITTED + "\n") * (2 if token.meta.get("closed") else 1)  # the closing line counts as a second


def _rule(token: Token, options: Options) -> str:
    attributes = render_attributes(token.attrs) if token.attrs else ""
    return f"<hr{attributes}{' /' if options.xhtml else ''}>\n"


def _finished(token: Token, options: Options) -> str:
    return token.content


def _fence(token: Token, options: Options) -> str:
    return fence_html(token.content, token.info, options, token.meta["ordinal"])


def _code_block(token: Token, options: Options) -> str:
    return code_block_html(token.content)


_WRITERS: dict[str, Writer] = {
    "inline": _inline,
    "html_block": _html_block,
    "hr": _rule,
    "finished": _finished,
    "passthrough": _finished,
    "fence": _fence,
    "code_block": _code_block,
}
