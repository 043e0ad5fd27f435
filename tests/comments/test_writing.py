"""What those who write can do besides writing: quote, look before sending, change, take back."""

from datetime import timedelta

import pytest
from bs4 import BeautifulSoup
from django.conf import settings
from django.utils import timezone

from comments.models import Comment, Subscription
from tests.comments.test_submit import comment_url, form_fields, send, soup
from tests.factories import make_comment, make_post

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def quick_hands(settings):
    settings.COMMENT_RULES = {"least_seconds": 0, "flood_seconds": 0}


@pytest.fixture
def post():
    return make_post(slug="a-post", discussion="open")


@pytest.fixture
def own(client, post):
    """A comment that this client has just written."""
    send(client, comment_url(post), body="My *first* words.", author_email="ada@example.org")
    return Comment.objects.get()


def edit_url(comment):
    return f"{comment.get_absolute_url()}edit/"


def withdraw_url(comment):
    return f"{comment.get_absolute_url()}withdraw/"


# Quoting and looking


def test_selected_words_come_into_the_form_as_a_quote(client, post):
    page = soup(client.get(comment_url(post), {"quote": "Two lines\nof text"}))
    assert form_fields(page)["body"].strip() == "> Two lines\n> of text"
    parent = make_comment(post, body="All of it.")
    page = soup(client.get(parent.get_reply_url(), {"quote": "of it"}))
    assert form_fields(page)["body"].strip() == "> of it"
    assert len(form_fields(soup(client.get(comment_url(post), {"quote": "x" * 9000})))["body"]) < 2100


def test_a_preview_needs_nothing_but_words(client, post):
    fields = form_fields(soup(client.get(comment_url(post))))
    fields |= {"body": "So *be* it.", "author_name": "", "preview": ""}
    page = soup(client.post(comment_url(post), fields))
    assert str(page.find(id="preview").article.p) == "<p>So <em>be</em> it.</p>"
    page = soup(client.post(comment_url(post), fields | {"body": ""}))
    assert not page.find(id="preview")


# One's own comment


def test_after_sending_its_author_is_told_how_to_change_it(client, own):
    page = soup(client.get(own.get_absolute_url()))
    ways = [a["href"] for a in page.select(".own a")]
    assert ways == [edit_url(own), withdraw_url(own)]


def test_nobody_else_is_told(client, own, post):
    from django.test import Client

    response = Client().get(own.get_absolute_url())
    assert not soup(response).select(".own")
    assert not soup(client.get(post.get_absolute_url())).select(".own")


def test_the_page_of_ones_own_comment_is_not_stored(client, own):
    assert "no-store" in client.get(own.get_absolute_url())["Cache-Control"]


def test_the_cookie_is_for_the_comments_own_pages_and_no_script(client, own):
    cookie = client.cookies[settings.OWN_COMMENT_COOKIE_NAME]
    assert cookie["path"] == own.get_absolute_url()
    assert cookie["httponly"]
    assert cookie["samesite"] == "Lax"
    assert int(cookie["max-age"]) == 24 * 3600


def test_reading_sets_no_cookie(client, post):
    comment = make_comment(post)
    for url in (post.get_absolute_url(), comment.get_absolute_url()):
        assert not client.get(url).cookies


def test_a_comment_can_be_changed_and_says_so(client, own, post):
    page = soup(client.get(edit_url(own)))
    assert form_fields(page)["body"].strip() == "My *first* words."
    response = client.post(edit_url(own), {"body": "My *second* words."})
    assert response.url == own.get_absolute_url()
    own.refresh_from_db()
    assert (own.body, own.body_html) == ("My *second* words.", "<p>My <em>second</em> words.</p>")
    article = soup(client.get(post.get_absolute_url())).find(id=f"comment-{own.pk}")
    assert "edited" in article.find_parent("li").summary.get_text()


def test_a_change_can_be_looked_at_first(client, own):
    page = soup(client.post(edit_url(own), {"body": "My *second* words.", "preview": ""}))
    assert page.find(id="preview").em.get_text() == "second"
    assert form_fields(page)["body"].strip() == "My *second* words."
    own.refresh_from_db()
    assert own.edited_at is None


def test_a_change_that_cannot_be_taken_keeps_the_words(client, own):
    page = soup(client.post(edit_url(own), {"body": ">" * 30 + " words"}))
    assert "quote marks" in page.find(class_="errorlist").get_text()
    assert form_fields(page)["body"].strip().endswith("words")


def test_changed_words_are_judged_like_new_ones(client, own, settings):
    settings.COMMENT_RULES = {"least_seconds": 0, "flood_seconds": 0, "held_words": ("casino",)}
    response = client.post(edit_url(own), {"body": "My casino."})
    own.refresh_from_db()
    assert own.status == "pending"
    assert response.url == f"{comment_url(own.target)}?held={own.pk}"
    client.post(edit_url(own), {"body": "My garden."})
    own.refresh_from_db()
    assert own.status == "pending"


