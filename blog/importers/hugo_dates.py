"""Dates in Hugo's front matter: which texts are dates, and which key supplies which date.

https://gohugo.io/configuration/front-matter/ . A date without an offset is in the site's time zone.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta, timezone, tzinfo
from typing import Any

MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
WEEKDAYS = "Monday|Tuesday|Wednesday|Thursday|Friday|Saturday|Sunday"
# Each text is read by the first of these that fits. They are written as Go writes them: as a sample date.
LAYOUTS = (
    "2006-01-02",
    "2006-01-02T15:04:05Z07:00",
    "2006-01-02T15:04:05",
    "Mon, 02 Jan 2006 15:04:05 -0700",
    "Mon, 02 Jan 2006 15:04:05 MST",
    "02 Jan 06 15:04 -0700",
    "02 Jan 06 15:04 MST",
    "Monday, 02-Jan-06 15:04:05 MST",
    "2006-01-02 15:04:05 -0700 MST",
    "2006-01-02T15:04:05-0700",
    "2006-01-02 15:04:05Z0700",
    "2006-01-02 15:04:05",
    "Mon Jan _2 15:04:05 2006",
    "Mon Jan _2 15:04:05 MST 2006",
    "Mon Jan 02 15:04:05 -0700 2006",
    "2006-01-02 15:04:05Z07:00",
    "02 Jan 2006",
    "2006-01-02 15:04:05 -07:00",
    "2006-01-02 15:04:05 -0700",
)
PARTS = {
    "2006": r"(?P<year>\d{4})",
    "06": r"(?P<short_year>\d{2})",
    "01": r"(?P<month>\d{2})",
    "Jan": r"(?P<month_name>(?i:" + "|".join(MONTHS) + "))",
    "02": r"(?P<day>\d{2})",
    "_2": r"(?P<day>\d{1,2})",
    "Monday": f"(?i:{WEEKDAYS})",
    "Mon": "(?i:" + "|".join(day[:3] for day in WEEKDAYS.split("|")) + ")",
    "15": r"(?P<hour>\d{1,2})",
    "04": r"(?P<minute>\d{2})",
    "05": r"(?P<second>\d{2})(?:[.,]\d+)?",
    "Z07:00": r"(?P<offset>Z|[-+]\d\d:\d\d)",
    "Z0700": r"(?P<offset>Z|[-+]\d{4})",
    "-07:00": r"(?P<offset>[-+]\d\d:\d\d)",
    "-0700": r"(?P<offset>[-+]\d{4})",
    "MST": r"(?:[A-Z]{3,5}|GMT[-+]\d{1,2}|[-+]\d\d)",
    " ": " +",
}
PART = re.compile("|".join(re.escape(part) for part in sorted(PARTS, key=len, reverse=True)))
ALIASES = {
    "lastmod": ("modified",),
    "publishdate": ("pubdate", "published"),
    "expirydate": ("unpublishdate",),
}
DEFAULT_ORDER = {
    "date": ("date", "publishdate", "lastmod"),
    "lastmod": (":git", "lastmod", "date", "publishdate"),
    "publishdate": ("publishdate", "date"),
    "expirydate": ("expirydate",),
}


class NotADateError(ValueError):
    """The message says what is wrong with the value, to follow "`date` "."""


@dataclass
class Dates:
    """The four dates of a page, aware, None where there is none; name_slug: what follows the date in a file name."""

    found: dict[str, datetime | None] = field(default_factory=dict)
    name_slug: str | None = None
    complaints: list[tuple[str, str]] = field(default_factory=list)

    def complain(self, key: str, reason: str) -> None:
        if (key, reason) not in self.complaints:
            self.complaints.append((key, reason))


def order_from(config: Mapping[str, Any]) -> dict[str, tuple[str, ...]]:
    """For each date the keys to look at, first one first, from the `frontmatter` section of the configuration."""
    order = {}
    for name, default in DEFAULT_ORDER.items():
        chosen = config.get(name, default)
        words = [str(word).lower() for word in ([chosen] if isinstance(chosen, str) else chosen)]
        spread = [item for word in words for item in (default if word == ":default" else (word,))]
        order[name] = tuple(dict.fromkeys(key for item in spread for key in (item, *ALIASES.get(item, ()))))
    return order


def read_dates(
    params: Mapping[str, Any],
    order: Mapping[str, tuple[str, ...]],
    *,
    zone: tzinfo,
    file_name: str,
    modified: datetime | None,
) -> Dates:
    """file_name: of the page without its ending, or of a bundle's folder; modified: of the file itself."""
    dates = Dates()
    values = dict(params)
    for name in DEFAULT_ORDER:
        dates.found[name] = _first_date(name, values, order[name], dates, zone, file_name, modified)
    return dates


