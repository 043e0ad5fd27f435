"""Stored pages: who gets one, what is kept, and that every change makes it cold."""

import gzip
import io
import threading
from datetime import UTC, datetime, timedelta

import brotli
import pytest
import time_machine
from bs4 import BeautifulSoup
from django.contrib.auth import get_user_model
from django.core.handlers.wsgi import WSGIHandler
from django.db import connection, connections, transaction
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from django.utils.http import http_date

from blog.models import Category, MenuItem, Page, Post, SiteProfile, Tag
from comments.models import Comment
from config.anonymous import LONGEST, _view_at
from config.models import SiteVersion
from config.pagestore import shelves, triggers
from config.pagestore.wrapper import PageStore, plain_key
from tests import factories

pytestmark = pytest.mark.django_db(transaction=True)


class Reader:
    """Asks a store in front of Django, and counts how often Django was asked in turn."""

    all = []

    def __init__(self, folder, app=None):
        self.all.append(self)
        self.app = app or WSGIHandler()
        self.store = PageStore(self.ask_django, folder)
        self.asked = 0

    def ask_django(self, environ, start_response):
        self.asked += 1
        return self.app(environ, start_response)

    def get(self, address="/", method="GET", **headers):
        path, _mark, query = address.partition("?")
        environ = {
            "REQUEST_METHOD": method,
            "PATH_INFO": path,
            "QUERY_STRING": query,
            "SERVER_NAME": "127.0.0.1",
            "SERVER_PORT": "8000",
            "HTTP_HOST": "127.0.0.1:8000",
            "REMOTE_ADDR": "127.0.0.1",
            "wsgi.url_scheme": "http",
            "wsgi.input": io.BytesIO(),
            **headers,
        }
        answer = {}
        result = self.store(environ, lambda status, head, error=None: answer.update(status=status, head=head))
        body = b"".join(result)
        if hasattr(result, "close"):
            result.close()
        return Got(int(answer["status"][:3]), dict(answer["head"]), body)


class Got:
    def __init__(self, status, head, body):
        self.status, self.head, self.body = status, head, body

    @property
    def text(self):
        return self.body.decode()


@pytest.fixture
def reader(tmp_path):
    return Reader(tmp_path / "pages")


@pytest.fixture(autouse=True)
def no_connection_stays_open():
    yield
    while Reader.all:
        Reader.all.pop().store.clock.close()
    connections.close_all()


def test_second_reader_gets_the_stored_bytes(reader):
    post = factories.make_post("A walk")
    first, second = reader.get(post.path), reader.get(post.path)
    assert first.status == 200
    second.head.pop("Last-Modified", None)  # a page says it when it has stood for a moment
    assert (second.body, second.head) == (first.body, first.head)
    assert reader.asked == 1


def _saved(thing):
    thing.save()
    return thing


CHANGES = {
    "saved post": lambda post: (setattr(post, "title", "Walked"), post.save()),
    "updated query": lambda post: Post.objects.update(title="Walked"),
    "raw SQL": lambda post: connection.cursor().execute("UPDATE blog_post SET title = 'Walked'"),
    "deleted post": lambda post: post.delete(),
    "deleted query": lambda post: Post.objects.filter(title="A stroll").delete(),
    "bulk": lambda post: Post.objects.bulk_create(
        [Post(title="New", slug="n", path="/posts/n/", draft=False, published_at=timezone.now())]
    ),
    "bulk that ignores conflicts": lambda post: Post.objects.bulk_create(
        [Post(title="New", slug="n", path="/posts/n/", draft=False, published_at=timezone.now())],
        ignore_conflicts=True,
    ),
    "unpublished": lambda post: post.unpublish(),
    "tags": lambda post: post.tags.add("hill"),
    "renamed tag": lambda post: Tag.objects.update(name="heath"),
    "categories": lambda post: post.categories.add(Category.objects.create(name="Out")),
    "cleared categories": lambda post: post.categories.clear(),
    "authors": lambda post: post.authors.add(factories.make_user(first_name="Ada")),
    "renamed author": lambda post: get_user_model().objects.update(first_name="Ann"),
    "site profile": lambda post: SiteProfile(title="Another name").save(),
    "menu": lambda post: MenuItem.objects.create(profile=_saved(SiteProfile()), label="Away", url="/away/"),
    "page": lambda post: factories.make_page("About"),
    "comment": lambda post: factories.make_comment(post),
    "approved": lambda post: Comment.objects.approve(),
    "comment's text by a query": lambda post: Comment.objects.update(body_html="<p>Other</p>"),
    "deleted comment": lambda post: Comment.objects.all().delete(),
}


