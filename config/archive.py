"""The file a backup is: a ZIP with one member for each table and each uploaded file, and a manifest that vouches for them.

    manifest.json            what it is, from which version, and size and SHA-256 of every other member
    data/<app>.<model>.jsonl a row a line
    media/<path>             an uploaded file

An archive is believed in nothing: whatever its manifest does not vouch for, or what would be written anywhere but below
the media folder, makes the whole of it refused, before anything is touched.
"""

import hashlib
import json
import re
import stat
import zipfile
import zlib
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path, PurePosixPath

FORMAT = "commonplace-backup"
VERSION = 1
MANIFEST = "manifest.json"
DATA = re.compile(r"data/[a-z0-9_]+\.[a-z0-9_]+\.jsonl")
MEDIA = "media/"
MOST_MANIFEST_BYTES = 64 * 1024 * 1024
LONGEST_PATH = 900
CHUNK = 1024 * 1024
MOST_TIMES_SMALLER = 250  # text of a site becomes 3 to 30 times smaller; a bomb 1,000 times
UNREADABLE = (
    zipfile.BadZipFile,
    zlib.error,
    EOFError,
    NotImplementedError,
    RuntimeError,
    ValueError,
    OSError,
)


class Refusal(Exception):
    """Why an archive is not taken, as a sentence for whoever gave it."""


@dataclass(frozen=True)
class Member:
    size: int
    sha256: str
    rows: int | None = None


class Writer:
    """Writes members one after the other, and the manifest at the end. Use in a with statement."""

    def __init__(self, file):
        self.zip = zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED, compresslevel=3)
        self.members: dict[str, Member] = {}

    def __enter__(self):
        return self

    def __exit__(self, *error):
        if error[0]:
            self.zip.fp = None  # or it would still try to finish a file that is given up

    def add(
        self, name: str, chunks: Iterable[bytes], *, compressed: bool, rows: Callable[[], int] | None = None
    ):
        """Write one member; ``rows`` is asked for their number when all are written."""
        info = zipfile.ZipInfo(name, date_time=(1980, 1, 1, 0, 0, 0))
        info.compress_type = zipfile.ZIP_DEFLATED if compressed else zipfile.ZIP_STORED
        info.external_attr = (stat.S_IFREG | 0o600) << 16
        digest, size = hashlib.sha256(), 0
        with self.zip.open(info, "w", force_zip64=True) as member:
            for chunk in chunks:
                member.write(chunk)
                digest.update(chunk)
                size += len(chunk)
        self.members[name] = Member(size, digest.hexdigest(), rows() if rows else None)

    def finish(self, facts: dict):
        members = {name: asdict(member) for name, member in self.members.items()}
        manifest = {"format": FORMAT, "version": VERSION, **facts, "members": members}
        self.zip.writestr(MANIFEST, json.dumps(manifest, indent=1, ensure_ascii=False))
        self.zip.close()


