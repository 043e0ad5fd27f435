"""From records to rows: compares what a source has with what is stored, and writes the difference.

A batch is one transaction. A run that breaks off leaves a site that the next run completes, for an entry is skipped
only when everything that decides about it is as it was when it was written.
"""

from collections import deque
from collections.abc import Callable

from django.db import DataError, IntegrityError, transaction

from blog.importers import Source
from blog.importers.load_addresses import Addresses, source_key
from blog.importers.load_changes import (
    both_versions,
    edited_here,
    key_of,
    marks_of_entry,
    marks_of_record,
    moved_here,
    prefetch_terms,
    site_digest,
)
from blog.importers.load_discussions import load_discussions
from blog.importers.load_entries import Guids, Plan, Writer
from blog.importers.load_files import Files
from blog.importers.load_lists import load_old_paths
from blog.importers.load_site import load_site, options_for
from blog.importers.load_source import BASE, EDITED, GONE, Gone, SourceFiles, written_here
from blog.importers.load_terms import Authors, Vocabularies
from blog.importers.records import Problem
from blog.importers.report import CREATED, LEFT_OUT, REMOVED, UNCHANGED, UPDATED, Conflict, Report
from blog.importers.workers import Renderer, Text, Workers, seldom_collecting
from blog.models import Page, Post
from blog.stocktaking import take_stock
from config.links import absolute

BATCH = 200
PREPARED = "prepared"  # a picture, for the screens it is shown on
OURS, THEIRS = "ours", "theirs"
REFUSED = (DataError, IntegrityError, ValueError, TypeError, OverflowError)

Progress = Callable[[str, str], None]


def load(
    source: Source,
    *,
    dry_run: bool = False,
    prefer: str = "",
    prune: bool = False,
    progress: Progress = lambda path, outcome: None,
    processes: int | None = None,
) -> Report:
    """Bring a source in; say what came of it.

    source     what open_source() gives
    dry_run    find out and report, write nothing
    prefer     whose version of an entry counts that was changed on both sides: OURS or THEIRS; else it is reported
    prune      delete entries whose files the source no longer has, those edited here excepted
    progress   called for each entry and file when it is done, with its path and outcome
    processes  how many render; one for each processor if not given, 1 or 0 to render in this one
    """
    with seldom_collecting():
        return _Load(source, dry_run, progress, prefer, prune).run(processes)


