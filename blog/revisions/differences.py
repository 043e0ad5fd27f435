"""Two texts side by side, line by line, with the words marked that make the difference; and three texts made one."""

import re
from dataclasses import dataclass
from difflib import SequenceMatcher

# Words, single letters of scripts that write without spaces, marks, and the space between.
WORD = re.compile(r"[\u2e80-\u9fff\uac00-\ud7af\uf900-\ufaff]|[^\W\u2e80-\u9fff\uac00-\ud7af]+|[^\w\s]|\s+")
AROUND = 2  # lines that are shown before and after a change
TOO_MANY = 4_000_000  # pairs of words; beyond, two passages are two passages


@dataclass(frozen=True)
class Part:
    text: str
    is_changed: bool


@dataclass(frozen=True)
class Row:
    """Lines of both sides that belong together; of a gap, how many lines are left out."""

    old: tuple[Part, ...] = ()
    new: tuple[Part, ...] = ()
    is_changed: bool = False
    left_out: int = 0


def side_by_side(old: str, new: str) -> list[Row]:
    """All changed lines with a few around them; [] where there is no difference."""
    before, after = lines(old), lines(new)
    rows = []
    for deed, a, b, c, d in SequenceMatcher(None, before, after).get_opcodes():
        if deed == "equal":
            rows += [_unchanged(line) for line in before[a:b]]
        else:
            rows.append(_changed("".join(before[a:b]), "".join(after[c:d])))
    return _shortened(rows)


def lines(text: str) -> list[str]:
    return text.replace("\r\n", "\n").splitlines(keepends=True)


def words(old: str, new: str) -> tuple[tuple[Part, ...], tuple[Part, ...]]:
    """The parts of both texts, those marked that the other does not have."""
    before, after = WORD.findall(old), WORD.findall(new)
    if len(before) * len(after) > TOO_MANY:
        return (Part(old, True),), (Part(new, True),)
    left, right = [], []
    for deed, a, b, c, d in SequenceMatcher(None, before, after).get_opcodes():
        if a < b:
            left.append(Part("".join(before[a:b]), deed != "equal"))
        if c < d:
            right.append(Part("".join(after[c:d]), deed != "equal"))
    return tuple(left), tuple(right)


def _unchanged(line):
    parts = (Part(line, False),)
    return Row(parts, parts)


def _changed(old, new):
    left, right = words(old, new)
    return Row(left, right, is_changed=True)


def _shortened(rows):
    near = {
        place
        for number, row in enumerate(rows)
        if row.is_changed
        for place in range(number - AROUND, number + AROUND + 1)
    }
    shown, left_out = [], 0
    for number, row in enumerate(rows):
        if number not in near:
            left_out += 1
            continue
        if left_out:
            shown.append(Row(left_out=left_out))
        shown.append(row)
        left_out = 0
    if shown and left_out:
        shown.append(Row(left_out=left_out))
    return shown


@dataclass(frozen=True)
class Merged:
    text: str
    clashes: int  # places that both have changed, where both texts stand now, one after the other


def merge(base: str, mine: str, theirs: str) -> Merged:
    """What both have made of a text: by lines, and where both changed the same lines, by words."""
    done, clashes = [], 0
    for start, ours, others in _steps(lines(base), lines(mine), lines(theirs)):
        if others is None:
            done += ours
        elif (together := _by_words(*map("".join, (start, ours, others)))) is not None:
            done.append(together)
        else:
            done += [*_ended(ours), *others]
            clashes += 1
    return Merged("".join(done), clashes)


def _by_words(base, mine, theirs):
    """Both changes of a passage, None if they touch."""
    texts = [WORD.findall(text) for text in (base, mine, theirs)]
    if len(texts[0]) * max(map(len, texts[1:])) > TOO_MANY:
        return None
    steps = list(_steps(*texts))
    if any(others is not None for _start, _ours, others in steps):
        return None
    return "".join(token for _start, ours, _others in steps for token in ours)


def _steps(start, mine, theirs):
    """The merged sequence piece by piece: (as it was, as it is, None), or where both changed it, (as it was, mine, theirs)."""
    at = 0
    for low, high, own, foreign in _clusters(_hunks(start, mine), _hunks(start, theirs)):
        yield start[at:low], start[at:low], None
        was = start[low:high]
        ours, others = _applied(start, low, high, own), _applied(start, low, high, foreign)
        if not foreign or ours == others:
            yield was, ours, None
        elif not own:
            yield was, others, None
        else:
            yield was, ours, others
        at = high
    yield start[at:], start[at:], None


def _hunks(before, after):
    found = SequenceMatcher(None, before, after, autojunk=False).get_opcodes()
    return [(a, b, after[c:d]) for deed, a, b, c, d in found if deed != "equal"]


def _clusters(ours, others):
    """Changes of both sides that touch, together: (first line, line after the last, own, foreign)."""
    tagged = sorted(
        [(*hunk, 0) for hunk in ours] + [(*hunk, 1) for hunk in others], key=lambda hunk: hunk[:2]
    )
    cluster = None
    for low, high, text, side in tagged:
        if cluster is None or low > cluster[1]:
            if cluster:
                yield tuple(cluster)
            cluster = [low, high, [], []]
        cluster[1] = max(cluster[1], high)
        cluster[2 + side].append((low, high, text))
    if cluster:
        yield tuple(cluster)


def _applied(start, low, high, hunks):
    result, at = [], low
    for a, b, text in hunks:
        result += [*start[at:a], *text]
        at = b
    return result + start[at:high]


def _ended(texts):
    """A last line without an end gets one, for another follows."""
    if texts and not texts[-1].endswith("\n"):
        return [*texts[:-1], texts[-1] + "\n"]
    return texts
