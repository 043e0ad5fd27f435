"""Out again as a Hugo folder: what was not edited byte for byte, what was edited in its own line only."""

import json
from datetime import UTC, datetime

import pytest

from blog.exporters.folder import Folder, FolderError, PlaceError
from blog.exporters.hugo import export
from blog.models import Category, File, Post
from comments.models import Comment
from tests.blog.sites import CONFIG, POST, bring, post_source, write, write_site
from tests.blog.test_patch import changed
from tests.factories import make_comment, make_page, make_post, make_user

pytestmark = pytest.mark.django_db

TOML = """\
+++
# Kept where it is.
title   = 'First Light'  # a pun
date = 2021-05-04T10:00:00+02:00
tags = [ "Morning", 'C++' ]
draft = false
slug = "light"
description = "old"
+++
Text.
"""
YAML = """\
---
# Kept where it is.
title:   'First Light'  # a pun
date: 2021-05-04T10:00:00+02:00
tags:
  - Morning # early
  - C++
draft: false
slug: light
description: "old"
---
Text.
"""
JSON = """\
{
   "title": "First Light",
   "date": "2021-05-04T10:00:00+02:00",
   "tags": [ "Morning", "C++" ],
   "draft": false,
   "slug": "light",
   "description": "old"
}
Text.
"""


def files_of(folder):
    return {
        path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()
    }


def exported(tmp_path, name="out", **options):
    report = export(tmp_path / name, **options)
    assert report.ok, report.problems
    return files_of(tmp_path / name)


ODD = {
    "content/posts/windows.md": b'+++\r\ntitle = "W"\r\ndate = 2020-01-01\r\n+++\r\nA\r\n\r\nB',
    "content/posts/marked.md": b"\xef\xbb\xbf---\ntitle: M\ndate: 2020-01-01\n---\n\n\n  Text\n\n\n",
    "content/posts/mixed.md": b"---\ntitle: x\r\ndate: 2020-01-02\n---\r\na\rb\nc\r\n",
    "content/posts/json.md": b'{"title": "J", "date": "2020-01-03"}\n\nText',
    "content/posts/no head.md": b"Only text, no end of line",
    "content/posts/Upper/index.md": post_source("Bundle").encode(),
    "content/posts/Upper/Pic One.PNG": b"picture",
    "content/posts/Upper/deep/notes.txt": b"notes",
    "content/posts/_index.md": b"---\ntitle: All\n---\nWelcome\n",
    "content/posts/broken.md": b"---\ntitle: [\n---\n",
    "content/posts/latin.md": b"caf\xe9",
    "content/posts/nul.md": b"---\ntitle: N\n---\na\0b\n",
    "content/paper.org": b"#+title: Paper\n",
    "content/.gitkeep": b"",
    "static/robots.txt": b"User-agent: *\n",
    "static/img/a.png": b"a",
    "data/friends.toml": b"x = 1\n",
    "layouts/shortcodes/hi.html": b"hi",
    "archetypes/default.md": b"---\n---\n",
}


def test_what_nobody_edited_comes_out_byte_for_byte_at_its_place(tmp_path):
    site = write_site(tmp_path / "site", {**ODD, "content/posts/first.md": POST})
    bring(site)
    assert exported(tmp_path) == files_of(site)


def test_an_edited_text_that_was_not_utf_8_comes_out_as_utf_8(tmp_path):
    site = write_site(
        tmp_path / "site", {"content/posts/a.md": b"---\ntitle: Old\ndate: 2020-01-01\n---\ncaf\xe9\n"}
    )
    bring(site)
    bring(site)
    Post.objects.update(title="New")
    written = exported(tmp_path)["content/posts/a.md"]
    assert written.decode() == "---\ntitle: New\ndate: 2020-01-01\n---\ncafé\n"


def test_a_content_folder_without_a_site_comes_out_as_content(tmp_path):
    folder = write_site(tmp_path / "notes", {"posts/a.md": POST, "posts/a.png": b"a"}, config="")
    bring(folder)
    given = {f"content/{name}": content for name, content in files_of(folder).items()}
    assert exported(tmp_path) == given


def test_content_folders_of_several_languages_keep_theirs(tmp_path):
    config = CONFIG + '[languages.en]\ncontentDir = "text/en"\n[languages.de]\ncontentDir = "text/de"\n'
    files = {"text/en/posts/a.md": post_source("A"), "text/de/posts/a.md": post_source("Ä")}
    site = write_site(tmp_path / "site", files, config)
    bring(site)
    assert exported(tmp_path) == files_of(site)


