"""Looks for one stale byte: writers change a running site at random, readers ask it at the same time.

Everything a writer changes carries a number that grows. Before a reader asks for a page, it notes which numbers have
been acknowledged; the page must not show an older one. What was taken away or rolled back must not be shown at all.
"""

import http.client
import json
import random
import re
import subprocess
import sys
import threading
import time
from collections import Counter
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


class Hunt:
    """sites: the running sites to read, all of one database; the first is written through as well."""

    def __init__(self, sites, seed=0, writers=2):
        self.sites, self.seed, self.writers = sites, seed, writers
        self.known, self.lock = {}, threading.Lock()
        self.stale, self.errors, self.reads = [], [], Counter()
        self.ended = threading.Event()
        self.visitor = None

    def run(self, writes, readers=4, reads=0):
        """Make so many writes and at least so many reads; raise nothing, but note what was stale."""
        self.sites[0].shell("from tests import deeds; deeds.prepare()")
        reading = [
            threading.Thread(target=self.guarded, args=[self.read, number]) for number in range(readers)
        ]
        writing = [
            threading.Thread(target=self.guarded, args=[self.write, number, writes // self.writers])
            for number in range(self.writers)
        ]
        for thread in [*writing, *reading]:
            thread.start()
        for thread in writing:
            thread.join()
        while sum(self.reads.values()) < reads and not self.errors:
            time.sleep(0.05)
        self.ended.set()
        for thread in reading:
            thread.join()
        return self

    def guarded(self, deed, *arguments):
        try:
            deed(*arguments)
        except Exception as error:
            self.errors.append(repr(error))

    # Writing

    def write(self, writer, count):
        chance = random.Random(f"{self.seed} {writer}")
        posts = [post for post in range(POSTS) if post % self.writers == writer]
        deeds = DEEDS + (OF_THE_FIRST if writer == 0 else [])
        with Writer(self.sites[writer % len(self.sites)]) as process:
            for number in range(1, count + 1):
                if self.ended.is_set():
                    return
                deed = chance.choice(deeds)
                if deed == "visit":
                    self.visit(number)
                else:
                    self.acknowledge(process.does(deed, chance.choice(posts), number))

    def visit(self, number):
        self.visitor = self.visitor or editor_as_visitor(self.sites[0])
        answer = self.visitor.says(f"Hello visitor-0-v{number}")
        assert answer.status == 302 and "held" not in answer.headers["Location"], answer.headers["Location"]
        self.acknowledge([["visitor", 0, number]])

    def acknowledge(self, markers):
        with self.lock:
            for name, post, number in markers:
                self.known[name, post] = number

    # Reading

    def read(self, reader):
        chance = random.Random(f"{self.seed} reader {reader}")
        seen, connection, host = {}, None, None
        while not self.ended.is_set():
            if connection is None or chance.random() < 0.1:  # another worker, or another machine, may take it
                site = chance.choice(self.sites)
                host = urlsplit(site.url).netloc
                connection = http.client.HTTPConnection(host, timeout=30)
            path = chance.choice(list(SHOWN))
            with self.lock:
                known = dict(self.known)
            headers = {"If-None-Match": seen[path][0]} if path in seen and chance.random() < 0.3 else {}
            connection.request("GET", path, headers=headers)
            answer = connection.getresponse()
            body = answer.read().decode()
            self.reads[answer.status] += 1
            if answer.status == 304:
                body = seen[path][1]
            elif answer.status == 200:
                seen[path] = answer.headers["ETag"], body
            else:
                self.errors.append(f"{path} {answer.status}")
                return
            self.judge(path, body, known, (host, answer.status))

    def judge(self, path, body, known, source):
        shown = {}
        for name, post, number in MARKER.findall(body):
            key, number = (name, int(post)), int(number)
            shown[key] = max(number, shown.get(key, 0))
            if number >= NEVER or (name == "gone" and number <= known.get(key, 0)):
                self.stale.append((path, key, number, "must not be shown", source))
        for key in SHOWN[path]:
            if shown.get(key, 0) < known.get(key, 0):
                self.stale.append((path, key, shown.get(key), known[key], source))


def editor_as_visitor(site):
    """Somebody whose comments are shown at once."""
    visitor = Visitor(site)
    key = site.shell("from tests import deeds; print(deeds.session_of_an_editor())").split()[-1]
    visitor.cookie += f"; sessionid={key}"
    return visitor


class Writer:
    """A process of its own that does one deed after another, and says each time what is now true."""

    def __init__(self, site):
        command = [sys.executable, "-m", "tests.freshness"]
        self.process = subprocess.Popen(
            command, cwd=BASE, env=site.environment, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
        )

    def __enter__(self):
        return self

    def __exit__(self, *_error):
        self.process.stdin.close()
        self.process.wait(30)

    def does(self, deed, post, number):
        print(json.dumps([deed, post, number]), file=self.process.stdin, flush=True)
        line = self.process.stdout.readline()
        assert line, f"the writer ended at {deed}"
        return json.loads(line)


def serve_deeds():
    """The writer's end: deeds come in line by line, what is true afterwards goes out."""
    import django

    django.setup()
    from tests import deeds

    for line in sys.stdin:
        name, post, number = json.loads(line)
        print(json.dumps(getattr(deeds, name)(post, number)), flush=True)


if __name__ == "__main__":
    serve_deeds()
