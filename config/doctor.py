"""Is the site well? Each check looks at one thing and says in a sentence what it found, and what to do about it."""

import shutil
import stat
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from importlib import import_module
from importlib.util import find_spec
from urllib.parse import urlsplit

from django.apps import apps
from django.conf import settings
from django.core import checks, mail
from django.core.cache import cache
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db import connection, connections
from django.db.migrations.executor import MigrationExecutor
from django.db.migrations.recorder import MigrationRecorder
from django.http.request import split_domain_port, validate_host
from django.utils import timezone

from blog.management import first_run
from config import replica, startup
from config.backup import STAMP
from config.databases import is_only_read
from config.env import LIKE
from config.pagestore import triggers

LITTLE_SPACE = 1024**3
NO_SPACE = 100 * 1024**2
BACKUP_IS_OLD = timedelta(days=8)
CLOCKS_DIFFER = 5  # seconds
GOOD, NOTE, WRONG = "ok", "note", "wrong"


@dataclass(frozen=True)
class Finding:
    level: str
    sentence: str
    remedy: str = ""


def examine() -> Iterator[Finding]:
    """Every check in turn. One that breaks is a finding too, and the others still run.

    But for those that lean on what was found wrong before: they could only say it again, and wait for it as long.
    """
    has_tables = True
    for check in CHECKS:
        if check in ON_TABLES and not has_tables:
            continue
        for finding in _found_by(check):
            if finding.level == WRONG and check in (database, migrations):
                has_tables = False
            yield finding


def _found_by(check):
    try:
        yield from check()
    except Exception as error:  # the doctor must not be the one to collapse
        what = check.__name__.replace("_", " ")
        yield Finding(WRONG, f"The check of {what} failed: {type(error).__name__}: {error}.")


def configuration():
    messages = checks.run_checks(include_deployment_checks=not settings.DEBUG)
    found = [message for message in messages if not message.is_silenced() and not _is_about_https(message)]
    for message in found:
        yield Finding(
            WRONG if message.is_serious() else NOTE, f"{message.msg} ({message.id})", message.hint or ""
        )
    if settings.DEBUG:
        yield Finding(WRONG, "DEBUG is on: errors show the site's inside to everybody.", "Unset DEBUG.")
    if not found and not settings.DEBUG:
        yield Finding(GOOD, "The configuration is sound.")


def address():
    """Where readers find the site, and whether it would let them in there."""
    site = urlsplit(settings.SITE_URL)
    if site.scheme != "https":
        yield Finding(
            NOTE, f"The site is at {settings.SITE_URL}: not encrypted.", "Set SITE_URL to its https address."
        )
    for problem in startup.nobody_says_https():
        yield Finding(WRONG, problem, "docs/proxies.md has more.")
    host, _port = split_domain_port(site.netloc)
    if not validate_host(host, settings.ALLOWED_HOSTS):
        what = f"ALLOWED_HOSTS leaves out {host}, the host of SITE_URL: its readers are refused."
        yield Finding(WRONG, what, "Add it, or leave ALLOWED_HOSTS out.")


def _is_about_https(message):
    """Without https these say one thing in many ways; a note of ours says it once."""
    return not settings.SITE_URL.startswith("https://") and (message.id or "").startswith("security.")


def database():
    for problem in startup.database_is_away():
        yield Finding(WRONG, problem)
        return
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            cursor.execute("PRAGMA quick_check(1)")
            (answer,) = cursor.fetchone()
            version = connection.Database.sqlite_version
            if answer != "ok":
                yield Finding(WRONG, f"The database is damaged: {answer}.", "Restore the newest backup.")
                return
            yield Finding(GOOD, f"The database is whole (SQLite {version}).")
        else:
            cursor.execute("SHOW server_version")
            yield Finding(GOOD, f"The database answers ({connection.display_name} {cursor.fetchone()[0]}).")


def database_takes_writes():
    if connection.vendor == "sqlite":
        file = connection.settings_dict["NAME"]
        if is_only_read(file):
            what = f"The database can only be read: {file} or its folder is closed to this program's user."
            yield Finding(WRONG, what, "Give both to the user the site runs as, on a disk that takes writes.")
        return
    with connection.cursor() as cursor:
        cursor.execute("SHOW transaction_read_only")
        if cursor.fetchone()[0] == "on":
            what = "The database can only be read: it is a copy, or was closed to writers."
            yield Finding(
                WRONG, what, "DATABASE_URL has to name the original; a copy is DATABASE_REPLICA_URL."
            )