EDITS = {
    "title": "Second Light",
    "description": "new: 'words' \"here\"",
    "draft": True,
    "slug": "other",
    "published_at": datetime(2022, 1, 2, 3, 4, 5, tzinfo=UTC),
    "summary": "short",
    "expires_at": datetime(2032, 1, 2, tzinfo=UTC),
    "canonical_url": "https://first.example.net/",
    "show_toc": True,
    "cover": "/a.png",
    "listed": False,
}


@pytest.mark.parametrize("head", [TOML, YAML, JSON], ids=["toml", "yaml", "json"])
@pytest.mark.parametrize("field", EDITS)
@pytest.mark.parametrize("newline", ["\n", "\r\n"], ids=["lf", "crlf"])
def test_one_edited_field_is_one_changed_line(tmp_path, head, field, newline):
    head = head.replace("\n", newline)
    bring(write_site(tmp_path / "site", {"content/posts/a.md": head}))
    post = Post.objects.get()
    setattr(post, field, EDITS[field])
    post.save()
    after = exported(tmp_path)["content/posts/a.md"].decode()
    gone, come = changed(head, after)
    assert len(gone) <= 1 and len(come) == 1
    assert after.count(newline) == after.count("\n")


@pytest.mark.parametrize("head", [TOML, YAML, JSON], ids=["toml", "yaml", "json"])
def test_a_tag_more_and_a_tag_less_change_their_line(tmp_path, head):
    bring(write_site(tmp_path / "site", {"content/posts/a.md": head}))
    Post.objects.get().tags.add("Dew")
    gone, come = changed(head, exported(tmp_path)["content/posts/a.md"].decode())
    assert len(gone) <= 1 and len(come) == 1 and "Dew" in come[0]
    Post.objects.get().tags.set(["C++", "Dew"])
    assert b"Morning" not in exported(tmp_path, "second")["content/posts/a.md"]


def test_a_changed_date_keeps_the_form_it_was_written_in(tmp_path):
    files = {"content/posts/a.md": "---\ntitle: A\ndate: 2021-05-04\n---\n"}
    bring(write_site(tmp_path / "site", files, 'timeZone = "Asia/Tokyo"'))
    post = Post.objects.get()
    post.published_at = datetime(2021, 6, 6, 15, tzinfo=UTC)  # midnight in Tokyo
    post.save()
    assert b"date: 2021-06-07\n" in exported(tmp_path)["content/posts/a.md"]


def test_an_edited_text_changes_the_text_alone(tmp_path):
    bring(write_site(tmp_path / "site", {"content/posts/a.md": YAML}))
    post = Post.objects.get()
    post.body = "Other.\n"
    post.save()
    assert exported(tmp_path)["content/posts/a.md"].decode() == YAML.replace("Text.", "Other.")


def test_an_entry_that_moved_leaves_its_old_address_as_one_line(tmp_path):
    bring(write_site(tmp_path / "site"))
    post = Post.objects.get()
    post.path = "/elsewhere/"
    post.save()
    gone, come = changed(POST, exported(tmp_path)["content/posts/first.md"].decode())
    assert come == ['aliases = ["/old/first/", "/posts/first/"]', 'url = "/elsewhere/"']


def test_an_edit_in_the_editor_is_one_changed_line_too(tmp_path, editor_client):
    bring(write_site(tmp_path / "site", {"content/posts/a.md": YAML.replace("\n", "\r\n")}))
    post = Post.objects.get()
    page = editor_client.get(f"/admin/blog/post/{post.pk}/change/")
    form = page.context["adminform"].form
    data = {name: form[name].value() for name in form.fields}
    data = {name: "" if value is None else value for name, value in data.items()}
    data = {name: value for name, value in data.items() if value is not False}
    data |= {"title": "Second Light", "tags": "Morning, C++"}
    for name in ("published_at", "public_at", "expires_at"):
        value = form[name].value()
        data[name] = value.strftime("%Y-%m-%dT%H:%M:%S") if value else ""
    answer = editor_client.post(f"/admin/blog/post/{post.pk}/change/", data)
    assert answer.status_code == 302, answer.context["adminform"].form.errors
    after = exported(tmp_path)["content/posts/a.md"].decode()
    assert after == YAML.replace("First Light", "Second Light").replace("\n", "\r\n")


