"""Stands before Django: answers anonymous readers from stored pages, and stores what it had to ask Django for."""

import re
import time
from datetime import UTC, datetime
from functools import lru_cache
from urllib.parse import parse_qsl, urlencode

from django.conf import settings
from django.core.handlers.wsgi import get_path_info
from django.db import DatabaseError
from django.http import HttpResponse

from config.anonymous import LONGEST, is_anonymous, view_at
from config.middleware import CompressTextMiddleware, is_trusted_proxy
from config.pagestore.clock import Clock, Unknown
from config.pagestore.deployment import ready_folder
from config.pagestore.page import SETTLED, SMALL, Page, encode, encoded, is_known, preferred
from config.pagestore.shelves import Disk, Memory
from config.pagestore.topics import ANY, SITE, next_turn
from config.pagestore.unchanged import known_state
from config.purge import headers_for
from config.replica import Replica, reading

LARGEST = 4 * 1024 * 1024
# Of the request's headers, a page that is stored is made from these alone: no other can split or poison it.
PASSED_ON = {"HTTP_HOST", "HTTP_X_FORWARDED_FOR", "HTTP_X_FORWARDED_PROTO", "HTTP_X_REQUEST_ID"}
# Of the answer's, these are made for each reader anew.
LEFT_OUT = {"content-length", "etag", "date", "x-request-id", "last-modified"}
NEVER = re.compile(r"\b(private|no-store)\b", re.IGNORECASE)


def in_front_of(app):
    """The application with stored pages before it; while the code is worked on, without."""
    return app if settings.DEBUG else PageStore(app, ready_folder(settings.PAGE_STORE))


class PageStore:
    def __init__(self, app, folder, clock=None):
        self.app = app
        self.clock = clock or Clock()
        self.replica = Replica()
        self.memory, self.disk = Memory(), Disk(folder)
        self.turn = (None, None, 0)

    def __call__(self, environ, start_response):
        key = self.key(environ)
        if key is None:
            return self.app(environ, start_response)
        try:
            page = self.find(key)
            if page is not None:
                return send(page, environ, start_response)
            return self.make(key, environ, start_response)
        except Unknown:
            return self.app(environ, start_response)

    def key(self, environ):
        """What tells one page from another; None if this request is not answered from stored pages."""
        if not is_anonymous(environ):
            return None
        path, host = environ["PATH_INFO"], environ.get("HTTP_HOST") or environ["SERVER_NAME"]
        if len(path) + len(host) > LONGEST:
            return None
        key, query = plain_key(is_secure(environ), host, path), environ.get("QUERY_STRING")
        return with_query(key, query) if query and key else key

    def find(self, key):
        """A page that is true now, or None."""
        page = self.memory.get(key)
        if page is not None and page.state == self.clock.state() and not has_turned(page):
            page.used = True
            return page
        return self.find_again(key, page)

    def find_again(self, key, page):
        """Something has changed since this page was last looked at, or another process has it."""
        if page is not None and self.is_true(page):
            return page
        page = self.disk.get(key)
        if page is not None and self.is_true(page):
            self.memory.put(key, page)
            return page
        return None

    def is_true(self, page):
        if has_turned(page):
            return False
        tokens = self.clock.tokens(page.tokens)
        if any(tokens.get(topic) != token for topic, token in page.tokens.items()):
            return False
        page.state = tokens[ANY]
        return True

    def make(self, key, environ, start_response):
        view = view_at(get_path_info(environ))
        if view is None:
            return self.app(environ, start_response)
        with self.disk.turn(key):
            page = self.find(key)  # somebody else may have made it meanwhile
            if page is None:
                answer = Answer()
                page = self.store(key, view, answer, environ)
        if page is not None:
            return send(page, environ, start_response)
        if environ["REQUEST_METHOD"] == "HEAD" or key[3] != environ.get("QUERY_STRING", ""):
            answer.drop()  # it was the answer to a simpler request
            return self.app(environ, start_response)
        return answer.pass_on(environ, start_response)

    def store(self, key, view, answer, environ):
        """Ask Django for the page, None if it is not one to be stored. Keep it if nothing changed meanwhile."""
        before = self.clock.tokens([SITE])
        turns_at = self.next_turn(before[SITE])
        inner = plain_request(environ, key[3])
        self.ask(answer, inner, before[ANY], (before[SITE], turns_at))
        if not answer.may_be_stored():
            return None
        topics = inner.get("pagestore.topics", view.topics)
        try:
            tokens = self.clock.tokens(topics)
        except Unknown:
            return None
        headers = [
            *answer.kept_headers(),
            ("Cache-Control", settings.PUBLIC_CACHE_CONTROL),
            *headers_for(topics),
        ]
        known = {topic: tokens.get(topic) for topic in topics}
        page = Page(headers, encoded(answer.body), known, turns_at, before[ANY])
        page.as_old_as(self.memory.get(key) or self.disk.get(key))
        if tokens[ANY] == before[ANY]:
            self.memory.put(key, page)
            self.disk.put(key, page)
        return page

    def ask(self, answer, environ, state, site):
        """Of the replica, if it is in this state and does answer; else of the database itself."""
        if self.replica.is_at(state):
            with reading(), known_state((*site, "as the replica has it")):
                answer.ask(self.app, environ)
            if not answer.status.startswith("5"):
                return
            answer.drop()
        with known_state(site):
            answer.ask(self.app, environ)

    def next_turn(self, site):
        """When pages next change by the clock alone, as a timestamp; asked anew when the site has another token."""
        known, at, asked_at = self.turn
        now = time.time()
        if known != site or (at is not None and at <= now) or is_to_come(asked_at, now):
            try:
                at = next_turn(datetime.now(UTC))
            except DatabaseError as error:
                raise Unknown from error
            at = at and at.timestamp()
            self.turn = (site, at, now)
        return at


