"""The checks on entries of a site, and a form that holds back once before it publishes."""

import pytest
from django.core.files.base import ContentFile

from blog.models import Alias, File, Post
from blog.remarks import remarks_on
from tests.factories import make_page, make_post

pytestmark = pytest.mark.django_db

ADD = "/admin/blog/post/add/"
PREVIEW = "/admin/blog/post/preview/"


@pytest.fixture
def remarks(rf, editor, site_request):
    def on(body, **fields):
        post = make_post(body=body, draft=True, description="Said.", **fields)
        return [remark.sentence for remark in remarks_on(post, site_request)]

    return on


@pytest.fixture
def site_request(rf, editor):
    from blog.models import SiteProfile

    request = rf.get("/admin/")
    request.user, request.site = editor, SiteProfile.load()
    return request


def test_links_that_readers_can_follow_are_not_remarked(remarks):
    other = make_post("Other", body="## A place\n\n[back](/posts/other/)", tags=["C++"])
    make_page("About", path="/about/")
    alias = Alias.objects.create(path="/old/", post=other)
    File.objects.create(path="/posts/other/plan.pdf", file=ContentFile(b"x", "plan.pdf"))
    tag = other.tags.get().get_absolute_url()
    addresses = [
        other.path,
        f"{other.path}#a-place",
        other.path.rstrip("/"),
        "/about/",
        alias.path,
        tag,
        f"{tag}feed/",
        "/",
        "/archive/",
        "/posts/other/plan.pdf",
        "#mine",
        "/static/icon.svg",
        "https://example.com/nowhere/",
    ]
    text = "## Mine\n\nNote.[^1]\n\n[^1]: Noted.\n\n" + "\n".join(f"[x]({address})" for address in addresses)
    assert remarks(text) == []


def test_links_that_lead_nowhere_are_remarked(remarks):
    draft = make_post("Draft", draft=True)
    other = make_post("Other")
    gone = Alias.objects.create(path="/gone/", target="")
    addresses = [
        draft.path,
        f"{other.path}#nope",
        gone.path,
        "/tags/none/",
        "/nothing/",
        "#nope",
        "/media/none.png",
    ]
    found = remarks("\n".join(f"[x]({address})" for address in addresses))
    assert len(found) == len(addresses)
    assert all(address in sentence for address, sentence in zip(addresses, found, strict=True))


def test_unknown_shortcodes_are_remarked(remarks):
    assert remarks("{{< nonesuch >}}") == ["The site does not know the shortcode “nonesuch”."]


def test_looking_costs_few_queries_however_many_links_there_are(site_request, django_assert_max_num_queries):
    targets = [make_post(body="Text.") for _number in range(30)]
    post = make_post(body="\n".join(f"[x]({target.path})" for target in targets), description="Said.")
    with django_assert_max_num_queries(6):
        assert remarks_on(post, site_request) == []


def test_looking_leaves_the_entry_as_it_is(site_request):
    post = make_post(body="![](a.png)")
    before = post.body_html, post.content_html
    remarks_on(post, site_request)
    assert (post.body_html, post.content_html) == before
    assert "data-line" not in post.content_html


def test_the_preview_tells_them(editor_client):
    found = editor_client.post(PREVIEW, {"content": "One.\n\n![](a.png)", "description": "x"}).json()[
        "remarks"
    ]
    assert [(remark["line"], remark["field"]) for remark in found] == [(2, "")]


def sent(**fields):
    return {"title": "New", "body": "![](/static/icon.svg)", "listed": "on", "markup": "markdown", **fields}


def test_publishing_is_held_once_and_then_done(editor_client):
    response = editor_client.post(ADD, sent(_publish=""))
    page = response.content.decode()
    assert response.status_code == 200 and not Post.objects.exists()
    assert "has no words for readers who cannot see it" in page
    assert "There is no description" in page
    assert "Publish anyway" in page
    assert "Please correct" not in page
    despite = response.context["adminform"].form.despite
    editor_client.post(ADD, sent(_publish="", _despite=despite))
    post = Post.objects.get()
    assert post.is_public
    assert "data-line" not in post.body_html


def test_what_was_not_there_before_is_held_again(editor_client):
    despite = editor_client.post(ADD, sent(_publish="")).context["adminform"].form.despite
    editor_client.post(ADD, sent(_publish="", _despite=despite, body="![](/other.png) [x](/none/)"))
    assert not Post.objects.exists()


def test_nothing_is_held_without_a_remark_nor_for_a_draft(editor_client):
    editor_client.post(ADD, sent(_publish="", body="Text."))  # a description is asked for, and no more
    editor_client.post(ADD, sent(_save_draft="", title="Other"))
    assert Post.objects.count() == 2


def test_a_draft_that_is_held_keeps_what_is_stored(editor_client):
    post = make_post(body="As it was.", draft=True)
    address = f"/admin/blog/post/{post.pk}/change/"
    editor_client.post(address, sent(_publish="", title=post.title, slug=post.slug, path=post.path))
    post.refresh_from_db()
    assert (post.draft, post.body) == (True, "As it was.")
