"""A visitor's words as safe HTML: a subset of Markdown, and the HTML of imported comments.

Nothing written by a visitor can become markup that is not in ``TAGS``: Markdown is parsed with raw
HTML off, and whatever comes out is sanitised once more.
"""

import re
from functools import cache
from html import escape, unescape

import nh3
from markdown_it import MarkdownIt
from markdown_it.token import Token

VERSION = 2

MAX_LENGTH = 10_000
MAX_QUOTE_MARKS = 20
MAX_BRACKETS = 2_000
MAX_ADDRESSES = 200
MAX_HTML_LENGTH = 30_000

TAGS = {"p", "br", "em", "strong", "i", "b", "a", "code", "pre", "ul", "ol", "li", "blockquote"}
ATTRIBUTES: dict[str, set[str]] = {"a": {"href"}, "ol": {"start"}, "*": set()}
SCHEMES = {"http", "https", "mailto"}
LINK_REL = "nofollow ugc noopener"

_CONTROLS = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\x80-\x84\x86-\x9f\ud800-\udfff\ufdd0-\ufdef\ufffe\uffff]"
)
_QUOTE_MARKS = re.compile(r"^[ \t>]*>", re.MULTILINE)
_BRACKETS = re.compile(r"[][`]")
_ADDRESSES = re.compile(r"https?:(?://)?|//", re.IGNORECASE)


class TooIntricate(ValueError):
    """Markdown that would take too long to render: more than ``limit`` of ``what``."""

    def __init__(self, what: str, limit: int):
        super().__init__(f"more than {limit} {what}")
        self.what = what
        self.limit = limit


def clean(text: str) -> str:
    """Text without NUL, control characters and lone surrogates, its line ends made ``\\n``."""
    return _CONTROLS.sub("", text.replace("\r\n", "\n").replace("\r", "\n"))


def check_limits(source: str) -> None:
    """Raise ``TooIntricate`` for text that a Markdown parser may need seconds for."""
    quote_marks = max((marks[0].count(">") for marks in _QUOTE_MARKS.finditer(source)), default=0)
    found = {
        "characters": (len(source), MAX_LENGTH),
        "quote marks": (quote_marks, MAX_QUOTE_MARKS),
        "brackets": (len(_BRACKETS.findall(source)), MAX_BRACKETS),
        "addresses": (len(_ADDRESSES.findall(source)), MAX_ADDRESSES),
    }
    for what, (count, limit) in found.items():
        if count > limit:
            raise TooIntricate(what, limit)


def render_comment(source: str) -> str:
    """Sanitised HTML of a visitor's Markdown; beyond the limits, its plain text in paragraphs."""
    source = clean(source)
    try:
        check_limits(source)
    except TooIntricate:
        return plain_paragraphs(source)
    return _clean(_markdown().render(source)).strip()


def render_html(html: str) -> str:
    """Sanitised HTML of an imported comment: the same subset, paragraphs beginning ">" as quotes."""
    html = clean(html)
    if len(html) > MAX_HTML_LENGTH:
        return plain_paragraphs(html)
    return _quote_paragraphs(_wrap_first_paragraph(_clean(html))).strip()


def plain_paragraphs(text: str) -> str:
    """Text shown as it was typed: escaped, blank lines part paragraphs."""
    paragraphs = (paragraph.strip("\n") for paragraph in re.split(r"\n\s*\n", text))
    return "\n".join(
        f"<p>{escape(paragraph, quote=False).replace(chr(10), '<br>')}</p>"
        for paragraph in paragraphs
        if paragraph.strip()
    )


def plain_text(html: str) -> str:
    """The words of stored comment HTML, without what it quotes, paragraphs parted by blank lines."""
    while _INNERMOST_QUOTE.search(html):
        html = _INNERMOST_QUOTE.sub("", html)
    lines = _PARAGRAPH_END.sub("\n\n", html.replace("\n", " ")).replace("<br>", "\n")
    text = unescape(_TAG.sub("", lines))
    return "\n".join(" ".join(line.split()) for line in text.strip().splitlines())


def quote(text: str) -> str:
    """Markdown that quotes ``text`` line by line, leaving out the lines that are quotes already."""
    lines = (line for line in text.strip().splitlines() if not line.lstrip().startswith(">"))
    quoted = "\n".join(f"> {line}".rstrip() for line in "\n".join(lines).strip().splitlines())
    return f"{quoted}\n\n" if quoted else ""


