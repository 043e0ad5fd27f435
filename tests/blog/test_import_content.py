import io

import pytest
from django.core.management import CommandError, call_command

from blog.models import Post
from tests.blog.sites import POST, post_source, write, write_site

pytestmark = pytest.mark.django_db


def run(folder, *arguments, **options):
    """What the command prints, what it complains of, and its exit status."""
    out, err = io.StringIO(), io.StringIO()
    status = 0
    try:
        call_command("import_content", "hugo", str(folder), *arguments, stdout=out, stderr=err, **options)
    except SystemExit as exit:
        status = exit.code
    return out.getvalue(), err.getvalue(), status


def test_counts_come_at_the_end(tmp_path):
    site = write_site(tmp_path, {"content/posts/first.md": POST, "static/a.png": b"a"})
    assert run(site) == (
        "Entries: 1 created, 0 updated, 0 unchanged.\nFiles: 1 created, 0 updated, 0 unchanged.\n",
        "",
        0,
    )
    assert "Entries: 0 created, 0 updated, 1 unchanged.\n" in run(site)[0]


def test_what_is_left_out_is_named_with_its_line_and_changes_the_exit_status(tmp_path):
    files = {"content/posts/first.md": POST, "content/posts/bad.md": "---\ntitle: x\nx: [\n---\nText\n"}
    out, err, status = run(write_site(tmp_path, files))
    assert status == 1
    assert err.startswith("content/posts/bad.md:") and err.count("\n") == 1
    assert "Entries: 1 created" in out and "1 problem, named above." in out


def test_a_folder_that_is_none_ends_it_before_it_starts(tmp_path):
    with pytest.raises(CommandError) as error:
        run(tmp_path / "nowhere")
    assert error.value.returncode == 2


def test_a_dry_run_says_so_and_writes_nothing(tmp_path):
    out, _err, status = run(write_site(tmp_path), "--dry-run")
    assert out.startswith("Nothing was written. A run would do this:\nEntries: 1 created")
    assert status == 0 and not Post.objects.exists()


def test_each_changed_entry_is_named_when_asked_for(tmp_path):
    site = write_site(tmp_path, {"content/posts/first.md": POST, "content/posts/b.md": post_source()})
    run(site)
    write(site / "content/posts/b.md", post_source("Other"))
    assert run(site, verbosity=2)[0].startswith("posts/b.md: updated\nEntries:")


def test_unknown_shortcodes_are_named_with_where_they_stand(tmp_path):
    body = "{{< carousel >}}\n" * 4
    _out, err, status = run(write_site(tmp_path, {"content/posts/a.md": post_source(body=body)}))
    assert err == ("Unknown shortcode carousel, 4 times: posts/a.md:5, posts/a.md:6, posts/a.md:7, …\n")
    assert status == 0