@pytest.mark.parametrize("change", CHANGES)
def test_every_change_is_seen_by_the_next_reader(reader, change):
    post = factories.make_post("A walk", tags=["moor"], categories=["In"], authors=[factories.make_user()])
    factories.make_post("A stroll", tags=["moor"])
    factories.make_comment(post, status=Comment.Status.PENDING)
    paths = [
        "/",
        post.path,
        "/tags/",
        "/tags/moor/",
        "/categories/in/",
        "/feed/",
        "/archive/",
        "/sitemap.xml",
    ]
    for path in [*paths, *paths]:
        reader.get(path)
    assert reader.asked == len(paths)
    CHANGES[change](post)
    stored = [reader.get(path).body for path in paths]
    fresh = [Reader(reader.store.disk.folder / "other").get(path).body for path in paths]
    assert stored == fresh


def test_rolled_back_change_never_happened(reader):
    post = factories.make_post("A walk")
    before = reader.get(post.path)
    with pytest.raises(ZeroDivisionError), transaction.atomic():
        Post.objects.update(title="Walked")
        1 / 0  # noqa: B018
    assert reader.get(post.path).body == before.body
    assert reader.asked == 1


def test_login_does_not_make_pages_cold(reader):
    user = factories.make_user()
    reader.get("/")
    user.last_login = timezone.now()
    user.save(update_fields=["last_login"])
    reader.get("/")
    assert reader.asked == 1


def test_comment_makes_its_own_discussion_cold_and_no_other(reader):
    here, there = factories.make_post(), factories.make_post()
    for path in (here.path, there.path, "/archive/", "/"):
        reader.get(path)
    factories.make_comment(here, body="Quite so.")
    assert "Quite so." in reader.get(here.path).text
    assert reader.asked == 5
    reader.get(there.path), reader.get("/archive/")
    assert reader.asked == 5
    assert "1 comment" in reader.get("/").text


def test_quote_recorded_after_its_comment_is_seen(reader):
    from comments.models import Quote

    post = factories.make_post(body="The moor is wide and brown.")
    comment = factories.make_comment(post, body="Yes.")
    reader.get(post.path)
    Quote.objects.create(comment=comment, position=0, exact="wide", fragment="q1")
    reader.get(post.path)
    assert reader.asked == 2


def test_scheduled_post_appears_at_its_second_and_expiring_one_vanishes(reader):
    start = timezone.now().replace(microsecond=0)
    with time_machine.travel(start, tick=False) as clock:
        factories.make_post("Tomorrow's walk", published_at=start + timedelta(hours=1))
        factories.make_post("Short sale", expires_at=start + timedelta(hours=2))

        def titles():
            text = reader.get("/").text
            return "Tomorrow" in text, "Short sale" in text

        assert titles() == titles() == (False, True)
        assert reader.asked == 1
        clock.move_to(start + timedelta(hours=1, seconds=-1))
        assert titles() == (False, True)
        assert reader.asked == 1
        clock.move_to(start + timedelta(hours=1))
        assert titles() == (True, True)
        clock.move_to(start + timedelta(hours=2))
        assert titles() == (True, False)


def test_a_clock_that_was_ahead_leaves_nothing_behind(reader):
    start = timezone.now().replace(microsecond=0)
    with time_machine.travel(start, tick=False) as clock:
        factories.make_post("Today's walk")
        factories.make_post("Tomorrow's walk", published_at=start + timedelta(hours=1))
        clock.move_to(start + timedelta(days=1))
        assert "Tomorrow" in reader.get("/").text
        clock.move_to(start)
        assert "Tomorrow" not in reader.get("/").text
        asked = reader.asked
        reader.get("/")
        assert reader.asked == asked
        clock.move_to(start + timedelta(hours=1))
        assert "Tomorrow" in reader.get("/").text


def queries_of(reader, address):
    with CaptureQueriesContext(connection) as asked:
        reader.get(address)
    return len(asked)


