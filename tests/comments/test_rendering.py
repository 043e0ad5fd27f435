import time

import html5lib
import pytest
from hypothesis import given
from hypothesis import strategies as st

from comments import rendering
from comments.rendering import absolute_links, clean, plain_text, quote, render_comment, render_html

REL = 'rel="nofollow ugc noopener"'

PAIRS = {
    "paragraphs and line breaks": ("one\ntwo\n\nthree", "<p>one<br>\ntwo</p>\n<p>three</p>"),
    "emphasis": ("*a* **b** `c`", "<p><em>a</em> <strong>b</strong> <code>c</code></p>"),
    "a link": ("[a](https://a.example)", f'<p><a href="https://a.example" {REL}>a</a></p>'),
    "a bare link": (
        "see https://a.example/b.",
        f'<p>see <a href="https://a.example/b" {REL}>https://a.example/b</a>.</p>',
    ),
    "a file name is no link": ("run manage.py", "<p>run manage.py</p>"),
    "a quote": ("> a\n\nb", "<blockquote>\n<p>a</p>\n</blockquote>\n<p>b</p>"),
    "lists": ("- a\n\n3. b", '<ul>\n<li>a</li>\n</ul>\n<ol start="3">\n<li>b</li>\n</ol>'),
    "fenced code": ("```py\na < b\n```", '<pre tabindex="0"><code>a &lt; b\n</code></pre>'),
    "a heading is a bold paragraph": ("# Big *news*", "<p><strong>Big <em>news</em></strong></p>"),
    "an underlined heading is text": ("Big\n===", "<p>Big<br>\n===</p>"),
    "a rule is text": ("---", "<p>---</p>"),
    "an image is a link": (
        "![cat](https://a.example/c.png)",
        f'<p><a href="https://a.example/c.png" {REL}>cat</a></p>',
    ),
    "an image in a link is its words": (
        "[![cat](c.png)](https://a.example)",
        f'<p><a href="https://a.example" {REL}>cat</a></p>',
    ),
    "an image without words shows its address": ("![](/c.png)", f'<p><a href="/c.png" {REL}>/c.png</a></p>'),
    "a link that is refused is its words": (
        "a [b *c*](tel:1) [d](ftp://e.example) [f](/g)",
        f'<p>a b <em>c</em> d <a href="/g" {REL}>f</a></p>',
    ),
    "HTML is text": ("<b>x</b> &amp; <!-- y -->", "<p>&lt;b&gt;x&lt;/b&gt; &amp; &lt;!-- y --&gt;</p>"),
    "nothing": (" \n ", ""),
}

HOSTILE = [
    "<script>alert(1)</script>",
    "<img src=x onerror=alert(1)>",
    "<svg/onload=alert(1)>",
    "<svg><animate onbegin=alert(1) attributeName=x dur=1s>",
    "<math><mtext><table><mglyph><style><img src=x onerror=alert(1)>",
    "<a href='javascript:alert(1)'>x</a>",
    "[x](javascript:alert(1))",
    "[x](JaVaScRiPt:alert(1))",
    "[x](java\tscript:alert(1))",
    "[x](&#106;avascript:alert(1))",
    "[x](&#x6A&#x61&#x76&#x61&#x73&#x63&#x72&#x69&#x70&#x74&#x3A;alert(1))",
    "[x](<javascript:alert(1)>)",
    "[x](vbscript:msgbox(1))",
    "[x](data:text/html;base64,PHNjcmlwdD5hbGVydCgxKTwvc2NyaXB0Pg==)",
    "[x]: javascript:alert(1)\n\n[x]",
    "<javascript:alert(1)>",
    "![x](javascript:alert(1))",
    '![x](https://a.example/"onerror="alert(1))',
    '[x](https://a.example "\\" onmouseover=alert(1)")',
    "https://a.example/\"onmouseover='alert(1)'",
    "`<img src=x onerror=alert(1)>`",
    "```html onload=alert(1)\n<script>alert(1)</script>\n```",
    '```"><script>alert(1)</script>\nx\n```',
    "<style>@import 'https://a.example/x.css';</style>",
    "<iframe srcdoc='<script>alert(1)</script>'></iframe>",
    "<form action=https://a.example><button>x</button></form>",
    "<base href=https://a.example>",
    "<meta http-equiv=refresh content='0;url=https://a.example'>",
    "<object data=javascript:alert(1)>",
    "<template><script>alert(1)</script></template>",
    "<p style=background:url(javascript:alert(1))>x</p>",
    '<p id=main class=skip name="location">x</p>',
    '<noscript><p title="</noscript><img src=x onerror=alert(1)>">',
    '<xmp><p title="</xmp><img src=x onerror=alert(1)>">',
    "<!--><img src=x onerror=alert(1)>-->",
    "<![CDATA[<script>alert(1)</script>]]>",
    "\x00<scr\x00ipt>alert(1)</script>",
    "<<script>alert(1)//<</script>",
    "</article></section><h1>x",
    "&lt;script&gt;alert(1)&lt;/script&gt;",
]

