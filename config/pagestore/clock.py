"""What state the site is in: asked of the database at every answer, over a connection of the process's own."""

import logging
import threading
import time
from contextlib import suppress

from django.db import connections

from config.pagestore import triggers
from config.pagestore.topics import ANY
from config.pagestore.walindex import WalIndex

STATE = f"SELECT token FROM {triggers.TABLE} WHERE topic = '{ANY}'"  # noqa: S608
TOKENS = f"SELECT topic, token FROM {triggers.TABLE} WHERE topic IN "  # noqa: S608
INSTALLED = f"SELECT token FROM {triggers.TABLE} WHERE topic = '{triggers.INSTALLED}'"  # noqa: S608
PAUSE = 2  # seconds without stored pages after the database did not answer

logger = logging.getLogger(__name__)


class Unknown(Exception):
    """The database does not answer, or has not the triggers that this program counts on."""


class Clock:
    """Reads tokens. One question at a time in each process; who waited while it was asked shares the answer."""

    def __init__(self, using="default"):
        self.using = using
        self.lock = threading.Lock()
        self.wrapper = self.connection = None
        self.asked_at = self.answer = None
        self.index = self.header = None  # on SQLite: what shows that nothing was committed since the answer
        self.pause_ends = 0

    def state(self):
        """The token that is new after every change: a look at shared memory on SQLite, one round trip on PostgreSQL."""
        index = self.index
        if index is not None and index.header() == self.header:
            return self.answer
        came_at = time.perf_counter_ns()
        with self.lock:
            if self.asked_at is None or self.asked_at <= came_at:
                self.asked_at = None  # so that nobody shares an answer that did not come
                asked_at, header = time.perf_counter_ns(), index and index.header()
                self.header = None
                [(self.answer,)] = self._ask(STATE)
                self.asked_at, self.header = asked_at, header
            return self.answer

    def tokens(self, topics):
        """The token of each topic, and of ANY, all at one moment. A topic that nothing has changed yet has none."""
        wanted = [ANY, *topics]
        with self.lock:
            found = dict(self._ask(TOKENS, wanted))
        if any(topic not in found for topic in wanted if ":" not in topic):
            raise Unknown
        return found

    def _ask(self, sql, values=()):
        if time.monotonic() < self.pause_ends:
            raise Unknown
        try:
            return self._ask_again(sql, values)
        except Exception as error:  # whatever the driver raises
            self.close()
            self.pause_ends = time.monotonic() + PAUSE
            logger.warning("Pages are not stored for now: %s", error)
            raise Unknown from error

    def _ask_again(self, sql, values):
        if self.connection is not None:
            with suppress(Exception):  # the connection may have been lost, so a second try is on a new one
                return self._ask_once(sql, values)
            self.close()
        self._open()
        return self._ask_once(sql, values)

    def _ask_once(self, sql, values):
        marks = ", ".join([self.mark] * len(values))
        rows = self.connection.execute(f"{sql}({marks})" if values else sql, values).fetchall()
        if not rows:
            raise Unknown("The site's version is missing; run migrate.")
        return rows

    def _open(self):
        self.wrapper = connections[self.using].copy()
        self.wrapper.inc_thread_sharing()
        options = dict(self.wrapper.settings_dict["OPTIONS"])
        options.pop("pool", None)  # this connection is kept
        self.wrapper.settings_dict = self.wrapper.settings_dict | {"OPTIONS": options}
        self.wrapper.ensure_connection()
        self.connection = self.wrapper.connection
        self.mark = "?" if self.wrapper.vendor == "sqlite" else "%s"
        if self._ask_once(INSTALLED, ()) != [(triggers.digest(self.wrapper.vendor),)]:
            raise Unknown("The database has not the triggers of this version; run migrate.")
        if self.index is None and self.wrapper.vendor == "sqlite":
            with suppress(
                OSError, ValueError
            ):  # not in WAL mode, or a database in memory: it is asked each time
                self.index = WalIndex(self.wrapper.settings_dict["NAME"])

    def close(self):
        if self.wrapper is not None:
            self.wrapper.close()
        self.wrapper = self.connection = self.index = self.header = None