AROUND = [
    "/",
    "/tags/",
    "/tags/moors/",
    "/archive/",
    "/archive/2020/",
    "/posts/",
    "/posts/walk/",
    "/subscribe/",
    "/categories/",
]


@pytest.mark.parametrize("address", AROUND)
def test_what_only_a_change_of_the_site_changes_is_asked_once_for_each_state_of_it(reader, address):
    date = datetime(2020, 5, 5, tzinfo=UTC)
    post = factories.make_post("A walk", path="/posts/walk/", published_at=date)
    post.tags.add("Moors")
    post.categories.add(Category.objects.create(name="Walks", slug="walks"))
    reader.get(address)  # what is prepared once for all is prepared

    def changed_to(title):
        SiteProfile(title=title).save()
        reader.get("/robots.txt")  # asks, for all pages, when they next change by the clock
        return queries_of(reader, address)

    asked = changed_to("One")
    reader.store.memory, reader.store.disk = shelves.Memory(), shelves.Disk(reader.store.disk.folder / "anew")
    assert queries_of(reader, address) < asked
    assert changed_to("Another") == asked


def test_a_scheduled_post_is_counted_from_its_second_on(reader):
    start = timezone.now().replace(microsecond=0)
    with time_machine.travel(start, tick=False) as clock:
        for title, published_at in {
            "One": start - timedelta(days=1),
            "Two": start + timedelta(hours=1),
        }.items():
            factories.make_post(title, published_at=published_at).tags.add("Moors")
        reader.get("/tags/")
        assert "1" in BeautifulSoup(reader.get("/tags/").text, "html.parser").main.text
        clock.move_to(start + timedelta(hours=1))
        assert "2" in BeautifulSoup(reader.get("/tags/").text, "html.parser").main.text


def test_page_rendered_while_the_site_changed_is_not_kept(tmp_path):
    django = WSGIHandler()

    def slow(environ, start_response):
        answer = django(environ, start_response)
        Post.objects.update(title="Walked")
        return answer

    post = factories.make_post("A walk")
    reader = Reader(tmp_path, slow)
    assert "A walk" in reader.get(post.path).text
    reader.app = django
    assert "Walked" in reader.get(post.path).text


def test_another_process_finds_the_page(reader, tmp_path):
    post = factories.make_post()
    page = reader.get(post.path)
    other = Reader(tmp_path / "pages")
    assert other.get(post.path).body == page.body
    assert other.asked == 0


def test_torn_file_is_no_page(reader, tmp_path):
    post = factories.make_post()
    page = reader.get(post.path)
    (file,) = (tmp_path / "pages").glob("??/*")
    file.write_bytes(file.read_bytes()[:-7])
    other = Reader(tmp_path / "pages")
    assert other.get(post.path).body == page.body
    assert other.asked == 1


def test_full_disk_costs_time_but_no_answer(tmp_path):
    folder = tmp_path / "pages"
    folder.write_text("no folder")
    reader = Reader(folder)
    assert reader.get("/").status == reader.get("/").status == 200
    assert reader.asked == 1


def test_one_reader_renders_and_the_others_wait(tmp_path):
    """Sixteen readers at once, each with a store of its own like a process of its own, over one folder."""
    post = factories.make_post()
    django, begin = WSGIHandler(), threading.Barrier(16)
    readers = [Reader(tmp_path / "pages", django) for _number in range(16)]
    bodies = []

    def read(reader):
        begin.wait()
        bodies.append(reader.get(post.path).body)
        connections.close_all()

    threads = [threading.Thread(target=read, args=[reader]) for reader in readers]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sum(reader.asked for reader in readers) == 1
    assert len(set(bodies)) == 1


@pytest.mark.parametrize("cookie", ["sessionid=x", "a=b; csrftoken=x", "a=b;messages=x"])
def test_who_carries_a_cookie_of_ours_is_never_shown_a_stored_page(reader, cookie):
    reader.get("/")
    reader.get("/", HTTP_COOKIE=cookie)
    assert reader.asked == 2


def test_foreign_cookies_make_no_difference(reader):
    reader.get("/", HTTP_COOKIE="_ga=1; mysessionid_2=5")
    reader.get("/", HTTP_COOKIE="theme=dark")
    reader.get("/")
    assert reader.asked == 1