def _first_date(
    name: str,
    values: dict[str, Any],
    keys: tuple[str, ...],
    dates: Dates,
    zone: tzinfo,
    file_name: str,
    modified: datetime | None,
) -> datetime | None:
    for key in keys:
        moment: datetime | None
        if key == ":filename":
            moment, slug = from_file_name(file_name, zone)
            if moment is not None:
                dates.name_slug = slug
        elif key == ":filemodtime":
            moment = modified
        elif values.get(key) in (None, "") or (key == "published" and isinstance(values[key], bool)):
            continue
        else:
            try:
                moment = values[key] = read_date(values[key], zone)
            except NotADateError as error:
                dates.complain(key, str(error))
                continue
            if moment.year == 1:
                dates.complain(key, "is in the year 1, which means no date in Hugo")
        if moment is not None:
            values.setdefault(name, moment)
            return None if moment.year == 1 else moment
    return None


def read_date(value: Any, zone: tzinfo) -> datetime:
    """Raises NotADateError. Numbers are seconds since 1970, as in Hugo: a bare 2023 is early on 1970-01-01."""
    if isinstance(value, datetime):
        moment = value.replace(microsecond=0)
        return _checked(moment if moment.tzinfo else in_zone(moment, zone), value)
    if isinstance(value, date):
        return _checked(in_zone(datetime(value.year, value.month, value.day), zone), value)
    if isinstance(value, int) and not isinstance(value, bool):
        try:
            return datetime.fromtimestamp(value, UTC)
        except (ValueError, OverflowError, OSError):
            raise NotADateError(f"is the number {value}, too large for a date") from None
    if isinstance(value, str):
        return _from_text(value, zone)
    raise NotADateError("is not a date; write it as 2024-12-31 or 2024-12-31T18:30:00+01:00")


def _from_text(text: str, zone: tzinfo) -> datetime:
    for pattern in PATTERNS:
        if found := pattern.fullmatch(text):
            try:
                return _checked(_moment(found.groupdict(), zone), text)
            except ValueError as error:
                if isinstance(error, NotADateError):
                    raise
    raise NotADateError(f"is {text!r}, not a date; write it as 2024-12-31 or 2024-12-31T18:30:00+01:00")


def _moment(parts: dict[str, str | None], zone: tzinfo) -> datetime:
    short = int(parts.get("short_year") or 0)
    year = int(parts.get("year") or short + (1900 if short >= 69 else 2000))
    name = parts.get("month_name")
    month = MONTHS.index(name.capitalize()) + 1 if name else int(parts["month"] or 0)
    clock = (int(parts.get(part) or 0) for part in ("hour", "minute", "second"))
    moment = datetime(year, month, int(parts["day"] or 0), *clock)
    offset = parts.get("offset")
    return moment.replace(tzinfo=_offset(offset)) if offset else in_zone(moment, zone)


def in_zone(local: datetime, zone: tzinfo) -> datetime:
    """A local time with its zone. One that the clocks show twice, or never, is read as Go reads it."""
    aware = local.replace(tzinfo=zone)
    if aware.utcoffset() == aware.replace(fold=1).utcoffset():
        return aware
    as_utc = local.replace(tzinfo=UTC)
    guess = as_utc - (as_utc.astimezone(zone).utcoffset() or timedelta())
    found = (as_utc - (guess.astimezone(zone).utcoffset() or timedelta())).astimezone(zone)
    # Python holds such times of a zone equal to nothing, so they carry a plain offset.
    return found.replace(tzinfo=timezone(found.utcoffset() or timedelta()), fold=0)


def _offset(text: str) -> tzinfo:
    if text == "Z":
        return UTC
    digits = text[1:].replace(":", "")
    length = timedelta(hours=int(digits[:2]), minutes=int(digits[2:]))
    return timezone(-length if text.startswith("-") else length)


def _checked(moment: datetime, written: Any) -> datetime:
    try:
        moment.astimezone(UTC)
    except OverflowError:
        if moment.year == 1:
            return datetime(1, 1, 1, tzinfo=UTC)
        raise NotADateError(f"is {written}, outside the years 1 to 9999") from None
    return moment


def from_file_name(name: str, zone: tzinfo) -> tuple[datetime | None, str]:
    """(date, slug) of a name such as 2024-12-31-a-good-year or 2024-12-31-18-30-00-a-good-year."""
    stem = name.rpartition(".")[0] or name
    forms = ((19, f"{stem[:10]}T{stem[11:19].replace('-', ':')}"), (10, stem[:10]))
    for length, text in forms:
        if len(stem) >= length:
            try:
                return _from_text(text, zone), stem[length:].strip(" -_")
            except NotADateError:
                continue
    return None, ""


def _pattern(layout: str) -> re.Pattern[str]:
    pieces, end = [], 0
    for part in PART.finditer(layout):
        pieces += [re.escape(layout[end : part.start()]), PARTS[part[0]]]
        end = part.end()
    return re.compile("".join([*pieces, re.escape(layout[end:])]), re.ASCII)


PATTERNS = tuple(_pattern(layout) for layout in LAYOUTS)
