"""Which words a quote repeats: the comment it answers, those above, or the text all of them are about.

Words are compared, not characters: case, accents, quotation marks, dashes and white space do not count. First a place is
sought that says the same; then one that says nearly the same, most of it in unbroken runs. Where that leaves a doubt
the answer is None, for a link that leads to the wrong words is worse than none.
"""

import re
import unicodedata
from collections.abc import Hashable, Iterable, Sequence
from difflib import SequenceMatcher
from functools import cached_property
from typing import NamedTuple

from comments.passages import Passage, SeenText, blocks

MOST_QUOTES = 20  # of one comment; the rest stay without a link
MOST_WORDS = 150  # of one quote that are compared one by one
MOST_COMPARED = 24  # sources that all quotes of a comment are so compared with

SURE = 0.8  # the share of a quote that has to be found again
DENSE = 0.7  # the share of a passage that the quote has to repeat
# Quotes that weigh less could be chance. Of the very comment that is answered, fewer words will do.
LEAST_EXACT, LEAST_EXACT_NEARBY = 3.0, 1.75  # nearby, said there once
LEAST_ONCE, FEWEST_ONCE = 2.5, 4  # anywhere, said once in everything that may be quoted; so many words
LEAST_CHANGED, LEAST_CHANGED_NEARBY = 4.0, 2.5
LONGEST_GAP = 4  # words changed or left out in a row
SHORTEST_RUN = 3

_WORD = re.compile(r"[^\W_]+(?:['’ʼ][^\W_]+)*")
_ATTRIBUTION = re.compile(r"\s*\S+(?:\s+\S+){0,7}?:\s+")
_UNSPACED = re.compile(r"[\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\u0e00-\u0eff\uf900-\ufaff]")
_OPENING = "\"'“‘«„([¿¡"
_CLOSING = "\"'”’»“)].!?…"


class Words:
    """The words of a source with their places in what is seen of it."""

    def __init__(self, html: str, depth: int | None = None):
        self.seen = SeenText(html, depth)
        self.words, self.places = split(self.seen.text)

    @cached_property
    def joined(self) -> str:
        return f" {' '.join(self.words)} "

    @cached_property
    def triples(self) -> frozenset[tuple[str, ...]]:
        return frozenset(triples(self.words))

    @cached_property
    def matcher(self) -> SequenceMatcher:
        matcher: SequenceMatcher = SequenceMatcher()
        matcher.set_seq2(self.words)
        return matcher

    def passage(self, first: int, end: int) -> Passage:
        """The text from one word up to another, with the punctuation that belongs to it."""
        text, start, stop = self.seen.text, self.places[first][0], self.places[end - 1][1]
        while start and text[start - 1] in _OPENING:
            start -= 1
        while stop < len(text) and text[stop] in _CLOSING:
            stop += 1
        return self.seen.passage(start, stop)


class Source(NamedTuple):
    """Something that may be quoted, ``key`` being what the answer says about it."""

    key: Hashable
    own: Words  # what it says itself
    whole: Words  # and what it quotes, too


class Found(NamedTuple):
    key: Hashable
    passage: Passage
    score: float


class Run(NamedTuple):
    """A stretch of a source that repeats a quote nearly word for word."""

    first: int
    end: int
    weight: float


def source(key: Hashable, html: str, *, is_target: bool = False) -> Source:
    """A comment, or the text that is commented on: what that one quotes counts as its own."""
    whole = Words(html)
    has_quotes = "<blockquote" in html and not is_target
    return Source(key, Words(html, depth=0) if has_quotes else whole, whole)


