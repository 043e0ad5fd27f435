"""One deed that changes many entries: the history of each says what was done, and by whom.

What is worked on beside a published entry is changed in the same way, so that its “Update” does not undo the deed.
"""

from contextlib import contextmanager

from django.db import transaction
from django.db.models import OuterRef, Subquery

from blog.importers.load_changes import prefetch_terms
from blog.models import Revision
from blog.revisions import keeping
from blog.revisions.states import digest, state_of

Kind = keeping.Kind
BATCH = 200


def in_batches(entries):
    """The same entries in querysets of no more than BATCH: each is done by itself, for others want to write meanwhile."""
    for pks in _cut(entries.order_by().values_list("pk", flat=True)):
        yield entries.model.objects.filter(pk__in=pks)


def _cut(pks):
    pks = list(pks)
    return [pks[first : first + BATCH] for first in range(0, len(pks), BATCH)]


@contextmanager
def noted(entries, user, note="", kind=Kind.UPDATE):
    """Do within what is to be noted of these entries; all of it is done, or nothing. Queries by the batch."""
    batches = _cut(entries.order_by().values_list("pk", flat=True))
    with transaction.atomic():
        for batch in batches:
            _catch_up(entries.model, batch)
        yield
        for batch in batches:
            _keep(entries.model, batch, user, note[:900], kind)


def _catch_up(model, pks):
    found = []
    for entry in _with_last_applied(model, pks):
        if revision := keeping.unnoted(entry, state_of(entry), entry.last_applied):
            found.append((revision, entry.last_applied_pk))
    before = Revision.objects.in_bulk([pk for _revision, pk in found if pk])
    for revision, pk in found:
        revision.changes = keeping.changes(before[pk].state if pk else None, revision.state)
    Revision.objects.bulk_create([revision for revision, _pk in found])


def _keep(model, pks, user, note, kind):
    entries = _with_last_applied(model, pks)
    before = Revision.objects.in_bulk([entry.last_applied_pk for entry in entries])
    pending = _pending_of(model, pks)
    written, taken_along = [], []
    for entry in entries:
        old, state = before[entry.last_applied_pk].state, state_of(entry)
        if digest(state) == entry.last_applied:
            continue
        about = {"user": user, "note": note, "is_applied": True}
        written.append(keeping.made(entry, kind, state, keeping.changes(old, state), **about))
        if beside := pending.get(entry.pk):
            taken_along.append(_changed_alike(beside, old, state))
    Revision.objects.bulk_create(written)
    Revision.objects.bulk_update(taken_along, ["state", "digest", "began"])


def _with_last_applied(model, pks):
    """The entries with everything a state has, and the newest revision that was given to readers."""
    of_entry = {model._meta.model_name: OuterRef("pk")}
    last = Revision.objects.filter(**of_entry, is_applied=True).newest_first()
    entries = model.objects.filter(pk__in=pks).defer("body_html", "front_matter", "text", "headings")
    return prefetch_terms(entries).annotate(
        last_applied=Subquery(last.values("digest")[:1]), last_applied_pk=Subquery(last.values("pk")[:1])
    )


def _pending_of(model, pks):
    name = model._meta.model_name
    rows = Revision.objects.filter(**{f"{name}__in": pks}, is_pending=True)
    return {getattr(row, f"{name}_id"): row for row in rows}


def _changed_alike(pending, old, new):
    """Tags that came come here too, those that went go; of anything else the new value counts."""
    for name in new:
        if old.get(name) == new[name]:
            continue
        if name == "tags":
            kept = set(pending.state[name]) - set(old[name])
            stay = set(pending.state[name]) & set(old[name]) & set(new[name])
            came = set(new[name]) - set(old[name])
            pending.state[name] = sorted(kept | stay | came)
        else:
            pending.state[name] = new[name]
    if pending.began == digest(old):
        pending.began = digest(new)
    pending.digest = digest(pending.state)
    return pending