def test_import_of_an_export_changes_nothing(tmp_path):
    bring(write_site(tmp_path / "site", {**ODD, "content/posts/first.md": POST}))
    post = Post.objects.get(title="First Light")
    post.title = "Second Light"
    post.save()
    make_post("New Here", tags=["Morning", "fresh"], path="/posts/new-here/", slug="new-here")
    make_page("About", path="/about/", slug="about")
    first = exported(tmp_path)
    before = list(
        Post.objects.order_by("pk").values("pk", "title", "path", "body_html", "guid", "published_at")
    )
    report = bring(tmp_path / "out")
    assert report.entries["created"] == report.entries["updated"] == report.entries["left out"] == 0
    now = list(Post.objects.order_by("pk").values("pk", "title", "path", "body_html", "guid", "published_at"))
    assert now == before
    assert exported(tmp_path, "again") == first


# What was written here


def test_a_new_post_is_written_like_its_neighbours(tmp_path):
    old = '---\ndate: "2021-05-04T10:00:00Z"\ntitle: "Old"\ntags: ["a"]\ndraft: false\n---\nText.\n'
    bring(write_site(tmp_path / "site", {"content/posts/2021-05-04-old/index.md": old}))
    at = datetime(2024, 2, 3, 4, 5, 6, tzinfo=UTC)
    make_post("New", slug="new", path="/posts/new/", tags=["b"], published_at=at, body="Hello.\n")
    text = exported(tmp_path)["content/posts/2024-02-03-new/index.md"].decode()
    head = '---\ndate: "2024-02-03T04:05:06Z"\ntitle: "New"\ntags: ["b"]\ndraft: false\n'
    assert text.startswith(head) and text.endswith("---\nHello.\n")


def test_a_site_that_was_written_here_comes_out_with_a_configuration(tmp_path):
    make_post("New", slug="new", path="/notes/new/")
    out = exported(tmp_path)
    assert b'url = "/notes/new/"' in out["content/posts/new.md"] and b"baseURL" in out["hugo.toml"]


def test_new_entries_with_one_slug_do_not_overwrite_each_other(tmp_path):
    make_post("A", slug="x", path="/posts/x/")
    make_post("B", slug="x", path="/2020/x/")
    assert {name for name in exported(tmp_path) if name.startswith("content/")} == {
        "content/posts/x.md",
        "content/posts/x-2.md",
    }


def test_own_taxonomies_and_authors_are_written(tmp_path):
    post = make_post("A", slug="a", authors=[make_user("ida", first_name="Ida", last_name="Marrow")])
    post.categories.add(Category.objects.create(taxonomy="topics", name="Paper"))
    text = exported(tmp_path)["content/posts/a.md"].decode()
    assert 'topics = ["Paper"]' in text and 'authors = ["Ida Marrow"]' in text


# Discussions


def test_a_discussion_comes_out_beside_its_post(tmp_path):
    bring(write_site(tmp_path / "site"))
    first = make_comment(Post.objects.get(), body="> The sun\n\nYes *indeed*.", author_email="v@example.net")
    make_comment(parent=first, body="No.")
    make_comment(Post.objects.get(), body="Spam.", status=Comment.Status.SPAM)
    raw = exported(tmp_path)["data/discussions/posts/first.md.json"]
    data = json.loads(raw)
    assert data["path"] == "/posts/first/"
    told = [(item["depth"], item["body"]) for item in data["comments"]]
    assert told == [(0, "> The sun\n\nYes *indeed*."), (1, "No.")]
    assert b"Spam" not in raw and b"v@example.net" not in raw


def test_a_discussion_is_read_back_as_it_was(tmp_path):
    bring(write_site(tmp_path / "site"))
    first = make_comment(
        Post.objects.get(), body="> The sun came up\n\nYes *indeed*.", author_url="https://a.example/"
    )
    make_comment(parent=first, body="No.")
    make_comment(Post.objects.get(), body="<p>Hi", markup="html", origin="hackernews", origin_id="7")
    told = (
        "author_name",
        "author_url",
        "created_at",
        "body",
        "body_html",
        "markup",
        "origin_id",
        "depth",
        "status",
    )
    before = list(Comment.objects.values(*told, "parent__body"))
    out = exported(tmp_path)
    assert bring(tmp_path / "out").comments == {"created": 0, "unchanged": 3}
    Comment.objects.order_by("-depth").first().delete()
    Comment.objects.all().delete()
    assert bring(tmp_path / "out").comments == {"created": 3, "unchanged": 0}
    assert list(Comment.objects.values(*told, "parent__body")) == before
    assert Comment.objects.exclude(quotes=None).count() == 1
    assert bring(tmp_path / "out").comments == {"created": 0, "unchanged": 3}
    assert exported(tmp_path, "again").keys() == out.keys()


