"""The uploaded files, on the way into an archive and out of it."""

import os
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from django.core.files import File
from django.core.files.storage import FileSystemStorage, default_storage

from config.archive import CHUNK, MEDIA, Archive, Refusal, Writer

DEEPEST = 50


def names(problems: list[str], folder: str = "", depth: int = 0) -> Iterator[str]:
    """The paths of all uploaded files, below the media folder; what has to be left out is named in ``problems``."""
    try:
        folders, files = default_storage.listdir(folder)
    except FileNotFoundError:
        return
    for name in sorted(files):
        path = f"{folder}/{name}" if folder else name
        if path.isprintable() and "\\" not in path:
            yield path
        else:
            problems.append(f"{path!r}: This file was left out, its name is not safe to write elsewhere.")
    for name in sorted(folders):
        path = f"{folder}/{name}" if folder else name
        if depth == DEEPEST:
            problems.append(f"{path}: This folder was left out, it lies deeper than {DEEPEST} folders.")
        else:
            yield from names(problems, path, depth + 1)


def write_into(writer: Writer, name: str, problems: list[str]) -> int:
    """Add one file; how many were added."""
    try:
        file = default_storage.open(name)
    except FileNotFoundError:  # deleted since the folder was read
        return 0
    except OSError as error:
        problems.append(f"{name}: This file was left out, it cannot be read ({error.strerror}).")
        return 0
    with file:
        writer.add(MEDIA + name, file.chunks(CHUNK), compressed=False)
    return 1


@contextmanager
def brought_near(archive: Archive, advance: Callable[[], None]):
    """Unpack beside the media folder; gives the function that puts the files in the place of those that are there.

    Other storages than a folder have no beside: there, the files are stored when that function is called.
    """
    if not isinstance(default_storage, FileSystemStorage):
        yield lambda: _store(archive, advance)
        return
    here = Path(default_storage.location)
    staged, before = here.with_name(here.name + ".restoring"), here.with_name(here.name + ".before-restore")
    for leftover in (staged, before):
        shutil.rmtree(leftover, ignore_errors=True)
    try:
        for name in archive.media:
            _unpack(archive, name, staged / name)
            advance()
        yield lambda: _swap(here, staged, before)
    except OSError as error:
        raise Refusal(f"The files cannot be written: {error}.") from error
    finally:
        shutil.rmtree(staged, ignore_errors=True)


def _unpack(archive, name, path):
    path.parent.mkdir(parents=True, exist_ok=True)
    mode = default_storage.file_permissions_mode or 0o644
    with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, mode), "wb") as file:
        for chunk in archive.chunks(MEDIA + name):
            file.write(chunk)


def _swap(here, staged, before):
    """Entry by entry, for the folder itself may be a mounted disk."""
    for folder in (here, staged, before):
        folder.mkdir(parents=True, exist_ok=True)
    for entry in list(here.iterdir()):
        shutil.move(entry, before / entry.name)
    for entry in list(staged.iterdir()):
        shutil.move(entry, here / entry.name)
    shutil.rmtree(before)


def _store(archive, advance):
    wanted = set(archive.media)
    for name in [name for name in names([]) if name not in wanted]:
        default_storage.delete(name)
    for name in archive.media:
        default_storage.delete(name)
        with archive.zip.open(MEDIA + name) as member:
            default_storage.save(name, File(member, name))
        advance()
