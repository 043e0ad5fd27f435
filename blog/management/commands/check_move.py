import sys
from pathlib import Path

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.template.loader import render_to_string
from django.utils import timezone

from blog.importers.records import SourceError
from blog.management.output import Progress
from blog.receipt import hugo
from blog.receipt.hugo_build import BuildError

FORMATS = {"hugo": hugo.check}


class Command(BaseCommand):
    help = "Holds an old site against this one, and prints what is the same and every difference."

    def add_arguments(self, parser):
        parser.add_argument(
            "format", choices=sorted(FORMATS), metavar="FORMAT", help=f"One of: {', '.join(FORMATS)}."
        )
        parser.add_argument("source", type=Path, metavar="SOURCE", help="The old site's folder.")
        how = parser.add_mutually_exclusive_group()
        how.add_argument("--public", type=Path, metavar="DIR", help="The folder the old site was built into.")
        how.add_argument("--build", action="store_true", help="Have Hugo build the site in a temporary copy.")
        parser.add_argument(
            "--html",
            type=Path,
            metavar="FILE",
            help="Where the receipt is written; DATA_DIR/receipt.html if not given.",
        )

    def handle(self, *, format, source, public, build, html, verbosity, **options):
        if public and not public.is_dir():
            raise CommandError(f"{public} is not a folder.", returncode=2)
        with Progress(self.stdout, "Comparing", quiet=not verbosity) as bar:
            try:
                receipt = FORMATS[format](
                    source, public=public, build=build, progress=lambda _name: bar.advance()
                )
            except (SourceError, BuildError) as error:
                raise CommandError(str(error), returncode=2) from error
        html = html or Path(settings.DATA_DIR) / "receipt.html"
        self.write_page(receipt, html)
        self.tell(receipt, verbosity)
        if verbosity:
            self.stdout.write(f"The receipt is in {html}.")
        if not receipt.ok:
            sys.exit(1)

    def tell(self, receipt, verbosity):
        for check in receipt.checks.values():
            for each in check.differences:
                line = f"{check.label}: {each.place}: there “{each.old}”, here “{each.new}”"
                self.stderr.write(" ".join(line.split()))
        if not verbosity:
            return
        self.stdout.write(f"{receipt.source}, {receipt.how}.")
        for check in receipt.checks.values():
            line = f"{check.label:<16} {check.percent:>8}  {check.same:,} of {check.total:,}"
            self.stdout.write(
                f"{check.label:<16} not checked: {check.not_checked}" if check.not_checked else line
            )

    def write_page(self, receipt, path):
        context = {"receipt": receipt, "checks": list(receipt.checks.values()), "now": timezone.now()}
        try:
            path.write_text(render_to_string("blog/receipt.html", context))
        except OSError as error:
            raise CommandError(f"{path} cannot be written: {error.strerror}.", returncode=2) from error