def test_every_node_of_a_discussion_from_elsewhere_comes_out_and_the_same_again(tmp_path):
    bring(write_site(tmp_path / "site"))
    post, author = Post.objects.get(), make_user("ida")
    post.authors.add(author)
    gone = make_comment(
        post, body="", origin="hackernews", origin_id="1", status="removed", author_name="Rude <name>"
    )
    make_comment(parent=gone, body="", origin="hackernews", origin_id="2", status="removed")
    held = make_comment(post, body="Waiting.", status="pending", author_name="Waiting")
    make_comment(parent=held, body="I saw it before.", user=author)
    make_comment(post, body="Just gone.", status="removed")
    make_comment(post, body="Waiting in vain.", status="pending")
    place = "data/discussions/posts/first.md.json"
    raw = exported(tmp_path)[place]
    told = [(item["depth"], item["state"], item["body"]) for item in json.loads(raw)["comments"]]
    assert told == [
        (0, "removed", ""),
        (1, "removed", ""),
        (0, "removed", ""),
        (1, "approved", "I saw it before."),
    ]
    assert b"Rude" not in raw and b"Waiting" not in raw
    Comment.objects.filter(depth=1).delete()
    Comment.objects.all().delete()
    make_comment(post, status="pending")
    bring(tmp_path / "out")
    assert exported(tmp_path, "again")[place] == raw
    assert Comment.objects.get(body="I saw it before.").user == author
    assert make_comment(post).pk > max(int(item["id"]) for item in json.loads(raw)["comments"])


def test_an_id_that_another_comment_has_is_not_taken_from_it(tmp_path):
    bring(write_site(tmp_path / "site"))
    first = make_comment(Post.objects.get(), body="First.", author_name="Ada")
    exported(tmp_path)
    pk = first.pk
    first.delete()
    other = make_comment(make_post(), pk=pk, body="Other.")
    bring(tmp_path / "out")
    other.refresh_from_db()
    assert other.body == "Other."
    assert Comment.objects.get(body="First.").pk != pk


def test_with_private_what_readers_do_not_see_comes_out_too(tmp_path):
    comment = make_comment(status=Comment.Status.PENDING, author_email="v@example.net", body="Waiting.")
    raw = exported(tmp_path, private=True)[f"data/discussions/posts/{comment.target.slug}.md.json"]
    assert b"Waiting" in raw and b"v@example.net" in raw


def test_a_template_that_shows_discussions_comes_along(tmp_path):
    make_comment()
    assert b"site.Data.discussions" in exported(tmp_path)["layouts/partials/discussion.html"]


# Where it is written


def test_a_folder_with_something_in_it_is_refused_unless_forced(tmp_path):
    write(tmp_path / "out/mine.txt", "mine")
    with pytest.raises(FolderError, match="not empty"):
        export(tmp_path / "out")
    make_post("A", slug="a")
    assert exported(tmp_path, force=True)["mine.txt"] == b"mine"


@pytest.mark.parametrize("place", ["../x", "/x", "a/../../x", "a//b", "", "a\\..\\b", "a\0b", "."])
def test_no_path_leads_out_of_the_folder(tmp_path, place):
    with pytest.raises(PlaceError):
        Folder(tmp_path / "out").write(place, b"x")


def test_nothing_is_written_through_links(tmp_path):
    outside = tmp_path / "outside"
    outside.mkdir()
    (tmp_path / "out").mkdir()
    (tmp_path / "out/content").symlink_to(outside)
    (tmp_path / "out/hugo.toml").symlink_to(outside / "victim")
    folder = Folder(tmp_path / "out", force=True)
    with pytest.raises(PlaceError, match="link"):
        folder.write("content/a.md", b"x")
    folder.write("hugo.toml", b"x")
    assert list(outside.iterdir()) == [] and not (tmp_path / "out/hugo.toml").is_symlink()


def test_a_stored_path_that_leads_outside_is_a_problem_and_no_file(tmp_path):
    make_post("A", slug="a")
    Post.objects.update(source_path="../../evil.md", source_root="content")
    report = export(tmp_path / "out")
    assert "is no path inside" in str(report.problems[0])
    assert not (tmp_path.parent / "evil.md").exists()


def test_a_file_missing_from_the_storage_is_named(tmp_path):
    File.objects.create(path="/gone.png", file="site/gone.png")
    assert "missing" in str(export(tmp_path / "out").problems[0])
