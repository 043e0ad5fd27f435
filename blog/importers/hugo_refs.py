"""What a ref or relref in a post points to. https://gohugo.io/shortcodes/ref/"""

import posixpath
from functools import cached_property

from blog.importers.hugo_files import MARKUPS, PageFile, read_name
from blog.importers.hugo_paths import normal
from blog.importers.hugo_tree import ContentTree, lookup_path


class References:
    def __init__(self, tree: ContentTree) -> None:
        self.tree = tree

    def find(self, reference: str, source: PageFile | None) -> PageFile | None:
        """The page that a reference without its #fragment names; the page it stands in for an empty one."""
        if not reference:
            return source
        language = source.language if source else self.tree.roots[0][1]
        for path in self._candidates(reference, source):
            if page := self._by_path.get((language, path)):
                return page
        return self._by_name.get((language, posixpath.basename(self._plain(reference))))

    def source(self, source_path: str) -> PageFile | None:
        return self._by_source.get(source_path)

    def _candidates(self, reference: str, source: PageFile | None) -> list[str]:
        plain = self._plain(reference)
        if plain.startswith("/") or source is None:
            return [posixpath.normpath("/" + plain.lstrip("/"))]
        here = "/" + normal(source.folder)
        folders = [here, posixpath.dirname(here), "/"] if source.role == "leaf" else [here, "/"]
        return [posixpath.normpath(posixpath.join(folder, plain)) for folder in folders]

    def _plain(self, reference: str) -> str:
        """Without ending, language and index name, as Hugo looks it up."""
        folder, _, file_name = normal(reference.strip()).rstrip("/").rpartition("/")
        name = read_name(file_name, self.tree.languages)
        base = name.base if name.extension in MARKUPS else file_name
        if base in ("index", "_index"):
            return folder or "/"
        return f"{folder}/{base}" if folder or reference.startswith("/") else base

    @cached_property
    def _by_path(self) -> dict[tuple[str, str], PageFile]:
        return {(page.language, lookup_path(page, self.tree.languages)): page for page in self.tree.pages}

    @cached_property
    def _by_name(self) -> dict[tuple[str, str], PageFile | None]:
        """Pages by their last name; None where several share it."""
        names: dict[tuple[str, str], PageFile | None] = {}
        for (language, path), page in self._by_path.items():
            key = (language, posixpath.basename(path))
            names[key] = None if key in names else page
        return names

    @cached_property
    def _by_source(self) -> dict[str, PageFile]:
        return {page.relative: page for page in reversed(self.tree.pages)}
