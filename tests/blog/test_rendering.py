"""What the rest of the site asks of the renderer, and that no text can bring it down."""

import json
import subprocess
import sys

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from markdown_it.rules_block import hr

from blog.rendering import (
    Context,
    Heading,
    Options,
    absolute_links,
    contents_list,
    markdown,
    render,
    shift_headings,
)

EVERYTHING = Options(
    unsafe=True,
    emoji=True,
    extras=("delete", "insert", "mark", "subscript", "superscript"),
    passthrough=True,
    passthrough_inline=(("$", "$"),),
    passthrough_block=(("$$", "$$"),),
    cjk=True,
    cjk_line_breaks="css3draft",
    cjk_escaped_space=True,
    term_ids=True,
    wrap_images=False,
    block_attributes=True,
    guess_syntax=True,
    line_numbers="table",
    line_number_anchors=True,
    link_hook=True,
    image_hook=True,
    has_cjk=True,
    summary_length=3,
)
MARKS = st.sampled_from(
    [
        "#",
        ">",
        "-",
        "1.",
        "```",
        "~~~",
        "|",
        "|-",
        ":",
        "[^a]",
        "[^a]:",
        "[a]",
        "[a]:",
        "](b)",
        "![",
        "`",
        "*",
        "**",
        "_",
        "~",
        "$",
        "$$",
        "{.a}",
        "<div>",
        "</p>",
        "<!--",
        "-->",
        "<!--more-->",
        "{{<",
        "{{%",
        ">}}",
        "/a",
        'a="b',
        "\\",
        '\\"',
        "'",
        '"',
        "--",
        "...",
        "http://a.b/",
        "a@b.c",
        ":smile:",
        "&amp;",
        "中",
        "\x00",
        "�",
        "\t",
    ]
)
MARKDOWN = st.lists(st.one_of(MARKS, st.sampled_from([" ", "\n", "\n\n", "    ", "word"])), max_size=60)


@settings(max_examples=150)
@given(MARKDOWN.map("".join), st.sampled_from(["markdown", "html"]))
def test_any_mixture_of_marks_can_be_rendered(source, markup):
    assert isinstance(render(source, markup=markup, options=EVERYTHING).html, str)
    assert isinstance(render(source, markup=markup).html, str)


@settings(max_examples=100)
@given(st.text())
def test_any_text_can_be_rendered(source):
    assert isinstance(render(source).html, str)


@pytest.mark.parametrize(
    "source",
    [
        ">" * 5000 + "a",
        "- " * 2000 + "a",
        "".join("  " * depth + "- a\n" for depth in range(300)),
        "[" * 20_000,
        "![a" * 5000 + "](b)" * 5000,
        "[a](" * 3000,
        "*a _b " * 5000,
        "`a``" * 5000,
        "<a " * 10_000,
        "{{< a " * 5000,
        "{{% a %}}" * 2000 + "{{% /a %}}" * 2000,
        "```js\n" + "(" * 50_000 + "\n```",
    ],
    ids=lambda source: source[:8],
)
def test_deep_and_endless_texts_are_rendered_too(source):
    assert render(source, options=EVERYTHING).html


def test_importing_needs_no_django():
    code = "import sys, blog.rendering; sys.exit('django' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


def test_options_survive_json():
    assert Options.from_dict(json.loads(json.dumps(EVERYTHING.as_dict()))) == EVERYTHING


def test_unknown_options_are_ignored():
    assert Options.from_dict({"unsafe": True, "from_a_later_version": 1}) == Options(unsafe=True)


def test_options_come_from_a_hugo_configuration():
    markup = {
        "goldmark": {
            "renderer": {"unsafe": True},
            "extensions": {"typographer": {"disable": True}, "footnote": False},
            "parser": {"attribute": {"block": True}},
        },
        "highlight": {"linenos": True, "linenumbersintable": False},
        "tableofcontents": {"endlevel": 4},
    }
    options = Options.from_hugo({"enableemoji": True, "markup": markup})
    assert options == Options(
        unsafe=True,
        typographer=False,
        footnote=False,
        block_attributes=True,
        line_numbers="inline",
        toc_end=4,
        emoji=True,
    )


