"""A disk of its own that takes no writes, or has no room: readers go on, writers are told, and it mends by itself."""

import subprocess
import time

import pytest

from tests.running import PATIENCE, POST, Visitor

WORDS = "A comment that took an hour."
pytestmark = pytest.mark.xdist_group("running")


def mount(*arguments):
    return subprocess.run(["mount", *map(str, arguments)], capture_output=True).returncode == 0


@pytest.fixture
def disk(tmp_path):
    try:
        is_mounted = mount("-t", "tmpfs", "-o", "size=24m", "tmpfs", tmp_path)
    except OSError:
        is_mounted = False
    if not is_mounted:
        pytest.skip("no disk can be mounted here")
    try:
        if not closes(tmp_path):
            pytest.skip("no disk can be mounted here so that it closes")
        yield tmp_path
    finally:
        subprocess.run(["umount", "--lazy", tmp_path], check=True)


def closes(disk):
    """Whether a disk takes no writes when it is told so, which not every sandbox sees to."""
    if not mount("-o", "remount,ro", disk):
        return False
    try:
        (disk / "trial").touch()
    except OSError:
        return mount("-o", "remount,rw", disk)
    return False


def says_in_time(site):
    """Whether a comment is taken before patience ends."""
    deadline = time.monotonic() + PATIENCE
    while time.monotonic() < deadline:
        try:
            if Visitor(site).says("After.").status == 302:
                return True
        except OSError:  # a worker that was just replaced
            pass
        time.sleep(0.5)
    return False


def refuses_and_keeps(site):
    answer = Visitor(site).says(WORDS)
    return answer.status == 503 and answer.headers["Retry-After"] == "60" and WORDS in answer.read().decode()


def test_a_site_started_where_nothing_can_be_written_is_read_and_later_written(prepared_site, disk):
    site = prepared_site.copy(disk / "site")
    assert mount("-o", "remount,ro", disk)
    with site.serving():
        for path in (POST, "/", "/search/?q=first", "/feed/", "/login/"):
            assert site.get(path).status == 200, path
        assert refuses_and_keeps(site)
        assert mount("-o", "remount,rw", disk)
        assert says_in_time(site)
    assert "After." in site.bodies()


def test_a_disk_that_is_full_is_told_until_there_is_room(prepared_site, disk):
    site = prepared_site.copy(disk / "site")
    filler = disk / "filler"
    with site.serving():
        assert Visitor(site).says("Before.").status == 302
        with open(filler, "wb", buffering=0) as file, pytest.raises(OSError):
            while True:
                file.write(bytes(4096))
        assert refuses_and_keeps(site)
        assert site.get(POST).status == 200
        filler.unlink()
        assert says_in_time(site)
    assert {"Before.", "After."} <= set(site.bodies())
    assert WORDS not in site.bodies()
