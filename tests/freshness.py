"""Looks for one stale byte: writers change a running site at random, readers ask it at the same time.

Everything a writer changes carries a number that grows. The moment a change is committed, the writer notes the number in
memory that all processes share; a reader notes what stands there before it asks, and no page may show less. What was
taken away or rolled back must not be shown at all.
"""

import http.client
import json
import mmap
import pickle
import random
import re
import struct
import subprocess
import sys
import tempfile
from collections import Counter
from contextlib import suppress
from urllib.parse import urlsplit

from tests.running import BASE, Visitor

POSTS = 4
MARKER = re.compile(r"\b(title|lede|tag|comment|gone|tagline|visitor|soon)-(\d+)-v(\d+)\b")
NEVER = 10**9  # numbers from here on were rolled back
ENTRIES = [("title", post) for post in range(POSTS)]
TAGLINE = ("tagline", 0)
SHOWN = {
    "/": [TAGLINE, ("soon", 0), *ENTRIES],
    "/archive/": [TAGLINE, *ENTRIES],
    "/tags/": [TAGLINE, *(("tag", post) for post in range(POSTS))],
    "/feed/": ENTRIES,
    "/posts/first/": [TAGLINE, ("visitor", 0)],
    **{
        f"/posts/p{post}/": [TAGLINE, ("title", post), ("lede", post), ("tag", post), ("comment", post)]
        for post in range(POSTS)
    },
}
DEEDS = ["save", "update", "raw", "tag", "rename", "bulk", "comment", "approve", "take_away", "roll_back"]
OF_THE_FIRST = ["settings", "visit", "soon"]  # the site's own things belong to the first writer
KINDS = ("title", "lede", "tag", "comment", "gone", "tagline", "visitor", "soon")
ENDED = ("ended", 0)
SLOTS = {
    key: slot for slot, key in enumerate([ENDED, *((kind, post) for kind in KINDS for post in range(POSTS))])
}


class Known:
    """Numbers that every process sees the moment they are set."""

    def __init__(self, path):
        with open(path, "r+b") as file:
            self.memory = mmap.mmap(file.fileno(), 8 * len(SLOTS))

    def __setitem__(self, key, number):
        struct.pack_into("q", self.memory, 8 * SLOTS[key], number)

    def __getitem__(self, key):
        return struct.unpack_from("q", self.memory, 8 * SLOTS[key])[0]

    def now(self):
        return dict(zip(SLOTS, struct.unpack(f"{len(SLOTS)}q", self.memory[:]), strict=True))


class Hunt:
    """sites: running sites of one database, all of which are read and written through."""

    def __init__(self, sites, first=1):
        self.sites, self.first = sites, first  # a second hunt over the same site counts on from the first
        self.stale, self.errors, self.reads = [], [], Counter()

    def run(self, writes, readers=3, reads=0, writers=2):
        """So many changes and at least so many reads, by processes of their own."""
        key = self.sites[0].shell("from tests import deeds; print(deeds.prepare())").split()[-1]
        with tempfile.NamedTemporaryFile() as file:
            file.write(bytes(8 * len(SLOTS)))
            file.flush()
            reading = [
                self.start(read, file.name, self.sites, f"reader {number}", reads // readers)
                for number in range(readers)
            ]
            whole = (self.first, writes, key)
            writing = [
                self.start(write, file.name, self.sites, f"writer {number}", number, writers, *whole)
                for number in range(writers)
            ]
            for process in writing:
                self.gather(process)
            Known(file.name)[ENDED] = 1
            for process in reading:
                self.gather(process)
        return self

    def start(self, deed, *arguments):
        process = subprocess.Popen(
            [sys.executable, "-m", "tests.freshness"],
            cwd=BASE,
            env=self.sites[0].environment,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
        )
        with suppress(BrokenPipeError), process.stdin:
            process.stdin.write(pickle.dumps((deed.__name__, arguments)))
        return process

    def gather(self, process):
        said = process.stdout.read().decode().splitlines()
        process.wait(60)
        if process.returncode or not said:
            self.errors.append(f"a process ended with {process.returncode}")
            return
        found = json.loads(said[-1])
        self.stale += found["stale"]
        self.errors += found["errors"]
        self.reads.update(found["reads"])


def write(known_path, sites, seed, writer, writers, first, count, session):
    import django

    django.setup()
    from tests import deeds

    known, chance, visitor = Known(known_path), random.Random(seed), None
    posts = [post for post in range(POSTS) if post % writers == writer]
    names = DEEDS + (OF_THE_FIRST if writer == 0 else [])
    for number in range(first, first + count // writers):
        name = chance.choice(names)
        if name == "visit":
            visitor = visitor or _editor(sites[0], session)
            answer = visitor.says(f"Hello visitor-0-v{number}")
            assert answer.status == 302 and "held" not in answer.headers["Location"], answer.headers[
                "Location"
            ]
            known["visitor", 0] = number
        elif (change := getattr(deeds, name)(chance.choice(posts), number)) is not None:
            known[change] = number
    return {"stale": [], "errors": [], "reads": {}}


def _editor(site, session):
    """Somebody whose comments are shown at once."""
    visitor = Visitor(site)
    visitor.cookie += f"; sessionid={session}"
    return visitor


def read(known_path, sites, seed, least):
    known, chance = Known(known_path), random.Random(seed)
    reads, stale, errors, seen, connection = Counter(), [], [], {}, None
    while (reads.total() < least or not known[ENDED]) and not errors:
        if connection is None or chance.random() < 0.1:  # another worker, or another machine, may take it
            host = urlsplit(chance.choice(sites).url).netloc
            connection = http.client.HTTPConnection(host, timeout=60)
        path = chance.choice(list(SHOWN))
        before = known.now()
        headers = {"If-None-Match": seen[path][0]} if path in seen and chance.random() < 0.3 else {}
        connection.request("GET", path, headers=headers)
        answer = connection.getresponse()
        body = answer.read().decode()
        reads[answer.status] += 1
        if answer.status == 304:
            body = seen[path][1]
        elif answer.status == 200:
            seen[path] = answer.headers["ETag"], body
        else:
            errors.append(f"{path} {answer.status}")
            break
        stale += [f"{host} {answer.status} {path}: {what}" for what in _untrue(path, body, before)]
    return {"stale": stale, "errors": errors, "reads": reads}


def _untrue(path, body, before):
    shown = {}
    for kind, post, number in MARKER.findall(body):
        key, number = (kind, int(post)), int(number)
        shown[key] = max(number, shown.get(key, 0))
        if number >= NEVER or (kind == "gone" and number <= before[key]):
            yield f"{kind} {post} must not show {number}"
    for key in SHOWN[path]:
        if shown.get(key, 0) < before[key]:
            yield f"{key} was {before[key]} before it was asked for, and shows {shown.get(key)}"


if __name__ == "__main__":
    deed, arguments = pickle.load(sys.stdin.buffer)
    print(json.dumps(globals()[deed](*arguments)))
