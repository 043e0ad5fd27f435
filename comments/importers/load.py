"""Records into comments: compared with what is there, so that a second run changes nothing."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import NamedTuple

from django.db import transaction
from django.utils import timezone

from comments import quoting, rendering
from comments.importers.records import ImportedComment, Problem
from comments.models import Comment
from comments.threads import lay_out

CHUNK = 500


@dataclass
class Report:
    created: int = 0
    updated: int = 0
    unchanged: int = 0
    problems: list[Problem] = field(default_factory=list)  # what was left out
    moved_up: list[Problem] = field(default_factory=list)  # what had to be put at the top level

    @property
    def taken(self):
        return self.created + self.updated + self.unchanged


def load(found: Iterable[ImportedComment | Problem], target, origin) -> Report:
    """Bring a discussion to a target. What a moderator decided or edited here stays as it is.

    A reply whose parent is neither in the source nor here comes in at the top level, and so does the
    earliest of those that answer each other in a circle. Rendering is done before anything is written.
    """
    report = Report()
    records = _take_apart(found, report)
    known = _known(origin, records)
    records = {r.origin_id: r for r in records if _belongs_here(r, known, target, report)}
    comments = {key: _prepare(record, known, target, origin) for key, record in records.items()}
    rows = lay_out([_Node(key, record.parent_id or None) for key, record in records.items()])
    parents = _parents(rows, records, comments, known, target, report)
    with transaction.atomic():
        has_moved = _write(rows, comments, parents, report)
        if has_moved:
            _mend_replies_from_here(target)
    quoting.record([comment for comment in comments.values() if comment.changed])
    return report


class _Node(NamedTuple):
    id: str
    parent_id: str | None


def _take_apart(found, report):
    records = {}
    for item in found:
        if isinstance(item, Problem):
            report.problems.append(item)
        elif item.origin_id in records:
            reason = "stands in the source more than once; the first was taken"
            report.problems.append(Problem(item.origin_id, reason))
        else:
            records[item.origin_id] = item
    return list(records.values())


def _known(origin, records):
    """Comments brought in before, by their id at the origin."""
    ids = {record.origin_id for record in records} | {
        record.parent_id for record in records if record.parent_id
    }
    known = {}
    for chunk in batched(ids, CHUNK):
        comments = Comment.objects.filter(origin=origin, origin_id__in=chunk)
        known.update((comment.origin_id, comment) for comment in comments)
    return known


def _belongs_here(record, known, target, report):
    comment = known.get(record.origin_id)
    if comment is None or comment.is_on(target):
        return True
    report.problems.append(Problem(record.origin_id, f"is in the discussion of “{comment.target}” already"))
    return False


def _prepare(record, known, target, origin):
    """The comment as it will be stored, rendered if its text is new, and whether that is a change."""
    comment = known.get(record.origin_id)
    if comment is None:
        comment = Comment(
            target=target, origin=origin, origin_id=record.origin_id, markup=Comment.Markup.HTML
        )
        comment.status = _status(record)
    changed = [name for name, value in _values(record, comment) if _set(comment, name, value)]
    if "body" in changed:
        comment.render()
    comment.changed = bool(changed)
    return comment


def _status(record):
    if record.is_removed:
        return Comment.Status.REMOVED
    return Comment.Status.SPAM if record.is_spam else Comment.Status.APPROVED


def _values(record, comment):
    yield "author_name", rendering.clean(record.author_name)[:100] or ("" if record.is_removed else "unknown")
    yield "created_at", record.created_at
    if "@" in record.author_email[1:254]:
        yield "author_email", record.author_email[:254]
    yield "origin_url", record.url
    if record.is_removed:
        if comment.is_approved:
            yield "status", Comment.Status.REMOVED
    elif comment.edited_at is None:
        yield "body", rendering.clean(record.html)


def _set(comment, name, value):
    is_new = getattr(comment, name) != value
    setattr(comment, name, value)
    return is_new


def _parents(rows, records, comments, known, target, report):
    """Each comment's parent, None at the top level, where orphans and circles are put."""
    parents = {}
    for row in rows:
        wanted = records[row.comment.id].parent_id
        parent = comments.get(row.parent_id)
        if parent is None and wanted not in comments:
            parent = known.get(wanted)
        if parent is not None and not parent.is_on(target):
            parent = None
        if parent is None and wanted:
            reason = f"answers {wanted}, which is missing or answers it in turn"
            report.moved_up.append(Problem(row.comment.id, reason))
        parents[row.comment.id] = parent
    return parents


def _write(rows, comments, parents, report):
    """New comments level by level, for a reply needs its parent's key; changed ones at the end."""
    levels = {}
    for row in rows:
        levels.setdefault(row.depth, []).append(comments[row.comment.id])
    kept, has_moved = [], False
    for _depth, level in sorted(levels.items()):
        for comment in level:
            if _place(comment, parents[comment.origin_id]) and comment.pk:
                comment.changed = has_moved = True
        new = [comment for comment in level if comment.pk is None]
        kept += [comment for comment in level if comment.pk is not None]
        Comment.objects.bulk_create(new, batch_size=CHUNK)
        report.created += len(new)
    changed = [comment for comment in kept if comment.changed]
    _update(changed, *WRITTEN)
    report.updated = len(changed)
    report.unchanged = len(kept) - len(changed)
    return has_moved


def _place(comment, parent):
    before = comment.parent_id, comment.root_id, comment.depth
    if parent is None:
        comment.parent, comment.root, comment.depth = None, None, 0
    else:
        comment.place_below(parent)
    return before != (comment.parent_id, comment.root_id, comment.depth)


def _mend_replies_from_here(target):
    """Replies written on this site follow an imported comment that found its parent."""
    comments = list(Comment.objects.for_target(target).only("parent_id", "root_id", "depth"))
    mended = []
    for row in lay_out(comments):
        root_id = None if row.depth == 0 else row.root_id
        if (row.comment.root_id, row.comment.depth) != (root_id, row.depth):
            row.comment.root_id, row.comment.depth = root_id, row.depth
            mended.append(row.comment)
    _update(mended, "root", "depth")


def _update(comments, *fields):
    now = timezone.now()
    for comment in comments:
        comment.modified_at = now
    Comment.objects.bulk_update(comments, [*fields, "modified_at"], batch_size=CHUNK // 5)


WRITTEN = (
    "author_name",
    "author_email",
    "created_at",
    "origin_url",
    "status",
    "body",
    "body_html",
    "rendered_by",
    "parent",
    "root",
    "depth",
)


def batched(items, size):
    items = list(items)
    return (items[start : start + size] for start in range(0, len(items), size))
