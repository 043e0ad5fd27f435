"""Which files of a site's content folders are pages, in which language, and what lies beside them.

Only names are read here. https://gohugo.io/content-management/page-bundles/ ,
https://gohugo.io/content-management/multilingual/
"""

from collections.abc import Iterator
from pathlib import Path

from blog.importers.hugo_beside import Beside
from blog.importers.hugo_files import (
    FOREIGN,
    MARKUPS,
    Folder,
    Name,
    PageFile,
    Walker,
    lookup_path,
    read_name,
    role_of,
)
from blog.importers.records import Problem

IN_BUNDLE = "It lies inside the bundle {bundle}, where Hugo makes no page of it; move it out of that folder."
NOT_READABLE = "{format} is not imported; convert it to Markdown first (pandoc does)."
DOUBLE = "Hugo takes it for the same page as {first} and leaves it out, so it stays out here; rename it."
SWITCHED_OFF = "Its language, {language}, is switched off in the configuration."
PROGRAM = "Pages made by a content adapter are not imported; only Hugo can run it."


class ContentTree:
    """roots: (folder, language of its files unless their names say otherwise); disabled: languages left out."""

    def __init__(
        self,
        walker: Walker,
        roots: list[tuple[Path, str]],
        languages: tuple[str, ...],
        disabled: tuple[str, ...] = (),
    ) -> None:
        self.walker = walker
        self.roots = roots
        self.languages = languages + disabled
        self.disabled = disabled
        self.pages: list[PageFile] = []
        self.problems: list[Problem] = []
        self._loose: list[PageFile] = []
        for root, language in roots:
            self._scan(root, language)
        self._drop_doubles()
        self._beside = Beside(self.pages, self._loose, self.languages)
        self.pages = sorted(self._beside.with_folder(page) for page in self.pages)

    def beside_pages(self) -> list[PageFile]:
        """The files in content folders that belong to no page, such as pictures beside posts."""
        return self._beside.rest

    def files_of(self, page: PageFile) -> list[str]:
        """What belongs to a page: paths relative to the folder beside it, in order."""
        if page.role == "page":
            return self._beside.names(page)
        found = []
        for folder in self.walker.walk(page.root, page.folder):
            below = folder.relative[len(page.folder) :].strip("/")
            for name in folder.files:
                if read_name(name, self.languages).extension not in (*MARKUPS, *FOREIGN):
                    found.append(f"{below}/{name}" if below else name)
        return sorted(found)

    def _scan(self, root: Path, language: str) -> None:
        for folder, bundle in self._folders(root):
            self.problems += folder.problems
            names = {file: read_name(file, self.languages) for file in folder.files}
            read = {name.base for name in names.values() if name.extension in MARKUPS}
            if bundle is None:
                self._loose += self._plain_files(root, folder, language)
            for file, name in names.items():
                self._sort_in(root, folder, file, name, language, bundle, read)

    def _sort_in(
        self,
        root: Path,
        folder: Folder,
        file: str,
        name: Name,
        language: str,
        bundle: str | None,
        read: set[str],
    ) -> None:
        path = f"{folder.relative}/{file}" if folder.relative else file
        is_index = role_of(name) == "leaf" and folder.relative == bundle
        if file.startswith("_content."):
            self._report(root, path, PROGRAM)
        elif name.extension in FOREIGN and name.base not in read and (bundle is None or is_index):
            self._report(root, path, NOT_READABLE.format(format=FOREIGN[name.extension]))
        elif name.extension in MARKUPS and bundle is not None and not is_index:
            self._report(root, path, IN_BUNDLE.format(bundle=bundle))
        elif name.extension in MARKUPS and name.language in self.disabled:
            self._report(root, path, SWITCHED_OFF.format(language=name.language))
        elif name.extension in MARKUPS:
            role = role_of(name) if folder.relative or role_of(name) == "page" else "section"
            spoken = (name.language or language) if language else ""
            self.pages.append(PageFile(path, spoken, root, role))

    def _drop_doubles(self) -> None:
        """Hugo takes x.md, x.html and x/index.md for one page and keeps one of them; we keep the same."""
        kept: dict[tuple[str, str], PageFile] = {}
        for page in sorted(self.pages, key=self._rank):
            first = kept.setdefault((page.language, lookup_path(page, self.languages)), page)
            if first is not page:
                self._report(page.root, page.relative, DOUBLE.format(first=self.walker.label(first.source)))
        self.pages = list(kept.values())

    def _rank(self, page: PageFile) -> tuple[bool, bool, bool, bool, str]:
        name = read_name(page.file_name, self.languages)
        return (
            page.role == "page",
            name.extension != "md",
            not name.language,
            MARKUPS[name.extension] == "html",
            page.relative,
        )

    def _report(self, root: Path, path: str, reason: str) -> None:
        self.problems.append(Problem(self.walker.label(root / path), None, reason))

    def _folders(self, root: Path) -> Iterator[tuple[Folder, str | None]]:
        """Each folder with the leaf bundle it is in. The home page is never one, though its file be index.md."""
        bundle: str | None = None
        others = [other for other, _language in self.roots if other != root]
        for folder in self.walker.walk(root):
            here = root / folder.relative
            if any(here.is_relative_to(other) and not root.is_relative_to(other) for other in others):
                continue
            if bundle is None or not f"{folder.relative}/".startswith(f"{bundle}/"):
                bundle = folder.relative if folder.relative and self._has_index(folder) else None
            yield folder, bundle

    def _has_index(self, folder: Folder) -> bool:
        names = (read_name(file, self.languages) for file in folder.files)
        return any(role_of(name) == "leaf" and name.extension in (*MARKUPS, *FOREIGN) for name in names)

    def _plain_files(self, root: Path, folder: Folder, language: str) -> Iterator[PageFile]:
        for file in folder.files:
            if read_name(file, self.languages).extension not in (*MARKUPS, *FOREIGN) and not file.startswith(
                "_content."
            ):
                path = f"{folder.relative}/{file}" if folder.relative else file
                yield PageFile(path, language, root, "file")