def test_editor_sees_a_draft_and_nobody_after_her(reader, client):
    post = factories.make_post(draft=True)
    client.force_login(factories.make_editor())
    session = client.cookies["sessionid"].value
    assert reader.get(post.path, HTTP_COOKIE=f"sessionid={session}").status == 200
    assert reader.get(post.path).status == 404


@pytest.mark.parametrize(
    "address", ["/nope/", "/about", "/healthz", "/admin/login/", "/login/", "/search/?q=a"]
)
def test_what_is_no_public_page_is_asked_for_each_time(reader, address):
    factories.make_page("About", path="/about/")
    reader.get(address), reader.get(address)
    assert reader.asked == 2


def test_thousands_of_overlong_addresses_fill_no_memory(reader):
    """What an address means is remembered for thousands of them; of these nobody asks twice."""
    reader.get("/")
    known = plain_key.cache_info().currsize, _view_at.cache_info().currsize
    for number in range(3):
        assert reader.get(f"/{number}{'a' * LONGEST}/").status == 404
        assert reader.get("/", HTTP_HOST=f"{number}{'a' * LONGEST}").status == 400
    assert (plain_key.cache_info().currsize, _view_at.cache_info().currsize) == known


def test_form_with_its_token_is_never_stored(reader):
    post = factories.make_post()
    forms = [reader.get(f"{post.path}comment/") for _time in range(2)]
    assert all("csrfmiddlewaretoken" in form.text for form in forms)
    assert reader.asked == 2


def test_answer_that_sets_a_cookie_is_never_stored(tmp_path):
    def app(environ, start_response):
        from django.http import HttpResponse

        response = HttpResponse("for you alone")
        response.set_cookie("a", "b")
        start_response("200 OK", [*response.items(), ("Set-Cookie", "a=b")])
        return response

    reader = Reader(tmp_path, app)
    reader.get("/"), reader.get("/")
    assert reader.asked == 2


def test_junk_in_the_query_neither_splits_nor_poisons(reader):
    factories.make_post()
    plain = reader.get("/sitemap-posts.xml?p=1")
    junk = reader.get("/sitemap-posts.xml?utm=%22%3E%3Cx%3E&p=1&p=1")
    assert junk.body == plain.body
    assert reader.asked == 1
    assert reader.get("/sitemap-posts.xml?utm=1").body == plain.body
    assert reader.get("/?page=7&fbclid=x").body == reader.get("/").body


def test_junk_that_comes_first_stores_the_plain_page(reader):
    assert "evil" not in reader.get("/?x=evil").text
    assert reader.get("/").status == 200
    assert reader.asked == 1


def test_redirect_keeps_its_query(reader):
    factories.make_page("About", path="/about/")
    assert reader.get("/about?from=feed").head["Location"] == "/about/?from=feed"


@pytest.mark.parametrize(
    "header", ["HTTP_X_FORWARDED_HOST", "HTTP_ACCEPT_LANGUAGE", "HTTP_USER_AGENT", "HTTP_X_ORIGINAL_URL"]
)
def test_no_header_poisons_a_page(reader, header):
    poisoned = reader.get("/", **{header: "evil.example"})
    assert "evil" not in poisoned.text
    assert reader.get("/").body == poisoned.body
    assert reader.asked == 1


def test_a_host_that_is_none_is_refused_though_the_page_is_stored(reader):
    reader.get("/")
    for odd in ("127.0.0.1:80@evil.example", "127.0.0.1:", "127.0.0.1:x", "127.0.0.1:8\u0663"):
        assert reader.get("/", HTTP_HOST=odd).status == 400


def test_foreign_host_is_refused_though_the_page_is_stored(reader):
    reader.get("/")
    assert reader.get("/", HTTP_HOST="evil.example").status == 400
    assert reader.get("/", HTTP_HOST="127.0.0.1:9999").status == 200
    assert reader.asked == 2


def test_head_is_answered_like_get_without_its_body(reader):
    head = reader.get("/", method="HEAD")
    got = reader.get("/")
    for each in (head, got):
        each.head.pop("Last-Modified", None)
    assert (head.body, head.head) == (b"", got.head)
    assert reader.asked == 1


