"""The moving receipt finds what was lost, and says so; where all is there it says that."""

import io

import pytest
from django.core.management import CommandError, call_command

from blog.models import Post
from blog.receipt import hugo_build
from blog.receipt.checks import Check, excerpt
from blog.receipt.hugo import check
from blog.receipt.parts import parts_of
from tests.blog.sites import CONFIG, POST, bring, post_source, write, write_site

BODY = "\n## A heading\n\nText with a [link](/posts/b/) and ![a picture](/a.png).\n\n```go\nfunc main() {}\n```\n"


@pytest.fixture
def site(db, tmp_path):
    files = {
        "content/posts/first.md": POST + BODY,
        "content/posts/b.md": post_source("B"),
        "static/a.png": b"a",
    }
    site = write_site(tmp_path / "site", files)
    bring(site)
    return site


@pytest.fixture
def public(site, tmp_path):
    """What Hugo would have built of it, in a theme."""
    public = tmp_path / "public"
    for post in Post.objects.all():
        page = f"<html><head><title>x</title></head><body><nav><a href='/'>Home</a></nav>{post.body_html}</body></html>"
        write(public / post.path.strip("/") / "index.html", page)
    guids = "".join(f"<item><guid>{post.guid}</guid></item>" for post in Post.objects.all())
    write(public / "index.xml", f"<rss><channel>{guids}</channel></rss>")
    for name in (
        "index.html",
        "posts/index.html",
        "tags/index.html",
        "tags/c++/index.html",
        "old/first/index.html",
    ):
        write(public / name, "<p>list</p>")
    return public


def run(*arguments):
    out, err, status = io.StringIO(), io.StringIO(), 0
    try:
        call_command("check_move", "hugo", *map(str, arguments), stdout=out, stderr=err)
    except SystemExit as exit:
        status = exit.code
    return out.getvalue(), err.getvalue(), status


def test_a_complete_move_is_a_hundred_percent_of_everything(site, public):
    receipt = check(site, public=public)
    assert receipt.ok, {name: check.differences for name, check in receipt.checks.items()}
    assert receipt["urls"].total == 8 and receipt["guids"].total == 2
    assert all(
        receipt[name].percent == "100 %" for name in ("titles", "dates", "tags", "text", "code", "links")
    )
    assert "theme" in receipt["structure"].not_checked


LOSSES = {
    "urls": lambda post: Post.objects.filter(pk=post.pk).update(path="/elsewhere/"),
    "guids": lambda post: Post.objects.filter(pk=post.pk).update(guid="urn:other"),
    "titles": lambda post: Post.objects.filter(pk=post.pk).update(title="Last Light"),
    "dates": lambda post: Post.objects.filter(pk=post.pk).update(published_at="2021-05-04T10:00:01Z"),
    "tags": lambda post: post.tags.remove("C++"),
    "text": lambda post: _replace(post, "sun", "moon"),
    "heading_ids": lambda post: _replace(post, 'id="a-heading"', 'id="a-header"'),
    "links": lambda post: _replace(post, "/posts/b/", "/posts/c/"),
    "images": lambda post: _replace(post, "/a.png", "/b.png"),
    "code": lambda post: _replace(post, "main", "gain"),
}


def _replace(post, old, new):
    assert old in post.body_html
    Post.objects.filter(pk=post.pk).update(body_html=post.body_html.replace(old, new))


@pytest.mark.parametrize("name", LOSSES)
def test_a_planted_loss_is_found(site, public, name):
    LOSSES[name](Post.objects.get(title="First Light"))
    receipt = check(site, public=public)
    assert not receipt.ok and len(receipt[name].differences) >= 1


def test_an_entry_that_did_not_come_in_is_missed(site, public):
    write(site / "content/posts/late.md", post_source("Late"))
    receipt = check(site, public=public)
    assert [each.place for each in receipt["titles"].differences] == ["posts/late.md"]


def test_without_a_build_the_source_is_compared_and_the_rest_is_said(site):
    receipt = check(site)
    assert receipt.ok and receipt["urls"].total > 5 and receipt["text"].not_checked
    Post.objects.filter(title="B").delete()
    receipt = check(site)
    assert "/posts/b/" in [each.place for each in receipt["urls"].differences]


def test_drafts_are_not_missed(db, tmp_path):
    site = write_site(tmp_path, {"content/posts/a.md": post_source(draft="true"), "content/posts/b.md": POST})
    bring(site)
    assert check(site).ok


def test_the_command_prints_percentages_and_writes_a_page(site, public, tmp_path):
    out, err, status = run(site, "--public", public, "--html", tmp_path / "r.html")
    assert status == 0 and err == "" and "URLs answered       100 %  8 of 8" in out
    page = (tmp_path / "r.html").read_text()
    assert "feed guids kept" in page and "http" not in page.replace("https://old.example.net", "")


