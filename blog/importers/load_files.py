"""Files that came with a site: copied into the media storage, each found again at the path it had."""

import hashlib

from django.conf import settings
from django.contrib.staticfiles import finders
from django.core.exceptions import SuspiciousFileOperation
from django.core.files import File as OpenFile
from django.core.files.storage import default_storage

from blog.importers.load_addresses import is_reserved
from blog.importers.report import CREATED, LEFT_OUT, UNCHANGED, UPDATED
from blog.models import File
from blog.uploads import FOLDER as UPLOADS

FOLDER = "site"
PICTURES = (".png", ".jpg", ".jpeg", ".gif", ".webp", ".avif")
LONGEST = 800


class Files:
    """Brings files in. One that is stored already, byte for byte, is not copied again."""

    def __init__(self, report, dry_run):
        self.report, self.dry_run = report, dry_run
        self.seen = {}
        self.stored = set()  # where those that came in lie in the source

    def load(self, files):
        """A query for all of them, a statement for those that are new. Gives the outcome of each, by path."""
        refusals = [_refusal(file.path) for file in files]
        wanted = [file.path for file, refusal in zip(files, refusals, strict=True) if not refusal]
        known = {row.path: row for row in File.objects.filter(path__in=wanted)}
        new, outcomes = [], []
        for file, refusal in zip(files, refusals, strict=True):
            if _upload_name(file.path):
                outcome = self._load_upload(file)
            else:
                outcome = self._leave_out(file, refusal) if refusal else self._load(file, known, new)
            self.report.files[outcome] += 1
            outcomes.append((file.path, outcome))
        File.objects.bulk_create(new)
        return outcomes

    def _load(self, file, known, new):
        try:
            digest = _digest_of(file.source)
            if file.path in self.seen:
                return self._second(file, digest)
            self.seen[file.path] = digest
            self.stored.add(file.place)
            return self._store(file, digest, known.get(file.path), new)
        except (OSError, SuspiciousFileOperation) as error:
            return self._leave_out(file, f"It could not be copied: {_sentence(error)}")

    def _second(self, file, digest):
        if self.seen[file.path] == digest:
            return UNCHANGED
        return self._leave_out(file, f"Another file has the address {file.path} already.")

    def _store(self, file, digest, row, new):
        name = FOLDER + file.path
        if row and row.digest == digest and default_storage.exists(row.file.name):
            if row.source_path != file.place and not self.dry_run:
                File.objects.filter(pk=row.pk).update(source_path=file.place)
            return UNCHANGED
        if not self.dry_run:
            values = {"file": _copy(file.source, name), "digest": digest, "source_path": file.place}
            if row:
                File.objects.filter(pk=row.pk).update(**values)
            else:
                new.append(File(path=file.path, **values))
        return UPDATED if row else CREATED

    def _load_upload(self, file):
        """A picture that an editor once uploaded, and an export gave out: back to its place."""
        name = _upload_name(file.path)
        try:
            self.stored.add(file.place)
            if not default_storage.exists(name):
                if not self.dry_run:
                    _copy(file.source, name)
                return CREATED
            with default_storage.open(name) as stored, file.source.open("rb") as given:
                is_same = _digest(stored) == _digest(given)
        except (OSError, SuspiciousFileOperation) as error:
            return self._leave_out(file, f"It could not be copied: {_sentence(error)}")
        return UNCHANGED if is_same else self._leave_out(file, f"Another file is at {file.path} here.")

    def _leave_out(self, file, reason):
        self.report.problem(str(file.source), reason)
        return LEFT_OUT


def _refusal(path):
    parts = path.split("/")
    if path[:1] != "/" or ".." in parts or "." in parts or "" in parts[1:] or "\\" in path or "\0" in path:
        return f"{path!r} is no path a file can be served at."
    if len(path) > LONGEST:
        return "Its path is too long."
    return f"The site itself answers at {path}." if _is_taken(path) else ""


def _is_taken(path):
    """Below the folder of our own static files the old site's have their place too, where none of ours has the name."""
    if path.startswith(settings.STATIC_URL):
        return bool(finders.find(path.removeprefix(settings.STATIC_URL)))
    return is_reserved(path)


def _upload_name(path):
    """The name in the storage of what an editor's picture is called on the site, "" for any other path."""
    start = f"{settings.MEDIA_URL}{UPLOADS}/"
    name = f"{UPLOADS}/{path[len(start) :]}"
    is_one = path.startswith(start) and not _refusal(f"/{name}") and name.lower().endswith(PICTURES)
    return name if is_one else ""


def _digest_of(source):
    if not source.is_file():
        raise OSError("it is not a file")
    with source.open("rb") as handle:
        return _digest(handle)


def _digest(handle):
    digest = hashlib.sha256()
    while chunk := handle.read(1 << 20):
        digest.update(chunk)
    return digest.hexdigest()


def _copy(source, name):
    """Store the file under this very name. The row is written later: a break-off leaves a file that is copied again."""
    default_storage.delete(name)
    with source.open("rb") as handle:
        return default_storage.save(name, OpenFile(handle))


def _sentence(error):
    return (getattr(error, "strerror", None) or str(error)).rstrip(".") + "."
