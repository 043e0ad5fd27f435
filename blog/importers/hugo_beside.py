"""Files of a page that is no bundle: "posts/walk/map.png" belongs to "posts/walk.md".

Hugo serves them below the page's address, whatever that is. A page or a section that is nearer has them first.
"""

from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path

from blog.importers.hugo_files import PageFile, lookup_path, section_path


class Beside:
    """files: what lies in content folders and in no bundle; those of no page are in ``rest``."""

    def __init__(
        self, pages: Iterable[PageFile], files: Iterable[PageFile], languages: tuple[str, ...]
    ) -> None:
        self.languages = languages
        self.rest: list[PageFile] = []
        paths = {(page.root, lookup_path(page, languages)): page.role for page in pages}
        self._stops = {place for place, role in paths.items() if role == "section"}
        self._pages = {place for place, role in paths.items() if role == "page"}
        self._folders: dict[tuple[Path, str], str] = {}
        self._names: dict[tuple[Path, str], list[str]] = {}
        for file in files:
            self._sort_in(file)

    def with_folder(self, page: PageFile) -> PageFile:
        if page.role != "page":
            return replace(page, beside=page.folder)
        return replace(page, beside=self._folders.get((page.root, lookup_path(page, self.languages)), ""))

    def names(self, page: PageFile) -> list[str]:
        """The files of a page, relative to its folder, in order."""
        return sorted(self._names.get((page.root, page.beside), ()))

    def _sort_in(self, file: PageFile) -> None:
        folder = self._folder_of_a_page(file)
        # Of two folders that Hugo takes for one ("Walk", "walk") the first belongs to the page.
        place = (file.root, section_path(folder))
        if folder and self._folders.setdefault(place, folder) == folder:
            self._names.setdefault((file.root, folder), []).append(file.relative[len(folder) + 1 :])
        else:
            self.rest.append(file)

    def _folder_of_a_page(self, file: PageFile) -> str:
        folder = file.folder
        while folder and (file.root, section_path(folder)) not in self._stops:
            if (file.root, section_path(folder)) in self._pages:
                return folder
            folder = folder.rpartition("/")[0]
        return ""
