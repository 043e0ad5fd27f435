"""Keeps the index in step: the database's own triggers do, which see bulk changes as well as saved objects.

Django makes some tables anew when a migration changes them, and SQLite drops their triggers then. So after every
migrate the triggers are looked for, and if one is missing or different, they and the index are made again.
"""

from django.db import connections, transaction

from blog.search import postgres, sqlite

DIALECTS = {"sqlite": sqlite, "postgresql": postgres}


def prepare_connection(sender, connection, **kwargs):
    if connection.vendor == "sqlite":
        sqlite.prepare(connection)


def keep_in_step(sender, using, **kwargs):
    """After migrate: make the index where it is missing or not as it should be."""
    with transaction.atomic(using), connections[using].cursor() as cursor:
        dialect = DIALECTS[connections[using].vendor]
        tables = connections[using].introspection.table_names(cursor)
        if not dialect.is_installed(cursor, tables):
            dialect.install(cursor, tables)
