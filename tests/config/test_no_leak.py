"""Nobody can tell from any public address whether anything hidden is there at all.

Every kind of address is fetched before and after hidden things come to stand beside the public ones: drafts, scheduled,
embargoed, expired and deleted posts, private pages, comments that wait, are spam or were removed. Not a byte may differ:
no count, neighbour, related post, date of a feed or answer to a condition.
"""

import re
from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from django.core.files.base import ContentFile
from django.db import connections
from django.urls import URLResolver, get_resolver

from blog.models import File, SiteProfile
from comments.models import Comment
from tests.config.test_pagestore import Reader
from tests.factories import make_comment, make_editor, make_page, make_post, make_user

pytestmark = pytest.mark.django_db(transaction=True)
NOW = datetime(2026, 5, 14, 12, tzinfo=UTC)
DAY = timedelta(days=1)
SECRET = "hushhush"
FEEDS = ("feed/", "feed/atom/", "feed/json/")
LISTS = {"tags": "shared", "categories": "shared", "series": "shared", "authors": "ann"}

# For every kind of public address: where a reader may go.
SAMPLES = {
    "": ["/"],
    "page/<int:page>/": ["/page/2/", "/page/3/"],
    **{feed: [f"/{feed}", f"/{feed}?page=2"] for feed in FEEDS},
    **{f"{kind}/": [f"/{kind}/"] for kind in ("archive", "tags", "categories", "series", "subscribe")},
    "archive/page/<int:page>/": ["/archive/page/2/"],
    "archive/<int:year>/": ["/archive/2026/", "/archive/2025/"],
    "archive/<int:year>/page/<int:page>/": ["/archive/2026/page/2/"],
    "archive/<int:year>/<int:month>/": ["/archive/2026/05/", "/archive/2026/5/", "/archive/2026/06/"],
    "archive/<int:year>/<int:month>/page/<int:page>/": ["/archive/2026/5/page/2/"],
    **{f"{kind}/<str:slug>/": [f"/{kind}/{slug}/", f"/{kind}/{SECRET}/"] for kind, slug in LISTS.items()},
    **{f"{kind}/<str:slug>/page/<int:page>/": [f"/{kind}/{slug}/page/2/"] for kind, slug in LISTS.items()},
    **{
        f"{kind}/<str:slug>/{feed}": [f"/{kind}/{slug}/{feed}", f"/{kind}/{SECRET}/{feed}"]
        for kind, slug in LISTS.items()
        for feed in FEEDS
    },
    "search/": [
        "/search/",
        "/search/?q=words",
        f"/search/?q={SECRET}",
        f"/search/?q=words&tag={SECRET}",
        "/search/?q=words&year=2026",
    ],
    "draft/<str:token>/": ["/draft/nothing/"],
    "draft/<str:token>/<path:path>": ["/draft/nothing/picture.png"],
    "login/": ["/login/"],
    "login/code/": ["/login/code/"],
    "healthz": ["/healthz"],
    "robots.txt": ["/robots.txt"],
    "sitemap.xml": ["/sitemap.xml"],
    "sitemap-<section>.xml": [
        f"/sitemap-{section}.xml" for section in ("posts", "pages", "lists", "tags", "news")
    ],
    "media/<path:name>": ["/media/nothing.png"],
    "manifest.webmanifest": ["/manifest.webmanifest"],
    "opensearch.xml": ["/opensearch.xml"],
    ".well-known/security.txt": ["/.well-known/security.txt"],
    ".well-known/change-password": ["/.well-known/change-password"],
    "card/<slug:kind>/<int:pk>.png": [
        "/card/post/{public}.png",
        "/card/post/{hidden}.png",
        "/card/page/{hidden_page}.png",
    ],
    "icon-<int:size>.png": ["/icon-48.png"],
    "apple-touch-icon.png": ["/apple-touch-icon.png"],
    "favicon.ico": ["/favicon.ico"],
    "accent-<slug:digits>.css": ["/accent-a3271b.css"],
    **{f"comments/{feed}": [f"/comments/{feed}"] for feed in FEEDS},
    **{
        f"comments/<int:pk>/{feed}": [
            f"/comments/{{comment}}/{feed}",
            f"/comments/{{waiting}}/{feed}",
            f"/comments/{{on_hidden}}/{feed}",
        ]
        for feed in FEEDS
    },
    "comments/<int:pk>/": [
        f"/comments/{{{which}}}/" for which in ("comment", "waiting", "spam", "removed", "on_hidden")
    ],
    "comments/<int:pk>/reply/": [
        f"/comments/{{{which}}}/reply/" for which in ("comment", "waiting", "on_hidden")
    ],
    "comments/<int:pk>/edit/": [
        "/comments/{on_hidden}/edit/",
        "/comments/{waiting}/edit/",
        "/comments/{spam}/edit/",
    ],
    "comments/<int:pk>/withdraw/": ["/comments/{on_hidden}/withdraw/", "/comments/{waiting}/withdraw/"],
    "comments/mail/confirm/<token>/": ["/comments/mail/confirm/nothing/"],
    "comments/mail/stop/<token>/": ["/comments/mail/stop/nothing/"],
    **{
        guess: [f"/{guess}"]
        for guess in (
            "rss.xml",
            "index.xml",
            "feed.xml",
            "rss",
            "rss/",
            "feed/rss/",
            "feed/rss2/",
            "atom",
            "atom.xml",
            "atom/",
            "feed.json",
            "index.json",
        )
    },
    "feed.css": ["/feed.css"],
    "sized/<int:width>/<str:digest>.webp": ["/sized/480/nothing.webp"],
    "^(?P<path>.+)/comment/$": ["/posts/second/comment/", f"/posts/{SECRET}-draft/comment/"],
    **{
        f"^(?P<path>.+)/comments/{feed}$": [
            f"/posts/second/comments/{feed}",
            f"/posts/{SECRET}-draft/comments/{feed}",
        ]
        for feed in FEEDS
    },
    **{f"^(?P<path>.+/){feed}$": [f"/posts/{feed}", f"/{SECRET}/{feed}"] for feed in FEEDS},
    r"^(?P<path>.+/)page/(?P<page>\d{1,9})/$": ["/posts/page/2/", "/posts/page/3/"],
    "^(?P<path>.+)$": [
        "/posts/",
        "/posts/first/",
        "/posts/second/",
        "/posts/second/?sort=newest",
        "/posts/second/?sort=best",
        "/posts/third/",
        "/about/",
        "/nowhere/",
        f"/{SECRET}/",
        *(f"/posts/{SECRET}-{state}/" for state in ("draft", "scheduled", "embargoed", "expired", "undated")),
        f"/posts/{SECRET}-draft/picture.png",
    ],
}


