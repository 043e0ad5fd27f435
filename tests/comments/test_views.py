import html5lib
import pytest
from bs4 import BeautifulSoup
from django.template import Context, Template

from comments.models import Comment
from tests.factories import make_comment, make_post, make_user

pytestmark = pytest.mark.django_db


@pytest.fixture
def post():
    return make_post(title="On keeping", discussion="open")


def thread_of(target):
    html = Template("{% load comments %}{% comment_thread target %}").render(Context({"target": target}))
    html5lib.HTMLParser(strict=True).parse(
        f"<!doctype html><html lang=en><title>x</title><body>{html}</body></html>"
    )
    return BeautifulSoup(html, "html.parser")


def test_the_discussion_is_in_the_page_with_its_number(post):
    first = make_comment(post, author_name="Ada", body="One.")
    make_comment(parent=first, author_name="Tomás", body="Two.")
    make_comment(post, status="pending", body="Three.")
    thread = thread_of(post)
    assert thread.h2.get_text(" ", strip=True) == "Discussion 2"
    assert [bold.get_text() for bold in thread.find_all("b")] == ["Ada", "Tomás"]
    assert thread.find(class_="folds").get_text() == "1 reply"
    assert "Three." not in thread.get_text()


def test_every_comment_can_be_answered_quoted_and_linked_to(post):
    comment = make_comment(post)
    acts = thread_of(post).find("p", class_="acts").find_all("a")
    assert [(act.get_text(), act["href"]) for act in acts] == [
        ("Reply", f"/comments/{comment.pk}/reply/"),
        ("Quote", f"/comments/{comment.pk}/reply/?quote=1"),
        ("Link", f"/comments/{comment.pk}/"),
    ]


def test_the_page_carries_no_token_and_no_form(client, post):
    make_comment(post)
    response = client.get(post.get_absolute_url())
    assert b"csrf" not in response.content
    assert not response.cookies
    assert not BeautifulSoup(response.content, "html.parser").find("form", method="post")


def test_the_author_of_the_text_is_marked_in_words(post):
    author, visitor = make_user(), make_user()
    make_comment(post, user=author, author_name="Ada")
    make_comment(post, user=visitor, author_name="Ada")
    make_comment(post, author_name="Ada")
    post.comment_author_ids = [author.pk]
    badges = [bool(summary.find(class_="badge")) for summary in thread_of(post).find_all("summary")]
    assert badges == [True, False, False]


def test_a_time_is_exact_for_programs_and_local_for_people(post):
    from datetime import UTC, datetime

    from django.utils import timezone

    make_comment(post, created_at=datetime(2026, 3, 14, 23, 12, 5, tzinfo=UTC))
    with timezone.override("Europe/Lisbon"):
        assert thread_of(post).time.get_text() == "14 March 2026, 23:12"
    with timezone.override("Asia/Tokyo"):
        assert thread_of(post).time.get_text() == "15 March 2026, 08:12"
        assert thread_of(post).time["datetime"] == "2026-03-14T23:12:05Z"


def test_a_removed_comment_leaves_a_stub_while_replies_stand(post):
    removed = make_comment(post, status="removed", author_name="Troll", body="Secret.")
    reply = make_comment(parent=removed, body="Calm down.")
    make_comment(post, status="removed", body="Gone.")
    thread = thread_of(post)
    assert thread.find(id=f"comment-{removed.pk}").summary.i.get_text() == "removed"
    assert (
        thread.find(id=f"comment-{reply.pk}").find("a", string="Parent")["href"] == f"#comment-{removed.pk}"
    )
    for hidden in ("Troll", "Secret.", "Gone."):
        assert hidden not in thread.get_text()


@pytest.mark.parametrize("name", ["<script>alert(1)</script>", '"onload="alert(1)', "100% & more", "%s {0}"])
def test_a_name_is_text_wherever_it_stands(client, post, name):
    comment = make_comment(post, author_name=name)
    assert thread_of(post).b.get_text() == name
    assert thread_of(post).article["aria-label"] == f"Comment by {name}"
    page = BeautifulSoup(client.get(comment.get_absolute_url()).content, "html.parser")
    assert name in page.h1.get_text()
    assert not page.find("script", string="alert(1)")


def test_an_imported_comment_leads_back(post):
    url = "https://news.ycombinator.com/item?id=1"
    make_comment(post, origin="hackernews", origin_id="1", origin_url=url)
    assert thread_of(post).find("a", string="Hacker News")["href"] == url


def test_an_imported_comment_that_has_no_address_says_where_it_comes_from(post):
    make_comment(post, origin="pasted", origin_id="1")
    assert thread_of(post).find(class_="acts").find("span").get_text() == "pasted text"


def test_the_discussion_takes_one_query_whatever_its_size(post, django_assert_num_queries):
    for _ in range(3):
        make_comment(parent=make_comment(post))
    thread_of(post)  # what a process asks once (content types) is known from here on
    with django_assert_num_queries(1):
        thread_of(post)


def test_a_thread_five_hundred_deep_is_drawn_and_stays_within_what_parsers_nest(post):
    comments = [make_comment(post)]
    fields = {"author_name": "x", "body_html": "<p>x</p>", "status": "approved"}
    for _ in range(499):
        comment = Comment(target=post, **fields)
        comment.place_below(comments[-1])
        Comment.objects.bulk_create([comment])
        comments.append(comment)
    html = Template("{% load comments %}{% comment_thread target %}").render(Context({"target": post}))
    assert html.count("<article") == 500
    assert html.count("<ol") == html.count("</ol>") == 101
    assert html.count("<li>") == html.count("</li>") == html.count("</details>") == 500
    assert html.count('<ol class="flat">') == 101 - 7


def test_a_permalink_shows_the_way_up_and_the_replies_and_nothing_else(client, post):
    top = make_comment(post, body="top words")
    parent = make_comment(parent=top, body="parent words")
    comment = make_comment(parent=parent, body="its words")
    make_comment(parent=comment, body="reply words")
    make_comment(parent=top, body="sibling words")
    make_comment(post, body="other words")
    page = BeautifulSoup(client.get(comment.get_absolute_url()).content, "html.parser")
    articles = [article.p.get_text() for article in page.find_all("article")]
    assert articles == ["top words", "parent words", "its words", "reply words"]
    assert page.find("article", class_="here")["id"] == f"comment-{comment.pk}"
    assert page.find("main").find("a", href=post.get_absolute_url())
    assert "On keeping" in page.h1.get_text()


@pytest.mark.parametrize("status", ["pending", "spam", "removed"])
def test_a_permalink_of_what_is_hidden_leads_nowhere(client, post, status):
    comment = make_comment(post, status=status)
    assert client.get(comment.get_absolute_url()).status_code == 404


def test_a_comment_that_never_was_leads_nowhere(client):
    assert client.get("/comments/4711/").status_code == 404
    assert client.get("/comments/4711/reply/").status_code == 404
    assert client.get("/comments/99999999999999999999999/").status_code == 404
