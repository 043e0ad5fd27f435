"""What a site needs to be served, looked at before anything is begun: all that is missing is told in one message."""

import os
import socket
import time
from contextlib import closing

from django.conf import settings
from django.core.management import CommandError
from django.db import connections
from django.db.utils import DatabaseError
from django.db.utils import Error as DriverError

PATIENCE = 20  # seconds


def refuse_if(problems):
    found = list(problems)
    if found:
        raise CommandError(
            "\n".join(["The site cannot start.", *(f"- {each}" for each in found)]), returncode=2
        )


def port_is_taken(port, host="127.0.0.1"):
    """Servers may share a port, and then share its readers too: two sites would answer in turn."""
    if not is_port_free(port, host):
        yield f"Port {port} is taken by another program; choose a free one, such as PORT={port + 1}."


def is_port_free(port, host="127.0.0.1"):
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with closing(socket.socket(family)) as trial:
        trial.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            trial.bind((host, port))
        except OSError:
            return False
    return True


def folder_is_closed():
    """DATA_DIR is made where it is missing."""
    folder = settings.DATA_DIR
    try:
        folder.mkdir(parents=True, exist_ok=True)
        reason = "" if os.access(folder, os.W_OK | os.X_OK) else "this program's user may not write there"
    except OSError as error:
        reason = error.strerror
    if reason:
        yield f"DATA_DIR, {folder}, cannot be written: {reason}. Give it to the user this runs as, or name another folder."


def nobody_says_https():
    """The site itself speaks HTTP; that a reader came by HTTPS it hears of a proxy, if it believes one."""
    if settings.SECURE_SSL_REDIRECT and not settings.TRUSTED_PROXIES:
        yield (
            "SITE_URL is https, but no proxy is trusted to say who came that way: every reader is redirected for ever. "
            "Set TRUSTED_PROXIES to the address of the proxy in front."
        )


def database_is_away(alias="default"):
    """Asks over a connection of its own: the pool would keep the reason to itself."""
    wrapper = connections[alias].copy()
    options = {name: value for name, value in wrapper.settings_dict["OPTIONS"].items() if name != "pool"}
    if wrapper.vendor == "postgresql":
        options.setdefault("connect_timeout", 5)
    wrapper.settings_dict = wrapper.settings_dict | {"OPTIONS": options}
    try:
        with wrapper.cursor() as cursor:
            cursor.execute("SELECT 1")
    except (DatabaseError, DriverError, OSError) as error:
        reason = str(error).strip().splitlines()[0].rstrip(".")
        yield f"The database does not answer: {reason}. {_what_to_look_at(wrapper.vendor, alias)}"
    finally:
        wrapper.close()


def _what_to_look_at(vendor, alias):
    if vendor == "sqlite":
        return (
            "Look at the file's owner and the room on its disk; instead of a damaged one restore the newest backup "
            "(docs/backups.md)."
        )
    setting = "DATABASE_URL" if alias == "default" else "DATABASE_REPLICA_URL"
    return f"Is it running, and is {setting} right?"


def wait_until_served(port, host, say):
    """The problems that are left when patience has ended.

    After a restart of the machine the database may need a while; after a crash, what is left of the old server does.
    """

    def look():
        return [*port_is_taken(port, host), *database_is_away()]

    until, problems = time.monotonic() + PATIENCE, look()
    if problems:
        say("\n".join([*problems, f"It is tried again for {PATIENCE} seconds."]))
    while problems and time.monotonic() < until:
        time.sleep(0.5)
        problems = look()
    return problems
