"""How many people subscribe, from what their readers' programs say of themselves when they fetch a feed.

Hosted readers fetch once for many people and write "37 subscribers" into their user agent. It is read before anything
else sees the request, so that feeds answered from stored pages count as well, and written down at most once an hour.
"""

import logging
import queue
import re
import threading
import time

from django.db import connection
from django.utils import timezone

EVERY = 3600  # seconds
MOST = 2000  # different readers remembered; whoever sends made-up names does not fill the memory or the table

MOST_SUBSCRIBERS = 9_999_999

_COUNT = re.compile(r"(\d[\d,]*) (?:subscriber|reader)s?\b", re.IGNORECASE)
_NAME = re.compile(r"(?:Mozilla/[\d.]+ \(compatible; )?(\w[\w.+]*(?: [A-Za-z][\w.+]*(?![\w.+:-]))*)")
_FEED = re.compile(r"/feed/(?:atom/|json/)?$")

logger = logging.getLogger(__name__)


def said(user_agent: str) -> tuple[str, int] | None:
    """The program's name and the number of its subscribers, None if it says none."""
    count, name = _COUNT.search(user_agent), _NAME.match(user_agent)
    if not count or not name:
        return None
    return name[1][:100], min(int(count[1].replace(",", "")[:9]), MOST_SUBSCRIBERS)


def in_a_thread(deed):
    threading.Thread(target=deed, daemon=True).start()


class ReaderCounter:
    """Stands before the application, changes nothing about its answers, and lets none wait for a database that is locked."""

    def __init__(self, app, start=in_a_thread):
        self.app, self.start = app, start
        self.written_at = {}
        self.waiting = queue.SimpleQueue()
        self.writes = threading.Lock()  # held by the one thread that does

    def __call__(self, environ, start_response):
        user_agent = environ.get("HTTP_USER_AGENT", "")
        if "ubscriber" in user_agent or "reader" in user_agent:
            self.look(environ, user_agent)
        return self.app(environ, start_response)

    def look(self, environ, user_agent):
        path = environ.get("PATH_INFO", "")
        found = said(user_agent) if _FEED.search(path) and len(path) <= 300 else None
        if found is None:
            return
        key, now = (found[0], path), time.monotonic()
        if now - self.written_at.get(key, -EVERY) < EVERY or len(self.written_at) >= MOST:
            return
        self.written_at[key] = now
        self.waiting.put((*key, found[1]))
        self.start(self.write)

    def write(self):
        if not self.writes.acquire(blocking=False):
            return  # the thread that writes will come to it, or the next reader's
        try:
            while not self.waiting.empty():
                write_down(*self.waiting.get())
        except Exception as error:  # nobody to raise to
            logger.warning("Subscribers could not be counted: %s", error)
        finally:
            self.writes.release()
            connection.close()


def write_down(name, path, subscribers):
    """Known readers are brought up to date; new ones are taken in while there are not too many."""
    from blog.models import FeedReader

    now = {"subscribers": subscribers, "seen_at": timezone.now()}
    if FeedReader.objects.filter(name=name, path=path).update(**now) or FeedReader.objects.count() >= MOST:
        return
    FeedReader.objects.get_or_create(name=name, path=path, defaults=now)