class Answer:
    """What Django answered, not yet sent."""

    def __init__(self):
        self.status, self.headers, self.result, self.body = "", [], None, None

    def ask(self, app, environ):
        self.result = app(environ, self.start_response)
        if isinstance(self.result, HttpResponse) and not self.result.streaming:
            try:
                self.body = b"".join(self.result)
            finally:
                self.result.close()

    def start_response(self, status, headers, exc_info=None):
        self.status, self.headers = status, headers

    def may_be_stored(self):
        if self.body is None or not self.status.startswith("200") or len(self.body) > LARGEST:
            return False
        names = {name.lower(): value for name, value in self.headers}
        return "set-cookie" not in names and not NEVER.search(names.get("cache-control", ""))

    def kept_headers(self):
        for name, value in self.headers:
            if name.lower() == "vary":
                yield name, ", ".join(dict.fromkeys([*value.split(", "), "Accept-Encoding"]))
            elif name.lower() not in LEFT_OUT and name.lower() != "cache-control":
                yield name, value
        if not any(name.lower() == "vary" for name, _value in self.headers):
            yield "Vary", "Accept-Encoding"

    def pass_on(self, environ, start_response):
        """To the one reader who asked. Django was not told what their browser takes, so it is compressed here."""
        headers, body = self.headers, self.body
        encoding = preferred(environ.get("HTTP_ACCEPT_ENCODING", "")) if self.is_text() else ""
        if encoding:
            body = encode(body, encoding)
            headers = [pair for pair in headers if pair[0].lower() not in ("content-length", "etag")]
            headers += [("Content-Encoding", encoding), ("Content-Length", str(len(body)))]
        start_response(self.status, headers)
        return self.result if body is None else [body]

    def is_text(self):
        """Whether compressing pays, and was not done before."""
        names = {name.lower(): value for name, value in self.headers}
        is_text = names.get("content-type", "").startswith(CompressTextMiddleware.TEXT)
        return is_text and len(self.body or b"") >= SMALL and "content-encoding" not in names

    def drop(self):
        if self.body is None and hasattr(self.result, "close"):
            self.result.close()


def send(page, environ, start_response):
    variant = page.variant(environ.get("HTTP_ACCEPT_ENCODING", ""))
    if page.last_modified is None:
        page.date()
    if is_known_to(environ, page, variant):
        start_response("304 Not Modified", variant.short_headers)
        return []
    start_response("200 OK", variant.headers)
    return variant.body if environ["REQUEST_METHOD"] == "GET" else []


def is_known_to(environ, page, variant):
    """Whether the reader has these bytes. A date is one only if it is ours, for what came between is not known."""
    tags = environ.get("HTTP_IF_NONE_MATCH")
    if tags is not None:
        return is_known(variant.etag, tags)
    since = environ.get("HTTP_IF_MODIFIED_SINCE")
    return since is not None and since == page.last_modified


def has_turned(page):
    now = time.time()
    return (page.turns_at is not None and page.turns_at <= now) or is_to_come(page.made_at, now)


def is_to_come(moment, now):
    """Whether the clock was ahead then and has been put right since; what was true at that moment is not yet."""
    return moment > now + SETTLED


def plain_request(environ, query):
    """The same request without whatever is not part of the key."""
    inner = {
        name: value for name, value in environ.items() if not name.startswith("HTTP_") or name in PASSED_ON
    }
    return inner | {"REQUEST_METHOD": "GET", "QUERY_STRING": query}


@lru_cache(maxsize=4096)
def plain_key(is_secure, host, path):
    """The key of a page without a query, None if there is none."""
    if path.startswith(settings.STATIC_URL):
        return None  # whitenoise has these in all encodings, and has to see which the browser takes
    name = name_of(host)
    return name and (is_secure, name, path, "")


def with_query(key, query):
    view = view_at(get_path_info({"PATH_INFO": key[2]}))
    return view and (*key[:3], declared_part(query, view.parameters))


def declared_part(query, names):
    """The query without parameters that make no difference, in one order."""
    pairs = [(name, value) for name, value in parse_qsl(query, keep_blank_values=True) if name in names]
    return urlencode(sorted(dict(pairs).items()))


def name_of(host):
    """The name alone: no page depends on the port it was asked for at. None where that is no number: Django refuses."""
    if host.endswith("]"):
        return host
    name, colon, port = host.rpartition(":")
    if not colon:
        return host
    return name if port.isdecimal() and port.isascii() else None


def is_secure(environ):
    if environ["wsgi.url_scheme"] == "https":
        return True
    said = environ.get("HTTP_X_FORWARDED_PROTO")
    return said == "https" and is_trusted_proxy(environ.get("REMOTE_ADDR", ""))