def test_odd_values_in_a_configuration_leave_the_default():
    broken = {"markup": {"goldmark": [], "highlight": {"linenostart": "x"}, "tableofcontents": None}}
    assert Options.from_hugo(broken) == Options()


def test_embedded_hooks_are_on_where_languages_are_configured():
    two = {"languages": {"en": {}, "de": {"title": "x"}}}
    hosts = {"languages": {"en": {"baseurl": "https://a"}, "de": {"baseurl": "https://b"}}}
    assert Options.from_hugo(two).link_hook
    assert not Options.from_hugo(hosts).link_hook
    assert Options.from_hugo({"languages": {"de": None}}).image_hook
    assert not Options.from_hugo({"defaultcontentlanguage": "de"}).image_hook


def test_hooks_resolve_bundled_files_pages_and_fragments():
    context = Context(
        path="/p/",
        resolve_page=lambda name, source: {"other.md": "/other/"}.get(name),
        resolve_resource=lambda name, source: {"a.png": "/p/a.png"}.get(name),
    )
    source = (
        "![x](./a.png?v=1) [b](#c) [d](other.md#e) [f](gone.md) ![g](https://h.i/a.png) [j](https://k.l/#)"
    )
    html = render(source, options=Options(link_hook=True, image_hook=True), context=context).html
    for address in ("/p/a.png?v=1", "/p/#c", "/other/#e", '"gone.md"', "https://h.i/a.png", '"https://k.l/"'):
        assert address in html


def test_heading_ids_keep_what_hugo_takes_for_no_tag():
    html = render("## A <b>c</b> <!-- d --> <!DOCTYPE html>\n", options=Options(unsafe=True)).html
    assert 'id="a-c--doctype-html"' in html


def test_param_finds_what_stands_below_params():
    context = Context(params={"params": {"least": "v1"}}, site_params={"least": "v0"})
    assert render("{{% param least %}}", context=context).text == "v1"


def test_heading_ids_are_made_once_and_told():
    rendering = render("# A\n\n## A\n\n## B *c* {#own}\n\n##\n")
    assert [(heading.level, heading.id) for heading in rendering.headings] == [
        (1, "a"),
        (2, "a-1"),
        (2, "own"),
        (2, ""),
    ]
    assert rendering.headings[2].html == "B <em>c</em>"


def test_headings_for_lists_have_neither_links_nor_footnotes():
    (heading,) = render("## A [link](x)[^1] `c`\n\n[^1]: note").headings
    assert heading.html == "A link <code>c</code>"


def test_text_is_what_a_reader_sees():
    rendering = render(
        "# Head\n\nIt's &amp; *that*.\n\n<script>no()</script>\n", options=Options(unsafe=True)
    )
    assert rendering.text == "Head It’s & that."
    assert rendering.word_count == 4


def test_of_html_only_shortcodes_change():
    source = '<p>"a" *b*</p>\n{{< param name >}}<!--more--><p>c</p>'
    rendering = render(source, markup="html", context=Context(params={"name": "<d>"}))
    assert rendering.html.split() == ['<p>"a"', "*b*</p>", "&lt;d&gt;", "<p>c</p>"]
    assert rendering.summary == '<p>"a" *b*</p>\n&lt;d&gt;'


def make_headings(*levels):
    return [Heading(level, f"h{number}", f"H{number}") for number, level in enumerate(levels)]


def test_contents_list_is_nested_by_level():
    assert contents_list(make_headings(2, 3, 2)) == (
        '<ol><li><a href="#h0">H0</a><ol><li><a href="#h1">H1</a></li></ol></li>'
        '<li><a href="#h2">H2</a></li></ol>'
    )


def test_contents_list_begins_with_the_shallowest_level_and_shows_three():
    html = contents_list(make_headings(4, 3, 4, 5, 6))
    assert "h3" in html
    assert "h4" not in html