def database_copy():
    if replica.ALIAS in connections:
        problems = list(startup.database_is_away(replica.ALIAS))
        yield from [Finding(WRONG, f"Of the copy for readers: {problem}") for problem in problems]
        if not problems:
            yield Finding(GOOD, "The copy of the database for readers answers.")


def migrations():
    executor = MigrationExecutor(connection)
    missing = executor.migration_plan(executor.loader.graph.leaf_nodes())
    if missing:
        what = f"Migrations are missing: {', '.join(str(migration) for migration, _back in missing[:3])}."
        yield Finding(WRONG, what, "Run `make upgrade`, or `manage.py migrate` after a backup.")
    else:
        yield Finding(GOOD, "All migrations are applied.")


def stored_pages():
    if not triggers.are_in_step():
        what = "The database does not tell what changes in it (its triggers are missing): readers are shown old pages."
        yield Finding(WRONG, what, "Run `manage.py migrate`, which makes them anew.")


def static_files():
    if first_run.static_files_are_old():
        what = "Static files were not collected, or are those of another version: pages lack their looks."
        yield Finding(WRONG, what, "Run `manage.py collectstatic --no-input`, and restart the site.")
    else:
        yield Finding(GOOD, "Static files are those of this version.")


def stored_html():
    """Apps that store HTML say in rendering.VERSION which renderer is the newest."""
    stale = 0
    for model in apps.get_models():
        package = f"{model._meta.app_config.name}.rendering"
        if not any(each.name == "rendered_by" for each in model._meta.fields) or not find_spec(package):
            continue
        newest = getattr(import_module(package), "VERSION", 0)
        stale += model._base_manager.filter(rendered_by__lt=newest).exclude(body="").count()
    unseen = sum(
        model._base_manager.filter(pictures__isnull=True).count()
        for model in apps.get_models()
        if any(each.name == "pictures" for each in model._meta.fields)
    )
    if unseen:
        what = f"Texts were not looked at for pictures yet ({unseen:,})."
        yield Finding(NOTE, what, "Run `manage.py render_content`.")
    if stale:
        what = f"HTML that an older version has made is shown ({stale:,} times)."
        yield Finding(NOTE, what, "Run `manage.py render_content`.")
    else:
        yield Finding(GOOD, "All stored HTML was made by this version.")


def disk():
    usage = shutil.disk_usage(settings.DATA_DIR)
    free = f"{usage.free / 1024**3:,.1f} GiB of {usage.total / 1024**3:,.1f} GiB are free in {settings.DATA_DIR}."
    if usage.free < NO_SPACE:
        yield Finding(WRONG, free, "Make room at once: without it nobody can write.")
    elif usage.free < LITTLE_SPACE:
        yield Finding(NOTE, free, "Make room, or move old backups away.")
    else:
        yield Finding(GOOD, free)


def storage():
    bucket = getattr(default_storage, "bucket_name", "")
    try:
        whole, is_public = _tried(default_storage, bucket)
    except OSError as error:
        where = f"the bucket {bucket}" if bucket else str(settings.MEDIA_ROOT)
        remedy = "Look at STORAGE_URL." if bucket else "Look at the folder's owner and the room on its disk."
        yield Finding(
            WRONG, f"Uploaded files cannot be written to {where}: {error.strerror or error}.", remedy
        )
        return
    if not whole:
        yield Finding(WRONG, "An uploaded file comes back changed.", "Look at the storage's settings.")
    elif bucket:
        yield Finding(GOOD, f"Uploaded files can be written and read in the bucket {bucket}.")
    else:
        yield Finding(GOOD, "Uploaded files can be written and read.")
    if is_public:
        yield Finding(
            WRONG,
            f"Everybody can read the bucket {bucket}: pictures as they were sent, with the places they were taken at, too.",
            "Make it private; readers get their files from this site.",
        )


def _tried(storage, bucket):
    """Whether a file comes back as it was written, and whether a bucket shows it to everybody."""
    name = storage.save("doctor/probe.txt", ContentFile(b"written by doctor"))
    try:
        with storage.open(name) as file:
            whole = file.read() == b"written by doctor"
        return whole, bool(bucket) and storage.is_public(name)
    finally:
        storage.delete(name)


