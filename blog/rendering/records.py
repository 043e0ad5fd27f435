"""What goes into rendering beside the source, and what comes out of it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

Resolve = Callable[..., str | None]


def _unknown(reference: str, source_path: str, target: str = "") -> None:
    return None


@dataclass(frozen=True)
class Context:
    """What a shortcode may ask of its page and site."""

    path: str = ""  # URL path of the page: "/posts/x/"
    source_path: str = ""  # relative to the content folder: "posts/x.md"
    base_url: str = ""
    params: Mapping[str, Any] = field(default_factory=dict)  # front matter, keys lower-cased
    site_params: Mapping[str, Any] = field(default_factory=dict)
    # (reference, source_path) -> URL path, None if there is no such page; target="de" is for one in that language
    resolve_ref: Resolve = _unknown
    resolve_page: Resolve = _unknown  # the same for what a link names: lists too, nothing by its name alone
    resolve_resource: Resolve = (
        _unknown  # (file name, source_path) -> URL path of a file in the page's bundle
    )


@dataclass(frozen=True)
class Heading:
    level: int
    id: str  # "" for a heading without an id
    html: str  # the heading's text as inline HTML, without links and footnote marks


@dataclass(frozen=True)
class Rendering:
    html: str  # as Hugo's .Content, heading levels as written
    toc: str  # as Hugo's .TableOfContents
    headings: tuple[Heading, ...]
    summary: str  # as Hugo's .Summary
    text: str  # plain text, white space folded
    word_count: int
    unknown_shortcodes: tuple[tuple[str, int], ...]  # (name, line)
    problems: tuple[tuple[str, int], ...]  # (sentence, line)
