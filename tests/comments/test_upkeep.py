import io

import pytest
from django.core.management import call_command

from comments import rendering
from comments.models import Comment, Quote
from config.doctor import stored_html
from tests.factories import make_comment, make_post

pytestmark = pytest.mark.django_db


def run(*arguments):
    out = io.StringIO()
    call_command("render_content", *arguments, stdout=out)
    return out.getvalue()


def test_what_an_older_renderer_made_of_a_comment_is_rendered_again_as_doctor_says():
    old, new = make_comment(body="*old*"), make_comment(body="*new*")
    Comment.objects.filter(pk=old.pk).update(rendered_by=1, body_html="<p><a rel='x'>stale</a></p>")
    Comment.objects.filter(pk=new.pk).update(body_html="kept")
    before = Comment.objects.values("modified_at", "edited_at", "status", "body").get(pk=old.pk)
    assert any("render_content" in finding.remedy for finding in stored_html())
    assert "1 comment rendered.\n" in run()
    assert Comment.objects.values("modified_at", "edited_at", "status", "body").get(pk=old.pk) == before
    old.refresh_from_db()
    new.refresh_from_db()
    assert (old.body_html, old.rendered_by) == ("<p><em>old</em></p>", rendering.VERSION)
    assert new.body_html == "kept"
    assert not any("older version" in finding.sentence for finding in stored_html())
    assert "2 comments rendered.\n" in run("--all")


def test_what_quotes_repeat_is_kept_and_found_anew_where_their_number_has_changed():
    post = make_post(body="You cannot keep the key of this garden.")
    comment = make_comment(post, body="> You cannot keep the key of this garden.\n\nNo.")
    kept = comment.quotes.get()
    Comment.objects.update(rendered_by=0)
    run()
    assert comment.quotes.get() == kept
    Quote.objects.all().delete()
    Comment.objects.update(rendered_by=0, body_html="<p>stale</p>")
    run()
    assert comment.quotes.get().exact == kept.exact
