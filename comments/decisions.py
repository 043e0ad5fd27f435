"""A moderator's word, carried out and written down. What is done in one go is one batch, and can be undone."""

import uuid

from django.db import transaction
from django.utils import timezone

from comments import tasks
from comments.models import Act, Comment, Rule

APPROVED, PENDING = Comment.Status.APPROVED, Comment.Status.PENDING
SPAM, REMOVED = Comment.Status.SPAM, Comment.Status.REMOVED
Deed = Act.Deed


def approve(comments, reason="", *, by=None):
    return _decide(comments, Deed.APPROVE, APPROVED, reason, by)


def spam(comments, reason="", *, by=None):
    return _decide(comments, Deed.SPAM, SPAM, reason, by)


def remove(comments, reason="", *, by=None):
    return _decide(comments, Deed.REMOVE, REMOVED, reason, by)


def hold(comments, reason="", *, by=None):
    return _decide(comments, Deed.HOLD, PENDING, reason, by)


def ban(comment, kinds, reason="", *, by=None):
    """Set the comment aside as spam, with all that waits from the same author, and whatever comes from now on.

    ``kinds`` are those of ``Rule`` by which the author is to be recognised.
    """
    marks = {kind: value for kind, value in marks_of(comment).items() if kind in kinds and value}
    batch = uuid.uuid4()
    with transaction.atomic():
        for kind, value in marks.items():
            values = {"verdict": Rule.Verdict.SPAM, "reason": reason, "made_by": by, "batch": batch}
            Rule.objects.get_or_create(kind=kind, value=value, defaults=values)
        same = {
            pk for pk, found in _waiting_marks() if any(found[kind] == value for kind, value in marks.items())
        }
        chosen = Comment.objects.filter(pk__in={comment.pk, *same})
        return _decide(chosen, Deed.BAN, SPAM, reason, by, batch)


def marks_of(comment):
    """By what the author of a comment can be recognised, in the words of rules."""
    return {
        Rule.Kind.EMAIL: comment.author_email.casefold(),
        Rule.Kind.ADDRESS: comment.ip_hash,
        Rule.Kind.NAME: " ".join(comment.author_name.split()).casefold(),
    }


def _waiting_marks():
    waiting = Comment.objects.pending().only("author_email", "ip_hash", "author_name")
    return ((comment.pk, marks_of(comment)) for comment in waiting)


def reply(parent, body, *, by):
    """A moderator's answer; what it answers is approved with it."""
    with transaction.atomic():
        approve(Comment.objects.filter(pk=parent.pk), by=by)
        answer = Comment(body=body, user=by, author_name=name_of(by), author_email=by.email, status=APPROVED)
        answer.place_below(parent)
        answer.save()
        Act.objects.create(comment=answer, user=by, deed=Deed.REPLY, after=APPROVED)
        tasks.tell.enqueue(answer.pk)
    return answer


def name_of(user):
    return (user.get_full_name() or user.get_username())[: Comment._meta.get_field("author_name").max_length]


def undo(batch, *, by=None):
    """Put back what a batch changed, except where something else was decided since; how many comments that were."""
    now = timezone.now()
    with transaction.atomic():
        acts = list(Act.objects.filter(batch=batch, undone_at=None).select_related("comment"))
        back = [
            act for act in acts if act.deed != Deed.UNDO and act.before and act.comment.status == act.after
        ]
        for act in back:
            act.comment.status, act.comment.status_reason = act.before, act.reason_before
            act.comment.modified_at = now
        restored = [act.comment for act in back]
        Comment.objects.bulk_update(restored, ["status", "status_reason", "modified_at"], batch_size=500)
        Rule.objects.filter(batch=batch).delete()
        Act.objects.filter(pk__in=[act.pk for act in acts]).update(undone_at=now)
        Act.objects.bulk_create(
            Act(comment=act.comment, user=by, deed=Deed.UNDO, before=act.after, after=act.before)
            for act in back
        )
    return len(back)


def last_batch(user):
    """The acts of what this person did last, if it can still be undone."""
    last = Act.objects.filter(user=user).exclude(deed__in=[Deed.UNDO, Deed.REPLY]).first()
    if last is None or last.undone_at is not None:
        return []
    return list(Act.objects.filter(batch=last.batch))


def _decide(comments, deed, status, reason, by, batch=None):
    """Move comments to a status, note who did it and why, have told whom it concerns. How many were moved."""
    batch = batch or uuid.uuid4()
    with transaction.atomic():
        chosen = list(comments.exclude(status=status).only("pk", "status", "status_reason", "origin"))
        acts = [
            Act(
                comment=comment,
                user=by,
                deed=deed,
                reason=reason[:300],
                before=comment.status,
                reason_before=comment.status_reason,
                after=status,
                batch=batch,
            )
            for comment in chosen
        ]
        keys = [comment.pk for comment in chosen]
        Comment.objects.filter(pk__in=keys).move_to(status, reason)
        Act.objects.bulk_create(acts, batch_size=500)
        if status == APPROVED:
            for comment in chosen:
                if comment.origin == Comment.Origin.HERE:
                    tasks.tell.enqueue(comment.pk)
    return len(chosen)
