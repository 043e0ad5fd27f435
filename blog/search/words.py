"""What counts as a word when searching, the same on every database.

A text is folded to small letters without accents, separated by single spaces. Scripts written without spaces
between words are cut into overlapping pairs: 日本語 becomes 日本 本語 語, so that any two neighbours are found.
"""

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass

VERSION = 1  # raised when folding changes; the index is then made anew
LONGEST_TEXT = 200_000
LONGEST_QUERY = 300
MOST_TERMS = 12
SHORTEST_PREFIX = 2

# These classes are read by Python and by PostgreSQL, whose own idea of a letter depends on the server's locale.
DROPPED = r"\u00ad\u0300-\u036f\u200b-\u200d\u2060\ufeff"
SEPARATORS = (
    r"\u0001-\u002f\u003a-\u0040\u005b-\u0060\u007b-\u00a9\u00ab-\u00b4\u00b6-\u00b9\u00bb-\u00bf\u00d7\u00f7"
    r"\u037e\u0387\u055a-\u055f\u0589\u058a\u05be\u05c0\u05c3\u05c6\u05f3\u05f4\u060c\u061b\u061f\u066a-\u066d"
    r"\u06d4\u0964\u0965\u0970\u2000-\u2bff\u3000-\u3004\u3008-\u3020\u3030\u303d-\u303f\u30a0\u30fb"
    r"\ue000-\uf8ff\ufe00-\ufe1f\ufe30-\ufe6f\ufff0-\uffff\U0001f000-\U0001faff"
)
UNSPACED = (
    r"\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u1100-\u11ff\u2e80-\u2fdf\u3005-\u3007\u3021-\u302f\u3031-\u303c"
    r"\u3040-\u309f\u30a1-\u30fa\u30fc-\u31ff\u3400-\u4dbf\u4e00-\u9fff\ua960-\ua97f\uac00-\ud7ff\uf900-\ufaff"
    r"\U0001b000-\U0001b16f\U00020000-\U0003ffff"
)
LETTERS = {"ø": "o", "ł": "l", "đ": "d", "ħ": "h", "ı": "i", "ŧ": "t", "ð": "d", "ς": "σ"}
LIGATURES = {"ß": "ss", "æ": "ae", "œ": "oe", "þ": "th"}
MARKUP = r"<[^>]*>|&(?:lt|gt|quot|amp|nbsp|#39|#x27);"

_DROPPED = re.compile(f"[{DROPPED}]+")
_SEPARATORS = re.compile(rf"[\x00\ud800-\udfff{SEPARATORS}]+")
_SPECIAL = str.maketrans(LETTERS | LIGATURES)
_UNSPACED = re.compile(f"[{UNSPACED}]+")
_RUN = re.compile(f"[{UNSPACED}]+|[^ {UNSPACED}]+")
_MARKUP = re.compile(MARKUP)
_QUOTES = str.maketrans(dict.fromkeys("“”„‟«»＂", '"'))
_QUERY = re.compile(r'"([^"]*)"?|([^"\s]+)')


def fold(text: str | None) -> str:
    """The text as it is indexed. Only the first 200,000 characters count."""
    return _UNSPACED.sub(
        lambda run: f" {' '.join(_pairs(run.group()))} ", plain_fold((text or "")[:LONGEST_TEXT])
    )


def fold_markup(html: str | None) -> str:
    return fold(_MARKUP.sub(" ", html or ""))


def plain_fold(text: str) -> str:
    """Small letters without accents, everything else a space; scripts without spaces left whole."""
    if not text.isascii():
        text = _DROPPED.sub("", unicodedata.normalize("NFKD", text))
        text = unicodedata.normalize("NFC", text.lower()).translate(_SPECIAL)
    return _SEPARATORS.sub(" ", text.lower())


def _pairs(run: str) -> list[str]:
    return [run[at : at + 2] for at in range(len(run))]


@dataclass(frozen=True)
class Term:
    """Words that must stand one after the other; the last may be a word's beginning."""

    words: tuple[str, ...]
    is_prefix: bool = False
    is_unspaced: bool = False  # one run of a script without spaces

    @property
    def tokens(self) -> list[str]:
        """The words as they stand in the index."""
        if not self.is_unspaced or self.is_prefix:
            return list(self.words)
        return _pairs(self.words[0])[:-1]

    @property
    def pattern(self) -> str:
        """A regular expression that finds the term in a text folded but for its ligatures."""
        if self.is_unspaced:
            return re.escape(self.words[0])
        words = " +".join(map(_spellings, self.words))
        end = "" if self.is_prefix else rf"(?![^ {UNSPACED}])"
        return rf"(?<![^ {UNSPACED}]){words}{end}"


def _spellings(word: str) -> str:
    pattern = re.escape(word)
    for ligature, letters in LIGATURES.items():
        pattern = pattern.replace(letters, f"(?:{letters}|{ligature})")
    return pattern


def parse(query: str) -> list[Term]:
    """What a reader asks for: every word, "phrases in quotes" as they are, the last word perhaps unfinished.

    There are no operators, and there is no query that is wrong.
    """
    terms: list[Term] = []
    is_quoted = False
    for phrase, word in _QUERY.findall(query[:LONGEST_QUERY].translate(_QUOTES)):
        terms.extend(_terms(phrase or word))
        is_quoted = not word
    if terms and not is_quoted:
        terms[-1] = _unfinished(terms[-1])
    return list(dict.fromkeys(terms))[:MOST_TERMS]


def _terms(text: str) -> Iterator[Term]:
    words: list[str] = []
    for run in _RUN.findall(plain_fold(text)):
        if not _UNSPACED.match(run):
            words.append(run)
            continue
        if words:
            yield Term(tuple(words))
        words = []
        yield Term((run,), is_prefix=len(run) == 1, is_unspaced=True)
    if words:
        yield Term(tuple(words))


def _unfinished(term: Term) -> Term:
    if term.is_unspaced or len(term.words[-1]) < SHORTEST_PREFIX:
        return term
    return Term(term.words, is_prefix=True)
