"""Answers that are not what was asked for, each with a sentence, and with whatever somebody had written.

When the database or the disk cannot take a write just now that is an honest 503, whose form can be sent again; a page
that only reads is not touched. Programs that ask for JSON are told in JSON.
"""

import errno
import sys
from contextlib import nullcontext

from django.conf import settings
from django.core.exceptions import DisallowedHost, RequestDataTooBig
from django.db.utils import DatabaseError
from django.http import HttpResponse, JsonResponse
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.cache import add_never_cache_headers
from django.utils.translation import gettext as _

from config import kept
from config.language import as_last_spoken

SOON, LATER = 5, 60  # seconds
SQLITE = {  # https://www.sqlite.org/rescode.html
    5: SOON,  # busy
    6: SOON,  # locked
    8: LATER,  # read-only
    10: LATER,  # input or output failed
    13: LATER,  # full
    14: LATER,  # cannot be opened
}
POSTGRESQL = {  # classes and codes, https://www.postgresql.org/docs/current/errcodes-appendix.html
    "08": LATER,  # connection lost
    "25006": LATER,  # read-only
    "40": SOON,  # deadlock, serialization
    "53": LATER,  # disk full, too many connections
    "55P03": SOON,  # lock not available
    "57": SOON,  # shutting down, cancelled
}
STORAGE = {errno.ENOSPC, errno.EDQUOT, errno.EROFS, errno.EFBIG}


def bad_request(request, exception=None):
    """Django's handler400: what came in is not what a browser sends."""
    status, reason = 400, _("What your browser sent could not be read. Please go back and try it once more.")
    if isinstance(exception, RequestDataTooBig):
        status, reason = 413, _("This is more than the site takes at once. Please go back and send less.")
    elif isinstance(exception, DisallowedHost):
        reason = _("The site does not answer to this name. Please look at the address once more.")
    return answer(request, status, _("This could not be understood"), reason)


def forbidden(request, exception=None):
    """Django's handler403."""
    reason = _(
        "You may not do this here. If you ought to, log in with another account or ask whoever runs the site."
    )
    return answer(request, 403, _("This is not for you"), reason, **kept.words_of(request))


def form_of_unknown_origin(request, reason=""):
    """Django's CSRF_FAILURE_VIEW: the form has no token, or an old one, or was not ours.

    Where the browser itself says that the form was one of ours, it may be sent again. A form of somebody else's must not
    get our token; its words are shown all the same, for a browser that hides where it comes from looks no different.
    """
    told = kept.form_again(request) if _came_from_here(request) else kept.words_of(request)
    sentence = _(
        "The page it was written on was too old, or your browser kept no cookie of this site. Nothing was saved."
    )
    response = answer(request, 403, _("This could not be accepted as it came"), sentence, **told)
    add_never_cache_headers(response)
    return response


def _came_from_here(request):
    """Browsers say where a form was, and no page can make them say something else."""
    ours = {f"{request.scheme}://{request.get_host()}", *settings.CSRF_TRUSTED_ORIGINS}
    said = request.headers.get("Origin") or "/".join(request.headers.get("Referer", "").split("/")[:3])
    return said in ours


def logged_out(request):
    """Somebody was writing in the admin, and is no longer logged in."""
    sentence = _(
        "Your login has ended meanwhile. Log in again in another tab, then come back and send what you wrote."
    )
    response = answer(
        request,
        403,
        _("You are no longer logged in"),
        sentence,
        login_url=reverse("login"),
        **kept.form_again(request),
    )
    add_never_cache_headers(response)
    return response


def server_error(request):
    """Django's handler500: 503 where waiting helps, else the page that says we went wrong."""
    wait = seconds_to_wait(sys.exc_info()[1])
    # Where the site profile was read its language is spoken already.
    with nullcontext() if hasattr(request, "site") else as_last_spoken():
        if wait is not None:
            return not_now(request, wait)
        if wants_json(request):
            return JsonResponse(
                {"error": _("Something went wrong on our side. It has been noted.")}, status=500
            )
        return HttpResponse(render_to_string("500.html"), status=500)


def not_now(request, wait):
    if wants_json(request):
        reason = _("It could not be saved just now: the site cannot write. Please try again in a minute.")
        response = JsonResponse({"error": reason}, status=503)
    else:
        response = HttpResponse(render_to_string("503.html", kept.form_again(request)), status=503)
    response["Retry-After"] = str(wait)
    add_never_cache_headers(response)
    return response


def answer(request, status, heading, sentence, **told):
    """A page in the site's look, or in its plain one where what the look needs has not been read."""
    if wants_json(request):
        return JsonResponse({"error": sentence}, status=status)
    site = getattr(request, "site", None)
    context = {
        "layout": "base.html" if site else "bare.html",
        "status": status,
        "heading": heading,
        "sentence": sentence,
    }
    return HttpResponse(
        render_to_string("fault.html", context | told, None if site is None else request), status=status
    )


def wants_json(request):
    return request.headers.get("X-Requested-With") == "XMLHttpRequest" or not request.accepts("text/html")


def seconds_to_wait(error) -> int | None:
    """How long until another try makes sense; None for an error that waiting does not mend."""
    if isinstance(error, DatabaseError):
        return _of_database(error.__cause__)
    if isinstance(error, OSError) and error.errno in STORAGE:
        return LATER
    return None


def _of_database(cause):
    if (code := getattr(cause, "sqlite_errorcode", None)) is not None:
        return SQLITE.get(code & 0xFF)
    if type(cause).__module__.startswith("psycopg"):
        state = getattr(cause, "sqlstate", None)
        if state is None:  # never got as far as the server
            return LATER if type(cause).__name__ in ("OperationalError", "PoolTimeout") else None
        return POSTGRESQL.get(state) or POSTGRESQL.get(state[:2])
    return None
