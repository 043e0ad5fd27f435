"""The folder an export goes to. Nothing is ever written outside of it, whatever a stored path says."""

import os
from collections.abc import Iterable
from pathlib import Path


class FolderError(Exception):
    """The folder cannot be used at all; the message is a sentence for the person who named it."""


class PlaceError(ValueError):
    """A file cannot be written at its place; the message says why."""


class Folder:
    """force: the folder may hold something already; what an export does not write stays as it is."""

    def __init__(self, path: Path, *, force: bool = False) -> None:
        self.path = Path(path)
        if self.path.exists() and not self.path.is_dir():
            raise FolderError(f"{path} is not a folder. Name a new one.")
        try:
            self.path.mkdir(parents=True, exist_ok=True)
            is_in_use = any(self.path.iterdir())
        except OSError as error:
            raise FolderError(f"{path} cannot be used: {error.strerror}. Name another folder.") from error
        if is_in_use and not force:
            raise FolderError(
                f"{path} is not empty. Name a new folder, or write over the files in this one with --force."
            )
        self.written: set[str] = set()

    def write(self, place: str, content: bytes | Iterable[bytes]) -> None:
        """Write a file; place is relative, "/" between the parts. Raises PlaceError."""
        target = self._target(place)
        try:
            self._make_room(target)
            flags = os.O_WRONLY | os.O_CREAT | os.O_TRUNC | getattr(os, "O_NOFOLLOW", 0)
            with os.fdopen(os.open(target, flags, 0o666), "wb") as file:
                for chunk in [content] if isinstance(content, bytes) else content:
                    file.write(chunk)
        except OSError as error:
            raise PlaceError(f"It cannot be written: {error.strerror}.") from error
        self.written.add(place)

    def has(self, place: str) -> bool:
        return place in self.written

    def _target(self, place: str) -> Path:
        parts = place.split("/")
        if "\\" in place or "\0" in place or any(part in ("", ".", "..") for part in parts):
            raise PlaceError(f"{place!r} is no path inside a folder.")
        if place in self.written:
            raise PlaceError(f"Something else was written to {place} already.")
        return self.path.joinpath(*parts)

    def _make_room(self, target: Path) -> None:
        """Make the folders above, none of which may be a link that leads elsewhere."""
        here = self.path
        for part in target.relative_to(self.path).parts[:-1]:
            here = here / part
            if here.is_symlink():
                raise PlaceError(f"{here} is a link, and nothing is written through links.")
            here.mkdir(exist_ok=True)
        if target.is_symlink():
            target.unlink()
