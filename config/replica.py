"""A copy of the database that follows the original, for the pages of anonymous readers (DATABASE_REPLICA_URL).

A copy is always a little behind. A page is made from it only while its state is that of the original, so whatever is
read there is as true as if it had been read here; otherwise, or if the copy does not answer, the original is asked.
"""

from contextlib import contextmanager
from contextvars import ContextVar

from django.conf import settings
from django.db import DEFAULT_DB_ALIAS

from config.pagestore.clock import Clock, Unknown

ALIAS = "replica"
_is_read = ContextVar("replica_is_read", default=False)


@contextmanager
def reading():
    """Whatever is read within, by this thread, is read from the copy."""
    token = _is_read.set(True)
    try:
        yield
    finally:
        _is_read.reset(token)


class Replica:
    """Knows whether there is a copy, and whether it may be read now."""

    def __init__(self):
        self.clock = Clock(ALIAS) if ALIAS in settings.DATABASES else None

    def is_at(self, state):
        """Whether the copy has all that the original had when it was in this state, and nothing else."""
        try:
            return self.clock is not None and self.clock.state() == state
        except Unknown:
            return False


class Router:
    def db_for_read(self, model, **hints):
        return ALIAS if _is_read.get() else None

    def db_for_write(self, model, **hints):
        return DEFAULT_DB_ALIAS

    def allow_relation(self, one, other, **hints):
        return True

    def allow_migrate(self, db, app_label, **hints):
        return False if db == ALIAS else None
