"""What becomes of a Hugo site: entries with all they carry, terms, files, references. No database, no settings."""

import subprocess
import sys
from datetime import UTC, datetime
from textwrap import dedent

import pytest

from blog.importers.hugo import HugoSource
from blog.importers.records import ImportedEntry, Problem, SourceError
from tests.blog.hugo_program import write_site

CONFIG = 'baseURL = "https://example.org/"\n'


def read(folder, files, config=CONFIG):
    return HugoSource(write_site(folder, files, config))


def read_one(folder, text, name="content/posts/one.md", config=CONFIG):
    (entry,) = read(folder, {name: dedent(text)}, config).entries()
    return entry


def entries(source):
    return {entry.source_path: entry for entry in source.entries() if isinstance(entry, ImportedEntry)}


def problems(source):
    return [found for found in source.entries() if isinstance(found, Problem)]


def test_an_entry_carries_everything_its_front_matter_says(tmp_path):
    text = """\
        ---
        Title: Early Bird
        DATE: 2024-03-01T06:30:00+02:00
        publishDate: 2024-03-02
        expiryDate: 2030-01-01
        draft: true
        tags: [Birds, C++]
        categories: Nature
        series: [Mornings]
        series_order: 2
        topics: [dawn]
        authors: [Ida Marrow, {name: Ben Oake}]
        summary: Short.
        description: Longer.
        toc: true
        weight: 7
        slug: early
        aliases: [/old/bird, dawn]
        canonicalURL: https://elsewhere.example/bird/
        menu: {main: {weight: 3}}
        linkTitle: Bird
        cover: {image: /bird.jpg, alt: A bird}
        mood: {Light: grey}
        ---
        Text
        """
    config = CONFIG + '[taxonomies]\ntag = "tags"\ntopic = "topics"\n'
    entry = read_one(tmp_path, text, config=config)
    assert (entry.kind, entry.title, entry.slug, entry.path) == (
        "post",
        "Early Bird",
        "early",
        "/posts/early/",
    )
    assert entry.guid == "https://example.org/posts/early/"
    assert entry.published_at == datetime(2024, 3, 1, 4, 30, tzinfo=UTC)
    assert entry.public_at == datetime(2024, 3, 2, tzinfo=UTC)
    assert entry.expires_at == datetime(2030, 1, 1, tzinfo=UTC)
    assert (entry.draft, entry.show_toc, entry.weight, entry.listed) == (True, True, 7, True)
    assert (entry.tags, entry.categories) == (("Birds", "C++"), ("Nature",))
    assert (entry.series, entry.series_order, entry.terms) == (("Mornings",), 2, {"topics": ("dawn",)})
    assert entry.authors == ("Ida Marrow", "Ben Oake")
    assert (entry.summary, entry.description) == ("Short.", "Longer.")
    assert entry.aliases == ("/old/bird/", "/posts/dawn/")
    assert entry.canonical_url == "https://elsewhere.example/bird/"
    assert entry.menu == (("Bird", 3),)
    assert (entry.cover, entry.cover_alt) == ("/bird.jpg", "A bird")
    assert entry.params["mood"] == {"light": "grey"}
    assert entry.front_matter + entry.body == dedent(text)


def test_a_page_without_a_title_has_none(tmp_path):
    entry = read_one(tmp_path, "Only text.\n")
    assert (entry.title, entry.front_matter, entry.kind) == ("", "", "page")


def test_line_ends_and_byte_order_mark_stay(tmp_path):
    text = "\ufeff\r\n---\r\ntitle: x\r\n---\r\n\r\nBody\r\n"
    entry = read_one(tmp_path, text)
    assert (entry.title, entry.front_matter + entry.body) == ("x", text)


@pytest.mark.parametrize(
    ("name", "head", "kind"),
    [
        ("content/about.md", "title: x", "page"),
        ("content/about.md", "title: x\ndate: 2020-01-01", "page"),
        ("content/about.md", "title: x\ntags: [a]", "post"),
        ("content/about/index.md", "title: x\ndate: 2020-01-01", "page"),
        ("content/notes/x.md", "title: x", "page"),
        ("content/notes/x.md", "title: x\ndate: 2020-01-01", "post"),
        ("content/notes/x.md", "title: x\ncategories: [a]", "post"),
        ("content/notes/x/index.md", "title: x\ndate: 2020-01-01", "post"),
    ],
)
def test_what_is_a_post_and_what_a_page(tmp_path, name, head, kind):
    dated = {"content/posts/dated.md": "---\ndate: 2020-01-01\n---\n"}
    source = read(tmp_path, dated | {name: f"---\n{head}\n---\n"})
    assert entries(source)[name.removeprefix("content/")].kind == kind