def test_the_command_lists_every_difference_and_fails(site, public, tmp_path):
    Post.objects.filter(title="B").update(title="<b>C</b>")
    out, err, status = run(site, "--public", public, "--html", tmp_path / "r.html")
    assert status == 1 and err == "titles: posts/b.md: there “B”, here “<b>C</b>”\n" and "50.00 %" in out
    assert "&lt;b&gt;C&lt;/b&gt;" in (tmp_path / "r.html").read_text()


def test_what_cannot_be_compared_ends_it_with_a_sentence(db, tmp_path, monkeypatch):
    with pytest.raises(CommandError, match="is not a folder"):
        run(tmp_path / "none")
    site = write_site(tmp_path / "site")
    monkeypatch.setattr(hugo_build, "find_program", lambda: None)
    with pytest.raises(CommandError, match="There is no Hugo here"):
        run(site, "--build")


@pytest.mark.hugo
@pytest.mark.skipif(hugo_build.find_program() is None, reason="Hugo is not installed")
def test_against_a_real_build_all_is_the_same(site):
    before = sorted(path.relative_to(site) for path in site.rglob("*"))
    receipt = check(site, build=True)
    assert receipt.ok, {name: check.differences for name, check in receipt.checks.items()}
    assert receipt["structure"].total == 2 and receipt["guids"].total >= 2 and receipt["urls"].total >= 10
    assert sorted(path.relative_to(site) for path in site.rglob("*")) == before


@pytest.mark.hugo
@pytest.mark.skipif(hugo_build.find_program() is None, reason="Hugo is not installed")
def test_shortcodes_of_a_theme_do_not_stop_a_build(db, tmp_path):
    body = "{{< carousel >}}\n\n{{< box >}}inside{{< /box >}}\n"
    site = write_site(tmp_path, {"content/posts/a.md": post_source(body=body)}, 'theme = "gone"\n' + CONFIG)
    bring(site)
    assert "carousel" in check(site, build=True).how


@pytest.mark.hugo
@pytest.mark.skipif(hugo_build.find_program() is None, reason="Hugo is not installed")
def test_what_newer_hugos_refuse_does_not_stop_a_build(db, tmp_path):
    body = "{{% box %}}\n{{% lone %}}\n{{% /box %}}\n\n{{% box %}}\n\nText.\n"
    site = write_site(
        tmp_path, {"content/posts/a.md": post_source(body=body)}, CONFIG + "[caches.getjson]\nmaxAge = 1\n"
    )
    bring(site)
    receipt = check(site, build=True)
    assert receipt["urls"].total and not receipt["urls"].differences


@pytest.mark.hugo
@pytest.mark.skipif(hugo_build.find_program() is None, reason="Hugo is not installed")
def test_templates_and_texts_that_fail_do_not_stop_a_build(db, tmp_path):
    files = {
        "content/posts/a.md": post_source(
            body="## Heading\n\n{{< far >}}\n\n{{< outer >}}{{< old />}}{{< /outer >}}\n"
        ),
        "content/posts/twice.md": "---\ntitle: A\nbroken: [\n---\n",
        "layouts/_shortcodes/far.html": '{{ (resources.GetRemote "https://example.org/a.json").Content }}',
        "layouts/_shortcodes/old.html": '{{ getJSON "a" }}',
        "layouts/_shortcodes/outer.html": "<b>{{ .Inner }}</b>",
        "layouts/_markup/render-heading.html": '{{ partial "of-a-theme.html" . }}',
        "layouts/partials/foot.html": '{{ template "_internal/google_analytics_async.html" . }}',
        "content/posts/lines.md": "---\ntitle: A\u2028b\n---\n",
    }
    site = write_site(tmp_path, files)
    bring(site)
    receipt = check(site, build=True)
    assert "without it: far, old; files that Hugo does not read: content/posts/twice.md" in receipt.how
    assert receipt["heading_ids"].same == receipt["heading_ids"].total == 2


@pytest.mark.hugo
@pytest.mark.skipif(hugo_build.find_program() is None, reason="Hugo is not installed")
def test_texts_that_need_a_program_or_a_network_do_not_stop_a_build(db, tmp_path):
    files = {
        "content/posts/a.md": post_source(body="## Heading\n"),
        "content/posts/b.pandoc": post_source(body="*b*\n"),
        "content/posts/c.pandoc": post_source(body="*c*\n"),
        "content/far/_content.gotmpl": '{{ (resources.GetRemote "https://example.org/a.json").Content }}',
    }
    site = write_site(tmp_path, files)
    bring(site)
    receipt = check(site, build=True)
    for name in ("far/_content.gotmpl", "posts/b.pandoc", "posts/c.pandoc"):
        assert f"content/{name}" in receipt.how
    assert receipt["heading_ids"].same == receipt["heading_ids"].total == 1


