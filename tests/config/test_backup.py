"""Backups and restores within one process; tests/journeys/test_durability.py takes them from a running site."""

import hashlib
import json
import re
import resource
import stat
import zipfile
from types import SimpleNamespace

import pytest
from django.apps import apps
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.core.management import CommandError, call_command
from django.db import connection

from blog.models import Post
from blog.search import search
from comments import decisions, tasks
from comments.models import Comment, Rule
from config import backup, rows, uploads
from config.archive import MANIFEST, Archive
from config.models import SiteVersion
from config.restore import what_is_here
from tests.factories import make_comment, make_editor, make_page, make_post

ODD = "Ünïcode 漢字 🌍 \u202e \u2028 tab\there 'quotes' \"too\" \\ and a long tail " + "x" * 3000


def everything():
    """Every row of every table but the tokens of stored pages, which every change replaces."""
    return {
        model._meta.label: [json.loads(line) for line in rows.dump(model, "default")]
        for model in rows.models_of(apps)
    }


def files():
    return {name: default_storage.open(name).read() for name in uploads.names([])}


def make_site():
    post = make_post("First", body=ODD, tags=["red", "blue"], categories=["Essays"], series="A series")
    post.authors.set([make_editor()])
    make_page("About", params={"nested": {"list": [1, 2.5, None, True], "text": ODD}})
    first = make_comment(post, author_email="ann@example.org", body=ODD)
    answer = make_comment(parent=first, author_email="eve@example.org")
    decisions.ban(answer, [Rule.Kind.EMAIL], by=post.authors.get())
    tasks.tell.enqueue(first.pk)
    default_storage.save("uploads/2024/01/picture.png", ContentFile(b"\x89PNG" + bytes(range(256)) * 50))
    default_storage.save("site/empty.txt", ContentFile(b""))
    return post


@pytest.fixture
def site(transactional_db, media_folder, settings, tmp_path):
    settings.DATA_DIR = tmp_path
    return make_site()


@pytest.fixture
def saved(site, tmp_path):
    path = tmp_path / "site.zip"
    call_command("backup", path, verbosity=0)
    return path


def refused(command, *arguments, **options):
    with pytest.raises(CommandError) as error:
        call_command(command, *arguments, **options)
    assert error.value.returncode == 2
    return str(error.value)


def test_what_was_saved_comes_back_row_for_row_and_byte_for_byte(saved):
    rows_before, files_before = everything(), files()
    Post.objects.all().delete()
    make_post("Written later")
    default_storage.delete("site/empty.txt")
    default_storage.save("uploads/later.txt", ContentFile(b"later"))
    call_command("restore", saved, replace=True, verbosity=0)
    assert everything() == rows_before
    assert files() == files_before


def test_ids_go_on_where_they_were(saved):
    newest = {model: max(model.objects.values_list("pk", flat=True)) for model in (Post, Comment)}
    call_command("restore", saved, replace=True, verbosity=0)
    comment = make_comment()
    assert comment.pk > newest[Comment]
    assert comment.target.pk > newest[Post]


def test_search_finds_what_was_restored_and_nothing_else(saved):
    Post.objects.all().delete()
    make_post("Ephemeral")
    call_command("restore", saved, replace=True, verbosity=0)
    assert len(search("unicode"))
    assert len(search("ephemeral")) == 0


def test_pages_stored_before_are_not_given_out_after(saved):
    before = dict(SiteVersion.objects.values_list("topic", "token"))
    call_command("restore", saved, replace=True, verbosity=0)
    after = dict(SiteVersion.objects.values_list("topic", "token"))
    assert {topic for topic in before if after.get(topic) == before[topic]} <= {"triggers"}
    tokens = set(after.values())
    make_post("After the restore")
    assert set(SiteVersion.objects.values_list("token", flat=True)) != tokens


