"""Processor time of pages, asked of a WSGI application in this process. Needs nothing but Python itself, so that other
products' environments can run it too."""

import statistics
import time
from wsgiref.util import setup_testing_defaults

ROUNDS = 7
BYTES = b"x" * 15000


def bare(environ, start_response):
    """The least that a WSGI application can do: 15,000 bytes that are there."""
    start_response("200 OK", [("Content-Type", "text/html"), ("Content-Length", "15000")])
    return [BYTES]


def ask(app, address):
    path, _mark, query = address.partition("?")
    environ = {"PATH_INFO": path, "QUERY_STRING": query, "HTTP_HOST": "127.0.0.1", "REMOTE_ADDR": "127.0.0.1"}
    setup_testing_defaults(environ)
    answer = {}
    result = app(environ, lambda status, headers, error=None: answer.update(status=status))
    body = b"".join(result)
    if hasattr(result, "close"):
        result.close()
    assert answer["status"].startswith("200"), (address, answer)
    return body


def seconds(app, address, times):
    start = time.process_time()
    for _time in range(times):
        ask(app, address)
    return (time.process_time() - start) / times


def measured(targets):
    """Milliseconds of each {name: (application, address, how often in a round)}; medians of interleaved rounds."""
    found = {name: [] for name in targets}
    for app, address, _times in targets.values():
        ask(app, address)
    for _round in range(ROUNDS):
        for name, target in targets.items():
            found[name].append(seconds(*target))
    return {name: 1000 * statistics.median(times) for name, times in found.items()}
