"""Addresses that were not found are counted, within bounds, and led on by whoever looks after the site."""

import threading
from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from blog import missing
from blog.models import Alias, MissingPath
from config.pagestore.topics import watched
from tests.blog.test_admin import send
from tests.factories import make_post

LIST = "/admin/blog/missingpath/"


@pytest.fixture(autouse=True)
def nothing_counted():
    missing.counter.take()


def written():
    missing.write(missing.counter.take())
    return dict(MissingPath.objects.values_list("path", "count"))


def make_missing(path="/lost/", count=1, **fields):
    fields.setdefault("seen_at", timezone.now())
    return MissingPath.objects.create(path=path, count=count, **fields)


@pytest.mark.django_db
def test_what_is_asked_for_in_vain_is_counted(client):
    for path in ("/lost/", "/lost/", "/media/no.png", "/tags/none/"):
        assert client.get(path).status_code == 404
    client.get("/lost/?from=a")
    assert written() == {"/lost/": 3, "/media/no.png": 1, "/tags/none/": 1}
    client.get("/lost/")
    assert written()["/lost/"] == 4


@pytest.mark.django_db
def test_what_is_found_led_on_or_gone_is_not_counted(client):
    post = make_post("A")
    Alias.objects.create(path="/old/", post=post), Alias.objects.create(path="/gone/")
    for path in ("/", "/posts/a/", "/old/", "/gone/", "/posts/a"):
        client.get(path)
    client.post("/lost/")
    assert written() == {}


@pytest.mark.django_db
def test_counting_writes_nothing_while_the_reader_waits(client):
    client.get("/lost/")
    with CaptureQueriesContext(connection) as asked:
        client.get("/lost/")
    assert all(query["sql"].startswith("SELECT") for query in asked)


@pytest.mark.parametrize(
    "path",
    [
        "/wp-login.php",
        "/blog/wp-admin/setup",
        "/.env",
        "/.git/config",
        "/a/.aws/credentials",
        "/phpmyadmin/",
        "/x.asp",
        "/backup.sql",
        "/apple-touch-icon-120x120.png",
        "/favicon.ico",
        "/../../etc/passwd",
        "/a\x00b",
        "/<script>",
        "/" + "a" * 400,
        "/admin/nothing/",
        "/static/js/old.js",
        "/.well-known/traffic-advice",
    ],
)
def test_what_programs_try_is_not_worth_counting(path):
    assert missing.is_noise(path)


@pytest.mark.parametrize(
    "path",
    ["/2012/05/old-post.html", "/index.php/2011/hello/", "/tags/c++/", "/日本語/", "/environment/", "/a.pdf"],
)
def test_what_a_person_may_have_meant_is_counted(path):
    assert not missing.is_noise(path)


@pytest.mark.parametrize(
    ("address", "told"),
    [
        ("https://blog.example.org/posts/a/?q=1#x", "/posts/a/"),
        ("https://search.example.com/find?q=private+words", "search.example.com"),
        ("https://evil.example/<script>", "evil.example"),
        ("https://[nonsense", ""),
        ("javascript:alert(1)", ""),
        ("", ""),
    ],
)
def test_of_another_site_no_more_than_the_name_is_kept(address, told):
    assert missing.referrer_of(address, "blog.example.org:8000") == told


@pytest.mark.django_db
def test_the_last_known_link_is_kept(client):
    client.get("/lost/", headers={"referer": "http://testserver/posts/a/"})
    client.get("/lost/")
    written()
    assert MissingPath.objects.get().referrer == "/posts/a/"


@pytest.mark.django_db
def test_a_flood_has_a_bound_in_memory_and_in_the_table(monkeypatch):
    monkeypatch.setattr(missing, "MOST_AT_ONCE", 20)
    monkeypatch.setattr(missing, "MOST_ROWS", 30)
    make_missing("/wanted/", 9)
    make_missing("/linked/", 1, referrer="/posts/a/", seen_at=timezone.now() - timedelta(days=9))
    make_missing("/ignored/", 1, is_ignored=True)
    for wave in range(4):
        for number in range(100):
            missing.counter.note(f"/{wave}/{number}/")
        rows = written()
    assert len(rows) == 30
    assert {"/wanted/", "/linked/", "/ignored/"} <= set(rows)


@pytest.mark.django_db
def test_writing_costs_the_same_however_many_addresses(django_assert_num_queries):
    def count(number):
        for each in range(number):
            missing.counter.note(f"/{each}/")

    count(5)
    written()
    count(2)
    with CaptureQueriesContext(connection) as counted:
        missing.write(missing.counter.take())
    count(5)
    with django_assert_num_queries(len(counted)):
        missing.write(missing.counter.take())


@pytest.mark.django_db(transaction=True)
def test_the_thread_writes_it_down(settings, client, monkeypatch):
    monkeypatch.setattr(threading.Timer, "start", lambda timer: timer.function())
    settings.MISSING_WRITTEN_AFTER = 10
    client.get("/lost/")
    assert MissingPath.objects.get().path == "/lost/"


def test_one_thread_writes_for_many_requests(settings, monkeypatch):
    started = []
    monkeypatch.setattr(threading.Timer, "start", lambda timer: started.append(timer))
    settings.MISSING_WRITTEN_AFTER = 10
    counter = missing.Counter()
    for number in range(50):
        counter.note(f"/{number}/")
    assert len(started) == 1 and started[0].daemon
    assert len(counter.take()) == 50
    counter.note("/again/")
    assert len(started) == 2


def test_no_stored_page_hears_of_it():
    assert MissingPath._meta.db_table not in {each.table for each in watched()}


# In the admin


@pytest.mark.django_db
def test_the_most_wanted_come_first_and_what_is_found_meanwhile_is_left_out(editor_client):
    make_missing("/few/", 2), make_missing("/many/", 9), make_missing("/quiet/", 5, is_ignored=True)
    make_missing("/posts/new/"), make_missing("/led/"), make_missing("/posts/draft/")
    post = make_post("New")
    make_post("Draft", draft=True)
    Alias.objects.create(path="/led/", post=post)
    paths = [row.path for row in editor_client.get(LIST).context["cl"].result_list]
    assert paths == ["/many/", "/few/", "/posts/draft/"]
    ignored = editor_client.get(LIST, {"state": "ignored"}).context["cl"].result_list
    assert [row.path for row in ignored] == ["/quiet/"]


@pytest.mark.django_db
def test_one_is_led_on_with_a_form_that_is_filled_in(client, editor_client):
    make_post("Hello there")
    make_missing("/2012/05/hello-there.html")
    page = editor_client.get(LIST).text
    address = "/admin/blog/alias/add/?path=/2012/05/hello-there.html"
    assert address in page or address.replace("/2012", "%2F2012") in page or "%2Fhello-there.html" in page
    assert send(editor_client, address).status_code == 302
    assert client.get("/2012/05/hello-there.html")["Location"] == "/posts/hello-there/"
    assert not MissingPath.objects.exists()


@pytest.mark.django_db
def test_actions_ignore_and_say_gone(client, editor_client):
    one, two = make_missing("/one/"), make_missing("/two/")
    editor_client.post(LIST, {"action": "ignore", "_selected_action": [one.pk]})
    editor_client.post(LIST, {"action": "say_gone", "_selected_action": [two.pk]})
    one.refresh_from_db()
    assert one.is_ignored
    assert client.get("/two/").status_code == 410
    editor_client.post(f"{LIST}?state=ignored", {"action": "notice", "_selected_action": [one.pk]})
    one.refresh_from_db()
    assert not one.is_ignored
