"""Discussions as `export_content` writes them, read back: the same comments, in the same places.

A comment that is here already is known by its id at its origin, by its own id, or by its author and moment; it stays
as it is, for what a moderator decided here counts. A new one keeps its id, and so its address, and its identity in feeds,
where no other has them.
docs/export.md describes the form.
"""

import json
import re
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any

from django.contrib.auth import get_user_model
from django.db import connection, transaction

from comments import quoting, rendering
from comments.exporters import FORMAT, VERSION
from comments.importers.records import Problem, SourceError
from comments.models import Comment, new_guid
from config.links import absolute, is_uri

LARGEST = 500_000_000  # a hundred thousand comments are 80 million
LONGEST_GUID = Comment._meta.get_field("guid").max_length
HIGHEST_ID = 2**40  # of those that are kept: a file shall not use up all numbers there are


@dataclass
class Report:
    created: int = 0
    updated: int = 0
    unchanged: int = 0
    problems: list[Problem] = field(default_factory=list)
    moved_up: list[Problem] = field(default_factory=list)


def read(path: Path) -> dict[str, Any]:
    """The data of one file. Raises ``SourceError``."""
    try:
        if path.stat().st_size > LARGEST:
            raise SourceError(f"{path} has more than {LARGEST:,} bytes; that is no discussion.")
        data = json.loads(path.read_bytes())
    except (OSError, ValueError, RecursionError) as error:
        raise SourceError(f"{path} cannot be read: {error}.") from error
    if (
        not isinstance(data, dict)
        or data.get("format") != FORMAT
        or not isinstance(data.get("comments"), list)
    ):
        raise SourceError(f"{path} is no discussion that export_content wrote.")
    if data.get("version") != VERSION:
        raise SourceError(f"{path} has version {data.get('version')}; this program reads version {VERSION}.")
    return data


@transaction.atomic
def load(data: dict[str, Any], target, *, dry_run: bool = False) -> Report:
    """Bring a discussion to a target."""
    report, found, new, placed = Report(), {}, [], set()
    known, ids, users = _Known(target), _free_ids(data["comments"], dry_run), _authors(target)
    guids = _Guids(data["comments"])
    for item in data["comments"]:
        comment = _read(item, report)
        if comment is None:
            continue
        key, parent = str(item.get("id")), item.get("parent")
        is_orphan = parent is not None and str(parent) not in placed
        placed.add(key)
        existing = known.find(key, comment)
        if existing:
            found[key] = existing
            report.unchanged += 1
        elif comment.origin_id and known.is_elsewhere(comment):
            report.problems.append(Problem(key, "It is in another discussion here already."))
        else:
            if is_orphan:
                reason = f"answers {parent}, which is missing or stands below it"
                report.moved_up.append(Problem(key, reason))
            if dry_run:
                report.created += 1
                continue
            comment.pk = ids.get(key)
            comment.guid = guids.give(item, comment)
            comment.user = users.get(item.get("user"))
            _create(comment, target, found.get(str(parent)))
            found[key] = comment
            new.append(comment)
    quoting.record(new, are_new=True)
    report.created += len(new)
    return report


class _Known:
    """The comments a target has, by whatever tells that one of a file is the same."""

    def __init__(self, target):
        self.target = target
        comments = Comment.objects.for_target(target).defer("body", "body_html")
        self.by_origin, self.by_pk, self.by_moment = {}, {}, {}
        for comment in comments:
            self.by_pk[str(comment.pk)] = comment
            self.by_moment[comment.author_name, comment.created_at] = comment
            if comment.origin_id:
                self.by_origin[comment.origin, comment.origin_id] = comment

    def find(self, key, comment):
        if comment.origin_id:
            return self.by_origin.get((comment.origin, comment.origin_id))
        own = self.by_pk.get(key)
        if own and own.created_at == comment.created_at:
            return own
        return self.by_moment.get((comment.author_name, comment.created_at))

    def is_elsewhere(self, comment):
        return Comment.objects.filter(origin=comment.origin, origin_id=comment.origin_id).exists()


