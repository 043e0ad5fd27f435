"""Comments that mean harm, sent through the form and opened in a browser that has no policy to stop them.

Each would call ``harm()`` if it ran. Whatever executes, changes the page around it or breaks a feed fails here.
"""

import json
import re
from xml.etree import ElementTree

import pytest
from playwright.sync_api import expect

from comments import rendering
from comments.models import Comment
from tests.factories import make_editor, make_post

HOSTILE = [
    "<script>harm()</script>",
    "<ScRiPt src=data:,harm()></ScRiPt>",
    "<img src=x onerror=harm()>",
    "<svg/onload=harm()>",
    "<svg><script>harm()</script></svg>",
    "<svg><animate onbegin=harm() attributeName=x dur=1s>",
    "<math><mtext><table><mglyph><style><!--</style><img title='--&gt;&lt;img src onerror=harm()&gt;'>",
    "<form><math><mtext></form><form><mglyph><style></math><img src onerror=harm()>",
    "<noscript><p title='</noscript><img src=x onerror=harm()>'>",
    "<xmp><p title='</xmp><img src=x onerror=harm()>'>",
    "<template><script>harm()</script></template>",
    "<details open ontoggle=harm()>x",
    "<video><source onerror=harm()></video>",
    "<body onload=harm()>",
    "<input autofocus onfocus=harm()>",
    "<iframe src=javascript:parent.harm()>",
    "<iframe srcdoc='<script>parent.harm()</script>'>",
    "<object data='data:text/html,<script>parent.harm()</script>'>",
    "<base href='javascript:harm()//'>",
    "<meta http-equiv=refresh content='0;url=javascript:harm()'>",
    "<style>@import 'javascript:harm()'; * { display: none }</style>",
    "<!--><img src=x onerror=harm()>-->",
    "<![CDATA[<script>harm()</script>]]>",
    "<?xml version='1.0'?><script>harm()</script>",
    "]]></description></item><item><title>harm</title>",
    "</article></details></li></ol></section></main><script>harm()</script>",
    "</textarea></form><script>harm()</script>",
    "</title></script></style><script>harm()</script>",
    "<plaintext>",
    "<a href='https://a.example' onmouseover=harm()>x</a>",
    "[x](javascript:harm())",
    "[x](JaVaScRiPt:harm())",
    "[x](&#106;avascript&#58;harm())",
    "[x](<java\tscript:harm()>)",
    "[x](\x01javascript:harm())",
    "[x](javascript&colon;harm())",
    "[x](vbscript:harm())",
    "[x](data:text/html,<script>harm()</script>)",
    '[x](https://a.example "onmouseover=harm() x=")',
    "[x][r]\n\n[r]: javascript:harm()",
    "![x](javascript:harm())",
    '![x" onerror="harm()](https://a.example/x.png)',
    '![x](https://a.example/x.png"onerror="harm())',
    "<javascript:harm()>",
    "<https://a.example/'onmouseover='harm()>",
    'https://a.example/"onmouseover="harm()',
    "`<img src=x onerror=harm()>`",
    "```html\n<script>harm()</script>\n```",
    '``` "onmouseover="harm()\nx\n```',
    "> <img src=x onerror=harm()>\n\n# <svg onload=harm()>",
    "- <img src=x onerror=harm()>\n1. [x](javascript:harm())",
    "*[**x**](javascript:harm())*",
    "[a [b](javascript:harm()) c](javascript:harm())",
    "{{ harm() }} {% harm %} ${harm()} #{harm()}",
    "\u202egnihtyreve nrut \u2066\u2067 \u200f",
    "Z\u0351\u036b\u0343\u0332" * 40,
    "\ufdfd\ufdfd \U0001f468\u200d\U0001f469\u200d\U0001f466 \u0e47\u0e47\u0e47\u0e47\u0e47",
    "x" * 3000,
    "\x00\x08\x0b\ufffe\ufdd0 nothing to see",
    "&lt;script&gt;harm()&lt;/script&gt; &amp;#60;",
]
WATCH = "window.harmed = []; window.harm = () => window.harmed.push(document.title);"
FOREIGN = f"""() => [...document.querySelectorAll("#comments article *")].filter((element) =>
  !{json.dumps([*sorted(rendering.TAGS), "h2", "h3", "mark"])}.includes(element.localName)
  || [...element.attributes].some((one) => one.name.startsWith("on") || one.name === "style")
  || (element.href !== undefined && !/^(https?|mailto):/.test(element.href))
).map((element) => element.outerHTML)"""

pytestmark = pytest.mark.filterwarnings("ignore::UserWarning")


