"""The block parser: markdown-it set up to see the blocks that Goldmark sees."""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache
from typing import Any

from markdown_it import MarkdownIt
from markdown_it.rules_block import StateBlock, blockquote, fence, hr, list_block
from markdown_it.token import Token

from blog.rendering import blocks
from blog.rendering.options import Options

_DEEPEST = 60  # levels of lists and quotes; deeper ones would exhaust Python's stack, and are text
_TEXTS = ["paragraph", "reference"]
_LISTS = [*_TEXTS, "list"]
Rule = Callable[[StateBlock, int, int, bool], bool]


@lru_cache(maxsize=32)
def block_parser(options: Options) -> MarkdownIt:
    parser = MarkdownIt("zero", {"maxNesting": 2 * _DEEPEST})
    parser.enable(["code", "reference", "lheading"])
    parser.core.ruler.enableOnly(["normalize", "block"])
    ruler = parser.block.ruler
    rules: dict[str, tuple[Rule, list[str]]] = {
        "fence": (fence, _LISTS),
        "blockquote": (_shallow(blockquote), _LISTS),
        "hr": (hr, _LISTS),
        "list": (_shallow(list_block), _TEXTS),
        "html_block": (blocks.html_block, _TEXTS),
        "heading": (blocks.heading, _TEXTS),
    }
    for name, (rule, interrupted) in rules.items():
        ruler.at(name, rule, {"alt": interrupted})
    ruler.enable(list(rules))
    ruler.at("paragraph", blocks.paragraph)
    ends = [rule for rule, _interrupted in rules.values()]
    if options.footnote:
        note = _shallow(blocks.footnote_definition)
        ruler.before("reference", "footnote", note, {"alt": _TEXTS})
    if options.definition_list:
        ruler.before("lheading", "definition", _shallow(blocks.definition), {"alt": _TEXTS})
    if options.block_attributes:
        ruler.before("code", "attributes", blocks.attribute_line, {"alt": _LISTS})
        ends.insert(0, blocks.attribute_line)
    ruler.push("quote_end", _quote_end(ends), {"alt": ["blockquote"]})
    # Addresses are looked at when links are written, not when they are read.
    parser.normalizeLink = lambda url: url  # type: ignore[method-assign]
    parser.validateLink = lambda url: True  # type: ignore[method-assign]
    return parser


def _shallow(parse: Rule) -> Rule:
    def rule(state: StateBlock, startLine: int, endLine: int, silent: bool) -> bool:
        return state.level < _DEEPEST and parse(state, startLine, endLine, silent)

    return rule


def _quote_end(ends: list[Rule]) -> Rule:
    """Whether a line without a mark ends a quote. One that does not has a negative indent from then on, and the
    quotes inside need not ask again."""

    def rule(state: StateBlock, startLine: int, endLine: int, silent: bool) -> bool:
        return (
            silent
            and state.sCount[startLine] >= 0
            and any(end(state, startLine, endLine, True) for end in ends)
        )

    return rule


def parse_blocks(source: str, options: Options) -> tuple[list[Token], dict[str, Any]]:
    """The block tokens of the source and its link references."""
    env: dict[str, Any] = {}
    tokens = block_parser(options).parse(source, env)
    return tokens, env.get("references", {})
