"""The files of a Hugo site: which are pages, which belong to a page, and nothing outside the folder.

https://gohugo.io/content-management/page-bundles/
"""

import errno
import os
import re
import stat
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from blog.importers.hugo_paths import normal
from blog.importers.records import Problem

MARKUPS = {"md": "markdown", "mdown": "markdown", "markdown": "markdown", "html": "html", "htm": "html"}
FOREIGN = {
    "org": "Org",
    "adoc": "AsciiDoc",
    "asciidoc": "AsciiDoc",
    "ad": "AsciiDoc",
    "rst": "reStructuredText",
    "pandoc": "Pandoc",
    "pdc": "Pandoc",
    "rmd": "R Markdown",
    "rmarkdown": "R Markdown",
}
INDEX_NAMES = ("index", "_index")
OUTSIDE = "It is a link that leads out of the folder, and nothing outside is read; put a copy in its place."
LINKED_FOLDER = (
    "It is a link to a folder, which Hugo does not follow either; put the folder itself in its place."
)


@dataclass(frozen=True, order=True, slots=True)
class PageFile:
    """A content file: relative is its path below the content folder, "/" between the parts.

    role    "page" for a file, "leaf" for a bundle's index, "section" for an _index
    beside  the folder whose other files belong to the page, "" if it has none
    """

    relative: str
    language: str
    root: Path
    role: str
    beside: str = ""

    @property
    def source(self) -> Path:
        return self.root / self.relative

    @property
    def folder(self) -> str:
        return self.relative.rpartition("/")[0]

    @property
    def file_name(self) -> str:
        return self.relative.rpartition("/")[2]

    @property
    def extension(self) -> str:
        return self.relative.rpartition(".")[2].lower()


@dataclass(frozen=True)
class Name:
    """A file name taken apart: "index.ja.md" is index, ja, md."""

    base: str
    language: str
    extension: str


def read_name(file_name: str, languages: tuple[str, ...]) -> Name:
    parts = file_name.split(".")
    if len(parts) < 2:
        return Name(file_name, "", "")
    for position in range(len(parts) - 2, 0, -1):
        if parts[position].lower() in languages:
            return Name(".".join(parts[:position]), parts[position].lower(), parts[-1].lower())
    return Name(".".join(parts[:-1]), "", parts[-1].lower())


def is_hidden(name: str) -> bool:
    return name.startswith((".", "#")) or name.endswith("~")


class Ignored:
    """The configuration's ignoreFiles; a pattern that Python cannot read ignores nothing."""

    def __init__(self, patterns: list[str]) -> None:
        self.patterns: list[re.Pattern[str]] = []
        for pattern in patterns:
            with suppress(re.error):
                self.patterns.append(re.compile(pattern))

    def __contains__(self, path: str) -> bool:
        return any(pattern.search(path) for pattern in self.patterns)


@dataclass
class Folder:
    """One folder as found: names of files and folders in order, and what is wrong with some."""

    relative: str
    files: list[str]
    folders: list[str]
    problems: list[Problem]


class Walker:
    """Walks folders below a root without ever leaving the site."""

    def __init__(self, site: Path, ignored: Ignored) -> None:
        self.given = os.fspath(site)
        self.site = site.resolve()
        self.ignored = ignored

    def walk(self, root: Path, relative: str = "", *, hidden: bool = False) -> Iterator[Folder]:
        """Every folder below root, the outer ones first; hidden: with what begins with a dot."""
        waiting = [relative]
        while waiting:
            here = waiting.pop()
            folder = self._look(root, here, hidden)
            yield folder
            waiting += [f"{here}/{name}" if here else name for name in reversed(folder.folders)]

    def contains(self, path: Path) -> bool:
        """Not what a link leads to that leads to itself: it is nowhere."""
        try:
            return path.resolve().is_relative_to(self.site)
        except (OSError, RuntimeError):
            return False

    def label(self, path: Path) -> str:
        """How a file is called in a report: relative to the folder the person named."""
        relative = os.fspath(path).removeprefix(self.given).lstrip(os.sep) or "."
        return relative.replace(os.sep, "/").encode(errors="replace").decode()

    def _look(self, root: Path, relative: str, hidden: bool) -> Folder:
        found = Folder(relative, [], [], [])
        try:
            entries = sorted(os.scandir(root / relative), key=lambda entry: entry.name)
        except OSError as error:
            found.problems.append(
                Problem(self.label(root / relative), None, f"The folder cannot be opened: {error.strerror}.")
            )
            return found
        for entry in entries:
            path = f"{relative}/{entry.name}" if relative else entry.name
            if (not hidden and is_hidden(entry.name)) or "/" + path in self.ignored:
                continue
            self._sort_in(entry, path, found)
        return found

    def _sort_in(self, entry: os.DirEntry[str], path: str, found: Folder) -> None:
        reason = self._objection(entry)
        if reason:
            found.problems.append(Problem(self.label(Path(entry.path)), None, reason))
        elif entry.is_dir(follow_symlinks=False):
            found.folders.append(entry.name)
        elif entry.is_file():
            found.files.append(entry.name)

    def _objection(self, entry: os.DirEntry[str]) -> str:
        if any("\ud800" <= char <= "\udfff" for char in entry.name):
            return "Its name is not UTF-8; rename it."
        if entry.is_symlink():
            target = Path(entry.path)
            if leads_to_itself(target):
                return "It is a link that leads to itself."
            if not self.contains(target):
                return OUTSIDE
            if target.is_dir():
                return LINKED_FOLDER
            if not target.exists():
                return "It is a link to a file that is not there."
        elif not entry.is_dir() and not stat.S_ISREG(entry.stat().st_mode):
            return "It is not a file that can be read."
        return ""


def leads_to_itself(link: Path) -> bool:
    try:
        link.stat()
    except OSError as error:
        return error.errno == errno.ELOOP
    return False


def role_of(name: Name) -> str:
    return {"index": "leaf", "_index": "section"}.get(name.base.lower(), "page")


def section_path(folder: str) -> str:
    """A folder as Hugo names the section in it: "Posts/Old Ones" is "/posts/old-ones"."""
    return "/" + normal(folder)


def lookup_path(page: PageFile, languages: tuple[str, ...]) -> str:
    """The path by which Hugo looks a page up: "/posts/x"."""
    if page.role in ("leaf", "section"):
        return "/" + normal(page.folder)
    base = read_name(page.file_name, languages).base
    return "/" + normal(f"{page.folder}/{base}" if page.folder else base)