def test_a_blog_without_sections_has_its_posts_at_the_root(tmp_path):
    write_site(tmp_path, {"one.md": "---\ntitle: x\ndate: 2020-01-01\n---\n"})
    (tmp_path / "hugo.toml").unlink()
    source = HugoSource(tmp_path)
    assert entries(source)["one.md"].kind == "post"
    assert not source.site.has_config
    assert entries(source)["one.md"].guid == ""


def test_a_site_without_its_configuration_is_read_from_its_content_folder(tmp_path):
    write_site(tmp_path, {"content/posts/x.md": "---\ntitle: x\n---\n", "README.md": "Read me"})
    (tmp_path / "hugo.toml").unlink()
    assert [entry.path for entry in HugoSource(tmp_path).entries()] == ["/posts/x/"]


def test_html_files_are_entries(tmp_path):
    entry = read_one(tmp_path, "---\ntitle: x\n---\n<p>Raw", name="content/posts/x.html")
    assert (entry.markup, entry.path) == ("html", "/posts/x/")


def test_sections_are_counted_and_a_lone_one_is_a_page(tmp_path):
    files = {
        "content/_index.md": "Home",
        "content/posts/_index.md": "---\ntitle: Posts\n---\nAll of them.",
        "content/posts/x.md": "---\ntitle: x\n---\n",
        "content/about/_index.md": "---\ntitle: About\n---\nWe are.",
        "content/empty/_index.md": "---\ntitle: Nothing yet\n---\n",
    }
    source = read(tmp_path, files)
    assert {path: entry.kind for path, entry in entries(source).items()} == {
        "about/_index.md": "page",
        "posts/x.md": "page",
    }
    assert (entries(source)["about/_index.md"].path, source.section_pages) == ("/about/", 4)


def test_a_bundle_brings_its_files(tmp_path):
    files = {
        "content/posts/trip/index.md": "---\ntitle: x\nslug: far\n---\n",
        "content/posts/trip/My Cover.PNG": "",
        "content/posts/trip/more/a.txt": "",
        "content/posts/loose.png": "",
        "static/.well-known/x": "",
    }
    source = read(tmp_path, files)
    entry = entries(source)["posts/trip/index.md"]
    assert [file.path for file in entry.files] == ["/posts/far/My Cover.PNG", "/posts/far/more/a.txt"]
    assert all(file.source.is_file() for file in entry.files)
    assert entry.cover == "/posts/far/My Cover.PNG"
    assert sorted(file.path for file in source.static_files()) == ["/.well-known/x", "/posts/loose.png"]


@pytest.mark.parametrize(
    ("head", "cover"),
    [
        ("cover: {image: a.png, relative: true}", "/posts/trip/a.png"),
        ("image: a.png", "/posts/trip/a.png"),
        ("images: [https://x.example/b.png, a.png]", "https://x.example/b.png"),
        ("featured_image: /img/c.png", "/img/c.png"),
        ("banner: img/c.png", "/img/c.png"),
        ("resources: [{src: 'a.*', name: featured-image}]", "/posts/trip/a.png"),
        ("image: ''", ""),
    ],
)
def test_covers_under_the_names_that_themes_use(tmp_path, head, cover):
    files = {"content/posts/trip/index.md": f"---\n{head}\n---\n", "content/posts/trip/a.png": ""}
    assert entries(read(tmp_path, files))["posts/trip/index.md"].cover == cover


@pytest.mark.parametrize(
    ("head", "authors"),
    [
        ("author: Ida Marrow", ("Ida Marrow",)),
        ("author: [Ida, Ben]", ("Ida", "Ben")),
        ("author: {name: Ida, email: x}", ("Ida",)),
        ("authors: [{name: Ida}, Ben]", ("Ida", "Ben")),
        ("author: 3", ()),
    ],
)
def test_authors_in_all_forms(tmp_path, head, authors):
    assert read_one(tmp_path, f"---\n{head}\n---\n").authors == authors


