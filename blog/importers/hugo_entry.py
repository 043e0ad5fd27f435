"""From a content file that was read to the record of an entry."""

import posixpath
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cached_property
from typing import Any
from urllib.parse import urlsplit

from blog.importers import hugo_details as details
from blog.importers.hugo_cascade import read_cascades, with_inherited
from blog.importers.hugo_config import Language
from blog.importers.hugo_dates import Dates, read_dates
from blog.importers.hugo_fields import Fields
from blog.importers.hugo_files import lookup_path, read_name
from blog.importers.hugo_pages import Page, foreign_markup, is_markdown
from blog.importers.hugo_paths import escaped, with_base
from blog.importers.hugo_permalinks import Place, as_one_part
from blog.importers.hugo_sections import Sections
from blog.importers.hugo_urls import page_link, section_link
from blog.importers.hugo_values import json_ready, to_table
from blog.importers.records import ImportedEntry, ImportedFile, Problem

OWN_TAXONOMIES = ("tags", "categories", "series", "authors", "author")


@dataclass(frozen=True)
class Site:
    """What is the same for every page: languages by code, their sections, all language codes."""

    languages: Mapping[str, Language]
    sections: Sections
    codes: tuple[str, ...]


@dataclass(frozen=True)
class Address:
    """link: as Hugo writes it, below the base URL; path: on the old site's host, unescaped."""

    link: str
    path: str
    slug: str
    guid: str


class Reading:
    """One page with everything that is known about it: own and inherited values, dates, address."""

    def __init__(self, page: Page, site: Site) -> None:
        self.page = page
        self.site = site
        self.language = site.languages[page.file.language]
        self.params = self._all_params()
        self.fields = Fields(page, self.params)
        self.title = self.fields.text("title")
        self.name = read_name(page.file.file_name, site.codes)
        self.sections = site.sections.above(self.language.code, self._container())
        self.section = self.sections[0].path.strip("/") if self.sections else ""
        self.dates = self._read_dates()
        self.address = self._address()

    def _container(self) -> str:
        """The folder that holds the page; for a bundle the one that holds the bundle."""
        folder = self.page.file.folder
        return posixpath.dirname(folder) if self.page.file.role == "leaf" else folder

    def _all_params(self) -> dict[str, Any]:
        page, code = self.page, self.language.code
        inherited = self.site.sections.cascades(code, self._container())
        own = read_cascades(page.params.get("cascade"))
        kind = "section" if page.file.role == "section" else "page"
        path = lookup_path(page.file, self.site.codes)
        return with_inherited(page.params, [*own, *inherited], path=path, kind=kind, language=code)

    def _read_dates(self) -> Dates:
        order = self.language.date_order
        modified = None
        if any(":filemodtime" in keys for keys in order.values()):
            modified = datetime.fromtimestamp(int(self.page.file.source.stat().st_mtime), UTC)
        dates = read_dates(
            self.params, order, zone=self.language.zone, file_name=self._base_name(), modified=modified
        )
        for key, reason in dates.complaints:
            self.fields.complain(key, f"`{key}` {reason}. It was left out.")
        return dates

    def _base_name(self) -> str:
        return posixpath.basename(self.page.file.folder) if self.page.file.role != "page" else self.name.base

    def _address(self) -> Address:
        rules, url = self.language.rules, self._own_url()
        if self.page.file.role == "section":
            folder = self.site.sections.folder_link(self.language.code, self.page.file.folder)
            link, slug = section_link(folder, url, rules), ""
        else:
            slug = self.fields.text("slug").strip("-")
            if "slug" not in self.params and self.dates.name_slug:
                slug = self.dates.name_slug
            link = page_link(self._place(slug, url), rules)
        path = with_base(link, rules)
        slug = slug or posixpath.basename(path.rstrip("/")).removesuffix(".html") or self._base_name()
        base = self.language.base_url
        return Address(
            link, path, slug, f"{base.rstrip('/')}{escaped(link)}" if urlsplit(base).netloc else ""
        )

    def _own_url(self) -> str:
        url = self.fields.text("url")
        if url.startswith(("http://", "https://")):
            self.fields.complain(
                "url", "`url` names a host, which Hugo does not allow; its path alone was taken."
            )
            return urlsplit(url).path
        return url

    def _place(self, slug: str, url: str) -> Place:
        file = self.page.file
        own = posixpath.basename(file.folder) if file.role == "leaf" else self.name.base
        return Place(
            folder=self.site.sections.folder_link(self.language.code, self._container()),
            base_name=own,
            file_name=own,
            is_bundle=file.role == "leaf",
            sections=tuple(self.sections[-1].path.strip("/").split("/")) if self.sections else (),
            section_slugs=tuple(section.slug or as_one_part(section.title) for section in self.sections),
            section=self.section,
            title=self.title,
            slug=slug,
            url=url,
            date=self.dates.found["date"],
            pattern=self.language.pattern_for("page", lookup_path(file, self.site.codes)),
        )

    @cached_property
    def terms(self) -> dict[str, tuple[str, ...]]:
        """The terms of every taxonomy, whether the configuration names it or everybody does."""
        names = dict.fromkeys(("tags", "categories", "series", *self.language.taxonomies))
        return {name: terms for name in names if (terms := self._terms(name))}

    def _terms(self, taxonomy: str) -> tuple[str, ...]:
        known = taxonomy in self.language.taxonomies
        if not known and isinstance(self.params.get(taxonomy), dict):
            return ()
        return tuple(dict.fromkeys(self.fields.names(taxonomy)))


