"""What the server can do at all: fixed bytes, of the size that BARE_BYTES says."""

import os

BODY = [b"x" * int(os.environ.get("BARE_BYTES", "15000"))]
HEADERS = [("Content-Type", "text/html; charset=utf-8"), ("Content-Length", str(len(BODY[0])))]


def application(environ, start_response):
    start_response("200 OK", HEADERS)
    return BODY