def absolute_links(html: str, base: str) -> str:
    """Stored comment HTML with its links made absolute against ``base``, for feeds and mails."""
    return _cleaner(base).clean(html)


def _clean(html: str) -> str:
    """Sanitised; of a link with an address that is refused its words stay, and do not look like a link."""
    return _DEAD_LINK.sub(r"\1", _cleaner().clean(html))


@cache
def _cleaner(base: str | None = None) -> nh3.Cleaner:
    return nh3.Cleaner(
        tags=TAGS,
        attributes=ATTRIBUTES,
        set_tag_attribute_values={"pre": {"tabindex": "0"}},
        url_schemes=SCHEMES,
        url_relative=("rewrite_with_base", base) if base else "pass_through",
        link_rel=LINK_REL,
    )


@cache
def _markdown() -> MarkdownIt:
    markdown = MarkdownIt("commonmark", {"html": False, "linkify": True, "breaks": True})
    markdown.enable("linkify").disable(["html_block", "html_inline", "hr", "lheading"])
    # "manage.py" and "node.js" are not addresses: only what begins with http: or https: becomes a link.
    markdown.linkify.set({"fuzzy_link": False, "fuzzy_email": False, "fuzzy_ip": False})
    for schema in ("ftp:", "//", "mailto:"):
        markdown.linkify.add(schema, None)
    markdown.core.ruler.push("plain_headings", _plain_headings)
    markdown.core.ruler.push("images_as_links", _images_as_links)
    return markdown


def _plain_headings(state) -> None:
    """A heading becomes a bold paragraph, for the outline of the page is not the visitor's."""
    for position, token in enumerate(state.tokens):
        if token.type == "heading_open":
            token.tag = "p"
            inline = state.tokens[position + 1]
            inline.children = [
                Token("strong_open", "strong", 1),
                *(inline.children or []),
                Token("strong_close", "strong", -1),
            ]
        elif token.type == "heading_close":
            token.tag = "p"


def _images_as_links(state) -> None:
    for token in state.tokens:
        if token.type == "inline" and token.children:
            token.children = list(_without_images(token.children))


def _without_images(children):
    links = 0
    for token in children:
        links += {"link_open": 1, "link_close": -1}.get(token.type, 0)
        if token.type != "image":
            yield token
            continue
        text = Token("text", "", 0, content=token.content or token.attrs.get("src", ""))
        if links:
            yield text
        else:
            yield Token("link_open", "a", 1, attrs={"href": token.attrs.get("src", "")})
            yield text
            yield Token("link_close", "a", -1)


_INNERMOST_QUOTE = re.compile(r"<blockquote>(?:(?!<blockquote>).)*?</blockquote>", re.DOTALL)
_PARAGRAPH_END = re.compile(r"</(?:p|pre|li)>\s*")
_DEAD_LINK = re.compile(r"<a(?! href=)[^>]*>(.*?)</a>", re.DOTALL)  # links hold no others
_TAG = re.compile(r"<[^>]*>")
_BLOCK_START = re.compile(r"<(?:p|pre|ul|ol|blockquote)\b")
_PARAGRAPH = re.compile(r"<p>(.*?)</p>\s*", re.DOTALL)
_QUOTED = re.compile(r"(<(?:i|em)>)?\s*((?:&gt;\s*)+)(.*)", re.DOTALL)


def _wrap_first_paragraph(html: str) -> str:
    """Hacker News puts ``<p>`` between paragraphs, so that the first has none."""
    start = _BLOCK_START.search(html)
    first, rest = (html[: start.start()], html[start.start() :]) if start else (html, "")
    return f"<p>{first.strip()}</p>{rest}" if first.strip() else rest


def _quote_paragraphs(html: str) -> str:
    quoted = _PARAGRAPH.sub(_as_quote, html)
    return quoted.replace("</blockquote><blockquote>", "")


def _as_quote(paragraph: re.Match) -> str:
    if not paragraph[1].strip():
        return ""
    quote = _QUOTED.match(paragraph[1])
    if not quote:
        return paragraph[0]
    return f"<blockquote><p>{quote[1] or ''}{quote[3]}</p></blockquote>"
