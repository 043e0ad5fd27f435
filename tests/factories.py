"""Things to test with. Every function works without arguments."""

from datetime import timedelta
from itertools import count

from django.contrib.auth import get_user_model
from django.utils import timezone

from blog.models import Category, Page, Post, Series
from comments.models import Comment

numbers = count(1)


def make_user(username=None, **fields):
    username = username or f"person{next(numbers)}"
    return get_user_model().objects.create_user(username, password="open sesame 7", **fields)


def make_editor(username="editor", **fields):
    return make_user(username, is_staff=True, is_superuser=True, **fields)


def make_post(title=None, *, tags=(), categories=(), authors=(), series=None, **fields):
    """A published post, a day old; draft=True or other dates make another kind."""
    title = title or f"Post {next(numbers)}"
    fields.setdefault("draft", False)
    fields.setdefault("published_at", timezone.now() - timedelta(days=1))
    fields.setdefault("body", f"The text of {title}.")
    post = Post(title=title, **fields)
    if series:
        post.series, _created = Series.objects.get_or_create(name=series)
    post.save()
    post.tags.set(tags)
    post.categories.set([Category.objects.get_or_create(name=name)[0] for name in categories])
    post.authors.set(authors)
    return post


def make_page(title=None, **fields):
    title = title or f"Page {next(numbers)}"
    fields.setdefault("draft", False)
    fields.setdefault("body", f"The text of {title}.")
    page = Page(title=title, **fields)
    page.save()
    return page


def make_comment(target=None, *, parent=None, body="A thought.", **fields):
    """An approved comment on the target, or below the parent."""
    target = target or (parent.target if parent else make_post())
    fields.setdefault("author_name", "Visitor")
    fields.setdefault("status", Comment.Status.APPROVED)
    comment = Comment(target=target, body=body, **fields)
    if parent:
        comment.place_below(parent)
    comment.save()
    return comment
