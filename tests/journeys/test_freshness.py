"""A site in several processes, changed and read at once: nobody is shown what is no longer true."""

import os
import signal

import pytest

from tests.freshness import Hunt
from tests.running import Site, workers

WRITES = int(os.environ.get("FRESHNESS_WRITES", "160"))
pytestmark = pytest.mark.xdist_group("running")


@pytest.fixture(scope="module")
def site(tmp_path_factory):
    site = Site(tmp_path_factory.mktemp("fresh"))
    site.prepare()
    return site


def test_not_one_stale_page_on_several_processes(site):
    with site.serving():
        hunt = Hunt([site]).run(WRITES)
    assert hunt.errors == []
    assert hunt.stale == []
    assert hunt.reads["200"] > 100


def test_pages_stored_before_a_worker_was_killed_are_true_after_it(site):
    with site.serving() as server:
        before = Hunt([site], first=10_000).run(20)
        for pid in workers(server)[:1]:
            os.kill(pid, signal.SIGKILL)
        site.wait_until_it_answers()
        site.shell(
            "from blog.models import Post; Post.objects.filter(slug='p0').update(title='After the fall')"
        )
        pages = [site.get("/posts/p0/").read().decode() for _time in range(12)]
    assert before.stale == []
    assert all("After the fall" in page for page in pages)
