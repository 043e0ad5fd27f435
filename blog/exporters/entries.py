"""An entry that came from a file, as that file: what was edited here since is patched in."""

import zoneinfo
from dataclasses import dataclass
from datetime import UTC

from blog.exporters.fields import Facts, patched, with_aliases
from blog.exporters.site import without_base
from blog.importers.load_changes import edited_here, marks_of_entry
from blog.models import Post

PLACED_BY = {"path", "slug", "published_at"}


@dataclass(frozen=True)
class Source:
    """A content file. name: relative to its content folder; state: for the counts."""

    place: str
    head: str
    body: str
    state: str
    name: str = ""
    may_have_moved: bool = False

    @property
    def content(self) -> bytes:
        return (self.head + self.body).encode()


def written(entry, profile) -> Source:
    """Raises patch.PatchError where an edit finds no place in the front matter."""
    place = f"{entry.source_root or 'content'}/{entry.source_path}"
    names = edited_here(entry, marks_of_entry(entry))
    aliases = new_aliases(entry, profile)
    if not names and not aliases:
        return Source(place, entry.front_matter, entry.body, "unchanged", entry.source_path)
    head = patched(entry.front_matter, names, facts_of(entry, profile))
    head = with_aliases(head, aliases) if aliases else head
    state = "changed" if names or head != entry.front_matter else "unchanged"
    return Source(place, head, entry.body, state, entry.source_path, "path" in names)


def new_aliases(entry, profile):
    """Old paths that lead here since the entry moved on this site."""
    found = [alias.path for alias in entry.aliases.all() if not alias.imported and alias.path != entry.path]
    return tuple(without_base(path, profile) for path in found)


def facts_of(entry, profile) -> Facts:
    names = ("title", "slug", "markup", "summary", "description", "show_toc", "cover", "cover_alt", "draft")
    names += ("published_at", "public_at", "expires_at", "listed", "canonical_url")
    values = {name: getattr(entry, name) for name in names}
    if isinstance(entry, Post):
        values |= {"terms": terms_of(entry), "series_order": entry.series_order}
        values["authors"] = [
            (user.get_full_name() or user.username, user.username) for user in entry.authors.all()
        ]
    return Facts(**values, aliases=new_aliases(entry, profile), zone=zone_of(profile))


def terms_of(post):
    terms = {"tags": [(tag.name, tag.slug) for tag in sorted(post.tags.all(), key=lambda tag: tag.pk)]}
    if post.series:
        terms["series"] = [(post.series.name, post.series.slug)]
    for category in post.categories.all():
        terms.setdefault(category.taxonomy, []).append((category.name, category.slug))
    return terms


def zone_of(profile):
    """The time zone in which the files' dates are read: the one of their configuration."""
    name = profile.imported.get("time_zone") or ("UTC" if profile.imported else profile.time_zone)
    try:
        return zoneinfo.ZoneInfo(name)
    except (zoneinfo.ZoneInfoNotFoundError, ValueError):
        return UTC
