"""What is saved while somebody writes: never into what readers see, offered again, and gone once the form was sent."""

from datetime import timedelta
from uuid import uuid4

import pytest
from bs4 import BeautifulSoup
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from blog.models import Category, Post, Revision
from tests.blog.test_admin import ADD, change, form_of, send
from tests.blog.test_admin_lists import make_person
from tests.blog.test_revisions import press
from tests.factories import make_editor, make_page, make_post

pytestmark = pytest.mark.django_db
AUTOSAVE = "/admin/blog/post/autosave/"


def type_in(client, entry=None, *, form=None, status=200, **fields):
    """What the script sends; the form that it was typed in."""
    form = form or form_of(client, change(entry) if entry else ADD)
    data = {**form, **fields, "entry": entry.pk if entry else ""}
    kind = entry._meta.model_name if entry else "post"
    response = client.post(f"/admin/blog/{kind}/autosave/", data)
    assert response.status_code == status, response.content
    return {**form, **fields}, response.json()


def offers(client, entry=None):
    page = BeautifulSoup(client.get(change(entry) if entry else ADD).content.decode(), "html5lib")
    return page.select("section.offer[data-writing]")


def resumed(client, entry=None):
    """The form with the first text that is offered."""
    link = offers(client, entry)[0].a["href"]
    return form_of(client, (change(entry) if entry else ADD) + link)


def test_what_is_typed_is_kept_beside_the_entry_and_offered_again(editor_client):
    post = make_post(body="Old.", tags=["old"])
    before = Post.objects.filter(pk=post.pk).values().get()
    _form, answer = type_in(editor_client, post, body="New words.", tags="new")
    assert answer["at"] and not answer["newer"]
    assert Post.objects.filter(pk=post.pk).values().get() == before
    form = resumed(editor_client, post)
    assert (form["body"].strip(), form["tags"]) == ("New words.", "new")
    assert editor_client.post(change(post), {**form, "_update": ""}).status_code == 302
    post.refresh_from_db()
    assert (post.body, list(post.tags.names())) == ("New words.", ["new"])
    assert not offers(editor_client, post)
    assert not Revision.objects.filter(kind="autosave").exists()


def test_a_new_post_is_kept_before_it_is_one(editor, editor_client):
    category = Category.objects.create(name="Essays")
    type_in(editor_client, title="Begun", body="Words.", tags="a, b", categories=[category.pk], listed=[])
    assert not Post.objects.exists()
    (offer,) = offers(editor_client)
    assert "Begun" in offer.text and "Words." in offer.text
    form = resumed(editor_client)
    assert (form["title"], form["tags"], form["categories"], form["listed"]) == (
        "Begun",
        "a, b",
        [str(category.pk)],
        [],
    )
    editor_client.post(ADD, {**form, "_publish": ""})
    post = Post.objects.get()
    assert (post.title, post.listed, list(post.authors.all())) == ("Begun", False, [editor])
    assert not offers(editor_client)


def test_what_is_not_valid_is_kept_word_for_word(editor_client):
    words = "Words.\r\nMore. "
    type_in(
        editor_client, title="x" * 600, published_at="2026-02-31T10:00", body=words, slug="a\0b", cover="\0"
    )
    form = resumed(editor_client)
    assert (form["title"], form["body"]) == ("x" * 600, "Words.\r\nMore. ")


def test_each_form_has_one_row_that_is_renewed(editor_client, time_machine):
    post = make_post(body="One.")
    form, _answer = type_in(editor_client, post, body="One two.")
    type_in(editor_client, post, form=form, body="One two three.")
    type_in(editor_client, post, body="Of another tab.")
    kept = Revision.objects.filter(kind="autosave")
    assert sorted(row.state["body"] for row in kept) == ["Of another tab.", "One two three."]
    time_machine.move_to(timezone.now() + timedelta(minutes=11))
    type_in(editor_client, post, form=form, body="One two three four.")
    assert kept.all().count() == 3
    assert len(offers(editor_client, post)) == 2