def test_dates_of_modification_stay_as_they_were(saved):
    before = list(Comment.objects.order_by("pk").values_list("modified_at", "created_at"))
    call_command("restore", saved, replace=True, verbosity=0)
    assert list(Comment.objects.order_by("pk").values_list("modified_at", "created_at")) == before


def test_a_site_is_not_replaced_unless_it_is_said(saved):
    before = everything()
    sentence = refused("restore", saved)
    assert "--replace" in sentence
    assert "comments" in sentence
    assert everything() == before


@pytest.mark.django_db
def test_a_database_that_was_only_made_has_nothing_to_lose():
    assert what_is_here() == ""


def test_what_is_replaced_is_kept_first(saved, tmp_path):
    make_post("Only here")
    call_command("restore", saved, replace=True, verbosity=0)
    (kept,) = (tmp_path / "backups").glob("before-restore-*.zip")
    assert not Post.objects.filter(title="Only here").exists()
    call_command("restore", kept, replace=True, no_backup=True, verbosity=0)
    assert Post.objects.filter(title="Only here").exists()


def test_check_alone_changes_nothing(saved):
    make_post("Only here")
    call_command("restore", saved, check=True, verbosity=0)
    assert Post.objects.filter(title="Only here").exists()


def test_an_archive_is_for_its_owner_and_says_what_it_holds(saved):
    assert stat.S_IMODE(saved.stat().st_mode) == 0o600
    with Archive(saved) as archive:
        assert archive.manifest["database"] == connection.vendor
        assert archive.members["data/comments.comment.jsonl"].rows == 2
        assert sorted(archive.media) == ["site/empty.txt", "uploads/2024/01/picture.png"]


def test_a_file_that_is_there_is_not_overwritten(saved):
    before = saved.read_bytes()
    assert "--force" in refused("backup", saved)
    assert saved.read_bytes() == before
    call_command("backup", saved, force=True, verbosity=0)
    call_command("restore", saved, check=True, verbosity=0)


def test_of_dated_backups_the_newest_are_kept_and_other_files_left_alone(site, tmp_path):
    folder = tmp_path / "kept"
    folder.mkdir()
    others = ["site.zip", "site-20200101.zip", "other-20200101-000000.zip", "site-20200101-000000.zip.txt"]
    old = [f"site-2020010{day}-000000.zip" for day in range(1, 6)]
    for name in others + old:
        (folder / name).write_text("")
    call_command("backup", folder / "site.zip", keep=3, verbosity=0)
    names = {path.name for path in folder.iterdir()}
    assert {*others, *old[-2:]} < names
    assert len(names) == len(others) + 3
    assert not names & set(old[:-2])


def test_nothing_old_is_deleted_when_the_backup_fails(site, tmp_path, monkeypatch):
    (tmp_path / "site-20200101-000000.zip").write_text("")
    monkeypatch.setattr(
        backup.Writer, "finish", lambda *_: (_ for _ in ()).throw(OSError(28, "No space left"))
    )
    refused("backup", tmp_path / "site.zip", keep=1)
    assert [path.name for path in tmp_path.glob("*.zip*")] == ["site-20200101-000000.zip"]


def test_a_full_disk_is_told_and_leaves_no_half_file(site, tmp_path):
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (4096, hard))
    try:
        sentence = refused("backup", tmp_path / "full.zip")
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
    assert "full" in sentence
    assert not list(tmp_path.glob("full*"))


def test_a_folder_that_is_not_there_and_cannot_be_made_is_told(site, tmp_path):
    (tmp_path / "file").write_text("")
    assert "cannot be written" in refused("backup", tmp_path / "file" / "site.zip")


