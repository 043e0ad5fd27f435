"""What a visitor's words go through: the form, the checks, the reply, the thread they end up in."""

from datetime import timedelta

import pytest
from bs4 import BeautifulSoup
from django.utils import timezone

from comments import services
from comments.models import Comment
from tests.factories import make_comment, make_post, make_user

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def quick_hands(settings):
    settings.COMMENT_RULES = {"least_seconds": 0, "flood_seconds": 0}


@pytest.fixture
def post():
    return make_post(slug="a-post", discussion="open")


def soup(response):
    return BeautifulSoup(response.content, "html.parser")


def form_fields(page):
    form = page.find("form", class_="comment-form")
    fields = {field["name"]: field.get("value", "") for field in form.find_all("input")}
    return fields | {area["name"]: area.get_text() for area in form.find_all("textarea")}


def send(client, url, button="send", **words):
    fields = form_fields(soup(client.get(url))) | {"author_name": "Ada", "body": "Well said."} | words
    return client.post(
        url, {name: value for name, value in fields.items() if value is not None} | {button: ""}
    )


def comment_url(post):
    return f"{post.get_absolute_url()}comment/"


def test_a_comment_appears_below_the_post(client, post):
    response = send(client, comment_url(post), author_url="example.org")
    comment = Comment.objects.get()
    assert response.status_code == 302
    assert response.url == comment.get_absolute_url()
    article = soup(client.get(post.get_absolute_url())).find(id=f"comment-{comment.pk}")
    assert "Well said." in article.get_text()
    assert article.find("a", href="https://example.org")


def test_a_reply_is_nested_below_what_it_answers(client, post):
    parent = make_comment(post, author_name="Tomás", body="First things *first*.")
    page = soup(client.get(parent.get_reply_url()))
    assert "First things first." in page.get_text()
    assert "Reply to Tomás" in page.h1.get_text()
    send(client, parent.get_reply_url())
    reply = Comment.objects.get(parent=parent)
    assert (reply.target, reply.root, reply.depth) == (post, parent, 1)
    page = soup(client.get(post.get_absolute_url()))
    assert page.find(id=f"comment-{parent.pk}").find_parent("li").find(id=f"comment-{reply.pk}")


def test_a_reply_may_begin_with_a_quote(client, post):
    parent = make_comment(post, body="First things *first*.")
    page = soup(client.get(parent.get_quote_url()))
    assert form_fields(page)["body"].strip() == "> First things *first*."


def test_a_preview_shows_what_will_be_and_stores_nothing(client, post):
    response = send(client, comment_url(post), button="preview", body="So *be* it.")
    page = soup(response)
    assert str(page.find(id="preview").article.p) == "<p>So <em>be</em> it.</p>"
    assert form_fields(page)["body"].strip() == "So *be* it."
    assert form_fields(page)["author_name"] == "Ada"
    assert not Comment.objects.exists()


def test_a_comment_that_is_held_is_seen_by_nobody_yet(client):
    post = make_post(discussion="moderated")
    response = send(client, comment_url(post), body="Waiting words.")
    comment = Comment.objects.get()
    assert response.url == f"{comment_url(post)}?held={comment.pk}"
    assert "waiting" in soup(client.get(response.url)).h1.get_text()
    assert (comment.status, comment.status_reason) == ("pending", "every comment is held here")
    assert "Waiting words." not in client.get(post.get_absolute_url()).content.decode()
    assert client.get(comment.get_absolute_url()).status_code == 404
    assert client.get(comment.get_reply_url()).status_code == 404


def test_the_second_comment_of_somebody_approved_before_appears_at_once(client):
    post = make_post(discussion="first")
    send(client, comment_url(post), author_email="ada@example.org")
    assert Comment.objects.get().status == "pending"
    services.approve(Comment.objects.all())
    send(client, comment_url(post), author_email="ADA@example.org", body="And another thing.")
    assert Comment.objects.approved().count() == 2


def test_a_guest_without_address_is_never_known(client):
    post = make_post(discussion="first")
    make_comment(post, author_name="Ada")
    send(client, comment_url(post))
    assert Comment.objects.pending().count() == 1


def test_somebody_elses_address_does_not_make_a_guest_known(client):
    post = make_post(discussion="first")
    make_comment(post, author_name="Ada", author_email="ada@example.org")
    send(client, comment_url(post), author_name="Not Ada", author_email="ada@example.org")
    assert Comment.objects.pending().count() == 1


def test_a_machine_that_fills_in_everything_is_set_aside_without_a_word(client, post):
    response = send(client, comment_url(post), subject="Buy now")
    assert response.url.startswith(f"{comment_url(post)}?held")
    assert Comment.objects.get().status == "spam"


def test_a_member_writes_under_the_account(client, post):
    user = make_user(first_name="Ada", last_name="Moreau")
    client.force_login(user)
    send(client, comment_url(post), author_name=None)
    comment = Comment.objects.get()
    assert (comment.user, comment.author_name) == (user, "Ada Moreau")


def test_those_who_run_the_site_are_never_held(editor_client):
    post = make_post(discussion="moderated")
    send(editor_client, comment_url(post), author_name=None)
    assert Comment.objects.get().is_approved


def test_where_members_alone_may_write_a_guest_is_shown_the_way_in(client):
    post = make_post(discussion="members")
    response = client.get(comment_url(post))
    assert response.status_code == 403
    login = soup(response).find("main").find("a", string="Log in")
    assert login["href"].endswith(f"?next={comment_url(post)}")
    assert client.post(comment_url(post), {"body": "Let me in"}).status_code == 403
    client.force_login(make_user())
    send(client, comment_url(post), author_name=None)
    assert Comment.objects.count() == 1


