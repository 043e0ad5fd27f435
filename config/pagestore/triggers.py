"""Every change of a watched table gives its topics new tokens, in the same transaction, by the database's own hand.

They are made anew after every migrate: when a migration changes a table, Django makes it again on SQLite, and its
triggers are lost. SQLite would not even rename the new table while the trigger of another speaks of the old one, so
before anything is migrated they step aside; what changes until they are back is covered by the new tokens then.
"""

import hashlib
import re

from django.db import connections, transaction

from config.models import SiteVersion
from config.pagestore.topics import ANY, COMMENTS, SITE, watched

TABLE = SiteVersion._meta.db_table
INSTALLED = "triggers"  # the topic whose token says which triggers there are
ALWAYS = (ANY, SITE, COMMENTS)

RANDOM = {"sqlite": "random()", "postgresql": "hashtextextended(gen_random_uuid()::text, 0)"}


def step_aside(sender, using, plan=(), **kwargs):
    """Before a migrate that has something to do."""
    connection = connections[using]
    if not plan or connection.vendor != "sqlite":
        return
    with transaction.atomic(using), connection.cursor() as cursor:
        if TABLE in connection.introspection.table_names(cursor):
            cursor.execute(f"DELETE FROM {TABLE} WHERE topic = '{INSTALLED}'")
        _drop(connection.vendor, cursor)


def keep_in_step(sender, using, **kwargs):
    """After migrate: make the triggers, and no page made before is given out again."""
    connection = connections[using]
    with transaction.atomic(using), connection.cursor() as cursor:
        tables = set(connection.introspection.table_names(cursor))
        _drop(connection.vendor, cursor)
        if TABLE not in tables:
            return
        for statement in _statements(connection.vendor, tables):
            cursor.execute(statement)
        for topic in ALWAYS:
            SiteVersion.objects.using(using).get_or_create(topic=topic, defaults={"token": 0})
        raise_all(using)
        token = {"token": digest(connection.vendor)}
        SiteVersion.objects.using(using).update_or_create(topic=INSTALLED, defaults=token)


def are_in_step(using="default"):
    """Whether the database has the triggers of this version of the program: it says so, and they are there."""
    vendor = connections[using].vendor
    if not SiteVersion.objects.using(using).filter(topic=INSTALLED, token=digest(vendor)).exists():
        return False
    wanted = re.findall(r'CREATE TRIGGER "(\w+)"', "\n".join(_statements(vendor, _watched_tables())))
    with connections[using].cursor() as cursor:
        return set(wanted) <= {name for name, *_table in _present(vendor, cursor)}


def raise_all(using="default"):
    """No page made before this is given out again. For whatever changes the site behind the database's back."""
    connection = connections[using]
    with connection.cursor() as cursor:
        cursor.execute(f"UPDATE {TABLE} SET token = {RANDOM[connection.vendor]} WHERE topic <> '{INSTALLED}'")


def digest(vendor):
    """A number that stands for the triggers as this version of the program wants them."""
    text = "\n".join(_statements(vendor, _watched_tables()))
    return int.from_bytes(hashlib.sha256(text.encode()).digest()[:7])


def _watched_tables():
    return {one.table for one in watched()}


def _statements(vendor, tables):
    present = [one for one in watched() if one.table in tables]
    if vendor == "sqlite":
        return [statement for one in present for statement in _on_sqlite(one)]
    return [RAISE, RAISE_ONE, *(statement for one in present for statement in _on_postgres(one))]


def _drop(vendor, cursor):
    for name, *table in _present(vendor, cursor):
        cursor.execute(f'DROP TRIGGER "{name}"' + (f" ON {table[0]}" if table else ""))


def _present(vendor, cursor):
    """The triggers that are there; on PostgreSQL each with its table, for there it is part of the name."""
    if vendor == "sqlite":
        cursor.execute(
            "SELECT name FROM sqlite_master WHERE type = 'trigger' AND name LIKE 'pagestore!_%' ESCAPE '!'"
        )
    else:
        cursor.execute(
            "SELECT tgname, tgrelid::regclass FROM pg_trigger WHERE tgname LIKE 'pagestore!_%' ESCAPE '!'"
        )
    return cursor.fetchall()


