import os
import sys

from django.conf import settings
from django.core.management.base import BaseCommand
from django.db import connections

from blog.management import first_run
from config import server, startup
from config.databases import is_only_read
from config.supervisor import supervised


class Command(BaseCommand):
    help = "Serves the site, for a service manager or a container. Makes no demo and no account."
    requires_system_checks = []

    def add_arguments(self, parser):
        parser.add_argument(
            "--host", default="127.0.0.1", help="The address to listen on; 0.0.0.0 in a container."
        )
        parser.add_argument(
            "--prepare", action="store_true", help="First bring the tables and static files up to date."
        )

        parser.add_argument(
            "--no-mail",
            action="store_true",
            help="Leave the mails to a `manage.py work` that runs beside it.",
        )

    def handle(self, *, host, prepare, no_mail, **options):
        problems = startup.wait_until_served(settings.PORT, host, self.say)
        for problem in startup.folder_is_closed():
            self.say(f"{problem} Until then the site can only be read.")
        for problem in startup.nobody_says_https():
            self.say(problem)
        startup.refuse_if(problems)
        if prepare:
            first_run.ready_database()
            first_run.ready_static_files()
        else:
            startup.refuse_if(self.of_another_version())
        connections.close_all()
        os.chdir(settings.BASE_DIR)
        name = settings.DATABASES["default"]["NAME"]
        command = supervised(
            server.command(settings.PORT, host),
            with_mail=not no_mail,
            only_read=name if is_only_read(name) else "",
        )
        os.execv(sys.executable, command)  # noqa: S606

    def of_another_version(self):
        if first_run.tables_are_old():
            yield "The tables are those of another version. Run `manage.py migrate`, or add --prepare."
        if first_run.static_files_are_old():
            yield (
                "Static files were not collected, or are those of another version. "
                "Run `manage.py collectstatic --no-input`, or add --prepare."
            )

    def say(self, sentence):
        self.stderr.write(self.style.WARNING(sentence))
