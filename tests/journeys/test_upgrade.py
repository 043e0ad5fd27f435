"""New code is put in the place of the old while the old still answers; nobody who reads or writes is to see it."""

import re
import shutil
import time
from urllib.parse import urlencode

import pytest

from config import ready, server
from tests.running import BASE, Site, Visitor

PROGRAM = ("blog", "comments", "config", "locale", "static", "templates", "manage.py")
NOT_YET_KNOWN = "{% of_another_version %} this is no Python"
PAGES = (
    *(
        "/",
        "/posts/first/",
        "/posts/first/comment/",
        "/nothing/",
        "/archive/",
        "/tags/",
        "/categories/",
        "/series/",
    ),
    *(
        "/search/?q=text",
        "/subscribe/",
        "/login/",
        "/feed/",
        "/feed/atom/",
        "/feed/json/",
        "/posts/first/comments/feed/",
    ),
    *(
        "/comments/feed/",
        "/sitemap.xml",
        "/robots.txt",
        "/opensearch.xml",
        "/manifest.webmanifest",
        "/feed.css",
    ),
    *("/comments/1/", "/comments/1/reply/", "/comments/1/reply/?quote=1", "/card/post/1.png"),
)
pytestmark = pytest.mark.xdist_group("running")


@pytest.fixture
def site(prepared_site, tmp_path):
    """One that is served from a copy of the program."""
    program = tmp_path / "program"
    program.mkdir()
    for name in PROGRAM:
        copy = shutil.copytree if (BASE / name).is_dir() else shutil.copy2
        copy(BASE / name, program / name)
    site = prepared_site.copy(tmp_path / "site")
    site.shell("from tests.factories import make_comment, make_editor; make_editor(); make_comment()")
    return Site(site.data_dir, program)


def replace_program(folder):
    for path in folder.rglob("*"):
        if path.suffix in (".py", ".html", ".txt", ".xml", ".css", ".js"):
            path.write_text(NOT_YET_KNOWN)
    for path in folder.rglob("__pycache__"):
        shutil.rmtree(path)


def logged_in(site):
    """The cookie of the editor."""
    page = site.get("/login/")
    token = re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', page.read().decode())[1]
    cookie = page.headers["Set-Cookie"].partition(";")[0]
    words = {"csrfmiddlewaretoken": token, "username": "editor", "password": "open sesame 7"}
    answer = site.post("/login/", urlencode(words).encode(), Cookie=cookie, Referer=site.url)
    return "; ".join(each.partition(";")[0] for each in answer.headers.get_all("Set-Cookie"))


def of_the_admin(site, cookie):
    """Every page that the desk and the lists lead to."""
    found, left = set(), ["/admin/"]
    while left:
        path = left.pop()
        answer = site.get(path, Cookie=cookie)
        yield path, answer.status
        if path.count("/") <= 4:  # the desk, the lists, and their forms; no further
            links = re.findall(r'href="(/admin/[a-z/]*(?:\d+/change/)?)"', answer.read().decode())
            left += sorted(set(links) - found)
            found |= {*links, path}


def test_workers_that_answer_need_nothing_of_the_files_they_came_from(site):
    # A single worker: of several, the first would answer while others were still reading.
    with site.serving(command=server.command(site.port, workers=1)):
        time.sleep(ready.SOON + 4)  # in which it reads
        replace_program(site.program)
        visitor = Visitor(site)
        statuses = {"comment": visitor.says("Words that come in the middle of it.").status}
        statuses |= {path: site.get(path).status for path in PAGES}
        cookie = logged_in(site)
        statuses |= dict(of_the_admin(site, cookie))
    assert len(statuses) > 60
    assert {path: status for path, status in statuses.items() if status >= 400} == {"/nothing/": 404}
