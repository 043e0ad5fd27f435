"""The Nu HTML checker reads every kind of page a stranger may see. VNU_JAR says where vnu.jar is (npm package vnu-jar)."""

import json
import os
import shutil
import subprocess

import pytest

from blog.models import SiteProfile
from tests.factories import make_comment, make_page, make_post, make_user
from tests.journeys.seldom import seldom_seen
from tests.journeys.test_reading import BODY

JAR = os.environ.get("VNU_JAR")

pytestmark = [
    pytest.mark.django_db,
    pytest.mark.skipif(not (JAR and shutil.which("java")), reason="VNU_JAR or java is missing"),
]

PAGES = [
    "/",
    "/page/2/",
    "/posts/on-margins/",
    "/posts/on-margins/?sort=newest",
    "/posts/empty/",
    "/posts/rtl/",
    "/posts/",
    "/about/",
    "/tags/",
    "/tags/type/",
    "/categories/",
    "/categories/essays/",
    "/series/",
    "/series/books/",
    "/authors/ada/",
    "/archive/",
    "/archive/2026/",
    "/archive/2026/3/",
    "/search/",
    "/search/?q=margins",
    "/search/?q=margins&year=2026",
    "/search/?q=nowhere",
    "/subscribe/",
    "/posts/on-margins/comment/",
    "/posts/closed/comment/",
    "/comments/{comment}/",
    "/comments/{comment}/reply/",
    "/comments/{comment}/reply/?quote=quotation",
    "/not/here/",
    "/login/",
]


@pytest.fixture
def comment(time_machine):
    time_machine.move_to("2026-03-14T10:12:13.141592Z", tick=False)
    SiteProfile(title="Margins & <notes>", tagline="On & on", posts_per_page=2, description="“Quotes”").save()
    ada = make_user("ada", first_name="Ada", last_name="<Moreau>")
    make_post("Empty", slug="empty", body="")
    make_post("نص", slug="rtl", body="هذا نص", language="ar")
    make_post("Closed", slug="closed", discussion="closed")
    make_page("About", path="/about/")
    post = make_post(
        'On <margins> & "more"',
        slug="on-margins",
        body=BODY,
        tags=["type", "a & <b>"],
        categories=["Essays"],
        series="Books",
        authors=[ada],
        show_toc=True,
        summary="A <lede> & so on",
    )
    top = make_comment(post, author_name="<b>Tomás", body="> A quotation.\n\nI keep it.\n\n    code\n")
    return make_comment(parent=top, author_name="Ada", user=ada, body="So do `I`.")


def test_checker_has_nothing_to_say(client, comment, tmp_path, settings, monkeypatch):
    names = {}
    for number, path in enumerate(PAGES):
        path = path.format(comment=comment.pk)
        (tmp_path / f"{number}.html").write_bytes(client.get(path).content)
        names[f"{number}.html"] = path
    for number, (name, page) in enumerate(seldom_seen(settings, monkeypatch).items(), len(PAGES)):
        (tmp_path / f"{number}.html").write_bytes(page)
        names[f"{number}.html"] = name
    command = ["java", "-Xss4m", "-jar", JAR, "--format", "json", *map(str, tmp_path.glob("*.html"))]
    said = subprocess.run(command, capture_output=True, text=True).stderr
    found = {
        f"{names.get(name := message['url'].rpartition('/')[2], name)}: {message['message']} {message['extract']}"
        for message in json.loads(said)["messages"]
    }
    assert not found, "\n".join(sorted(found))
