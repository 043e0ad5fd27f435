"""Entries that were written here, as files: named, placed and formatted like the imported ones nearest to them."""

import posixpath
import re

from blog.exporters import dates
from blog.exporters.entries import Source, facts_of, zone_of
from blog.importers import frontmatter
from blog.importers.hugo_details import TOC_KEYS
from blog.importers.hugo_values import lower_keys
from blog.importers.patch import DateText, compose, text_at
from blog.models import Page, Post
from config.links import absolute

DATED_NAME = re.compile(r"\d{4}-\d\d-\d\d([-_ ])")
FORBIDDEN = re.compile(r"[\x00-\x1f/\\:*?\"<>|]")


class Neighbours:
    """Finds the newest imported entry of the same section, and writes new ones like it."""

    def __init__(self, profile):
        self.profile, self.zone = profile, zone_of(profile)
        self.found = {}

    def write(self, entry, folder) -> Source:
        like = self._like(entry)
        name = self._free(self._name(entry, like), like, folder)
        head = compose(self._values(entry, like), like.front_matter if like else "", "toml")
        root = (like and like.source_root) or "content"
        return Source(f"{root}/{name}", head, entry.body, "new", name, may_have_moved=True)

    def _like(self, entry):
        section = entry.path.strip("/").partition("/")[0]
        key = type(entry), section
        if key not in self.found:
            entries = type(entry).objects.exclude(source_path="").exclude(front_matter="")
            entries = entries.order_by("-published_at", "-pk").defer("body", "body_html", "text")
            near = entries.filter(path__startswith=f"/{section}/") if section else entries
            self.found[key] = near.exclude(published_at=None).first() or near.first() or entries.first()
        return self.found[key]

    def _name(self, entry, like):
        slug = FORBIDDEN.sub("-", entry.slug) or "entry"
        if isinstance(entry, Page):
            ending = ".html" if entry.markup == "html" else ".md"
            return (entry.path.strip("/").removesuffix(".html") or "home") + ending
        if like is None:
            return f"posts/{slug}.md"
        return self._name_like(entry, like, slug)

    def _name_like(self, entry, like, slug):
        folder, file = posixpath.split(like.source_path)
        base, dot, ending = file.partition(".")
        is_bundle = base == "index" and bool(folder)
        if is_bundle:
            folder, base = posixpath.split(folder)
        dated = DATED_NAME.match(base)
        if dated and entry.published_at:
            slug = f"{entry.published_at.astimezone(self.zone):%Y-%m-%d}{dated[1]}{slug}"
        folder = self._folder_of_its_time(folder, like, entry)
        name = f"{folder}/{slug}" if folder else slug
        ending = "html" if entry.markup == "html" else "md" if ending == "html" else ending
        return f"{name}/index.{ending}" if is_bundle else f"{name}.{ending}"

    def _folder_of_its_time(self, folder, like, entry):
        """posts/2021/05 for a post of that month becomes posts/2024/11 for this one."""
        if not like.published_at or not entry.published_at:
            return folder
        then, now = (at.astimezone(self.zone) for at in (like.published_at, entry.published_at))
        parts = folder.split("/")
        if f"{then:%Y}" in parts:
            at = parts.index(f"{then:%Y}")
            parts[at] = f"{now:%Y}"
            if parts[at + 1 : at + 2] == [f"{then:%m}"]:
                parts[at + 1] = f"{now:%m}"
        return "/".join(parts)

    def _free(self, name, like, folder):
        root, number = (like and like.source_root) or "content", 2
        stem, dot, ending = name.rpartition(".")
        is_bundle = stem.endswith("/index")
        wanted = name
        while folder.has(f"{root}/{wanted}"):
            bundle = f"{stem.removesuffix('/index')}-{number}/index"
            wanted = f"{bundle if is_bundle else f'{stem}-{number}'}.{ending}"
            number += 1
        return wanted

    def _values(self, entry, like):
        facts = facts_of(entry, self.profile)
        head = like.front_matter if like else ""
        usual = lower_keys(frontmatter.parse(head)) if head else {}
        values = {"title": entry.title}
        if entry.published_at:
            values["date"] = self._date(entry.published_at, head)
        if entry.draft or "draft" in usual:
            values["draft"] = entry.draft
        values |= {name: [term for term, _slug in terms] for name, terms in facts.terms.items() if terms}
        if facts.authors:
            values["authors"] = [name for name, _username in facts.authors]
        values |= self._rare(entry, facts, head)
        if entry.show_toc or any(key in usual or key in self.profile.params for key in TOC_KEYS):
            values[next((key for key in TOC_KEYS if key in usual), "toc")] = entry.show_toc
        return values

    def _rare(self, entry, facts, head):
        """What most entries do not have."""
        name = posixpath.basename(entry.path.rstrip("/"))
        texts = {
            "slug": "" if isinstance(entry, Page) and entry.slug == name else entry.slug,
            "description": entry.description,
            "summary": entry.summary,
            "cover": entry.cover,
            "cover_alt": entry.cover_alt,
            "canonicalURL": entry.canonical_url,
            "guid": "" if entry.guid == absolute(entry.path) else entry.guid,
        }
        values = {key: text for key, text in texts.items() if text}
        if entry.public_at and entry.public_at != entry.published_at:
            values["publishDate"] = self._date(entry.public_at, head)
        if entry.expires_at:
            values["expiryDate"] = self._date(entry.expires_at, head)
        if isinstance(entry, Post) and entry.series_order is not None:
            values["series_order"] = entry.series_order
        if not entry.listed:
            values["build"] = {"list": "never"}
        if facts.aliases:
            values["aliases"] = list(facts.aliases)
        return values

    def _date(self, moment, head):
        like = text_at(head, ("date",)) if head else None
        return DateText(dates.written_like(like, moment, self.zone))
