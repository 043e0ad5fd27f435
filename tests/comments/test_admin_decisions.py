"""What a moderator does in the queue and on the page of one comment."""

import uuid

import pytest
from bs4 import BeautifulSoup
from django.contrib.auth.models import Permission
from django.urls import reverse

from comments.models import Act, Comment, Rule
from tests.factories import make_comment, make_post, make_user

pytestmark = pytest.mark.django_db

QUEUE = reverse("admin:comments_comment_changelist")


def page_of(comment):
    return reverse("admin:comments_comment_decide", args=[comment.pk])


def press(client, comment, deed, **fields):
    return client.post(page_of(comment), {"deed": deed, **fields})


def soup(response):
    return BeautifulSoup(response.content, "html.parser")


def status(comment):
    return Comment.objects.get(pk=comment.pk).status


@pytest.fixture
def waiting():
    return make_comment(
        status="pending", author_name="Spammer", author_email="Spam@Example.org", ip_hash="a" * 32
    )


@pytest.mark.parametrize(
    ("deed", "after"), [("approve", "approved"), ("spam", "spam"), ("remove", "removed")]
)
def test_a_button_decides_and_leads_back_to_the_queue(editor_client, editor, waiting, deed, after):
    response = press(editor_client, waiting, deed, reason="as I see it", next=f"{QUEUE}?p=2")
    assert response.url == f"{QUEUE}?p=2"
    assert status(waiting) == after
    act = Act.objects.get()
    assert (act.user, act.deed, act.reason) == (editor, deed, "as I see it")
    assert (act.before, act.after) == ("pending", after)


def test_every_card_has_its_buttons_for_those_who_may_decide(client, editor_client, waiting):
    buttons = [button["value"] for button in soup(editor_client.get(QUEUE)).select(".card .acts button")]
    assert buttons == ["approve", "spam", "remove"]
    viewer = make_user(is_staff=True)
    viewer.user_permissions.add(Permission.objects.get(codename="view_comment"))
    client.force_login(viewer)
    assert soup(client.get(QUEUE)).select(".card") and not soup(client.get(QUEUE)).select(".card button")


def test_looking_changes_nothing_whatever_the_address_says(editor_client, waiting):
    for query in ("", "?deed=approve", "?deed=ban&by=email"):
        assert editor_client.get(page_of(waiting) + query).status_code == 200
    undo = reverse("admin:comments_comment_undo", args=[uuid.uuid4()])
    assert editor_client.get(undo).status_code == 405
    assert status(waiting) == "pending"
    assert not Act.objects.exists() and not Rule.objects.exists()


def test_a_decision_leads_to_no_other_site(editor_client, waiting):
    assert press(editor_client, waiting, "approve", next="https://evil.example/").url == QUEUE


def test_who_may_not_decide_is_refused(client, waiting):
    client.force_login(make_user(is_staff=True))
    assert client.get(page_of(waiting)).status_code == 403
    assert press(client, waiting, "approve").status_code == 403
    assert client.post(reverse("admin:comments_comment_undo", args=[uuid.uuid4()])).status_code == 403
    assert status(waiting) == "pending"


def test_the_page_shows_post_parent_reason_and_record(editor_client):
    post = make_post(title="On keeping", body="A very long story.")
    make_comment(post, author_email="ada@example.org", status="spam")
    parent = make_comment(post, author_name="Tomás", body="The *first* word.")
    comment = make_comment(
        parent=parent, author_email="ada@example.org", status="pending", status_reason="has more than 2 links"
    )
    text = editor_client.get(page_of(comment)).content.decode()
    assert "On keeping" in text
    assert "The <em>first</em> word." in text
    assert "has more than 2 links" in text
    assert "1 spam" in text
    card = soup(editor_client.get(QUEUE)).select_one(".card")
    assert "On keeping" in card.get_text() and "The first word." in card.get_text()


def test_a_ban_takes_along_what_waits_from_the_same_author_and_nobody_else(editor_client, waiting):
    same_address = make_comment(status="pending", ip_hash="a" * 32)
    same_email = make_comment(status="pending", author_email="spam@example.org")
    published = make_comment(author_email="spam@example.org")
    other = make_comment(status="pending", author_name="Spammer")
    press(editor_client, waiting, "ban", by=["email", "address"], reason="sells shoes")
    assert [status(c) for c in (waiting, same_address, same_email)] == ["spam"] * 3
    assert [status(c) for c in (published, other)] == ["approved", "pending"]
    assert set(Rule.objects.values_list("kind", "value", "verdict", "reason")) == {
        ("email", "spam@example.org", "spam", "sells shoes"),
        ("address", "a" * 32, "spam", "sells shoes"),
    }


def test_a_ban_by_nothing_does_nothing_and_says_so(editor_client):
    comment = make_comment(status="pending")
    response = editor_client.post(page_of(comment), {"deed": "ban", "by": ["email"]}, follow=True)
    assert "recognised" in response.content.decode()
    assert status(comment) == "pending" and not Rule.objects.exists()


