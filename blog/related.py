"""Which of some posts have most to do with one: by the tags they share, the rare ones more, and by the words they use."""

import re
from collections import Counter
from functools import lru_cache
from html import unescape
from math import log

from django.utils.html import strip_tags

SHORTEST_WORD = 4
# A rare tag in common weighs up to 1.4, all words in common as much as TEXT.
TEXT = 2.0
LEAST = 0.25  # below, two posts have nothing to do with each other

_WORD = re.compile(r"\w+")
_UNSPACED = re.compile("[\u3040-\u30ff\u3400-\u9fff]")


def closest(post, others):
    """The others that are close, the closest first; each brings "shared", the weight of the tags in common."""
    words = {other.pk: _words(other) for other in others}
    own = _words(post)
    weights = _weights([own, *words.values()])
    whole = _weight_of(own, weights)
    scores = {
        other.pk: other.shared + TEXT * _overlap(own & words[other.pk], whole, words[other.pk], weights)
        for other in others
    }
    near = [other for other in others if scores[other.pk] >= LEAST]
    return sorted(near, key=lambda other: (scores[other.pk], other.pk), reverse=True)


def _words(post):
    """What stands in lists: the title, and the summary."""
    return _words_of(post.title, post.summary or post.description, post.summary_html)


@lru_cache(maxsize=1000)
def _words_of(title, summary, html):
    text = f"{title} {summary or unescape(strip_tags(html))}".casefold()
    words = {
        word for word in _WORD.findall(text) if len(word) >= SHORTEST_WORD and not _UNSPACED.search(word)
    }
    unspaced = "".join(_UNSPACED.findall(text))
    return frozenset(words) | {unspaced[at : at + 2] for at in range(len(unspaced) - 1)}


def _weights(texts):
    """A word that all the texts have says nothing."""
    counts = Counter(word for words in texts for word in words)
    return {word: log(len(texts) / count) for word, count in counts.items()}


def _overlap(common, whole, other, weights):
    """From 0 to 1, the weight of the words in both by that of the words in the shorter."""
    if not common:
        return 0
    least = min(whole, _weight_of(other, weights))
    return _weight_of(common, weights) / least if least else 0


def _weight_of(words, weights):
    return sum(map(weights.__getitem__, words))