def test_a_file_that_cannot_be_read_is_named_and_the_rest_saved(site, tmp_path, monkeypatch, capsys):
    whole = default_storage.open

    def open_but_one(name, mode="rb"):
        if name == "site/empty.txt":
            raise PermissionError(13, "Permission denied")
        return whole(name, mode)

    monkeypatch.setattr(default_storage._wrapped, "open", open_but_one)
    with pytest.raises(SystemExit) as end:
        call_command("backup", tmp_path / "site.zip", verbosity=0)
    assert end.value.code == 1
    assert "site/empty.txt: This file was left out" in capsys.readouterr().err
    with Archive(tmp_path / "site.zip") as archive:
        assert archive.media == ["uploads/2024/01/picture.png"]


# Archives that this site cannot take


def changed(path, change=lambda facts: None, **members):
    """The same archive with another manifest, and tables as given (blog_tag=b"…")."""
    target = path.with_name("changed.zip")
    with zipfile.ZipFile(path) as source, zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as copy:
        facts = json.loads(source.read(MANIFEST))
        contents = {name: source.read(name) for name in facts["members"]}
        for table, lines in members.items():
            name = f"data/{table.replace('_', '.', 1)}.jsonl"
            contents[name] = lines
            digest = hashlib.sha256(lines).hexdigest()
            facts["members"][name] = {"size": len(lines), "sha256": digest, "rows": lines.count(b"\n")}
        change(facts)
        for name, content in contents.items():
            copy.writestr(name, content)
        copy.writestr(MANIFEST, json.dumps(facts))
    return target


def test_what_cannot_be_taken_leaves_the_site_as_it_was(saved, tmp_path):
    before, files_before, paths_before = everything(), files(), set(tmp_path.rglob("*"))
    (tmp_path / "text.zip").write_text("no archive")
    comments = zipfile.ZipFile(saved).read("data/comments.comment.jsonl")
    orphans = re.sub(rb'"parent_id": \d+', b'"parent_id": 777777', comments)
    for bad, word in (
        (tmp_path / "text.zip", "no backup"),
        (tmp_path / "nothing.zip", "no file"),
        (lambda: changed(saved, lambda facts: facts.pop("migrations")), "which version"),
        (lambda: changed(saved, lambda facts: facts["migrations"].append(["blog", "9999_future"])), "newer"),
        (
            lambda: changed(saved, lambda facts: facts["members"]["data/blog.post.jsonl"].update(rows=7)),
            "not all",
        ),
        (lambda: changed(saved, lambda facts: facts["members"].pop("data/blog.tag.jsonl")), "does not know"),
        (
            lambda: changed(saved, comments_comment=orphans),
            "fit",
        ),
        (lambda: changed(saved, blog_tag=b"not json\n"), "blog.Tag"),
        (lambda: changed(saved, blog_tag=b"[1, 2]\n"), "blog.Tag"),
        (lambda: changed(saved, blog_tag=b'{"id": 1}\n'), "blog.Tag"),
        (lambda: changed(saved, blog_tag=b"[" * 100_000 + b"\n"), "blog.Tag"),
    ):
        path = bad() if callable(bad) else bad
        assert word in refused("restore", path, replace=True, no_backup=True)
    assert everything() == before
    assert files() == files_before
    assert set(tmp_path.rglob("*")) - paths_before <= {tmp_path / "text.zip", tmp_path / "changed.zip"}


def test_a_site_larger_than_the_disk_is_refused(saved, monkeypatch):
    monkeypatch.setattr("shutil.disk_usage", lambda path: SimpleNamespace(free=1000))
    assert "are free" in refused("restore", saved, replace=True)


def test_a_table_that_is_missing_is_noticed(saved):
    path = saved.with_name("less.zip")
    with zipfile.ZipFile(saved) as source, zipfile.ZipFile(path, "w") as less:
        facts = json.loads(source.read(MANIFEST))
        del facts["members"]["data/blog.alias.jsonl"]
        for name in facts["members"]:
            less.writestr(name, source.read(name))
        less.writestr(MANIFEST, json.dumps(facts))
    assert "blog.Alias" in refused("restore", path, replace=True, no_backup=True)
