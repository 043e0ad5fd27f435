"""One deed that changes many entries: the history of each says what was done, and by whom.

What is worked on beside a published entry is changed in the same way, so that its “Update” does not undo the deed.
"""

from contextlib import contextmanager

from django.db import transaction
from django.db.models import Max, prefetch_related_objects

from blog.models import Post, Revision
from blog.revisions import keeping
from blog.revisions.states import digest, states_of

Kind = keeping.Kind
BATCH = 200  # done by itself
MOST_NOTED = 1000  # read at once
LISTS = ("tags", "categories", "authors")


def in_batches(entries):
    """The same entries in querysets of no more than BATCH: each is done by itself, for others want to write meanwhile."""
    for pks in _cut(entries.order_by().values_list("pk", flat=True), BATCH):
        yield entries.model.objects.filter(pk__in=pks)


def _cut(pks, size):
    pks = list(pks)
    return [pks[first : first + size] for first in range(0, len(pks), size)]


@contextmanager
def noted(entries, user, note="", kind=Kind.UPDATE):
    """Do within what is to be noted of these entries, which leaves their texts alone; all of it is done, or nothing.

    Queries by the batch. What was is kept in memory meanwhile, without the texts.
    """
    model = entries.model
    batches = _cut(entries.order_by().values_list("pk", flat=True), MOST_NOTED)
    with transaction.atomic():
        found = [_caught_up(model, batch) for batch in batches]
        yield
        for batch, before in zip(batches, found, strict=True):
            _keep(model, batch, before, user=user, note=note[:900], kind=kind)


def _caught_up(model, pks):
    """{pk: (state without its text, digest)}, after each is noted that is not what its newest revision with readers says."""
    found = {pk: (state, digest(state)) for pk, state in states_of(model, pks).items()}
    last = _last_applied(model, pks)
    _note({pk: each for pk, each in found.items() if each[1] != last.get(pk, ("",))[0]}, model, last)
    return {pk: ({**state, "body": None}, mark) for pk, (state, mark) in found.items()}


def _note(new, model, last):
    """What became of entries that nobody has told us of."""
    entries = model.objects.in_bulk(new)
    if model is Post:  # what an import left is recognised by its terms
        prefetch_related_objects([entry for entry in entries.values() if entry.imported], *LISTS)
    before = Revision.objects.in_bulk([last[pk][1] for pk in new if pk in last])
    written = []
    for pk, (state, mark) in new.items():
        last_digest, revision_pk = last.get(pk, ("", None))
        revision = keeping.found(entries[pk], state, mark, last_digest)
        if revision_pk:
            revision.changes = keeping.changes(before[revision_pk].state, state)
        written.append(revision)
    Revision.objects.bulk_create(written)


def _keep(model, pks, before, *, kind, **about):
    pending = _pending_of(model, pks)
    written, taken_along = [], []
    for pk, state in states_of(model, pks).items():
        old, old_mark = before[pk]
        if (mark := digest(state)) == old_mark:
            continue
        old["body"] = state["body"]
        said = {**about, "changes": keeping.changes(old, state), "is_applied": True, "digest": mark}
        written.append(keeping.made(model, pk, kind, state, **said))
        if beside := pending.get(pk):
            taken_along.append(_changed_alike(beside, old, state))
    Revision.objects.bulk_create(written)
    Revision.objects.bulk_update(taken_along, ["state", "digest", "began"])


def _last_applied(model, pks):
    """{pk: (digest, key)} of the newest revision that readers got."""
    name = f"{model._meta.model_name}_id"
    applied = Revision.objects.filter(**{f"{name}__in": pks}, is_applied=True).order_by()
    newest = applied.values(name).annotate(newest=Max("pk")).values("newest")
    rows = Revision.objects.filter(pk__in=newest).order_by()
    return {pk: (mark, key) for pk, mark, key in rows.values_list(name, "digest", "pk")}


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
