"""A draft link: secret, for a while, revocable, and nobody keeps what it shows."""

import io
from datetime import timedelta

import pytest
from bs4 import BeautifulSoup
from django.core.files.base import ContentFile
from django.test import Client
from django.utils import timezone
from PIL import Image

from blog.models import DraftLink, File, MissingPath
from config.pagestore.wrapper import view_at
from tests.blog.test_admin_lists import make_person
from tests.blog.test_revisions import press
from tests.factories import make_page, make_post

pytestmark = pytest.mark.django_db


def links_of(entry):
    return f"/admin/blog/{entry._meta.model_name}/{entry.pk}/links/"


def make_link(client, entry, days="7"):
    assert client.post(links_of(entry), {"days": days}).status_code == 302
    return DraftLink.objects.first()


def stranger(link):
    return Client().get(link.get_absolute_url())


def test_whoever_knows_the_address_reads_the_newest_state(editor_client):
    post = make_post("A draft", draft=True, body="Some *text*.", tags=["a"])
    link = make_link(editor_client, post)
    page = BeautifulSoup(stranger(link).content.decode(), "html5lib")
    assert (page.h1.text, page.select_one(".prose em").text) == ("A draft", "text")
    press(editor_client, post, "_save_draft", body="Newer.")
    assert "Newer." in stranger(link).content.decode()
    assert Client().get(post.path).status_code == 404


def test_nobody_keeps_or_lists_it(editor_client):
    link = make_link(editor_client, make_page("About", draft=True))
    response = stranger(link)
    assert {"no-store", "private"} <= set(response["Cache-Control"].split(", "))
    assert "noindex" in response["X-Robots-Tag"]
    assert '<meta name="robots" content="noindex">' in response.content.decode()
    assert response["Referrer-Policy"] == "no-referrer"
    assert view_at(link.get_absolute_url()) is None


def test_once_public_it_leads_to_the_post(editor_client):
    post = make_post(draft=True, published_at=None)
    link = make_link(editor_client, post)
    post = press(editor_client, post, "_publish")
    response = stranger(link)
    assert (response.status_code, response["Location"]) == (302, post.path)
    assert "no-store" in response["Cache-Control"]


def test_a_scheduled_post_is_shown_until_its_hour(editor_client, time_machine):
    at = timezone.now() + timedelta(hours=2)
    link = make_link(editor_client, make_post(published_at=at))
    assert stranger(link).status_code == 200
    time_machine.move_to(at + timedelta(seconds=1))
    assert stranger(link).status_code == 302


def test_changes_of_a_published_post_can_be_shown_as_well(editor_client):
    post = make_post(body="Old.")
    link = make_link(editor_client, post)
    assert stranger(link).status_code == 302
    press(editor_client, post, "_save_draft", body="New.")
    assert "New." in stranger(link).content.decode()
    press(editor_client, post, "_update")
    assert stranger(link).status_code == 302


def test_it_ends_after_its_days(editor_client, time_machine):
    link = make_link(editor_client, make_post(draft=True), days="1")
    now = timezone.now()
    time_machine.move_to(now + timedelta(hours=23))
    assert stranger(link).status_code == 200
    time_machine.move_to(now + timedelta(hours=25))
    assert stranger(link).status_code == 410


def test_it_can_be_taken_back(editor_client):
    post = make_post(draft=True)
    link = make_link(editor_client, post)
    assert link.token in editor_client.get(links_of(post)).content.decode()
    editor_client.post(links_of(post), {"revoke": link.pk})
    assert stranger(link).status_code == 410
    assert link.token not in editor_client.get(links_of(post)).content.decode()


def test_a_wrong_address_tells_nothing_and_is_counted_nowhere(editor_client):
    make_link(editor_client, make_post("Secret", draft=True))
    response = Client().get("/draft/guess/")
    assert response.status_code == 410 and "Secret" not in response.content.decode()
    assert "no-store" in response["Cache-Control"]
    assert not MissingPath.objects.exists()


def test_tokens_cannot_be_guessed(editor_client):
    post = make_post(draft=True)
    tokens = {make_link(editor_client, post).token for _number in range(5)}
    assert len(tokens) == 5 and min(map(len, tokens)) >= 32


def test_links_are_made_by_whoever_may_change_the_entry(client):
    post = make_post(draft=True)
    assert client.get(links_of(post)).status_code == 302
    author = make_person(client, "author")
    assert client.post(links_of(post), {"days": "7"}).status_code == 403
    make_link(client, make_post(draft=True, authors=[author]))
    other = DraftLink.objects.create(post=post, expires_at=timezone.now() + timedelta(days=1))
    client.post(links_of(make_post(draft=True, authors=[author])), {"revoke": other.pk})
    assert stranger(other).status_code == 200


# What lies beside the entry


def put_file(path):
    written = io.BytesIO()
    Image.new("RGB", (600, 300), "red").save(written, "PNG")
    return File.objects.create(path=path, file=ContentFile(written.getvalue(), "picture.png"))


def pictures_in(page):
    return [image["src"] for image in BeautifulSoup(page.text, "html5lib").select("article img")]


def test_pictures_beside_a_draft_are_shown_by_its_link_and_by_no_other_way(editor_client):
    body = "![](red.png) ![](/posts/a/blue%20one.png?x) ![](/images/public.png) /posts/a/red.png"
    post = make_post(slug="a", draft=True, body=body, cover="cover.png")
    for name in ("red.png", "blue one.png", "cover.png"):
        put_file(post.path + name)
    put_file("/images/public.png")
    link = make_link(editor_client, post)
    there = link.get_absolute_url()
    found = pictures_in(stranger(link))
    names = ["cover.png", "red.png", "blue%20one.png?x"]
    assert found == [*(there + name for name in names), "/images/public.png"]
    for address in found:
        answer = Client().get(address)
        assert (answer.status_code, answer["Content-Type"]) == (200, "image/png")
        assert "sandbox" in answer["Content-Security-Policy"]
    assert "no-store" in Client().get(found[0])["Cache-Control"]
    assert "/posts/a/red.png" in BeautifulSoup(stranger(link).text, "html5lib").select_one(".prose").text
    assert Client().get(f"{post.path}red.png").status_code == 404


def test_a_link_that_is_over_or_belongs_to_another_entry_shows_no_files(editor_client):
    post, other = make_post(slug="a", draft=True), make_post(slug="b", draft=True)
    inner = make_page(path=f"{post.path}inner/", draft=True)
    for path in (post.path, other.path, inner.path):
        put_file(f"{path}red.png")
    link = make_link(editor_client, post)
    there = link.get_absolute_url()
    assert Client().get(f"{there}red.png").status_code == 200
    for path in ("inner/red.png", "../b/red.png", "b/red.png", "missing.png", "red.png/"):
        answer = Client().get(there + path)
        assert (answer.status_code, "no-store" in answer["Cache-Control"]) == (410, True), path
    DraftLink.objects.update(expires_at=timezone.now())
    assert Client().get(f"{there}red.png").status_code == 410
    assert not MissingPath.objects.exists()


def test_once_public_a_picture_is_shown_where_it_always_is(editor_client):
    post = make_post(slug="a", body="![](red.png)")
    put_file(f"{post.path}red.png")
    press(editor_client, post, "_save_draft", body="![](red.png) again")
    assert pictures_in(stranger(make_link(editor_client, post))) == [f"{post.path}red.png"]