def public_patterns(patterns, before=""):
    for pattern in patterns:
        route = f"{before}{pattern.pattern}"
        if isinstance(pattern, URLResolver):
            yield from public_patterns(pattern.url_patterns, route)
        elif not route.startswith("admin/"):
            yield route


def test_every_kind_of_public_address_has_samples():
    """Whoever adds an address says here what a reader finds there, and the test below looks for leaks."""
    assert set(public_patterns(get_resolver().url_patterns)) == set(SAMPLES)


def public_things(ann):
    SiteProfile(title="Shown", posts_per_page=2, comment_policy="open").save()
    filed = {"tags": ["shared"], "categories": ["shared"], "series": "shared", "authors": [ann]}
    posts = [
        make_post(name, slug=name, body=f"The {name} words.", published_at=NOW - days * DAY, **filed)
        for name, days in (("first", 9), ("second", 6), ("third", 3))
    ]
    make_page("About", slug="about")
    comment = make_comment(posts[1], body="Well said.")
    make_comment(parent=comment, body="Indeed.")
    return posts, comment


def hidden_things(ann, posts, comment):
    """One of each kind, beside the public ones and before, between and after them in time."""
    filed = {"tags": ["shared", SECRET], "categories": ["shared", SECRET], "authors": [ann]}
    states = {
        "draft": {"draft": True, "published_at": NOW - 4 * DAY},
        "scheduled": {"published_at": NOW + DAY},
        "embargoed": {"published_at": NOW - 5 * DAY, "public_at": NOW + DAY},
        "expired": {"published_at": NOW - 8 * DAY, "expires_at": NOW - DAY},
        "undated": {"draft": True, "published_at": None},
    }
    hidden = {}
    for state, dates in states.items():
        for series in ("shared", SECRET):
            post = make_post(
                f"{SECRET} {state} {series}",
                slug=f"{SECRET}-{state}" + ("-too" if series == SECRET else ""),
                summary=f"{SECRET} words",
                body=f"{SECRET} words. [first](/posts/first/)",
                series=series,
                **filed,
                **dates,
            )
            hidden.setdefault(state, post)
            on_hidden = make_comment(post, body=f"{SECRET} on hidden", author_name=SECRET)
    private = make_page(f"{SECRET} page", slug=SECRET, draft=True)
    make_comment(private, body=SECRET)
    File(path=f"{hidden['draft'].path}picture.png", file=ContentFile(b"bytes", name="picture.png")).save()
    waits = {
        status: make_comment(
            posts[1], status=status, author_name=SECRET, body=f"> The second words.\n\n{SECRET}"
        )
        for status in (Comment.Status.PENDING, Comment.Status.SPAM, Comment.Status.REMOVED)
    }
    for status in waits:
        make_comment(parent=comment, status=status, author_name=SECRET, body=f"> Well said.\n\n{SECRET}")
    return {
        "hidden": hidden["draft"].pk,
        "hidden_page": private.pk,
        "waiting": waits["pending"].pk,
        "spam": waits["spam"].pk,
        "removed": waits["removed"].pk,
        "on_hidden": on_hidden.pk,
    }


