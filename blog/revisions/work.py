"""An entry on somebody's desk: what readers have, what is being worked on beside it, and how one is told from the other."""

from contextlib import contextmanager
from dataclasses import dataclass

from django.utils.functional import cached_property
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from blog.models import Revision
from blog.models.entry import STATES
from blog.revisions.keeping import pending_of
from blog.revisions.states import digest, initial, put, state_of


def take_up(entry, autosave=None):
    """Before it is edited: the entry's columns become those of the state that is worked on; the rest is in entry.work."""
    entry.work = Work(state_of(entry), pending_of(entry), entry.state, autosave)
    if entry.work.pending:
        put(entry.work.pending.state, entry)
    return entry


@contextmanager
def take_along(entry, old, new):
    """What is worked on beside an entry gets the same replacement as the entry within, and is not overtaken by it.

    Gives whether there is something that has it.
    """
    pending = pending_of(entry)
    was = pending and digest(state_of(entry))
    state = pending and {
        name: value.replace(old, new) if isinstance(value, str) else value
        for name, value in pending.state.items()
    }
    yield bool(pending) and state != pending.state
    if pending:
        began = digest(state_of(entry)) if pending.began == was else pending.began
        found = Revision.objects.filter(pk=pending.pk)
        found.update(state=state, digest=digest(state), began=began)


def label(condition, has_changes):
    if has_changes and condition != "draft":
        return format_lazy(_("{state}, with unpublished changes"), state=STATES[condition])
    return STATES[condition]


@dataclass
class Work:
    live: dict
    pending: Revision | None
    condition: str  # of what readers have: draft, scheduled, published, expired
    autosave: Revision | None = None  # which somebody goes on writing

    @property
    def state(self):
        return {**self.pending.state, "draft": self.live["draft"]} if self.pending else self.live

    @property
    def states(self):
        """What it is, to anybody."""
        return [self.live, self.pending.state] if self.pending else [self.live]

    @cached_property
    def live_digest(self):
        return digest(self.live)

    @property
    def began(self):
        return self.autosave.began if self.autosave else self.token

    @property
    def token(self):
        """Another one as soon as anything has been saved: what a form brings back to show what it began from."""
        return f"{self.live_digest}-{self.pending.pk}" if self.pending else self.live_digest

    @property
    def is_overtaken(self):
        """Whether readers have been given something else since the pending state was begun."""
        return bool(self.pending) and self.pending.began != self.live_digest

    @property
    def initial(self):
        return initial(self.state) if self.pending else {}

    @property
    def has_changes(self):
        return self.pending is not None

    @property
    def label(self):
        return label(self.condition, self.has_changes)