@pytest.mark.parametrize(
    ("head", "draft", "listed"),
    [
        ("draft: false\npublished: false", False, True),
        ("published: false", True, True),
        ("published: 2020-01-01", False, True),
        ("build: {list: never}", False, False),
        ("_build: {list: false}", False, False),
        ("build: {list: local}", False, True),
        ("headless: true", True, False),
        ("build: {render: never, list: never}", True, False),
    ],
)
def test_what_hugo_neither_renders_nor_lists_stays_hidden(tmp_path, head, draft, listed):
    entry = read_one(tmp_path, f"---\n{head}\n---\n")
    assert (entry.draft, entry.listed) == (draft, listed)


def test_the_contents_list_follows_the_site_unless_the_page_decides(tmp_path):
    files = {"content/a.md": "---\ntitle: a\n---\n", "content/b.md": "---\nShowToc: false\n---\n"}
    found = entries(read(tmp_path, files, CONFIG + "[params]\nShowToc = true\n"))
    assert (found["a.md"].show_toc, found["b.md"].show_toc) == (True, False)


def test_two_entries_never_share_an_address(tmp_path):
    files = {f"content/posts/{name}.md": "---\ntitle: x\nslug: same\n---\n" for name in "abc"}
    source = read(tmp_path, files)
    assert [entry.path for entry in entries(source).values()] == [
        "/posts/same/",
        "/posts/same-2/",
        "/posts/same-3/",
    ]
    assert [(p.path, p.line) for p in problems(source)] == [
        ("content/posts/b.md", 3),
        ("content/posts/c.md", 3),
    ]


def test_of_files_that_hugo_takes_for_one_page_the_same_one_is_kept(tmp_path):
    files = {
        f"content/posts/{name}": "x" for name in ("a.md", "a.html", "b.md", "b/index.md", "c.en.md", "c.md")
    }
    source = read(tmp_path, files)
    assert list(entries(source)) == ["posts/a.md", "posts/b/index.md", "posts/c.en.md"]
    assert len(problems(source)) == 3


def test_terms_have_the_addresses_hugo_gives_them(tmp_path):
    files = {
        "content/posts/x.md": '---\ntags: ["C++", "C#", "Machine Learning", "Über", "日本", Go]\n---\n',
        "content/tags/go/_index.md": "---\ntitle: The Go Language\ndescription: By Google\nslug: golang\n---\n",
        "content/tags/unused/_index.md": "---\ntitle: What Nobody Uses\n---\n",
    }
    terms = {term.name: term for term in read(tmp_path, files).terms()}
    assert {name: term.path for name, term in terms.items()} == {
        "C++": "/tags/c++/",
        "C#": "/tags/c#/",
        "Machine Learning": "/tags/machine-learning/",
        "Über": "/tags/über/",
        "日本": "/tags/日本/",
        "Go": "/tags/golang/",
        "unused": "/tags/unused/",
    }
    assert (terms["Go"].title, terms["Go"].description, terms["Go"].slug) == (
        "The Go Language",
        "By Google",
        "golang",
    )


@pytest.mark.parametrize(
    ("reference", "path"),
    [
        ("b.md", "/posts/bee/"),
        ("b", "/posts/bee/"),
        ("./b.md", "/posts/bee/"),
        ("posts/b.md#end", "/posts/bee/#end"),
        ("/posts/b", "/posts/bee/"),
        ("../about.md", "/about/"),
        ("trip", "/posts/trip/"),
        ("/posts/trip/index.md", "/posts/trip/"),
        ("posts", "/posts/"),
        ("#here", "#here"),
        ("nowhere.md", None),
        ("twice.md", None),
        ("deep", "/one/below/deep/"),
        ("/deep", None),
        ("one/deep.md", None),
    ],
)
def test_references_lead_where_hugo_leads(tmp_path, reference, path):
    files = {
        "content/posts/_index.md": "---\ntitle: Posts\n---\n",
        "content/posts/a.md": "x",
        "content/posts/b.md": "---\nslug: bee\n---\n",
        "content/posts/trip/index.md": "x",
        "content/about.md": "x",
        "content/one/twice.md": "x",
        "content/two/twice.md": "x",
        "content/one/below/deep.md": "x",
    }
    assert read(tmp_path, files).resolve_ref(reference, "posts/a.md") == path


