"""What somebody has sent, for a page that could not take it: nothing that was written may be lost.

A page shows it in a form to be sent again, or, where that would not help, as words to be copied.
"""

from django.core.exceptions import BadRequest, SuspiciousOperation
from django.http.multipartparser import MultiPartParserError
from django.http.request import UnreadablePostError
from django.middleware.csrf import get_token

CONTROLS = {"csrfmiddlewaretoken"}
SECRET = ("password", "otp", "secret")  # no page may repeat these
TEXTS = ("body", "text", "title", "summary", "description")


def form_again(request):
    """The context of _kept.html: all that was sent, in its order, and a token with which it may be sent again."""
    fields = fields_of(request)
    return words_of(request) | {
        "fields": fields,
        "action": request.get_full_path(),
        "csrf_token": get_token(request) if fields else "",
    }


def words_of(request):
    """The context of _kept.html where sending it again would not help."""
    return {
        "is_form": request.method == "POST",
        "has_file": bool(_posted(request, "FILES")),
        "words": [field for field in fields_of(request) if field["rows"]],
    }


def fields_of(request):
    """What was sent; nothing of a form that carries a secret."""
    posted = _posted(request, "POST")
    if any(word in name.lower() for name in posted for word in SECRET):
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
    if request.method != "POST":
        return {}
    try:
        return dict(getattr(request, attribute).lists())
    except (UnreadablePostError, MultiPartParserError, SuspiciousOperation, BadRequest, OSError, ValueError):
        return {}
