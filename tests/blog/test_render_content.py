import io

import pytest
from django.core.management import call_command

from blog import rendering
from blog.models import Post
from tests.factories import make_page, make_post

pytestmark = pytest.mark.django_db


def run(*arguments):
    out = io.StringIO()
    call_command("render_content", *arguments, stdout=out)
    return out.getvalue()


def test_what_an_older_renderer_made_is_rendered_again():
    old, new = make_post(body="*old*"), make_page(body="*new*")
    Post.objects.filter(pk=old.pk).update(rendered_by=0, body_html="stale")
    type(new).objects.update(body_html="kept")
    assert run() == "1 entry rendered.\n"
    old.refresh_from_db()
    new.refresh_from_db()
    assert (old.body_html.strip(), old.rendered_by) == ("<p><em>old</em></p>", rendering.VERSION)
    assert new.body_html == "kept"


def test_all_renders_everything():
    make_post(), make_page()
    assert run("--all") == "2 entries rendered.\n"


def test_the_time_of_modification_stays_true():
    post = make_post()
    Post.objects.update(rendered_by=0, body_html="stale")
    before = Post.objects.values("modified_at", "published_at", "title", "path").get(pk=post.pk)
    run()
    assert Post.objects.values("modified_at", "published_at", "title", "path").get(pk=post.pk) == before


def test_a_text_that_cannot_be_rendered_does_not_stop_the_others(monkeypatch):
    bad, good = make_post(body="bad", path="/bad/"), make_post(body="good")
    Post.objects.update(rendered_by=0, body_html="stale")
    real = rendering.render

    def fail(source, **options):
        if source == "bad":
            raise RecursionError("too deep")
        return real(source, **options)

    monkeypatch.setattr(rendering, "render", fail)
    with pytest.raises(SystemExit):
        run()
    good.refresh_from_db()
    bad.refresh_from_db()
    assert (good.body_html.strip(), bad.body_html) == ("<p>good</p>", "stale")
