from django.core.management.base import BaseCommand

from config.doctor import GOOD, NOTE, WRONG, examine

MARKS = {GOOD: "ok   ", NOTE: "note ", WRONG: "WRONG"}


class Command(BaseCommand):
    help = "Looks whether the site is well, and says what to do where it is not. Ends with 1 where something is wrong."
    requires_system_checks = []
    requires_migrations_checks = False

    def handle(self, *, verbosity, **options):
        styles = {GOOD: self.style.SUCCESS, NOTE: self.style.WARNING, WRONG: self.style.ERROR}
        wrong = 0
        for finding in examine():
            wrong += finding.level == WRONG
            if verbosity or finding.level == WRONG:
                self.stdout.write(f"{styles[finding.level](MARKS[finding.level])} {finding.sentence}")
                if finding.remedy:
                    self.stdout.write(f"      {finding.remedy}")
        if wrong:
            raise SystemExit(1)
