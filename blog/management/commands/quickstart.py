import os
import sys

from django.conf import settings
from django.core.management.base import BaseCommand
from django.db import connections

from blog.management import first_run
from blog.management.output import counted
from config import server, startup
from config.supervisor import supervised


class Command(BaseCommand):
    help = (
        "Makes whatever is missing (tables, static files, a demo, an editor's account) and serves the site."
    )
    requires_system_checks = []

    def add_arguments(self, parser):
        parser.add_argument("--no-serve", action="store_true", help="Make everything ready, and end.")

    def handle(self, *, no_serve, **options):
        port = settings.PORT
        problems = [*startup.folder_is_closed(), *startup.database_is_away()]
        startup.refuse_if(problems if no_serve else [*startup.port_is_taken(port), *problems])
        self.prepare()
        self.announce(first_run.ready_editor())
        if not no_serve:
            connections.close_all()
            sys.stdout.flush()
            os.chdir(settings.BASE_DIR)
            os.execv(sys.executable, supervised(server.command(port), with_mail=True))  # noqa: S606

    def prepare(self):
        if first_run.ready_database():
            self.stdout.write("The database is ready.")
        if first_run.ready_static_files():
            self.stdout.write("Static files are collected.")
        demo = first_run.ready_demo()
        if demo:
            entries, problems = demo
            self.stdout.write(f"A demo was brought in: {counted(entries, 'entry', 'entries')}.")
            self.stderr.write("".join(f"{problem}\n" for problem in problems), ending="")

    def announce(self, password):
        self.stdout.write(f"\n  The site   {settings.SITE_URL}/")
        self.stdout.write(f"  To write   {settings.SITE_URL}/admin/")
        if password:
            self.stdout.write(f"  Log in as  {first_run.EDITOR}, password {password}  (shown this once)")
        elif password == "":
            reset = f".venv/bin/python manage.py changepassword {first_run.EDITOR}"
            self.stdout.write(f"  Log in as  {first_run.EDITOR}; for a new password: {reset}")
        self.stdout.write("\nCtrl-C ends it.\n")
