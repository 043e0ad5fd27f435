"""A discussion goes with its text, however long it is, and nothing else goes with it."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from blog.models import Post
from comments import clearing, decisions
from comments.models import Act, Comment, Letter, Quote, Subscription
from tests.factories import make_comment, make_page, make_post, make_user

pytestmark = pytest.mark.django_db


def make_discussion(post, replies=3):
    root = make_comment(post, body="You can visit, you cannot keep the key.")
    comments = [root]
    for _number in range(replies):
        comments.append(make_comment(parent=comments[-1], body="> you cannot keep the key\n\nNo."))
    decisions.hold(Comment.objects.filter(pk=root.pk), by=make_user())
    asked = Subscription.objects.create(comment=root, email="a@example.org")
    Letter.objects.create(
        kind="reply", event=f"x{root.pk}", recipient="a@example.org", comment=root, subscription=asked
    )
    return comments


def everything():
    return {model: model.objects.count() for model in (Comment, Quote, Act, Letter, Subscription)}


@pytest.mark.parametrize("is_one", [True, False])
def test_with_a_text_goes_its_discussion_and_no_other(is_one):
    make_discussion(make_page("Kept", discussion="open"))
    kept = everything()
    post = make_post(discussion="open")
    make_discussion(post)
    assert everything() != kept
    if is_one:
        post.delete()
    else:
        Post.objects.all().delete()
    assert everything() == kept


def test_whatever_hangs_on_a_comment_is_known():
    hanging = {
        (relation.related_model, relation.field.name)
        for relation in Comment._meta.related_objects
        if relation.related_model is not Comment
    }
    assert hanging == set(clearing.HANGS_ON_COMMENTS)


def test_a_longer_discussion_costs_no_more_queries(django_assert_max_num_queries):
    for replies in (2, 60):
        post = make_post(f"Post {replies}", discussion="open")
        make_discussion(post, replies)
        with django_assert_max_num_queries(25):
            post.delete()


def test_a_long_discussion_is_counted_before_it_is_deleted(admin_client):
    post = make_post("On keeping", discussion="open")
    make_discussion(post)
    url = reverse("admin:blog_post_delete", args=[post.pk])
    page = admin_client.get(url).content.decode()
    assert "Comments: 4" in page
    assert "cannot keep" not in page
    admin_client.post(url, {"post": "yes"})
    assert not Post.objects.exists()
    assert not Comment.objects.exists()


def test_a_comment_that_was_answered_is_not_deleted_and_it_is_said_what_to_do(admin_client):
    comments = make_discussion(make_post(discussion="open"))
    url = reverse("admin:comments_comment_delete", args=[comments[0].pk])
    page = admin_client.get(url).content.decode()
    assert "Remove it instead" in page
    admin_client.post(url, {"post": "yes"})
    assert Comment.objects.count() == 4
    admin_client.post(reverse("admin:comments_comment_delete", args=[comments[-1].pk]), {"post": "yes"})
    assert Comment.objects.count() == 3


def test_many_are_deleted_in_as_many_queries_as_few(admin_client):
    post = make_post()
    costs = []
    for number in (3, 40):
        deed = {
            "action": "delete_selected",
            "_selected_action": [make_comment(post).pk for _ in range(number)],
        }
        for step in ({}, {"post": "yes"}):
            with CaptureQueriesContext(connection) as queries:
                admin_client.post("/admin/comments/comment/?status__exact=approved", deed | step)
            costs.append(len(queries))
    assert costs[2:] == costs[:2]
    assert not Comment.objects.exists()
