"""What the site says about itself: one line an event, with the request it belongs to, and nothing a visitor wrote.

Paths are logged without their query, errors with the type, the place and the first line of their message, and whatever
looks like an e-mail address is left out.
"""

import json
import logging
import re
import time
import traceback
import uuid
from contextvars import ContextVar
from datetime import UTC, datetime

ACCEPTED_ID = re.compile(r"[A-Za-z0-9._-]{8,64}")
E_MAIL = re.compile(r"[\w.+%-]+@[\w-]+(\.[\w-]+)+")
LONGEST_MESSAGE = 200

request_id: ContextVar[str] = ContextVar("request_id", default="")
requests = logging.getLogger("config.requests")


class RequestLogMiddleware:
    """Names every request, in its log lines and in X-Request-ID, and logs how it ended.

    Stands below ProxyMiddleware, which removes the header unless a trusted proxy sent it.
    """

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        given = request.headers.get("X-Request-ID", "")
        request.id = given if ACCEPTED_ID.fullmatch(given) else uuid.uuid4().hex
        token = request_id.set(request.id)
        began = time.perf_counter()
        try:
            response = self.get_response(request)
            response["X-Request-ID"] = request.id
            _log(request, response, 1000 * (time.perf_counter() - began))
            return response
        finally:
            request_id.reset(token)


def _log(request, response, milliseconds):
    said = {
        "method": request.method if request.method.isalpha() else "?",
        "path": request.path,
        "status": response.status_code,
        "milliseconds": round(milliseconds, 1),
    }
    level = logging.WARNING if response.status_code >= 500 else logging.INFO
    requests.log(
        level, "%(method)s %(path)s %(status)s %(milliseconds)s ms", said, extra={"request_facts": said}
    )


def as_warning(record):
    """A 503 is said to somebody who can try again: worth a line, and no letter to anybody."""
    if getattr(record, "status_code", None) == 503:
        record.levelno, record.levelname = logging.WARNING, "WARNING"
    return True


class OneLine(logging.Formatter):
    """The parts both formats share: a message on one line, and an error told without its data."""

    def message_of(self, record):
        return _clean(record.getMessage())

    def error_of(self, record):
        if not record.exc_info or record.exc_info[1] is None:
            return None
        error = record.exc_info[1]
        first = str(error).splitlines()[:1]  # databases add the refused row in the lines below
        where = [f"{frame.filename}:{frame.lineno} {frame.name}" for frame in _frames(error)]
        return {
            "type": type(error).__name__,
            "message": _clean("".join(first)[:LONGEST_MESSAGE]),
            "where": where,
        }

    @staticmethod
    def time_of(record):
        return datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds")


class Plain(OneLine):
    def format(self, record):
        name = request_id.get() or "-"
        line = f"{self.time_of(record)} {record.levelname} {record.name} [{name}] {self.message_of(record)}"
        error = self.error_of(record)
        if error is None:
            return line
        return "\n    ".join([f"{line}: {error['type']}: {error['message']}", *error["where"]])


class Json(OneLine):
    def format(self, record):
        said = {
            "at": self.time_of(record),
            "level": record.levelname,
            "logger": record.name,
            "request_id": request_id.get() or None,
            "message": self.message_of(record),
            **getattr(record, "request_facts", {}),
            "error": self.error_of(record),
        }
        said = {key: _clean(value) if key == "path" else value for key, value in said.items()}
        return json.dumps({key: value for key, value in said.items() if value is not None})


def _frames(error):
    return traceback.extract_tb(error.__traceback__, limit=-12)


def _clean(text):
    """Without addresses, and without anything that could end the line or colour a terminal."""
    text = E_MAIL.sub("[e-mail]", str(text))
    return "".join(
        letter if letter.isprintable() else letter.encode("unicode_escape").decode() for letter in text
    )


def configuration(format_name: str, level: str) -> dict:
    """Django's LOGGING for one of the two formats."""
    formatter = {"plain": "config.logs.Plain", "json": "config.logs.Json"}[format_name]
    return {
        "version": 1,
        "disable_existing_loggers": False,
        "formatters": {"line": {"()": formatter}},
        "filters": {
            "in_production": {"()": "django.utils.log.RequireDebugFalse"},
            "not_now": {"()": lambda: as_warning},
        },
        "handlers": {
            "console": {"class": "logging.StreamHandler", "formatter": "line"},
            "mail_admins": {
                "class": "django.utils.log.AdminEmailHandler",
                "filters": ["in_production"],
                "level": "ERROR",
            },
        },
        "root": {"handlers": ["console"], "level": level},
        "loggers": {
            "django": {"handlers": ["mail_admins"], "level": level},
            # Django's own word on an answer of 404 or 500 repeats ours; errors it reports with their place are kept.
            "django.request": {"level": "ERROR", "filters": ["not_now"]},
            # Odd names, sizes and forms are sent by strangers all day: a line each, and no letter to anybody.
            "django.security": {"handlers": ["console"], "propagate": False},
            "django.server": {"handlers": ["console"], "propagate": False},
        },
    }
