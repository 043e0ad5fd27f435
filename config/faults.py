"""When the database or the disk cannot take a write just now: an honest 503, and nothing that was written is lost.

Whoever sent a form gets it back with every word in it and can send it again; a page that only reads is not touched.
"""

import errno
import sys

from django.db.utils import DatabaseError
from django.http import HttpResponse, JsonResponse
from django.http.request import UnreadablePostError
from django.middleware.csrf import get_token
from django.template.loader import render_to_string
from django.utils.cache import add_never_cache_headers
from django.utils.translation import gettext as _

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
CONTROLS = {"csrfmiddlewaretoken"}
TEXTS = ("body", "text", "title", "summary", "description")


def server_error(request):
    """Django's handler500: 503 where waiting helps, else the page that says we went wrong."""
    wait = seconds_to_wait(sys.exc_info()[1])
    if wait is None:
        return HttpResponse(render_to_string("500.html"), status=500)
    response = _as_json(request) if _wants_json(request) else _as_page(request)
    response["Retry-After"] = str(wait)
    add_never_cache_headers(response)
    return response


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


def _wants_json(request):
    return (
        request.headers.get("X-Requested-With") == "XMLHttpRequest" or request.accepts("text/html") is False
    )


def _as_json(request):
    reason = _("It could not be saved just now: the site cannot write. Please try again in a minute.")
    return JsonResponse({"error": reason}, status=503)


def _as_page(request):
    is_form = request.method == "POST"
    fields = _fields(request) if is_form else []
    context = {
        "is_form": is_form,
        "has_file": is_form and bool(_posted(request, "FILES")),
        "fields": fields,
        "action": request.get_full_path(),
        "csrf_token": get_token(request) if fields else "",
    }
    return HttpResponse(render_to_string("503.html", context), status=503)


def _fields(request):
    """What was sent, in its order; nothing of a form that carries a password, which no page may repeat."""
    posted = _posted(request, "POST")
    if any("password" in name.lower() or "otp" in name.lower() for name in posted):
        return []
    return [
        {"name": name, "value": value, "label": _label(name), "rows": _rows(name, value)}
        for name, values in posted.items()
        if name not in CONTROLS
        for value in values
    ]


def _label(name):
    return name.replace("_", " ").replace("-", " ").capitalize()


def _rows(name, value):
    """The lines a box needs to show it; 0 for what people do not read: marks, choices, signatures."""
    is_words = bool(value.strip()) and (name.endswith(TEXTS) or len(value.split()) > 1)
    return min(20, 1 + value.count("\n") + len(value) // 60) if is_words else 0


def _posted(request, attribute):
    try:
        return dict(getattr(request, attribute).lists())
    except (UnreadablePostError, OSError, ValueError):
        return {}
