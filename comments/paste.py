"""A discussion that was copied as plain text: where its comments begin, who wrote them, what they answer.

Very little of that is in the text, so every answer says how sure it is and why, and nothing is made up: an author that
is not named is unknown, a time such as "9 months ago" is one only together with the day it was read.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import Enum

from comments import heads
from comments.heads import moment

__all__ = ["Certainty", "Corrections", "Guess", "Piece", "lines_of", "moment", "propose"]

_ADDRESSES = re.compile(
    r"(?:i (?:think|believe) )?(?:you|your|you're|you’re|op)\b|(?:no|yes|yeah|agreed|exactly|not really)\b[,.]|"
    r"i (?:dis)?agree\b|that is like|that's (?:not|like)\b",
    re.IGNORECASE,
)
_RECALLS = re.compile(r"\byou (?:just )?(?:said|say|wrote|write|mentioned|claimed|called)\b", re.IGNORECASE)
_TAKES_UP = re.compile(
    r"\b(?:as|like) you (?:just )?(?:put|said|say|wrote|write|call|called)\b", re.IGNORECASE
)
_TELLS_OF = re.compile(
    r"(?:he|she|they|op)\b.*\b(?:say|says|said|mention|mentions|mentioned|write|writes|wrote|claims?|claimed)\b",
    re.IGNORECASE,
)
_OBJECTS = re.compile(r"(?:but|however|actually|well|though|sure|fair|true|right|still)\b", re.IGNORECASE)
_TERMS = re.compile(r"[\"“]([^\"“”]{4,60})[\"”]")
_WORDS = re.compile(r"\w+")
SURE_WORDS = 8
FEWEST_WORDS = 3
BEGINNING = 80  # characters of a line, in which it says whom it speaks to


class Certainty(Enum):
    GIVEN = "as you said"
    CERTAIN = "stands in the text"
    LIKELY = "likely"
    UNSURE = "unsure"


@dataclass(frozen=True)
class Guess:
    certainty: Certainty
    reason: str


@dataclass
class Piece:
    """A comment as proposed. ``line`` is where it begins, and names it."""

    line: int
    lines: list[str]
    begins: Guess
    head: set[int] = field(
        default_factory=set
    )  # the lines that say who wrote it and when, and are no words of it
    buttons: set[int] = field(default_factory=set)  # the lines that were buttons of the page
    author: str = ""  # unknown
    when: str = ""  # as it was written
    to: str = ""  # the author it says it answers
    parent: int | None = None  # the line of another piece; None at the top
    answers: Guess = Guess(Certainty.UNSURE, "")
    _words: tuple[int, str] = (0, "")

    @property
    def own_words(self) -> str:
        if self._words[0] != len(self.lines):
            own = " ".join(line for line in self.lines if not line.startswith(">"))
            self._words = len(self.lines), _normal(own)
        return self._words[1]


@dataclass(frozen=True)
class Corrections:
    """What a person said about a proposal; by the line of a piece."""

    begins: frozenset[int] | None = None  # all the lines where one begins
    authors: Mapping[int, str] = field(default_factory=dict)
    whens: Mapping[int, str] = field(default_factory=dict)
    parents: Mapping[int, int | None] = field(default_factory=dict)


def lines_of(text: str) -> list[str]:
    """The lines that say something. They are numbered from 0, and the same text always has the same."""
    return [line.strip() for line in text.splitlines() if line.strip()]


def propose(text: str, corrections: Corrections = Corrections()) -> list[Piece]:
    """The comments in a text, in its order. A parent always stands before what answers it."""
    pieces: list[Piece] = []
    lines = lines_of(text)
    found = heads.find(lines)
    early = _taken_up(lines, found)
    for number, line in enumerate(lines):
        head = found.get(number, heads.Head())
        guess = _beginning(number, line, head, pieces, corrections, early)
        if guess:
            pieces.append(Piece(number, [], guess))
        piece = pieces[-1]
        if head.is_button:
            piece.buttons.add(number)
        elif number in found and not piece.lines:
            piece.author, piece.when = piece.author or head.name, piece.when or head.when
            piece.to = piece.to or head.to
            piece.head.add(number)
        else:
            piece.lines.append(line)
    _drop_what_nobody_said(pieces)
    for position, piece in enumerate(pieces):
        _correct(piece, corrections)
        _find_parent(piece, pieces[:position], corrections)
    return pieces


def _drop_what_nobody_said(pieces: list[Piece]) -> None:
    """The buttons of a page that stand before its first comment are none."""
    first, *others = pieces or [None]
    if others and first.buttons and not (first.lines or first.author or first.to):
        others[0].buttons |= first.buttons
        others[0].head |= first.head
        del pieces[0]


def _taken_up(lines: list[str], found: dict[int, heads.Head]) -> set[int]:
    """Where somebody begins who takes up, some lines later, a term that stands above: "project management" as you put it."""
    begins: set[int] = set()
    start = 0
    for number, line in enumerate(lines):
        if number in found or line.startswith(">"):
            start = number + 1
            continue
        terms = [_normal(term) for term in _TERMS.findall(line)] if _TAKES_UP.search(line) else []
        above = _normal(" ".join(lines[start:number]))
        if not any(f" {term} " in f" {above} " for term in terms if term):
            continue
        objections = (at for at in range(start + 1, number) if _OBJECTS.match(lines[at]))
        start = next(objections, number)
        if start > 0 and start - 1 not in found:
            begins.add(start)
    return begins


def _beginning(number, line, head, pieces, corrections, early) -> Guess | None:
    """Why a comment begins here; None if it does not."""
    if corrections.begins is not None and number:
        return Guess(Certainty.GIVEN, "") if number in corrections.begins else None
    if head.name:
        return Guess(Certainty.CERTAIN, "an author is named")
    if head.to and (not pieces or pieces[-1].lines):
        return Guess(Certainty.LIKELY, "it says whose words follow")
    if not pieces:
        return Guess(Certainty.CERTAIN, "the text begins")
    current = pieces[-1]
    if not current.lines or head.is_button:
        return None
    if number in early:
        return Guess(Certainty.UNSURE, "it takes up words that stand above")
    if line.startswith(">"):
        return _beginning_with_quote(line, current, pieces)
    if current.lines[-1].startswith(">"):
        return None
    if _ADDRESSES.match(line) or _RECALLS.search(line, 0, BEGINNING):
        return Guess(Certainty.UNSURE, "it speaks to somebody")
    if _TELLS_OF.match(line):
        return Guess(Certainty.UNSURE, "it tells of what somebody said")
    return None


def _beginning_with_quote(line, current, pieces) -> Guess | None:
    if all(earlier.startswith(">") for earlier in current.lines):
        return None
    if _contains(current, line):
        return Guess(Certainty.LIKELY, "it quotes the words above it")
    own_quotes = [earlier for earlier in current.lines if earlier.startswith(">")]
    source = next((piece for piece in reversed(pieces[:-1]) if _contains(piece, line)), None)
    if source and not any(_contains(source, quote) for quote in own_quotes):
        return Guess(Certainty.UNSURE, "it quotes words of somebody else")
    return None


def _correct(piece: Piece, corrections: Corrections) -> None:
    piece.author = corrections.authors.get(piece.line, piece.author)
    piece.when = corrections.whens.get(piece.line, piece.when)


def _find_parent(piece: Piece, earlier: list[Piece], corrections: Corrections) -> None:
    places = {other.line for other in earlier}
    given = corrections.parents.get(piece.line, -1)
    if given is None or given in places:
        piece.parent, piece.answers = given, Guess(Certainty.GIVEN, "")
    elif not earlier:
        piece.answers = Guess(Certainty.CERTAIN, "it is the first")
    else:
        parent, piece.answers = _quoted(piece, earlier) or _named(piece, earlier) or _by_order(piece, earlier)
        piece.parent = parent.line


def _quoted(piece, earlier) -> tuple[Piece, Guess] | None:
    for line in piece.lines:
        if not line.startswith(">"):
            continue
        sources = [other for other in earlier if _contains(other, line)]
        if sources:
            is_sure = len(sources) == 1 and len(_WORDS.findall(line)) >= SURE_WORDS
            certainty = Certainty.CERTAIN if is_sure else Certainty.LIKELY
            return sources[-1], Guess(certainty, "it quotes these words")
    return None


def _named(piece, earlier) -> tuple[Piece, Guess] | None:
    if piece.to:
        same = [other for other in earlier if other.author and _is_same(piece.to, other.author)]
        if same:
            certainty = Certainty.CERTAIN if len(same) == 1 else Certainty.LIKELY
            return same[-1], Guess(certainty, "it says whom it answers")
    first = piece.lines[0].casefold() if piece.lines else ""
    for other in reversed(earlier):
        name = re.escape(other.author.casefold())
        if name and other.author != piece.author and re.search(rf"(?<!\w)@{name}(?!\w)|^{name}(?!\w)", first):
            return other, Guess(Certainty.LIKELY, "it names its author")
    return None


def _is_same(name: str, other: str) -> bool:
    return name.casefold() == other.casefold()


def _by_order(piece, earlier) -> tuple[Piece, Guess]:
    previous = earlier[-1]
    if piece.author and previous.author and piece.author == previous.author and previous.parent is not None:
        siblings = [other for other in earlier if other.line == previous.parent]
        return siblings[0], Guess(Certainty.UNSURE, "its author has just answered the same")
    return previous, Guess(Certainty.UNSURE, "it stands below")


def _contains(piece: Piece, quote: str) -> bool:
    words = _normal(quote.lstrip("> "))
    return len(words.split()) >= FEWEST_WORDS and f" {words} " in f" {piece.own_words} "


def _normal(text: str) -> str:
    return " ".join(_WORDS.findall(text.casefold()))