@pytest.mark.hugo
@pytest.mark.skipif(hugo_build.find_program() is None, reason="Hugo is not installed")
def test_pages_that_a_template_makes_are_missed(db, tmp_path):
    files = {
        "content/posts/a.md": post_source(),
        "content/far/_content.gotmpl": '{{ $.AddPage (dict "path" "made" "title" "Made") }}',
    }
    site = write_site(tmp_path, files)
    bring(site)
    receipt = check(site, build=True)
    assert "/far/made/" in str(receipt["urls"].differences)


@pytest.mark.hugo
@pytest.mark.skipif(hugo_build.find_program() is None, reason="Hugo is not installed")
@pytest.mark.parametrize("in_table", ["true", "false"])
def test_numbers_of_lines_are_no_code(db, tmp_path, in_table):
    fences = "```go\na := 1\nb := 2\n```\n\n```go {linenos=inline}\nc\n```\n\n```go {linenos=table}\nd\n```\n"
    config = f"{CONFIG}[markup.highlight]\nlineNos = true\nlineNumbersInTable = {in_table}\n"
    site = write_site(tmp_path, {"content/posts/a.md": post_source(body=fences)}, config)
    bring(site)
    receipt = check(site, build=True)
    assert receipt.ok, {name: check.differences for name, check in receipt.checks.items()}


# The pieces


def test_addresses_on_the_hosts_of_both_sites_are_paths():
    html = '<a href="https://old.example/a">a</a><a href="http://new.example:8000/a">a</a>'
    assert parts_of(html, "https://old.example/", "http://new.example:8000").links == ["/a", "/a"]


def test_parts_of_a_page():
    html = '<h2 id="x">A <em>b</em></h2>\n<p>c <a href="https://o.example/y%20z">d</a></p><pre><code>e\n</code></pre>'
    parts = parts_of(html + "<script>no</script>", "https://o.example/")
    assert (parts.text, parts.heading_ids, parts.links, parts.code) == ("A b c d e", ["x"], ["/y z"], ["e"])
    assert parts.structure == ["h2", "/h2", "p", "/p", "pre", "/pre"]


def test_what_marks_a_shortcode_is_no_structure():
    html = '<div><div data-shortcode="box"><p>a</p><div>b</div></div></div>'
    assert parts_of(html).structure == ["div", "p", "/p", "div", "/div", "/div"]


def test_what_a_theme_adds_to_headings_and_code_is_not_missed():
    linked = '<h2 id="a-b">A b <a href="#a-b"><small>#</small></a></h2><p>c</p>'
    assert parts_of(linked) == parts_of('<h2 id="a-b">A b</h2><p>c</p>')
    whole = parts_of('<h2 id="a"><a href="#a">A</a></h2>')
    assert (whole.text, whole.links) == ("A", ["#a"])
    numbered = '<pre><span class="lnt">1\n</span></pre><pre>x <span>y</span></pre>'
    assert parts_of(numbered).code == ["", "x y"]
    assert parts_of('(<div data-shortcode="b"></div>)').text == "()"


def test_a_percentage_is_never_rounded_up_to_a_hundred():
    assert Check("urls", total=100_000, same=99_999).percent == "99.99 %"
    assert Check("urls").percent == "–"


def test_an_excerpt_begins_shortly_before_the_difference():
    old, new = excerpt("x" * 500 + "old", "x" * 500 + "new")
    assert old.endswith("old") and new.endswith("new") and len(old) < 100


@pytest.mark.hugo
@pytest.mark.skipif(hugo_build.find_program() is None, reason="Hugo is not installed")
def test_an_empty_tag_is_not_missed(db, tmp_path):
    site = write_site(tmp_path, {"content/posts/a.md": '---\ntitle: A\ntags: ["", b, " "]\n---\nText\n'})
    bring(site)
    receipt = check(site, build=True)
    assert not receipt["tags"].differences, receipt["tags"].differences


@pytest.mark.hugo
@pytest.mark.skipif(hugo_build.find_program() is None, reason="Hugo is not installed")
def test_a_language_whose_folder_lies_in_anothers_is_not_missed(db, tmp_path):
    config = CONFIG + '[languages.en]\ncontentDir = "content"\n[languages.es]\ncontentDir = "content/es"\n'
    files = {"content/posts/a.md": post_source("A"), "content/es/posts/a.md": post_source("Á")}
    site = write_site(tmp_path, files, config)
    bring(site)
    receipt = check(site, build=True)
    assert receipt["titles"].total and not receipt["titles"].differences
