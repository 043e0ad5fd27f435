"""Does what requests have put off: tells people by mail. `make run` starts it; elsewhere it is a service of its own."""

from django.core.management.base import BaseCommand

from comments.worker import PostOffice
from config.ready import read_for_mail


class Command(BaseCommand):
    requires_system_checks = []
    help = (
        "Sends the mail that waits, and goes on doing so. Ends on SIGTERM or Ctrl-C, after the mail in hand."
    )

    def add_arguments(self, parser):
        parser.add_argument("--once", action="store_true", help="Do what there is to do now, and end.")
        parser.add_argument(
            "--interval", type=float, default=1.0, metavar="SECONDS", help="how often to look"
        )
        parser.add_argument("--parent", type=int, metavar="PID", help="end when this process is gone")

    def handle(self, *, once, interval, parent, verbosity, **options):
        office = PostOffice(interval, parent)
        if not once:
            read_for_mail()
            return office.run()
        sent = office.work()
        if verbosity:
            self.stdout.write(f"{sent} mails sent.")