def test_a_text_that_is_suddenly_gone_is_not_written_over(editor_client):
    post = make_post(body="One.")
    form, _answer = type_in(editor_client, post, body="A long text that took all day.")
    type_in(editor_client, post, form=form, body="")
    assert Revision.objects.filter(kind="autosave", state__body="A long text that took all day.").exists()


def test_what_was_taken_back_is_not_offered(editor_client):
    post = make_post(body="One.")
    form, _answer = type_in(editor_client, post, body="Two.")
    type_in(editor_client, post, form=form, body="One.")
    assert not offers(editor_client, post)


def test_what_arrives_after_the_form_was_sent_is_not_kept(editor_client):
    post = make_post(body="One.")
    form, _answer = type_in(editor_client, post, body="Two.")
    editor_client.post(change(post), {**form, "_update": ""})
    type_in(editor_client, post, form=form, body="Two.")
    assert not offers(editor_client, post)
    assert editor_client.get(AUTOSAVE, {"writing": form["writing"]}).json()["sent"]["body"] == "Two."
    assert editor_client.get(AUTOSAVE, {"writing": uuid4().hex}).json()["sent"] is None


def test_whoever_goes_back_to_a_form_that_was_sent_and_writes_on_is_saved_too(editor_client):
    post = make_post(body="One.")
    form, _answer = type_in(editor_client, post, body="Two.")
    editor_client.post(change(post), {**form, "_update": ""})
    type_in(editor_client, post, form=form, body="Two. Three.")
    type_in(editor_client, post, form=form, body="Two. Three. Four.")
    assert Revision.objects.get(kind="autosave").state["body"] == "Two. Three. Four."
    assert resumed(editor_client, post)["body"].strip() == "Two. Three. Four."


def test_a_form_of_a_new_post_sent_twice_makes_one_post(editor_client):
    form = {**form_of(editor_client, ADD), "title": "Once", "body": "Words.", "_publish": ""}
    editor_client.post(ADD, form)
    response = editor_client.post(ADD, form)
    post = Post.objects.get()
    assert response["Location"] == change(post)
    response = editor_client.post(ADD, {**form, "body": "More words."})
    assert Post.objects.get().body == "More words."


def test_going_on_after_somebody_else_has_saved_shows_both(editor_client):
    post = make_post(body="Old.")
    type_in(editor_client, post, body="By me.")
    other = Client()
    other.force_login(make_editor("ana"))
    press(other, post, "_update", body="By ana.")
    form = resumed(editor_client, post)
    response = editor_client.post(change(post), {**form, "_update": ""})
    assert response.status_code == 409
    assert "By me." in response.content.decode() and "By ana." in response.content.decode()


def test_the_writer_hears_at_once_that_somebody_else_has_saved(editor_client):
    post = make_post(body="Old.")
    form, _answer = type_in(editor_client, post, body="By me.")
    other = Client()
    other.force_login(make_editor("ana"))
    press(other, post, "_update", body="By ana.")
    _form, answer = type_in(editor_client, post, form=form, body="By me, more.")
    assert answer["newer"].startswith("ana has saved this meanwhile")


def test_it_can_be_put_away_and_stays_in_the_history(editor_client):
    post = make_post(body="Old.")
    type_in(editor_client, post, body="Not wanted.")
    form = offers(editor_client, post)[0].form
    editor_client.post(form["action"], {"entry": post.pk})
    assert not offers(editor_client, post)
    assert Revision.objects.filter(kind="autosave", state__body="Not wanted.").exists()


def test_nobody_is_offered_what_somebody_else_wrote(client, editor_client):
    post = make_post()
    type_in(editor_client, post, body="Mine.")
    type_in(editor_client, title="Mine too")
    other = Client()
    other.force_login(make_editor("ana"))
    assert not offers(other, post) and not offers(other)
    for kept in Revision.objects.filter(kind="autosave"):
        away = f"/admin/blog/post/autosave/{kept.pk}/put-away/"
        assert other.get(ADD, {"autosave": kept.pk}).status_code == 200
        assert "Mine" not in form_of(other, f"{ADD}?autosave={kept.pk}")["title"]
        other.post(away)
    assert offers(editor_client, post) and offers(editor_client)


