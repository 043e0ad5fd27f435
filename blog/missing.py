"""What readers asked for in vain.

Counted in memory and written down at most once in a while by a thread of its own: no answer waits for it, no flood of
made-up addresses takes the database's lock for each of them, and the table has a bound. What a process has counted and
not written when it ends is lost, and nothing depends on it.
"""

import logging
import re
import threading
from dataclasses import dataclass
from datetime import datetime
from urllib.parse import urlsplit

from django.conf import settings
from django.db import DatabaseError, connection, transaction
from django.db.models import Case, F, Value, When
from django.utils import timezone

from blog.models import MissingPath

MOST_AT_ONCE = 200  # addresses that are remembered between two writes
MOST_ROWS = 1000
LONGEST = 300
IS_LINKED = Case(When(referrer="", then=Value(0)), default=Value(1))
WEAKEST_FIRST = ["is_ignored", IS_LINKED, "count", "seen_at"]

# What programs try that look for holes, and browsers and phones on their own: it tells an author nothing.
NOISE = re.compile(
    r"""
    \.(?:php\d?|aspx?|jsp|cgi|env|git|sql|bak|ini|ya?ml|log|sh|exe|dll|zip|gz|tar|rar|7z|pem|key|map)(?:/|$)
    | ^/(?:wp|wordpress|cgi-bin|vendor|phpmyadmin|boaform|solr|actuator|owa|autodiscover|admin|static|\.)
    | /(?:wp-(?:admin|content|includes|json)|\.[a-z]|xmlrpc|apple-touch-icon|browserconfig|favicon|ads\.txt|\.\.)
    | [\x00-\x1f\x7f<>"'\\{}|^`$]
    """,
    re.VERBOSE | re.IGNORECASE,
)
OLD_PERMALINK = re.compile(r"^/index\.php/")

logger = logging.getLogger(__name__)


@dataclass
class Seen:
    at: datetime
    count: int = 0
    referrer: str = ""


class Counter:
    """The addresses of one process that are not written down yet."""

    def __init__(self):
        self.lock = threading.Lock()
        self.seen = {}
        self.is_waiting = False

    def note(self, path, referrer=""):
        with self.lock:
            if path not in self.seen and len(self.seen) >= MOST_AT_ONCE:
                return
            seen = self.seen.setdefault(path, Seen(timezone.now()))
            seen.at, seen.count, seen.referrer = timezone.now(), seen.count + 1, referrer or seen.referrer
            starts = not self.is_waiting and settings.MISSING_WRITTEN_AFTER is not None
            self.is_waiting = self.is_waiting or starts
        if starts:
            thread = threading.Timer(settings.MISSING_WRITTEN_AFTER, self.write_apart)
            thread.daemon = True
            thread.start()

    def take(self):
        with self.lock:
            seen, self.seen, self.is_waiting = self.seen, {}, False
        return seen

    def write_apart(self):
        """In a thread that has a connection of its own, and nobody to raise to."""
        try:
            write(self.take())
        except DatabaseError:
            logger.warning("Addresses that were not found could not be counted.", exc_info=True)
        finally:
            connection.close()


counter = Counter()


def note(request):
    """Count this request as one that found nothing. Costs no query."""
    path = request.path
    if not is_noise(path):
        counter.note(path, referrer_of(request.META.get("HTTP_REFERER", ""), request.get_host()))


def is_noise(path: str) -> bool:
    if len(path) > LONGEST:
        return True
    return bool(NOISE.search(OLD_PERMALINK.sub("/", path)))


def referrer_of(address: str, host: str) -> str:
    """A page of this site by its path, so that its link can be mended; of another, no more than the name."""
    try:
        parts = urlsplit(address)
        name = parts.hostname or ""
    except ValueError:
        return ""
    if not re.fullmatch(r"[\w.:-]+", name):
        return ""
    is_ours = name == (urlsplit(f"//{host}").hostname or "")
    return (parts.path or "/")[:LONGEST] if is_ours and not is_noise(parts.path) else name[:LONGEST]


@transaction.atomic
def write(seen):
    """Add these counts to what is written down, and let go of what matters least if it becomes too much."""
    rows = MissingPath.objects.filter(path__in=seen)
    known = list(rows)
    for row in known:
        found = seen[row.path]
        row.count, row.seen_at = F("count") + found.count, found.at
        row.referrer = found.referrer or row.referrer
    MissingPath.objects.bulk_update(known, ["count", "seen_at", "referrer"], batch_size=100)
    new = set(seen) - {row.path for row in known}
    MissingPath.objects.bulk_create(
        (
            MissingPath(path=path, count=each.count, seen_at=each.at, referrer=each.referrer)
            for path, each in seen.items()
            if path in new
        ),
        ignore_conflicts=True,
    )
    _keep_within_bounds()


def _keep_within_bounds():
    surplus = MissingPath.objects.count() - MOST_ROWS
    if surplus > 0:
        weakest = MissingPath.objects.order_by(*WEAKEST_FIRST).values_list("pk", flat=True)[:surplus]
        MissingPath.objects.filter(pk__in=list(weakest)).delete()
