"""A site that cannot start says why: everything that is wrong, in one message, in sentences."""

import os
import socket
import subprocess
import sys
from contextlib import closing

import pytest
from django.conf import settings
from django.core.management import CommandError, call_command

from blog.management import first_run
from config import startup
from tests.running import OWN

KEY = "0123456789abcdefghijklmnopqrstuvwxyz"
NOBODY_LISTENS = "postgres://me:word@127.0.0.1:1/site"


def run(tmp_path, *command, **environment):
    """What manage.py says on its way out, and its exit status."""
    kept = {name: value for name, value in os.environ.items() if name not in OWN}
    given = {"DATA_DIR": str(tmp_path), "DJANGO_SETTINGS_MODULE": "config.settings"} | environment
    done = subprocess.run(
        [sys.executable, "manage.py", *command],
        cwd=settings.BASE_DIR,
        env=kept | given,
        capture_output=True,
        text=True,
        timeout=120,
    )
    assert "Traceback" not in done.stderr
    return done.stderr, done.returncode


@pytest.fixture
def taken_port():
    with closing(socket.socket()) as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        yield str(other.getsockname()[1])


def test_everything_that_is_wrong_in_the_environment_is_listed(tmp_path):
    wrong = {
        "SITE_URL": "http://[::1",
        "SECRET_KEY": "secret-and-short",
        "DEBUG": "perhaps",
        "DATABASE_URL": "what://user:hidden@host",
        "PORT": "123456",
        "CACHE_URL": "what",
        "TRUSTED_PROXIES": "nobody",
        "LOG_FORMAT": "poem",
    }
    said, status = run(tmp_path, "serve", **wrong)
    assert status == 1
    lines = said.splitlines()
    assert {line.removeprefix("- ").partition(":")[0] for line in lines[1:]} == set(wrong)
    assert "hidden" not in said and "secret-and-short" not in said


def test_port_folder_and_database_are_looked_at_together(tmp_path, taken_port):
    file = tmp_path / "file"
    file.touch()
    said, status = run(
        tmp_path,
        "quickstart",
        DATA_DIR=str(file / "below"),
        SECRET_KEY=KEY,
        PORT=taken_port,
        DATABASE_URL=NOBODY_LISTENS,
    )
    assert status == 2
    assert f"Port {taken_port} is taken" in said
    assert "DATA_DIR" in said and "The database does not answer" in said


def test_a_folder_in_which_no_key_can_be_kept_is_named(tmp_path):
    (tmp_path / "file").touch()
    said, status = run(tmp_path, "check", DATA_DIR=str(tmp_path / "file" / "below"))
    assert status == 1
    assert "DATA_DIR" in said and str(tmp_path) in said


def test_such_a_folder_is_told_together_with_all_that_is_wrong(tmp_path):
    (tmp_path / "file").touch()
    said, status = run(tmp_path, "serve", DATA_DIR=str(tmp_path / "file"), SITE_URL="blog", PORT="x")
    assert status == 1
    assert [line[2:].partition(":")[0] for line in said.splitlines()[1:]] == ["PORT", "SITE_URL", "DATA_DIR"]
    assert "set SECRET_KEY" in said


def test_a_command_without_a_database_says_so(tmp_path):
    said, status = run(tmp_path, "showmigrations", DATABASE_URL=NOBODY_LISTENS)
    assert status == 1
    assert said.splitlines()[-1].startswith("The database does not answer:")


def test_a_file_that_is_no_database_is_told(tmp_path):
    (tmp_path / "db.sqlite3").write_text("Something else altogether, and long enough to be read.")
    said, status = run(tmp_path, "quickstart", "--no-serve")
    assert status == 2
    assert "not a database" in said


@pytest.fixture
def serve(monkeypatch):
    """Starts no server, and waits for nothing."""
    monkeypatch.setattr("config.startup.PATIENCE", 0)
    monkeypatch.setattr("os.execv", lambda *_: pytest.fail("It was started."))
    return lambda: call_command("serve", "--no-mail")


@pytest.mark.django_db
def test_no_server_shares_the_port_of_another(serve, settings, taken_port):
    settings.PORT = int(taken_port)
    with pytest.raises(CommandError, match=f"Port {taken_port} is taken") as error:
        serve()
    assert error.value.returncode == 2


@pytest.mark.django_db
def test_a_port_that_is_given_back_meanwhile_is_waited_for(monkeypatch):
    answers = iter([["Port 1 is taken."], ["Port 1 is taken."], []])
    monkeypatch.setattr("config.startup.port_is_taken", lambda *_: next(answers))
    monkeypatch.setattr("config.startup.time.sleep", lambda _: None)
    said = []
    assert startup.wait_until_served(1, "127.0.0.1", said.append) == []
    assert len(said) == 1 and "Port 1 is taken." in said[0]


@pytest.mark.django_db
def test_tables_of_another_version_are_not_served(serve, monkeypatch):
    monkeypatch.setattr("blog.management.first_run.tables_are_old", lambda: True)
    monkeypatch.setattr("config.startup.is_port_free", lambda *_: True)
    with pytest.raises(CommandError, match="--prepare") as error:
        serve()
    assert error.value.returncode == 2


@pytest.mark.django_db
def test_pages_are_not_served_without_their_static_files(serve, monkeypatch, settings, tmp_path):
    settings.STATIC_ROOT = tmp_path
    bundled = {"BACKEND": "config.statics.BundledStaticFilesStorage"}
    settings.STORAGES = settings.STORAGES | {"staticfiles": bundled}
    monkeypatch.setattr("config.startup.is_port_free", lambda *_: True)
    with pytest.raises(CommandError, match="collectstatic") as error:
        serve()
    assert error.value.returncode == 2
    call_command("collectstatic", "--no-input", "--verbosity", "0")
    assert not first_run.static_files_are_old()
