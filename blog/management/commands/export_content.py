import sys
from pathlib import Path

from django.core.management.base import BaseCommand, CommandError

from blog.exporters import WRITERS, writer
from blog.exporters.folder import FolderError
from blog.management.output import Progress, counted

STATES = ("unchanged", "changed", "new")


class Command(BaseCommand):
    help = (
        "Writes the whole site into a folder, discussions too. What came from a file and was not edited comes out as"
        " it went in."
    )

    def add_arguments(self, parser):
        parser.add_argument(
            "format", choices=sorted(WRITERS), metavar="FORMAT", help=f"One of: {', '.join(WRITERS)}."
        )
        parser.add_argument("folder", metavar="DIR", help="A new or empty folder.")
        parser.add_argument(
            "--force",
            action="store_true",
            help="Write into a folder that holds files, over those of the same name.",
        )
        parser.add_argument(
            "--private",
            action="store_true",
            help="With comments that wait or were refused, and with e-mail addresses.",
        )

    def handle(self, *, format, folder, force, private, verbosity, **options):
        with Progress(self.stdout, "Exporting", quiet=not verbosity) as bar:
            try:
                report = writer(format)(
                    Path(folder), force=force, private=private, progress=lambda _place: bar.advance()
                )
            except FolderError as error:
                raise CommandError(str(error), returncode=2) from error
        for problem in report.problems:
            self.stderr.write(str(problem))
        if verbosity:
            entries = ", ".join(f"{report.entries[state]:,} {state}" for state in STATES)
            self.stdout.write(f"Entries: {entries}.")
            self.stdout.write(f"Files: {report.files:,}. Discussions: {report.discussions:,}.")
        if not report.ok:
            if verbosity:
                self.stdout.write(f"{counted(len(report.problems), 'problem')}, named above.")
            sys.exit(1)
