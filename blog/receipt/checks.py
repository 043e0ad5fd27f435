"""The lines of a receipt: what was compared, how much of it is the same, and everything that is not. Pure."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from difflib import SequenceMatcher

from blog.receipt.parts import Parts

AROUND = 40
NAMES = {
    "urls": "URLs answered",
    "guids": "feed guids kept",
    "titles": "titles",
    "dates": "dates",
    "tags": "tags",
    "text": "text",
    "structure": "structure",
    "heading_ids": "heading ids",
    "links": "links",
    "images": "images",
    "code": "code",
}
CONTENT = ("text", "structure", "heading_ids", "links", "images", "code")


@dataclass(frozen=True)
class Difference:
    place: str
    old: str
    new: str


@dataclass
class Check:
    """One line. not_checked says why nothing could be compared, if so."""

    name: str
    total: int = 0
    same: int = 0
    differences: list[Difference] = field(default_factory=list)
    not_checked: str = ""

    @property
    def label(self) -> str:
        return NAMES[self.name]

    @property
    def percent(self) -> str:
        """Never rounded up to a hundred."""
        if not self.total:
            return "–"
        share = 100 * self.same / self.total
        return "100 %" if self.same == self.total else f"{min(share, 99.99):.2f} %"

    def hold(self, place: str, old: object, new: object) -> None:
        self.total += 1
        if old == new:
            self.same += 1
        else:
            self.differences.append(Difference(place, *excerpt(_shown(old), _shown(new))))

    def miss(self, place: str, old: str, new: str) -> None:
        self.total += 1
        self.differences.append(Difference(place, old, new))

    def pass_(self) -> None:
        self.total += 1
        self.same += 1


@dataclass
class Receipt:
    source: str
    how: str
    checks: dict[str, Check] = field(default_factory=lambda: {name: Check(name) for name in NAMES})

    @property
    def ok(self) -> bool:
        return not any(check.differences for check in self.checks.values())

    def __getitem__(self, name: str) -> Check:
        return self.checks[name]

    def leave_out(self, names: Iterable[str], reason: str) -> None:
        for name in names:
            self.checks[name].not_checked = reason


def hold_contents(receipt: Receipt, place: str, old: Parts, new: Parts) -> None:
    for name in CONTENT:
        receipt[name].hold(place, getattr(old, name), getattr(new, name))


def hold_within(receipt: Receipt, place: str, page: Parts, new: Parts) -> None:
    """Against a whole page with everything a theme puts around the text: ours has to be found in it."""
    text = receipt["text"]
    if new.text in page.text:
        text.pass_()
    else:
        text.hold(place, _nearest(page.text, new.text), new.text)
    for name in ("heading_ids", "links", "images", "code"):
        around = list(getattr(page, name))
        missing = [item for item in getattr(new, name) if item and not _take(around, item)]
        receipt[name].hold(place, [], missing)


def excerpt(old: str, new: str) -> tuple[str, str]:
    """Both around the first place where they differ."""
    start = next(
        (i for i, (a, b) in enumerate(zip(old, new, strict=False)) if a != b), min(len(old), len(new))
    )
    start = max(0, start - AROUND)
    return _cut(old, start), _cut(new, start)


def _cut(text: str, start: int) -> str:
    end = start + 3 * AROUND
    return ("… " if start else "") + text[start:end] + (" …" if end < len(text) else "")


def _shown(value: object) -> str:
    return " ".join(map(str, value)) if isinstance(value, (list, tuple)) else str(value)


def _take(items: list[str], item: str) -> bool:
    if item in items:
        items.remove(item)
        return True
    return False


def _nearest(page: str, text: str) -> str:
    """The stretch of a page that most likely is this text."""
    match = SequenceMatcher(None, page, text[:2000], autojunk=True).find_longest_match()
    start = max(0, match.a - match.b)
    return page[start : start + len(text)]
