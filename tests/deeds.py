"""What the writers of tests/freshness.py do to a site: each deed a way in which a page can change.

Each says which of the numbers is now true: its kind and post.
"""

import time
from datetime import timedelta

from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY, get_user_model
from django.contrib.sessions.backends.db import SessionStore
from django.db import connection, transaction
from django.utils import timezone

from blog.models import Post, SiteProfile, Tag
from comments.models import Comment
from tests.factories import make_comment, make_editor, make_post
from tests.freshness import NEVER, POSTS

SOON = 0.3  # seconds


def prepare():
    """The posts of which the deeds speak, where they are missing; and the key of an editor's session."""
    for post in range(POSTS):
        if not Post.objects.filter(slug=f"p{post}").exists():
            make_post(f"title-{post}-v0", slug=f"p{post}", tags=[f"tag-{post}-v0"])
    user = get_user_model().objects.filter(username="hunter").first() or make_editor("hunter")
    session = SessionStore()
    session.update(
        {
            SESSION_KEY: str(user.pk),
            BACKEND_SESSION_KEY: "django.contrib.auth.backends.ModelBackend",
            HASH_SESSION_KEY: user.get_session_auth_hash(),
        }
    )
    session.create()
    return session.session_key


def _rows(post):
    return Post.objects.filter(slug=f"p{post}")


def save(post, number):
    row = _rows(post).get()
    row.title = f"title-{post}-v{number}"
    row.save()
    return "title", post


def update(post, number):
    _rows(post).update(summary=f"lede-{post}-v{number}")
    return "lede", post


def raw(post, number):
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE blog_post SET title = %s WHERE slug = %s", [f"title-{post}-v{number}", f"p{post}"]
        )
    return "title", post


def bulk(post, number):
    row = _rows(post).get()
    row.title = f"title-{post}-v{number}"
    Post.objects.bulk_update([row], ["title"])
    return "title", post


def tag(post, number):
    with transaction.atomic():  # which takes the old away before it brings the new
        _rows(post).get().tags.set([f"tag-{post}-v{number}"])
    return "tag", post


def rename(post, number):
    tagged = Tag.objects.filter(taggings__content_object__slug=f"p{post}")
    Tag.objects.filter(pk__in=list(tagged.values_list("pk", flat=True))).update(name=f"tag-{post}-v{number}")
    return "tag", post


def comment(post, number):
    row = _rows(post).get()
    with transaction.atomic():
        make_comment(row, body=f"So comment-{post}-v{number} it is.")
        older = Comment.objects.for_target(row).order_by("-pk")[1:]
        Comment.objects.filter(pk__in=list(older.values_list("pk", flat=True))).delete()
    return "comment", post


def approve(post, number):
    row = _rows(post).get()
    held = make_comment(row, body=f"So comment-{post}-v{number} it is.", status=Comment.Status.PENDING)
    Comment.objects.filter(pk=held.pk).approve()
    Comment.objects.for_target(row).exclude(pk=held.pk).delete()
    return "comment", post


def take_away(post, number):
    row = _rows(post).get()
    make_comment(row, body=f"Soon gone-{post}-v{number}")
    Comment.objects.for_target(row).filter(body__startswith="Soon gone").remove()
    return "gone", post


def roll_back(post, number):
    class No(Exception):
        pass

    try:
        with transaction.atomic():
            _rows(post).update(title=f"title-{post}-v{NEVER + number}")
            time.sleep(0.005)
            raise No
    except No:
        return None


def settings(post, number):
    SiteProfile.objects.update(tagline=f"tagline-0-v{number}")
    return "tagline", 0


def soon(post, number):
    """A post that appears by the clock alone; true from that moment on.

    The one before stays: a page that is just being made may look at the clock before that moment, and at the rows after.
    """
    at = timezone.now() + timedelta(seconds=SOON)
    make_post(f"soon-0-v{number}", slug=f"soon{number}", published_at=at)
    time.sleep(max(0, (at - timezone.now()).total_seconds()) + 0.001)
    older = Post.objects.filter(title__startswith="soon").order_by("-pk").values_list("pk", flat=True)[2:]
    Post.objects.filter(pk__in=list(older)).delete()
    return "soon", 0