def cache_store():
    try:
        cache.set("doctor", "here", 10)
        is_kept = cache.get("doctor") == "here"
    except Exception as error:  # each cache has errors of its own
        reason = str(error).rstrip(".")
        yield Finding(
            WRONG, f"The cache does not answer: {reason}.", "Is it running, and is CACHE_URL right?"
        )
        return
    if is_kept:
        yield Finding(GOOD, "The cache answers.")
    else:
        yield Finding(WRONG, "The cache forgets at once what it is given.", "Look at CACHE_URL.")


def mails():
    if settings.EMAIL_BACKEND.endswith(("console.EmailBackend", "dummy.EmailBackend")):
        yield Finding(
            NOTE, "Mails are not sent, only printed.", f"Set EMAIL_URL, such as {LIKE['EMAIL_URL']}."
        )
        return
    sender = mail.get_connection(timeout=10)
    try:
        sender.open()
        sender.close()
    except OSError as error:  # what smtplib raises is one too
        where = f"{settings.EMAIL_HOST}:{settings.EMAIL_PORT}"
        yield Finding(WRONG, f"The mail server {where} does not take us in: {error}.", "Look at EMAIL_URL.")
        return
    yield Finding(GOOD, "The mail server takes us in.")
    if settings.EMAIL_HOST_PASSWORD and not (settings.EMAIL_USE_TLS or settings.EMAIL_USE_SSL):
        what = f"The password of {settings.EMAIL_HOST} is sent to it unencrypted."
        yield Finding(WRONG, what, f"Set EMAIL_URL, such as {LIKE['EMAIL_URL']}.")
    if not settings.ADMINS:
        yield Finding(NOTE, "Nobody hears of errors.", "Set ADMINS to your address.")


def secrets():
    """Files that nobody but the site's own user may read."""
    open_to_others = False
    database = connection.settings_dict["NAME"] if connection.vendor == "sqlite" else ""
    for path in (settings.DATA_DIR / "secret_key", settings.BASE_DIR / ".env"):
        if path.exists() and path.stat().st_mode & (stat.S_IRWXG | stat.S_IRWXO):
            open_to_others = True
            yield Finding(WRONG, f"{path} can be read by others on this machine.", f"Run: chmod 600 {path}")
    if database and settings.DATA_DIR.joinpath(database).exists():
        path = settings.DATA_DIR / database
        if path.stat().st_mode & stat.S_IRWXO and settings.DATA_DIR.stat().st_mode & stat.S_IXOTH:
            open_to_others = True
            yield Finding(
                NOTE, f"{path} can be read by others on this machine.", f"Run: chmod 700 {path.parent}"
            )
    if not open_to_others:
        yield Finding(GOOD, "Secrets are readable by their owner only.")


def clock():
    now = timezone.now()
    newest = (
        MigrationRecorder(connection)
        .migration_qs.order_by("-applied")
        .values_list("applied", flat=True)
        .first()
    )
    remedy = "Switch on time synchronisation (timedatectl set-ntp true)."
    if newest and now < newest:
        yield Finding(WRONG, f"The clock says {now:%Y-%m-%d %H:%M} UTC, which is in the past.", remedy)
        return
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SELECT clock_timestamp()")
            apart = abs((cursor.fetchone()[0] - timezone.now()).total_seconds())
        if apart > CLOCKS_DIFFER:
            yield Finding(
                WRONG, f"The database's clock is {apart:,.0f} seconds apart from this machine's.", remedy
            )
            return
    yield Finding(GOOD, f"The clock says {now:%Y-%m-%d %H:%M} UTC.")


def backups():
    stamp = settings.DATA_DIR / STAMP
    remedy = "Run `manage.py backup FILE --keep 14` every night; docs/backups.md has the line for it."
    if not stamp.exists():
        yield Finding(NOTE, "No backup was ever made from here.", remedy)
        return
    made_at = datetime.fromisoformat(stamp.read_text().strip())
    old = datetime.now(UTC) - made_at > BACKUP_IS_OLD
    yield Finding(
        NOTE if old else GOOD, f"The last backup is of {made_at:%Y-%m-%d %H:%M} UTC.", remedy if old else ""
    )


CHECKS = (
    configuration,
    address,
    database,
    migrations,
    database_takes_writes,
    database_copy,
    stored_pages,
    stored_html,
    static_files,
    disk,
    storage,
    cache_store,
    mails,
    secrets,
    clock,
    backups,
)
ON_TABLES = (migrations, database_takes_writes, stored_pages, stored_html, clock)
