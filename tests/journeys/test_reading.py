"""What a reader does: read, search, follow, on any screen."""

from datetime import timedelta

import feedparser
import pytest
import requests
from axe_playwright_python.sync_playwright import Axe
from django.utils.timezone import now
from playwright.sync_api import expect

from blog.models import Post, SiteProfile
from tests.factories import make_comment, make_page, make_post, make_user
from tests.journeys.seldom import seldom_seen

BODY = """
First paragraph with a [link](https://example.org/), `code` and a footnote.[^1]

## A heading

| left | right |
|:-----|------:|
| one  | 2     |

```python
def published(self):
    return self.filter(draft=False)  # written once
```

> A quotation.

- [x] done
- [ ] open

### Another

![A small square](data:image/gif;base64,R0lGODlhAQABAIAAAAAAAP///yH5BAEAAAAALAAAAAABAAEAAAIBRAA7)

[^1]: The note.
"""


@pytest.fixture
def site(transactional_db):
    SiteProfile(title="Margins", tagline="Notes", author_name="Ada Moreau").save()
    author = make_user("ada", first_name="Ada", last_name="Moreau")
    post = make_post(
        "On margins",
        body=BODY,
        tags=["type", "web"],
        authors=[author],
        show_toc=True,
        categories=["Essays"],
        series="Books",
    )
    top = make_comment(post, author_name="Tomás", body="> A quotation.\n\nI keep it.")
    reply = make_comment(parent=top, author_name="Ada", user=author, body="So do `I`.")
    make_comment(parent=reply, author_name="Lin", body="Thanks")
    rtl = make_post(
        "عن الهوامش", slug="rtl", body="فقرة أولى مع `code`.\n\n> اقتباس\n\n- واحد\n- اثنان", language="ar"
    )
    make_comment(rtl, author_name="Lin", body="شكرا")
    make_post("余白について", slug="ja", body="余白は*黙って*いる。\n\n> 引用", language="ja")
    post.some_comment = reply
    make_post("Second", tags=["type"], authors=[author])
    make_page("About", path="/about/")
    return post


PAGES = {
    "home": "/",
    "post with discussion": "/posts/on-margins/",
    "page": "/about/",
    "tag": "/tags/type/",
    "tags": "/tags/",
    "archive": "/archive/",
    "year": f"/archive/{(now() - timedelta(days=1)).year}/",
    "author": "/authors/ada/",
    "series": "/series/books/",
    "subscribe": "/subscribe/",
    "log in": "/login/",
    "search": "/search/?q=margins",
    "nothing found": "/search/?q=nowhere",
    "categories": "/categories/",
    "category": "/categories/essays/",
    "comment form": "/posts/on-margins/comment/",
    "one comment": "/comments/{comment}/",
    "reply": "/comments/{comment}/reply/?quote=1",
    "text from right to left": "/posts/rtl/",
    "text in Japanese": "/posts/ja/",
    "404": "/not/here/",
}


@pytest.mark.parametrize("width", [320, 390, 1280])
@pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])
def test_axe_finds_nothing_to_complain_of(site, open_page, width, dark):
    page = open_page("/", width=width, dark=dark)
    found = {}
    for name, path in PAGES.items():
        path = path.format(comment=site.some_comment.pk)
        page.goto(page.url.split("/", 3)[0] + "//" + page.url.split("/", 3)[2] + path)
        results = Axe().run(page)
        if results.violations_count:
            found[name] = results.generate_report()
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), f"{name} scrolls sideways"
    assert not found, "\n\n".join(f"{name}: {report}" for name, report in found.items())


def test_a_heading_in_the_newest_text_is_smaller_than_its_title_on_the_home_page(transactional_db, open_page):
    make_post("Rooms", body="One line.\n\n## A heading\n\nMore.")
    page = open_page("/")
    size = "element => parseFloat(getComputedStyle(element).fontSize)"
    heading, title = page.locator(".lead .prose h2"), page.locator(".lead > h2")
    assert heading.evaluate(size) < title.evaluate(size)


