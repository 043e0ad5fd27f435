"""The place in a text where the words were found, with the words marked."""

import re
import unicodedata
from collections.abc import Sequence
from itertools import islice

from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe

from blog.search.words import LIGATURES, LONGEST_TEXT, Term, plain_fold

WIDTH = 240
LEAD = 60  # how much of it stands before the first word found
MOST_PLACES = 200


class _Shadow(dict[int, str]):
    """Each character's folded form, exactly one character, so that places in both texts are the same."""

    def __missing__(self, code: int) -> str:
        letter = chr(code).lower()
        self[code] = letter if letter in LIGATURES else plain_fold(letter)[:1] or " "
        return self[code]


Place = tuple[int, int, int]  # start, end, number of the term
_shadow = _Shadow()


def highlight(text: str, terms: Sequence[Term]) -> SafeString:
    """The whole text as HTML, the words found inside <mark>."""
    text, places = _find(text, terms)
    return _marked(text, places, 0, len(text))


def snippet(text: str, terms: Sequence[Term]) -> SafeString:
    """Some 240 characters around the place where most of the words stand together, as HTML."""
    text, places = _find(text, terms)
    begin = _word_start(text, _best(places) - LEAD)
    end = _word_end(text, begin + WIDTH)
    before, after = "…" if begin else "", "…" if end < len(text) else ""
    return mark_safe(f"{before}{_marked(text, places, begin, end)}{after}")


def _find(text: str, terms: Sequence[Term]) -> tuple[str, list[Place]]:
    """The text, composed, and where in it something was found."""
    text = unicodedata.normalize("NFC", text[:LONGEST_TEXT])
    if not terms:
        return text, []
    pattern = re.compile("|".join(f"({term.pattern})" for term in terms))
    found = islice(pattern.finditer(text.translate(_shadow)), MOST_PLACES)
    return text, [(match.start(), match.end(), match.lastindex or 0) for match in found]


def _best(places: list[Place]) -> int:
    """Where the stretch starts that has most different terms; the first of several."""

    def richness(at: int) -> int:
        return len({term for start, end, term in places if at <= start and end <= at + WIDTH - LEAD})

    return max((start for start, _end, _term in places), key=richness, default=0)


def _word_start(text: str, at: int) -> int:
    if at <= 0:
        return 0
    space = text.find(" ", at, at + LEAD // 2)
    return space + 1 if space >= 0 else at


def _word_end(text: str, at: int) -> int:
    if at >= len(text):
        return len(text)
    space = text.rfind(" ", at - LEAD // 2, at)
    return space if space >= 0 else at


def _marked(text: str, places: list[Place], begin: int, end: int) -> SafeString:
    pieces, at = [], begin
    for start, stop, _term in places:
        if begin <= start and stop <= end:
            pieces += [escape(text[at:start]), "<mark>", escape(text[start:stop]), "</mark>"]
            at = stop
    return mark_safe("".join([*pieces, escape(text[at:end])]))
