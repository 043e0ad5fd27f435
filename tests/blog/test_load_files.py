import os

import pytest

from blog.importers.load_files import Files
from blog.importers.records import ImportedFile
from blog.importers.report import Report
from blog.models import File
from tests.blog.sites import bring, post_source, write, write_site

pytestmark = pytest.mark.django_db


@pytest.fixture
def store(tmp_path):
    """Bring files in by (path, bytes); gives the report."""

    def run(*given, dry_run=False):
        report = Report()
        files = []
        for number, (path, content) in enumerate(given):
            source = tmp_path / "source" / str(number)
            write(source, content)
            files.append(ImportedFile(path, source))
        Files(report, dry_run).load(files)
        return report

    return run


def test_files_of_a_bundle_and_of_the_static_folder_come_in(tmp_path, settings):
    files = {
        "content/posts/a/index.md": post_source(),
        "content/posts/a/pic one.png": b"picture",
        "static/img/b.png": b"another",
    }
    report = bring(write_site(tmp_path, files))
    assert report.ok and report.files == {"created": 2}
    assert sorted(File.objects.values_list("path", flat=True)) == ["/img/b.png", "/posts/a/pic one.png"]
    assert (settings.MEDIA_ROOT / "site/posts/a/pic one.png").read_bytes() == b"picture"
    assert File.objects.get(path="/img/b.png").file.name == "site/img/b.png"


def test_a_file_is_copied_again_only_when_its_bytes_differ(store, settings):
    store(("/a.png", b"one"))
    stored = settings.MEDIA_ROOT / "site/a.png"
    os.utime(stored, (1, 1))
    assert store(("/a.png", b"one")).files == {"unchanged": 1}
    assert stored.stat().st_mtime == 1
    assert store(("/a.png", b"two")).files == {"updated": 1}
    assert stored.read_bytes() == b"two"


def test_a_file_missing_from_the_storage_is_copied_again(store, settings):
    store(("/a.png", b"one"))
    (settings.MEDIA_ROOT / "site/a.png").unlink()
    assert store(("/a.png", b"one")).files == {"updated": 1}
    assert (settings.MEDIA_ROOT / "site/a.png").read_bytes() == b"one"


@pytest.mark.parametrize(
    "path", ["/../secret.txt", "/a/../../b", "a.png", "//a.png", "/a\\b.png", "/a\0.png", "/./a.png", "/a/"]
)
def test_no_path_leads_out_of_the_folder(store, path, settings):
    report = store((path, b"x"))
    assert report.files == {"left out": 1}
    assert not settings.MEDIA_ROOT.exists()


@pytest.mark.parametrize(
    "path", ["/robots.txt", "/feed/", "/sitemap.xml", "/static/icon.svg", "/media/x.png"]
)
def test_a_file_at_an_address_of_the_site_itself_is_named(store, path):
    report = store((path, b"x"))
    assert not report.ok and not File.objects.exists()


def test_a_file_of_an_old_folder_called_static_keeps_its_address(store, client):
    assert store(("/static/img/old map.png", b"old"), ("/static/css/theme.css", b"css")).ok
    assert b"".join(client.get("/static/img/old%20map.png")) == b"old"
    assert b"".join(client.get("/static/css/theme.css")) == b"css"


def test_two_files_at_one_address_are_one_or_a_problem(store):
    assert store(("/a.png", b"x"), ("/a.png", b"x")).ok
    report = store(("/b.png", b"x"), ("/b.png", b"y"))
    assert [problem.reason for problem in report.problems] == ["Another file has the address /b.png already."]


def test_a_file_where_a_folder_is_needed_is_a_problem_of_its_own(store):
    report = store(("/a", b"x"), ("/a/b.png", b"y"), ("/c.png", b"z"))
    assert report.files == {"created": 2, "left out": 1}


def test_a_file_that_cannot_be_read_is_named_and_the_rest_comes_in(tmp_path):
    report = Report()
    write(tmp_path / "a.png", b"x")
    gone = ImportedFile("/gone.png", tmp_path / "gone.png")
    folder = ImportedFile("/folder.png", tmp_path)
    Files(report, dry_run=False).load([gone, folder, ImportedFile("/a.png", tmp_path / "a.png")])
    assert report.files == {"left out": 2, "created": 1}


def test_a_link_out_of_the_site_is_not_followed(tmp_path):
    write(tmp_path / "secret.txt", b"secret")
    site = write_site(tmp_path / "site", {"content/posts/a/index.md": post_source(), "static/b.txt": b"b"})
    (site / "static/out.txt").symlink_to(tmp_path / "secret.txt")
    (site / "content/posts/a/out.txt").symlink_to(tmp_path / "secret.txt")
    bring(site)
    assert [file.path for file in File.objects.all()] == ["/b.txt"]