def test_what_the_site_says_below_a_text_from_right_to_left_is_in_its_own_order(site, open_page):
    text = Post.objects.get(slug="rtl")
    make_comment(text, author_name="ليلى", body="> فقرة أولى مع code\n\nشكرا")
    page = open_page("/posts/rtl/")
    note = page.locator(".e-content .quoted-by")
    expect(note).to_be_visible()
    where = """element => {
        const words = element.firstChild, end = words.data.indexOf(":"), range = document.createRange();
        const at = (from, to) => (range.setStart(words, from), range.setEnd(words, to), range.getBoundingClientRect());
        return at(end, end + 1).left > at(0, 1).left;
    }"""
    assert note.evaluate(where), "the colon stands after its words"


def test_axe_finds_nothing_in_forced_colours(site, open_page, live_server):
    page = open_page("/")
    page.emulate_media(forced_colors="active")
    for path in PAGES.values():
        path = path.format(comment=site.some_comment.pk)
        page.goto(live_server.url + path)
        results = Axe().run(page)
        assert not results.violations_count, f"{path}: {results.generate_report()}"


def test_axe_finds_nothing_on_pages_that_are_seldom_seen(
    transactional_db, open_page, live_server, settings, monkeypatch
):
    page, found = open_page("/", width=320), []
    pages = list(seldom_seen(settings, monkeypatch).items())
    looks = [("light", "none"), ("dark", "none"), ("light", "active")]  # in turn, for each takes its time
    page.route(
        "**/seldom/*",
        lambda route: route.fulfill(body=pages[int(route.request.url[-3:])][1], content_type="text/html"),
    )
    for number, (name, _html) in enumerate(pages):
        page.goto(f"{live_server.url}/seldom/{number:03}")
        if not page.evaluate("document.documentElement.scrollWidth <= innerWidth"):
            found.append(f"{name} scrolls sideways")
        if name.startswith("hostile"):
            continue
        colours, forced = looks[number % 3]
        page.emulate_media(color_scheme=colours, forced_colors=forced)
        results = Axe().run(page)
        if results.violations_count:
            found.append(f"{name}: {results.generate_report()}")
    assert not found, "\n\n".join(found)


@pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])
def test_what_is_marked_can_be_read_in_forced_colours(site, open_page, dark):
    page = open_page("/search/?q=margins", dark=dark)
    page.emulate_media(forced_colors="active", color_scheme="dark" if dark else "light")
    text, ground = page.locator("mark").first.evaluate(
        "mark => [getComputedStyle(mark).color, getComputedStyle(mark).backgroundColor]"
    )
    assert text != ground and "0, 0, 0, 0" not in ground


def test_chosen_colours_stay_and_nothing_moves(site, open_page, live_server):
    page = open_page("/")
    around = "[...document.querySelectorAll('meta[name=theme-color]')].filter(m => matchMedia(m.media).matches)[0].content"
    assert page.evaluate(around) == "#fbf9f4"
    page.get_by_role("button", name="Dark").click()
    assert page.evaluate("getComputedStyle(document.documentElement).backgroundColor") == "rgb(21, 23, 28)"
    assert page.evaluate(around) == "#15171c", "the browser's own frame goes with the page"
    page.goto(live_server.url + "/posts/on-margins/")
    assert page.evaluate("getComputedStyle(document.documentElement).backgroundColor") == "rgb(21, 23, 28)"
    assert page.evaluate(around) == "#15171c"
    page.get_by_role("button", name="Light").click()
    assert page.evaluate(around) == "#fbf9f4"
    assert page.evaluate("localStorage.length") == 0, "the system's own colours need no choice"
    without = open_page("/", scripts=False)
    assert without.get_by_role("button", name="Dark").count() == 0, "a text browser knows no hidden buttons"