def _free_ids(items: list[Any], dry_run: bool) -> dict[str, int]:
    """The numbers in a file that no comment here has. What is written from now on gets higher ones."""
    named = [str(item.get("id")) for item in items if isinstance(item, dict)]
    ids = {key: int(key) for key in named if re.fullmatch("[1-9][0-9]{0,12}", key) and int(key) < HIGHEST_ID}
    wanted = list(ids.values())
    for start in range(0, len(wanted), 500):
        chunk = Comment.objects.filter(pk__in=wanted[start : start + 500])
        for pk in chunk.values_list("pk", flat=True):
            ids.pop(str(pk), None)
    if ids and connection.vendor == "postgresql" and not dry_run:
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT setval(s, GREATEST(%s, nextval(s))) FROM pg_get_serial_sequence(%s, 'id') AS s",
                [max(ids.values()), Comment._meta.db_table],
            )
    return ids


class _Guids:
    """The identities in feeds that comments bring along. In files of before they had any, it was the address."""

    def __init__(self, items):
        items = [item for item in items if isinstance(item, dict)]
        wanted = [
            guid for item in items for guid in (_guid(item.get("guid")), _first_guid(item.get("id"))) if guid
        ]
        self.taken = set()
        for start in range(0, len(wanted), 500):
            here = Comment.objects.filter(guid__in=wanted[start : start + 500])
            self.taken.update(here.values_list("guid", flat=True))

    def give(self, item, comment):
        guid = _guid(item.get("guid")) or (_first_guid(comment.pk) if comment.pk else "")
        if not guid or guid in self.taken:
            guid = new_guid()
        self.taken.add(guid)
        return guid


def _first_guid(pk: Any) -> str:
    return _guid(absolute(f"/comments/{pk}/"))


def _guid(value: Any) -> str:
    """What is no address stands in a feed for nobody."""
    text = str(value or "")
    return text if len(text) <= LONGEST_GUID and is_uri(text) else ""


def _authors(target) -> dict[str, Any]:
    """Those whose comments bear the author's badge, by name; nobody else is taken for a user of this site."""
    ids = getattr(target, "comment_author_ids", ())
    return {user.get_username(): user for user in get_user_model().objects.filter(pk__in=ids)}


def _read(item: Any, report: Report) -> Comment | None:
    try:
        comment = Comment(
            author_name=rendering.clean(str(item.get("author") or ""))[:100],
            author_url=_address(item.get("author_url")),
            author_email=str(item.get("author_email") or "")[:254],
            created_at=datetime.fromisoformat(item["created_at"]),
            edited_at=datetime.fromisoformat(item["edited_at"]) if item.get("edited_at") else None,
            status=Comment.Status(item["state"]),
            markup=Comment.Markup(item["markup"]),
            body=str(item.get("body") or ""),
            origin=str(item.get("origin") or "")[:20],
            origin_id=str(item.get("origin_id") or "")[:100],
            origin_url=_address(item.get("origin_url")),
        )
        if comment.created_at.tzinfo is None or (comment.edited_at and comment.edited_at.tzinfo is None):
            raise ValueError("its time has no offset")
    except (AttributeError, KeyError, TypeError, ValueError) as error:
        key = item.get("id", "?") if isinstance(item, dict) else "?"
        report.problems.append(Problem(str(key), f"It is not as export_content writes it: {error}."))
        return None
    return comment


def _address(value: Any) -> str:
    text = str(value or "")[:300]
    return text if text.startswith(("https://", "http://")) else ""


def _create(comment, target, parent):
    """One by one, for a reply needs its parent's key; its text is rendered here, whatever HTML the file has."""
    if parent is not None:
        comment.place_below(parent)
    comment.target = target
    comment.render()
    Comment.objects.bulk_create([comment])
