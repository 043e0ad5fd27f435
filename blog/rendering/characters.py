"""Character classes as Goldmark draws them, and the two ways in which text becomes HTML."""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache
from html import entities
from urllib.parse import quote

SPACE = " \t\n\v\f\r"  # no-break and wide spaces are text
PUNCTUATION = "!\"#$%&'()*+,-./:;<=>?@[\\]^_`{|}~"
# An attribute in raw HTML, with the white space before it.
HTML_ATTRIBUTE = r"""(?:[\r\n \t]+[a-zA-Z_:][a-zA-Z0-9:._-]*(?:[\r\n \t]*=[\r\n \t]*(?:[^"'=<>`\x00-\x20]+|'[^']*'|"[^"]*"))?)"""
_HTML = str.maketrans({"&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;"})
_CODE = str.maketrans({"&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&#34;", "'": "&#39;"})
_SPECIAL = re.compile(
    r"\\([!-/:-@\[-`{-~])|&(?:#[xX]([0-9a-fA-F]{1,6})|#([0-9]{1,7})|([A-Za-z][A-Za-z0-9]*));"
)
_NAMED = re.compile(r"&([A-Za-z][A-Za-z0-9]*);")
_SPACED = re.compile(_SPECIAL.pattern + r"|\\ ")
_URL_SAFE = "!#$&'()*+,-./:;=?@_~%"
_LONE_PERCENT = re.compile(r"%(?![0-9a-fA-F]{2})")
_DANGEROUS = re.compile(r"(?:javascript|vbscript|file|data):", re.I)
_HARMLESS_IMAGE = re.compile(r"data:image/(?:png|gif|jpeg|webp);", re.I)


@lru_cache(maxsize=4096)
def is_punctuation(char: str) -> bool:
    """Unicode punctuation or symbol, as the rules on flanking use it."""
    return unicodedata.category(char)[0] in "PS"


@lru_cache(maxsize=4096)
def is_plain_punctuation(char: str) -> bool:
    """Unicode punctuation alone: ``$``, ``+``, ``<`` and ``|`` do not count."""
    return unicodedata.category(char)[0] == "P"


@lru_cache(maxsize=4096)
def is_digit(char: str) -> bool:
    return unicodedata.category(char) == "Nd"


def escape_html(text: str) -> str:
    return text.translate(_HTML)


def escape_code(text: str) -> str:
    """As Hugo's highlighter escapes: quotes as numbers."""
    return text.translate(_CODE)


def resolve(text: str, escaped_space: bool = False) -> str:
    """Markdown's backslash escapes and character references replaced by what they stand for."""
    if "\\" not in text and "&" not in text:
        return text
    return (_SPACED if escaped_space else _SPECIAL).sub(_resolved, text)


def resolve_names(text: str) -> str:
    """Named character references replaced; numeric ones and backslashes stay."""
    return _NAMED.sub(lambda match: _named(match.group(1)) or match.group(), text) if "&" in text else text


def text_html(text: str, escaped_space: bool = False) -> str:
    return escape_html(resolve(text, escaped_space))


def _resolved(match: re.Match[str]) -> str:
    punctuation, hexadecimal, decimal, name = match.groups()
    if punctuation:
        return punctuation
    if hexadecimal or decimal:
        return _character(int(hexadecimal, 16) if hexadecimal else int(decimal))
    if name:
        return _named(name) or match.group()
    return ""  # an escaped space


def _character(number: int) -> str:
    valid = 0 < number <= 0x10FFFF and not 0xD800 <= number <= 0xDFFF
    return chr(number) if valid else "\ufffd"


def _named(name: str) -> str | None:
    return entities.html5.get(name + ";")


def escape_url(url: str) -> str:
    """Percent-encodes what may not stand in an attribute; what is encoded already stays."""
    return quote(_LONE_PERCENT.sub("%25", url), safe=_URL_SAFE, errors="replace")


def is_dangerous(url: str) -> bool:
    """Whether Goldmark refuses the link where raw HTML is not allowed."""
    return bool(_DANGEROUS.match(url)) and not _HARMLESS_IMAGE.match(url)
