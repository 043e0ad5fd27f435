"""Somebody moves in, writes for a while, and moves out again."""

import subprocess

import pytest
from django.core.management import call_command

from blog.models import Post
from blog.receipt import hugo_build
from tests.blog.sites import POST, post_source, write_site
from tests.factories import make_comment, make_post

pytestmark = pytest.mark.django_db


def test_in_and_out_and_in_again(tmp_path, client):
    files = {
        "content/posts/first.md": POST,
        "content/posts/b/index.md": post_source("B"),
        "content/posts/b/c.png": b"c",
    }
    site = write_site(tmp_path / "site", files)
    quiet = {"verbosity": 0}
    call_command("import_content", "hugo", str(site), **quiet)
    call_command("check_move", "hugo", str(site), html=tmp_path / "r.html", **quiet)
    assert client.get("/old/first/")["Location"] == "/posts/first/"

    post = Post.objects.get(title="First Light")
    post.title = "Second Light"
    post.save()
    make_comment(post, body="> The sun\n\nLovely.")
    make_post("New", slug="new", path="/posts/new/", tags=["Morning"])
    call_command("export_content", "hugo", str(tmp_path / "out"), **quiet)
    assert (tmp_path / "out/content/posts/first.md").read_text() == POST.replace(
        "First Light", "Second Light"
    )
    assert (tmp_path / "out/content/posts/b/c.png").read_bytes() == b"c"

    pages = {post.path: client.get(post.path).status_code for post in Post.objects.all()}
    told = list(
        Post.objects.order_by("path").values_list("path", "title", "guid", "body_html", "published_at")
    )
    Post.objects.all().delete()
    call_command("import_content", "hugo", str(tmp_path / "out"), **quiet)
    again = Post.objects.order_by("path").values_list("path", "title", "guid", "body_html", "published_at")
    assert [row[:2] for row in again] == [row[:2] for row in told]
    assert [row[2:4] for row in again] == [row[2:4] for row in told]
    assert all(client.get(path).status_code == status == 200 for path, status in pages.items())
    assert "Lovely." in client.get("/posts/first/").text


@pytest.mark.hugo
@pytest.mark.skipif(hugo_build.find_program() is None, reason="Hugo is not installed")
def test_hugo_builds_what_was_exported_and_shows_the_discussion(tmp_path):
    post = make_post("A", slug="a", path="/posts/a/")
    first = make_comment(post, body="First thought.", author_url="https://ida.example/")
    make_comment(parent=first, body="An answer.")
    make_comment(post, body="Another thread.")
    make_post("B", slug="b", path="/elsewhere/b/")
    out = tmp_path / "out"
    call_command("export_content", "hugo", str(out), verbosity=0)
    (out / "layouts/all.html").write_text('{{ .Content }}{{ partial "discussion.html" . }}')
    program = hugo_build.find_program()
    subprocess.run([program, "--source", out, "--noBuildLock"], check=True, capture_output=True, timeout=60)
    page = (out / "public/posts/a/index.html").read_text()
    assert "The text of A." in page and "3 comments" in page
    assert page.index("First thought") < page.index("An answer") < page.index("Another thread")
    assert page.count("<ol") == page.count("</ol>") == 2 and page.count("<li") == page.count("</li>") == 3
    assert "3 comments" not in (out / "public/elsewhere/b/index.html").read_text()
