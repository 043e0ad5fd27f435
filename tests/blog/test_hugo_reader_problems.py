"""Broken files: each is named with line and reason, every other one comes in, and nothing outside is read."""

import os

import pytest

from blog.importers.hugo import HugoSource
from blog.importers.records import ImportedEntry, Problem
from tests.blog.hugo_program import write_site

GOOD = {"content/posts/good.md": "---\ntitle: Good\ndate: 2024-01-01\n---\nText\n"}
CONFIG = 'baseURL = "https://example.org/"\n'


def read(folder, files):
    found = list(HugoSource(write_site(folder, GOOD | files, CONFIG)).entries())
    entries = {entry.source_path: entry for entry in found if isinstance(entry, ImportedEntry)}
    assert entries["posts/good.md"].title == "Good"
    return entries, [problem for problem in found if isinstance(problem, Problem)]


@pytest.mark.parametrize(
    ("content", "line", "words"),
    [
        ("---\ntitle: x\n\nText", 1, "never ends"),
        ("---\ntitle: x\nslug: [\n---\n", 4, "YAML"),
        ("+++\ntitle = x\n+++\n", 2, "TOML"),
        ('{"title": }\n', 1, "JSON"),
        ("#+TITLE: x\n\nText", 1, "Org"),
        ("---\ntitle: x\n---\n".encode("utf-16"), 1, "UTF-8"),
        (b"x" * 10_000_001, None, "10,000,001 bytes"),
    ],
    ids=lambda value: None if isinstance(value, (str, bytes)) and len(value) > 30 else None,
)
def test_a_file_that_cannot_be_read_is_left_out(tmp_path, content, line, words):
    entries, (problem,) = read(tmp_path, {"content/posts/bad.md": content})
    assert "posts/bad.md" not in entries
    assert (problem.path, problem.line) == ("content/posts/bad.md", line)
    assert words in problem.reason


@pytest.mark.parametrize(
    ("content", "body", "words"),
    [
        (b"caf\xe9 \xe2\x82\xac \x97 \x81", "café € — �", "byte E9 is not); it was read as Windows-1252"),
        (b"Te\0xt", "Te�xt", "NUL"),
    ],
)
def test_bytes_that_are_no_text_are_told_and_the_rest_comes_in(tmp_path, content, body, words):
    entries, (problem,) = read(tmp_path, {"content/posts/odd.md": b"---\ntitle: x\n---\n\n" + content})
    assert entries["posts/odd.md"].body == "\n" + body
    assert (problem.path, problem.line) == ("content/posts/odd.md", 5)
    assert words in problem.reason


@pytest.mark.parametrize(
    ("head", "key"),
    [
        ("title: [a, b]", "title"),
        ("date: someday", "date"),
        ("date: 2022-02-30", "date"),
        ("date: 0000-01-01", "date"),
        ("date: [2020]", "date"),
        ("date: 99999999999999999", "date"),
        ("date: 9999-12-31T23:59:59-05:00", "date"),
        ("expiryDate: never", "expirydate"),
        ("draft: perhaps", "draft"),
        ("tags: {a: b}", "tags"),
        ("weight: heavy", "weight"),
        ("aliases: {a: b}", "aliases"),
        ("slug: [a]", "slug"),
        ("url: https://other.example/x/", "url"),
        ("markup: org", "markup"),
    ],
)
def test_a_value_of_the_wrong_kind_costs_only_itself(tmp_path, head, key):
    text = f"---\nlayout: wide\n{head}\ndescription: kept\n---\nText\n"
    entries, (problem,) = read(tmp_path, {"content/posts/odd.md": text})
    assert entries["posts/odd.md"].description == "kept"
    assert (problem.path, problem.line) == ("content/posts/odd.md", 3)
    assert key in problem.reason.lower()


def test_the_year_one_means_no_date_and_is_told(tmp_path):
    text = "---\ntitle: Zero\ndate: 0001-01-01T00:00:00Z\n---\n"
    entries, (problem,) = read(tmp_path, {"content/posts/zero.md": text})
    assert entries["posts/zero.md"].published_at is None
    assert str(problem).startswith("content/posts/zero.md:3: `date` is in the year 1, which means no date")


def test_a_key_that_is_there_twice_is_told_and_the_last_one_counts(tmp_path):
    text = "---\ntitle: One\ntags: [a]\ntitle: Two\n---\nText\n"
    entries, (problem,) = read(tmp_path, {"content/posts/twice.md": text})
    assert entries["posts/twice.md"].title == "Two" and entries["posts/twice.md"].tags == ("a",)
    assert str(problem).startswith("content/posts/twice.md:4: The key title is there twice")


@pytest.mark.parametrize("name", ["x.org", "x.adoc", "x.rst", "x.Rmd", "x.pandoc", "_content.gotmpl"])
def test_other_formats_are_named_instead_of_swallowed(tmp_path, name):
    _entries, (problem,) = read(tmp_path, {f"content/posts/{name}": "Text"})
    assert problem.path == f"content/posts/{name}"


