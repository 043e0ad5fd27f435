"""Runs inside a prepared site, with its settings: fills it, or says what its pages cost.

python -m tests.benchmarks.inside fill 1000
python -m tests.benchmarks.inside discuss 10000 500
python -m tests.benchmarks.inside costs [page …]
"""

import json
import os
import sys

from tests.benchmarks.costing import bare, measured

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")

PAGES = {
    "post, 10 comments": "/posts/ten/",
    "post, 50 comments": "/posts/fifty/",
    "post, 1000 comments": "/posts/thousand/",
    "home": "/",
    "tag": "/tags/tag-7/",
    "archive": "/archive/",
    "year": "/archive/2010/",
    "section": "/posts/",
    "tags": "/tags/",
    "subscribe": "/subscribe/",
    "feed": "/feed/",
    "sitemap": "/sitemap.xml",
    "search, rare word": "/search/?q=zebrafish",
    "search, worst word": "/search/?q=moor",
}


VAST = {"post, 10,000 comments": "/posts/vast/"}  # in a site that has it


def costs(chosen=()):
    """Processor milliseconds of each page without the store, and of a stored one."""
    from config.wsgi import application
    from tests.benchmarks.not_stored import application as handler

    ten = PAGES["post, 10 comments"]
    pages = {name: (PAGES | VAST)[name] for name in chosen} or PAGES
    targets = {name: (handler, address, 3) for name, address in pages.items()}
    return measured({**targets, "bare": (bare, "/", 2000), "stored": (application, ten, 2000)})


def main(deed, *arguments):
    import django

    django.setup()
    if deed == "fill":
        from tests.benchmarks.sites import fill

        fill(int(arguments[0]))
    elif deed == "discuss":
        from tests.benchmarks.sites import discuss

        discuss(*map(int, arguments))
    else:
        print(json.dumps(costs(arguments)))


if __name__ == "__main__":
    main(*sys.argv[1:])