class _Load:
    def __init__(self, source, dry_run, progress, prefer, prune):
        self.source, self.dry_run, self.progress = source, dry_run, progress
        self.prefer, self.prune = prefer, prune
        self.report = Report()
        self.gone = Gone(source.source_keys())
        self.source_files = SourceFiles(self.report, dry_run)
        self.addresses, self.guids = Addresses(self.report), Guids()
        self.vocabularies, self.authors = Vocabularies(), Authors()
        self.writer = Writer(self.vocabularies, self.authors)
        self.files = Files(self.report, dry_run)
        self.options = options_for(source.site)
        self.menu = []
        self.base_url = source.site.base_url or absolute("/")
        self.site_digest = site_digest(source.site, self.options)

    def run(self, processes):
        site = {"base_url": self.base_url, "site_params": dict(self.source.site.params)}
        renderer = Renderer(self.options, self.source.resolve_ref, self.source.resolve_page, site)
        with Workers(renderer, processes) as workers:
            under_way = deque()
            for records in _batches(self._sound(self.source.entries())):
                plans = self._plan(records)
                under_way.append((plans, workers.start([_text(plan) for plan in plans if _is_written(plan)])))
                if len(under_way) > 1:  # while one batch is being rendered, the one before is written
                    self._finish(*under_way.popleft())
            for plans, rendered in under_way:
                self._finish(plans, rendered)
        for files in _batches(self._sound(self.source.static_files())):
            self._load_files(files)
        self.source_files.taken |= self.files.stored
        self.source_files.load(self.source.all_files())
        self._judge_gone()
        load_discussions(self.source.discussions(), self.report, self.dry_run)
        if not self.dry_run:
            take_stock(processes, lambda address: self.progress(address, PREPARED))
            self._finish_site()
        return self.report

    def _sound(self, items):
        """Pass on what can be loaded, and note what cannot."""
        for item in items:
            if isinstance(item, Problem):
                self.report.problems.append(item)
            else:
                yield item

    # What shall be done

    def _plan(self, records):
        known = _stored(records)
        self._recognise(records, known)
        self.addresses.look_up(records)
        plans = [self._plan_one(record, known.get(source_key(record))) for record in records]
        self._judge_changed([plan for plan in plans if plan.outcome == UPDATED])
        for plan in plans:
            if _is_written(plan):
                plan.aliases = self.addresses.aliases(plan.record)
        self.guids.give([plan for plan in plans if plan.outcome == CREATED])
        return plans

    def _recognise(self, records, known):
        """Find the entries of files that were renamed, and of files that an export has made."""
        new = [record for record in records if source_key(record) not in known]
        at_its_path = written_here([record.path for record in new]) if new else {}
        for record in new:
            entry = self.gone.find(record)
            if entry is None and (entry := at_its_path.get(record.path)) and not self._is_same(entry, record):
                continue
            if entry is not None:
                self.addresses.hand_over(entry, record)
                known[source_key(record)] = entry

    def _is_same(self, entry, record):
        return not self._differing(entry, record, marks_of_entry(entry))

    def _differing(self, entry, record, ours):
        """The fields in which an entry and a record differ."""
        theirs = marks_of_record(record, record.path, type(entry), self.vocabularies, self.authors)
        return [name for name in dict.fromkeys([*ours, *theirs]) if ours.get(name) != theirs.get(name)]

    def _plan_one(self, record, existing):
        key = key_of(record, self.site_digest)
        if existing and moved_here(existing):
            path = existing.path
            self.addresses.keep(path, record)
        else:
            path = self.addresses.place(record)
        plan = Plan(record, existing, path, key)
        if existing is None:
            plan.outcome = CREATED
        elif existing.imported.get("key") != key or existing.path != path:
            plan.outcome = UPDATED
        return plan

    def _judge_changed(self, plans):
        """Of entries that would be written again, leave alone those that were edited here."""
        for model in (Post, Page):
            chosen = [plan for plan in plans if plan.model is model]
            entries = prefetch_terms(model.objects.filter(pk__in=[plan.existing.pk for plan in chosen]))
            by_pk = {entry.pk: entry for entry in entries}
            for plan in chosen:
                self._judge(plan, by_pk[plan.existing.pk])

    def _judge(self, plan, entry):
        ours = marks_of_entry(entry)
        edited = edited_here(entry, ours) if entry.imported else ["path"]
        if not edited:
            return
        differing = self._differing(entry, plan.record, ours)
        if not differing:
            plan.outcome, plan.settles = UNCHANGED, True
        elif entry.source_digest == plan.record.digest:
            plan.outcome = UNCHANGED
            plan.settles = source_key(entry) != source_key(plan.record)
        elif self.prefer == THEIRS or not (contested := [name for name in edited if name in differing]):
            return
        elif self.prefer == OURS:
            plan.outcome, plan.settles = UNCHANGED, True
        else:
            plan.outcome = LEFT_OUT
            self._report_conflict(plan.record, entry, contested, differing)

    def _report_conflict(self, record, entry, contested, differing):
        names = ", ".join(contested)
        self.report.problem(
            record.source_path,
            f"It was changed in this file and edited here ({names}) since the last import; ours stays.",
        )
        self.report.conflicts.append(Conflict(record.source_path, both_versions(entry, record, differing)))

    def _judge_gone(self):
        """Entries whose files are no longer there: named, and deleted only on request."""
        for entry in self.gone.entries.values():
            marks = marks_of_entry(entry)
            place = {"kind": entry._meta.verbose_name, "path": entry.path}
            if not self.prune:
                self.report.remark(entry.source_path, GONE.format(**place))
            elif edited_here(entry, marks):
                self.report.problem(entry.source_path, EDITED.format(**place))
            else:
                self.report.entries[REMOVED] += 1
                if not self.dry_run:
                    entry.delete()

    # Doing it

    def _finish(self, plans, rendered):
        written = [plan for plan in plans if _is_written(plan)]
        for plan, outcome in zip(written, rendered(), strict=True):
            self._take_rendering(plan, outcome)
        if not self.dry_run:
            self._write(written)
            with transaction.atomic():
                self.writer.settle([plan for plan in plans if plan.settles])
        self._load_files([file for plan in plans for file in plan.record.files])
        for plan in plans:
            self.menu += [(label, plan.path, weight) for label, weight in plan.record.menu]
            self.report.entries[plan.outcome] += 1
            if plan.existing or plan.outcome != LEFT_OUT:
                self.source_files.take(plan.record)
            self.progress(plan.record.source_path, plan.outcome)

    def _take_rendering(self, plan, outcome):
        record = plan.record
        head = record.front_matter.count("\n")
        if isinstance(outcome, Exception):
            self.report.problem(record.source_path, f"It could not be rendered: {outcome!r}.")
            return
        plan.rendered = outcome
        for reason, line in outcome.problems:
            self.report.remark(record.source_path, reason, line + head)
        for name, line in outcome.unknown_shortcodes:
            self.report.unknown_shortcode(name, record.source_path, line + head)
        if len(record.series) > 1:
            self.report.remark(record.source_path, "It names several series; it belongs to the first.")
        plan.columns()
        for name in plan.cut:
            self.report.problem(record.source_path, f"Its {name} is too long and was cut.")

    def _write(self, plans):
        try:
            with transaction.atomic():
                self.writer.write(plans)
        except REFUSED as error:
            self.vocabularies.forget()
            self.authors.forget()
            self._write_singly(plans, error)

    def _write_singly(self, plans, error):
        """Find the one that the database does not take, and let the others in."""
        if len(plans) > 1:
            for plan in plans:
                self._write([plan])
        else:
            plans[0].outcome = LEFT_OUT
            self.report.problem(
                plans[0].record.source_path, f"It cannot be stored: {error}".rstrip(".") + "."
            )

    def _load_files(self, files):
        for path, outcome in self.files.load(files):
            self.progress(path, outcome)

    def _finish_site(self):
        with transaction.atomic():
            self.vocabularies.describe(self.source.terms())
            load_old_paths(self.source, self.vocabularies, self.authors)
            load_site(self.source.site, self.menu, self.report)


def _is_written(plan):
    return plan.outcome in (CREATED, UPDATED)


def _text(plan):
    record = plan.record
    context = {"path": plan.path, "source_path": record.source_path, "params": dict(record.params)}
    return Text(record.body, record.markup, context, record.named, record.language)


def _stored(records):
    """The entries that came from the same files, by the key of their source."""
    paths = [record.source_path for record in records]
    found = {}
    for model in (Page, Post):
        entries = model.objects.filter(source_path__in=paths)
        needed = entries.only(*BASE)
        found |= {source_key(entry): entry for entry in needed}
    return found


def _batches(items):
    batch = []
    for item in items:
        batch.append(item)
        if len(batch) == BATCH:
            yield batch
            batch = []
    if batch:
        yield batch
