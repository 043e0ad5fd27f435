"""How a database is spoken to, whichever it is."""

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
        return database | ON_SQLITE
    return database | {"CONN_MAX_AGE": 0, "OPTIONS": {**database.get("OPTIONS", {}), "pool": POOL}}
