"""The whole site as a Hugo folder: content, files, what an import kept, and the discussions as data.

An entry nobody edited is written as it came. An edited one has its front matter patched where it was edited; a new
one is written like its neighbours.
"""

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from importlib.resources import files
from pathlib import Path

from django.core.files.storage import default_storage

from blog.exporters.discussions import discussion_of
from blog.exporters.entries import Source, written
from blog.exporters.fields import with_url
from blog.exporters.folder import Folder, PlaceError
from blog.exporters.new_entries import Neighbours
from blog.exporters.site import configuration, without_base
from blog.importers import open_source
from blog.importers.frontmatter import FrontMatterError
from blog.importers.load_changes import prefetch_terms
from blog.importers.patch import PatchError
from blog.importers.records import Problem, SourceError
from blog.models import File, Page, Post, SiteProfile, SourceFile
from blog.uploads import FOLDER as UPLOADS
from blog.uploads import address_of, names_below

BATCH = 200
DISCUSSIONS = "data/discussions"
PARTIAL = "layouts/partials/discussion.html"
Progress = Callable[[str], None]


@dataclass
class Report:
    """How many of each were written, and what could not be."""

    entries: Counter = field(default_factory=Counter)
    files: int = 0
    discussions: int = 0
    problems: list[Problem] = field(default_factory=list)

    @property
    def ok(self) -> bool:
        return not self.problems

    def problem(self, place: str, reason: str) -> None:
        self.problems.append(Problem(place, None, reason))


def export(
    path: Path, *, force: bool = False, private: bool = False, progress: Progress = lambda place: None
) -> Report:
    """Write the site into a folder. private: comments that readers do not see, and e-mail addresses, too."""
    return _Export(Folder(path, force=force), private, progress).run()


class _Export:
    def __init__(self, folder, private, progress):
        self.folder, self.private, self.progress = folder, private, progress
        self.report = Report()
        self.profile = SiteProfile.objects.filter(pk=1).first() or SiteProfile(pk=1)
        self.neighbours = Neighbours(self.profile)
        self.moved = []

    def run(self):
        for source_file in SourceFile.objects.iterator(BATCH):
            self._write(source_file.path, bytes(source_file.content))
        for model in (Post, Page):
            for entry in self._entries(model):
                self._export_entry(entry)
        self._write_configuration()
        self._give_addresses()
        for file in File.objects.iterator(BATCH):
            self._export_file(file)
        for name in names_below(UPLOADS):
            self._export_upload(name)
        if self.report.discussions and not self.folder.has(PARTIAL):
            self._write(PARTIAL, files("blog.exporters").joinpath("discussion.html").read_bytes())
        return self.report

    def _entries(self, model):
        """Those that came from files first: new ones may not take their names."""
        entries = prefetch_terms(model.objects.prefetch_related("aliases"))
        for chosen in (entries.exclude(source_path=""), entries.filter(source_path="")):
            yield from (
                chosen.defer("body_html", "text", "toc_html", "headings").order_by("pk").iterator(BATCH)
            )

    def _export_entry(self, entry):
        try:
            source = (
                written(entry, self.profile)
                if entry.source_path
                else self.neighbours.write(entry, self.folder)
            )
        except (PatchError, FrontMatterError) as error:
            self.report.problem(entry.source_path, f"An edit of {entry.path} is missing here: {error}")
            source = Source(
                f"{entry.source_root}/{entry.source_path}", entry.front_matter, entry.body, "unchanged"
            )
        if not self._write_source(source):
            return
        self.report.entries[source.state] += 1
        if source.may_have_moved:
            self.moved.append((entry, source))
        self._export_discussion(entry, source.place)
        self.progress(source.place)

    def _write_source(self, source):
        """A file whose bytes are no text was kept besides; they count until its entry is edited."""
        if self.folder.has(source.place):
            if source.state == "unchanged":
                return True
            self.folder.written.discard(source.place)
        return self._write(source.place, source.content)

    def _export_discussion(self, entry, place):
        content = discussion_of(entry, private=self.private)
        root = entry.source_root or "content"
        name = place.removeprefix(f"{root}/")
        if content and self._write(f"{DISCUSSIONS}/{name}.json", content):
            self.report.discussions += 1

    def _give_addresses(self):
        """Have the folder read as an import would; an entry that is not where it should be gets its address written."""
        if not self.moved:
            return
        try:
            reader = open_source("hugo", self.folder.path)
        except SourceError as error:
            self.report.problem(".", f"The folder cannot be read again: {error}")
            return
        for entry, source in self.moved:
            name = source.place.partition("/")[2] if not source.name else source.name
            if reader.resolve_ref(f"/{name}", name, entry.language) == entry.path:
                continue
            try:
                head = with_url(source.head, without_base(entry.path, self.profile))
            except PatchError as error:
                self.report.problem(source.place, str(error))
                continue
            self.folder.written.discard(source.place)
            self._write(source.place, (head + source.body).encode())

    def _write_configuration(self):
        """A site that never came from anywhere needs one, so that Hugo gives its pages their addresses."""
        came_from = (
            Post.objects.exclude(source_path="").exists() or Page.objects.exclude(source_path="").exists()
        )
        if not came_from and not any(name.startswith(("hugo.", "config")) for name in self.folder.written):
            self._write("hugo.toml", configuration(self.profile).encode())

    def _export_file(self, file):
        place = file.source_path or f"static{file.path}"
        if self.folder.has(place):  # one file of a bundle is served in every language
            return
        try:
            with file.file.open("rb") as content:
                self._write(place, content.chunks(), count=True)
        except OSError as error:
            self.report.problem(place, f"{file.path} is missing from the storage: {error.strerror or error}.")

    def _export_upload(self, name):
        with default_storage.open(name) as content:
            self._write(f"static{address_of(name)}", content.chunks(), count=True)

    def _write(self, place, content, count=False):
        try:
            self.folder.write(place, content)
        except PlaceError as error:
            self.report.problem(place, str(error))
            return False
        self.report.files += count
        return True
