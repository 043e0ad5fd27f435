"""Importing again: only what changed comes, and nobody's edit is lost."""

import io

import pytest
from django.core.management import call_command

from blog.exporters.hugo import export
from blog.models import Alias, File, Post, SourceFile
from tests.blog.sites import POST, bring, post_source, write, write_site
from tests.factories import make_comment, make_post

pytestmark = pytest.mark.django_db


@pytest.fixture
def site(tmp_path):
    site = write_site(tmp_path / "site")
    bring(site)
    return site


def first(site):
    return site / "content/posts/first.md"


def edit(**fields):
    post = Post.objects.get()
    for name, value in fields.items():
        setattr(post, name, value)
    post.save()
    return post


def test_a_renamed_file_is_still_the_same_entry(site):
    post = Post.objects.get()
    make_comment(post)
    first(site).rename(site / "content/posts/second.md")
    report = bring(site)
    now = Post.objects.get()
    assert report.ok and not report.remarks and report.entries == {"updated": 1}
    assert (now.pk, now.guid, now.path) == (post.pk, post.guid, "/posts/second/")
    assert Alias.objects.get(path="/posts/first/").post == now and now.comments.count() == 1


def test_a_file_that_was_renamed_and_changed_is_known_by_its_address_or_title(site):
    post = Post.objects.get()
    write(
        site / "content/posts/2021-first.md",
        POST.replace("sun", "moon").replace("+++\n", '+++\nslug = "first"\n', 1),
    )
    first(site).unlink()
    assert bring(site).entries == {"updated": 1}
    assert Post.objects.get().pk == post.pk and "moon" in Post.objects.get().body
    write(site / "content/posts/third.md", POST.replace("sun", "star"))
    (site / "content/posts/2021-first.md").unlink()
    assert bring(site).entries == {"updated": 1}
    assert Post.objects.get().pk == post.pk and Post.objects.get().path == "/posts/third/"


def test_two_copies_of_one_text_are_two_entries(site):
    write(site / "content/posts/copy.md", POST.replace("/old/first/", "/old/copy/"))
    assert bring(site).entries == {"created": 1, "unchanged": 1}


def test_a_renamed_file_whose_entry_was_edited_here_keeps_the_edit(site):
    edit(title="Ours")
    first(site).rename(site / "content/posts/second.md")
    assert bring(site).ok
    post = Post.objects.get()
    assert post.title == "Ours" and post.source_path == "posts/second.md"
    assert not bring(site).remarks


def test_an_entry_whose_file_is_gone_is_named_and_stays(site):
    write(site / "content/posts/b.md", post_source("B"))
    bring(site)
    first(site).unlink()
    report = bring(site)
    assert report.ok and Post.objects.count() == 2
    assert "posts/first.md: The source has no such file any more" in str(report.remarks[0])


def test_prune_deletes_what_is_gone_but_nothing_edited_here(site):
    write(site / "content/posts/b.md", post_source("B"))
    write(site / "content/posts/c.md", post_source("C"))
    bring(site)
    edited = Post.objects.get(title="B")
    edited.title = "Ours"
    edited.save()
    first(site).unlink()
    (site / "content/posts/b.md").unlink()
    dry = bring(site, prune=True, dry_run=True)
    assert Post.objects.count() == 3
    report = bring(site, prune=True)
    assert report.entries == dry.entries == {"unchanged": 1, "removed": 1}
    assert "was edited here; it stays" in str(report.problems[0])
    assert sorted(Post.objects.values_list("title", flat=True)) == ["C", "Ours"]


# Both sides


@pytest.fixture
def contested(site):
    edit(title="Ours", body="Our text.\n")
    write(first(site), POST.replace("First Light", "Theirs").replace("sun", "moon"))
    return site


def test_an_entry_changed_on_both_sides_is_reported_with_both_versions(contested):
    report = bring(contested)
    assert not report.ok and Post.objects.get().title == "Ours"
    [conflict] = report.conflicts
    versions = {name: (ours, theirs) for name, ours, theirs in conflict.fields}
    assert versions["title"] == ("Ours", "Theirs") and "moon" in versions["body"][1]