def _row_topic(one, row):
    """SQL for the narrower topic of a row; null if the row that it hangs on is gone."""
    holder = "other" if one.others else row
    name = " || ':' || ".join([f"'{one.topic}'", *(f'{holder}."{column}"' for column in one.each)])
    if not one.others:
        return name
    return f'(SELECT {name} FROM "{one.others}" AS other WHERE other."{one.others_key}" = {row}."{one.key}")'


# SQLite: a trigger for each row and deed. Inside them no ON CONFLICT, for the one of the firing statement would win.


def _on_sqlite(one):
    for deed, rows in (("INSERT", ["NEW"]), ("UPDATE", ["OLD", "NEW"]), ("DELETE", ["OLD"])):
        columns = (
            " OF " + ", ".join(f'"{name}"' for name in one.columns)
            if deed == "UPDATE" and one.columns
            else ""
        )
        changes = [f"UPDATE {TABLE} SET token = random() WHERE topic IN ('{ANY}', '{one.topic}');"]
        for topic in [_row_topic(one, row) for row in rows] if one.each else []:
            changes.append(
                f"INSERT INTO {TABLE} (topic, token) SELECT {topic}, 0"
                f" WHERE {topic} IS NOT NULL AND NOT EXISTS (SELECT 1 FROM {TABLE} WHERE topic = {topic});"
            )
            changes.append(f"UPDATE {TABLE} SET token = random() WHERE topic = {topic};")
        yield (
            f'CREATE TRIGGER "pagestore_{one.table}_{deed.lower()}" AFTER {deed}{columns} ON "{one.table}"'
            f" BEGIN {' '.join(changes)} END"
        )


# PostgreSQL: before the statement, so that a transaction holds this lock before any other it might wait for, and always
# ANY first: two writers wait for each other in line, never in a circle. A row that this transaction has changed already
# is left alone (xmin), for a chain of thousands of its dead versions would have to be walked each time.

RAISE = f"""CREATE OR REPLACE FUNCTION pagestore_raise() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  UPDATE {TABLE} SET token = {RANDOM["postgresql"]} WHERE topic = '{ANY}' AND xmin <> pg_current_xact_id()::xid;
  IF TG_OP = 'TRUNCATE' THEN
    UPDATE {TABLE} SET token = {RANDOM["postgresql"]} WHERE topic NOT IN ('{ANY}', '{INSTALLED}');
  ELSE
    UPDATE {TABLE} SET token = {RANDOM["postgresql"]} WHERE topic = TG_ARGV[0] AND xmin <> pg_current_xact_id()::xid;
  END IF;
  RETURN NULL;
END $$"""

RAISE_ONE = f"""CREATE OR REPLACE FUNCTION pagestore_raise_one(wanted text) RETURNS void LANGUAGE sql AS $$
  INSERT INTO {TABLE} AS known (topic, token) SELECT wanted, {RANDOM["postgresql"]} WHERE wanted IS NOT NULL
  ON CONFLICT (topic) DO UPDATE SET token = excluded.token WHERE known.xmin <> pg_current_xact_id()::xid
$$"""


def _on_postgres(one):
    columns = " OF " + ", ".join(f'"{name}"' for name in one.columns) if one.columns else ""
    deeds = f"INSERT OR DELETE OR TRUNCATE OR UPDATE{columns}"
    yield (
        f'CREATE TRIGGER "pagestore_{one.table}" BEFORE {deeds} ON "{one.table}"'
        f" FOR EACH STATEMENT EXECUTE FUNCTION pagestore_raise('{one.topic}')"
    )
    if one.each:
        yield from _each_on_postgres(one)


def _each_on_postgres(one):
    yield f"""CREATE OR REPLACE FUNCTION pagestore_{one.table}() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF TG_OP <> 'INSERT' THEN PERFORM pagestore_raise_one({_row_topic(one, "OLD")}); END IF;
  IF TG_OP <> 'DELETE' THEN PERFORM pagestore_raise_one({_row_topic(one, "NEW")}); END IF;
  RETURN NULL;
END $$"""
    yield (
        f'CREATE TRIGGER "pagestore_{one.table}_each" AFTER INSERT OR DELETE OR UPDATE ON "{one.table}"'
        f" FOR EACH ROW EXECUTE FUNCTION pagestore_{one.table}()"
    )
