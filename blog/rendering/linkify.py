"""Bare addresses that become links, by Goldmark's rules: http, https, ftp, www. and mail."""

from __future__ import annotations

import re
from dataclasses import dataclass

from blog.rendering.characters import PUNCTUATION

_PATH = r"""[-a-zA-Z0-9@:%_+.~#!?&/=();,'">^{}\[\]`]*"""
_HOST = r"[-a-zA-Z0-9@:%._+~#=]{1,256}\.[a-z]+"
_WWW = re.compile(rf"www\.{_HOST}(?:[/#?]{_PATH})?")
_URL = re.compile(rf"(?:https?|ftp)://{_HOST}(?::\d+)?(?:[/#?]{_PATH.replace('!?', '$!?')})?")
_LABEL = r"[a-zA-Z0-9](?:[a-zA-Z0-9-]{0,61}[a-zA-Z0-9])?"
MAIL = re.compile(rf"[a-zA-Z0-9.!#$%&'*+/=?^_`{{|}}~-]+@{_LABEL}(?:\.{_LABEL})*")
_REFERENCE = re.compile(r"&[a-zA-Z0-9]+;$")
# What a link may begin with: a quick test before the slow ones.
START = r"(?:http|ftp:|www\.|[a-zA-Z0-9.!#$%&'*+/=?^_`{|}~-]{1,64}@)"


@dataclass(frozen=True)
class Found:
    text: str
    url: str


def find_link(line: str, protocol: str) -> Found | None:
    """The link at the head of ``line``; ``protocol`` goes before ``www.``"""
    if url := _URL.match(line):
        return _web(url.group(), "")
    if www := _WWW.match(line):
        return _web(www.group(), protocol + "://")
    return _mail(line)


def _web(text: str, prefix: str) -> Found | None:
    text = _without_tail(_trim(text))
    return Found(text, prefix + text) if text else None


def _without_tail(text: str) -> str:
    """Without the unmatched brackets or the character reference at the end."""
    if text.endswith(")"):
        surplus = text.count(")") - text.count("(")
        return text[:-surplus] if surplus > 0 else text
    if text.endswith(";") and (reference := _REFERENCE.search(text)):
        return text[: reference.start()]
    return text


def _trim(text: str) -> str:
    return text[0] + text[1:].rstrip("?!.,:*_~") if text else ""


def _mail(line: str) -> Found | None:
    if line[:1] in PUNCTUATION:
        return None
    found = MAIL.match(line)
    if found is None or "." not in found.group().partition("@")[2]:
        return None
    if line[found.end() : found.end() + 1] in ("-", "_"):
        return None
    text = _trim(found.group())
    return Found(text, text if text.lower().startswith("mailto:") else "mailto:" + text)