# What is made anew for every reader.
FRESH = re.compile(rb'name="(?:csrfmiddlewaretoken|stamp)" value="[^"]*"')
FRESH_HEADS = {"X-Request-ID", "Set-Cookie", "Expires", "Content-Length"}


def seen(reader, addresses, **headers):
    """What a stranger gets at each address: status, headers and bytes, and again by the condition of its ETag."""
    found = {}
    for address in addresses:
        got = reader.get(address, **headers)
        heads = {name: value for name, value in got.head.items() if name not in FRESH_HEADS}
        if got.status == 404:
            heads.pop("ETag", None)  # of a page that repeats the address
        again = reader.get(address, HTTP_IF_NONE_MATCH=got.head.get("ETag", '"none"'), **headers)
        found[address] = got.status, heads, FRESH.sub(b"", got.body), again.status
    return found


@pytest.fixture
def readers(tmp_path):
    """Each with a page store of its own: cold."""
    number = iter(range(100))
    yield lambda: Reader(tmp_path / f"pages{next(number)}")
    while Reader.all:
        Reader.all.pop().store.clock.close()
    connections.close_all()


def test_hidden_things_leave_no_trace_at_any_address(readers, client):
    with time_machine.travel(NOW, tick=False):
        ann, editor = make_user("ann"), make_editor("ida")
        posts, comment = public_things(ann)
        kinds = ("hidden", "hidden_page", "waiting", "spam", "removed", "on_hidden")
        nothing = {kind: 10**9 + number for number, kind in enumerate(kinds)}
        known = {"public": posts[1].pk, "comment": comment.pk}
        patterns = [address for addresses in SAMPLES.values() for address in addresses]

        def named(ids):
            return [address.format(**known, **ids) for address in patterns]

        warm = readers()
        before = seen(warm, named(nothing))
        before = [
            (*got[:2], got[2].replace(address.encode(), b""), got[3]) for address, got in before.items()
        ]
        assert sum(status == 200 for status, *_rest in before) > 70

        there = named(hidden_things(ann, posts, comment))
        assert_same(there, before, seen(warm, there))
        assert_same(there, before, seen(readers(), there))

        client.force_login(editor)
        cookie = f"sessionid={client.cookies['sessionid'].value}"
        shown = [status for status, *_rest in seen(warm, there, HTTP_COOKIE=cookie).values()]
        assert shown.count(200) > [status for status, *_rest in before].count(200), "an editor sees more"
        assert_same(there, before, seen(warm, there))


def assert_same(addresses, before, after):
    for address, (status, heads, body, again) in zip(addresses, before, strict=True):
        assert after[address][0] == status, address
        assert after[address][3] == again, address
        assert after[address][2].replace(address.encode(), b"") == body, f"{address} has changed"
        assert after[address][1] == heads, address
