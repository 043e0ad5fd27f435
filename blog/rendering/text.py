"""Plain text and word counts from HTML, as Hugo takes them."""

from __future__ import annotations

import re
from html import unescape

_CONTROL = re.compile("[\x00-\x08\x0e-\x1b\x7f-\x84\x86-\x9f\ufdd0-\ufdef\ufffe\uffff]")
_LINE_ENDS = re.compile(r"</p>|<br ?/?>")
_UNSEEN = re.compile(r"<!--|<(script|style)\b", re.I)
_TAG = re.compile(r"</?[a-zA-Z!?](?:[^<>\"']|\"[^\"]*\"|'[^']*')*>")
_CLOSERS = {"": "-->", "script": "</script", "style": "</style"}


def strip_tags(html: str) -> str:
    """The text between the tags, character references as they are."""
    if "<" not in html:
        return html
    return _TAG.sub("", _without_unseen(_LINE_ENDS.sub(" \n", html)))


def _without_unseen(html: str) -> str:
    """The HTML without comments, scripts and style sheets."""
    kept: list[str] = []
    hopeless: set[str] = set()
    lower = html.lower()
    start = 0
    for found in _UNSEEN.finditer(html):
        closer = _CLOSERS[(found.group(1) or "").lower()]
        if found.start() < start or closer in hopeless:
            continue
        end = lower.find(closer, found.end())
        if end < 0:
            hopeless.add(closer)
            continue
        kept.append(html[start : found.start()])
        start = end + len(closer) if closer == "-->" else end
    return "".join([*kept, html[start:]])


def plain_text(html: str) -> str:
    """The text a reader sees, white space folded, without the controls that would part a word unseen."""
    return _CONTROL.sub("", " ".join(unescape(strip_tags(html)).split()))


def count_words(html: str, has_cjk: bool) -> int:
    """Words between white space; of a language without spaces every character counts."""
    words = strip_tags(html).split()
    if not has_cjk:
        return len(words)
    return sum(1 if word.isascii() else len(word) for word in words)
