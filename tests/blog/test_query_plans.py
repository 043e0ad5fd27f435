"""Pages cost the same however many posts there are: their queries go by an index and read the rows they show."""

import re
from datetime import UTC, datetime

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tests.factories import make_comment, make_post

pytestmark = [
    pytest.mark.django_db,
    pytest.mark.skipif(connection.vendor != "sqlite", reason="the plans of SQLite alone"),
]
PAGES = [
    "/",
    "/posts/one/",
    "/posts/",
    "/tags/moor/",
    "/tags/",
    "/archive/",
    "/archive/2020/",
    "/sitemap.xml",
]


@pytest.mark.parametrize("address", PAGES)
def test_no_query_of_a_page_reads_all_posts(client, address):
    make_post("One", tags=["moor", "heather"], published_at=datetime(2020, 5, 4, tzinfo=UTC))
    make_post("Two", tags=["moor"])
    with CaptureQueriesContext(connection) as queries:
        assert client.get(address).status_code == 200
    plans = [plan(query["sql"]) for query in queries if query["sql"].startswith("SELECT")]
    assert plans
    assert not [steps for steps in plans if reads_all_posts(steps)]


def plan(sql):
    with connection.cursor() as cursor:
        cursor.execute("EXPLAIN QUERY PLAN " + sql.replace("%", "%%"))
        return "\n".join(row[3] for row in cursor.fetchall())


def reads_all_posts(steps):
    """Row by row, or by an index of one date, from which every row has to be looked up all the same."""
    return re.search(
        r"SCAN (blog_post|[A-Z]\d)$|USING INDEX post_public_at \(public_at<", steps, re.MULTILINE
    )


def plans_of(client, address):
    make_comment(make_post("One", discussion="open"))
    with CaptureQueriesContext(connection) as queries:
        assert client.get(address).status_code == 200
    told = [query["sql"] for query in queries if "comments_comment" in query["sql"]]
    assert told
    return [plan(sql) for sql in told]


def test_the_comments_of_a_text_are_counted_without_looking_at_them(client):
    [steps] = plans_of(client, "/")
    assert "COVERING INDEX comment_target" in steps


def test_a_page_of_a_discussion_looks_at_no_comment_of_the_others(client):
    """It takes those it shows by their keys; the alias is missing where they are taken to be shown."""
    steps = "\n".join(plans_of(client, "/posts/one/"))
    assert "SEARCH comments_comment USING INTEGER PRIMARY KEY" in steps
    assert "SEARCH comments_comment USING INDEX comment_target" not in steps


@pytest.mark.parametrize("address", ["/posts/one/", "/posts/one/comments/feed/"])
def test_nothing_said_elsewhere_is_looked_at_for_a_discussion(client, address):
    """SQLite takes an index that has the whole site's comments in order, where no other has these."""
    steps = "\n".join(plans_of(client, address))
    assert "comment_target (content_type_id=? AND object_id=?)" in steps
    assert "comment_status" not in steps and "USING INDEX comment_replies" not in steps
