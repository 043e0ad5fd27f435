"""What a feed carries of a post's HTML: shown beside other people's posts, by programs that know nothing of our page."""

import html5lib
import pytest
from hypothesis import given
from hypothesis import strategies as st

from blog.feed_html import for_feed
from blog.rendering import render

LINK = "https://blog.example/notes/one/"
CODE = "x = 1 < 2\ny = 3"


def feed_html(html):
    return for_feed(html, LINK)


PAIRS = {
    "picture": ('<img src="p.png" alt="A">', f'<img src="{LINK}p.png" alt="A">'),
    "picture in sizes": (
        '<img srcset="p-1.png 1x, /p-2.png 2x" src=/p.png>',
        f'<img srcset="{LINK}p-1.png 1x, https://blog.example/p-2.png 2x" src="https://blog.example/p.png">',
    ),
    "picture without an address": ('<p>a<img data-src="late.png" loading="lazy"></p>', "<p>a</p>"),
    "picture as data": (
        '<img src="data:image/png;base64,AA==">',
        '<img src="data:image/png;base64,AA==">',
    ),
    "page as data": ('<a href="data:text/html,x">a</a>', "<a>a</a>"),
    "link": ("<a href=../two/>a</a>", '<a href="https://blog.example/notes/two/">a</a>'),
    "emptied link": ('<a href="">a</a>', f'<a href="{LINK}">a</a>'),
    "script's address": ('<a href=" java&#9;script:x()">a</a>', "<a>a</a>"),
    "footnote": (
        '<sup id="fnref:1"><a href="#fn:1" class="footnote-ref" role="doc-noteref">1</a></sup>',
        f'<sup><a href="{LINK}#fn:1">1</a></sup>',
    ),
    "film in a frame": (
        '<iframe src="https://www.youtube-nocookie.com/embed/a_b?autoplay=0" title="A &quot;film&quot;"></iframe>',
        '<p><a href="https://www.youtube.com/watch?v=a_b">A "film"</a></p>',
    ),
    "frame": ("<iframe src=/map/></iframe>", '<p><a href="https://blog.example/map/">/map/</a></p>'),
    "frame of nothing": ('<iframe srcdoc="<b>x</b>"></iframe>', ""),
    "film": (
        '<video controls autoplay src="v.mp4" poster="p.png"></video>',
        f'<video controls="" src="{LINK}v.mp4" poster="{LINK}p.png"></video>',
    ),
    "task": ('<input checked="" disabled="" type="checkbox"> done', "☑ done"),
    "open task": ('<input disabled="" type="checkbox"> open', "☐ open"),
    "aligned cell": (
        '<table><tbody><tr><td style="text-align: right">1</td></tr></tbody></table>',
        '<table><tbody><tr><td align="right">1</td></tr></tbody></table>',
    ),
    "leftovers": (
        '<p id="a" class="b" style="top:0" tabindex="0" data-x="1" onclick="x()">a</p>',
        "<p>a</p>",
    ),
    "script, style, form": (
        "a<script>x()</script><style>p{}</style><form><button>Go</button></form>b",
        "ab",
    ),
    "element of one's own": ("<my-note>kept</my-note>", "kept"),
    "comment": ("a<!-- not for readers -->b", "ab"),
    "what was left open": ("<p>a <b>b", "<p>a <b>b</b></p>"),
    "what was never open": ("<p>a</p></div></article>b", "<p>a</p>b"),
    "another language": ('<span lang="de" dir="ltr">ja</span>', '<span lang="de" dir="ltr">ja</span>'),
}


@pytest.mark.parametrize("name", PAIRS)
def test_html_becomes_fit_for_a_feed(name):
    given, wanted = PAIRS[name]
    assert feed_html(given) == wanted


@pytest.mark.parametrize(
    "style", ["", "{linenos=table}", "{linenos=inline}", "{linenos=table,anchorlinenos=true}"]
)
def test_code_is_bare_text_without_line_numbers(style):
    shown = feed_html(render(f"```python {style}\n{CODE}\n```").html)
    assert html5lib.parse(shown, namespaceHTMLElements=False).find(".//code").text.strip() == CODE
    assert "<span" not in shown
    assert "<table" not in shown


@given(st.text(alphabet="<>\"'=/ abdfhimrs:-!&;"))
def test_whatever_is_written_is_closed_and_silent(text):
    shown = feed_html(f"<p>{text}</p><script>x</script>")
    html5lib.HTMLParser(strict=True).parseFragment(shown.replace("\x00", ""))
    assert "<script" not in shown


def test_whole_post_has_only_full_addresses():
    source = "Note.[^1] [a](../two/) ![b](c.png)\n\n## Head\n\n- [x] done\n\n[^1]: Text."
    shown = feed_html(render(source).html)
    tree = html5lib.parseFragment(shown, namespaceHTMLElements=False)
    addresses = [node.get(name) for node in tree.iter() for name in ("href", "src") if node.get(name)]
    assert len(addresses) == 4
    assert all(address.startswith("https://blog.example/") for address in addresses)
    assert not [node for node in tree.iter() if node.get("id") or node.get("class")]
