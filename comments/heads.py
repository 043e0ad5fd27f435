"""The lines of copied discussions that are no words of anybody: who wrote what follows, and when; and buttons.

As Hacker News, Reddit, Disqus, Lobsters and mailing lists look when their pages are copied as text.
"""

import re
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from typing import NamedTuple

_UNIT = r"(?P<unit>minute|min|hour|hr|day|week|month|mo|year|yr)s?\.?|(?P<letter>[mhdwy])"
_AGO = rf"(?:(?P<count>\d{{1,4}}|an?)\s*(?:{_UNIT})\s+ago|yesterday)"
_MONTH = r"(?:jan|feb|mar|apr|may|june?|july?|aug|sept?|oct|nov|dec)[a-z]*\.?"
_CLOCK = r"\d{1,2}:\d{2}(?::\d{2})?(?:\s?[ap]\.?m\.?)?"
_DATE = (
    r"\d{4}-\d{2}-\d{2}(?:[T ]\d{2}:\d{2}(?::\d{2})?(?:Z|[+-]\d{2}:?\d{2})?)?"
    rf"|(?:(?:mon|tue|wed|thu|fri|sat|sun)[a-z]*,?\s+)?(?:{_MONTH}\s+\d{{1,2}},?|\d{{1,2}}\s+{_MONTH})\s+\d{{4}}"
    rf"(?:,?\s+(?:at\s+)?{_CLOCK}(?:\s+(?:[+-]\d{{4}}|GMT|UTC))?)?"
)
_WHEN = rf"(?:on\s+)?(?P<when>{_AGO}|{_DATE})"
_MORE = r"\s*(?:[|\[(•·].*)?"  # the links that stand beside a name
_ROLE = r"(?:\s+(?:Mod|OP|Author|\[OP\]))?"


def _pattern(text):
    return re.compile(text, re.IGNORECASE)


_HEADS = [
    _pattern(rf"(?:comment|reply|posted) by (?P<name>\S.{{0,60}}?)(?:[\s,·•|]+{_WHEN})?{_MORE}$"),
    # Disqus: "Tomás Mod > Ada • 2 years ago"
    _pattern(
        rf"(?P<name>\S.{{0,40}}?){_ROLE}\s+[>➤→]\s+(?P<to>\S.{{0,40}}?)\s*[•·|]\s*{_WHEN}(?:\s+edited)?{_MORE}$"
    ),
    _pattern(rf"(?P<name>[^\s>|]\S{{0,40}})[\s,·•|]+(?:edited\s+)?{_WHEN}(?:\s+edited)?{_MORE}$"),
    _pattern(rf"(?P<name>[^\s>|].{{0,40}}?){_ROLE}\s*[•·|]\s*{_WHEN}(?:\s+edited)?{_MORE}$"),
    _pattern(rf"(?P<name>\S.{{0,40}}?) (?:wrote|said)(?:[\s,·|]+{_WHEN})?:$"),
    _pattern(r"From: \"?(?P<name>[^\"<]{1,60}?)\"?(?:\s*<[^>]*>)?$"),
]
# Whose words follow, in a mail: it is the reply that begins here, and somebody else is named.
_CITES = _pattern(r"On .{6,60}?(?:,|\d|[AP]M)\s+(?P<to>[^,<\d][^,<]{0,60}?)(?:\s*<[^>]*>)?\s+wrote:$")
_ONLY_WHEN = _pattern(rf"(?:Date:\s+)?{_WHEN}(?:\s+edited)?{_MORE}$")
_OF_A_MAIL = _pattern(r"(?:Date|Subject|To|Cc|Message-ID|In-Reply-To|References|List-[\w-]+): .*$")
_NAME_ALONE = re.compile(r"(?:u/)?(?P<name>\w[\w.-]{1,30})$")
_DOT = re.compile(r"[•·|]$")
_ROLE_ALONE = re.compile(r"(?:OP|Mod|MOD|Author|Admin)$")
_BUTTONS = _pattern(
    r"(?:(?:reply|share|report|save|follow|give award|permalink|embed|parent|upvote|downvote|vote|avatar|more replies|"
    r"edited|op|see more|continue this thread|level \d+|\d+ points?|[\d.]+k? upvotes?|u/\S+ avatar|[›−–•·⚑▲▼△▽↑↓|\[\]])\s*)+$"
)
_VOTES = re.compile(r"[+-]?\d{1,5}$")
_UNITS = {"min": 1 / 1440, "h": 1 / 24, "d": 1, "w": 7, "mo": 30.44, "y": 365.25}


