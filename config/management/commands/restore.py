from functools import partial
from pathlib import Path

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.db import DatabaseError

from blog.management.output import Progress, counted
from config import restore
from config.archive import Archive, Refusal
from config.backup import dated, make_backup


class Command(BaseCommand):
    help = (
        "Brings a site back from its archive: into an empty site, or with --replace in the place of another."
    )
    requires_system_checks = []
    requires_migrations_checks = False

    def add_arguments(self, parser):
        parser.add_argument("file", type=Path, help="What `manage.py backup` wrote.")
        parser.add_argument(
            "--check", action="store_true", help="Only read the archive and say whether it is sound."
        )
        parser.add_argument(
            "--replace",
            action="store_true",
            help="Put it in the place of the site that is here, after a backup of that one.",
        )
        parser.add_argument(
            "--no-backup",
            action="store_true",
            help="With --replace: make no backup of what is here, for instance because it is damaged.",
        )

    def handle(self, *, file, check, replace, no_backup, verbosity, **options):
        progress = partial(Progress, self.stderr, quiet=not verbosity)
        self.say = self.stdout.write if verbosity else lambda line: None
        settings.DATA_DIR.mkdir(parents=True, exist_ok=True)
        try:
            with Archive(file) as archive:
                restore.check(archive, progress)
                self.describe(archive)
                if not check:
                    self.make_room(replace, no_backup, progress)
                    self.bring(archive, progress)
        except (Refusal, DatabaseError) as error:
            raise CommandError(str(error), returncode=2) from error

    def describe(self, archive):
        facts = archive.manifest
        self.say(
            f"The archive is sound: {facts.get('site')}, {facts.get('made_at')}, from {facts.get('database')}."
        )

    def make_room(self, replace, no_backup, progress):
        if no_backup and replace:
            return
        here = restore.what_is_here()
        if here and not replace:
            raise Refusal(
                f"There is a site here already ({here}), and nothing was changed. "
                "Give --replace to put the archive in its place; a backup of this one is made first."
            )
        if here:
            kept = make_backup(dated(settings.DATA_DIR / "backups" / "before-restore.zip"), progress=progress)
            self.say(f"The site that was here is kept in {kept.path}.")

    def bring(self, archive, progress):
        report = restore.restore(archive, progress)
        self.say(f"Restored: {counted(report.rows, 'row')}, {counted(report.files, 'file')}.")
        self.say("If the site is running, restart it now.")
