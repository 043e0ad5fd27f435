from django.contrib.auth import get_user_model
from django.core.management.base import BaseCommand, CommandError

from config import second_factor


class Command(BaseCommand):
    help = "Turns two-factor login off for somebody who has lost both the app and the recovery codes."

    def add_arguments(self, parser):
        parser.add_argument("username")

    def handle(self, *, username, **options):
        users = get_user_model()
        user = users.objects.filter(**{users.USERNAME_FIELD: username}).first()
        if user is None:
            raise CommandError(f"There is nobody called {username!r} here.", returncode=2)
        if second_factor.turn_off(user):
            self.stdout.write(f"Two-factor login is off for {username}: the password alone logs in.")
        else:
            self.stdout.write(f"Two-factor login was not on for {username}; nothing was changed.")
