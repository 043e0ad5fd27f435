"""What an import did: counts, what was left out, and what is worth a look."""

from collections import Counter
from dataclasses import dataclass, field

from blog.importers.records import Problem

CREATED, UPDATED, UNCHANGED, LEFT_OUT = "created", "updated", "unchanged", "left out"
REMOVED = "removed"


@dataclass(frozen=True)
class Conflict:
    """An entry that was changed in its file and here: for each field that differs (name, ours, theirs)."""

    path: str
    fields: tuple[tuple[str, str, str], ...]


@dataclass
class Report:
    """The outcome of one run.

    entries, files, comments  how many were created, updated, unchanged or left out
    problems        what did not come in, or not as it should: each needs a person
    remarks         what came in, but reads otherwise than its author meant
    conflicts       entries that were changed on both sides, with both versions
    shortcodes      names that nothing here knows, each with the places where they stand
    """

    entries: Counter = field(default_factory=Counter)
    files: Counter = field(default_factory=Counter)
    comments: Counter = field(default_factory=Counter)
    problems: list[Problem] = field(default_factory=list)
    remarks: list[Problem] = field(default_factory=list)
    conflicts: list[Conflict] = field(default_factory=list)
    shortcodes: dict[str, list[str]] = field(default_factory=dict)

    @property
    def ok(self) -> bool:
        return not self.problems

    def problem(self, path: str, reason: str, line: int | None = None) -> None:
        self.problems.append(Problem(path, line, reason))

    def remark(self, path: str, reason: str, line: int | None = None) -> None:
        self.remarks.append(Problem(path, line, reason))

    def unknown_shortcode(self, name: str, path: str, line: int) -> None:
        self.shortcodes.setdefault(name, []).append(f"{path}:{line}")
