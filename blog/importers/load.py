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
    edited_here,
    key_of,
    marks_of_entry,
    marks_of_record,
    moved_here,
    prefetch_terms,
    site_digest,
)
from blog.importers.load_columns import columns, fit
from blog.importers.load_entries import Guids, Plan, Writer
from blog.importers.load_files import Files
from blog.importers.load_site import load_site, options_for
from blog.importers.load_terms import Authors, Vocabularies
from blog.importers.records import Problem
from blog.importers.report import CREATED, LEFT_OUT, UNCHANGED, UPDATED, Report
from blog.importers.workers import Renderer, Text, Workers
from blog.models import Page, Post
from config.links import absolute

BATCH = 200
REFUSED = (DataError, IntegrityError, ValueError, TypeError, OverflowError)

Progress = Callable[[str, str], None]


def load(
    source: Source,
    *,
    dry_run: bool = False,
    progress: Progress = lambda path, outcome: None,
    processes: int | None = None,
) -> Report:
    """Bring a source in; say what came of it.

    source     what open_source() gives
    dry_run    find out and report, write nothing
    progress   called for each entry and file when it is done, with its path and outcome
    processes  how many render; one for each processor if not given, 1 or 0 to render in this one
    """
    return _Load(source, dry_run, progress).run(processes)


class _Load:
    def __init__(self, source, dry_run, progress):
        self.source, self.dry_run, self.progress = source, dry_run, progress
        self.report = Report()
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
        renderer = Renderer(self.options, self.source.resolve_ref, site)
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
        if not self.dry_run:
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
        self.addresses.look_up(records)
        plans = [self._plan_one(record, known.get(source_key(record))) for record in records]
        self._judge_changed([plan for plan in plans if plan.outcome == UPDATED])
        for plan in plans:
            if _is_written(plan):
                plan.aliases = self.addresses.aliases(plan.record)
        self.guids.give([plan for plan in plans if plan.outcome == CREATED])
        return plans

    def _plan_one(self, record, existing):
        key = key_of(record, self.site_digest)
        if existing and moved_here(existing):
            path = existing.path
            self.addresses.keep(existing)
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
        edited = edited_here(entry, ours)
        if not edited:
            return
        if entry.source_digest == plan.record.digest:
            plan.outcome = UNCHANGED
            return
        theirs = marks_of_record(plan.record, plan.record.path, plan.model, self.vocabularies, self.authors)
        differing = [name for name in edited if ours.get(name) != theirs.get(name)]
        if differing:
            plan.outcome = LEFT_OUT
            names = ", ".join(differing)
            reason = (
                f"It was changed in this file and edited here ({names}) since the last import; ours stays."
            )
            self.report.problem(plan.record.source_path, reason)

    # Doing it

    def _finish(self, plans, rendered):
        written = [plan for plan in plans if _is_written(plan)]
        for plan, outcome in zip(written, rendered(), strict=True):
            self._take_rendering(plan, outcome)
        if not self.dry_run:
            self._write(written)
        self._load_files([file for plan in plans for file in plan.record.files])
        for plan in plans:
            self.menu += [(label, plan.path, weight) for label, weight in plan.record.menu]
            self.report.entries[plan.outcome] += 1
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
        for name in fit(columns(record, plan.path, plan.model), plan.model):
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
            load_site(self.source.site, self.menu, self.report)


def _is_written(plan):
    return plan.outcome in (CREATED, UPDATED)


def _text(plan):
    record = plan.record
    context = {"path": plan.path, "source_path": record.source_path, "params": dict(record.params)}
    return Text(record.body, record.markup, context)


def _stored(records):
    """The entries that came from the same files, by the key of their source."""
    paths = [record.source_path for record in records]
    found = {}
    for model in (Page, Post):
        entries = model.objects.filter(source_path__in=paths)
        needed = entries.only("path", "source_path", "language", "source_digest", "imported")
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