@pytest.fixture
def post(transactional_db, settings, client):
    """A post whose discussion is made of them, names and sites as well."""
    settings.COMMENT_RULES = {"least_seconds": 0, "flood_seconds": 0, "most_in_window": 999, "most_links": 99}
    post = make_post("On keeping", discussion="open")
    address = f"{post.path}comment/"
    stamp = client.get(address).context["form"]["stamp"].value()
    for number, text in enumerate(HOSTILE):
        site = f"https://a.example/?{text.split()[0]}"[:200]
        words = {"stamp": stamp, "body": text, "author_name": text[:100]}
        for fields in ({"author_url": site}, {}):  # an odd site may be refused, the rest may not
            client.post(address, words | fields)
        quoting = {"author_name": f"Person {number}", "body": f"Words {number}\n\n{text}\n\n> {text}"}
        client.post(address, words | quoting)
    assert Comment.objects.approved().count() >= 2 * len(HOSTILE) - 2
    return post


@pytest.fixture
def unguarded(browser, live_server, settings):
    """A page of a browser that obeys no Content Security Policy, and says what was harmed."""
    settings.SITE_URL = live_server.url
    settings.CSRF_TRUSTED_ORIGINS = [live_server.url]
    context = browser.new_context(bypass_csp=True)
    context.add_init_script(WATCH)
    page = context.new_page()
    page.on("dialog", lambda dialog: pytest.fail(f"a dialog: {dialog.message}"))
    page.goto(f"{live_server.url}/healthz")
    page.evaluate("document.body.innerHTML = '<img src=x onerror=harm()>'")
    page.wait_for_function("window.harmed.length")  # what would be noticed
    yield page
    context.close()


def is_whole(page, articles):
    """Nothing ran, nothing stands outside of its place, and the page goes on to its end."""
    page.wait_for_load_state("networkidle")
    assert page.evaluate("window.harmed") == []
    assert page.evaluate(FOREIGN) == []
    assert page.locator("#comments article").count() == articles
    assert page.locator("main #comments article").count() == articles
    expect(page.locator("footer").last).to_be_visible()
    return True


def test_nothing_runs_and_nothing_breaks(post, unguarded, live_server):
    page, shown = unguarded, Comment.objects.approved()
    page.goto(live_server.url + post.path)
    assert page.evaluate("window.harmed") == []
    page.goto(f"{live_server.url}{post.path}?page=2")
    comments = list(shown.order_by("created_at", "pk"))
    assert is_whole(page, len(comments) - 100)
    page.goto(live_server.url + post.path)
    assert is_whole(page, 100)
    for comment in comments[:6]:
        page.goto(live_server.url + comment.get_absolute_url())
        assert is_whole(page, 1)

    page.goto(live_server.url + post.path)
    articles = page.locator("#comments article")
    for number in range(0, 60, 9):
        articles.nth(number).get_by_role("link", name="Quote", exact=True).click()
        words = page.locator(".reply textarea")
        expect(words).to_be_focused()
        words.press_sequentially(" ")
        expect(page.locator("#preview")).to_be_visible()
        page.get_by_role("link", name="Cancel").click()
        expect(words).to_have_count(0)
    assert is_whole(page, 100)


def test_the_moderators_queue_is_harmless(post, unguarded, live_server):
    Comment.objects.update(status="pending")
    make_editor()
    page = unguarded
    page.goto(f"{live_server.url}/admin/comments/comment/")
    page.get_by_label("Username").fill("editor")
    page.get_by_label("Password").fill("open sesame 7")
    page.get_by_role("button", name="Log in").click()
    expect(page.locator(".queue .card")).to_have_count(50)
    for number in range(2, 5):
        page.wait_for_load_state("networkidle")
        assert page.evaluate("window.harmed") == []
        page.goto(f"{live_server.url}/admin/comments/comment/?p={number}")
    comment = Comment.objects.order_by("pk").first()
    page.goto(f"{live_server.url}/admin/comments/comment/{comment.pk}/decide/")
    page.wait_for_load_state("networkidle")
    assert page.evaluate("window.harmed") == []


def test_no_feed_breaks(post, client):
    told = 0
    for address in ("/comments/feed/", f"{post.path}comments/feed/"):
        for kind in ("", "atom/"):
            root = ElementTree.fromstring(client.get(address + kind).content)  # noqa: S314, it is ours
            found = [item for item in root.iter() if re.fullmatch(r"(\{.*\})?(item|entry)", str(item.tag))]
            assert len(found) == 50
            told += len(found)
        assert len(client.get(f"{address}json/").json()["items"]) == 50
    assert told == 200