SLOW = {
    "open brackets": "[" * 10_000,
    "open links": "[a](" * 2_500,
    "brackets in brackets": "[" * 1_000 + "a" + "]" * 1_000,
    "images in images": "![" * 990 + "a" + "](b)" * 990,
    "brackets and emphasis": "[ a_" * 2_000,
    "emphasis that never ends": "*a **a " * 1_400,
    "asterisks and underscores": "*_" * 5_000,
    "quotes in quotes": "> " * 5_000,
    "quotes in lists": "> - " * 2_500,
    "lists in lists": "- " * 5_000,
    "growing indents": "\n".join(" " * depth + "- a" for depth in range(138)),
    "growing backticks": " ".join("`" * count for count in range(140)),
    "open fences": "```\n> " * 1_600,
    "angle brackets": "<" * 10_000,
    "half comments": "<!--" * 2_500,
    "entities": "&#x10ffff;" * 1_000,
    "backslashes": "\\" * 10_000,
    "addresses": "https://a.example/ " * 500,
    "half addresses": "://" * 3_333,
    "addresses without end": "http://" * 1_428,
    "references": "".join(f"[{number}]: /u\n" for number in range(600)) + "[1]" * 300,
    "a line of spaces": "a" + " " * 9_990 + "b",
    "nested lists in HTML": "<ul><li>" * 3_700,
    "paragraphs in bold": "<b><p>" * 5_000,
    "quoted paragraphs": "<p>&gt; a" * 3_300,
    "quote marks in HTML": "<p>" + "&gt; " * 5_900,
    "spaces in HTML": "<p>" + " " * 29_000 + "x",
}


@pytest.mark.parametrize(("source", "html"), PAIRS.values(), ids=PAIRS)
def test_a_visitors_markdown_becomes(source, html):
    assert render_comment(source) == html


def elements(html):
    parser = html5lib.HTMLParser(namespaceHTMLElements=False)
    return [element for element in parser.parseFragment(html).iter() if isinstance(element.tag, str)]


def is_harmless(html):
    for element in elements(html):
        if element.tag == "DOCUMENT_FRAGMENT":
            continue
        assert element.tag in rendering.TAGS, html
        assert set(element.attrib) <= {"href", "rel", "start", "tabindex"}, html
        href = element.get("href", "").strip().lower()
        assert not href.startswith(("javascript", "vbscript", "data", "file")), html
        if element.tag == "a":
            assert element.get("rel") == "nofollow ugc noopener", html
    return True


@pytest.mark.parametrize("text", HOSTILE)
@pytest.mark.parametrize("renderer", [render_comment, render_html])
@pytest.mark.parametrize("frame", ["{}", "> {}", "- {}", "a {} b", "*{}*", "# {}", "[{}](https://a.example)"])
def test_nothing_hostile_comes_through(text, renderer, frame):
    assert is_harmless(renderer(frame.format(text)))


