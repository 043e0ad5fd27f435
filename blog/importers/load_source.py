"""What a source has lost or renamed since the last import, and the files of it that nothing here shows."""

import hashlib

from django.db.models import Q

from blog.importers.report import LEFT_OUT
from blog.models import Page, Post, SourceFile

BASE = ("path", "source_path", "source_root", "language", "source_digest", "imported")
GONE = "The source has no such file any more; the {kind} at {path} stays. Delete it in the admin, or use --prune."
EDITED = "The source has no such file any more, but the {kind} at {path} was edited here; it stays."
LARGEST = 10_000_000
CHUNK = 500
OURS = "data/discussions/"  # written by an export from what is stored elsewhere


class Gone:
    """Entries whose files the source no longer has: renamed ones are found again, the rest is left."""

    def __init__(self, source_keys):
        self.entries = {}
        for model in (Post, Page):
            known = model.objects.exclude(source_path="").values_list("pk", "source_path", "language")
            lost = [pk for pk, *key in known.iterator() if tuple(key) not in source_keys]
            for first in range(0, len(lost), CHUNK):
                found = model.objects.filter(pk__in=lost[first : first + CHUNK])
                self._add(found.only(*BASE, "title", "published_at"))
        self.traces = {}
        for entry in self.entries.values():
            for trace in _traces(entry.source_digest, entry.path, entry.title, entry.published_at):
                self.traces.setdefault(trace, []).append(entry)

    def _add(self, entries):
        for entry in entries:
            self.entries[entry._meta.model_name, entry.pk] = entry

    def find(self, record):
        """The entry of a file that now has another name: by its bytes, else its address, else title and date."""
        for trace in _traces(record.digest, record.path, record.title, record.published_at):
            found = [entry for entry in self.traces.get(trace, ()) if self._is_left(entry)]
            if len(found) == 1 and found[0].language == record.language:
                del self.entries[found[0]._meta.model_name, found[0].pk]
                return found[0]
        return None

    def _is_left(self, entry):
        return (entry._meta.model_name, entry.pk) in self.entries


def _traces(digest, path, title, date):
    yield "digest", digest
    yield "path", path
    if title and date:
        yield "title", title, date


def written_here(paths):
    """Entries at these paths that came from no file; an export may have given them one."""
    found = {}
    for model in (Page, Post):
        for entry in model.objects.filter(source_path="", path__in=paths):
            found[entry.path] = entry
    return found


class SourceFiles:
    """Keeps the bytes of what is neither an entry nor a file that is served."""

    def __init__(self, report, dry_run):
        self.report, self.dry_run = report, dry_run
        self.taken = set()

    def take(self, record):
        """Its entry gives this file back to an export; not so where the text is not all of its bytes."""
        text = (record.front_matter + record.body).encode()
        if hashlib.sha256(text).hexdigest() == record.digest:
            self.taken.add(f"{record.source_root}/{record.source_path}")

    def load(self, files):
        """Bring the table in step with the source: new, changed, and gone."""
        known = dict(SourceFile.objects.values_list("path", "digest"))
        rest = (file for file in files if file.place not in self.taken and not file.place.startswith(OURS))
        seen = {file.place for file in rest if self._load(file, known) or file.place in known}
        gone = sorted(set(known) - seen)
        if not self.dry_run:
            for first in range(0, len(gone), CHUNK):
                SourceFile.objects.filter(Q(path__in=gone[first : first + CHUNK])).delete()

    def _load(self, file, known):
        try:
            if file.source.stat().st_size > LARGEST:
                self._leave_out(file, f"It has more than {LARGEST:,} bytes and is not kept for an export.")
                return False
            content = file.source.read_bytes()
        except OSError:  # the reader has said so already
            return False
        digest = hashlib.sha256(content).hexdigest()
        if known.get(file.place) != digest and not self.dry_run:
            kept = {"content": content, "digest": digest}
            SourceFile.objects.update_or_create(path=file.place[:800], defaults=kept)
        return True

    def _leave_out(self, file, reason):
        if any(problem.path == file.place for problem in self.report.problems):
            return
        self.report.files[LEFT_OUT] += 1
        self.report.problem(file.place, reason)
