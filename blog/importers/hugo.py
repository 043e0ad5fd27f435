"""Reads a Hugo site, or a content folder alone, and yields its entries, terms and files. Nothing outside is read.

Entries are read one at a time; what stays in memory for each is a name and an address.
"""

import posixpath
from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from functools import cached_property
from pathlib import Path

from blog.importers import hugo_config
from blog.importers.hugo_bundles import names_of_translation, own_names
from blog.importers.hugo_entry import Reading, Site, aliases_of, build_entry
from blog.importers.hugo_files import Ignored, PageFile, Walker, section_path
from blog.importers.hugo_pages import Page, read_page
from blog.importers.hugo_paths import with_base
from blog.importers.hugo_refs import References
from blog.importers.hugo_roots import content_roots, site_files, static_roots
from blog.importers.hugo_sections import Sections, is_taxonomy
from blog.importers.hugo_site import describe, main_sections
from blog.importers.hugo_terms import Terms
from blog.importers.hugo_tree import ContentTree
from blog.importers.hugo_urls import section_link
from blog.importers.hugo_values import to_list
from blog.importers.records import (
    ImportedEntry,
    ImportedFile,
    ImportedSite,
    ImportedTerm,
    Problem,
    SourceError,
)


class HugoSource:
    """path: the folder of a site, or a content folder. Raises SourceError, with a sentence, where it is neither.

    section_pages counts the _index files, which are lists in Hugo and no entries.
    """

    def __init__(self, path: Path) -> None:
        self.path = Path(path)
        if not self.path.is_dir():
            raise SourceError(
                f"{path} is not a folder. Name the folder of the Hugo site, or its content folder."
            )
        self.config = hugo_config.read(self.path)
        self.walker = Walker(
            self.path, Ignored([str(p) for p in to_list(self.config.values.get("ignorefiles"))])
        )
        roots = content_roots(self.path, self.config)
        self.tree = ContentTree(self.walker, roots, self.config.codes, self.config.disabled)
        if not self.tree.pages and not self.tree.problems:
            raise SourceError(f"There is no content in {path}: no Markdown or HTML file was found.")
        self.sections = Sections(self.config)
        languages = {language.code: language for language in self.config.languages}
        self._shared = Site(languages, self.sections, self.config.codes)
        remarks = [Problem(self.walker.label(file), *remark) for file, *remark in self.config.remarks]
        self._problems = [*remarks, *self.tree.problems]
        self._parents = _parents(self.tree.pages)
        self.section_pages = 0
        self._read_sections()
        self._terms = Terms(self.config, self.sections)
        self._references = References(self.tree)
        self._dated_section: bool | None = None
        self.site: ImportedSite = describe(self.config, self._main_section())

    def entries(self) -> Iterator[ImportedEntry | Problem]:
        """Every entry in the order of its path. What was left out of one follows it as a Problem."""
        yield from self._problems
        taken: dict[str, str] = {}
        for file in self.tree.pages:
            if file.role != "section" or self._is_lone(file):
                page = read_page(file, self.walker.label(file.source))
                if isinstance(page, Page):
                    yield from self._entry(page, taken)
                elif file.role != "section":
                    yield page
        self._add_terms_of_lists()
        self._terms.complete = True

    def terms(self) -> Iterator[ImportedTerm]:
        """Every term in use or described. Reads all entries first if they were not read to the end yet."""
        if not self._terms.complete:
            for _entry in self.entries():
                pass
        yield from self._terms

    def static_files(self) -> Iterator[ImportedFile | Problem]:
        """What lies in static folders, and in content folders outside of bundles."""
        base = self.config.main.rules
        for root in static_roots(self.path, self.config):
            for folder in self.walker.walk(root, hidden=True):
                yield from folder.problems
                for name in folder.files:
                    relative = f"{folder.relative}/{name}" if folder.relative else name
                    source = root / relative
                    yield ImportedFile(with_base(f"/{relative}", base), source, self._place(source))
        for file in self.tree.beside_pages():
            yield ImportedFile(self._path_beside(file), file.source, self._place(file.source))

    def list_paths(self) -> Iterator[str]:
        """The address of every list that Hugo makes of sections and taxonomies, whether anything is in it or not."""
        yield from self._lists.values()

    def home_paths(self) -> Iterator[str]:
        """The address of the home page in every language, also where there is no other page in it."""
        for language in self.config.languages:
            yield with_base(f"{language.rules.prefix}/", language.rules)

    def list_aliases(self) -> Iterator[tuple[str, str]]:
        """(old path, address) for every list that says it was elsewhere before."""
        for file in self.tree.pages:
            if file.role == "section" and not self._is_lone(file):
                section = self.sections.get(file.language, section_path(file.folder))
                if section and section.params.get("aliases"):
                    page = read_page(file, self.walker.label(file.source))
                    if isinstance(page, Page):
                        reading = Reading(page, self._shared)
                        yield from ((alias, reading.address.path) for alias in aliases_of(reading))

    @cached_property
    def _lists(self) -> dict[tuple[str, str], str]:
        """By language and the path by which Hugo looks it up."""
        lists = {}
        for code, language in self._shared.languages.items():
            for taxonomy in language.taxonomies:
                lists[code, f"/{taxonomy}"] = with_base(
                    section_link(taxonomy, "", language.rules), language.rules
                )
        folders = {(f.language, f.folder) for f in self.tree.pages if f.role == "section"}
        tops = [f for f in self.tree.pages if _is_in_section(f) or "/" in f.folder]
        folders |= {(f.language, f.folder.partition("/")[0]) for f in tops}
        for code, folder in sorted(folders):
            above = self.sections.above(code, folder)
            rules, link = self._shared.languages[code].rules, self.sections.folder_link(code, folder)
            path = with_base(section_link(link, above[-1].url if above else "", rules), rules)
            lists[code, section_path(folder)] = path
        return lists

    def source_keys(self) -> set[tuple[str, str]]:
        """(source path, language) of every file that is, or would be if it were sound, an entry."""
        return {(file.relative, file.language) for file in self.tree.pages}

    def all_files(self) -> Iterator[ImportedFile]:
        """Whatever a site is made of, themes aside: what an export gives back beside the entries."""
        roots = [root for root, _language in self.tree.roots] + static_roots(self.path, self.config)
        for source in site_files(self.path, roots):
            yield ImportedFile("", source, self._place(source))

    def discussions(self) -> Iterator[tuple[str, Path]]:
        """(source path of the entry, file) for each discussion that an export has written beside it."""
        root = self.path / "data" / "discussions"
        if root.is_dir() and self.walker.contains(root):
            for folder in self.walker.walk(root):
                for name in folder.files:
                    if name.endswith(".json"):
                        yield f"{folder.relative}/{name[:-5]}".lstrip("/"), root / folder.relative / name

    def _place(self, source: Path) -> str:
        label = self.walker.label(source)
        return f"content/{label}" if self.tree.roots[0][0] == self.path else label

    def resolve_ref(
        self, reference: str, source_path: str, language: str = "", target: str = ""
    ) -> str | None:
        """The path, with fragment, that a ref in a page leads to; None if there is no such page."""
        name, hash_mark, fragment = reference.partition("#")
        file = self._references.find(name, self._references.source(source_path, language), target)
        if file is None:
            return None
        if not name:
            return f"#{fragment}"
        path = self._address(file)
        return None if path is None else f"{path}{hash_mark}{fragment}"

    def resolve_page(self, reference: str, source_path: str, language: str = "") -> str | None:
        """The path that a link in a page leads to: that of a page or of a list; None if it is neither."""
        source = self._references.source(source_path, language)
        for key in self._references.keys(reference, source):
            if file := self._references.by_path(key):
                return self._address(file)
            if key in self._lists:
                return self._lists[key]
        return None

    def _address(self, file: PageFile) -> str | None:
        page = read_page(file, self.walker.label(file.source))
        return None if isinstance(page, Problem) else Reading(page, self._shared).address.path

    def _entry(self, page: Page, taken: dict[str, str]) -> Iterator[ImportedEntry | Problem]:
        if page.file.role == "section" and not page.body.strip():
            return
        reading = Reading(page, self._shared)
        files = self.tree.files_of(page.file) if page.file.role != "section" else []
        entry, problems = build_entry(reading, self._kind(reading), files)
        if files:
            entry = replace(entry, named=self._named(reading, files))
        if entry.path in taken:
            first, old = taken[entry.path], entry.path
            entry = _moved_aside(entry, taken)
            reason = f"Its address {old} is that of {first}; it came in at {entry.path}. Give it a slug of its own."
            problems.append(page.problem("slug" if "slug" in page.params else "url", reason))
        taken[entry.path] = page.label
        self._terms.add(reading.language.code, reading.terms, entry.listed)
        yield entry
        yield from problems

    def _named(self, reading: Reading, files: list[str]) -> tuple[tuple[str, str], ...]:
        """(name, address) of the bundle's files, as the text of the page finds them."""
        page = reading.page.file
        home = next(language for root, language in self.tree.roots if root == page.root)
        if not home or page.language == home:
            return tuple(own_names(reading, files).items())
        file = self._references.translation(home, page)
        read = read_page(file, file.relative) if file else None
        owner = Reading(read, self._shared) if isinstance(read, Page) else None
        return tuple(names_of_translation(reading, files, owner).items())

    def _add_terms_of_lists(self) -> None:
        """Sections may be filed under terms too; they are no entries, but Hugo has answered at their terms' addresses."""
        for file in self.tree.pages:
            if file.role == "section" and not self._is_lone(file):
                section = self.sections.get(file.language, section_path(file.folder))
                names = ("tags", "categories", "series", *self._shared.languages[file.language].taxonomies)
                if section and not section.params.get("draft") and any(map(section.params.get, names)):
                    page = read_page(file, self.walker.label(file.source))
                    if isinstance(page, Page):
                        self._terms.add(file.language, Reading(page, self._shared).terms, listed=False)

    def _path_beside(self, file: PageFile) -> str:
        """Files of a section are served below it; the folders between keep their names as they are."""
        rules = self._shared.languages[file.language].rules
        above = self.sections.above(file.language, file.folder)
        has_pages = above and (file.language, file.folder.split("/")[0]) in self._parents
        depth = above[-1].path.count("/") if has_pages else 0
        parts = file.relative.split("/")
        folder = self.sections.folder_link(file.language, "/".join(parts[:depth]))
        link = section_link(folder, above[-1].url if has_pages else "", rules)
        return with_base(link + "/".join(parts[depth:]), rules)

    def _kind(self, reading: Reading) -> str:
        terms, dated = reading.terms, reading.dates.found["date"] is not None
        if reading.page.file.role == "section":
            return "page"
        if reading.section:
            return "post" if dated or terms else "page"
        is_post = "tags" in terms or "categories" in terms or (dated and not self._has_dated_section())
        return "post" if is_post else "page"

    def _has_dated_section(self) -> bool:
        if self._dated_section is None:
            files = (file for file in self.tree.pages if file.role != "section" and file.folder)
            pages = (read_page(file, file.relative) for file in files)
            readings = (Reading(page, self._shared) for page in pages if isinstance(page, Page))
            self._dated_section = any(reading.section and reading.dates.found["date"] for reading in readings)
        return self._dated_section

    def _read_sections(self) -> None:
        for file in self.tree.pages:
            if file.role == "section":
                self.section_pages += 1
                page = read_page(file, self.walker.label(file.source))
                if isinstance(page, Page):
                    self.sections.add(page)
                else:
                    self._problems.append(page)

    def _is_lone(self, file: PageFile) -> bool:
        """Whether a section has nothing below it: then its _index is a page, as About often is."""
        language = self._shared.languages[file.language]
        below = (file.language, file.folder) in self._parents
        return bool(file.folder) and not below and not is_taxonomy(language, file.folder)

    def _main_section(self) -> str:
        chosen = main_sections(self.config)
        main = self.config.main.code
        tops = (
            page.folder.split("/")[0]
            for page in self.tree.pages
            if page.language == main and _is_in_section(page)
        )
        counted = Counter(tops).most_common(1)
        return chosen[0] if chosen else counted[0][0] if counted else ""


def _is_in_section(page: PageFile) -> bool:
    return page.role != "section" and bool(page.folder) and (page.role == "page" or "/" in page.folder)


def _parents(pages: list[PageFile]) -> set[tuple[str, str]]:
    """(language, folder) of every folder with a page somewhere below it, its own _index aside."""
    found = set()
    for page in pages:
        folder = page.folder if page.role == "page" else page.folder.rpartition("/")[0]
        while folder and (page.language, folder) not in found:
            found.add((page.language, folder))
            folder = folder.rpartition("/")[0]
    return found


def _moved_aside(entry: ImportedEntry, taken: dict[str, str]) -> ImportedEntry:
    stem, ending = (
        posixpath.splitext(entry.path) if entry.path.endswith(".html") else (entry.path.rstrip("/"), "/")
    )
    number = 2
    while f"{stem}-{number}{ending}" in taken:
        number += 1
    return replace(entry, path=f"{stem}-{number}{ending}", slug=f"{entry.slug}-{number}")
