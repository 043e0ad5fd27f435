"""A database on a disk that takes no writes is opened all the same."""

import sqlite3
from contextlib import closing

import pytest

from config import databases


@pytest.fixture
def file(tmp_path):
    file = tmp_path / "a site?.sqlite3"
    with closing(sqlite3.connect(file)) as made:
        made.execute("PRAGMA journal_mode=WAL")
        made.execute("CREATE TABLE words (word)")
        made.execute("INSERT INTO words VALUES ('kept')")
        made.commit()
    return file


def tuned(file):
    return databases.tuned({"ENGINE": databases.SQLITE, "NAME": str(file)})["OPTIONS"]


def test_a_file_that_cannot_be_written_is_read_and_nothing_is_made_beside_it(file, monkeypatch):
    assert "database" not in tuned(file)
    monkeypatch.setattr(databases.os, "access", lambda *_arguments: False)
    options = tuned(file)
    with closing(sqlite3.connect(options["database"], uri=True)) as opened:
        opened.executescript(options["init_command"])
        assert opened.execute("SELECT word FROM words").fetchall() == [("kept",)]
        with pytest.raises(sqlite3.OperationalError, match="readonly"):
            opened.execute("DELETE FROM words")
    assert [path.name for path in file.parent.iterdir()] == [file.name]


def test_what_was_committed_last_is_read_too(file, monkeypatch):
    """Somebody was at it when the disk was closed: the newest rows are in the log beside the file."""
    with closing(sqlite3.connect(file)) as writer:
        writer.execute("INSERT INTO words VALUES ('newest')")
        writer.commit()
        monkeypatch.setattr(databases.os, "access", lambda *_arguments: False)
        with closing(sqlite3.connect(tuned(file)["database"], uri=True)) as opened:
            assert opened.execute("SELECT count(*) FROM words").fetchone() == (2,)


def test_a_database_that_is_yet_to_be_made_is_made_as_usual(tmp_path, monkeypatch):
    monkeypatch.setattr(databases.os, "access", lambda *_arguments: False)
    assert "database" not in tuned(tmp_path / "none.sqlite3")
