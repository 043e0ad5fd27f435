"""What every reader of a foreign site yields, whatever the source: plain values, no database."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any


class SourceError(Exception):
    """The source cannot be read at all; the message is a sentence for the person who named it."""


@dataclass(frozen=True)
class Problem:
    """Something left out of an import: file, line (None for the whole file) and one sentence saying why.

    It is a whole file, or a single value of an entry that came in without it.
    """

    path: str
    line: int | None
    reason: str

    def __str__(self) -> str:
        place = self.path if self.line is None else f"{self.path}:{self.line}"
        return f"{place}: {self.reason}"


@dataclass(frozen=True)
class ImportedFile:
    """A file that is served as it is.

    path    URL path, unescaped ("/posts/x/pic.png")
    source  the file to read; it lies inside the folder that was named
    place   where it lies in the site's folder ("static/pic.png")
    """

    path: str
    source: Path
    place: str = ""


@dataclass(frozen=True)
class ImportedEntry:
    """A post or a page.

    kind           "post" or "page"
    source_path    relative to the content folder, "/" between the parts
    source_root    that folder, relative to the site's
    language       "" in a site of one language
    front_matter   the head exactly as written with byte-order mark and delimiters, "" if there is none
    body           the rest exactly as written: front_matter + body is the file
    path           URL path, unescaped ("/posts/x/")
    published_at   the date it carries; public_at: when it becomes public. All datetimes are aware.
    summary        the front matter's own, as is description; "" if it has none
    terms          own taxonomies: {"topics": ("a", "b")}
    aliases        absolute URL paths that redirect here
    guid           absolute address under the old site, "" if that is unknown
    menu           (label, weight) for each place in the main menu
    listed         False for a page that Hugo builds but keeps out of lists
    params         the front matter, keys lower-cased, JSON-ready (dates as ISO strings)
    digest         SHA-256 of the file's bytes, hex
    named          (name in lower case, URL path) of what its text may link to in its bundle
    """

    kind: str
    source_path: str
    language: str
    front_matter: str
    body: str
    markup: str
    title: str
    slug: str
    path: str
    published_at: datetime | None
    public_at: datetime | None
    modified_at: datetime | None
    expires_at: datetime | None
    draft: bool
    digest: str
    summary: str = ""
    description: str = ""
    tags: tuple[str, ...] = ()
    categories: tuple[str, ...] = ()
    series: tuple[str, ...] = ()
    series_order: int | None = None
    terms: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    authors: tuple[str, ...] = ()
    show_toc: bool = False
    cover: str = ""
    cover_alt: str = ""
    aliases: tuple[str, ...] = ()
    guid: str = ""
    canonical_url: str = ""
    menu: tuple[tuple[str, int], ...] = ()
    weight: int = 0
    listed: bool = True
    params: Mapping[str, Any] = field(default_factory=dict)
    files: tuple[ImportedFile, ...] = ()
    named: tuple[tuple[str, str], ...] = ()
    source_root: str = "content"


@dataclass(frozen=True)
class ImportedTerm:
    """A term of a taxonomy, as used by entries or described by a page of its own.

    taxonomy  plural name ("tags"); name: as entries write it; path: URL path as the old site answers it
    listed    False where nothing is filed under it that a list shows
    """

    taxonomy: str
    name: str
    slug: str
    path: str
    title: str
    description: str = ""
    listed: bool = True


@dataclass(frozen=True)
class ImportedSite:
    """What the source says about the site as a whole.

    options       rendering.Options.as_dict()
    post_pattern  address of a post in the main section ("/posts/:slug/")
    menu          (label, url, weight), in order
    params        the configuration's own parameters, keys lower-cased, JSON-ready
    has_config    False for a bare content folder
    """

    title: str = ""
    tagline: str = ""
    base_url: str = ""
    language: str = ""
    time_zone: str = ""
    options: Mapping[str, Any] = field(default_factory=dict)
    post_pattern: str = "/posts/:slug/"
    author: str = ""
    menu: tuple[tuple[str, str, int], ...] = ()
    params: Mapping[str, Any] = field(default_factory=dict)
    has_config: bool = False
