"""Local times that clocks never show, or show twice: what is wrong with one, as a sentence with a way out."""

from datetime import UTC, datetime, timedelta, tzinfo

from django.utils.formats import date_format
from django.utils.translation import gettext as _


def trouble(local: datetime, zone: tzinfo) -> str:
    """The reason why this time of the wall clock is no moment of its own in that zone; "" if it is one."""
    before, after = (local.replace(tzinfo=zone, fold=fold).utcoffset() for fold in (0, 1))
    if before == after:
        return ""
    told = {"time": f"{local:%H:%M}", "day": date_format(local, "j F Y"), "zone": str(zone)}
    if before < after:
        sentence = _(
            "{time} on {day} does not exist in {zone}: clocks are put forward over it. Give {other}, say."
        )
        return sentence.format(other=f"{local + (after - before):%H:%M}", **told)
    change = _change(local, before, after, zone)
    sentence = _(
        "{time} on {day} comes twice in {zone}: clocks are put back. Give a time before {start} or from {end} on."
    )
    return sentence.format(start=f"{change + after:%H:%M}", end=f"{change + before:%H:%M}", **told)


def _change(local, before, after, zone):
    """The moment at which clocks are put back, in UTC without saying so, to the minute."""
    early, late = local - before, local - after
    while late - early > timedelta(minutes=1):
        middle = early + (late - early) // 2
        if middle.replace(tzinfo=UTC).astimezone(zone).utcoffset() == before:
            early = middle
        else:
            late = middle
    return (early + timedelta(minutes=1)).replace(second=0, microsecond=0)