class Head(NamedTuple):
    """A line that is no words. With a name or ``to``, a comment begins there; ``to`` is whom it answers."""

    name: str = ""
    when: str = ""
    to: str = ""
    is_button: bool = False

    @property
    def begins(self):
        return bool(self.name or self.to)


def find(lines: list[str]) -> dict[int, Head]:
    """By the number of the line. What looks like a button is one only where the page has named authors."""
    heads: dict[int, Head] = {}
    for number, line in enumerate(lines):
        if line.startswith(">"):
            continue
        quoted = line.endswith(":") and lines[number + 1 : number + 2] and lines[number + 1].startswith(">")
        if head := _head(number, line, heads, quoted):
            heads[number] = head
        elif only := _ONLY_WHEN.fullmatch(line):
            _take_time(number, only["when"], lines, heads)
    if sum(head.begins for head in heads.values()) > 1:
        _take_buttons(lines, heads)
    return heads


def _head(number, line, heads, quoted):
    if number - 1 in heads and _OF_A_MAIL.match(line):
        when = line.partition(": ")[2] if line.lower().startswith("date:") else ""
        return Head(when=when)
    if cites := _CITES.match(line):
        return Head(to=cites["to"].strip(" :"))
    if found := next((match for pattern in _HEADS if (match := pattern.match(line))), None):
        parts = found.groupdict()
        if number - 1 in heads and quoted:  # in a mail that has its author's name already
            return Head(to=found["name"].strip(" :"))
        return Head(found["name"].strip(" :"), parts.get("when") or "", parts.get("to") or "")
    return None


def _take_time(number, when, lines, heads):
    """A time on a line of its own goes with the name above it, with or without a dot or a role between."""
    above = number - 1
    if above in heads:
        heads[number] = Head(when=when)
        return
    between = []
    for pattern in (_DOT, _ROLE_ALONE):
        if above > 0 and above not in heads and pattern.match(lines[above]):
            between.append(above)
            above -= 1
    if above >= 0 and above not in heads and (name := _NAME_ALONE.match(lines[above])):
        heads[above] = Head(name["name"])
        heads.update(dict.fromkeys(between, Head()))
        heads[number] = Head(when=when)


def _take_buttons(lines, heads):
    for number, line in enumerate(lines):
        around = [lines[at] for at in (number - 1, number + 1) if 0 <= at < len(lines)]
        is_above_head = number + 1 in heads and heads[number + 1].begins
        is_count = _VOTES.match(line) and (is_above_head or any(_BUTTONS.match(other) for other in around))
        if number not in heads and (is_count or _BUTTONS.match(line)):
            heads[number] = Head(is_button=True)


def moment(when: str, read_at: datetime | None) -> datetime | None:
    """The time that words like "9 months ago" or "2024-05-06 08:30" mean; None if they say nothing alone."""
    found = _ONLY_WHEN.match(when.strip())
    if not found:
        return None
    if not (found["count"] or "yesterday" in when.lower()):
        return _date(found["when"])
    if read_at is None:
        return None
    count, unit = found["count"] or "1", (found["unit"] or found["letter"] or "day").lower()
    days = (1 if count.lower() in ("a", "an") else int(count)) * _in_days(unit)
    try:
        return read_at - timedelta(days=round(days) if days >= 1 else days)
    except OverflowError:  # before the first year there is
        return None


def _in_days(unit):
    unit = "min" if unit == "m" else unit
    return next(days for start, days in _UNITS.items() if unit.startswith(start))


def _date(text):
    try:
        at = datetime.fromisoformat(text)
    except ValueError:
        at = _written_out(text)
    return at if at is None or at.tzinfo else at.replace(tzinfo=UTC)


def _written_out(text):
    """ "May 6, 2024 at 8:30 AM" and "Mon, 6 May 2024 08:30:00 +0200"."""
    try:
        return parsedate_to_datetime(text)
    except (TypeError, ValueError):
        pass
    month = re.search(_MONTH, text, re.IGNORECASE)
    numbers = re.search(r"\b(\d{1,2})\b(?!:)", text.replace(month[0], " ")) if month else None
    year = re.search(r"\b\d{4}\b", text)
    clock = re.search(r"(\d{1,2}):(\d{2})(?::\d{2})?(?:\s?([ap]))?", text, re.IGNORECASE)
    if not (month and numbers and year):
        return None
    hour, minute = (int(clock[1]), int(clock[2])) if clock else (0, 0)
    if clock and clock[3]:
        hour = hour % 12 + (12 if clock[3].lower() == "p" else 0)
    nth = "janfebmaraprmayjunjulaugsepoctnovdec".index(month[0][:3].lower()) // 3 + 1
    try:
        return datetime(int(year[0]), nth, int(numbers[1]), hour, minute)
    except ValueError:
        return None
