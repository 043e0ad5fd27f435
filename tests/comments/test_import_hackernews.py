import json
from datetime import UTC, datetime
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from comments.importers import hackernews
from comments.importers.load import load
from comments.importers.records import ImportedComment, Problem, SourceError
from comments.models import Comment
from tests.factories import make_comment, make_post

SAMPLE = Path(__file__).parent.parent / "data" / "comments" / "hackernews.json"
LONG_AGO = datetime(2020, 1, 1, tzinfo=UTC)


def node(number, *children, **fields):
    item = {"id": number, "type": "comment", "author": f"user{number}", "text": f"Words {number}."}
    return item | {"created_at_i": 1_600_000_000 + number, "children": list(children)} | fields


def story(*children):
    return {"id": 1, "type": "story", "title": "A story", "children": list(children)}


def record(number, parent="", **fields):
    fields = {"author_name": "Ada", "html": "Words.", "created_at": LONG_AGO, "url": ""} | fields
    return ImportedComment(origin_id=str(number), parent_id=str(parent), **fields)


def bring(target, *nodes):
    return load(hackernews.comments_of(story(*nodes)), target, "hackernews")


def by_id():
    return {comment.origin_id: comment for comment in Comment.objects.select_related("parent", "root")}


def test_every_node_becomes_a_record_with_its_exact_time():
    records = {item.origin_id: item for item in hackernews.read(SAMPLE)}
    assert list(records) == ["4102", "4104", "4105", "4106", "4103"]
    assert records["4104"].created_at == datetime(2024, 5, 6, 8, 30, 5, tzinfo=UTC)
    assert records["4106"].parent_id == "4105"
    assert records["4105"].is_removed
    assert records["4102"].url == "https://news.ycombinator.com/item?id=4102"


def test_a_comment_may_be_the_item_itself():
    assert [item.origin_id for item in hackernews.comments_of(node(5, node(6)))] == ["5", "6"]


def test_a_time_may_be_in_words_alone():
    [item] = hackernews.comments_of(node(5, created_at_i=None, created_at="2024-05-06T08:00:00.000Z"))
    assert item.created_at == datetime(2024, 5, 6, 8, tzinfo=UTC)


@pytest.mark.parametrize(
    ("odd", "reason"),
    [
        (node(7, id=None), "has no id"),
        (node(7, created_at_i="soon"), "has no time that can be read"),
        (node(7, type="pollopt"), "is a pollopt, not a comment"),
        ("not a node", "has no id"),
        (node(2), "stands in the file twice; the first was taken"),
    ],
)
def test_a_node_that_is_no_comment_is_named_and_the_rest_comes_in(odd, reason):
    found = list(hackernews.comments_of(story(node(2), odd, node(3))))
    assert [item.origin_id for item in found if isinstance(item, ImportedComment)] == ["2", "3"]
    assert [item.reason for item in found if isinstance(item, Problem)] == [reason]


def test_replies_of_a_node_that_is_no_comment_move_up():
    found = list(hackernews.comments_of(story(node(2, node(3, node(4), type="job")))))
    assert found[-1].origin_id == "4"
    assert found[-1].parent_id == "2"


@pytest.mark.parametrize(
    ("content", "says"),
    [
        (b"{", "is not JSON: line 1, column 2"),
        (b"\xff\xfe\xff", "is not JSON"),
        (b"[]", "has no list of children"),
        (b"{}", "has no list of children"),
        (b'{"hits": []}', "is a list of search results"),
        (b"[" * 200_000, "is nested too deeply"),
    ],
)
def test_a_file_that_is_something_else_is_refused_with_a_sentence(tmp_path, content, says):
    path = tmp_path / "item.json"
    path.write_bytes(content)
    with pytest.raises(SourceError, match=says):
        list(hackernews.read(path))


def test_a_file_that_is_not_there_is_refused_with_a_sentence(tmp_path):
    with pytest.raises(SourceError, match="cannot be read"):
        list(hackernews.read(tmp_path / "none.json"))


