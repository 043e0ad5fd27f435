"""How an entry looks in search results and as a shared link."""

from datetime import UTC, datetime

import pytest

from blog import elsewhere
from blog.models import Page, Post, SiteProfile
from tests.factories import make_post

pytestmark = pytest.mark.django_db


@pytest.fixture
def site():
    return SiteProfile.load()


def test_a_text_that_is_not_saved_says_where_it_will_be(site):
    site.post_pattern = "/:year/:month/:slug/"
    site.save()
    post = Post(title="A Day", path="/", published_at=datetime(2022, 6, 1, tzinfo=UTC))
    assert elsewhere.of(post, site).steps == ["2022", "06", "a-day"]
    assert elsewhere.of(Page(title="About us", path="/"), site).steps == ["about-us"]
    assert elsewhere.of(Page(title="About us", path="/team/about/"), site).steps == ["team", "about"]


def test_a_new_slug_moves_what_is_stored(site):
    post = Post.objects.get(pk=make_post("Old").pk)
    post.slug = "new"
    assert elsewhere.of(post, site).steps == ["posts", "new"]
    assert post.path == "/posts/old/"


def test_what_is_too_long_is_cut_and_said(site):
    shown = elsewhere.of(make_post("Word " * 20, description="Word " * 50), site)
    assert len(shown.title) <= elsewhere.TITLE_FITS and shown.title.endswith(" …")
    assert len(shown.description) <= elsewhere.DESCRIPTION_FITS
    assert [sentence.partition(". ")[2] for sentence in shown.lengths] == [
        "Search engines cut it after about 60.",
        "Search engines cut it after about 155.",
    ]


@pytest.mark.parametrize(
    ("own", "teaser", "said"),
    [
        ("", "", "There is no description yet."),
        ("", "Text.", "Description: none of its own, so the text’s beginning is shown."),
        ("x", "x", "Description: 1 character. There is room for about 155."),
        ("x" * 100, "x", "Description: 100 characters. It is shown whole."),
    ],
)
def test_the_length_of_the_description_is_said_in_words(own, teaser, said):
    assert elsewhere.description_length(own, teaser) == said


def test_the_cover_is_the_picture_and_a_card_is_drawn_without_one(site):
    assert elsewhere.of(make_post(cover="wall.png", path="/posts/x/"), site).picture == "/posts/x/wall.png"
    assert elsewhere.of(make_post(), site).picture == ""


def test_the_form_shows_it_without_scripts(editor_client):
    post = make_post("As found", description="Said.")
    page = editor_client.get(f"/admin/blog/post/{post.pk}/change/").content.decode()
    assert '<p class="found-title">As found – Commonplace</p>' in page
