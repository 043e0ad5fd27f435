"""Letters become mail: what concerns one person in one matter goes out together, and again until it has gone out."""

import logging
from datetime import timedelta
from smtplib import SMTPRecipientsRefused, SMTPResponseException
from urllib.parse import urlsplit

from django.conf import settings
from django.core import signing
from django.core.mail import EmailMessage, get_connection
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, npgettext, override

from comments import moderation, rendering
from comments.models import Letter
from config.links import absolute

SALT = "comments.mail"
ROUND = 50  # letters in one go
LEASE = timedelta(minutes=10)  # after which what a worker that died had in hand is taken up again
PAUSES = [1, 5, 30, 120, 360, *[720] * 10]  # minutes before each further attempt; then it is given up
REFUSALS = (SMTPRecipientsRefused, SMTPResponseException)  # of one mail, by a server that goes on to listen

Kind = Letter.Kind
logger = logging.getLogger(__name__)


def post_due(is_ending=lambda: False):
    """Send what is due, one round; how many mails went out. What fails is tried again later."""
    bundles = _bundles(Letter.objects.due(timezone.now()).select_related("comment", "subscription")[:ROUND])
    if not bundles:
        return 0
    connection, sent = get_connection(), 0
    try:
        connection.open()
    except Exception as error:  # whatever a backend raises, the letters stay
        _try_later([letter for bundle in bundles for letter in bundle], error)
        return 0
    for bundle in bundles:
        if is_ending():
            break
        letters = _claimed(bundle)
        error = _send(letters, connection) if letters else None
        sent += bool(letters) and error is None
        if error and not isinstance(error, REFUSALS):
            break  # those behind it are due in the next round, for it may not be their fault
    connection.close()
    return sent


def token(**what):
    return signing.dumps(what, salt=SALT)


def read_token(value):
    """What a link in a letter is about, None if it was not made here. It does not run out: letters are kept."""
    try:
        return signing.loads(value, salt=SALT)
    except signing.BadSignature:
        return None


def _bundles(letters):
    bundles = {}
    for letter in letters:
        together = letter.event if letter.kind == Kind.CONFIRM else ""
        bundles.setdefault((letter.kind, letter.recipient, letter.subscription_id, together), []).append(
            letter
        )
    return list(bundles.values())


def _claimed(bundle):
    """Its letters that this process may send, and that still tell the truth. Nothing is locked meanwhile."""
    now = timezone.now()
    claimed = [letter for letter in bundle if _claim(letter, now)]
    letters = [letter for letter in claimed if is_true(letter)]
    for letter in set(claimed) - set(letters):
        _put(letter, given_up_at=now, error="no longer true when it was to be sent")
    return letters


def _send(letters, connection):
    """One mail goes out, or the error comes back that it met."""
    try:
        compose(letters, connection).send()
    except Exception as error:  # a server's refusal, a broken line, a template: it is told in the admin
        _try_later(letters, error)
        connection.close()  # the next is sent on a line of its own, whatever became of this one
        return error
    for letter in letters:
        _put(letter, sent_at=timezone.now(), error="")
    return None


def _claim(letter, now):
    return Letter.objects.due(now).filter(pk=letter.pk).update(due_at=now + LEASE)


def _try_later(letters, error):
    logger.warning("Mail could not be sent, %d letters wait: %s", len(letters), error)
    now = timezone.now()
    for letter in letters:
        attempts, values = letter.attempts + 1, {"error": f"{type(error).__name__}: {error}"[:300]}
        if attempts > len(PAUSES):
            values["given_up_at"] = now
        else:
            values["due_at"] = now + timedelta(minutes=PAUSES[attempts - 1])
        _put(letter, attempts=attempts, **values)


def _put(letter, **values):
    Letter.objects.filter(pk=letter.pk).update(**values)


def is_true(letter):
    """Whether what it says still holds: others may have decided while it waited."""
    comment = letter.comment
    if letter.kind == Kind.HELD:
        return comment.status == comment.Status.PENDING and comment.target is not None
    if letter.kind == Kind.CONFIRM and letter.subscription is None:
        is_waiting = (
            comment.status == comment.Status.PENDING and moderation.UNCONFIRMED in comment.status_reason
        )
        return is_waiting and comment.target is not None and comment.target.is_public
    if letter.kind == Kind.CONFIRM:
        return comment.is_public and letter.subscription.confirmed_at is None
    return comment.is_public and (letter.subscription is None or letter.subscription.is_active)


def compose(letters, connection=None):
    """One mail out of letters of one kind to one person, in the language of the site."""
    with override(getattr(letters[0].comment.target, "site_language", settings.LANGUAGE_CODE)):
        return _composed(letters, connection)


def _composed(letters, connection):
    first, host = letters[0], urlsplit(settings.SITE_URL).hostname
    context = {
        "letters": letters,
        "items": [_item(letter) for letter in letters],
        "target": first.comment.target,
    }
    context |= {"site": urlsplit(settings.SITE_URL).netloc, "link": _link(first)}
    headers = {"Auto-Submitted": "auto-generated", "Message-ID": f"<letter-{first.pk}@{host}>"}
    if first.kind == Kind.REPLY:
        context["stop_link"] = absolute(reverse("comments:mail_stop", args=[token(s=first.subscription_id)]))
        headers["List-Unsubscribe"] = f"<{context['stop_link']}>"
        headers["List-Unsubscribe-Post"] = "List-Unsubscribe=One-Click"
    body = render_to_string(f"comments/mail/{first.kind}.txt", context)
    return EmailMessage(_subject(letters), body, to=[first.recipient], headers=headers, connection=connection)


def _subject(letters):
    first, count = letters[0], len(letters)
    words = {"name": first.comment.author_name, "target": str(first.comment.target), "count": count}
    if first.kind == Kind.CONFIRM:
        subject = _("Please confirm: your comment on “{target}”")
    elif first.kind == Kind.HELD:
        subject = ngettext("A comment waits: {name} on “{target}”", "{count} comments wait", count)
    else:
        subject = npgettext(
            "subject of a mail", "{name} on “{target}”", "{count} new comments on “{target}”", count
        )
    return " ".join(subject.format(**words).split())


def _item(letter):
    comment = letter.comment
    page = reverse("admin:comments_comment_decide", args=[comment.pk])
    is_html = comment.markup == comment.Markup.HTML
    return {
        "comment": comment,
        "text": rendering.plain_text(comment.body_html) if is_html else comment.body,
        "link": absolute(page if letter.kind == Kind.HELD else comment.get_absolute_url()),
    }


def _link(letter):
    if letter.kind != Kind.CONFIRM:
        return ""
    about = {"s": letter.subscription_id} if letter.subscription_id else {"c": letter.comment_id}
    return absolute(reverse("comments:mail_confirm", args=[token(**about)]))
