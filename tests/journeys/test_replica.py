"""A copy of the database that answers readers: a file copied by hand stands for one that follows by itself."""

import sqlite3

import pytest

from tests.running import Site

pytestmark = pytest.mark.xdist_group("running")


@pytest.fixture
def copy(tmp_path):
    return tmp_path / "copy.sqlite3"


@pytest.fixture
def site(prepared_site, tmp_path, copy):
    here = prepared_site.copy(tmp_path / "site")
    site = Site(here.data_dir, DATABASE_REPLICA_URL=f"sqlite:///{copy}")
    with sqlite3.connect(site.database) as original, sqlite3.connect(copy) as other:
        original.backup(other)
    # What only the copy says, in the same state, so that it shows which of them was asked.
    with sqlite3.connect(copy) as other:
        states = other.execute("SELECT topic, token FROM config_siteversion").fetchall()
        other.execute("UPDATE blog_siteprofile SET title = 'From the copy'")
        other.executemany("UPDATE config_siteversion SET token = ?2 WHERE topic = ?1", states)
    other.close()
    with site.serving():
        yield site


def page_of(site):
    return site.get("/posts/first/").read().decode()


def test_readers_are_answered_from_a_copy_in_the_same_state(site):
    assert "From the copy" in page_of(site)


def test_a_copy_that_is_behind_is_not_asked(site):
    site.shell("from blog.models import Post; Post.objects.update(summary='New words')")
    assert "From the copy" not in page_of(site)
    assert "New words" in page_of(site)


def test_a_copy_that_does_not_answer_costs_no_reader_an_answer(site, copy):
    with sqlite3.connect(copy) as other:
        other.execute("DROP TABLE blog_tagging")
    other.close()
    answer = site.get("/posts/first/")
    assert answer.status == 200
    assert "From the copy" not in answer.read().decode()


def test_whoever_is_logged_in_reads_the_original(site):
    page = site.get("/posts/first/", Cookie="sessionid=somebody").read().decode()
    assert "From the copy" not in page
