"""The block parser: markdown-it set up to see the blocks that Goldmark sees."""

from __future__ import annotations

from functools import lru_cache
from typing import Any

from markdown_it import MarkdownIt
from markdown_it.token import Token

from blog.rendering import blocks
from blog.rendering.options import Options

_DEEPEST = 60  # levels of lists and quotes; deeper ones would exhaust Python's stack
_INTERRUPTS = ["paragraph", "reference", "blockquote", "list"]


@lru_cache(maxsize=32)
def block_parser(options: Options) -> MarkdownIt:
    parser = MarkdownIt("zero", {"maxNesting": _DEEPEST})
    parser.enable(
        ["code", "fence", "blockquote", "hr", "list", "reference", "html_block", "heading", "lheading"]
    )
    parser.core.ruler.enableOnly(["normalize", "block"])
    ruler = parser.block.ruler
    ruler.at("html_block", blocks.html_block, {"alt": ["paragraph", "reference", "blockquote"]})
    ruler.at("heading", blocks.heading, {"alt": ["paragraph", "reference", "blockquote"]})
    ruler.at("paragraph", blocks.paragraph)
    if options.footnote:
        ruler.before("reference", "footnote", blocks.footnote_definition, {"alt": ["paragraph", "reference"]})
    if options.definition_list:
        ruler.before("lheading", "definition", blocks.definition, {"alt": ["paragraph", "reference"]})
    if options.block_attributes:
        ruler.before("code", "attributes", blocks.attribute_line, {"alt": _INTERRUPTS})
    # Addresses are looked at when links are written, not when they are read.
    parser.normalizeLink = lambda url: url  # type: ignore[method-assign]
    parser.validateLink = lambda url: True  # type: ignore[method-assign]
    return parser


def parse_blocks(source: str, options: Options) -> tuple[list[Token], dict[str, Any]]:
    """The block tokens of the source and its link references."""
    env: dict[str, Any] = {}
    tokens = block_parser(options).parse(source, env)
    return tokens, env.get("references", {})
