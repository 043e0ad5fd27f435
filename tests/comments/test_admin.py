import pytest
from bs4 import BeautifulSoup
from django.contrib.admin.models import LogEntry
from django.urls import reverse

from comments.models import Act, Comment
from tests.factories import make_comment, make_post, make_user

pytestmark = pytest.mark.django_db

QUEUE = reverse("admin:comments_comment_changelist")


def rows(response):
    page = BeautifulSoup(response.content, "html.parser")
    return [card.select_one(".sides > .words").get_text(strip=True) for card in page.select(".queue .card")]


def decide(client, action, *comments):
    data = {"action": action, "_selected_action": [comment.pk for comment in comments]}
    return client.post(f"{QUEUE}?status__exact=all", data, follow=True)


def test_the_queue_shows_what_waits_unless_something_else_is_asked_for(editor_client):
    make_comment(body="old")
    make_comment(body="waits", status="pending")
    make_comment(body="new")
    assert rows(editor_client.get(QUEUE)) == ["waits"]
    assert rows(editor_client.get(QUEUE, {"status__exact": "pending"})) == ["waits"]
    assert rows(editor_client.get(QUEUE, {"status__exact": "all"})) == ["waits", "new", "old"]
    assert rows(editor_client.get(QUEUE, {"q": "old"})) == ["old"]


def test_the_queue_costs_the_same_for_any_number_of_comments(editor_client, django_assert_max_num_queries):
    post = make_post()
    for number in range(20):
        parent = make_comment(post)
        make_comment(parent=parent, status="pending", body=str(number))
    with django_assert_max_num_queries(14):
        editor_client.get(QUEUE)


@pytest.mark.parametrize(
    ("action", "status"),
    [("approve", "approved"), ("mark_as_spam", "spam"), ("remove", "removed"), ("hold", "pending")],
)
def test_a_decision_changes_what_was_chosen_and_is_written_down(editor_client, action, status):
    chosen = [make_comment(status="approved" if action == "hold" else "pending") for _ in range(2)]
    other = make_comment(status="pending")
    response = decide(editor_client, action, *chosen)
    assert "2 comments." in response.content.decode()
    assert {comment.status for comment in Comment.objects.exclude(pk=other.pk)} == {status}
    other.refresh_from_db()
    assert other.status == "pending"
    assert LogEntry.objects.count() == Act.objects.count() == 2
    assert len(set(Act.objects.values_list("batch", flat=True))) == 1


def test_only_those_with_the_permission_decide(client):
    client.force_login(make_user(is_staff=True))
    comment = make_comment(status="pending")
    assert client.get(QUEUE).status_code == 403
    assert decide(client, "approve", comment).status_code == 403
    comment.refresh_from_db()
    assert comment.status == "pending"


def test_a_comment_is_shown_with_what_it_answers(editor_client):
    post = make_post(title="On keeping")
    parent = make_comment(post, body="The *first* word.")
    comment = make_comment(parent=parent, author_name="<script>alert(1)</script>")
    page = editor_client.get(reverse("admin:comments_comment_change", args=[comment.pk])).content.decode()
    assert "On keeping" in page
    assert "The <em>first</em> word." in page
    assert "<script>alert(1)" not in page


def test_changing_the_text_renders_it_and_marks_it_as_edited(editor_client):
    comment = make_comment(body="Teh word.")
    data = {
        "body": "The *word*.",
        "status": "approved",
        "status_reason": "",
        "author_name": "Ada",
        "author_email": "",
        "author_url": "",
    }
    editor_client.post(reverse("admin:comments_comment_change", args=[comment.pk]), data)
    comment.refresh_from_db()
    assert comment.body_html == "<p>The <em>word</em>.</p>"
    assert comment.edited_at is not None


def test_the_queue_of_tasks_is_nobodys_business(editor_client):
    assert "dbtaskresult" not in editor_client.get("/admin/").content.decode()
