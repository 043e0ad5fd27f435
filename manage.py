#!/usr/bin/env python
import os
import sys


def main():
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    try:
        from django.core.management import execute_from_command_line
    except ImportError as error:
        raise SystemExit(f"Django is not installed for {sys.executable}. Run `make setup` first.") from error
    from django.db import OperationalError

    try:
        execute_from_command_line(sys.argv)
    except OperationalError as error:
        from config.startup import database_is_away

        problems = list(database_is_away())
        if not problems:
            raise
        raise SystemExit("\n".join(problems)) from error


if __name__ == "__main__":
    main()
