from datetime import timedelta

import pytest
from django.db.models import Q
from django.utils import timezone

from blog.models import Post
from config.prepared import prepared
from tests.factories import make_post

pytestmark = pytest.mark.django_db


@prepared
def ask(path, now, ids, draft):
    posts = Post.objects.filter(Q(path=path) | Q(pk__in=ids), draft=draft)
    return posts.filter(public_at__lte=now).order_by("pk")


def test_each_call_is_answered_by_its_own_values():
    now = timezone.now()
    first, second = make_post(published_at=now), make_post(published_at=now)
    later = make_post(published_at=now + timedelta(hours=1))
    assert list(ask(first.path, now, (), False)) == [first]
    assert list(ask(second.path, now, (), False)) == [second]
    assert list(ask(later.path, now, (), False)) == []
    assert list(ask(later.path, now + timedelta(hours=2), (), False)) == [later]


def test_what_is_no_value_makes_a_query_of_its_own():
    now = timezone.now()
    public, draft = make_post(published_at=now), make_post(published_at=now, draft=True)
    assert list(ask(public.path, now, (draft.pk,), False)) == [public]
    assert list(ask(public.path, now, (draft.pk,), True)) == [draft]
    assert list(ask("/nowhere/", now, (public.pk, draft.pk), False)) == [public]
    assert list(ask("/nowhere/", now, (), False)) == []


def test_the_same_answer_may_be_walked_twice_and_is_asked_for_once(django_assert_num_queries):
    now = timezone.now()
    post = make_post(published_at=now)
    with django_assert_num_queries(1):
        found = ask(post.path, now, (), False)
        assert list(found) == list(found) == [post]


def test_what_was_fetched_is_an_ordinary_object(django_assert_num_queries):
    @prepared
    def with_tags(pk):
        return Post.objects.filter(pk=pk).only("title", "path").prefetch_related("tags")

    for title, tag in (("One", "rain"), ("Two", "wind")):
        post = make_post(title=title, tags=[tag])
        with django_assert_num_queries(3):
            found = list(with_tags(post.pk))[0]
            assert (found.title, [str(tag) for tag in found.tags.all()]) == (title, [tag])
            assert found.slug == post.slug


def test_a_query_that_can_find_nothing_finds_nothing():
    @prepared
    def nothing(pk):
        return Post.objects.filter(pk=pk, pk__in=[])

    assert list(nothing(1)) == list(nothing(2)) == []


def test_values_that_the_database_sees_changed_are_refused():
    @prepared
    def beginning(text):
        return Post.objects.filter(path__startswith=text)

    with pytest.raises(TypeError, match="beginning"):
        beginning("/posts/")
