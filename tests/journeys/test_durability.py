"""What was acknowledged is there afterwards: with many writers, killed workers, and backups in the middle of it all.

Tokens are compared, not counts: a lost row and a doubled one would make a right count.
"""

import json
import os
import signal
import sqlite3
import zipfile
from urllib.parse import urlsplit, urlunsplit

import pytest

from config.archive import MANIFEST
from tests.running import Site, family, workers
from tests.writers import Writers, tokens

ROUNDS = int(os.environ.get("DURABILITY_ROUNDS", "3"))  # of kill -9; 20 for a long look
pytestmark = pytest.mark.xdist_group("running")  # one after the other, so that the prepared site is made once


@pytest.fixture
def site(prepared_site, tmp_path):
    return prepared_site.copy(tmp_path / "site")


@pytest.fixture
def postgresql(tmp_path):
    """The address of a database of our own, where a server is at hand."""
    given = os.environ.get("TEST_DATABASE_URL") or os.environ.get("DATABASE_URL", "")
    if not given.startswith("postgres"):
        pytest.skip("TEST_DATABASE_URL names no PostgreSQL server")
    import psycopg

    parts = urlsplit(given)
    name = f"commonplace_moved_{os.getpid()}"
    with psycopg.connect(urlunsplit(parts._replace(path="/postgres")), autocommit=True) as server:
        server.execute(f"DROP DATABASE IF EXISTS {name}")
        server.execute(f"CREATE DATABASE {name}")
        yield urlunsplit(parts._replace(path=f"/{name}"))
        server.execute(f"DROP DATABASE {name} WITH (FORCE)")


def assert_whole(site):
    database = sqlite3.connect(site.database)
    assert database.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
    assert database.execute("PRAGMA foreign_key_check").fetchall() == []
    database.close()


def test_many_writers_at_once_are_all_taken_and_nothing_is_lost(site):
    with site.serving(), Writers(site, 16) as writers:
        writers.wait_for(200)
    assert writers.refused == []
    stored = tokens(site.bodies())
    assert len(stored) == len(set(stored))
    assert set(writers.taken) <= set(stored)
    assert_whole(site)


def test_nothing_taken_is_lost_when_workers_are_killed(site):
    with site.serving() as server, Writers(site) as writers:
        for number in range(ROUNDS):
            writers.wait_for(20)
            # In turn: all workers, one of them, and everything but what keeps the server up.
            killed = [workers(server), workers(server)[:1], family(server)[1:]][number % 3]
            for pid in killed:
                os.kill(pid, signal.SIGKILL)
            site.wait_until_it_answers(server)
        writers.wait_for(20)
    stored = tokens(site.bodies())
    assert set(writers.taken) <= set(stored) <= set(writers.sent)
    assert len(stored) == len(set(stored))
    assert_whole(site)


def test_nothing_taken_is_lost_when_all_of_it_is_killed(site):
    for _round in range(2):
        with site.serving(), Writers(site) as writers:  # ended by SIGKILL, and writers go on until after
            writers.wait_for(20)
            taken_before = list(writers.taken)
    assert set(taken_before) <= set(tokens(site.bodies()))
    assert_whole(site)


def test_a_backup_of_a_site_under_load_holds_all_that_was_taken_before(site, tmp_path):
    saved, elsewhere = tmp_path / "site.zip", Site(tmp_path / "elsewhere")
    with site.serving(), Writers(site) as writers:
        writers.wait_for(100)
        # Most wait for a moderator: they were sent sooner after the form was fetched than anybody can write.
        site.shell("from comments.models import Comment; Comment.objects.all().approve()")
        taken_before = list(writers.taken)
        site.manage("backup", saved)
        taken_meanwhile = len(writers.taken) - len(taken_before)
        writers.wait_for(20)
    assert writers.refused == []
    assert taken_meanwhile > 0
    elsewhere.manage("restore", saved)
    restored = set(tokens(elsewhere.bodies()))
    assert set(taken_before) <= restored <= set(writers.sent)
    assert_whole(elsewhere)
    elsewhere.manage("collectstatic", "--no-input", "--verbosity", "0")
    with elsewhere.serving():
        page = elsewhere.get("/posts/first/").read().decode()
        assert any(token in page for token in restored)


def content(path):
    """Rows and files of an archive, so that two can be compared whatever the order of keys."""
    with zipfile.ZipFile(path) as archive:
        found = {name: archive.read(name) for name in archive.namelist() if name != MANIFEST}
    return {
        name: [json.loads(line) for line in data.splitlines()] if name.endswith(".jsonl") else data
        for name, data in found.items()
    }


@pytest.mark.postgres
def test_a_site_moves_to_postgresql_and_back_row_for_row(site, postgresql, tmp_path):
    site.manage("import_content", "hugo", "blog/demo", "--verbosity", "0")
    site.manage(
        "import_comments", "hackernews", "blog/demo/discussions/rules-for-a-room.json", "--post", "first"
    )
    there = Site(tmp_path / "there", DATABASE_URL=postgresql)
    back = Site(tmp_path / "back")
    site.manage("backup", tmp_path / "1.zip")
    there.manage("restore", tmp_path / "1.zip")
    there.manage("backup", tmp_path / "2.zip")
    back.manage("restore", tmp_path / "2.zip")
    back.manage("backup", tmp_path / "3.zip")
    first, second, third = (content(tmp_path / f"{number}.zip") for number in (1, 2, 3))
    assert len(first["data/comments.comment.jsonl"]) > 5
    assert first == second == third
    new_id = there.shell("from tests.factories import make_comment; print(make_comment().pk)").split()[-1]
    assert int(new_id) > max(row["id"] for row in first["data/comments.comment.jsonl"])


OLD_POST = """
from django.db import connection
from config import schema
apps = schema.apps_at(connection, schema.applied_leaves(connection))
apps.get_model("blog", "Post").objects.create(title="Old", slug="old", path="/posts/old/", body="Words.", draft=False)
"""


def test_an_archive_of_an_older_version_is_brought_up_to_date(tmp_path):
    old, new = Site(tmp_path / "old"), Site(tmp_path / "new")
    old.data_dir.mkdir()
    old.manage("migrate", "blog", "0001", "--verbosity", "0")
    old.shell(OLD_POST)
    old.manage("backup", tmp_path / "old.zip")
    new.manage("migrate", "--verbosity", "0")
    new.manage("restore", tmp_path / "old.zip")
    assert "[ ]" not in new.manage("showmigrations").stdout
    titles = new.shell(
        "from blog.models import Post; print(list(Post.objects.values_list('title', flat=True)))"
    )
    assert "['Old']" in titles
    new.manage("migrate", "--check")
    assert_whole(new)
