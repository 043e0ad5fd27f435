"""Django's system checks: settings under which this site could lose what was written to it."""

from django.conf import settings
from django.core.checks import Tags, Warning, register
from django.db import connections

from config.sqlite import is_affected


@register(Tags.compatibility)
def sqlite_is_sound(app_configs, **kwargs):
    """Warns of a SQLite that has lost committed rows, and of settings under which any would. Asks no database."""
    return [
        warning
        for alias in connections
        if connections[alias].vendor == "sqlite"
        for warning in warnings_for(
            connections[alias].Database.sqlite_version_info, settings.DATABASES[alias]
        )
    ]


def warnings_for(version, database):
    options = database.get("OPTIONS", {})
    commands = options.get("init_command", "").lower().replace(" ", "")
    number = ".".join(map(str, version))
    if is_affected(version) and "journal_mode=wal" in commands:
        yield Warning(
            f"SQLite {number} has a fault by which a committed row can be lost when a checkpoint and a writer meet.",
            hint="Install the package pysqlite3, or a system whose SQLite is 3.51.3 or newer (or 3.50.7, 3.44.6). "
            "Until then keep connections open and memory-mapping off, as the settings have it.",
            id="config.W001",
        )
    if "mmap_size" in commands and "mmap_size=0" not in commands:
        yield Warning(
            "SQLite's memory-mapping (mmap_size) is on; with it, committed rows were lost in trials.",
            hint="Take mmap_size out of the database's init_command.",
            id="config.W002",
        )
    if options.get("transaction_mode") != "IMMEDIATE":
        yield Warning(
            "SQLite's transactions do not ask for the lock before they read, so concurrent writers fail at once.",
            hint="Set the database's option transaction_mode to IMMEDIATE.",
            id="config.W003",
        )
    if database.get("CONN_MAX_AGE") == 0:
        yield Warning(
            "SQLite is opened anew for every request; each close is a checkpoint that writers have to get past.",
            hint="Set the database's CONN_MAX_AGE to None.",
            id="config.W004",
        )
