"""Shortcodes: how they are read, and what becomes of those that Hugo ships and those it does not."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from blog.rendering import Context, Options, render
from blog.rendering.shortcodes import Call, parse_shortcodes

PIECES = st.sampled_from(
    ["{{<", "{{%", ">}}", "%}}", "/", "/*", "*/", "a", "b ", '"', '\\"', "`", "=", "\n", " ", "x"]
)


@given(st.lists(PIECES, max_size=40).map("".join))
def test_reading_never_fails(source):
    parse_shortcodes(source)


@given(st.text().filter(lambda text: "{{" not in text))
def test_text_without_shortcodes_is_unchanged(source):
    parts, problems = parse_shortcodes(source)
    assert "".join(parts) == source
    assert not problems


def only_call(source):
    parts, problems = parse_shortcodes(source)
    calls = [part for part in parts if isinstance(part, Call)]
    assert not problems
    assert len(calls) == 1
    return calls[0]


@pytest.mark.parametrize(
    ("source", "positional"),
    [
        ("{{< a b c-d 1.5 >}}", ["b", "c-d", "1.5"]),
        ('{{< a "b c" d >}}', ["b c", "d"]),
        ('{{< a `b\n"c"` >}}', ['b\n"c"']),
        ('{{< a "say \\"b\\"" >}}', ['say "b"']),
        ('{{< a "C:\\b" >}}', ["C:\\b"]),
        ("{{<a b>}}", ["b"]),
        ('{{< a ">}}" >}}', [">}}"]),
        ("{{< a https://b.c/d?e=f >}}", ["https://b.c/d?e=f"]),
    ],
)
def test_positional_arguments(source, positional):
    call = only_call(source)
    assert call.positional == positional


def test_named_arguments_over_several_lines():
    call = only_call('{{< a\n  b="c d"\n  e = `f`\n  g=1\n>}}')
    assert call.named == {"b": "c d", "e": "f", "g": "1"}


def test_inner_text_and_nested_calls():
    call = only_call("{{< a >}}b{{< c />}}{{< d >}}e{{< /d >}}{{< /a >}}")
    before, nested, other = call.inner
    assert before == "b"
    assert (nested.name, nested.closed) == ("c", True)
    assert (other.name, other.inner) == ("d", ["e"])


def test_a_call_without_closing_tag_stands_for_itself():
    call = only_call("{{< a >}}{{< b >}}c{{< /a >}}")
    assert [part.name for part in call.inner if isinstance(part, Call)] == ["b"]


def test_calls_of_one_name_may_be_nested():
    call = only_call("{{< a >}}1{{< a >}}2{{< /a >}}3{{< /a >}}")
    assert [part if isinstance(part, str) else part.inner for part in call.inner] == ["1", ["2"], "3"]


def test_escaped_shortcodes_lose_their_stars():
    parts, problems = parse_shortcodes("a {{</* b c */>}} {{%/* d */%}}")
    assert "".join(parts) == "a {{< b c >}} {{% d %}}"
    assert not problems


@pytest.mark.parametrize(
    ("source", "line"),
    [
        ("a\n\n{{< b c", 3),
        ('a\n{{< b "c >}}', 2),
        ("{{< >}}", 1),
        ("\n{{</* b >}}", 2),
        ("a\n{{< /b >}}", 2),
    ],
)
def test_what_is_broken_is_told_with_its_line_and_stays_to_be_seen(source, line):
    rendering = render(source)
    assert [number for _, number in rendering.problems] == [line]
    assert "{{" in rendering.text


@pytest.mark.parametrize("name", ["highlight", "details"])
def test_a_shortcode_that_needs_an_end_is_told_when_it_has_none(name):
    rendering = render(f"a\n\n{{{{< {name} >}}}}\n\nb")
    assert rendering.problems == ((f'"{name}" is never closed.', 3),)
    assert "{{<" in rendering.text


def test_lines_are_counted_in_the_source_although_the_divider_adds_some():
    rendering = render("a\n<!--more-->\n{{< unheard-of >}}\n")
    assert rendering.unknown_shortcodes == (("unheard-of", 3),)


def test_unknown_shortcode_keeps_its_inner_text():
    rendering = render('{{< box "x" >}}*a* <b>{{< /box >}}')
    assert rendering.html == '<div data-shortcode="box">*a* <b></div>\n'
    assert rendering.unknown_shortcodes == (("box", 1),)


def test_unknown_shortcode_of_the_other_kind_has_markdown_inside():
    rendering = render("{{% box %}}\n## Head\n\n*a*\n{{% /box %}}")
    assert '<h2 id="head">Head</h2>\n<p><em>a</em></p>' in rendering.html
    assert rendering.html.startswith('<div data-shortcode="box">')
    assert [heading.id for heading in rendering.headings] == ["head"]


def test_unknown_shortcode_in_a_sentence():
    rendering = render("a {{% box %}}*b*{{% /box %}} c")
    assert rendering.html == '<p>a <div data-shortcode="box"><em>b</em></div> c</p>\n'


def test_programs_in_inline_shortcodes_are_not_shown():
    rendering = render("a {{< x.inline >}}{{ now }}{{< /x.inline >}}")
    assert "now" not in rendering.html
    assert rendering.unknown_shortcodes == (("x.inline", 1),)


def test_shortcodes_leave_no_trace_in_ids():
    assert render("## A {{< b >}}").headings[0].id == "a"


def test_references_are_resolved():
    context = Context(
        path="/p/",
        source_path="p.md",
        base_url="https://example.org/",
        resolve_ref=lambda name, source: {"b.md": "/b/", "c#d": "/c/#d"}.get(name),
    )
    source = '[x]({{< ref "b.md" >}}) [y]({{% relref "c#d" %}}) [z]({{< relref "#e" >}})'
    html = render(source, context=context).html
    assert 'href="https://example.org/b/"' in html
    assert 'href="/c/#d"' in html
    assert 'href="/p/#e"' in html


def test_references_are_escaped_as_hugo_escapes_them():
    """Seen with Hugo 0.168: a space would end the link, and in HTML nobody else escapes it."""
    context = Context(resolve_ref=lambda name, source: "/naïve café/c++ (x)/#über-uns")
    html = render('[x]({{< relref "b.md" >}})', context=context).html
    assert 'href="/na%C3%AFve%20caf%C3%A9/c++%20%28x%29/#' in html


def test_a_reference_to_nothing_is_a_problem():
    rendering = render('\n[x]({{< ref "gone" >}})', context=Context(base_url="https://example.org/"))
    assert rendering.problems == (('"ref" does not find "gone".', 2),)
    assert 'href=""' in rendering.html


def test_a_reference_may_name_a_language():
    context = Context(resolve_ref=lambda name, source, target="": f"/{target}/{name}/")
    html = render('[x]({{< relref path="b" lang="DE" >}}) [y]({{< relref "b" >}})', context=context).html
    assert 'href="/de/b/"' in html and 'href="//b/"' in html


def test_parameters_of_the_page_go_before_those_of_the_site():
    context = Context(params={"a": "page", "n": {"m": 1}}, site_params={"a": "site", "b": "<i>"})
    rendering = render("{{< param a >}} {{< param b >}} {{< param n.m >}} {{< param c >}}", context=context)
    assert rendering.text == "page <i> 1"
    assert len(rendering.problems) == 1


@pytest.mark.parametrize(
    "address", ["javascript:alert(1)", "JavaScript:x", "data:text/html,x", "tel:1", "#a:b"]
)
def test_a_figure_leads_nowhere_that_go_s_templates_take_for_dangerous(address):
    html = render(f'{{{{< figure src="a.png" link="{address}" attr="A" attrlink="{address}" >}}}}').html
    assert html.count('href="#ZgotmplZ"') == 2
    assert "#ZgotmplZ" not in render('{{< figure src="//e.org/a.png" link="/a:b" >}}').html
    assert "#ZgotmplZ" not in render('{{< figure src="a.png" link="HTTPS://e.org/" >}}').html


def test_a_figure_finds_its_picture_in_the_bundle():
    context = Context(resolve_resource=lambda name, source: "/p/" + name)
    assert 'src="/p/a.png"' in render('{{< figure src="a.png" >}}', context=context).html


def test_videos_come_from_the_host_without_cookies_where_the_site_says_so():
    html = render("{{< youtube abc >}}", options=Options(youtube_nocookie=True)).html
    assert "https://www.youtube-nocookie.com/embed/abc" in html


@pytest.mark.parametrize(
    ("source", "url"),
    [
        ('{{< x user="a" id="1" >}}', "https://x.com/a/status/1"),
        ("{{< tweet 1 >}}", "https://x.com/i/status/1"),
        ("{{< instagram abc >}}", "https://www.instagram.com/p/abc/"),
        ("{{< gist a 1 >}}", "https://gist.github.com/a/1"),
        ('{{< qr text="https://a.b/" />}}', "https://a.b/"),
    ],
)
def test_what_lies_elsewhere_is_a_link_and_no_script(source, url):
    html = render(source).html
    assert f'href="{url}"' in html
    assert "<script" not in html


def test_arguments_cannot_break_out_of_attributes():
    html = render("""{{< figure src=`"><script>` alt=`"onload="x` >}}{{< youtube `"><script>` >}}""").html
    assert "<script" not in html
    assert '"onload' not in html


def test_a_name_has_no_case():
    context = Context(path="/x/", resolve_ref=lambda name, source: "/y/")
    assert render("[a]({{% relRef y %}})", context=context).html == '<p><a href="/y/">a</a></p>\n'


@pytest.mark.parametrize(
    ("source", "html"),
    [
        ("[a]({{< b >}}/c.png)", '<p><a href="/c.png">a</a></p>\n'),
        ("![a]({{% b %}}c.png)", '<p><img src="c.png" alt="a"></p>\n'),
        ('<a href="{{< b >}}c{{< /b >}}">d</a>', '<p><a href="c">d</a></p>\n'),
    ],
)
def test_in_an_attribute_stands_only_the_text_of_an_unknown_one(source, html):
    assert render(source, options=Options(unsafe=True)).html == html


@pytest.mark.parametrize(
    ("source", "html"),
    [
        ("a\n{{% b %}}\n{{% c %}}\nd", "<p>a</p> {b}</div> {c}</div> <p>d</p>"),
        ("a\n{{% b %}}\n*c*\n{{% /b %}}\nd", "<p>a</p> {b} <p><em>c</em></p> </div> <p>d</p>"),
        ("{{% b %}}*c*{{% /b %}}\nd", "{b}<em>c</em></div> <p>d</p>"),
        ("{{% b %}}\n<br>\n\nd", "{b}</div> <br> <p>d</p>"),
        ("a {{% b %}}c{{% /b %}} d", "<p>a {b}c</div> d</p>"),
    ],
)
def test_an_unknown_one_with_lines_of_its_own_is_a_block(source, html):
    opening = {name: f'<div data-shortcode="{name}">' for name in "bc"}
    assert " ".join(render(source, options=Options(unsafe=True)).html.split("\n")).strip() == html.format(
        **opening
    )