def test_posting_goes_through(reader):
    reader.get("/")
    assert reader.get("/", method="POST").status in (403, 405)


def test_each_encoding_has_its_own_strong_etag_and_304(reader):
    factories.make_post()
    plain = reader.get("/")
    zipped = reader.get("/", HTTP_ACCEPT_ENCODING="gzip, deflate")
    brotlied = reader.get("/", HTTP_ACCEPT_ENCODING="gzip, deflate, br")
    assert gzip.decompress(zipped.body) == brotli.decompress(brotlied.body) == plain.body
    tags = {answer.head["ETag"] for answer in (plain, zipped, brotlied)}
    assert len(tags) == 3
    assert not any(tag.startswith("W/") for tag in tags)
    assert "Accept-Encoding" in plain.head["Vary"]
    again = reader.get("/", HTTP_ACCEPT_ENCODING="gzip", HTTP_IF_NONE_MATCH=f'"x", W/{zipped.head["ETag"]}')
    assert (again.status, again.body) == (304, b"")
    assert again.head["ETag"] == zipped.head["ETag"]
    assert reader.get("/", HTTP_IF_NONE_MATCH=zipped.head["ETag"]).status == 200
    assert reader.asked == 1


def test_first_reader_who_has_the_page_already_gets_304(reader, tmp_path):
    tag = reader.get("/").head["ETag"]
    other = Reader(tmp_path / "elsewhere")
    assert other.get("/", HTTP_IF_NONE_MATCH=tag).status == 304


@pytest.mark.parametrize("accepted", ["br;q=0, gzip;q=0", "", "identity", "deflate"])
def test_refused_encodings_are_not_sent(reader, accepted):
    factories.make_post()
    assert "Content-Encoding" not in reader.get("/", HTTP_ACCEPT_ENCODING=accepted).head


def test_stored_page_has_the_browsers_safety_belts(reader):
    reader.get("/")
    head = reader.get("/").head
    assert "default-src 'none'" in head["Content-Security-Policy"]
    assert head["X-Content-Type-Options"] == "nosniff"
    assert head["Cache-Control"] == "public, no-cache"
    assert "X-Request-ID" not in head


def test_database_without_our_triggers_has_no_stored_pages(reader):
    SiteVersion.objects.filter(topic="triggers").update(token=1)
    assert reader.get("/").status == reader.get("/").status == 200
    assert reader.asked == 2


def test_memory_stays_within_its_bound_and_keeps_what_is_read(tmp_path):
    class Fake:
        size, used = 10, False

    memory = shelves.Memory(limit=50)
    kept = Fake()
    memory.put("read", kept)
    for number in range(20):
        kept.used = True
        memory.put(number, Fake())
    assert memory.size <= 50
    assert memory.get("read") is kept


def test_disk_stays_within_its_bound(reader, monkeypatch, tmp_path):
    monkeypatch.setattr(shelves, "SWEEP_EVERY", 5)
    reader.store.disk.limit = 10_000
    for _number in range(10):
        reader.get(factories.make_post().path)
    assert len(list((tmp_path / "pages").glob("??/*"))) <= 6


def test_pages_of_an_earlier_deployment_are_not_ours(settings, tmp_path):
    from config.pagestore.deployment import deployment, ready_folder

    before = deployment()
    settings.BASE_DIR = tmp_path
    (tmp_path / "templates").mkdir()
    (tmp_path / "templates" / "base.html").write_text("new")
    after = deployment()
    assert before != after
    for number in range(9):
        (tmp_path / "pages" / str(number)).mkdir(parents=True)
    assert ready_folder(tmp_path / "pages").name == after
    assert len(list((tmp_path / "pages").iterdir())) == 3


def test_no_page_that_may_be_stored_shows_a_token(reader):
    post = factories.make_post(
        tags=["moor"], categories=["In"], series="Walks", authors=[factories.make_user("ada")]
    )
    comment = factories.make_comment(post)
    factories.make_page("About", path="/about/")
    assert Page.objects.count() == 1
    paths = [
        post.path,
        "/about/",
        "/",
        "/tags/moor/",
        "/tags/",
        "/categories/in/",
        "/series/walks/",
        "/authors/ada/",
    ]
    paths += [
        "/archive/",
        f"/comments/{comment.pk}/",
        "/comments/feed/",
        f"{post.path}comments/feed/",
        "/robots.txt",
    ]
    for path in paths:
        page = reader.get(path)
        assert (path, page.status) == (path, 200)
        assert "csrf" not in page.text
        assert "Set-Cookie" not in page.head
    for path in paths:
        reader.get(path)
    assert reader.asked == len(paths)


