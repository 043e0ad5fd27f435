"""A date as text, written as another date in the same place was written."""

import re
from datetime import UTC, datetime, timedelta, timezone, tzinfo
from typing import Any

from blog.importers.hugo_dates import NotADateError, in_zone, read_date

FORM = re.compile(
    r"\d{4}-\d\d-\d\d(?:(?P<sep>[Tt ]+)\d\d:\d\d:\d\d(?P<fraction>\.\d+)?(?P<gap> ?)(?P<offset>Z|[-+]\d\d:?\d\d)?)?"
)


def written_like(like: str | None, moment: datetime, zone: tzinfo) -> str:
    """The moment in the form of an older text, if that form can say it; else with its offset."""
    moment = moment.replace(microsecond=0)
    form = FORM.fullmatch((like or "").strip().strip("'\""))
    texts = [_in_form(form, moment, zone)] if form else []
    for text in [*texts, with_offset(moment, zone)]:
        if says(text, moment, zone):
            return text
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def says(value: Any, moment: datetime, zone: tzinfo) -> bool:
    try:
        return read_date(value, zone) == moment.replace(microsecond=0)
    except NotADateError:
        return False


def with_offset(moment: datetime, zone: tzinfo) -> str:
    return moment.astimezone(zone).isoformat(timespec="seconds").replace("+00:00", "Z")


def _in_form(form: re.Match[str], moment: datetime, zone: tzinfo) -> str:
    offset = form["offset"]
    local = moment.astimezone(_fixed(offset) if offset else zone)
    if not form["sep"]:
        midnight = in_zone(datetime(local.year, local.month, local.day), zone) == moment
        return f"{local:%Y-%m-%d}" if midnight else with_offset(moment, zone)
    text = f"{local:%Y-%m-%d}{form['sep']}{local:%H:%M:%S}"
    if not offset:
        return text
    return f"{text}{form['gap']}{offset}"


def _fixed(offset: str) -> tzinfo:
    if offset == "Z":
        return UTC
    hours, minutes = int(offset[1:3]), int(offset[-2:])
    length = timedelta(hours=hours, minutes=minutes)
    return timezone(-length if offset[0] == "-" else length)