def test_a_closed_discussion_takes_nothing_and_says_so(client):
    post = make_post(discussion="closed")
    comment = make_comment(post)
    for url in (comment_url(post), comment.get_reply_url()):
        for response in (client.get(url), client.post(url, {"body": "One more"})):
            assert response.status_code == 403
            assert "closed" in soup(response).h1.get_text()
    page = soup(client.get(post.get_absolute_url()))
    assert not page.find("a", string="Write a comment")
    assert not page.find("a", string="Reply")
    assert Comment.objects.count() == 1


@pytest.mark.parametrize(
    "fields",
    [
        {"draft": True},
        {"published_at": timezone.now() + timedelta(days=1)},
        {"expires_at": timezone.now() - timedelta(hours=1)},
    ],
    ids=["draft", "scheduled", "expired"],
)
def test_what_is_not_public_cannot_be_discussed(client, editor, fields):
    post = make_post(**fields)
    comment = make_comment(post)
    for user in (None, editor):
        if user:
            client.force_login(user)
        for url in (comment_url(post), comment.get_reply_url(), comment.get_absolute_url()):
            assert client.get(url).status_code == 404, url
            assert client.post(url).status_code in (404, 405), url


def test_a_comment_without_token_is_refused(post):
    from django.test import Client

    client = Client(enforce_csrf_checks=True)
    assert client.post(comment_url(post), {"author_name": "Ada", "body": "x"}).status_code == 403
    assert not Comment.objects.exists()


def test_two_comments_within_half_a_minute_are_one_too_many(client, post, settings):
    settings.COMMENT_RULES = {"least_seconds": 0}
    send(client, comment_url(post))
    response = send(client, comment_url(post), body="And **another** thing.")
    assert response.status_code == 429
    page = soup(response)
    assert "wait half a minute" in page.find("form", class_="comment-form").get_text()
    assert form_fields(page)["body"].strip() == "And **another** thing."
    assert Comment.objects.count() == 1
    Comment.objects.update(created_at=timezone.now() - timedelta(seconds=31))
    assert send(client, comment_url(post), body="And **another** thing.").status_code == 302


def test_ten_comments_in_ten_minutes_are_enough(client, post):
    ip_hash = services.address_hash("127.0.0.1")
    for number in range(10):
        make_comment(post, body=str(number), ip_hash=ip_hash)
    assert send(client, comment_url(post)).status_code == 429
    assert Comment.objects.count() == 10


@pytest.mark.parametrize("policy", ["open", "moderated"])
def test_a_button_pressed_twice_sends_once_and_leads_to_the_same_place(client, policy):
    post = make_post(discussion=policy)
    first, second = (send(client, comment_url(post)) for _press in range(2))
    assert (second.status_code, second.url) == (302, first.url)
    assert first.cookies and not second.cookies.get("own_comment")
    assert Comment.objects.count() == 1


def test_what_somebody_else_sends_again_is_no_second_press(client, post):
    send(client, comment_url(post))
    assert send(client, comment_url(post), author_email="other@example.org").status_code == 409
    client.defaults["REMOTE_ADDR"] = "192.0.2.77"
    assert send(client, comment_url(post)).status_code == 409


def test_the_same_words_are_not_taken_twice(client, post):
    send(client, comment_url(post))
    Comment.objects.update(created_at=timezone.now() - timedelta(minutes=2))
    response = send(client, comment_url(post))
    assert response.status_code == 409
    assert "word for word" in soup(response).find("form", class_="comment-form").get_text()
    assert Comment.objects.count() == 1


def test_an_address_is_kept_as_a_keyed_hash_alone(client, post, settings):
    send(client, comment_url(post))
    stored = Comment.objects.get().ip_hash
    assert stored
    assert "127" not in stored or len(stored) == 32
    settings.SECRET_KEY = "another key " * 5
    assert services.address_hash("127.0.0.1") != stored


def test_one_person_has_a_whole_ipv6_network():
    one, other, stranger = "2001:db8:1:2::1", "2001:db8:1:2:ffff::9%eth0", "2001:db8:1:3::1"
    assert services.address_hash(one) == services.address_hash(other) != services.address_hash(stranger)
    assert services.address_hash("::ffff:192.0.2.1") == services.address_hash("192.0.2.1")
    assert services.address_hash("") == services.address_hash("unix:") == ""


def test_all_reading_is_done_before_the_comment_and_its_task_are_written(post):
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    words = {
        "author_name": "Ada",
        "author_email": "",
        "author_url": "",
        "body": "x",
        "honeypot": "",
        "seconds_taken": 9,
    }
    with CaptureQueriesContext(connection) as queries:
        services.submit(post, words, address="192.0.2.1")
    deeds = [query["sql"].split()[0].upper() for query in queries]
    assert deeds[deeds.index("SAVEPOINT") :] == ["SAVEPOINT", "INSERT", "INSERT", "RELEASE"]
    assert set(deeds[: deeds.index("SAVEPOINT")]) == {"SELECT"}


def test_the_pages_of_the_discussion_are_never_stored(client, post):
    response = client.get(comment_url(post))
    assert "no-store" in response["Cache-Control"]
    assert "noindex" in soup(response).find("meta", attrs={"name": "robots"})["content"]