@pytest.mark.parametrize(
    ("link", "path"),
    [
        ("b.md", "/de/posts/b/"),
        ("/posts/b", "/de/posts/b/"),
        ("/posts", "/de/posts/"),
        ("/tags/", "/de/tags/"),
        ("/tags/dogs", "/de/tags/hunde/"),
        ("only.md", None),  # which ref finds, by its name
        ("/posts/c.md", None),
    ],
)
def test_links_lead_to_pages_and_lists_of_their_own_language(tmp_path, link, path):
    files = {
        "hugo.toml": '[languages.en]\ncontentDir = "en"\n[languages.de]\ncontentDir = "de"\n',
        "en/posts/a.md": "x",
        "en/posts/b.md": "x",
        "en/posts/c.md": "x",
        "de/posts/a.md": "x",
        "de/posts/b.md": "x",
        "de/notes/only.md": "x",
        "de/tags/dogs/_index.md": "---\ntitle: Dogs\nslug: hunde\n---\n",
    }
    assert read(tmp_path, files).resolve_page(link, "posts/a.md", "de") == path


@pytest.mark.parametrize(
    ("reference", "path"),
    [
        ("b", "/posts/b/"),
        ("b.md", "/posts/b/"),
        ("../b.md", "/posts/b/"),
        ("../other/index.md", "/posts/other/"),
        ("../about", "/about/"),
        ("../b", None),
    ],
)
def test_references_in_a_bundle_start_where_hugo_starts(tmp_path, reference, path):
    files = ("posts/trip/index.md", "posts/other/index.md", "posts/b.md", "about.md")
    source = read(tmp_path, {f"content/{name}": "x" for name in files})
    assert source.resolve_ref(reference, "posts/trip/index.md") == path


def test_a_reference_may_name_a_language(tmp_path):
    config = "[languages.en]\nweight = 1\n[languages.de]\nweight = 2\n"
    names = ("docs/parts/index.md", "docs/other.md", "docs/other.de.md", "posts/a.de.md")
    source = read(tmp_path, {f"content/{name}": "x" for name in names}, config)
    assert source.resolve_ref("docs/parts#icon", "posts/a.de.md", "de") is None
    assert source.resolve_ref("docs/parts#icon", "posts/a.de.md", "de", target="en") == "/docs/parts/#icon"
    assert source.resolve_ref("other", "posts/a.de.md", "de", target="en") == "/docs/other/"
    assert source.resolve_ref("other", "posts/a.de.md", "de") == "/de/docs/other/"


def test_of_several_documents_in_a_configuration_the_first_counts(tmp_path):
    write_site(tmp_path, {"content/a.md": "x", "hugo.yaml": "title: Marrow\n---\ntitle: Oake\n---\n"})
    (tmp_path / "hugo.toml").unlink()
    assert HugoSource(tmp_path).site.title == "Marrow"


def test_the_site_is_described(tmp_path):
    config = """\
        baseURL: https://example.org/blog/
        title: Marrow & Oake
        languageCode: en-gb
        timeZone: Europe/London
        permalinks: {posts: "/:year/:section/:slugorfilename"}
        params: {description: Notes, author: {name: Ida Marrow}, Started: 2019}
        menu:
          main:
            - {name: About, url: /about/, weight: 20}
            - {name: Posts, pageRef: /posts, weight: 10}
        """
    files = {"content/posts/x.md": "x", "hugo.yaml": dedent(config)}
    write_site(tmp_path, files)
    (tmp_path / "hugo.toml").unlink()
    source = HugoSource(tmp_path)
    site = source.site
    assert (site.title, site.tagline, site.author) == ("Marrow & Oake", "Notes", "Ida Marrow")
    assert (site.base_url, site.language, site.time_zone) == (
        "https://example.org/blog/",
        "en-gb",
        "Europe/London",
    )
    assert site.post_pattern == "/:year/posts/:slugorfilename/"
    assert site.menu == (("Posts", "/posts", 10), ("About", "/about/", 20))
    assert site.params["started"] == 2019
    assert site.options
    assert site.has_config


