import sys
from difflib import unified_diff
from pathlib import Path

from django.core.management.base import BaseCommand, CommandError

from blog.importers import READERS, open_source
from blog.importers.load import OURS, THEIRS, load
from blog.importers.records import SourceError
from blog.importers.report import CREATED, LEFT_OUT, REMOVED, UNCHANGED, UPDATED
from blog.management.output import Progress, counted

LONGEST_DIFF = 40


class Command(BaseCommand):
    help = (
        "Brings a site in. Running it again brings what has changed in the source, and touches nothing else."
    )

    def add_arguments(self, parser):
        parser.add_argument(
            "format", choices=sorted(READERS), metavar="FORMAT", help=f"One of: {', '.join(READERS)}."
        )
        parser.add_argument(
            "source", metavar="SOURCE", help="For hugo: the site's folder, or its content folder."
        )
        parser.add_argument(
            "--dry-run", action="store_true", help="Say what would be done, and write nothing."
        )
        side = parser.add_mutually_exclusive_group()
        side.add_argument(
            "--ours",
            action="store_const",
            const=OURS,
            default="",
            dest="prefer",
            help="Keep our version of entries that were changed in their files and here.",
        )
        side.add_argument(
            "--theirs",
            action="store_const",
            const=THEIRS,
            dest="prefer",
            help="Take the files' version of them.",
        )
        parser.add_argument(
            "--prune",
            action="store_true",
            help="Delete entries whose files are gone from the source, unless they were edited here.",
        )

    def handle(self, *, format, source, dry_run, prefer, prune, verbosity, **options):
        try:
            reader = open_source(format, Path(source))
        except SourceError as error:
            raise CommandError(str(error), returncode=2) from error
        with Progress(self.stdout, "Importing", quiet=not verbosity) as bar:

            def progress(path, outcome):
                if verbosity > 1 and outcome != UNCHANGED:
                    bar.clear()
                    self.stdout.write(f"{path}: {outcome}")
                bar.advance()

            report = load(reader, dry_run=dry_run, prefer=prefer, prune=prune, progress=progress)
        self.print_report(report, dry_run, verbosity)
        if not report.ok:
            sys.exit(1)

    def print_report(self, report, dry_run, verbosity):
        for line in [*report.problems, *report.remarks]:
            self.stderr.write(str(line))
        for conflict in report.conflicts:
            self.print_versions(conflict)
        for name, places in sorted(report.shortcodes.items()):
            shown = ", ".join(places[:3]) + (", …" if len(places) > 3 else "")
            self.stderr.write(f"Unknown shortcode {name}, {counted(len(places), 'time')}: {shown}")
        if not verbosity:
            return
        if dry_run:
            self.stdout.write("Nothing was written. A run would do this:")
        self.stdout.write(f"Entries: {counts(report.entries)}.")
        self.stdout.write(f"Files: {counts(report.files)}.")
        if report.comments:
            self.stdout.write(f"Comments: {counts(report.comments)}.")
        if report.problems:
            self.stdout.write(f"{counted(len(report.problems), 'problem')}, named above.")

    def print_versions(self, conflict):
        """What differs, our lines with a minus and the file's with a plus."""
        self.stderr.write(f"{conflict.path}: decide with --ours (-) or --theirs (+):")
        for name, ours, theirs in conflict.fields:
            lines = unified_diff(ours.splitlines(), theirs.splitlines(), n=1, lineterm="")
            for line in list(lines)[2 : 2 + LONGEST_DIFF]:
                self.stderr.write(f"    {name}: {line}")


def counts(counter):
    outcomes = [CREATED, UPDATED, UNCHANGED] + [name for name in (LEFT_OUT, REMOVED) if counter[name]]
    return ", ".join(f"{counter[outcome]:,} {outcome}" for outcome in outcomes)