def test_a_thread_of_five_hundred_levels_can_be_read(tmp_path):
    item = node(500)
    for number in range(499, 1, -1):
        item = node(number, item)
    text = f'{{"id": 1, "type": "story", "children": [{deep_json(item)}]}}'
    path = tmp_path / "deep.json"
    path.write_text(text)
    assert sum(1 for _ in hackernews.read(path)) == 499


def deep_json(item):
    with hackernews._deep_json():
        return json.dumps(item)


@pytest.mark.django_db
class TestLoading:
    def test_a_discussion_comes_in_as_it_was(self):
        post = make_post()
        report = load(hackernews.read(SAMPLE), post, "hackernews")
        assert (report.created, report.updated, report.unchanged) == (5, 0, 0)
        comments = by_id()
        assert comments["4106"].parent == comments["4105"]
        assert comments["4106"].root == comments["4102"]
        assert comments["4106"].depth == 2
        assert comments["4104"].created_at == datetime(2024, 5, 6, 8, 30, 5, tzinfo=UTC)
        assert comments["4104"].body_html.startswith(
            "<blockquote><p>One of them is always wrong</p></blockquote>"
        )
        assert comments["4105"].status == "removed"
        assert comments["4102"].target == post

    def test_a_deleted_node_is_a_stub_while_replies_stand(self, client):
        post = make_post()
        load(hackernews.read(SAMPLE), post, "hackernews")
        rows = Comment.objects.for_target(post).as_rows()
        assert [row.is_visible for row in rows] == [True, True, False, True]

    def test_the_second_time_nothing_changes(self, django_assert_max_num_queries):
        post = make_post()
        load(hackernews.read(SAMPLE), post, "hackernews")
        before = list(Comment.objects.values())
        report = load(hackernews.read(SAMPLE), post, "hackernews")
        assert (report.created, report.updated, report.unchanged) == (0, 0, 5)
        assert list(Comment.objects.values()) == before

    def test_what_changed_at_the_origin_changes_here(self):
        post = make_post()
        bring(post, node(2), node(3))
        report = bring(post, node(2, text="Better words."), node(3), node(4))
        assert (report.created, report.updated, report.unchanged) == (1, 1, 1)
        assert by_id()["2"].body_html == "<p>Better words.</p>"

    def test_a_node_deleted_at_the_origin_becomes_a_stub_and_keeps_its_words_for_the_moderator(self):
        post = make_post()
        bring(post, node(2, node(3)))
        bring(post, node(2, node(3), author=None, text=None))
        comment = by_id()["2"]
        assert (comment.status, comment.body) == ("removed", "Words 2.")

    def test_a_moderators_decision_and_an_editors_hand_are_kept(self):
        post = make_post()
        bring(post, node(2), node(3))
        Comment.objects.filter(origin_id="2").mark_spam()
        Comment.objects.filter(origin_id="3").update(body="Mended.", edited_at=LONG_AGO)
        report = bring(post, node(2), node(3))
        assert report.unchanged == 2
        assert by_id()["2"].status == "spam"
        assert by_id()["3"].body == "Mended."

    def test_orphans_and_circles_come_in_at_the_top_and_are_named(self):
        records = [record(1, 99), record(2, 1), record(3, 4), record(4, 3), record(5, 5)]
        report = load(records, make_post(), "hackernews")
        assert report.created == 5
        assert [problem.node for problem in report.moved_up] == ["1", "3", "5"]
        comments = by_id()
        assert [number for number, comment in comments.items() if comment.parent is None] == ["1", "3", "5"]
        assert comments["4"].parent == comments["3"]

    def test_an_orphan_finds_its_parent_later_and_replies_from_here_follow(self):
        post = make_post()
        load([record(2, 1), record(3, 2)], post, "hackernews")
        local = make_comment(parent=by_id()["3"])
        report = load([record(1), record(2, 1), record(3, 2)], post, "hackernews")
        assert (report.created, report.updated, report.unchanged) == (1, 2, 0)
        local.refresh_from_db()
        assert (local.root, local.depth) == (by_id()["1"], 3)

    def test_a_reply_finds_a_parent_that_came_in_before(self):
        post = make_post()
        load([record(1), record(2, 1)], post, "hackernews")
        report = load([record(3, 2)], post, "hackernews")
        assert not report.moved_up
        assert by_id()["3"].root == by_id()["1"]

    def test_a_comment_is_in_one_discussion_only(self):
        first, second = make_post(), make_post()
        bring(first, node(2), node(3))
        report = bring(second, node(2), node(4))
        assert (report.created, len(report.problems)) == (1, 1)
        assert by_id()["2"].target == first

    def test_a_thousand_comments_take_few_queries(self, django_assert_max_num_queries):
        nodes = [
            node(number, *(node(number * 1000 + below) for below in range(9))) for number in range(2, 102)
        ]
        with django_assert_max_num_queries(45):
            assert bring(make_post(), *nodes).created == 1000

    def test_nothing_in_an_imported_comment_is_trusted(self):
        bring(make_post(), node(2, text="<script>alert(1)</script>\x00a", author="<b>\x00x" + "y" * 200))
        comment = by_id()["2"]
        assert comment.body_html == "<p>a</p>"
        assert comment.author_name.startswith("<b>xy")
        assert len(comment.author_name) == 100


