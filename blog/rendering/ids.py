"""Ids for headings, by Hugo's three rules, each id once in a document."""

from __future__ import annotations

import unicodedata

from blog.rendering.characters import is_digit

HEADING = "heading"
TERM = "term"


def anchor_name(text: str, id_type: str = "github") -> str:
    """The id for a text; "" where no letter or digit is in it.

    "github" keeps the letters of all scripts, "github-ascii" strips accents and drops the rest,
    "blackfriday" puts one hyphen for anything between words.
    """
    if id_type == "blackfriday":
        return _blackfriday(text)
    ascii_only = id_type == "github-ascii"
    if ascii_only:
        text = _without_accents(text)
    return "".join(_github(char, ascii_only) for char in text.strip())


def _github(char: str, ascii_only: bool) -> str:
    if ascii_only and not char.isascii():
        return ""
    if char in "- ":
        return "-"
    if char == "_" or char.isalpha() or is_digit(char):
        return _lower(char)
    return ""


def _lower(char: str) -> str:
    lower = char.lower()
    return lower if len(lower) == 1 else "i"  # "İ" alone becomes two characters


def _blackfriday(text: str) -> str:
    kept = (_lower(char) if char.isalpha() or unicodedata.category(char)[0] == "N" else " " for char in text)
    return "-".join("".join(kept).split())


def _without_accents(text: str) -> str:
    decomposed = unicodedata.normalize("NFD", text)
    kept = "".join(char for char in decomposed if unicodedata.category(char) != "Mn")
    return unicodedata.normalize("NFC", kept)


class Ids:
    """The ids of one document."""

    def __init__(self, id_type: str) -> None:
        self._type = id_type
        self._taken: set[str] = set()
        self._next: dict[str, int] = {}

    def reserve(self, given: str) -> None:
        self._taken.add(given)

    def make(self, text: str, kind: str = HEADING) -> str:
        base = anchor_name(text, self._type) or kind
        name = base
        number = self._next.get(base, 1)
        while name in self._taken:
            name = f"{base}-{number}"
            number += 1
        self._next[base] = number if name != base else 1
        self._taken.add(name)
        return name
