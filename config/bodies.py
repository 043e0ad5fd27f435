"""What a visitor sends is awaited before Django begins, and only some of the threads may wait.

The server hands a request over when its head is there. Whoever sends the rest a byte at a time, or has lost the line in
the middle of a picture, would hold a thread for as long as they like; a few of them would hold all, and nobody could read.
A proxy that takes bodies whole, as nginx does, makes this a matter of microseconds.
"""

import threading
from io import BytesIO

from django.core.exceptions import RequestDataTooBig

from config import faults, server

LARGEST = 16 * 1024 * 1024  # more is refused unread; Django would put a file of any size on the disk first
PATIENCE = 0.05  # seconds that a request waits for leave to wait
FLAW = "commonplace.flaw"  # in the environment of a request: why its body is not there
LATE, CUT, LARGE = "late", "cut", "large"


def whole(app, waiting=None):
    """The WSGI application that gets whole bodies; ``waiting`` is how many may be awaited at once."""
    leave = threading.BoundedSemaphore(waiting or max(1, server.thread_count() // 2))

    def answer(environ, start_response):
        length = _length(environ)
        if length > LARGEST:
            environ |= {FLAW: LARGE, "CONTENT_LENGTH": "0", "wsgi.input": BytesIO()}
        elif environ["REQUEST_METHOD"] == "POST" and length > 0:
            body = _await(environ["wsgi.input"], length, leave)
            flaw = LATE if body is None else CUT if len(body) < length else None
            if flaw:
                environ |= {FLAW: flaw, "CONTENT_LENGTH": "0"}
                body = b""
            environ["wsgi.input"] = BytesIO(body)
        return app(environ, start_response)

    return answer


def _length(environ):
    try:
        return int(environ.get("CONTENT_LENGTH") or 0)
    except ValueError:
        return 0


def _await(stream, length, leave):
    """As much as comes; None if too many are being awaited already."""
    if not leave.acquire(timeout=PATIENCE):
        return None
    try:
        parts, missing = [], length
        while missing and (part := stream.read(missing)):
            parts.append(part)
            missing -= len(part)
    except OSError:  # the line went dead
        pass
    finally:
        leave.release()
    return b"".join(parts)


class BodiesMiddleware:
    """Answers those whose body is too large, was not awaited, or did not come whole: half a comment must not be taken for one."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        flaw = request.META.get(FLAW)
        if flaw == LATE:
            response = faults.not_now(request, faults.SOON)
            response._has_been_logged = True  # or each would be a letter to the admins
            return response
        if flaw == LARGE:
            return faults.bad_request(request, RequestDataTooBig())
        if flaw == CUT:
            return faults.bad_request(request)
        return self.get_response(request)
