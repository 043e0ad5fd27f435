"""Revisions are written here: each deed of a person, and what was changed behind its back before that."""

from collections import Counter

from django.utils import timezone

from blog import picture_uses
from blog.importers.load_changes import edited_here, marks_of_entry
from blog.models import Revision
from blog.revisions.states import digest, file_under, put, state_of

Kind = Revision.Kind


def pending_of(entry):
    """What is being worked on while readers see another state, or None."""
    return Revision.objects.of(entry).filter(is_pending=True).first()


def found(entry, state, mark, last_digest):
    """A revision, not stored yet, of a state whose digest is mark and which no revision has.

    That is so after an import, a command, or whatever else writes no revisions.
    """
    imported = bool(entry.imported) and not edited_here(entry, marks_of_entry(entry))
    kind = Kind.IMPORT if imported else Kind.OUTSIDE if last_digest else Kind.FIRST
    about = {"note": entry.source_path, "is_applied": True, "digest": mark}
    return made(type(entry), entry.pk, kind, state, **about)


def catch_up(entry, state=None):
    """Before anything changes: note the state that the entry has, if no revision has it."""
    if revision := not_noted(entry, state or state_of(entry)):
        revision.changes = changes(_last_kept(entry), revision.state)
        revision.save()


def not_noted(entry, state):
    """The same of one entry, which may have been changed in memory already."""
    last = Revision.objects.of(entry).filter(is_applied=True).newest_first().values_list("digest", flat=True)
    if (last_digest := last.first()) == (mark := digest(state)):
        return None
    return found(type(entry).objects.get(pk=entry.pk), state, mark, last_digest)


def keep(entry, kind, user, **about):
    """The entry has just been given the state it has; what was pending is done with."""
    Revision.objects.of(entry).filter(is_pending=True).update(is_pending=False)
    revision = write(entry, kind, user, state_of(entry), is_applied=True, **about)
    picture_uses.note(entry)
    return revision


def keep_pending(entry, kind, user, state, *, began, **about):
    """The state that is worked on from now on, while readers see what they saw; nothing is, where both are the same."""
    Revision.objects.of(entry).filter(is_pending=True).update(is_pending=False)
    revision = write(entry, kind, user, state, began=began, is_pending=began != digest(state), **about)
    picture_uses.note(type(entry).objects.get(pk=entry.pk))
    return revision


def write(entry, kind, user, state, **about):
    about |= {"user": user, "changes": changes(_last_kept(entry), state)}
    revision = made(type(entry), entry.pk, kind, state, **about)
    revision.save()
    return revision


def made(model, pk, kind, state, **about):
    """A revision that is not stored yet, of the entry with this key, or of none so far."""
    name = model._meta.model_name
    about = {"changes": {}, "made_at": timezone.now(), **about}
    if "digest" not in about:
        about["digest"] = digest(state)
    return Revision(**{f"{name}_id": pk}, model=name, kind=kind, state=state, **about)


def _last_kept(entry):
    return Revision.objects.of(entry).kept().values_list("state", flat=True).first() if entry.pk else None


def changes(before, after):
    """What makes the difference, in short: names of fields, words of the text that came and went."""
    if before is None:
        return {}
    fields = [name for name in after if before.get(name) != after[name]]
    if "body" not in fields:
        return {"fields": fields}
    old, new = Counter(before["body"].split()), Counter(after["body"].split())
    return {"fields": fields, "added": (new - old).total(), "removed": (old - new).total()}


def restore(entry, revision, user):
    """An old state again, as a new revision. Readers see it at once only of a draft, which they do not see."""
    live = state_of(entry)
    catch_up(entry, live)
    state = {**live, **revision.state, "path": live["path"], "draft": live["draft"]}
    if not entry.draft:
        return keep_pending(entry, Kind.RESTORE, user, state, began=digest(live))
    put(state, entry)
    entry.save()
    if "tags" in state:
        file_under(state, entry)
    return keep(entry, Kind.RESTORE, user, began=digest(live))
