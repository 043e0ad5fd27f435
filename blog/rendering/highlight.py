"""Code blocks: fences with their options, coloured by Pygments in the markup that Hugo writes."""

from __future__ import annotations

import re
from collections.abc import Iterable
from contextlib import suppress
from dataclasses import dataclass, replace
from functools import lru_cache
from pathlib import Path
from typing import Any

from pygments.lexer import Lexer
from pygments.lexers import get_lexer_by_name, get_lexer_for_filename
from pygments.token import STANDARD_TYPES, Token, _TokenType
from pygments.util import ClassNotFound

from blog.rendering.attributes import parse_attributes, render_attributes
from blog.rendering.characters import SPACE, escape_code, escape_html
from blog.rendering.options import Options

# Some lexers take far longer than linear time on what is hardly code.
_LONGEST_CODE = 200_000
_LONGEST_LINE = 4_000
_OPTIONS = frozenset(
    [
        "anchorlinenos",
        "guesssyntax",
        "hl_lines",
        "hl_inline",
        "lineanchors",
        "linenos",
        "linenostart",
        "linenumbersintable",
        "noclasses",
        "style",
        "tabwidth",
    ]
)
_LINE = re.compile(r"[^\n]*\n|[^\n]+")


@dataclass(frozen=True)
class Style:
    """How one block of code is shown."""

    numbers: str = ""  # "", "inline" or "table"
    first: int = 1
    marked: frozenset[int] = frozenset()  # numbers of highlighted lines, counted from 1
    anchored: bool = False  # whether the line numbers are links to themselves
    anchors: str = ""  # what their ids begin with
    guess: bool = False
    inline: bool = False
    wrapper: str = "highlight"


def fence_html(code: str, info: str, options: Options, ordinal: int = 0) -> str:
    """A fenced block. ``info`` is what stands behind the opening fence, ``ordinal`` its place among them."""
    info = info.strip(SPACE)
    language = info.split(" ", 1)[0]
    if not options.code_fences:
        name = f' class="language-{escape_html(language)}"' if language else ""
        return f"<pre><code{name}>{escape_html(code)}</code></pre>\n"
    attributes = _info_attributes(info)
    settings = {name.lower(): value for name, value in attributes.items() if name.lower() in _OPTIONS}
    others = {name: value for name, value in attributes.items() if name.lower() not in _OPTIONS}
    style = styled(replace(site_style(options), anchors=f"hl-{ordinal}-"), settings)
    code = code.rstrip("\r\n")
    return highlight(code + "\n" if code else "", language.partition("{")[0], style, others)


def code_block_html(code: str) -> str:
    """An indented block."""
    return f"<pre><code>{escape_html(code)}</code></pre>\n"


def _info_attributes(info: str) -> dict[str, Any]:
    end = info.find("}")
    start = info.rfind("{", 0, end) if end >= 0 else -1
    if start < 0:
        return {}
    found = parse_attributes(info[start : end + 1])
    return found[0] if found else {}


def site_style(options: Options) -> Style:
    return Style(
        numbers=options.line_numbers,
        first=options.line_number_start,
        anchored=options.line_number_anchors,
        guess=options.guess_syntax,
        wrapper=options.wrapper_class,
    )


def styled(style: Style, settings: dict[str, Any]) -> Style:
    """The style changed by the settings of one block, keys in lower case."""
    numbers = style.numbers
    if "linenos" in settings:
        numbers = _numbers(settings["linenos"])
    first = _integer(settings.get("linenostart"), style.first)
    return replace(
        style,
        numbers=numbers,
        first=first,
        marked=frozenset(_line_numbers(settings.get("hl_lines"))),
        anchored=_is_true(settings.get("anchorlinenos", style.anchored)),
        anchors=f"{settings['lineanchors']}-" if settings.get("lineanchors") else style.anchors,
        guess=_is_true(settings.get("guesssyntax", style.guess)),
        inline=_is_true(settings.get("hl_inline", False)),
    )


def _numbers(value: Any) -> str:
    if value in ("inline", "table"):
        return str(value)
    return "table" if _is_true(value) else ""


def _is_true(value: Any) -> bool:
    return value is True or (isinstance(value, str) and value.strip().lower() not in ("", "false", "0"))


def _integer(value: Any, default: int) -> int:
    try:
        return int(value)
    except (TypeError, ValueError):
        return default


def _line_numbers(value: Any) -> Iterable[int]:
    """``[2, "4-6"]`` and ``"2 4-6"``"""
    items = value if isinstance(value, list) else str(value or "").split()
    for item in items:
        first, _, last = str(int(item) if isinstance(item, float) else item).partition("-")
        if first.isdecimal() and (not last or last.isdecimal()):
            yield from range(int(first), min(int(last or first), int(first) + 10_000) + 1)


def highlight(code: str, language: str, style: Style, attributes: dict[str, Any] | None = None) -> str:
    """The code as HTML; colours only where the language is known."""
    lexer, is_hugos = _lexer(language), _is_hugos(language)
    if not is_hugos and style.guess:
        lexer, language, is_hugos = _lexer("text"), "fallback", True
    if style.inline:
        return _inline(code, language, lexer)
    if lexer and not is_hugos:
        return _body(_lines(code, lexer), language, Style())
    if lexer is None:
        return f'<pre tabindex="0">{_code_tag(language)}{escape_code(code)}</code></pre>'
    attributes = attributes or {}
    extra = f" {attributes['class']}" if "class" in attributes else ""
    opening = (
        f'<div class="{escape_html(style.wrapper + extra)}"{render_attributes(attributes, skip=("class",))}>'
    )
    return f"{opening}{_body(_lines(code, lexer), language, style)}</div>"


