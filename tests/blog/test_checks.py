"""What an author is told before publishing: plain functions on HTML."""

import pytest

from blog import checks

SITE = "https://example.org"


def said(remarks):
    return [(remark.sentence, remark.line) for remark in remarks]


def test_pictures_without_words_are_named_with_their_line():
    html = (
        '<p data-line="0"><img src="/media/a.png" alt="A wall"></p>\n'
        '<p data-line="2"><img src="/media/red%20wall.png" alt=" "></p>\n'
        '<p data-line="4"><img src="" alt="x"></p>\n'
        '<p data-line="6"><img src="/media/uploads/2026/11/bb1c437f7d7ac8eda8c70f77.png"></p>\n'
    )
    assert said(checks.pictures_without_words(checks.outline(html))) == [
        ("Picture 2 (red wall.png) has no words for readers who cannot see it.", 2),
        ("Picture 3 has no address.", 4),
        ("Picture 4 has no words for readers who cannot see it.", 6),
    ]


@pytest.mark.parametrize(
    ("levels", "jumps"),
    [([2, 3, 2, 3, 4], []), ([3], ["H0"]), ([2, 4, 5], ["H1"]), ([2, 3, 5, 2], ["H2"]), ([], [])],
)
def test_headings_that_leave_a_level_out_are_named(levels, jumps):
    html = "".join(f"<h{level}>H<em>{number}</em></h{level}>" for number, level in enumerate(levels))
    found = [remark.sentence for remark in checks.heading_jumps(checks.outline(html))]
    assert len(found) == len(jumps)
    assert all(
        f"“{words}” is 2 levels below" in sentence for words, sentence in zip(jumps, found, strict=True)
    )


def test_a_description_or_a_summary_is_enough():
    assert (
        list(checks.missing_description("", "Short.")) == list(checks.missing_description("Long.", "")) == []
    )
    [remark] = checks.missing_description(" ", "\n")
    assert remark.field == "description"


def links(html, path="/posts/a/"):
    return [(link.path, link.fragment) for link in checks.links_within(checks.outline(html), path, SITE)]


def test_links_of_this_site_are_found_however_they_are_written():
    hrefs = ["/b/", "../c/", "#here", "https://example.org/d/?q=1#x%20y", "pic.png", SITE, "/e/"]
    html = "".join(f'<a href="{href}">x</a>' for href in hrefs)
    assert links(html) == [
        ("/b/", ""),
        ("/posts/c/", ""),
        ("/posts/a/", "here"),
        ("/d/", "x y"),
        ("/posts/a/pic.png", ""),
        ("/", ""),
        ("/e/", ""),
    ]


def test_other_sites_and_other_schemes_are_none_of_its_business():
    hrefs = [
        "https://example.com/",
        "//example.net/",
        "mailto:a@example.org",
        "http://[x",
        "tel:1",
        "http://example.org/",
    ]
    assert links("".join(f'<a href="{href}">x</a>' for href in hrefs)) == []


def test_dead_links_and_fragments_are_named():
    hrefs = ["#is", "#not", "/b/#is", "/b/#not", "/none/", "/list/#any", "#top"]
    html = (
        '<h2 id="is">x</h2><p data-line="7">' + "".join(f'<a href="{href}">x</a>' for href in hrefs) + "</p>"
    )
    page = checks.outline(html)
    found = checks.links_within(page, "/a/", SITE)
    remarks = checks.dead_links(found, "/a/", page.ids, {"/b/": {"is"}, "/list/": None})
    assert said(remarks) == [
        ("The link to #not leads to a place that its page does not have.", 7),
        ("The link to /b/#not leads to a place that its page does not have.", 7),
        ("The link to /none/ leads nowhere: readers find nothing there.", 7),
    ]


def test_broken_html_is_read_all_the_same():
    checks.outline("<h2>open <a href='x'><img <p data-line='x'></h3><![CDATA[ <!-- ")
