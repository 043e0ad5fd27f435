import io
import json

import pytest
from django.core.management import call_command

from blog.models import Post
from tests.blog.sites import POST, bring, post_source, write_site
from tests.factories import make_page, make_post

pytestmark = pytest.mark.django_db


def dump():
    out = io.StringIO()
    call_command("dump_rendered", stdout=out)
    return [json.loads(line) for line in out.getvalue().splitlines()]


def test_an_imported_post_is_one_line_with_all_that_a_comparison_needs(tmp_path):
    bring(write_site(tmp_path, {"content/posts/first.md": POST + "\n# Noon\n\n## Later\n"}))
    [row] = dump()
    assert "<h1" in row.pop("html")  # not shifted
    assert '<nav id="TableOfContents">' in row.pop("toc")
    assert row == {
        "path": "posts/first.md",
        "url": "/posts/first/",
        "title": "First Light",
        "slug": "first",
        "date": "2021-05-04T10:00:00+00:00",
        "tags": ["Morning", "C++"],
        "categories": ["Days"],
        "draft": False,
        "aliases": ["/old/first/"],
    }


def test_what_was_written_here_has_no_source(db):
    make_page("About", path="/about/")
    [row] = dump()
    assert (row["path"], row["url"], row["date"], row["tags"]) == (None, "/about/", None, [])


def test_tags_keep_the_spelling_and_order_of_their_file(tmp_path):
    files = {
        "content/posts/a.md": post_source(tags="[go, Art]"),
        "content/posts/b.md": post_source(tags="Go"),
    }
    bring(write_site(tmp_path, files))
    assert [row["tags"] for row in dump()] == [["go", "Art"], ["Go"]]


def test_tags_changed_here_are_those_that_hold(tmp_path):
    bring(write_site(tmp_path))
    Post.objects.get().tags.add("Added")
    assert dump()[0]["tags"] == ["Added", "C++", "Morning"]


def test_a_link_for_what_a_browser_would_fetch_is_none_of_hugo_s_words(tmp_path):
    text = "One.\n\n{{< gist ada 12 >}}\n\n{{< x user=ada id=7 >}}\n\nTwo.\n"
    bring(write_site(tmp_path, {"content/posts/a.md": post_source(body=text)}))
    assert "A gist by ada" in Post.objects.get().body_html
    [row] = dump()
    assert row["html"].splitlines() == [
        "<p>One.</p>",
        '<div data-shortcode="gist"></div>',
        '<div data-shortcode="x"></div>',
        "<p>Two.</p>",
    ]


def test_drafts_are_dumped_as_such(tmp_path):
    make_post(draft=True)
    assert dump()[0]["draft"] is True


def test_the_language_is_named_where_there_are_several(tmp_path):
    config = 'defaultContentLanguage = "en"\n[languages.en]\nweight = 1\n[languages.de]\nweight = 2\n'
    files = {"content/posts/a.md": post_source(), "content/posts/a.de.md": post_source("Eins")}
    bring(write_site(tmp_path, files, config))
    assert {row["title"]: row["lang"] for row in dump()} == {"A Post": "en", "Eins": "de"}


def test_many_posts_take_as_many_queries_as_few(django_assert_max_num_queries):
    for _number in range(5):
        make_post(tags=["a", "b"], categories=["c"])
    with django_assert_max_num_queries(6):
        dump()


def test_an_empty_tag_is_kept_as_it_was_written(tmp_path):
    files = {
        "content/posts/a.md": post_source(tags='[""]'),
        "content/posts/b.md": post_source("B", tags='""'),
    }
    bring(write_site(tmp_path, files))
    assert [row["tags"] for row in dump()] == [[""], [""]]
