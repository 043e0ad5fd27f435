"""Two machines behind one name: a database and a Redis in common, and nothing else."""

import os
from itertools import count
from urllib.parse import urlencode

import pytest
from bs4 import BeautifulSoup

from tests.databases import own_database
from tests.freshness import Hunt
from tests.running import Site, stop

pytestmark = [pytest.mark.xdist_group("running"), pytest.mark.postgres, pytest.mark.redis]
FIRST = count(1, 1000)
SECRET = "one-secret-for-both-machines-0123456789-abcdef"


@pytest.fixture(scope="module")
def database():
    given = os.environ.get("TEST_DATABASE_URL")
    if not given:
        pytest.skip("TEST_DATABASE_URL names no PostgreSQL server")
    with own_database(given, "two_servers") as address:
        yield address


@pytest.fixture(scope="module", params=["redis", "none"])
def machines(request, database, tmp_path_factory):
    """Both running; with Redis, and with PostgreSQL alone."""
    shared = {"DATABASE_URL": database, "SECRET_KEY": SECRET}
    if request.param == "redis":
        if not os.environ.get("TEST_CACHE_URL"):
            pytest.skip("TEST_CACHE_URL names no Redis server")
        shared["CACHE_URL"] = os.environ["TEST_CACHE_URL"]
    sites = [Site(tmp_path_factory.mktemp(name), **shared) for name in ("left", "right")]
    for site in sites:
        site.manage("migrate", "--verbosity", "0")
        site.manage("collectstatic", "--no-input", "--verbosity", "0")
    sites[0].shell(
        "from blog.models import Post, SiteProfile; from tests.factories import make_post\n"
        "SiteProfile(comment_policy='open').save(); Post.objects.exists() or make_post('First', slug='first')"
    )
    servers = [site.start() for site in sites]
    yield sites, servers
    for server in servers:
        stop(server)


@pytest.mark.parametrize("machines", ["none"], indirect=True)
def test_what_is_written_on_one_is_read_on_the_other(machines):
    sites, _servers = machines
    hunt = Hunt(sites, first=next(FIRST)).run(80)
    assert hunt.errors == []
    assert hunt.stale == []
    assert hunt.reads["200"] > 50


def log_in(site, password):
    """The answer to the login form, and the cookies that came with it."""
    form = site.get("/login/")
    token = BeautifulSoup(form.read(), "html.parser").select_one("[name=csrfmiddlewaretoken]")["value"]
    cookie = form.headers["Set-Cookie"].partition(";")[0]
    fields = {"username": "editor", "password": password, "csrfmiddlewaretoken": token}
    return site.post("/login/", urlencode(fields).encode(), Cookie=cookie, Referer=site.url)


def test_who_logged_in_on_one_is_known_on_the_other(machines):
    (left, right), _servers = machines
    left.shell(
        "from tests.factories import make_editor; from django.contrib.auth.models import User\n"
        "User.objects.filter(username='editor').exists() or make_editor()"
    )
    answer = log_in(left, "open sesame 7")
    assert answer.status == 302
    cookies = "; ".join(value.partition(";")[0] for value in answer.headers.get_all("Set-Cookie"))
    assert right.get("/admin/", Cookie=cookies).status == 200


def test_guesses_are_counted_over_both(machines):
    (left, right), _servers = machines
    tries = [log_in(site, "wrong").status for site in [left, right] * 6]
    assert tries[0] == 200
    assert tries[-1] == 429
    left.manage("axes_reset")


def test_one_goes_on_when_the_other_falls(machines):
    (left, right), servers = machines
    right.get("/posts/first/")
    stop(servers[0])
    left.shell("from blog.models import Post; Post.objects.filter(slug='first').update(title='Still here')")
    assert all("Still here" in right.get("/posts/first/").read().decode() for _time in range(8))