def find_all(html: str, sources: Sequence[Source]) -> list[Found | None]:
    """For each quote in a comment, in order, what ``find`` has to say."""
    texts = blocks(html)[:MOST_QUOTES]
    return [_find_in_block(text, sources, MOST_COMPARED // len(texts)) for text in texts]


def _find_in_block(text: str, sources: Sequence[Source], most_compared: int) -> Found | None:
    """Finds the block's words; else those after "Somebody wrote:"; else the paragraph that is most of them."""
    words = split(text)[0]
    found = find(words, sources, most_compared)
    if found:
        return found
    if attribution := _ATTRIBUTION.match(text):
        found = find(split(text[attribution.end() :])[0], sources, most_compared)
    paragraphs = [split(line)[0] for line in text.splitlines()] or [[]]
    most = max(paragraphs, key=weight)
    if found or most == words or weight(most) * 2 < weight(words):
        return found
    return find(most, sources, most_compared)


def find(quote: Sequence[str], sources: Sequence[Source], most_compared: int = MOST_COMPARED) -> Found | None:
    """The passage that ``quote``, as words, repeats. Sources come nearest first: parent, its parent, …, the target.

    What somebody said counts before what somebody quoted, an exact repetition before one with changes,
    and of equals the nearest.
    """
    own = [(s.key, s.own) for s in sources]
    whole = [(s.key, s.whole) for s in sources if s.whole is not s.own]
    for keys_and_texts, nearby in ((own, 1), (whole, 0)):
        texts = [text for _key, text in keys_and_texts]
        found = _exact(quote, texts, nearby) or _nearly(quote, texts, nearby, most_compared)
        if found:
            index, run = found
            return Found(keys_and_texts[index][0], texts[index].passage(run.first, run.end), run.weight)
    return None


def split(text: str) -> tuple[list[str], list[tuple[int, int]]]:
    """Words made comparable, and where they stand. What is written without spaces counts by characters."""
    words, places = [], []
    for match in _WORD.finditer(text):
        if _UNSPACED.search(match[0]):
            for at, character in enumerate(match[0], match.start()):
                words.append(character)
                places.append((at, at + 1))
        elif word := _plain(match[0]):
            words.append(word)
            places.append(match.span())
    return words, places


def _plain(word: str) -> str:
    if word.isascii():
        return word.replace("'", "").lower()
    letters = unicodedata.normalize("NFKD", word.casefold())
    return "".join(c for c in letters if c.isalnum())


def triples(words: Sequence[str]) -> Iterable[tuple[str, ...]]:
    return zip(words, words[1:], words[2:], strict=False)


def weight(words: Iterable[str]) -> float:
    """How much the words say: those of one to three letters stand in every sentence."""
    return sum(1.0 if len(word) > 3 else 0.4 for word in words)


def _exact(quote: Sequence[str], texts: Sequence[Words], nearby: int) -> tuple[int, Run] | None:
    """The nearest place that says the same. Of few words only the first ``nearby`` texts can be meant."""
    needle, weighs = f" {' '.join(quote)} ", weight(quote)
    if LEAST_ONCE <= weighs < LEAST_EXACT and len(quote) >= FEWEST_ONCE and _is_said_once(needle, texts):
        nearby = len(texts)
    if weighs < LEAST_EXACT:
        texts = texts[:nearby] if weighs >= LEAST_EXACT_NEARBY and len(quote) > 1 else ()
    for index, text in enumerate(texts):
        at = text.joined.find(needle)
        is_once = text.joined.find(needle, at + 1) < 0
        if at >= 0 and (is_once or weighs >= LEAST_EXACT):
            first = text.joined.count(" ", 0, at)
            return index, Run(first, first + len(quote), 1.0)
    return None


def _is_said_once(needle: str, texts: Sequence[Words]) -> bool:
    return sum(text.joined.count(needle) for text in texts) == 1


def _nearly(
    quote: Sequence[str], texts: Sequence[Words], nearby: int, most_compared: int
) -> tuple[int, Run] | None:
    """The place that repeats most of the quote."""
    quote, weighs = quote[:MOST_WORDS], weight(quote)
    if weighs < LEAST_CHANGED:
        texts = texts[:nearby] if weighs >= LEAST_CHANGED_NEARBY else ()
    wanted = set(triples(quote))
    sharing = [i for i, text in enumerate(texts) if not wanted.isdisjoint(text.triples)]
    found = [(run, -i) for i in sharing[:most_compared] if (run := _best_run(quote, texts[i]))]
    if not found:
        return None
    run, index = max(found, key=lambda pair: (round(pair[0].weight, 2), pair[1]))
    return -index, run


def _best_run(quote: Sequence[str], text: Words) -> Run | None:
    """The longest stretch of ``text`` that repeats the quote, if its stretches together repeat enough of it.

    The weight answered is the share of the quote that was found.
    """
    text.matcher.set_seq1(quote)
    equal = [block for block in text.matcher.get_matching_blocks() if block.size]
    runs = [run for group in _grouped(equal) if (run := _run(group, quote, text.words))]
    share = sum(run.weight for run in runs) / weight(quote)
    if share < SURE:
        return None
    return max(runs, key=lambda run: run.weight)._replace(weight=share)


def _grouped(equal: Sequence) -> Iterable[list]:
    """Equal stretches that follow each other with little between them, on both sides."""
    group: list = []
    for block in equal:
        if group:
            last = group[-1]
            gaps = block.a - last.a - last.size, block.b - last.b - last.size
            if max(gaps) > LONGEST_GAP:
                yield group
                group = []
        group.append(block)
    if group:
        yield group


def _run(group: list, quote: Sequence[str], words: Sequence[str]) -> Run | None:
    """One stretch of the source, weighed; None if it could be chance."""
    if max(block.size for block in group) < SHORTEST_RUN:
        return None
    same = sum(weight(quote[block.a : block.a + block.size]) for block in group)
    for one, other in zip(group, group[1:], strict=False):
        same += _alike(quote[one.a + one.size : other.a], words[one.b + one.size : other.b])
    first, end = group[0].b, group[-1].b + group[-1].size
    return Run(first, end, same) if same >= DENSE * weight(words[first:end]) else None


def _alike(some: Sequence[str], others: Sequence[str]) -> float:
    """What a slip of the pen is worth: most of what the words weigh if most of their letters are the same."""
    if not some or not others:
        return 0.0
    ratio = SequenceMatcher(None, "".join(some), "".join(others)).ratio()
    return weight(some) * ratio if ratio >= 0.7 else 0.0
