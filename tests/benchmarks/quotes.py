"""How often a quote finds its source, and how often it claims a wrong one: `python -m tests.benchmarks.quotes`.

Threads are built from the sentences of the demo content. Half of the posts are the pool that people write from; the
other half is never said in any thread and serves for decoys. The seed is fixed, so two runs can be compared.
"""

import random
import re
import time
from collections import Counter
from html import escape
from pathlib import Path
from typing import NamedTuple

from comments import quotes

CONTENT = Path(__file__).parents[2] / "blog" / "demo" / "content"
ROUNDS = 400
COMMON = ["I agree.", "This is not true.", "I don't think so.", "What do you mean by that?", "Yes, but why?"]
COMMON += ["be me", "implying that anybody reads this", "This.", "Thank you for this!", "edit: spelling"]


class Trial(NamedTuple):
    kind: str
    quote: str
    truth: tuple[int | None, str] | None  # whose words, and which; None for a decoy


def sentences_of(folder: Path, chosen: int) -> list[str]:
    files = sorted(folder.rglob("*.md"))[chosen::2]
    text = " ".join(
        re.sub(r"^(---|\+\+\+).*?^\1", "", f.read_text("utf-8"), flags=re.S | re.M) for f in files
    )
    text = re.sub(r"```.*?```|\{\{.*?\}\}|\[\^[^]]*\]:?|!\[.*?\)|^[#|][^\n]*", " ", text, flags=re.S | re.M)
    text = " ".join(re.sub(r"\[([^]]*)\]\([^)]*\)|[*_`>]", r"\1", text).split())
    return [s for s in re.split(r"(?<=[.!?]) (?=[A-Z“\"])", text) if 5 <= len(s.split()) <= 45]


def thread(pool: list[str], dice: random.Random) -> tuple[list[quotes.Source], dict[int | None, list[str]]]:
    """A chain of comments, nearest first, below a text; and who says what."""
    deck = dice.sample(pool, len(pool))
    said: dict[int | None, list[str]] = {None: [deck.pop() for _ in range(60)]}
    for key in range(dice.randint(1, 9)):
        said[key] = [deck.pop() for _ in range(dice.randint(2, 9))]
    sources = [quotes.source(key, page(said[key])) for key in sorted(k for k in said if k is not None)]
    return [*sources, quotes.source(None, page(said[None]), is_target=True)], said


def page(said: list[str]) -> str:
    return "".join(f"<p>{escape(sentence, quote=False)}</p>" for sentence in said)


def typo(word: str, dice: random.Random) -> str:
    at = dice.randrange(len(word))
    return word[:at] + dice.choice(["", word[at] * 2, dice.choice("etaoinsh")]) + word[at + 1 :]


def typos(sentence, dice):
    words = sentence.split()
    for at in dice.sample(range(len(words)), max(1, len(words) // 12)):
        words[at] = typo(words[at], dice)
    return " ".join(words)


def typography(sentence, dice):
    pairs = {"’": "'", "–": "--", "—": "-", "“": '"', "”": '"', "…": "..."}
    return "".join(pairs.get(c, c) for c in sentence).replace(" ", "\n", 2).upper()


def words_left_out(sentence, dice):
    words = sentence.split()
    del words[dice.randrange(1, len(words) - 1)]
    return " ".join(words)


def words_changed(sentence, dice):
    words = sentence.split()
    for at in dice.sample(range(len(words)), max(1, len(words) // 10)):
        words[at] = dice.choice(["really", "always", "somewhere", "[sic]"])
    return " ".join(words)


def first_half(sentence, dice):
    words = sentence.split()
    return " ".join(words[: len(words) // 2 + 1]) + " …"


def middle_left_out(sentence, dice):
    words = sentence.split()
    third = len(words) // 3
    return " ".join([*words[:third], "[…]", *words[-third:]])


def with_attribution(sentence, dice):
    return f"Ada wrote: {sentence}"


EDITS = [typos, typography, words_left_out, words_changed, first_half, with_attribution]


def shuffled(sentence, dice):
    words = sentence.split()
    return " ".join(dice.sample(words, len(words)))


def said_otherwise(sentence, dice):
    """Every other word is another's: what is left is the grammar."""
    return " ".join(word if at % 2 else dice.choice(FILLING) for at, word in enumerate(sentence.split()))


FILLING = [
    "garden",
    "letter",
    "machine",
    "yellow",
    "between",
    "carry",
    "slowly",
    "winter",
    "paper",
    "answer",
    "number",
    "quickly",
]


def trials(said, pool, unsaid, dice):
    key = dice.choice(list(said))
    sentence = dice.choice(said[key])
    yield Trial("exact", sentence, (key, sentence))
    for edit in EDITS:
        yield Trial(edit.__name__, edit(sentence, dice), (key, sentence))
    if len(sentence.split()) >= 12:
        yield Trial("middle_left_out", middle_left_out(sentence, dice), (key, sentence))
    at = dice.randrange(len(said[key]))
    both = said[key][at : at + 2]
    yield Trial("two sentences", " ".join(both), (key, " ".join(both)))
    yield Trial("decoy: said nowhere", dice.choice(unsaid), None)
    elsewhere = [s for s in pool if not any(s in words for words in said.values())]
    yield Trial("decoy: said in another thread", dice.choice(elsewhere), None)
    yield Trial("decoy: same words, other order", shuffled(sentence, dice), None)
    yield Trial("decoy: same grammar, other words", said_otherwise(sentence, dice), None)
    yield Trial("decoy: what everybody says", dice.choice(COMMON), None)


def outcome(trial: Trial, found: quotes.Found | None) -> str:
    if found is None:
        return "missed" if trial.truth else "left alone"
    if trial.truth is None or found.key != trial.truth[0]:
        return "wrong"
    claimed, meant = set(quotes.split(found.passage.exact)[0]), set(quotes.split(trial.truth[1])[0])
    return "right" if len(claimed & meant) * 2 > len(claimed) else "wrong"


def run(rounds: int = ROUNDS, seed: int = 7) -> dict[str, Counter]:
    dice = random.Random(seed)
    pool, unsaid = (sorted(set(sentences_of(CONTENT, half))) for half in (0, 1))
    counts: dict[str, Counter] = {}
    for _ in range(rounds):
        sources, said = thread(pool, dice)
        for trial in trials(said, pool, unsaid, dice):
            found = quotes.find_all(f"<blockquote>{escape(trial.quote)}</blockquote>", sources)[0]
            counts.setdefault(trial.kind, Counter())[outcome(trial, found)] += 1
    return counts


def measures(counts: dict[str, Counter]) -> tuple[float, float]:
    """Precision and recall over everything."""
    total = sum(counts.values(), Counter())
    claimed = total["right"] + total["wrong"]
    meant = sum(sum(c.values()) for kind, c in counts.items() if not kind.startswith("decoy"))
    return total["right"] / claimed, total["right"] / meant


def main() -> None:
    started = time.perf_counter()
    counts = run()
    seconds = time.perf_counter() - started
    for kind, found in counts.items():
        print(f"{kind:34}", "  ".join(f"{name} {found[name]:4}" for name in sorted(found)))
    precision, recall = measures(counts)
    quoted = sum(sum(found.values()) for found in counts.values())
    print(
        f"\n{quoted} quotes, precision {precision:.4f}, recall {recall:.4f}, {seconds / quoted * 1e3:.2f} ms each"
    )


if __name__ == "__main__":
    main()
