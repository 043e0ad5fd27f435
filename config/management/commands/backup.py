from functools import partial
from pathlib import Path

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.db import DatabaseError

from blog.management.output import Progress, counted
from config.archive import Refusal
from config.backup import dated, drop_old, make_backup

SUFFIX = ".zip"
FEW = 14


class Command(BaseCommand):
    help = "Writes the whole site, database and uploaded files, into one archive. The site may run meanwhile."
    requires_system_checks = []
    requires_migrations_checks = False

    def add_arguments(self, parser):
        parser.add_argument(
            "file", type=Path, nargs="?", help="Such as /backups/site.zip. Left out: below DATA_DIR, dated."
        )
        parser.add_argument(
            "--keep",
            type=int,
            metavar="N",
            help="Put the date into the name, and delete all but the newest N of that name.",
        )
        parser.add_argument("--force", action="store_true", help="Replace the file if it is there.")

    def handle(self, *, file, keep, force, verbosity, **options):
        if keep is not None and keep < 1:
            raise CommandError("--keep takes a number from 1 on.", returncode=2)
        if file is None:
            file, keep = settings.DATA_DIR / "backups" / f"site{SUFFIX}", keep or FEW
        if file.is_dir():
            raise CommandError(
                f"{file} is a folder; give a file in it: {file / ('site' + SUFFIX)}", returncode=2
            )
        progress = partial(Progress, self.stderr, quiet=not verbosity)
        try:
            report = make_backup(dated(file) if keep else file, force=force, progress=progress)
        except (Refusal, DatabaseError) as error:
            raise CommandError(str(error), returncode=2) from error
        removed = drop_old(file, keep) if keep else []
        self.tell(report, removed, verbosity)

    def tell(self, report, removed, verbosity):
        for problem in report.problems:
            self.stderr.write(problem)
        if verbosity:
            what = f"{counted(report.rows, 'row')}, {counted(report.files, 'file')}, {report.size / 1048576:,.1f} MiB"
            self.stdout.write(f"{report.path}: {what}, read back and found whole.")
            for path in removed:
                self.stdout.write(f"{path}: deleted, newer ones are there.")
        if report.problems:
            raise SystemExit(1)