def test_layout_does_not_shift_while_a_page_comes(site, open_page):
    page = open_page("/posts/on-margins/", width=390)
    shift = page.evaluate(
        """() => new Promise(resolve => {
            let sum = 0;
            new PerformanceObserver(list => list.getEntries().forEach(entry => (sum += entry.value)))
                .observe({type: "layout-shift", buffered: true});
            setTimeout(() => resolve(sum), 500);
        })"""
    )
    assert shift == 0


def test_print_has_what_is_folded_in_dark_ink(site, open_page):
    page = open_page("/posts/on-margins/")
    page.get_by_role("button", name="Dark").click()
    said = page.get_by_text("I keep it.")
    said.locator("xpath=ancestor::details[1]").evaluate("thread => (thread.open = false)")
    expect(said).not_to_be_visible()
    page.emulate_media(media="print")
    expect(said).to_be_visible()
    when = said.locator("xpath=ancestor::details[1]").locator("summary time").first
    on_paper = when.evaluate("time => getComputedStyle(time, '::after').content")
    assert str(now().year) in on_paper, "a day, not how long ago it is"
    for pressed in (".acts", ".threadtools", ".site-header nav", "theme-button"):
        expect(page.locator(pressed).first).to_be_hidden()
    assert page.locator("h1").evaluate("h1 => getComputedStyle(h1).color") == "rgb(31, 28, 24)"


def test_addresses_on_paper_run_from_left_to_right_in_any_text(site, open_page):
    make_post("روابط", slug="rtl-links", body="كلمة [رابط](https://example.org/a/) أخرى", language="ar")
    page = open_page("/posts/rtl-links/")
    page.emulate_media(media="print")
    printed = "element => getComputedStyle(element, '::after').content"
    assert "\u2066https://example.org/a/\u2069" in page.locator(".e-content a").evaluate(printed)
    assert "/posts/rtl-links/\u2069" in page.locator("data.u-url").evaluate(printed)


def test_nothing_is_cut_off_on_paper_and_short_words_stay_whole(site, open_page):
    cells = " | ".join(f"column{number}" for number in range(24))
    few, many = f"| name | value |\n|---|---|\n| short | {'long' * 90} |", f"| {cells} |\n|{'---|' * 24}"
    make_post("Wide", slug="wide", body=f"{few}\n\n{many}\n\n```\n{'code_' * 90}\n```")
    page = open_page("/posts/wide/")
    page.set_viewport_size({"width": 720, "height": 1000})  # a sheet of paper within its edges
    page.emulate_media(media="print")
    assert page.evaluate("document.documentElement.scrollWidth") <= 720
    width = page.locator(".e-content pre").evaluate("pre => [pre.scrollWidth, pre.clientWidth]")
    assert width[0] <= width[1]
    lines = "cell => (range => (range.selectNodeContents(cell), range.getClientRects().length))(new Range())"
    assert page.get_by_role("cell", name="short", exact=True).evaluate(lines) == 1


def test_neighbour_is_named_with_a_space_before_its_title(site, open_page):
    page = open_page("/posts/rtl/")
    label = page.locator(".nextprev a").first.evaluate("link => link.textContent")
    assert label.startswith("Earlier "), "as text browsers and a copy have it"


def test_text_from_right_to_left_has_its_code_from_left_to_right_and_its_frame_in_the_sites_language(
    site, open_page
):
    page = open_page("/posts/rtl/")
    assert page.locator("html").evaluate("html => html.lang + getComputedStyle(html).direction") == "arrtl"
    code = page.locator(".e-content code").first
    assert code.evaluate("code => getComputedStyle(code).direction") == "ltr"
    for frame in (".site-header", ".site-footer", "article footer", "article .rubric >> nth=0"):
        assert page.locator(frame).get_attribute("lang") == "en"
    quote = page.locator(".e-content blockquote")
    assert quote.evaluate("quote => getComputedStyle(quote).fontStyle") == "normal"
    discussion = page.locator(".thread")
    assert discussion.get_attribute("lang") == "en"
    assert (
        "now" in discussion.locator("time").inner_text() or "ago" in discussion.locator("time").inner_text()
    )
    said = discussion.locator("article p").first
    assert said.evaluate("said => said.closest('[lang]').lang") == "ar"


