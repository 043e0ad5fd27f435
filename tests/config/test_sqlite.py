import subprocess
import sys

import pytest
from django.conf import settings
from django.core.checks import run_checks
from django.db import connection

from config import checks, sqlite

OURS = {
    "OPTIONS": {"transaction_mode": "IMMEDIATE", "init_command": "PRAGMA journal_mode=WAL;"},
    "CONN_MAX_AGE": None,
}


@pytest.mark.parametrize(
    ("version", "affected"),
    [
        ((3, 6, 23), False),
        ((3, 7, 0), True),
        ((3, 40, 1), True),
        ((3, 44, 5), True),
        ((3, 44, 6), False),
        ((3, 45, 0), True),
        ((3, 50, 6), True),
        ((3, 50, 7), False),
        ((3, 51, 2), True),
        ((3, 51, 3), False),
        ((3, 53, 4), False),
        ((4, 0, 0), False),
    ],
)
def test_versions_with_the_race_are_known(version, affected):
    assert sqlite.is_affected(version) is affected


def run_python(code, **environment):
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=settings.BASE_DIR, capture_output=True, text=True, timeout=60
    )
    assert done.returncode == 0, done.stderr
    return done.stdout.split()


def test_the_site_runs_on_a_sound_sqlite_whatever_the_system_has():
    pytest.importorskip("pysqlite3")
    code = (
        "import config, sqlite3; from config.sqlite import *; print(is_affected(sqlite3.sqlite_version_info))"
    )
    assert run_python(code) == ["False"]


def test_the_limit_of_variables_that_django_is_told_is_the_true_one():
    code = """
import config, sqlite3
connection = sqlite3.connect(":memory:")
limit = connection.getlimit(sqlite3.SQLITE_LIMIT_VARIABLE_NUMBER)
for number in (limit, limit + 1):
    try:
        connection.execute("SELECT 1 WHERE 0 IN (" + ",".join("?" * number) + ")", [1] * number)
        print("taken")
    except sqlite3.OperationalError:
        print("refused")
"""
    assert run_python(code) == ["taken", "refused"]


def test_every_way_in_loads_the_same_sqlite():
    same = "import sqlite3; print(sqlite3.sqlite_version, django.db.connection.Database.sqlite_version)"
    prepare = "import os, django; os.environ.update(DATABASE_URL='sqlite://:memory:'); "
    for way_in in (
        "os.environ['DJANGO_SETTINGS_MODULE'] = 'config.settings'; django.setup(); import django.db; ",
        "import config.wsgi; import django.db; ",
    ):
        ours, djangos = run_python(prepare + way_in + same)
        assert ours == djangos


def test_a_sound_version_is_left_as_it_is(monkeypatch):
    before = dict(sys.modules)
    monkeypatch.delitem(sys.modules, sqlite.USERS, raising=False)
    monkeypatch.setattr(sqlite, "linked_version", lambda: (3, 53, 0))
    monkeypatch.setattr(sqlite.importlib, "import_module", lambda name: pytest.fail("looked for another"))
    sqlite.use_sound_version()
    assert sys.modules["sqlite3"] is before["sqlite3"]


def test_without_the_package_the_systems_own_is_used(monkeypatch):
    def not_there(name):
        raise ImportError(name)

    monkeypatch.delitem(sys.modules, sqlite.USERS, raising=False)
    monkeypatch.setattr(sqlite, "linked_version", lambda: (3, 40, 1))
    monkeypatch.setattr(sqlite.importlib, "import_module", not_there)
    before = sys.modules["sqlite3"]
    sqlite.use_sound_version()
    assert sys.modules["sqlite3"] is before


def ids(version, database):
    return [warning.id for warning in checks.warnings_for(version, database)]


def test_our_settings_on_a_sound_sqlite_have_nothing_against_them():
    assert ids((3, 53, 4), OURS) == []
    assert ids((3, 53, 4), settings.DATABASES["default"] if connection.vendor == "sqlite" else OURS) == []


def test_each_dangerous_setting_is_warned_of():
    assert ids((3, 40, 1), OURS) == ["config.W001"]
    mapped = {"transaction_mode": "IMMEDIATE", "init_command": "PRAGMA mmap_size = 134217728;"}
    assert ids((3, 53, 4), OURS | {"OPTIONS": mapped}) == ["config.W002"]
    assert ids((3, 53, 4), OURS | {"OPTIONS": {}}) == ["config.W003"]
    assert ids((3, 53, 4), OURS | {"CONN_MAX_AGE": 0}) == ["config.W004"]


def test_the_check_is_one_of_djangos_and_is_quiet_here():
    assert [each for each in run_checks() if each.id.startswith("config.")] == []


@pytest.mark.django_db(transaction=True)
def test_no_connection_maps_the_database_into_memory():
    if connection.vendor == "sqlite":
        with connection.cursor() as cursor:
            cursor.execute("PRAGMA mmap_size")
            assert cursor.fetchone() in ((0,), None)
