"""The moderator's desk."""

from comments.admin import queue, records  # noqa: F401, registers them
