"""The preview and the names of tags: what the Markdown field asks the server for."""

import re

import pytest
from django.contrib.auth.models import Permission
from django.test import Client

from blog.models import Post, Tag
from tests.factories import make_page, make_post, make_user

pytestmark = pytest.mark.django_db

PREVIEW = "/admin/blog/post/preview/"
NAMES = "/admin/blog/post/tag-names/"


def preview(client, content, **fields):
    return client.post(PREVIEW, {"content": content, **fields})


def shown(response):
    """The text of the page in the preview, without the lines its blocks come from."""
    html = response.json()["html"].partition('<div class="e-content prose">')[2].rpartition("</div>")[0]
    return re.sub(r' data-line="\d+"', "", html.partition("\n</article>")[0]).removesuffix("</div>").strip()


def test_preview_is_what_the_page_will_show(editor_client):
    text = "# Title\n\nSome *text* and `code`.\n\n| a |\n|--:|\n| 1 |\n"
    html = shown(preview(editor_client, text))
    assert html == make_post(body=text).content_html.replace('href="#', 'href="/#').strip()
    assert "<h2" in html and "<h1" not in html


def test_preview_has_the_head_of_the_page_as_well(editor_client):
    about = {"title": "A & B", "summary": "In short.", "cover": "/media/a.png", "cover_alt": "A wall"}
    html = preview(editor_client, "Text.", **about).json()["html"]
    assert '<h1 dir="auto">A &amp; B</h1>' in html
    assert '<p class="lede">In short.</p>' in html
    assert 'src="/media/a.png" alt="A wall"' in html


def test_preview_says_which_line_a_block_comes_from(editor_client):
    assert '<p data-line="2">two' in preview(editor_client, "one\r\n\r\ntwo").json()["html"]


def test_preview_counts_words(editor_client):
    answer = preview(editor_client, "one two three").json()
    assert (answer["words"], answer["minutes"]) == (3, 1)


def test_preview_knows_the_entry_it_belongs_to(editor_client):
    make_page("About", path="/about/")
    post = make_post("Beside", path="/posts/beside/")
    text = "![x](pic.png) [about](/about/)"
    html = preview(editor_client, text, entry=f"post:{post.pk}").json()["html"]
    assert 'src="/posts/beside/pic.png"' in html
    assert 'href="/about/"' in html


def test_preview_stores_nothing(editor_client):
    post = make_post(body="As it was.")
    preview(editor_client, "Changed.", entry=f"post:{post.pk}")
    post.refresh_from_db()
    assert post.body == "As it was."
    assert Post.objects.count() == 1


def test_preview_of_an_entry_that_is_gone_or_nonsense_still_answers(editor_client):
    for entry in ("post:999", "post:", "post:x", "robot:1", "", "post:" + "9" * 40):
        assert shown(preview(editor_client, "*x*", entry=entry)) == "<p><em>x</em></p>"


def test_preview_of_html_is_html(editor_client):
    assert "*x*" in preview(editor_client, "<p>*x*</p>", markup="html").json()["html"]


def test_preview_without_text_is_empty(editor_client):
    assert shown(editor_client.post(PREVIEW)) == ""


def test_preview_of_an_endless_text_is_refused_with_a_sentence(editor_client):
    response = preview(editor_client, "x" * (2 * 1024 * 1024 + 1))
    assert (response.status_code, response.json()["error"]) == (400, "The text is too long for a preview.")
    assert preview(editor_client, "x" * 9_000_000).status_code == 400


def test_preview_takes_post_only_and_is_never_stored(editor_client):
    assert editor_client.get(PREVIEW).status_code == 405
    response = preview(editor_client, "x")
    assert "no-store" in response["Cache-Control"]
    assert response["X-Content-Type-Options"] == "nosniff"


def test_preview_needs_a_token(editor):
    client = Client(enforce_csrf_checks=True)
    client.force_login(editor)
    assert client.post(PREVIEW, {"content": "x"}).status_code == 403


@pytest.mark.parametrize("address", [PREVIEW, NAMES])
def test_only_writers_are_answered(client, address):
    assert client.post(address).status_code == 403
    client.force_login(make_user(is_staff=True))
    response = client.post(address)
    assert response.status_code == 403
    assert response.json()["error"]
    client.force_login(make_user())
    assert client.get(address).status_code == 403


def test_names_begin_with_what_was_typed_before_they_contain_it(editor_client):
    for name in ("typography", "C++", "prototype", "type", "日本語"):
        Tag.objects.create(name=name)
    assert editor_client.get(NAMES, {"q": "TYP"}).json()["names"] == ["type", "typography", "prototype"]
    assert editor_client.get(NAMES, {"q": "c+"}).json()["names"] == ["C++"]
    assert editor_client.get(NAMES, {"q": "日"}).json()["names"] == ["日本語"]
    assert editor_client.get(NAMES, {"q": " "}).json()["names"] == []


def test_preview_of_another_writer_s_entry_is_made_without_it(client):

    post = make_post("Secret place", path="/secret/place/", draft=True)
    user = make_user(is_staff=True)
    user.user_permissions.add(Permission.objects.get(codename="add_page"))
    client.force_login(user)
    assert "/secret/" not in preview(client, "![x](a.png)", entry=f"post:{post.pk}").json()["html"]
