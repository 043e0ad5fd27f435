"""What is saved for somebody while they write: a row for each form they write in, renewed, and a new one now and then.

An autosave is spoken of until its form has been sent: then there is a later revision of the same writing.
"""

import re
from datetime import timedelta

from django.db import transaction
from django.db.models import Exists, OuterRef
from django.utils import timezone

from blog.keys import is_key
from blog.models import Revision
from blog.revisions.keeping import Kind, changes, write
from blog.revisions.states import TEXTS, digest

RENEWED_FOR = timedelta(minutes=10)
UNSENT_FOR = timedelta(days=60)  # of a new entry that was never sent
SENT_FOR = timedelta(days=30)
OFFERED = 5
WRITING = re.compile(r"[0-9a-f]{32}")


def is_writing(text):
    return bool(WRITING.fullmatch(text))


@transaction.atomic
def save(entry, user, writing, state, typed, began, head, is_whole=True):
    """The row that has it now; None where there is nothing to keep, for it says what was sent, or what is stored.

    head      the state that the form began from
    is_whole  whether the state has all that was typed, and nothing of it is invalid
    """
    sent = sent_of(writing)
    if is_whole and sent and words_of(sent.state) == words_of(state):
        return None
    rows = _of(user, writing).filter(
        pk__gt=sent.pk if sent else 0
    )  # whoever goes back may write on in a form that was sent
    newest = rows.first()
    if is_whole and digest(state) == digest(head):  # everything was taken back
        rows.update(writing="")
        return None
    about = {"state": state, "digest": digest(state), "typed": typed, "began": began}
    if newest and _may_be_renewed(newest, state):
        for name, value in about.items():
            setattr(newest, name, value)
        newest.made_at, newest.changes = timezone.now(), changes(head, state)
        newest.save()
        return newest
    about.pop("digest")
    about.pop("state")
    row = write(entry, Kind.AUTOSAVE, user, state, writing=writing, **about)
    _thin_out(entry, user)
    return row


def _may_be_renewed(newest, state):
    """Not if it is old, and not if half of the text has gone: that may have been a slip of the hand."""
    is_fresh = timezone.now() - newest.made_at < RENEWED_FOR
    return is_fresh and 2 * len(state["body"]) >= len(newest.state["body"])


def newest(user, writing):
    return _of(user, writing).first() if is_writing(writing) else None


def sent_of(writing):
    """What this form was sent for last, or None."""
    return Revision.objects.filter(writing=writing).kept().newest_first().first() if writing else None


def words_of(state):
    """What a person has written, whatever the site has made of the rest."""
    words = {name: state[name].replace("\r\n", "\n").strip() for name in TEXTS}
    return words | {"tags": state.get("tags")}


def already_sent(data):
    """The newest revision that this form has made already, or None."""
    writing = data.get("writing", "")
    rows = Revision.objects.filter(writing=writing, is_applied=True).kept() if is_writing(writing) else None
    return rows.newest_first().without_texts().first() if rows is not None else None


def sent(entry, user, writing):
    """The form has been sent: what it has now said need not be kept twice, older states find their entry."""
    if is_writing(writing):
        rows = _of(user, writing)
        rows.filter(made_at__gt=timezone.now() - RENEWED_FOR).delete()
        rows.update(**{entry._meta.model_name: entry})


def put_away(user, pk):
    """It is not offered any more, but stays in the history."""
    row = Revision.objects.filter(user=user, kind=Kind.AUTOSAVE, pk=pk).only("writing").first()
    if row and row.writing:
        _of(user, row.writing).update(writing="")


def offered(user, kind, entry, except_for=""):
    """What this person wrote in the form of this entry and never sent, the newest of each form. One query."""
    rows = unsent(user).filter(model=kind).exclude(writing=except_for)
    return list((rows.of(entry) if entry else rows.filter(post=None, page=None))[:OFFERED])


def unsent(user):
    """All of this person's, the newest first."""
    same = Revision.objects.filter(writing=OuterRef("writing"))
    newer = same.filter(kind=Kind.AUTOSAVE, user=user, pk__gt=OuterRef("pk"))
    rows = Revision.objects.filter(user=user, kind=Kind.AUTOSAVE, typed__isnull=False).exclude(writing="")
    sent = same.kept().filter(pk__gt=OuterRef("pk"))
    return rows.exclude(Exists(sent)).exclude(Exists(newer)).newest_first()


def own(user, pk, kind, entry):
    """An autosave of this person for this entry; of a new one, for none."""
    if not is_key(pk):
        return None
    rows = Revision.objects.filter(user=user, kind=Kind.AUTOSAVE, model=kind, typed__isnull=False, pk=pk)
    return (rows.of(entry) if entry else rows.filter(post=None, page=None)).first()


def _of(user, writing):
    return Revision.objects.filter(kind=Kind.AUTOSAVE, user=user, writing=writing).newest_first()


def _thin_out(entry, user):
    now = timezone.now()
    rows = Revision.objects.filter(kind=Kind.AUTOSAVE)
    if entry.pk:
        done = Revision.objects.filter(writing=OuterRef("writing")).kept()
        old = rows.of(entry).filter(made_at__lt=now - SENT_FOR)
        old.filter(Exists(done)).delete()
        old.filter(writing="").delete()
    else:
        rows.filter(user=user, post=None, page=None, made_at__lt=now - UNSENT_FOR).delete()
