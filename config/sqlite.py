"""Which SQLite the site runs on: a sound one, where the system's own can lose committed rows.

SQLite 3.7.0 to 3.51.2 has a race between a checkpoint and a writer that starts the write-ahead log anew; 3.44.6 and
3.50.7 have the fix too. https://www.sqlite.org/wal.html
"""

import contextlib
import functools
import importlib
import sys
from types import ModuleType

SINCE = (3, 7, 0)
FIXED = (3, 51, 3)
FIXED_LINES = {(3, 44): (3, 44, 6), (3, 50): (3, 50, 7)}
LIMITS = {2: "MAX_COLUMN", 9: "MAX_VARIABLE_NUMBER"}
LONGEST_KEPT = 20_000  # characters of a query; what writes many rows at once is longer, and each time another
USERS = "django.db.backends.sqlite3.base"  # keeps whichever module it found when it was loaded


def is_affected(version: tuple[int, ...]) -> bool:
    """Whether this version of SQLite has the race."""
    line = FIXED_LINES.get(tuple(version[:2]))
    return SINCE <= version < FIXED and not (line and version >= line)


def use_sound_version() -> None:
    """Put the bundled SQLite in the place of Python's, where that is affected and the other is there and sound.

    Has to come before Django loads its SQLite backend; afterwards it does nothing.
    """
    if USERS in sys.modules or not is_affected(linked_version()):
        return
    try:
        bundled = importlib.import_module("pysqlite3")
        dbapi2 = importlib.import_module("pysqlite3.dbapi2")
    except ImportError:  # no wheel for this machine; a system check says what it means
        return
    if not is_affected(bundled.sqlite_version_info):
        complete(bundled, dbapi2)
        sys.modules["sqlite3"], sys.modules["sqlite3.dbapi2"] = bundled, dbapi2


def complete(bundled: ModuleType, dbapi2: ModuleType) -> None:
    """Add what Django asks for from 6.1 on and this package lacks: limits, which are fixed when SQLite is compiled.
    https://www.sqlite.org/c3ref/c_limit_attached.html
    """
    if hasattr(dbapi2.Connection, "getlimit"):
        return
    with contextlib.closing(dbapi2.connect(":memory:")) as connection:
        options = dict(row[0].partition("=")[::2] for row in connection.execute("PRAGMA compile_options"))

    class Connection(dbapi2.Connection):
        def getlimit(self, category):
            return int(options[LIMITS[category]])

    for module in (bundled, dbapi2):
        module.connect = functools.partial(dbapi2.connect, factory=Connection)
        module.SQLITE_LIMIT_COLUMN, module.SQLITE_LIMIT_VARIABLE_NUMBER = LIMITS


def linked_version() -> tuple[int, ...]:
    """The version of whatever `import sqlite3` gives now; (0,) where Python was built without it."""
    try:
        return importlib.import_module("sqlite3").sqlite_version_info
    except ImportError:
        return (0,)


def keep_converted_queries() -> None:
    """Have Django keep each query with SQLite's marks ("?") in the place of its own ("%s").

    It looks for them through the text of every query it sends, which takes about as long as to answer one of ours.
    """
    from django.db.backends.sqlite3.base import SQLiteCursorWrapper

    convert = SQLiteCursorWrapper.convert_query
    kept = functools.lru_cache(maxsize=500)(functools.partial(convert, None))

    def convert_query(cursor, query, *, param_names=None):
        if param_names is None and len(query) < LONGEST_KEPT:
            return kept(query)
        return convert(cursor, query, param_names=param_names)

    SQLiteCursorWrapper.convert_query = convert_query
