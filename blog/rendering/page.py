"""One page from source to everything that is stored: shortcodes, Markdown, summary, counts."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import replace

from blog.rendering.addresses import hooked_addresses
from blog.rendering.characters import escape_html
from blog.rendering.documents import convert
from blog.rendering.headings import table_of_contents
from blog.rendering.hugo_shortcodes import BUILTINS, NEED_CLOSING
from blog.rendering.lines import LineOf, line_finder
from blog.rendering.options import Options
from blog.rendering.records import Context, Heading, Rendering
from blog.rendering.shortcodes import PLACEHOLDER, Call, parse_shortcodes, placeholder
from blog.rendering.summary import DIVIDER, MARK, automatic_summary, mark_divider, split_at_divider
from blog.rendering.text import count_words, plain_text

_KEPT = re.compile(rf"(<p>)?{PLACEHOLDER.pattern}(</p>)?")
_IN_TAG = re.compile(rf"<[a-zA-Z][^<>]*{PLACEHOLDER.pattern}[^<>]*>")
_TAG = re.compile(r"<[^<>]*>")
_ALONE = re.compile(r'<p>(<div data-shortcode="[^"]*">(?:(?!</?(?:p|div)\b).)*</div>)</p>', re.S)
_LAST_LINE = re.compile(r"(?:^|\n)[ \t]*\Z")
# A list mark right before a carriage return is a word to Goldmark; a hyphen may be the line below a heading.
_BREAK = "\v"  # stands for that carriage return: no space behind a list mark, but one between words
_LONE_MARK = re.compile(r"(^[ >]*(?:[*+]|\d{1,9}[.)])|(?<=\n\r\n)-|\A-)\r(?=\n)", re.M)
_BLANK_LINE = re.compile(r"(?:^|\n[ \t]*)\n[ \t]*\Z|\A[ \t]*\Z")


def render(
    source: str,
    *,
    markup: str = "markdown",
    options: Options | None = None,
    context: Context | None = None,
    lines: bool = False,
    trusted: bool = True,
) -> Rendering:
    """Renders the body of an entry (without front matter). Never fails, whatever the source.

    ``markup`` is "markdown" or "html"; of an HTML body only the shortcodes are looked at. Raw HTML of
    authors is trusted where the options say so: nothing is sanitised here. With ``lines`` each block says
    in ``data-line`` where it comes from; that is for a preview and never stored. Without ``trusted`` nothing gets
    through that was written as HTML, be it within a shortcode or a formula; that is for comparing.
    """
    options = options or Options()
    if not trusted:
        options = replace(options, unsafe=False, passthrough=False)
    return _Page(options, context or Context(), lines, trusted).render(source, markup)


class _Page:
    """The shortcodes of one page, and what is found out while it is rendered."""

    def __init__(self, options: Options, context: Context, lines: bool, trusted: bool) -> None:
        self.options = options
        self.context = context
        self.lines = lines
        self.trusted = trusted
        self._line_of: LineOf | None = None
        self._address = hooked_addresses(options, context)
        self._finished: list[str] = []  # what the placeholders stand for
        self._unknown: list[tuple[str, int]] = []
        self._problems: list[tuple[str, int]] = []

    def render(self, source: str, markup: str) -> Rendering:
        source = _with_line_feeds(source.removeprefix("\ufeff")).replace("\0", "\ufffd")
        text = self._with_placeholders(source)
        if markup == "html":
            html = self._fill(text)
            before, _, after = html.partition(MARK)
            return self._rendering((before + after).strip(), before.strip() if after else None, "", [])
        document = convert(text, self.options, self._address, self._line_of)
        html, summary = self._fill(document.html), None
        if MARK in html:
            html, summary = split_at_divider(html)
        headings = [Heading(found.level, found.id, self._fill(found.html)) for found in document.headings]
        return self._rendering(html, summary, table_of_contents(headings, self.options), headings)

    def _rendering(self, html: str, summary: str | None, toc: str, headings: list[Heading]) -> Rendering:
        if summary is None:
            summary = automatic_summary(html, self.options.summary_length, self.options.has_cjk)
        return Rendering(
            html=html,
            toc=toc,
            headings=tuple(headings),
            summary=summary,
            text=plain_text(html),
            word_count=count_words(html, self.options.has_cjk),
            unknown_shortcodes=tuple(self._unknown),
            problems=tuple(self._problems),
        )

    # What the shortcodes of the page may ask for

    def block(self, markdown: str) -> str:
        return convert(markdown, self.options, self._address).html

    def line(self, markdown: str) -> str:
        """Markdown as inline HTML: a single paragraph loses its tags."""
        html = self.block(markdown).strip() if markdown else ""
        if html.count("<p>") == 1 and html.startswith("<p>") and html.endswith("</p>"):
            return html[3:-4].strip()
        return html

    def problem(self, message: str, call: Call) -> None:
        self._problems.append((message, call.line))

    # Shortcodes

    def _with_placeholders(self, source: str) -> str:
        """The source as it goes to the Markdown parser: shortcodes expanded or put aside."""
        parts, problems = parse_shortcodes(source)
        self._problems += [(problem.message, problem.line) for problem in problems]
        texts: list[str] = []
        divided = False
        for part, following in zip(parts, [*parts[1:], "\n"], strict=False):
            if isinstance(part, Call):
                texts.append(_apart(self._outer(part), part, texts[-1] if texts else "", following))
            elif DIVIDER in part and not divided:
                texts.append(mark_divider(part))
                divided = True
            else:
                texts.append(part)
        if self.lines:
            self._line_of = line_finder(parts, texts, source)
        return "".join(texts)

    def _outer(self, call: Call) -> str:
        """What stands in the Markdown source for a shortcode of the page itself."""
        if self._is_unclosed(call):
            return call.source
        if not call.markdown:
            return self._keep(self._html(call, 0))
        if call.looked_up not in BUILTINS:
            return self._unknown_markdown(call)
        if not self.trusted:
            return self._keep(self._html(call, 0))  # for it is ours, and would be taken for the author's
        return _indented(self._html(call, 0), call)

    def _is_unclosed(self, call: Call) -> bool:
        unclosed = call.looked_up in NEED_CLOSING and not call.closed
        if unclosed:
            self.problem(f'"{call.name}" is never closed.', call)
        return unclosed

    def _html(self, call: Call, level: int) -> str:
        inner = self._inner(call.inner, level)
        if call.markdown and level and inner:
            inner = self.line(inner) if "\n" not in inner else self.block(inner)
        builtin = BUILTINS.get(call.looked_up)
        if builtin:
            return builtin(call, _without_indentation(inner, call), self)
        self._unknown.append((call.name, call.line))
        if not self.trusted:
            inner = self._inner([part for part in call.inner if isinstance(part, Call)], level)
        # The inner text of an inline shortcode is a program, not text.
        return f"{_opening(call)}{'' if call.name.endswith('.inline') else inner}</div>"

    def _nested(self, call: Call, level: int) -> str:
        return escape_html(call.source) if self._is_unclosed(call) else self._html(call, level)

    def _inner(self, parts: Iterable[str | Call], level: int) -> str:
        return "".join(part if isinstance(part, str) else self._nested(part, level + 1) for part in parts)

    def _unknown_markdown(self, call: Call) -> str:
        """The inner text stays part of the page's Markdown, between two placeholders."""
        self._unknown.append((call.name, call.line))
        inner = self._inner(call.inner, 0)
        if not inner or call.name.endswith(".inline"):
            return self._keep(_opening(call) + "</div>")
        gap = f"\n\n{call.indentation}" if "\n" in inner else ""
        return f"{self._keep(_opening(call))}{gap}{inner}{gap}{self._keep('</div>')}"

    def _keep(self, html: str) -> str:
        """Puts finished HTML aside, so that Markdown does not see it. What stands in its place."""
        self._finished.append(html)
        return placeholder(len(self._finished) - 1)

    def _fill(self, html: str) -> str:
        """Puts the HTML back; a paragraph of nothing else gives way to it."""
        html = html.replace(_BREAK, "")
        if not self._finished:
            return html
        return _ALONE.sub(r"\1", _KEPT.sub(self._kept, _IN_TAG.sub(self._kept_in_tag, html)))

    def _kept_in_tag(self, match: re.Match[str]) -> str:
        """In an attribute there is room for text alone."""
        return PLACEHOLDER.sub(lambda found: _TAG.sub("", self._kept_text(found)), match.group())

    def _kept_text(self, match: re.Match[str]) -> str:
        index = int(match.group(1))
        return self._finished[index] if index < len(self._finished) else match.group()

    def _kept(self, match: re.Match[str]) -> str:
        before, index, after = match.group(1) or "", int(match.group(2)), match.group(3) or ""
        if index >= len(self._finished):
            return match.group()
        return self._finished[index] if before and after else before + self._finished[index] + after


def _apart(text: str, call: Call, before: str, after: str | Call) -> str:
    """What stands for a shortcode of the page. One of Markdown that has lines of its own becomes a block of its own."""
    is_unknown = call.markdown and call.looked_up not in BUILTINS
    if not is_unknown or not _LAST_LINE.search(before) or not (isinstance(after, str) and after[:1] == "\n"):
        return text
    head = "" if _BLANK_LINE.search(before) else f"\n{call.indentation}"
    return f"{head}{text}\n"


def _opening(call: Call) -> str:
    return f'<div data-shortcode="{escape_html(call.name)}">'


def _indented(html: str, call: Call) -> str:
    if call.inner or not call.indentation:
        return html
    return html.replace("\n", "\n" + call.indentation)


def _without_indentation(inner: str, call: Call) -> str:
    if not call.indentation:
        return inner
    lines = inner.split("\n")
    return "\n".join(line.removeprefix(call.indentation) for line in lines)


def _with_line_feeds(source: str) -> str:
    return _LONE_MARK.sub(rf"\1{_BREAK}\r", source).replace("\r\n", "\n") if "\r\n" in source else source
