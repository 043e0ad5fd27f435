"""Permalink patterns: "/:year/:month/:slug/" filled in for a page.

https://gohugo.io/configuration/permalinks/
"""

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from urllib.parse import unquote

from blog.importers.hugo_paths import STRAY_PERCENT, Rules, sanitize

ATTRIBUTE = re.compile(r":(\w+(?:\[.+?\])?)", re.ASCII)
UNDATED = datetime(1, 1, 1, tzinfo=UTC)
# Go writes a date's form as a sample date; the longest name is looked for first.
GO_DATE = re.compile("2006|January|Monday|Jan|Mon|002|06|01|02|15|03|04|05|PM|1|2|3|4|5")
GO_DATE_FORMS: dict[str, Callable[[datetime], str]] = {
    "2006": lambda date: f"{date.year:04}",
    "06": lambda date: f"{date.year % 100:02}",
    "January": lambda date: f"{date:%B}",
    "Jan": lambda date: f"{date:%b}",
    "01": lambda date: f"{date.month:02}",
    "1": lambda date: f"{date.month}",
    "Monday": lambda date: f"{date:%A}",
    "Mon": lambda date: f"{date:%a}",
    "002": lambda date: f"{date:%j}",
    "02": lambda date: f"{date.day:02}",
    "2": lambda date: f"{date.day}",
    "15": lambda date: f"{date:%H}",
    "03": lambda date: f"{date:%I}",
    "3": lambda date: f"{date:%I}".lstrip("0"),
    "PM": lambda date: f"{date:%p}",
    "04": lambda date: f"{date:%M}",
    "4": lambda date: f"{date.minute}",
    "05": lambda date: f"{date:%S}",
    "5": lambda date: f"{date.second}",
}

DATE_ATTRIBUTES: dict[str, Callable[[datetime], str]] = {
    "year": lambda date: str(date.year),
    "month": lambda date: f"{date.month:02}",
    "monthname": lambda date: f"{date:%B}",
    "day": lambda date: f"{date.day:02}",
    "weekday": lambda date: f"{date:%w}",
    "weekdayname": lambda date: f"{date:%A}",
    "yearday": lambda date: str(date.timetuple().tm_yday),
}
TEXT_ATTRIBUTES: dict[str, Callable[["Place"], str]] = {
    "title": lambda place: as_one_part(place.title),
    "slug": lambda place: place.slug or as_one_part(place.title),
    "filename": lambda place: place.file_name,
    "slugorfilename": lambda place: place.slug or place.file_name,
    "contentbasename": lambda place: place.base_name,
    "slugorcontentbasename": lambda place: place.slug or place.base_name,
    "sectionslug": lambda place: "".join(place.section_slugs[:1]),
}


@dataclass(frozen=True)
class Place:
    """What of a page goes into its address. Paths are as written on disk, "/" between the parts.

    folder     that holds the page; for a bundle the folder that holds the bundle
    base_name  file name without endings; of a bundle its folder's name
    sections   the parts of the path of the section it belongs to; section_slugs: their slugs, else titles
    pattern    from the permalinks of the configuration, "" if none applies
    """

    folder: str
    base_name: str
    file_name: str = ""
    is_bundle: bool = False
    sections: tuple[str, ...] = ()
    section_slugs: tuple[str, ...] = ()
    section: str = ""
    title: str = ""
    slug: str = ""
    url: str = ""
    date: datetime | None = None
    pattern: str = ""


def expand(pattern: str, place: Place, rules: Rules) -> str:
    """A permalink pattern filled in; what is no known attribute is left as it stands."""
    held = pattern.replace("\\:", "\0")
    filled = ATTRIBUTE.sub(lambda match: _attribute(match[1], place, rules, match[0]), held).replace(
        "\0", ":"
    )
    return filled if STRAY_PERCENT.search(filled) else unquote(filled.replace("+", " "), errors="replace")


def _attribute(name: str, place: Place, rules: Rules, written: str) -> str:
    if name in DATE_ATTRIBUTES:
        return DATE_ATTRIBUTES[name](place.date or UNDATED)
    if name in TEXT_ATTRIBUTES:
        return _urlized(TEXT_ATTRIBUTES[name](place), rules)
    kind, bracket, spec = name.partition("[")
    if kind == "section":
        return place.section
    if kind in ("sections", "sectionslugs"):
        slugs = tuple(_urlized(slug, rules) for slug in place.section_slugs)
        parts = place.sections if kind == "sections" else slugs
        return "/".join(cut(parts, spec.rstrip("]")) if bracket else parts)
    if GO_DATE.search(name):
        return GO_DATE.sub(lambda part: GO_DATE_FORMS[part[0]](place.date or UNDATED), name)
    return written


def _urlized(text: str, rules: Rules) -> str:
    """Hugo escapes here and undoes it later; what remains of that is that a # at the end is lost."""
    clean = sanitize(text, rules)
    return clean[:-1] if clean.endswith("#") and clean.count("#") == 1 else clean


def cut(parts: tuple[str, ...], spec: str) -> tuple[str, ...]:
    """Some of the parts: "1:", ":last", "0"; out of range is nothing."""
    inner = spec.strip().lower()
    if not parts:
        return ()
    if ":" not in inner:
        start = _index(inner, parts, 0)
        return parts[start : start + 1] if 0 <= start < len(parts) else ()
    low, _, high = inner.partition(":")
    start, end = _index(low, parts, 0), _index(high, parts, len(parts))
    return parts[start : min(end, len(parts))] if start < len(parts) else ()


def _index(text: str, parts: tuple[str, ...], default: int) -> int:
    if text == "last":
        return len(parts) - 1
    return int(text) if text.isdigit() else default if not text else 0


def as_one_part(title: str) -> str:
    return re.sub(r"[/\\]", "-", title)