class Archive:
    """An archive that is whole as far as its table of contents tells; ``verify()`` reads all of it."""

    def __init__(self, path: Path):
        with readable(path.name):
            self.zip = zipfile.ZipFile(path)
        try:
            self.manifest = self._read_manifest(path.name)
            self.members = self._listed_members()
            self._check_contents(path.stat().st_size)
        except BaseException:
            self.close()
            raise

    def close(self):
        self.zip.close()

    def __enter__(self):
        return self

    def __exit__(self, *_error):
        self.close()

    @property
    def media(self) -> list[str]:
        """The paths of the uploaded files, below the media folder."""
        return [name.removeprefix(MEDIA) for name in self.members if name.startswith(MEDIA)]

    @property
    def size(self) -> int:
        return sum(member.size for member in self.members.values())

    def chunks(self, name: str) -> Iterator[bytes]:
        with readable(name), self.zip.open(name) as member:
            while chunk := member.read(CHUNK):
                yield chunk

    def lines(self, name: str) -> Iterator[bytes]:
        rest = b""
        for chunk in self.chunks(name):
            *whole, rest = (rest + chunk).split(b"\n")
            yield from whole
        if rest:
            yield rest

    def verify(self, advance: Callable[[], None] = lambda: None):
        """Read every member and hold it against the manifest."""
        for name, member in self.members.items():
            digest, size = hashlib.sha256(), 0
            for chunk in self.chunks(name):
                digest.update(chunk)
                size += len(chunk)
            if (size, digest.hexdigest()) != (member.size, member.sha256):
                raise Refusal(f"The archive is damaged: {name} is not what was written. Use another backup.")
            advance()

    def _read_manifest(self, name):
        try:
            if self.zip.getinfo(MANIFEST).file_size > MOST_MANIFEST_BYTES:
                raise Refusal(
                    "The archive's manifest is larger than any backup's; it was not made by this program."
                )
            with readable(MANIFEST):
                manifest = json.loads(self.zip.read(MANIFEST))
        except (KeyError, json.JSONDecodeError, RecursionError) as error:
            raise Refusal(f"{name} is no backup of a site: it has no manifest that can be read.") from error
        if not isinstance(manifest, dict) or manifest.get("format") != FORMAT:
            raise Refusal(f"{name} is no backup of a site: its manifest says something else.")
        if not isinstance(manifest.get("version"), int) or manifest["version"] > VERSION:
            raise Refusal("The archive was made by a newer version. Upgrade this one first, then restore.")
        return manifest

    def _listed_members(self):
        try:
            return {name: Member(**facts) for name, facts in self.manifest["members"].items()}
        except (KeyError, TypeError, AttributeError) as error:
            raise Refusal("The archive's manifest does not list its members; it is damaged.") from error

    def _check_contents(self, archive_size):
        found = [info for info in self.zip.infolist() if info.orig_filename != MANIFEST]
        names = [info.orig_filename for info in found]
        if len(set(names)) != len(names) or MANIFEST in self.members:
            raise Refusal("The archive has a member twice; it was not made by this program.")
        for name in self.members:
            _check_name(name)
        if missing := sorted(set(self.members) - set(names)):
            raise Refusal(f"The archive is not complete: {missing[0]} is missing. Use another backup.")
        for info in found:
            _check_info(info, self.members.get(info.orig_filename))
        if sum(info.compress_size for info in found) > archive_size:
            raise Refusal("The archive's members lie over each other; it was not made by this program.")
        _check_folders(self.media)


@contextmanager
def readable(name: str):
    """Turns whatever goes wrong in reading a ZIP into a refusal."""
    try:
        yield
    except FileNotFoundError as error:
        raise Refusal(f"There is no file {name}.") from error
    except UNREADABLE as error:
        raise Refusal(
            f"The archive is damaged, or it is no backup: {name} cannot be read ({error})."
        ) from error


def _check_name(name):
    parts = name.split("/")
    is_media = name.startswith(MEDIA) and len(parts) > 1 and not {"", ".", ".."} & set(parts)
    if not (DATA.fullmatch(name) or is_media):
        raise Refusal(f"The archive has a member that has no place in a site: {name[:200]!r}.")
    if (
        "\\" in name
        or not name.isprintable()
        or len(name) > LONGEST_PATH
        or PurePosixPath(name).is_absolute()
    ):
        raise Refusal(f"The archive has a file with a name that is not safe: {name[:200]!r}.")


def _check_info(info, member):
    name = info.orig_filename[:200]
    if member is None:
        raise Refusal(f"The archive has a member that its manifest does not know: {name!r}.")
    kind = stat.S_IFMT(info.external_attr >> 16)
    if (
        kind not in (0, stat.S_IFREG)
        or info.is_dir()
        or info.flag_bits & 1
        or info.filename != info.orig_filename
    ):
        raise Refusal(f"The archive has a member that is no plain file: {name!r}.")
    if info.file_size != member.size:
        raise Refusal(f"The archive is damaged: {name} has not the size it was written with.")
    if info.file_size > CHUNK and info.file_size > MOST_TIMES_SMALLER * info.compress_size:
        raise Refusal(f"The archive has a member that would grow beyond reason: {name!r}.")


def _check_folders(paths):
    """A file that is also another one's folder cannot be written."""
    files = set(paths)
    for path in paths:
        for parent in PurePosixPath(path).parents:
            if str(parent) in files:
                raise Refusal(f"The archive has {str(parent)!r} as a file and as a folder.")
