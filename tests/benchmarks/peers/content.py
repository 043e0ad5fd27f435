"""The same posts for every peer, rendered beforehand, so that nobody pays for Markdown when a page is asked for."""

import random
from datetime import UTC, datetime, timedelta

TAGS = [f"Tag {number}" for number in range(60)]
COMMENTS = 10
START = datetime(2010, 1, 1, tzinfo=UTC)
WORDS = [
    "moor",
    "heather",
    "rain",
    "stone",
    "path",
    "hill",
    "wind",
    "bird",
    "light",
    "book",
    "letter",
    "table",
    "window",
    "river",
    "word",
    "silence",
]
CODE = '<div class="highlight"><pre><code>for word in words:\n    print(word)\n</code></pre></div>'


def posts(number):
    """(slug, title, HTML of 860 words, moment, three tags), the oldest first. The newest has the comments."""
    chance = random.Random(7)
    for nth in range(number):
        paragraphs = [
            f"<p>{' '.join(chance.choices(WORDS, k=107)).capitalize()}.</p>" for _number in range(8)
        ]
        html = "\n".join([*paragraphs, CODE])
        yield f"post-{nth}", f"Post {nth}", html, START + timedelta(hours=nth), chance.sample(TAGS, 3)


def comments():
    """(text, nth of the comment that it answers or None)."""
    chance = random.Random(8)
    return [(" ".join(chance.choices(WORDS, k=40)), nth - 1 if nth % 2 else None) for nth in range(COMMENTS)]


def discussion(number, deepest):
    """The same of a long discussion: one exchange that is so deep, 2,000 threads, and answers to anything."""
    chance = random.Random(9)
    for nth in range(number):
        if nth < deepest:
            answered = nth - 1 if nth else None
        else:
            answered = None if nth < deepest + number // 5 else chance.randrange(deepest, nth)
        yield " ".join(chance.choices(WORDS, k=40)), answered