@given(
    st.text(alphabet=st.sampled_from("<>&\"'`[]()!*_#:/\\ \n\tabjavscript=x-01.;\x00\u2028"), max_size=200)
)
def test_no_text_becomes_markup_that_is_not_allowed(text):
    assert is_harmless(render_comment(text))
    assert is_harmless(render_html(text))


@given(st.text(max_size=300))
def test_any_text_at_all_can_be_rendered(text):
    for html in (render_comment(text), render_html(text)):
        assert "\x00" not in html
        html.encode()


@pytest.mark.parametrize("source", SLOW.values(), ids=SLOW)
def test_text_made_to_be_slow_is_not(source):
    """The promise is half a second of processor time; ten times that is a parser gone astray."""
    before = time.process_time()
    render_comment(source)
    render_html(source)
    assert time.process_time() - before < 5


@pytest.mark.parametrize(
    ("source", "what"),
    [
        ("a" * 10_001, "characters"),
        ("> " * 21 + "a", "quote marks"),
        ("[" * 2_001, "brackets"),
        ("`" * 2_001, "brackets"),
        ("https://a.example/\n" * 201, "addresses"),
    ],
)
def test_beyond_a_limit_text_is_shown_as_it_was_typed(source, what):
    with pytest.raises(rendering.TooIntricate) as error:
        rendering.check_limits(source)
    assert error.value.what == what
    html = render_comment(source)
    assert [element.tag for element in elements(html)][1:2] == ["p"]
    assert "<a" not in html


@pytest.mark.parametrize("source", ["a" * 10_000, "> " * 20 + "a", "[" * 2_000, "https://a.example/\n" * 200])
def test_at_a_limit_text_is_still_markdown(source):
    rendering.check_limits(source)


def test_control_characters_and_lone_surrogates_are_taken_out():
    assert clean("a\x00b\x1bc\ud800d\ufffee\x7f\r\nf\rg\th") == "abcde\nf\ng\th"


HACKER_NEWS = {
    "the first paragraph has no tag": ("a<p>b", "<p>a</p><p>b</p>"),
    "quoted paragraphs are quotes": (
        "&gt; a<p>&gt; b<p>c",
        "<blockquote><p>a</p><p>b</p></blockquote><p>c</p>",
    ),
    "quotes in italics": ("<i>&gt; a</i><p>b", "<blockquote><p><i>a</i></p></blockquote><p>b</p>"),
    "a greater-than sign is no quote": ("1 &gt; 0", "<p>1 &gt; 0</p>"),
    "code": (
        "a<p><pre><code>  x &lt; y\n</code></pre>",
        '<p>a</p><pre tabindex="0"><code>  x &lt; y\n</code></pre>',
    ),
    "links": (
        '<a href="https:&#x2F;&#x2F;a.example" rel="nofollow">a</a>',
        f'<p><a href="https://a.example" {REL}>a</a></p>',
    ),
    "what is not allowed goes, its words stay": ("<h1>a</h1><font>b</font>", "<p>ab</p>"),
}


@pytest.mark.parametrize(("source", "html"), HACKER_NEWS.values(), ids=HACKER_NEWS)
def test_html_of_hacker_news_becomes(source, html):
    assert render_html(source) == html


def test_plain_text_leaves_out_what_is_quoted():
    html = render_comment("> old\n> > older\n\nnew *words*\nand `code`\n\n- item")
    assert plain_text(html) == "new words\nand code\n\nitem"


def test_a_quote_repeats_the_words_but_not_the_quotes_in_them():
    assert quote("> old\n\nnew\n\nwords") == "> new\n>\n> words\n\n"
    assert quote("> old") == ""


def test_links_can_be_made_absolute():
    html = absolute_links(
        render_comment("[a](/b) [c](d) [e](https://e.example)"), "https://site.example/posts/x/"
    )
    assert 'href="https://site.example/b"' in html
    assert 'href="https://site.example/posts/x/d"' in html
    assert 'href="https://e.example"' in html
