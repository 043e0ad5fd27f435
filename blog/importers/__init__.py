"""Readers of foreign sites, by the name that `import_content` takes. Pure: no database, no settings."""

from collections.abc import Iterator
from importlib import import_module
from pathlib import Path
from typing import Protocol

from blog.importers.records import ImportedEntry, ImportedFile, ImportedSite, ImportedTerm, Problem

READERS = {"hugo": "blog.importers.hugo:HugoSource"}


class Source(Protocol):
    """What a reader offers. Its constructor takes the path and raises records.SourceError."""

    site: ImportedSite

    def entries(self) -> Iterator[ImportedEntry | Problem]: ...

    def terms(self) -> Iterator[ImportedTerm]: ...

    def static_files(self) -> Iterator[ImportedFile | Problem]: ...

    def list_paths(self) -> Iterator[str]: ...

    def home_paths(self) -> Iterator[str]: ...

    def list_aliases(self) -> Iterator[tuple[str, str]]: ...

    def source_keys(self) -> set[tuple[str, str]]: ...

    def all_files(self) -> Iterator[ImportedFile]: ...

    def discussions(self) -> Iterator[tuple[str, Path]]: ...

    def resolve_ref(
        self, reference: str, source_path: str, language: str = "", target: str = ""
    ) -> str | None: ...

    def resolve_page(self, reference: str, source_path: str, language: str = "") -> str | None: ...


def open_source(name: str, path: Path) -> Source:
    """The source at a path. Raises KeyError for an unknown name, records.SourceError for an unusable path."""
    module, _, reader = READERS[name].partition(":")
    source: Source = getattr(import_module(module), reader)(path)
    return source
