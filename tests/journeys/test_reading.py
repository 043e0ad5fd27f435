"""What a reader does: read, search, follow, on any screen."""

import feedparser
import pytest
import requests
from axe_playwright_python.sync_playwright import Axe

from blog.models import SiteProfile
from tests.factories import make_comment, make_page, make_post, make_user

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
    "search": "/search/?q=margins",
    "comment form": "/posts/on-margins/comment/",
    "404": "/not/here/",
}


@pytest.mark.parametrize("width", [390, 1280])
@pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])
def test_axe_finds_nothing_to_complain_of(site, open_page, width, dark):
    page = open_page("/", width=width, dark=dark)
    found = {}
    for name, path in PAGES.items():
        page.goto(page.url.split("/", 3)[0] + "//" + page.url.split("/", 3)[2] + path)
        results = Axe().run(page)
        if results.violations_count:
            found[name] = results.generate_report()
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), f"{name} scrolls sideways"
    assert not found, "\n\n".join(f"{name}: {report}" for name, report in found.items())


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
    assert [entry.title for entry in first.entries] == ["Second", "On margins"] or len(first.entries) == 2
    site.title = "On wide margins"
    site.save()
    second = feedparser.parse(requests.get(live_server.url + address, timeout=10).content)
    assert {entry.id for entry in second.entries} == {entry.id for entry in first.entries}
    assert "On wide margins" in {entry.title for entry in second.entries}
