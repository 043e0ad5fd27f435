"""The sections of a site, and what the pages in them take from them.

https://gohugo.io/content-management/sections/ : every top folder is a section, a deeper one only with an _index.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from blog.importers.hugo_cascade import Cascade, read_cascades
from blog.importers.hugo_config import Configuration, Language
from blog.importers.hugo_files import section_path
from blog.importers.hugo_pages import Page
from blog.importers.hugo_values import to_text


@dataclass(frozen=True)
class Section:
    """path: as Hugo looks it up, "/posts"; the home page is "/"."""

    path: str
    title: str = ""
    slug: str = ""
    url: str = ""
    description: str = ""
    cascades: tuple[Cascade, ...] = ()
    params: Mapping[str, Any] = field(default_factory=dict)


class Sections:
    def __init__(self, config: Configuration) -> None:
        self._known: dict[tuple[str, str], Section] = {}
        self._inherited = {
            language.code: read_cascades(language.values.get("cascade")) for language in config.languages
        }

    def add(self, page: Page) -> None:
        params = page.params
        path = section_path(page.file.folder)
        self._known[page.file.language, path] = Section(
            path,
            title=to_text(params.get("title")) or "",
            slug=(to_text(params.get("slug")) or "").strip("-"),
            url=to_text(params.get("url")) or "",
            description=to_text(params.get("description")) or "",
            cascades=read_cascades(params.get("cascade")),
            params=params,
        )

    def get(self, language: str, path: str) -> Section | None:
        return self._known.get((language, path))

    def below(self, language: str, path: str) -> list[Section]:
        return [
            s for (code, where), s in self._known.items() if code == language and where.startswith(f"{path}/")
        ]

    def above(self, language: str, folder: str) -> tuple[Section, ...]:
        """The sections a folder lies in, the outermost first, without the home page."""
        parts = section_path(folder).strip("/").split("/")
        found = []
        for depth in range(1, len(parts) + 1 if parts != [""] else 1):
            path = "/" + "/".join(parts[:depth])
            section = self.get(language, path)
            if section or depth == 1:
                found.append(section or Section(path, title=parts[0].capitalize()))
        return tuple(found)

    def folder_link(self, language: str, folder: str) -> str:
        """A folder as it stands in addresses: a section's slug takes the place of its folder's name."""
        parts = folder.split("/")
        for depth in range(1, len(parts) + 1 if folder else 1):
            section = self.get(language, section_path("/".join(folder.split("/")[:depth])))
            if section and section.slug:
                parts[depth - 1] = section.slug
        return "/".join(parts)

    def cascades(self, language: str, folder: str) -> list[Cascade]:
        """What reaches the pages of a folder, the nearest first."""
        home = self.get(language, "/")
        nearest_first = [*reversed(self.above(language, folder)), *([home] if home else [])]
        return [c for section in nearest_first for c in section.cascades] + list(
            self._inherited.get(language, ())
        )


def is_taxonomy(language: Language, folder: str) -> bool:
    return section_path(folder).split("/")[1] in language.taxonomies
