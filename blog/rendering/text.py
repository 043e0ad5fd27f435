"""Plain text and word counts from HTML, as Hugo takes them."""

from __future__ import annotations

import re
from html import unescape

_LINE_ENDS = re.compile(r"</p>|<br ?/?>")
_UNSEEN = re.compile(r"<(script|style)\b[^>]*>.*?</\1\s*>|<!--.*?-->", re.S | re.I)
_TAG = re.compile(r"</?[a-zA-Z!?](?:[^>\"']|\"[^\"]*\"|'[^']*')*>")


def strip_tags(html: str) -> str:
    """The text between the tags, character references as they are."""
    if "<" not in html:
        return html
    html = _LINE_ENDS.sub(" \n", html)
    return _TAG.sub("", _UNSEEN.sub("", html))


def plain_text(html: str) -> str:
    """The text a reader sees, white space folded."""
    return " ".join(unescape(strip_tags(html)).split())


def count_words(html: str, has_cjk: bool) -> int:
    """Words between white space; of a language without spaces every character counts."""
    words = strip_tags(html).split()
    if not has_cjk:
        return len(words)
    return sum(1 if word.isascii() else len(word) for word in words)
