"""Ids, quotes, links, attributes, code and summaries: each rule by itself."""

import pytest

from blog.rendering import Options, render
from blog.rendering.attributes import parse_attributes
from blog.rendering.highlight import Style, highlight
from blog.rendering.ids import Ids, anchor_name
from blog.rendering.linkify import find_link
from blog.rendering.summary import automatic_summary


@pytest.mark.parametrize(
    ("text", "github", "ascii_only", "blackfriday"),
    [
        ("Hello, World", "hello-world", "hello-world", "hello-world"),
        ("C++ & C#", "c--c", "c--c", "c-c"),
        ("Größe 42", "größe-42", "groe-42", "größe-42"),
        ("a_b  c-d", "a_b--c-d", "a_b--c-d", "a-b-c-d"),
        ("東京", "東京", "", "東京"),
        ("½ İ", "-i", "-i", "½-i"),
        ("!?", "", "", ""),
    ],
)
def test_anchor_names(text, github, ascii_only, blackfriday):
    assert anchor_name(text) == github
    assert anchor_name(text, "github-ascii") == ascii_only
    assert anchor_name(text, "blackfriday") == blackfriday


def test_ids_are_given_once():
    ids = Ids("github")
    ids.reserve("a-1")
    assert [ids.make("a"), ids.make("a"), ids.make("a-1"), ids.make("?")] == ["a", "a-2", "a-1-1", "heading"]


@pytest.mark.parametrize(
    ("source", "text"),
    [
        ("\"a\" 'b'", "“a” ‘b’"),
        ("don't 'tis the '90s rock 'n' roll", "don’t ’tis the ’90s rock ’n’ roll"),
        ("a -- b --- c ... <<d>>", "a – b — c … «d»"),
        ('`"a" --` \\"b\\" <!-- -- -->', '"a" -- "b"'),
        ('"a\n\nb"', "“a b”"),
        ('a" 21"', 'a" 21"'),
    ],
)
def test_typography(source, text):
    assert render(source).text == text


def test_controls_stay_as_hugo_leaves_them_but_part_no_word_of_the_text():
    page = render("# A\x7fb\n\na\x01c\ufdd0 &#1;b\tc d\0 余\U0001f600")
    assert "a\x01c\ufdd0 \x01b\tc d\ufffd" in page.html
    assert page.text == "Ab ac b c d\ufffd 余\U0001f600"


def test_typography_can_be_switched_off():
    assert render("\"a\" -- 'b'", options=Options(typographer=False)).text == "\"a\" -- 'b'"


@pytest.mark.parametrize(
    ("line", "text", "url"),
    [
        ("https://a.b/c). d", "https://a.b/c", "https://a.b/c"),
        ("http://a.b/(c) d", "http://a.b/(c)", "http://a.b/(c)"),
        ("http://a.b/c&amp; d", "http://a.b/c", "http://a.b/c"),
        ("www.a.b, c", "www.a.b", "https://www.a.b"),
        ("c@a.b.", "c@a.b", "mailto:c@a.b"),
    ],
)
def test_bare_links(line, text, url):
    found = find_link(line, "https")
    assert (found.text, found.url) == (text, url)


@pytest.mark.parametrize("line", ["http://localhost/", "a.b/c", "c@localhost", "c@a.b-", "mailto:", "www."])
def test_what_is_no_bare_link(line):
    assert find_link(line, "https") is None


def test_dangerous_links_lose_their_address_unless_html_is_trusted():
    assert 'href=""' in render("[a](javascript:b)").html
    assert "javascript" in render("[a](javascript:b)", options=Options(unsafe=True)).html


def test_raw_html_is_left_out_unless_it_is_trusted():
    source = "<p>a</p>\n\nb <i>c</i>"
    assert "<!-- raw HTML omitted -->" in render(source).html
    assert "<p>a</p>" in render(source, options=Options(unsafe=True)).html


@pytest.mark.parametrize(
    ("text", "attributes"),
    [
        ("{#a .b .c}", {"id": "a", "class": "b c"}),
        ('{a="b c", d=1 e=true}', {"a": "b c", "d": 1, "e": True}),
        ('{a=[1,"2-3"]}', {"a": [1, "2-3"]}),
        ("{}", {}),
    ],
)
def test_attribute_lists(text, attributes):
    assert parse_attributes(text) == (attributes, len(text))


@pytest.mark.parametrize("text", ["{", "{a}", "{a=}", "{a=[1}", '{a="b}', "a", "{a=300x200}"])
def test_what_is_no_attribute_list(text):
    assert parse_attributes(text) is None


def test_event_handlers_are_no_attributes():
    assert render("# a {onclick=b title=c}").html == '<h1 title="c" id="a">a</h1>\n'


def test_code_keeps_every_character_whatever_the_language():
    code = "\t<a> & 'b' \"c\"\r\n\n  é\n"
    for language in ("html", "python", "console", "c", "diff", "no-such-language", ""):
        assert render(f"```{language}\n{code}```").text.split() == code.split()


def test_marked_lines_and_numbers():
    html = highlight("a\nb\n", "go", Style(numbers="inline", first=9, marked=frozenset({2})))
    assert '<span class="line hl"><span class="ln">10</span>' in html


def test_odd_fence_options_are_passed_over():
    assert "x" in render("```{r, echo=FALSE}\nx\n```").text


def test_code_of_a_line_without_end_is_not_coloured():
    assert '<span class="s2">' not in highlight('"' + "a" * 10_000, "python", Style())


def test_summary_ends_with_the_list_it_lies_in():
    html = "<p>one</p>\n<ul>\n<li>\n<p>two three</p>\n<p>four</p>\n</li>\n</ul>\n<p>five</p>"
    assert automatic_summary(html, 2, False).endswith("</ul>")
    assert automatic_summary(html, 1, False) == "<p>one</p>"
    assert automatic_summary("<div><p>one two</p><p>three</p>", 1, False) == "<div><p>one two</p>"


def test_characters_count_as_words_in_languages_without_spaces():
    assert render("中文 word", options=Options(has_cjk=True)).word_count == 3
    assert render("中文 word").word_count == 2
