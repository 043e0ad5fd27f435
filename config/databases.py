"""How a database is spoken to, whichever it is."""

import os
from pathlib import Path

SQLITE = "django.db.backends.sqlite3"
# A reader never waits for a writer (WAL), a writer asks for the lock before it reads (IMMEDIATE), connections are kept, and
# memory-mapping stays off: with it, older SQLite versions have lost committed rows.
ON_SQLITE = {
    "CONN_MAX_AGE": None,
    "OPTIONS": {
        "transaction_mode": "IMMEDIATE",
        "timeout": 20,
        "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL; PRAGMA cache_size=-20000;"
        " PRAGMA temp_store=MEMORY; PRAGMA journal_size_limit=67108864;",
    },
}
# Each process has a pool, and takes a connection from it for the time of a request.
POOL = {"min_size": 1, "max_size": 8, "timeout": 10}


def tuned(database: dict) -> dict:
    """The settings of a database as its address gave them, with what this site wants of its kind."""
    if database.get("ENGINE") == SQLITE:
        return database | (only_read(database["NAME"]) if is_only_read(database["NAME"]) else ON_SQLITE)
    return database | {"CONN_MAX_AGE": 0, "OPTIONS": {**database.get("OPTIONS", {}), "pool": POOL}}


def is_only_read(name) -> bool:
    """Whether this is a file to which SQLite could write nothing, nor what it keeps beside it."""
    file = Path(name)
    return file.is_file() and not (os.access(file, os.W_OK) and os.access(file.parent, os.W_OK | os.X_OK))


def only_read(name) -> dict:
    """Readers are served all the same. Nobody can change the file, unless somebody was at it when the disk was closed."""
    file = Path(name).resolve()
    was_open = file.with_name(f"{file.name}-wal").exists()
    how = "mode=ro" if was_open else "immutable=1"
    return ON_SQLITE | {
        "OPTIONS": ON_SQLITE["OPTIONS"]
        | {
            "database": f"{file.as_uri()}?{how}",
            "init_command": "PRAGMA cache_size=-20000; PRAGMA temp_store=MEMORY;",
        }
    }
