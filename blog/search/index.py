"""Keeps the index in step: the database's own triggers do, which see bulk changes as well as saved objects.

Django makes some tables anew when a migration changes them, and SQLite drops their triggers then. So after every
migrate the triggers are looked for, and if one is missing or different, they and the index are made again: the triggers
at once, then the rows, some at a time, so that a site with a million comments is read and written meanwhile.
"""

import time

from django.db import connections, transaction

from blog.search import postgres, sqlite

DIALECTS = {"sqlite": sqlite, "postgresql": postgres}
AT_ONCE = 2000
GAP = 0.15  # seconds; a writer that waits on SQLite looks every tenth of one


def prepare_connection(sender, connection, **kwargs):
    if connection.vendor == "sqlite":
        sqlite.prepare(connection)


def is_in_step(using="default"):
    with connections[using].cursor() as cursor:
        tables = connections[using].introspection.table_names(cursor)
        return DIALECTS[connections[using].vendor].is_installed(cursor, tables)


def keep_in_step(sender, using, **kwargs):
    """After migrate: make the index where it is missing, not as it should be, or was not filled to its end."""
    connection = connections[using]
    dialect = DIALECTS[connection.vendor]
    with transaction.atomic(using), connection.cursor() as cursor:
        tables = connection.introspection.table_names(cursor)
        if dialect.is_installed(cursor, tables):
            return
        dialect.install(cursor, tables)
    for source in dialect.present(tables):
        _fill(connection, dialect, source)
    with transaction.atomic(using), connection.cursor() as cursor:
        dialect.finish(cursor, tables)


def _fill(connection, dialect, source):
    """Rows that change meanwhile are brought in by the triggers, and are not brought in twice."""
    last = 0
    while True:
        with transaction.atomic(connection.alias), connection.cursor() as cursor:
            cursor.execute(
                f"SELECT max(id) FROM (SELECT id FROM {source.table} WHERE id > %s ORDER BY id LIMIT {AT_ONCE}) AS following",  # noqa: S608
                [last],
            )
            (until,) = cursor.fetchone()
            if until is None:
                return
            cursor.execute(dialect.bring(source), [last, until])
        if until - last >= AT_ONCE and not connection.in_atomic_block:
            time.sleep(GAP)
        last = until