def test_title_from_right_to_left_begins_beside_its_date(site, open_page):
    page = open_page("/archive/")
    row = page.locator(".index li", has_text="عن الهوامش")
    day, title = row.locator("time").bounding_box(), row.locator("bdi").bounding_box()
    assert title["x"] < day["x"] + 100


def test_long_discussion_is_laid_out_when_a_reader_comes_to_it(site, open_page):
    site.body = "Words to scroll through, and a few more of them.\n\n" * 150
    site.save()
    for number in range(60):
        comment = make_comment(site, body=f"Comment {number}")
    page = open_page("/posts/on-margins/", width=390)
    said = f"document.getElementById('comment-{comment.pk}')"
    is_drawn = said + ".checkVisibility({contentVisibilityAuto: true})"
    assert not page.evaluate(is_drawn)
    page = open_page(f"/posts/on-margins/#comment-{comment.pk}", width=390)
    page.wait_for_function(is_drawn)
    page.wait_for_timeout(300)
    top = page.evaluate(said + ".getBoundingClientRect().top")
    assert 0 <= top < 900, "a link finds its place"
    page.emulate_media(media="print")
    assert page.evaluate("document.documentElement.scrollHeight") > 60 * 50


def test_orders_of_a_discussion_stand_in_one_row_on_a_phone(site, open_page):
    page = open_page("/posts/on-margins/", width=320)
    tops = page.locator(".orders a").evaluate_all("rows => rows.map(row => row.getBoundingClientRect().top)")
    assert len(tops) == 3 and len(set(tops)) == 1


def test_code_is_copied_by_a_button(site, open_page):
    page = open_page("/posts/on-margins/")
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    page.get_by_role("button", name="Copy").click()
    expect(page.get_by_role("button", name="Copied")).to_be_visible()
    copied = page.evaluate("navigator.clipboard.readText()")
    assert copied == "def published(self):\n    return self.filter(draft=False)  # written once"


def test_contents_follow_the_reader(site, open_page):
    site.body = BODY + "\n\n" + "Words to scroll through.\n\n" * 60
    site.save()
    page = open_page("/posts/on-margins/")
    line = page.locator(".reading summary")
    expect(line).to_be_hidden()
    page.locator(".e-content h3").evaluate(
        "heading => scrollBy(0, heading.getBoundingClientRect().top + 300)"
    )
    expect(line).to_have_text("Another")
    line.click()
    page.locator(".reading").get_by_role("link", name="A heading").click()
    assert page.url.endswith("#a-heading")


def test_results_come_while_one_types(site, open_page):
    page = open_page("/search/")
    page.get_by_role("searchbox").press_sequentially("margi")
    expect(page.locator(".results")).to_contain_text("On margins")
    assert page.url.endswith("?q=margi")


def test_reader_finds_a_post_without_scripts(site, open_page):
    page = open_page("/", scripts=False)
    page.get_by_role("link", name="Search").first.click()
    page.get_by_role("searchbox").fill("heading")
    page.get_by_role("main").get_by_role("button", name="Search").click()
    page.get_by_role("main").get_by_role("link", name="On margins").click()
    assert page.get_by_role("heading", level=1).inner_text() == "On margins"
    page.get_by_role("link", name="A heading", exact=True).first.click()
    assert page.url.endswith("#a-heading")


def test_feed_reader_follows_the_feed_of_the_page(site, open_page, live_server):
    page = open_page("/")
    address = page.locator('link[type="application/rss+xml"]').first.get_attribute("href")
    first = feedparser.parse(requests.get(live_server.url + address, timeout=10).content)
    assert not first.bozo
    assert {"Second", "On margins"} <= {entry.title for entry in first.entries}
    site.title = "On wide margins"
    site.save()
    second = feedparser.parse(requests.get(live_server.url + address, timeout=10).content)
    assert {entry.id for entry in second.entries} == {entry.id for entry in first.entries}
    assert "On wide margins" in {entry.title for entry in second.entries}
