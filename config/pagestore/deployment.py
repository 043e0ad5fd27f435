"""Pages of another version of the program, or made under other settings, are none of ours."""

import hashlib
import shutil
from contextlib import suppress
from pathlib import Path

import django
from django.conf import settings

FOLDERS = ("blog", "comments", "config", "templates", "locale")
SUFFIXES = {".py", ".html", ".xml", ".txt", ".mo", ".xsl"}
KEPT = 3  # of earlier deployments, for workers that are just being replaced


def ready_folder(parent):
    """The folder for the pages of this deployment. Those of earlier ones are removed, but for the last."""
    folder = parent / deployment()
    with suppress(OSError):
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        folder.touch()
        others = sorted(parent.iterdir(), key=lambda path: path.stat().st_mtime, reverse=True)
        for old in others[KEPT:]:
            shutil.rmtree(old, ignore_errors=True)
    return folder


def deployment():
    """A digest of whatever decides about a page beside the database: code, templates, static files, settings."""
    digest = hashlib.sha256(repr((django.VERSION, settings.ENV)).encode())
    base = Path(settings.BASE_DIR)
    manifest = Path(settings.STATIC_ROOT, "staticfiles.json")
    folders = [*(base / name for name in FOLDERS), Path(settings.THEME_DIR, "templates")]
    files = [path for folder in folders for path in folder.rglob("*") if path.suffix in SUFFIXES]
    for path in sorted([*files, manifest]):
        with suppress(OSError):
            digest.update((str(path.relative_to(base)) if path.is_relative_to(base) else path.name).encode())
            digest.update(path.read_bytes())
    return digest.hexdigest()[:20]
