import pytest
from django.contrib.admin.utils import NestedObjects
from django.db.models import RestrictedError

from comments import rendering
from comments.models import Comment
from tests.factories import make_comment, make_post, make_user

pytestmark = pytest.mark.django_db


def test_saving_renders_the_text_and_notes_by_what():
    comment = make_comment(body="*Yes*\x00, <b>no</b>")
    assert comment.body == "*Yes*, <b>no</b>"
    assert comment.body_html == "<p><em>Yes</em>, &lt;b&gt;no&lt;/b&gt;</p>"
    assert comment.rendered_by == rendering.VERSION


def test_saving_other_fields_leaves_the_html_alone():
    comment = make_comment()
    Comment.objects.update(body_html="<p>kept</p>")
    comment.author_name = "Somebody"
    comment.save(update_fields=["author_name"])
    comment.refresh_from_db()
    assert (comment.author_name, comment.body_html) == ("Somebody", "<p>kept</p>")


def test_a_reply_belongs_to_the_thread_of_what_it_answers():
    top = make_comment()
    reply = make_comment(parent=top)
    deeper = make_comment(parent=reply)
    other = make_comment(top.target)
    assert (deeper.root, deeper.depth, deeper.target) == (top, 2, top.target)
    assert set(Comment.objects.in_thread_of(deeper)) == {top, reply, deeper}
    assert set(Comment.objects.in_thread_of(top)) == {top, reply, deeper}
    assert list(Comment.objects.in_thread_of(other)) == [other]


def test_a_discussion_goes_with_its_target():
    post = make_post()
    comment = make_comment(post)
    for _ in range(5):
        comment = make_comment(parent=comment)
    elsewhere = make_comment()
    post.delete()
    assert list(Comment.objects.all()) == [elsewhere]


def test_the_admin_finds_nothing_in_the_way_of_deleting_a_discussed_post():
    post = make_post()
    make_comment(parent=make_comment(parent=make_comment(post)))
    collector = NestedObjects(using="default")
    collector.collect([post])
    assert not collector.protected


def test_a_comment_with_replies_cannot_be_deleted_and_one_without_can():
    top = make_comment()
    reply = make_comment(parent=top)
    with pytest.raises(RestrictedError):
        top.delete()
    reply.delete()
    top.delete()
    assert not Comment.objects.exists()


def test_a_deleted_user_leaves_comments_behind():
    user = make_user()
    comment = make_comment(user=user, author_name="Ada")
    user.delete()
    comment.refresh_from_db()
    assert (comment.user, comment.author_name) == (None, "Ada")


def test_deciding_about_comments_changes_those_alone_that_are_otherwise():
    waiting, shown = make_comment(status="pending"), make_comment()
    before = shown.modified_at
    assert Comment.objects.all().approve("seen") == 1
    waiting.refresh_from_db()
    shown.refresh_from_db()
    assert (waiting.status, waiting.status_reason) == ("approved", "seen")
    assert shown.modified_at == before


def test_drawing_a_thread_takes_one_query_and_no_hidden_text(django_assert_num_queries):
    post = make_post()
    removed = make_comment(post, status="removed", body="secret one")
    make_comment(parent=removed)
    make_comment(post, status="spam", body="secret two")
    make_comment(post, status="pending", body="secret three")
    Comment.objects.for_target(post)  # so that the content type is known
    with django_assert_num_queries(1):
        rows = Comment.objects.for_target(post).as_rows()
    assert [row.is_visible for row in rows] == [False, True]
    assert not any("secret" in str(row) for row in rows)


def test_a_comment_quotes_itself_in_the_markup_it_was_written_in():
    assert make_comment(body="so *it* is").as_quote() == "> so *it* is\n\n"
    imported = make_comment(body="&gt; old<p>so <i>it</i> is", markup="html")
    assert imported.as_quote() == "> so it is\n\n"