def test_who_waits_can_change_the_words_too(client):
    post = make_post(discussion="moderated")
    response = send(client, comment_url(post))
    held = Comment.objects.get()
    page = soup(client.get(response.url))
    assert [a["href"] for a in page.select(".own a")] == [edit_url(held), withdraw_url(held)]
    client.post(edit_url(held), {"body": "Better words."})
    held.refresh_from_db()
    assert (held.body, held.status) == ("Better words.", "pending")


def test_a_comment_without_replies_is_withdrawn_without_a_trace(client, own, post):
    page = soup(client.get(withdraw_url(own)))
    assert "first" in page.find("article").get_text()
    response = client.post(withdraw_url(own))
    assert response.url == f"{post.get_absolute_url()}#comments"
    page = soup(client.get(response.url))
    assert not page.find(id=f"comment-{own.pk}")
    own.refresh_from_db()
    assert (own.body, own.body_html, own.author_email) == ("", "", "")


def test_who_withdraws_a_reply_is_led_to_what_it_answered(client, post):
    above = make_comment(post)
    send(client, above.get_reply_url())
    own = Comment.objects.exclude(pk=above.pk).get()
    assert client.post(withdraw_url(own)).url == f"{post.get_absolute_url()}#comment-{above.pk}"


def test_with_a_comment_the_wish_for_letters_is_withdrawn(client, post):
    send(client, comment_url(post), author_email="ada@example.org", notify="on")
    own = Comment.objects.get()
    assert Subscription.objects.exists()
    client.post(withdraw_url(own))
    assert not Subscription.objects.exists()


def test_a_comment_with_replies_leaves_a_stub(client, own, post):
    make_comment(parent=own, body="An answer.")
    client.post(withdraw_url(own))
    page = soup(client.get(post.get_absolute_url()))
    assert page.find(id=f"comment-{own.pk}").summary.i.get_text() == "removed"
    assert "An answer." in page.get_text()
    assert "My first words." not in page.get_text()


def refused(client, comment):
    for url in (edit_url(comment), withdraw_url(comment)):
        for response in (client.get(url), client.post(url, {"body": "Mine now."})):
            assert response.status_code == 403
            assert "no longer" in soup(response).h1.get_text()
    comment.refresh_from_db()
    assert "Mine now." not in comment.body
    assert comment.body


def test_after_a_quarter_of_an_hour_it_is_too_late(client, own):
    Comment.objects.update(created_at=timezone.now() - timedelta(minutes=15, seconds=1))
    refused(client, own)
    assert not soup(client.get(own.get_absolute_url())).select(".own")


def test_others_and_forged_cookies_change_nothing(client, own, post):
    from django.test import Client

    refused(Client(), own)
    forger = Client()
    forger.cookies[settings.OWN_COMMENT_COOKIE_NAME] = f"{own.pk}:abc:def"
    refused(forger, own)
    another = make_comment(post)
    thief = Client()
    thief.cookies[settings.OWN_COMMENT_COOKIE_NAME] = client.cookies[settings.OWN_COMMENT_COOKIE_NAME].value
    refused(thief, another)


@pytest.mark.parametrize("status", ["removed", "spam"])
def test_what_a_moderator_took_away_stays_away(client, own, status):
    Comment.objects.update(status=status)
    refused(client, own)


def test_a_form_about_what_waits_that_is_sent_too_late_keeps_its_words(client, own):
    Comment.objects.update(status="pending", created_at=timezone.now() - timedelta(hours=2))
    refused(client, own)
    assert "Mine now." in soup(client.post(edit_url(own), {"body": "Mine now."})).textarea.get_text()


@pytest.mark.parametrize("status", ["pending", "spam", "removed"])
def test_strangers_cannot_tell_that_a_comment_which_is_not_shown_is_there(client, own, status):
    from django.test import Client

    Comment.objects.update(status=status)
    for url in (edit_url(own), withdraw_url(own)):
        for answer in (Client().get(url), Client().post(url, {"body": "Mine now."})):
            assert answer.status_code == 404


def test_looking_changes_nothing(client, own):
    before = Comment.objects.values().get()
    for url in (edit_url(own), withdraw_url(own), own.get_absolute_url()):
        client.get(url)
    assert Comment.objects.values().get() == before


def test_forms_say_what_scripts_say(client, post, own):
    for url in (comment_url(post), edit_url(own)):
        form = BeautifulSoup(client.get(url).content, "html.parser").find(class_="comment-form")
        assert form["data-restored"]
        assert form["data-failed"]


def test_the_time_left_to_change_it_is_told_in_minutes(client, own, time_machine):
    time_machine.move_to(own.created_at + timedelta(minutes=12, seconds=30), tick=False)
    said = BeautifulSoup(client.get(own.get_absolute_url()).content, "html.parser").find(class_="note")
    assert "For 3 more minutes" in said.get_text(), "an hour would be the site's, not the reader's"