def test_the_configuration_may_be_spread_over_a_folder(tmp_path):
    files = {
        "config/_default/hugo.json": '{"baseURL": "https://draft.example/", "title": "T"}',
        "config/_default/permalinks.toml": 'posts = "/p/:slug/"\n',
        "config/_default/languages.yaml": "en: {weight: 1}\nja: {weight: 2}\n",
        "config/_default/params.ja.toml": 'description = "J"\n',
        "config/production/hugo.toml": 'baseURL = "https://example.org/"\n',
        "content/posts/x.ja.md": "---\ntitle: x\n---\n",
    }
    write_site(tmp_path, files)
    (tmp_path / "hugo.toml").unlink()
    (entry,) = HugoSource(tmp_path).entries()
    assert (entry.language, entry.guid) == ("ja", "https://example.org/ja/p/x/")


def test_ignored_files_are_not_read(tmp_path):
    files = {"content/posts/x.md": "x", "content/posts/x.Rmd": "x", "content/cache/y.md": "x"}
    source = read(tmp_path, files, CONFIG + 'ignoreFiles = ["\\\\.Rmd$", "cache$", "["]\n')
    assert [found.source_path for found in source.entries()] == ["posts/x.md"]


@pytest.mark.parametrize(
    ("files", "words"),
    [
        ({"hugo.toml": "title = "}, "hugo.toml"),
        ({"hugo.toml": 'contentDir = "../elsewhere"'}, "no content folder"),
        ({"hugo.toml": 'title = "x"'}, "no content folder"),
        ({"hugo.toml": "", "content/empty.txt": ""}, "no Markdown"),
    ],
)
def test_a_folder_that_is_no_site_is_refused_with_a_sentence(tmp_path, files, words):
    with pytest.raises(SourceError, match=words):
        HugoSource(write_site(tmp_path, files, files["hugo.toml"]))


def test_reader_needs_no_django(tmp_path):
    write_site(tmp_path, {"content/posts/x.md": "x"}, CONFIG)
    program = (
        "import sys; from pathlib import Path; from blog.importers.hugo import HugoSource;"
        f"print(len(list(HugoSource(Path({str(tmp_path)!r})).entries())), 'django.conf' in sys.modules)"
    )
    told = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert told.stdout.split() == ["1", "False"]


def test_translations_link_to_the_files_that_hugo_serves_once(tmp_path):
    files = {
        "hugo.toml": "[languages.en]\nweight = 1\n[languages.ja]\nweight = 2\n",
        "content/a/index.md": "x",
        "content/a/index.ja.md": "x",
        "content/a/Both.png": "1",
        "content/a/map.png": "1",
        "content/a/map.ja.png": "2",
        "content/b/index.ja.md": "x",
        "content/b/both.png": "1",
    }
    found = {(entry.path): dict(entry.named) for entry in read(tmp_path, files).entries()}
    assert found["/a/"]["both.png"] == found["/ja/a/"]["both.png"] == "/a/Both.png"
    assert found["/a/"]["map.png"] == "/a/map.png"
    assert found["/ja/a/"]["map.png"] == "/ja/a/map.ja.png"
    assert found["/ja/b/"] == {}


def test_translations_find_the_files_beside_a_page_too(tmp_path):
    files = {
        "hugo.toml": "[languages.en]\nweight = 1\n[languages.ja]\nweight = 2\n",
        "content/posts/walk.md": "---\nslug: far\n---\n",
        "content/posts/walk.ja.md": "---\nslug: aruku\n---\n",
        "content/posts/walk/map.png": "1",
        "content/posts/walk/sea.png": "1",
        "content/posts/walk/sea.ja.png": "2",
    }
    source = read(tmp_path, files)
    found = {entry.path: dict(entry.named) for entry in source.entries()}
    assert found["/posts/far/"]["map.png"] == found["/ja/posts/aruku/"]["map.png"] == "/posts/far/map.png"
    assert found["/ja/posts/aruku/"]["sea.png"] == "/ja/posts/aruku/sea.ja.png"
    assert not list(source.static_files())
