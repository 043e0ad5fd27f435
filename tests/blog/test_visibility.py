"""What is public is decided by the clock and the draft flag, and the same everywhere."""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
import time_machine
from django.utils import timezone

from blog.models import File, Page, Post, SiteProfile
from tests.factories import make_comment, make_page, make_post

pytestmark = pytest.mark.django_db
HOUR = timedelta(hours=1)


def hidden_posts():
    now = timezone.now()
    return {
        "draft": make_post("Hidden draft", draft=True, tags=["secret"]),
        "scheduled": make_post("Hidden scheduled", published_at=now + HOUR, tags=["secret"]),
        "expired": make_post("Hidden expired", expires_at=now - HOUR, tags=["secret"]),
        "embargoed": make_post("Hidden embargoed", public_at=now + HOUR, tags=["secret"]),
    }


PUBLIC_PATHS = [
    "/",
    "/archive/",
    "/tags/",
    "/tags/shown/",
    "/categories/",
    "/series/",
    "/posts/",
    "/posts/shown/",
    "/feed/",
    "/feed/atom/",
    "/feed/json/",
    "/tags/shown/feed/",
    "/comments/feed/",
    "/search/?q=hidden",
    "/sitemap.xml",
    "/sitemap-posts.xml",
    "/nowhere/",
]


def test_hidden_posts_leak_on_no_public_page(client):
    hidden = hidden_posts()
    make_post("Shown", tags=["shown"])
    for post in hidden.values():
        make_comment(post, body="Hidden comment")
    for path in PUBLIC_PATHS:
        page = client.get(path).content.decode().lower().replace("q=hidden", "").replace('value="hidden"', "")
        for title in (
            "hidden draft",
            "hidden scheduled",
            "hidden expired",
            "hidden embargoed",
            "hidden comment",
        ):
            assert title not in page, path
        assert "secret" not in page, path


def test_hidden_posts_answer_404_to_strangers(client):
    for state, post in hidden_posts().items():
        assert client.get(post.path).status_code == 404, state
        assert client.get(f"{post.path}comment/").status_code == 404, state
        assert client.get(f"{post.path}comments/feed/").status_code == 404, state
    assert client.get("/tags/secret/").status_code == 404
    assert client.get("/tags/secret/feed/").status_code == 404


def test_editor_sees_a_hidden_post_and_no_cache_may_keep_it(editor_client):
    draft = make_post("Hidden", draft=True)
    response = editor_client.get(draft.path)
    assert response.status_code == 200
    assert "no-store" in response["Cache-Control"]
    assert response["X-Robots-Tag"] == "noindex"


def test_scheduled_post_appears_and_expiring_one_goes_by_the_clock_alone(client):
    with time_machine.travel(datetime(2026, 3, 1, 12, tzinfo=ZoneInfo("UTC")), tick=False) as clock:
        now = timezone.now()
        post = make_post("Passing by", published_at=now + HOUR, expires_at=now + 2 * HOUR)
        assert post.state == "scheduled"
        assert client.get(post.path).status_code == 404
        clock.shift(HOUR)
        assert post.state == "published"
        assert client.get(post.path).status_code == 200
        assert "Passing by" in client.get("/").content.decode()
        clock.shift(HOUR)
        assert post.state == "expired"
        assert client.get(post.path).status_code == 404
        assert "Passing by" not in client.get("/").content.decode()


def test_every_post_is_in_exactly_one_state():
    hidden_posts()
    make_post("Shown")
    make_post("Undated", published_at=None)
    states = [
        Post.objects.drafts(),
        Post.objects.scheduled(),
        Post.objects.expired(),
        Post.objects.published(),
    ]
    found = [post.pk for queryset in states for post in queryset]
    assert sorted(found) == sorted(Post.objects.values_list("pk", flat=True))


def test_publishing_without_a_date_means_now():
    post = make_post("Now", published_at=None)
    assert abs(post.published_at - timezone.now()) < timedelta(minutes=1)


def test_public_at_follows_the_published_time_unless_set_apart():
    post = make_post("Event")
    post.published_at += HOUR
    post.save()
    assert post.public_at == post.published_at
    post.public_at = post.published_at - 2 * HOUR
    post.save()
    post.published_at += HOUR
    post.save()
    assert post.public_at == post.published_at - 3 * HOUR


def test_unlisted_post_is_found_by_its_address_only(client):
    post = make_post("Quiet", listed=False)
    assert client.get(post.path).status_code == 200
    for path in ("/", "/archive/", "/feed/", "/posts/"):
        assert "Quiet" not in client.get(path).content.decode()


def test_unpublished_page_leaves_the_menu(client):
    profile = SiteProfile()
    profile.save()
    page = make_page("About us")
    profile.menu_items.create(page=page)
    assert "About us" in client.get("/").content.decode()
    Page.objects.update(draft=True)
    assert "About us" not in client.get("/").content.decode()


def test_pictures_of_a_draft_are_as_private_as_the_draft(editor_client):
    from django.core.files.base import ContentFile
    from django.test import Client

    post = make_post("Illustrated", draft=True)
    for path in (f"{post.path}red.png", "/images/blue.png"):
        File(path=path, file=ContentFile(b"bytes", name="picture.png")).save()
    visitor = Client()
    assert visitor.get(f"{post.path}red.png").status_code == 404
    assert editor_client.get(f"{post.path}red.png").status_code == 200
    assert visitor.get("/images/blue.png").status_code == 200
    Post.objects.update(draft=False)
    response = visitor.get(f"{post.path}red.png")
    assert response.status_code == 200
    assert "sandbox" in response["Content-Security-Policy"]