def test_what_was_done_last_can_be_undone_with_its_ban(editor_client, waiting):
    same = make_comment(status="pending", author_email="spam@example.org", status_reason="first comment")
    press(editor_client, waiting, "ban", by=["email"])
    button = soup(editor_client.get(QUEUE)).find("button", string="Undo")
    editor_client.post(button["formaction"])
    assert [status(c) for c in (waiting, same)] == ["pending"] * 2
    same.refresh_from_db()
    assert same.status_reason == "first comment"
    assert not Rule.objects.exists()
    assert Act.objects.filter(deed="undo").count() == 2
    assert soup(editor_client.get(QUEUE)).find("button", string="Undo") is None


def test_undoing_leaves_alone_what_was_decided_again_since(editor_client, editor):
    one, two = make_comment(status="pending"), make_comment(status="pending")
    data = {"action": "mark_as_spam", "_selected_action": [one.pk, two.pk]}
    editor_client.post(QUEUE, data)
    batch = Act.objects.first().batch
    press(editor_client, one, "approve")
    editor_client.post(reverse("admin:comments_comment_undo", args=[batch]))
    assert [status(one), status(two)] == ["approved", "pending"]


def test_undoing_twice_is_undoing_once(editor_client, waiting):
    press(editor_client, waiting, "approve")
    url = reverse("admin:comments_comment_undo", args=[Act.objects.get().batch])
    editor_client.post(url)
    press(editor_client, waiting, "approve")
    editor_client.post(url)
    assert status(waiting) == "approved"


def test_a_reply_is_published_and_approves_what_it_answers(editor_client, editor, waiting):
    press(editor_client, waiting, "reply", **{f"reply-{waiting.pk}": "Thank *you*."})
    reply = Comment.objects.get(parent=waiting)
    assert (reply.user, reply.status, reply.body_html) == (editor, "approved", "<p>Thank <em>you</em>.</p>")
    assert (reply.root, reply.depth, reply.target) == (waiting, 1, waiting.target)
    assert status(waiting) == "approved"
    assert set(Act.objects.values_list("deed", flat=True)) == {"approve", "reply"}


def test_a_reply_that_cannot_be_taken_is_shown_again_with_its_words(editor_client, waiting):
    words = "[" * 3000
    response = press(editor_client, waiting, "reply", **{f"reply-{waiting.pk}": words})
    assert response.status_code == 200
    page = soup(response)
    assert page.find("textarea").get_text().strip() == words
    assert "brackets" in page.get_text()
    assert status(waiting) == "pending" and not Comment.objects.filter(parent=waiting).exists()


def test_every_act_stands_in_the_log_and_cannot_be_changed_there(editor_client, waiting):
    press(editor_client, waiting, "spam", reason="sells shoes")
    response = editor_client.get(reverse("admin:comments_act_changelist"))
    assert "sells shoes" in response.content.decode()
    assert editor_client.get(reverse("admin:comments_act_add")).status_code == 403
    assert (
        editor_client.post(reverse("admin:comments_act_delete", args=[Act.objects.get().pk])).status_code
        == 403
    )


def test_the_state_is_decided_in_the_queue_alone(editor_client, waiting):
    url = reverse("admin:comments_comment_change", args=[waiting.pk])
    editor_client.post(url, {"body": "x", "author_name": "Ada", "status": "approved"})
    assert status(waiting) == "pending"


@pytest.mark.parametrize(
    ("kind", "value", "stored"),
    [
        ("word", " Cheap  Shoes ", "cheap shoes"),
        ("email", "@Example.ORG", "@example.org"),
        ("email", "Ada@example.org", "ada@example.org"),
        ("address", "not one", None),
        ("email", "nonsense", None),
    ],
)
def test_a_rule_is_kept_as_it_will_be_compared(editor_client, kind, value, stored):
    data = {"kind": kind, "value": value, "verdict": "spam", "reason": ""}
    response = editor_client.post(reverse("admin:comments_rule_add"), data)
    assert response.status_code == (302 if stored else 200)
    assert list(Rule.objects.values_list("value", flat=True)) == ([stored] if stored else [])


def test_an_address_in_a_rule_is_kept_as_the_hash_that_comments_have(editor_client):
    from comments.addresses import address_hash

    data = {"kind": "address", "value": "192.0.2.7", "verdict": "spam", "reason": ""}
    editor_client.post(reverse("admin:comments_rule_add"), data)
    assert Rule.objects.get().value == address_hash("192.0.2.7")


def test_the_first_page_says_how_many_wait(editor_client, waiting):
    page = soup(editor_client.get(reverse("admin:index")))
    link = page.find("a", string="1 comment waits")
    assert rows_at(editor_client, link["href"]) == 1


def rows_at(client, url):
    return len(soup(client.get(url)).select(".queue .card"))
