"""A site from its archive: checked in full before anything is touched, and put in place all at once or not at all.

The tables are brought to where they were when the archive was made, filled, and brought on to today, in one transaction;
so an older archive comes in as well, and into another kind of database. The files are swapped when that has succeeded.
"""

import shutil
from collections.abc import Callable
from dataclasses import dataclass

from django.conf import settings
from django.contrib.contenttypes.models import ContentType
from django.core.management.color import no_style
from django.core.management.sql import emit_post_migrate_signal
from django.db import IntegrityError, connection, transaction

from config import backup, rows, schema, uploads
from config.archive import MEDIA, Archive, Refusal

# What every database has from its first migration on.
ALWAYS_THERE = {
    "contenttypes",
    "auth.permission",
    "auth.group",
    "auth.group_permissions",
    "config",
    "sessions",
}
ROOM_FOR_ROWS = 4  # a row in a table with its indexes takes this much more than its line


@dataclass
class Report:
    rows: int = 0
    files: int = 0


def check(archive: Archive, progress: Callable = backup.silent):
    """Refuse what is damaged, newer, hostile, or too large for the disk. Touches nothing."""
    schema.check_not_newer(connection, leaves_of(archive))
    free = shutil.disk_usage(_existing(settings.DATA_DIR)).free
    needed = sum(
        each.size * (1 if name.startswith(MEDIA) else ROOM_FOR_ROWS) for name, each in archive.members.items()
    )
    if needed > free:
        raise Refusal(
            f"The site in the archive needs about {_mebibytes(needed)}, and {_mebibytes(free)} are free."
        )
    with progress("Checking", len(archive.members)) as bar:
        archive.verify(bar.advance)


def what_is_here() -> str:
    """What a restore would put an end to, in a few words; "" for a site that never had anything in it."""
    found = {}
    for model in rows.models_of(schema.apps_at(connection, schema.applied_leaves(connection))):
        if not {model._meta.label_lower, model._meta.app_label} & ALWAYS_THERE:
            found[model._meta.verbose_name_plural] = rows.count(model, connection.alias)
    found["uploaded files"] = sum(1 for _name in uploads.names([]))
    largest = sorted(found.items(), key=lambda item: -item[1])[:3]
    return ", ".join(f"{number:,} {name}" for name, number in largest if number)


def restore(archive: Archive, progress: Callable = backup.silent) -> Report:
    """Put the archive's site in the place of whatever is here. ``check()`` comes before."""
    report = Report(files=len(archive.media))
    with progress("Files", report.files) as bar, uploads.brought_near(archive, bar.advance) as put_in_place:
        with connection.constraint_checks_disabled(), transaction.atomic():
            _bring_rows(archive, report, progress)
        put_in_place()
    ContentType.objects.clear_cache()
    return report


def leaves_of(archive: Archive) -> list[schema.Leaf]:
    try:
        leaves = [(str(app), str(name)) for app, name in archive.manifest["migrations"]]
    except (KeyError, TypeError, ValueError) as error:
        raise Refusal("The archive does not say which version made it; it is damaged.") from error
    known = schema.MigrationLoader(connection).migrated_apps
    return [leaf for leaf in leaves if leaf[0] in known] + _of_apps_not_here(archive, leaves, known)


def _of_apps_not_here(archive, leaves, known):
    """Those of an app this code lacks matter only where the archive has rows of it."""
    with_rows = {name.split("/")[1].split(".")[0] for name, each in archive.members.items() if each.rows}
    return [leaf for leaf in leaves if leaf[0] not in known and leaf[0] in with_rows]


def _bring_rows(archive, report, progress):
    leaves = leaves_of(archive)
    is_current = sorted(schema.applied_leaves(connection)) == sorted(leaves)
    if not is_current:
        schema.drop_tables(connection)
        schema.migrate_to(connection, leaves)
    models = rows.models_of(schema.apps_at(connection, leaves))
    schema.defer_constraints(connection)
    _empty([model._meta.db_table for model in models])
    with progress("Rows", sum(each.rows or 0 for each in archive.members.values())) as bar:
        for model in models:
            report.rows += _bring_table(archive, model, bar)
    _check_references()
    _set_sequences(models)
    if not is_current:
        schema.migrate_to(connection, schema.newest_leaves(connection))
    # Indexes and triggers are made anew where they have to be, and no page that was stored before is true any more.
    emit_post_migrate_signal(verbosity=0, interactive=False, db=connection.alias)


def _empty(tables):
    schema.drop_triggers(connection, set(tables))
    connection.ops.execute_sql_flush(connection.ops.sql_flush(no_style(), tables))


def _bring_table(archive, model, bar):
    name = f"data/{model._meta.label_lower}.jsonl"
    if name not in archive.members:
        raise Refusal(
            f"The archive is not complete: it has no table {model._meta.label}. Use another backup."
        )
    brought = 0
    for number in rows.load(model, archive.lines(name), connection):
        brought += number
        bar.advance(number)
    if brought != archive.members[name].rows:
        raise Refusal(f"The archive has not all rows of {model._meta.label} that it says it has.")
    return brought


def _check_references():
    try:
        connection.check_constraints()
    except IntegrityError as error:
        raise Refusal(f"The archive's rows do not fit together: {error}") from error


def _set_sequences(models):
    with connection.cursor() as cursor:
        for statement in connection.ops.sequence_reset_sql(no_style(), models):
            cursor.execute(statement)


def _existing(folder):
    return next(each for each in [folder, *folder.parents] if each.exists())


def _mebibytes(size):
    return f"{size / 1024 / 1024:,.0f} MiB"
