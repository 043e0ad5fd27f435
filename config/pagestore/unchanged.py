"""What was found out about the site, kept in this process for as long as nothing in the site changes.

Only for the answers that the page store asks for: it knows the state of the site from before they were begun. What is
found in that state, or later, is never older than what a reader may expect who asks in that state.
"""

from contextlib import contextmanager
from contextvars import ContextVar

MOST = 2000  # things found out in one state

_state = ContextVar("state_of_the_site", default=None)


class _Found:
    """What was found in one state; another begins anew."""

    def __init__(self, state):
        self.state = state
        self.values = {}


_found = _Found(None)


@contextmanager
def known_state(state):
    """Whatever is made within, by this thread, is made when the site is in this state, or a later one."""
    token = _state.set(state)
    try:
        yield
    finally:
        _state.reset(token)


def while_unchanged(key, find):
    """``find()``, or what it gave for this key before. It must read nothing but what is watched as the site.

    Many readers may get the same object, so nobody changes it.
    """
    state = _state.get()
    if state is None:
        return find()
    values = _values(state)
    if key not in values:
        values[key] = find()
    return values[key]


def _values(state):
    global _found
    if _found.state != state or len(_found.values) >= MOST:
        _found = _Found(state)
    return _found.values