def test_the_source_of_a_file_that_is_there_is_not_named(tmp_path):
    _entries, problems = read(tmp_path, {"content/posts/good.Rmd": "Text"})
    assert problems == []


def test_pages_inside_a_bundle_are_named(tmp_path):
    files = {
        "content/posts/b/index.md": "x",
        "content/posts/b/inner.md": "x",
        "content/posts/b/c/index.md": "x",
    }
    _entries, problems = read(tmp_path, files)
    assert [problem.path for problem in problems] == [
        "content/posts/b/inner.md",
        "content/posts/b/c/index.md",
    ]


def test_a_link_that_leads_to_itself_is_told_and_stops_nothing(tmp_path):
    site = write_site(tmp_path, GOOD | {"static/x.css": ""}, CONFIG)
    os.symlink("itself", site / "content/posts/itself")
    os.symlink("itself.css", site / "static/itself.css")
    source = HugoSource(site)
    found = [*source.entries(), *source.static_files()]
    told = [item.path for item in found if isinstance(item, Problem) and "leads to itself" in item.reason]
    assert [os.path.basename(path) for path in told] == ["itself", "itself.css"]


def test_links_that_lead_out_are_not_followed(tmp_path):
    outside = tmp_path / "outside"
    outside.mkdir()
    (outside / "secret.md").write_text("---\ntitle: Secret\n---\n")
    site = write_site(tmp_path / "site", GOOD | {"content/posts/b/index.md": "x", "static/x.css": ""}, CONFIG)
    os.symlink(outside / "secret.md", site / "content/posts/link.md")
    os.symlink(outside, site / "content/folder")
    os.symlink(outside / "secret.md", site / "content/posts/b/secret.txt")
    os.symlink(outside / "secret.md", site / "static/secret.txt")
    os.symlink(".", site / "content/posts/loop")
    source = HugoSource(site)
    found = list(source.entries())
    entries = {entry.source_path: entry for entry in found if isinstance(entry, ImportedEntry)}
    assert sorted(entries) == ["posts/b/index.md", "posts/good.md"]
    assert entries["posts/b/index.md"].files == ()
    named = sorted(problem.path for problem in found if isinstance(problem, Problem))
    assert named == [
        "content/folder",
        "content/posts/b/secret.txt",
        "content/posts/link.md",
        "content/posts/loop",
    ]
    assert [str(file)[:17] for file in source.static_files() if isinstance(file, Problem)] == [
        "static/secret.txt"
    ]


def test_a_configuration_that_points_outside_is_not_read(tmp_path):
    (tmp_path / "secret.toml").write_text('title = "Secret"')
    site = write_site(tmp_path / "site", GOOD, CONFIG)
    (site / "hugo.toml").unlink()
    os.symlink(tmp_path / "secret.toml", site / "hugo.toml")
    assert HugoSource(site).site.title == ""


def test_something_that_is_no_file_is_not_opened(tmp_path):
    write_site(tmp_path, GOOD, CONFIG)
    os.mkfifo(tmp_path / "content/posts/pipe.md")
    found = list(HugoSource(tmp_path).entries())
    assert [problem.path for problem in found if isinstance(problem, Problem)] == ["content/posts/pipe.md"]


def test_a_name_that_is_not_utf8_is_named(tmp_path):
    write_site(tmp_path, GOOD, CONFIG)
    (tmp_path / os.fsdecode(b"content/posts/caf\xe9.md")).write_text("x")
    found = list(HugoSource(tmp_path).entries())
    assert [problem.path for problem in found if isinstance(problem, Problem)] == ["content/posts/caf?.md"]


def test_a_language_that_is_switched_off_stays_out(tmp_path):
    config = CONFIG + "[languages.en]\n[languages.ja]\n[languages.fr]\ndisabled = true\n"
    write_site(tmp_path, {"content/x.md": "x", "content/x.fr.md": "x", "content/x.ja.md": "x"}, config)
    found = list(HugoSource(tmp_path).entries())
    assert [entry.language for entry in found if isinstance(entry, ImportedEntry)] == ["ja", "en"]
    assert [problem.path for problem in found if isinstance(problem, Problem)] == ["content/x.fr.md"]


def test_a_broken_section_is_named_once_and_its_pages_come_in(tmp_path):
    entries, (problem,) = read(tmp_path, {"content/posts/_index.md": "---\ntitle: [\n---\n"})
    assert problem.path == "content/posts/_index.md"
    assert list(entries) == ["posts/good.md"]


def test_a_problem_is_printed_as_compilers_print_theirs():
    assert str(Problem("content/x.md", 3, "It is broken.")) == "content/x.md:3: It is broken."
    assert str(Problem("content/x.md", None, "It is broken.")) == "content/x.md: It is broken."


def test_a_setting_that_is_there_twice_is_told_and_the_last_one_counts(tmp_path):
    files = {"hugo.yaml": "title: a\nbaseURL: https://a.example/\ntitle: b\n", "content/a.md": "x"}
    for name, text in files.items():
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text(text)
    source = HugoSource(tmp_path)
    problem, _entry = source.entries()
    assert source.site.title == "b"
    assert str(problem).startswith("hugo.yaml:3: The key title is there twice")
