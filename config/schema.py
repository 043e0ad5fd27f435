"""What the database's tables look like at a point of their history, told by its migrations."""

from django.db.migrations.executor import MigrationExecutor
from django.db.migrations.loader import MigrationLoader

from config.archive import Refusal

Leaf = tuple[str, str]


def applied_leaves(connection) -> list[Leaf]:
    """The newest applied migration of every app: where this database is."""
    loader = MigrationLoader(connection)
    return _leaves(loader, {key for key in loader.applied_migrations if key in loader.graph.nodes})


def newest_leaves(connection) -> list[Leaf]:
    """The newest migration of every app that this code has."""
    return MigrationLoader(connection).graph.leaf_nodes()


def unknown_migrations(connection, leaves: list[Leaf]) -> list[Leaf]:
    """Those this code does not have: a newer version made them."""
    nodes = MigrationLoader(connection).graph.nodes
    return [leaf for leaf in leaves if leaf not in nodes]


def applied_but_unknown(connection) -> list[Leaf]:
    """Migrations this database has had and this code does not know, of apps it does know."""
    loader = MigrationLoader(connection)
    apps = loader.migrated_apps
    return sorted(
        key for key in loader.applied_migrations if key[0] in apps and key not in loader.disk_migrations
    )


def apps_at(connection, leaves: list[Leaf]):
    """The models as they were there, without anything that is not a column."""
    return MigrationLoader(connection).project_state(leaves).apps


def migrate_to(connection, leaves: list[Leaf]):
    MigrationExecutor(connection).migrate(leaves)


def drop_tables(connection):
    """Drop this site's tables, and no others that may live in the same database."""
    tables = connection.introspection.django_table_names(only_existing=True, include_views=False)
    with connection.cursor() as cursor:
        for table in [*tables, "django_migrations"]:
            cascade = " CASCADE" if connection.vendor == "postgresql" else ""
            cursor.execute(f"DROP TABLE IF EXISTS {connection.ops.quote_name(table)}{cascade}")


def defer_constraints(connection):
    """Let rows come in any order, even after a migration that has asked for the opposite in this transaction."""
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SET CONSTRAINTS ALL DEFERRED")


TRIGGERS = {
    "sqlite": "SELECT tbl_name, name FROM sqlite_master WHERE type = 'trigger'",
    "postgresql": "SELECT relname, tgname FROM pg_trigger JOIN pg_class ON pg_class.oid = tgrelid WHERE NOT tgisinternal",
}


def drop_triggers(connection, tables: set[str]):
    """Drop what would do work for every single row. Whoever made a trigger makes it again after migrate."""
    quote = connection.ops.quote_name
    with connection.cursor() as cursor:
        cursor.execute(TRIGGERS[connection.vendor])
        for table, name in cursor.fetchall():
            if table in tables:
                place = f" ON {quote(table)}" if connection.vendor == "postgresql" else ""
                cursor.execute(f"DROP TRIGGER {quote(name)}{place}")


def check_not_newer(connection, leaves: list[Leaf]):
    if unknown := unknown_migrations(connection, leaves):
        app, name = unknown[0]
        raise Refusal(
            f"The archive was made by a newer version of this site (it has {app} {name}). Upgrade first, then restore."
        )


def _leaves(loader, nodes):
    """Those of the nodes that no other of the same app among them builds upon."""
    built_upon = {
        parent.key
        for key in nodes
        for parent in loader.graph.node_map[key].parents
        if parent.key[0] == key[0]
    }
    return sorted(nodes - built_upon)