def _code_tag(language: str) -> str:
    name = escape_html(language)
    return f'<code class="language-{name}" data-lang="{name}">' if language else "<code>"


def _inline(code: str, language: str, lexer: Lexer | None) -> str:
    inner = "".join(_lines(code, lexer)) if lexer else escape_code(code)
    return f'<code class="code-inline language-{escape_html(language)}">{inner}</code>'


def _body(lines: list[str], language: str, style: Style) -> str:
    if style.numbers != "table":
        rows = "".join(_row(line, number, style) for number, line in enumerate(lines, style.first))
        return f'<pre tabindex="0" class="chroma">{_code_tag(language)}{rows}</code></pre>'
    numbers = "".join(_table_number(number, style) for number in range(style.first, style.first + len(lines)))
    rows = "".join(_row(line, number, style) for number, line in enumerate(lines, style.first))
    return (
        '<div class="chroma">\n<table class="lntable"><tr><td class="lntd">\n'
        f'<pre tabindex="0" class="chroma"><code>{numbers}</code></pre></td>\n<td class="lntd">\n'
        f'<pre tabindex="0" class="chroma">{_code_tag(language)}{rows}</code></pre></td></tr></table>\n</div>\n'
    )


def _table_number(number: int, style: Style) -> str:
    text = f'<span class="lnt"{_anchor(number, style)}\n</span>'
    return f'<span class="hl">{text}</span>' if number - style.first + 1 in style.marked else text


def _anchor(number: int, style: Style) -> str:
    """The rest of a line number's tag, with its number."""
    if not style.anchored:
        return f">{number}"
    name = f"{escape_html(style.anchors)}{number}"
    return f' id="{name}"><a class="lnlinks" href="#{name}">{number}</a>'


def _row(line: str, number: int, style: Style) -> str:
    marked = " hl" if number - style.first + 1 in style.marked else ""
    shown = f'<span class="ln"{_anchor(number, style)}</span>' if style.numbers == "inline" else ""
    return f'<span class="line{marked}">{shown}<span class="cl">{line}</span></span>'


@lru_cache(maxsize=1)
def _hugos_languages() -> frozenset[str]:
    """Every name that Hugo colours code by, endings of file names among them; other code has no frame around it."""
    return frozenset(Path(__file__).with_name("languages.txt").read_text(encoding="utf-8").splitlines())


def _is_hugos(name: str) -> bool:
    """By its name in whatever case, or as that of a file: many write ``yaml:compose.yml``."""
    file, known = _file_in(name), _hugos_languages()
    dots = [place for place, letter in enumerate(file) if letter == "."]
    spellings = {
        name.lower(),
        file,
        *(f"*{file[dot:]}" for dot in dots),
        *(f"{file[:dot]}.*" for dot in dots),
    }
    return not known.isdisjoint(spellings)


def _file_in(name: str) -> str:
    return name.rpartition("/")[2]


@lru_cache(maxsize=256)
def _lexer(name: str) -> Lexer | None:
    if not name:
        return None
    with suppress(ClassNotFound):
        return get_lexer_by_name(name, stripnl=False, ensurenl=False)
    if not _is_hugos(name):
        return None
    for file in (f"code.{name.lower()}", _file_in(name)):
        with suppress(ClassNotFound):
            return get_lexer_for_filename(file, stripnl=False, ensurenl=False)
    return _lexer("text")


def _lines(code: str, lexer: Lexer) -> list[str]:
    """The lines as HTML, each with its newline."""
    lines: list[str] = []
    line: list[str] = []
    for kind, text in _tokens(code, lexer):
        for part in _LINE.findall(text):
            line.append(_span(kind, part))
            if part.endswith("\n"):
                lines.append("".join(line))
                line = []
    return [*lines, "".join(line)] if line else lines


def _tokens(code: str, lexer: Lexer) -> Iterable[tuple[_TokenType, str]]:
    """Tokens of the code, neighbours of one kind joined."""
    if len(code) > _LONGEST_CODE or any(len(line) > _LONGEST_LINE for line in code.split("\n")):
        return [(Token.Text, code)]
    joined: list[tuple[_TokenType, str]] = []
    ended = code if code.endswith("\n") else code + "\n"  # some lexers drop a last line without end
    for _, kind, text in lexer.get_tokens_unprocessed(ended):
        if joined and joined[-1][0] is kind:
            joined[-1] = (kind, joined[-1][1] + text)
        else:
            joined.append((kind, text))
    if "".join([text for _, text in joined]) != ended:
        return [(Token.Text, code)]
    if ended is not code:
        joined[-1] = (joined[-1][0], joined[-1][1][:-1])
    return joined


def _span(kind: _TokenType, text: str) -> str:
    name = _css_class(kind)
    text = escape_code(text)
    return f'<span class="{name}">{text}</span>' if name else text


@lru_cache(maxsize=512)
def _css_class(kind: _TokenType) -> str:
    while kind not in STANDARD_TYPES and kind.parent:
        kind = kind.parent
    return STANDARD_TYPES.get(kind, "")
