"""The terms that entries use and term pages describe, with the addresses at which Hugo answers them."""

import posixpath
from collections.abc import Iterator

from blog.importers.hugo_config import Configuration, Language
from blog.importers.hugo_paths import normal, with_base
from blog.importers.hugo_permalinks import Place
from blog.importers.hugo_sections import Section, Sections
from blog.importers.hugo_urls import page_link, section_link
from blog.importers.records import ImportedTerm


class Terms:
    """complete: whether every entry was seen."""

    def __init__(self, config: Configuration, sections: Sections) -> None:
        self.languages = config.languages
        self.sections = sections
        self.complete = False
        self._names: dict[tuple[str, str, str], str] = {}
        self._listed: set[tuple[str, str, str]] = set()

    def add(self, language: str, terms: dict[str, tuple[str, ...]], listed: bool) -> None:
        """listed: whether lists show the page that is filed under them."""
        for taxonomy, names in terms.items():
            for name in names:
                key = (language, taxonomy, normal(name))
                self._names.setdefault(key, name)
                if listed:
                    self._listed.add(key)

    def __iter__(self) -> Iterator[ImportedTerm]:
        for language in self.languages:
            described = {
                (taxonomy, section.path.removeprefix(f"/{taxonomy}/")): section
                for taxonomy in language.taxonomies
                for section in self.sections.below(language.code, f"/{taxonomy}")
            }
            used = {key[1:]: name for key, name in self._names.items() if key[0] == language.code}
            for taxonomy, key in sorted({*described, *used}):
                section = described.get((taxonomy, key), Section(f"/{taxonomy}/{key}"))
                name = used.get((taxonomy, key), key)
                listed = (language.code, taxonomy, key) in self._listed
                yield _term(language, taxonomy, name, section, listed)


def _term(language: Language, taxonomy: str, name: str, section: Section, listed: bool) -> ImportedTerm:
    path = with_base(_link(language, taxonomy, name, section), language.rules)
    slug = posixpath.basename(path.rstrip("/"))
    return ImportedTerm(taxonomy, name, slug, path, section.title or name, section.description, listed)


def _link(language: Language, taxonomy: str, name: str, section: Section) -> str:
    pattern = language.pattern_for("term", f"/{taxonomy}/{normal(name)}")
    if not pattern or section.url:
        return section_link(f"{taxonomy}/{section.slug or name}", section.url, language.rules)
    place = Place(
        folder=taxonomy,
        base_name=name,
        file_name=name,
        is_bundle=True,
        sections=(taxonomy,),
        section_slugs=(taxonomy,),
        section=taxonomy,
        title=section.title or name,
        slug=section.slug,
        pattern=pattern,
    )
    return page_link(place, language.rules)
