"""The whole site as one archive, taken while it runs: every row at one moment, and every uploaded file.

The rows are read inside one transaction that sees a single state and holds nobody up; the files are read after it has
begun, so every file that those rows mention is there.
"""

import errno
import fcntl
import os
import re
from collections.abc import Callable
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

from django.conf import settings
from django.db import DatabaseError, connection

from config import rows, schema, uploads
from config.archive import CHUNK, Archive, Refusal, Writer

DATE = "%Y%m%d-%H%M%S"
STAMP = "last_backup"  # in DATA_DIR: when the last one was finished, for doctor
BEGIN = {"sqlite": "BEGIN", "postgresql": "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY"}


@dataclass
class Report:
    path: Path
    rows: int = 0
    files: int = 0
    size: int = 0
    problems: list[str] = field(default_factory=list)


def silent(label: str, total: int | None):
    """Stands where no progress is shown: a context manager that gives something to call for each step."""
    return _Silence()


class _Silence:
    def __enter__(self):
        return self

    def __exit__(self, *_error):
        pass

    def advance(self, count=1):
        pass


def make_backup(path: Path, *, force: bool = False, progress: Callable = silent) -> Report:
    """Write the archive, read it back, and only then give it its name."""
    if path.exists() and not force:
        raise Refusal(
            f"{path} is there already. Give another name, --keep to date it, or --force to replace it."
        )
    if newer := schema.applied_but_unknown(connection):
        raise Refusal(
            f"The database was made by a newer version ({newer[0][0]} {newer[0][1]}). Use that one."
        )
    report = Report(path)
    with _unfinished(path) as (file, part):
        with Writer(file) as writer:
            _write(writer, report, progress)
        os.fsync(file.fileno())
        with Archive(part) as archive, progress("Checking", len(archive.members)) as bar:
            archive.verify(bar.advance)
        os.replace(part, path)
    report.size = path.stat().st_size
    _leave_stamp()
    return report


def dated(path: Path) -> Path:
    """The same name with the moment in it."""
    return path.with_name(f"{path.stem}-{datetime.now(UTC).strftime(DATE)}{path.suffix}")


def drop_old(path: Path, keep: int) -> list[Path]:
    """Delete all but the newest ``keep`` of the dated files with this name; the dates in the names count."""
    pattern = re.compile(re.escape(path.stem) + r"-\d{8}-\d{6}" + re.escape(path.suffix))
    found = sorted(each for each in path.parent.iterdir() if pattern.fullmatch(each.name) and each.is_file())
    old = found[:-keep]
    for each in old:
        each.unlink()
    return old


@contextmanager
def snapshot():
    """All that is read within is of one moment. On SQLite with WAL and on PostgreSQL nobody waits for it."""
    if connection.in_atomic_block:  # the caller's transaction is one
        yield
        return
    with connection.cursor() as cursor:
        cursor.execute(BEGIN[connection.vendor])
    try:
        yield
    finally:
        try:
            with connection.cursor() as cursor:
                cursor.execute("ROLLBACK")  # nothing was written
        except DatabaseError:
            connection.close()


@contextmanager
def _unfinished(path):
    """A file beside the wanted one that only we write and that goes away unless it was given its name."""
    part = path.with_name(path.name + ".part")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        handle = os.open(part, os.O_RDWR | os.O_CREAT, 0o600)
    except OSError as error:
        raise Refusal(f"{path} cannot be written: {error.strerror}.") from error
    with os.fdopen(handle, "w+b", buffering=0) as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError as error:
            raise Refusal(f"Another backup to {path} is under way.") from error
        try:
            file.truncate()
            yield file, part
        except OSError as error:
            full = error.errno in (errno.ENOSPC, errno.EDQUOT, errno.EFBIG)
            raise Refusal(f"{path} was not written: {'the disk is full' if full else error}.") from error
        finally:
            part.unlink(missing_ok=True)


def _write(writer, report, progress):
    leaves = schema.applied_leaves(connection)
    models = rows.models_of(schema.apps_at(connection, leaves))
    made_at = datetime.now(UTC)
    with snapshot():
        total = sum(rows.count(model, connection.alias) for model in models)
        with progress("Rows", total) as bar:
            for model in models:
                report.rows += _write_rows(writer, model, bar)
    with progress("Files", None) as bar:
        for name in uploads.names(report.problems):
            report.files += uploads.write_into(writer, name, report.problems)
            bar.advance()
    writer.finish(
        {
            "product": settings.PRODUCT_NAME,
            "site": settings.SITE_URL,
            "made_at": made_at.isoformat(timespec="seconds"),
            "database": connection.vendor,
            "migrations": leaves,
        }
    )


def _write_rows(writer, model, bar):
    written = 0

    def chunks():
        nonlocal written
        lines, size = [], 0
        for line in rows.dump(model, connection.alias):
            lines.append(line)
            size += len(line)
            written += 1
            bar.advance()
            if size > CHUNK:
                yield b"".join(lines)
                lines, size = [], 0
        yield b"".join(lines)

    writer.add(f"data/{model._meta.label_lower}.jsonl", chunks(), compressed=True, rows=lambda: written)
    return written


def _leave_stamp():
    with suppress(OSError):  # the backup is made all the same
        (settings.DATA_DIR / STAMP).write_text(datetime.now(UTC).isoformat(timespec="seconds"))
