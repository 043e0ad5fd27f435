"""What a site needs before it can be served. Each step looks first, and does nothing where nothing is to be done."""

import hashlib
import secrets
from pathlib import Path

from django.apps import apps
from django.conf import settings
from django.contrib.auth import get_user_model
from django.contrib.staticfiles.finders import get_finders
from django.contrib.staticfiles.storage import staticfiles_storage
from django.core.management import CommandError, call_command
from django.db import connection
from django.db.migrations.executor import MigrationExecutor

from blog.importers import open_source
from blog.importers.load import load
from blog.models import Page, Post, SiteProfile
from blog.search import index
from config.pagestore import triggers

EDITOR = "editor"
STAMP = ".collected"


def tables_are_old():
    """Whether the tables are not those of this version of the program."""
    executor = MigrationExecutor(connection)
    is_behind = bool(executor.migration_plan(executor.loader.graph.leaf_nodes()))
    return is_behind or not triggers.are_in_step() or not index.is_in_step()


def ready_database():
    """Bring the tables up to date; whether there was anything to do."""
    if not tables_are_old():
        return False
    call_command("migrate", verbosity=0, interactive=False)
    return True


def static_files_are_old():
    """Whether a page may ask for a file that was not collected."""
    collected = getattr(staticfiles_storage, "hashed_files", None)
    if collected is None:  # while debugging they are found where they are
        return False
    left_out = apps.get_app_config("staticfiles").ignore_patterns
    return any(name not in collected for finder in get_finders() for name, _storage in finder.list(left_out))


def ready_static_files():
    """Collect static files where their sources have changed; whether they had."""
    stamp = settings.STATIC_ROOT / STAMP
    sources = _static_sources()
    if stamp.exists() and stamp.read_text() == sources:
        return False
    call_command("collectstatic", verbosity=0, interactive=False)
    stamp.write_text(sources)
    return True


def _static_sources():
    """A digest that changes with any static file's name, size or time."""
    digest = hashlib.sha256(repr(settings.STORAGES["staticfiles"]).encode())
    for finder in get_finders():
        for name, storage in finder.list([]):
            size, time = storage.size(name), storage.get_modified_time(name)
            digest.update(f"{name}\0{size}\0{time}\n".encode())
    return digest.hexdigest()


def ready_demo():
    """Bring the demo into a site that never had anything in it. None where there was something, else the number
    of entries and what went wrong, a line each."""
    if SiteProfile.objects.exists() or Post.objects.exists() or Page.objects.exists():
        return None
    demo = Path(apps.get_app_config("blog").path, "demo")
    report = load(open_source("hugo", demo), processes=0)
    problems = [str(problem) for problem in report.problems]
    return report.entries.total(), problems + list(_bring_discussions(demo / "discussions"))


def _bring_discussions(folder):
    for file in sorted(folder.glob("*.json")):
        try:
            call_command("import_comments", "hackernews", str(file), post=file.stem, verbosity=0)
        except CommandError as error:
            yield f"{file.name}: {error}"


def ready_editor():
    """The password of a new editor's account, "" if the account is there, None if somebody else can log in."""
    users = get_user_model().objects
    if users.filter(username=EDITOR).exists():
        return ""
    if users.filter(is_superuser=True, is_active=True).exists():
        return None
    password = secrets.token_urlsafe(12)
    users.create_superuser(EDITOR, password=password)
    return password