def test_static_file_is_asked_for_with_all_the_browser_says(tmp_path):
    said = []

    def files(environ, start_response):
        said.append(environ.get("HTTP_ACCEPT_ENCODING"))
        start_response("200 OK", [("Content-Type", "text/css")])
        return [b""]

    Reader(tmp_path / "pages", files).get("/static/css/reader.css", HTTP_ACCEPT_ENCODING="br, gzip")
    assert said == ["br, gzip"]


@pytest.mark.parametrize("path", ["/feed/", "/feed/atom/", "/feed/json/"])
def test_feed_s_date_changes_exactly_when_the_feed_does(reader, path):
    start = timezone.now().replace(microsecond=0)
    with time_machine.travel(start, tick=False) as clock:
        old = factories.make_post("Old", published_at=start - timedelta(days=300))
        factories.make_post("New", published_at=start - timedelta(days=1))
        assert "Last-Modified" not in reader.get(path).head, "it may change again within this second"
        clock.shift(timedelta(hours=1))
        first = reader.get(path).head["Last-Modified"]
        assert reader.get(path, HTTP_IF_MODIFIED_SINCE=first).status == 304
        factories.make_page("Of no concern to the feed")
        clock.shift(timedelta(hours=1))
        assert reader.get(path, HTTP_IF_MODIFIED_SINCE=first).status == 304
        Post.objects.filter(pk=old.pk).update(body_html="<p>Corrected.</p>")
        changed = reader.get(path, HTTP_IF_MODIFIED_SINCE=first)
        assert changed.status == 200
        assert "Corrected." in changed.text
        clock.shift(timedelta(hours=1))
        second = reader.get(path).head["Last-Modified"]
        assert second != first
        assert reader.get(path, HTTP_IF_MODIFIED_SINCE=second).status == 304
        assert reader.get(path, HTTP_IF_MODIFIED_SINCE=second, HTTP_IF_NONE_MATCH='"other"').status == 200


def test_two_versions_within_a_second_have_no_date_in_common(reader):
    with time_machine.travel(timezone.now().replace(microsecond=0), tick=False) as clock:
        post = factories.make_post("A walk")
        clock.shift(timedelta(seconds=5))
        before = reader.get("/feed/").head
        Post.objects.filter(pk=post.pk).update(title="A stroll")
        between = reader.get("/feed/").head
        Post.objects.filter(pk=post.pk).update(title="A run")
        reader.get("/feed/")
        clock.shift(timedelta(seconds=5))
        after = reader.get("/feed/").head
    dates = [head["Last-Modified"] for head in (before, between, after) if "Last-Modified" in head]
    assert len(set(dates)) == len(dates)


def test_date_is_kept_with_the_page_for_the_next_process(tmp_path):
    start = timezone.now().replace(microsecond=0)
    with time_machine.travel(start, tick=False) as clock:
        factories.make_post("A walk")
        Reader(tmp_path / "pages").get("/feed/")
        clock.shift(timedelta(hours=1))
        date = Reader(tmp_path / "pages").get("/feed/").head["Last-Modified"]
    assert date == http_date(start.timestamp())


@pytest.mark.skipif(
    connection.vendor != "sqlite", reason="true of SQLite alone: PostgreSQL changes tables in their place"
)
@pytest.mark.django_db
def test_while_tables_are_changed_no_trigger_speaks_of_them():
    def names():
        with connection.cursor() as cursor:
            cursor.execute("SELECT name FROM sqlite_master WHERE type = 'trigger' AND name LIKE 'pagestore%'")
            return set(cursor.fetchall())

    before = names()
    assert before
    triggers.step_aside(None, "default", plan=[])
    assert names() == before
    triggers.step_aside(None, "default", plan=["a migration"])
    assert not names()
    assert not triggers.are_in_step()
    triggers.keep_in_step(None, "default")
    assert names() == before
    assert triggers.are_in_step()
