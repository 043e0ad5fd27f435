"""Tells a CDN in front of the site which of the pages it keeps are no longer true (PURGE_URL).

Every page names what it was made from (Surrogate-Key, Cache-Tag); ``manage.py work`` looks at the site's state each second
and names what has changed. A page that was on its way while the change was made may reach the CDN after the first word
about it, so the word is said a second time a little later.
"""

import json
import logging
import time
from collections.abc import Callable, Iterable
from datetime import UTC, datetime
from urllib.request import Request, urlopen

from django.conf import settings

from config.models import SiteVersion
from config.pagestore.topics import ANY, SITE, next_turn
from config.pagestore.triggers import INSTALLED

TIMEOUT = 5  # seconds
AGAIN_AFTER = 10
PAUSE = 30  # after a CDN did not answer
MOST = 200  # topics in one request; of more, all pages go

logger = logging.getLogger(__name__)


class Purger:
    """``look()`` says what has changed since it was last called; all of it, the first time."""

    def __init__(self, purge: Callable[[list[str]], None], now: Callable[[], float] = time.time):
        self.purge, self.now = purge, now
        self.state, self.tokens = None, {}
        self.turns_at = None
        self.again: dict[float, list[str]] = {}
        self.silent_until = 0.0

    def look(self) -> None:
        if self.now() < self.silent_until:
            return
        try:
            for topics in filter(None, [self._changed(), self._turned(), *self._said_before()]):
                self.purge(topics)
        except OSError as error:
            self.state = None  # so that it is said once more, and rather too much than too little
            self.tokens, self.again = {}, {}
            self.silent_until = self.now() + PAUSE
            logger.warning("The CDN could not be told what has changed, another try follows: %s", error)

    def _changed(self) -> list[str]:
        versions = SiteVersion.objects.exclude(topic=INSTALLED)
        state = versions.values_list("token", flat=True).get(topic=ANY)
        if state == self.state:
            return []
        tokens = dict(versions.exclude(topic=ANY).values_list("topic", "token"))
        before, self.state, self.tokens = self.tokens, state, tokens
        self.turns_at = next_turn(datetime.fromtimestamp(self.now(), UTC))
        changed = sorted(
            topic for topic in before.keys() | tokens.keys() if before.get(topic) != tokens.get(topic)
        )
        topics = changed if before and len(changed) <= MOST else [SITE]
        self.again[self.now() + AGAIN_AFTER] = topics
        return topics

    def _turned(self) -> list[str]:
        """What was to appear, or to vanish, by the clock alone."""
        now = datetime.fromtimestamp(self.now(), UTC)
        if self.turns_at is None or now < self.turns_at:
            return []
        self.turns_at = next_turn(now)
        self.again[self.now() + AGAIN_AFTER] = [SITE]
        return [SITE]

    def _said_before(self) -> Iterable[list[str]]:
        due = [at for at in self.again if at <= self.now()]
        return [self.again.pop(at) for at in due]


def tell(topics: list[str]) -> None:
    """One request, in the words that Fastly and Varnish understand, and in those of Cloudflare."""
    name, _colon, value = settings.PURGE_HEADER.partition(":")
    headers = {
        "Surrogate-Key": " ".join(topics),
        "Content-Type": "application/json",
        "User-Agent": "Commonplace",
    }
    if name:
        headers[name.strip()] = value.strip()
    body = json.dumps({"tags": topics}).encode()
    request = Request(settings.PURGE_URL, body, headers, method="POST")  # noqa: S310, the settings allow http only
    with urlopen(request, timeout=TIMEOUT):  # noqa: S310
        pass


def headers_for(topics: Iterable[str]) -> list[tuple[str, str]]:
    """What a page says to a CDN; nothing where there is none to be told of changes."""
    if not settings.PURGE_URL:
        return []
    kept = f"max-age={settings.CDN_MAX_AGE}"
    return [
        ("Surrogate-Control", kept),
        ("CDN-Cache-Control", kept),  # RFC 9213
        ("Surrogate-Key", " ".join(topics)),
        ("Cache-Tag", ",".join(topics)),
    ]