def build_entry(reading: Reading, kind: str, files: list[str]) -> tuple[ImportedEntry, list[Problem]]:
    """The record, and what had to be left out of it. files: of the page's bundle, relative to it."""
    page, fields, dates = reading.page, reading.fields, reading.dates.found
    address, params = reading.address, reading.params
    rendered, listed = fields.build()
    weight = fields.number("weight")
    terms = reading.terms
    if markup := foreign_markup(page):
        fields.complain(
            "markup", f"Its markup is {markup}, which is shown as Markdown here; convert it (pandoc does)."
        )
    picture, picture_alt = details.cover(params, files)
    label = fields.text("linktitle") or reading.title
    entry = ImportedEntry(
        kind=kind,
        source_path=page.file.relative,
        language=reading.language.code,
        front_matter=page.head,
        body=page.body,
        markup="markdown" if is_markdown(page) else "html",
        title=reading.title,
        slug=address.slug,
        path=address.path,
        published_at=dates["date"],
        public_at=dates["publishdate"],
        modified_at=dates["lastmod"],
        expires_at=dates["expirydate"],
        # What Hugo neither renders nor lists is material for other pages: it must not become public here.
        draft=fields.is_draft() or not (rendered or listed),
        digest=page.digest,
        summary=fields.text("summary"),
        description=fields.text("description"),
        tags=terms.get("tags", ()),
        categories=terms.get("categories", ()),
        series=terms.get("series", ()),
        series_order=details.series_order(params),
        terms={name: values for name, values in terms.items() if name not in OWN_TAXONOMIES},
        authors=details.authors(params),
        show_toc=details.shows_toc(params, to_table(reading.language.values.get("params"))),
        cover=_picture_path(picture, reading, files),
        cover_alt=picture_alt,
        aliases=aliases_of(reading),
        guid=address.guid,
        canonical_url=details.canonical_url(params),
        weight=weight,
        menu=details.menu(params, label, weight),
        listed=listed,
        params=json_ready(page.params),
        files=bundle_files(reading, files),
        source_root=_root(page),
    )
    return entry, fields.problems


def bundle_files(reading: Reading, files: list[str]) -> tuple[ImportedFile, ...]:
    path, page = reading.address.path, reading.page.file
    folder = page.root / page.beside
    base = path if path.endswith("/") else f"{path.removesuffix('.html')}/"
    place = f"{_root(reading.page)}/{page.beside}"
    return tuple(ImportedFile(base + file, folder / file, f"{place}/{file}") for file in files)


def _root(page: Page) -> str:
    """The content folder, relative to the site; one that was handed over alone is the site's "content"."""
    return page.label.removesuffix(page.file.relative).strip("/") or "content"


def _picture_path(picture: str, reading: Reading, files: list[str]) -> str:
    """Relative names are the bundle's file where there is one, else the site's."""
    rules = reading.language.rules
    if picture.startswith("/") and rules.base_path and not picture.startswith((f"{rules.base_path}/", "//")):
        return with_base(picture, rules)  # a host's root has no pictures of a site that lies below it
    if not picture or picture.startswith("/") or urlsplit(picture).scheme:
        return picture
    name = posixpath.normpath(picture)
    if name in files:
        return next(file.path for file in bundle_files(reading, [name]))
    return with_base("/" + name.lstrip("./"), rules)


def aliases_of(reading: Reading) -> tuple[str, ...]:
    """Absolute paths of the old site; relative ones are beside the page."""
    rules, own = reading.language.rules, reading.address
    parent = posixpath.dirname(own.link.removesuffix(".html").rstrip("/"))
    found = []
    for alias in reading.fields.words("aliases"):
        if alias.startswith(("http://", "https://")):
            alias = urlsplit(alias).path
        base = f"{rules.prefix}/" if alias.startswith("/") else f"{parent}/"
        path = posixpath.normpath(re.sub("/+", "/", f"{base}/{alias}"))
        path = path if path.endswith((".html", ".htm")) else f"{path.rstrip('/')}/"
        found.append(with_base(path, rules))
    return tuple(dict.fromkeys(found))