@pytest.mark.django_db
class TestTheCommand:
    def test_it_brings_a_file_to_the_post_and_counts(self, capsys):
        make_post(slug="keeping")
        call_command("import_comments", "hackernews", SAMPLE, post="keeping")
        assert "5 comments created, 0 updated, 0 unchanged" in capsys.readouterr().out
        call_command("import_comments", "hackernews", SAMPLE, post="keeping")
        assert "0 comments created, 0 updated, 5 unchanged" in capsys.readouterr().out

    def test_a_post_is_found_by_its_path_too(self):
        post = make_post(slug="keeping")
        call_command("import_comments", "hackernews", SAMPLE, post=post.get_absolute_url(), verbosity=0)
        assert post.comments.count() == 5

    def test_it_cannot_start_without_post_or_file(self, tmp_path):
        make_post(slug="keeping")
        for source, post in ((SAMPLE, "nowhere"), (tmp_path / "none.json", "keeping")):
            with pytest.raises(CommandError) as error:
                call_command("import_comments", "hackernews", source, post=post)
            assert error.value.returncode == 2

    def test_what_was_left_out_is_named_and_the_status_says_so(self, tmp_path, capsys):
        make_post(slug="keeping")
        path = tmp_path / "item.json"
        path.write_text(json.dumps(story(node(2), node(7, type="pollopt"))))
        with pytest.raises(CommandError) as error:
            call_command("import_comments", "hackernews", path, post="keeping")
        assert error.value.returncode == 1
        assert "7: is a pollopt, not a comment" in capsys.readouterr().err
        assert Comment.objects.count() == 1


def test_deleted_node_without_a_time_takes_the_time_of_what_it_answers():
    reply = {
        "id": 4,
        "author": "b",
        "text": "Still here",
        "created_at": "2024-01-03T00:00:00Z",
        "children": [],
    }
    gone = {"id": 3, "children": [reply]}
    first = {
        "id": 2,
        "author": "a",
        "text": "First",
        "created_at": "2024-01-02T00:00:00Z",
        "children": [gone],
    }
    story = {"id": 1, "type": "story", "created_at": "2024-01-01T00:00:00Z", "children": [first, {"id": 5}]}
    found = {comment.origin_id: comment for comment in hackernews.comments_of(story)}
    assert found["3"].is_removed and found["3"].created_at == found["2"].created_at
    assert found["4"].parent_id == "3"
    assert found["5"].created_at.isoformat() == "2024-01-01T00:00:00+00:00"