def test_the_command_prints_both_versions_and_how_to_decide(contested):
    err = io.StringIO()
    with pytest.raises(SystemExit):
        call_command("import_content", "hugo", str(contested), stdout=io.StringIO(), stderr=err)
    assert "decide with --ours (-) or --theirs (+)" in err.getvalue()
    assert "title: -Ours" in err.getvalue() and "title: +Theirs" in err.getvalue()


def test_theirs_takes_the_file(contested):
    report = bring(contested, prefer="theirs")
    assert report.ok and report.entries == {"updated": 1}
    assert Post.objects.get().title == "Theirs" and "moon" in Post.objects.get().body_html
    assert bring(contested).entries == {"unchanged": 1}


def test_ours_keeps_what_is_here_and_the_question_is_settled(contested, tmp_path):
    report = bring(contested, prefer="ours")
    assert report.ok and report.entries == {"unchanged": 1}
    assert Post.objects.get().title == "Ours"
    assert bring(contested).ok
    export(tmp_path / "out")
    text = (tmp_path / "out/content/posts/first.md").read_text()
    assert 'title = "Ours"' in text and text.endswith("Our text.\n")


def test_an_edit_here_survives_a_later_change_of_another_file(contested):
    bring(contested, prefer="ours")
    write(first(contested), POST.replace("First Light", "Theirs again"))
    assert not bring(contested).ok and Post.objects.get().title == "Ours"


def test_a_dry_run_says_what_a_run_then_does(contested):
    write(contested / "content/posts/new.md", post_source("New"))
    dry = bring(contested, dry_run=True)
    real = bring(contested)
    assert (dry.entries, [str(p) for p in dry.problems]) == (real.entries, [str(p) for p in real.problems])


# What is no entry


def test_a_post_written_here_and_exported_is_recognised(site, tmp_path):
    post = make_post("Ours", slug="ours", path="/posts/ours/", tags=["a"])
    export(tmp_path / "out")
    report = bring(tmp_path / "out")
    assert report.ok and report.entries == {"unchanged": 2}
    assert Post.objects.get(title="Ours").pk == post.pk
    assert Post.objects.get(title="Ours").source_path == "posts/ours.md"


def test_another_post_at_the_address_of_one_written_here_does_not_take_its_place(site):
    make_post("Ours", slug="b", path="/posts/b/")
    write(site / "content/posts/b.md", post_source("Theirs"))
    assert not bring(site).ok
    assert (
        Post.objects.get(title="Ours").path == "/posts/b/"
        and Post.objects.get(title="Theirs").path == "/posts/b-2/"
    )


def test_kept_files_follow_the_source(site):
    write(site / "content/posts/_index.md", "---\ntitle: All\n---\n")
    bring(site)
    assert set(SourceFile.objects.values_list("path", flat=True)) == {"hugo.toml", "content/posts/_index.md"}
    write(site / "content/posts/_index.md", "---\ntitle: Other\n---\n")
    bring(site)
    assert b"Other" in bytes(SourceFile.objects.get(path="content/posts/_index.md").content)
    (site / "content/posts/_index.md").unlink()
    bring(site)
    assert set(SourceFile.objects.values_list("path", flat=True)) == {"hugo.toml"}


def test_a_kept_file_is_served_to_nobody(site, client):
    for path in ("/hugo.toml", "/content/posts/_index.md", "/media/hugo.toml"):
        assert client.get(path).status_code == 404


def test_uploaded_pictures_find_their_place_again(site, tmp_path, settings):
    picture = settings.MEDIA_ROOT / "uploads/2026/01/abc.png"
    write(picture, b"picture")
    export(tmp_path / "out")
    picture.unlink()
    report = bring(tmp_path / "out")
    assert report.ok and picture.read_bytes() == b"picture" and not File.objects.exists()
    assert bring(tmp_path / "out").files == {"unchanged": 1}


def test_nothing_but_pictures_comes_in_by_way_of_the_uploads(site):
    write(site / "static/media/uploads/x.html", "<script>")
    write(site / "static/media/secret/x.png", "x")
    assert len(bring(site).problems) == 2
