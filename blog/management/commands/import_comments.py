"""Brings discussions from elsewhere below the texts they are about."""

from pathlib import Path

from django.core.management.base import BaseCommand, CommandError

from blog.management.discussions import disqus_discussions, find_post
from blog.management.output import counted
from comments.importers import READERS, commonplace
from comments.importers.load import load
from comments.importers.records import SourceError


class Command(BaseCommand):
    help = "Brings a discussion to a post. Run again, it changes only what changed at the origin."

    def add_arguments(self, parser):
        parser.add_argument("format", choices=sorted([*READERS, "commonplace"]))
        parser.add_argument("source", type=Path, metavar="FILE")
        parser.add_argument(
            "--post",
            metavar="SLUG",
            help="the post's slug, or its path on the site; a Disqus export knows its texts by their addresses",
        )

    def handle(self, *, format, source, post, verbosity, **options):
        try:
            placed, problems = self.discussions(format, source, post)
            left_out = len(problems)
            for problem in problems:
                self.stderr.write(str(problem))
            for target, found in placed:
                report = self.load(format, found, target)
                left_out += len(report.problems)
                if verbosity:
                    self.tell(report, target)
        except SourceError as error:
            raise CommandError(str(error), returncode=2) from error
        if left_out:
            raise CommandError(f"Left out: {left_out}.", returncode=1)

    def discussions(self, format, source, post):
        """Pairs of a text and the records of its discussion, and what belongs nowhere."""
        if format == "disqus":
            return disqus_discussions(source, post)
        if not post:
            raise CommandError("Say which post this is the discussion of: --post SLUG.", returncode=2)
        if format == "commonplace":
            return [(find_post(post), commonplace.read(source))], []
        return [(find_post(post), READERS[format](source))], []

    def load(self, format, found, target):
        return (
            commonplace.load(found, target) if format == "commonplace" else load(found, target, origin=format)
        )

    def tell(self, report, target):
        for problem in [*report.problems, *report.moved_up]:
            self.stderr.write(str(problem))
        self.stdout.write(
            f"“{target}”: {counted(report.created, 'comment')} created, {report.updated} updated, {report.unchanged} unchanged,"
            f" {len(report.moved_up)} moved to the top level, {len(report.problems)} left out."
        )
