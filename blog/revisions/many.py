"""One deed that changes many entries: the history of each says what was done, and by whom.

What is worked on beside a published entry is changed in the same way, so that its “Update” does not undo the deed.
"""

from contextlib import contextmanager

from django.db import transaction
from django.db.models import OuterRef, Subquery, prefetch_related_objects

from blog.models import Post, Revision
from blog.revisions import keeping
from blog.revisions.states import digest, filed_of, state_of

Kind = keeping.Kind
BATCH = 200
LISTS = ("tags", "categories", "authors")


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
    new = list(_unnoted(model, pks))
    if model is Post:  # what an import left is recognised by its terms
        prefetch_related_objects([entry for entry, _state in new if entry.imported], *LISTS)
    noted = [
        (keeping.unnoted(entry, state, entry.last_applied), entry.last_applied_pk) for entry, state in new
    ]
    before = Revision.objects.in_bulk([pk for _revision, pk in noted if pk])
    for revision, pk in noted:
        revision.changes = keeping.changes(before[pk].state if pk else None, revision.state)
    Revision.objects.bulk_create([revision for revision, _pk in noted])


def _keep(model, pks, user, note, kind):
    new = list(_unnoted(model, pks))
    before = Revision.objects.in_bulk([entry.last_applied_pk for entry, _state in new])
    pending = _pending_of(model, pks)
    written, taken_along = [], []
    for entry, state in new:
        old = before[entry.last_applied_pk].state
        about = {"user": user, "note": note, "is_applied": True}
        written.append(keeping.made(entry, kind, state, keeping.changes(old, state), **about))
        if beside := pending.get(entry.pk):
            taken_along.append(_changed_alike(beside, old, state))
    Revision.objects.bulk_create(written)
    Revision.objects.bulk_update(taken_along, ["state", "digest", "began"])


def _unnoted(model, pks):
    """(entry, its state) of those that no longer are what their newest revision with readers says: entry.last_applied."""
    filed = filed_of(pks) if model is Post else {}
    for entry in _with_last_applied(model, pks):
        state = state_of(entry, filed.get(entry.pk))
        if digest(state) != entry.last_applied:
            yield entry, state


def _with_last_applied(model, pks):
    of_entry = {model._meta.model_name: OuterRef("pk")}
    last = Revision.objects.filter(**of_entry, is_applied=True).newest_first()
    entries = model.objects.filter(pk__in=pks).defer("body_html", "front_matter", "text", "headings")
    return (entries.select_related("series") if model is Post else entries).annotate(
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
