"""What a ref or relref in a post points to. https://gohugo.io/shortcodes/ref/"""

import posixpath
from functools import cached_property

from blog.importers.hugo_files import MARKUPS, PageFile, lookup_path, read_name
from blog.importers.hugo_paths import normal
from blog.importers.hugo_tree import ContentTree


class References:
    def __init__(self, tree: ContentTree) -> None:
        self.tree = tree

    def find(self, reference: str, source: PageFile | None, language: str = "") -> PageFile | None:
        """The page that a reference without its #fragment names, in the language of the page it stands in
        where none is given; that page itself for an empty one."""
        if not reference:
            return source
        wanted = language or self._language(source)
        for path in self._candidates(reference, source):
            if page := self._by_path.get((wanted, path)):
                return page
        if "/" in reference.strip().rstrip("/"):
            return None
        return self._by_name.get((wanted, self._plain(reference)))

    def by_path(self, key: tuple[str, str]) -> PageFile | None:
        return self._by_path.get(key)

    def keys(self, reference: str, source: PageFile | None) -> list[tuple[str, str]]:
        """(language, path) of what a reference may mean, the nearest first."""
        return [(self._language(source), path) for path in self._candidates(reference, source)]

    def translation(self, language: str, page: PageFile) -> PageFile | None:
        """The same page, or bundle's page, in another language."""
        found = self._by_path.get((language, lookup_path(page, self.tree.languages)))
        return found if found and found.role == page.role and found.root == page.root else None

    def _language(self, source: PageFile | None) -> str:
        return source.language if source else self.tree.roots[0][1]

    def source(self, source_path: str, language: str) -> PageFile | None:
        """Languages with folders of their own may have a file each by the same name."""
        return self._by_source.get((source_path, language)) or self._by_source.get((source_path, ""))

    def _candidates(self, reference: str, source: PageFile | None) -> list[str]:
        plain = self._plain(reference)
        if plain.startswith("/") or source is None:
            return [posixpath.normpath("/" + plain.lstrip("/"))]
        here = "/" + normal(source.folder)
        has_ending = "." in posixpath.basename(reference.rstrip("/")).lstrip(".")
        # A bundle is where its folder is, unless a file is named.
        is_outside = source.role == "leaf" and not (has_ending and reference.startswith("../"))
        folders = [posixpath.dirname(here) if is_outside else here]
        folders += [here] if has_ending else []
        folders += [] if reference.startswith(".") else ["/"]
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
    def _by_source(self) -> dict[tuple[str, str], PageFile]:
        pages = reversed(self.tree.pages)
        return {key: page for page in pages for key in ((page.relative, page.language), (page.relative, ""))}
