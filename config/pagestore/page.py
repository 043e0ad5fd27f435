"""A stored page: its bytes in three encodings, ready to be sent, and what they were made from."""

import gzip
import hashlib
import json
import time
from functools import lru_cache

import brotli
from django.utils.http import http_date

ENCODINGS = ("br", "gzip", "")  # in the order of our liking
SMALL = 200  # bytes; below, compressing makes it longer
SETTLED = 2  # seconds after which a date of whole seconds tells these bytes from those before and after
# Of a whole answer; a 304 says only what may have changed. https://www.rfc-editor.org/rfc/rfc9110#section-15.4.5
KEPT_IN_304 = {"cache-control", "content-location", "etag", "expires", "vary"}


class Variant:
    """The page in one encoding."""

    __slots__ = ("body", "etag", "headers", "short_headers")

    def __init__(self, body, encoding, etag, headers):
        self.etag = f'"{etag}-{encoding}"' if encoding else f'"{etag}"'
        own = [("Content-Encoding", encoding)] if encoding else []
        self.headers = [*headers, *own, ("Content-Length", str(len(body))), ("ETag", self.etag)]
        self.short_headers = [(name, value) for name, value in self.headers if name.lower() in KEPT_IN_304]
        self.body = [body]


class Page:
    """What a reader gets; ``tokens`` and ``turns_at`` say how long it is true."""

    def __init__(self, headers, bodies, tokens, turns_at, state=None, made_at=None):
        self.tokens = tokens  # of each topic it was made from
        self.turns_at = turns_at  # a timestamp, or None
        self.state = state  # of the site, when the tokens were last found true
        self.used = True
        self.bodies = bodies
        self.plain_headers = headers
        # Of the body alone: other headers stand in another order in every process.
        self.digest = hashlib.sha256(bodies[""]).hexdigest()[:32]
        self.variants = {name: Variant(body, name, self.digest, headers) for name, body in bodies.items()}
        self.made_at = int(time.time()) if made_at is None else made_at
        self.last_modified = None
        self.size = sum(map(len, bodies.values())) + 4000

    def variant(self, accepted):
        return self.variants[preferred(accepted) if len(self.variants) > 1 else ""]

    def as_old_as(self, other):
        """Keep the date of an earlier page with the same bytes: nothing that a reader sees was modified since."""
        if other is not None and other.digest == self.digest:
            self.made_at = min(self.made_at, other.made_at)

    def date(self):
        """Say from when it is, as soon as no other bytes can have had the same second. None as long as they can."""
        if self.last_modified is None and time.time() >= self.made_at + SETTLED:
            self.last_modified = http_date(self.made_at)
            for variant in self.variants.values():
                others = [pair for pair in variant.headers if pair[0] != "Last-Modified"]  # by another thread
                variant.headers = [*others, ("Last-Modified", self.last_modified)]
        return self.last_modified

    def as_bytes(self):
        """For a file: a line of JSON, then the bodies."""
        head = {
            "headers": self.plain_headers,
            "lengths": {name: len(body) for name, body in self.bodies.items()},
            "tokens": self.tokens,
            "turns_at": self.turns_at,
            "made_at": self.made_at,
        }
        return b"\n".join([json.dumps(head).encode(), b"".join(self.bodies.values())])

    @classmethod
    def from_bytes(cls, data):
        """The page in a file's bytes; None if they are not whole."""
        line, _newline, rest = data.partition(b"\n")
        try:
            head = json.loads(line)
        except ValueError:
            return None
        bodies, start = {}, 0
        for name, length in head["lengths"].items():
            bodies[name] = rest[start : start + length]
            start += length
        if start != len(rest):
            return None
        headers = [tuple(pair) for pair in head["headers"]]
        return cls(headers, bodies, head["tokens"], head["turns_at"], made_at=head.get("made_at"))


def encoded(body):
    """The body in each encoding that pays."""
    names = ENCODINGS if len(body) >= SMALL else ("",)
    return {name: encode(body, name) for name in names}


def encode(body, encoding):
    if encoding == "br":
        return brotli.compress(body, quality=5)
    return gzip.compress(body, 6, mtime=0) if encoding == "gzip" else body


@lru_cache(maxsize=256)  # browsers say one of a dozen things
def preferred(accepted):
    """The encoding for an Accept-Encoding header; "" for the body as it is."""
    weights = {}
    for part in accepted.lower().split(","):
        name, _semicolon, weight = part.partition(";")
        weights[name.strip()] = weight.replace(" ", "").rstrip("0.") != "q="
    return next((name for name in ENCODINGS if name and weights.get(name)), "")


def is_known(etag, header):
    """Whether If-None-Match names this entity; weak comparison, as RFC 9110 wants it."""
    return header.strip() == "*" or etag in [part.strip().removeprefix("W/") for part in header.split(",")]