def test_whoever_may_not_write_is_told_so_in_json(client):
    post = make_post()
    for response in (client.get(AUTOSAVE), client.post(AUTOSAVE, HTTP_X_REQUESTED_WITH="XMLHttpRequest")):
        assert response.status_code == 403 and response.json()["error"]
    make_person(client, "author")
    data = {"entry": post.pk, "writing": uuid4().hex, "title": "x"}
    assert client.post(AUTOSAVE, data).status_code == 403
    assert client.post(AUTOSAVE, {**data, "entry": ""}).status_code == 200
    make_person(client, "moderator")
    assert client.post(AUTOSAVE, {**data, "entry": ""}).status_code == 403


@pytest.mark.parametrize("data", [{"writing": "../x"}, {"entry": "x"}, {"entry": "9" * 30}, {}])
def test_what_is_no_form_of_ours_is_refused(editor_client, data):
    response = editor_client.post(AUTOSAVE, {"writing": "a" * 32, "entry": "1", **data})
    assert response.status_code == 404 and response.json()["error"]


def test_the_desk_leads_to_what_was_not_sent_and_to_what_is_not_public_yet(editor_client):
    post, changed = make_post("Public"), make_post("Changed")
    type_in(editor_client, post, title="Public, again")
    type_in(editor_client, title="Begun")
    press(editor_client, changed, "_save_draft", body="Not yet.")
    page = BeautifulSoup(editor_client.get("/admin/").content.decode(), "html5lib")
    links = {link.text: link["href"] for link in page.select(".desk a")}
    assert form_of(editor_client, links["Public, again"])["title"] == "Public, again"
    assert form_of(editor_client, links["Begun"])["title"] == "Begun"
    assert links["Changed"] == change(changed)


def test_pages_are_kept_as_well(editor_client):
    page = make_page(body="Old.")
    type_in(editor_client, page, body="New.")
    assert resumed(editor_client, page)["body"].strip() == "New."


def test_autosaves_change_no_stored_page(editor_client):
    from config.models import SiteVersion

    post = make_post()
    form = form_of(editor_client, change(post))
    before = list(SiteVersion.objects.order_by("topic").values_list("topic", "token"))
    type_in(editor_client, post, form=form, body="Unseen.")
    assert list(SiteVersion.objects.order_by("topic").values_list("topic", "token")) == before


def test_old_autosaves_go(editor_client, time_machine):
    post = make_post()
    form, _answer = type_in(editor_client, post, body="One.")
    time_machine.move_to(timezone.now() + timedelta(minutes=11))
    editor_client.post(change(post), {**form, "_update": ""})
    type_in(editor_client, title="Never sent")
    assert Revision.objects.filter(kind="autosave").count() == 2
    time_machine.move_to(timezone.now() + timedelta(days=70))
    editor_client.force_login(make_editor("ana"))
    type_in(editor_client, post, body="Two.")
    assert Revision.objects.filter(kind="autosave", post=post).count() == 1


def test_an_autosave_costs_the_same_with_a_thousand_revisions(editor_client):
    post = make_post()

    def cost():
        form = form_of(editor_client, change(post))
        with CaptureQueriesContext(connection) as counted:
            type_in(editor_client, post, form=form, body=f"Text {uuid4()}")
        return len(counted)

    cost()
    press(editor_client, post, "_update", body="Once.")
    before = cost()
    row = Revision.objects.of(post).kept().first()
    for _number in range(1000):
        row.pk = None
        row.writing = ""
        row.save(force_insert=True)
    assert cost() == before


def test_the_form_without_scripts_has_everything_it_had(editor_client):
    assert send(editor_client, ADD, title="Plain", without=["writing"]).status_code == 302
    assert Post.objects.get().title == "Plain"
