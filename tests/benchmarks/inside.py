"""Runs inside a prepared site, with its settings: fills it, or says what its pages cost.

python -m tests.benchmarks.inside fill 1000
python -m tests.benchmarks.inside costs
"""

import json
import os
import statistics
import sys
import time
from wsgiref.util import setup_testing_defaults

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")

PAGES = {
    "post, 10 comments": "/posts/ten/",
    "post, 50 comments": "/posts/fifty/",
    "post, 1000 comments": "/posts/thousand/",
    "home": "/",
    "tag": "/tags/tag-7/",
    "archive": "/archive/",
    "feed": "/feed/",
    "sitemap": "/sitemap.xml",
    "search, rare word": "/search/?q=zebrafish",
    "search, worst word": "/search/?q=moor",
}
ROUNDS = 7


def bare(environ, start_response):
    """The least that a WSGI application can do: 15,000 bytes that are there."""
    start_response("200 OK", [("Content-Type", "text/html"), ("Content-Length", "15000")])
    return [BYTES]


BYTES = b"x" * 15000


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


def costs():
    """Processor milliseconds of each page without the store, and of a stored one; medians of interleaved rounds."""
    import django
    from django.core.handlers.wsgi import WSGIHandler

    from config.wsgi import application

    django.setup()
    handler = WSGIHandler()
    found = {name: [] for name in [*PAGES, "bare", "stored"]}
    for address in PAGES.values():
        ask(handler, address)
    ask(application, PAGES["post, 10 comments"])
    for _round in range(ROUNDS):
        found["bare"].append(seconds(bare, "/", 2000))
        found["stored"].append(seconds(application, PAGES["post, 10 comments"], 2000))
        for name, address in PAGES.items():
            found[name].append(seconds(handler, address, 3))
    return {name: 1000 * statistics.median(times) for name, times in found.items()}


def main(deed, *arguments):
    import django

    django.setup()
    if deed == "fill":
        from tests.benchmarks.sites import fill

        fill(int(arguments[0]))
    else:
        print(json.dumps(costs()))


if __name__ == "__main__":
    main(*sys.argv[1:])