def test_contents_list_can_be_limited():
    html = contents_list(make_headings(1, 2, 3), start=2, end=2)
    assert html == '<ol><li><a href="#h1">H1</a></li></ol>'


def test_contents_list_leaves_out_headings_without_id():
    assert contents_list([Heading(2, "", "x")]) == ""


@given(st.lists(st.integers(1, 6)))
def test_contents_list_is_always_balanced(levels):
    html = contents_list(make_headings(*levels), 1, 6)
    assert html.count("<ol>") == html.count("</ol>")
    assert html.count("<li>") == html.count("</li>") == len(levels)


def test_headings_are_shifted_one_lower():
    html = '<h1 id="a">A</h1><h5>b</h5><h6>c</h6><hr><header>d</header>'
    assert shift_headings(html) == '<h2 id="a">A</h2><h6>b</h6><h6>c</h6><hr><header>d</header>'


def test_links_become_absolute():
    html = (
        '<a href="/x">a</a> <a title="t" href="y?z">b</a> <a href="#c">c</a> <img src=\'d.png\' '
        'srcset="e.png 1x, /f.png 2x"> <a href="mailto:g@h.i">g</a> href="/text"'
    )
    assert absolute_links(html, "https://s.t/p/") == (
        '<a href="https://s.t/x">a</a> <a title="t" href="https://s.t/p/y?z">b</a> '
        "<a href=\"https://s.t/p/#c\">c</a> <img src='https://s.t/p/d.png' "
        'srcset="https://s.t/p/e.png 1x, https://s.t/f.png 2x"> <a href="mailto:g@h.i">g</a> href="/text"'
    )


def test_addresses_that_are_none_are_left_alone():
    assert absolute_links('<a href="http://[x">a</a>', "https://s.t/") == '<a href="http://[x">a</a>'


def test_a_byte_order_mark_is_no_text():
    assert render("\ufeff# a").html == '<h1 id="a">a</h1>\n'


def test_a_table_does_not_grow_without_end():
    source = "a|" * 500 + "\n" + "-|" * 500 + "\n" + "b|\n" * 9_000
    html = render(source).html
    assert html.count("<td") < 40_000
    assert html.count("<td>b</td>") == 9_000


@pytest.mark.parametrize("mark", [">", "> ", "- ", "1. ", "> - "])
def test_what_lies_too_deep_is_still_there(mark):
    assert "the end" in render(f"{mark * 500}the end\n\nafter").text
    assert "after" in render(f"{mark * 500}the end\n\nafter").text


def test_lines_that_go_on_with_a_quote_are_asked_once_however_deep_it_is(monkeypatch):
    asked = []
    monkeypatch.setattr(
        markdown, "hr", lambda state, line, *more: bool(asked.append(line)) or hr(state, line, *more)
    )
    markdown.block_parser.cache_clear()
    try:
        html = render(f"{'>' * 50} a\n" + "lazy\n" * 100).html
    finally:
        markdown.block_parser.cache_clear()
    assert html.count("lazy") == 100
    assert len(asked) < 500


@pytest.mark.parametrize("language", ["go", "Go", "cmd", "txt", "svelte", "go-html-template"])
def test_code_that_hugo_colours_has_a_frame(language):
    html = render(f"```{language}\nx\n```").html
    assert html.startswith('<div class="highlight"><pre')
    assert f'<code class="language-{language}" data-lang="{language}">' in html


@pytest.mark.parametrize("language", ["less", "pycon", "nothing-at-all"])
def test_code_that_hugo_does_not_colour_has_none(language):
    html = render(f"```{language} {{linenos=true}}\nx\n```").html
    assert html.startswith("<pre tabindex=") and "<table" not in html
    guessed = render(f"```{language}\nx\n```", options=Options(guess_syntax=True)).html
    assert guessed.startswith('<div class="highlight">') and "language-fallback" in guessed
