"""The flat items of the official API say the same as the nested item of the search API."""

import json

import pytest
from django.core.management import CommandError, call_command

from comments.importers import hackernews
from comments.importers.load import load
from comments.importers.records import Problem, SourceError
from comments.models import Comment
from tests.comments.test_import_hackernews import SAMPLE
from tests.factories import make_post


def item(number, parent=None, **fields):
    found = {"id": number, "type": "comment", "by": f"user{number}", "text": f"Words {number}."}
    return found | {"time": 1_600_000_000 + number, "parent": parent} | fields


STORY = {"id": 1, "type": "story", "by": "teller", "time": 1_600_000_000, "title": "A story", "kids": [2, 3]}
ITEMS = [
    STORY,
    item(3, 1),
    item(2, 1, kids=[4]),
    item(4, 2, deleted=True, by=None, text=None, kids=[5]),
    item(5, 4, dead=True, text="[flagged]"),
]


def flattened(node, parent=None):
    yield {
        "id": node["id"],
        "type": node["type"],
        "by": node.get("author"),
        "text": node.get("text"),
        "time": node.get("created_at_i"),
        "parent": parent,
        "kids": [child["id"] for child in node["children"]],
    }
    for child in node["children"]:
        yield from flattened(child, node["id"])


def records(found):
    return {record.origin_id: record for record in found if not isinstance(record, Problem)}


def problems(items):
    return [str(found) for found in hackernews.comments_among(items) if isinstance(found, Problem)]


@pytest.fixture(params=["array", "object", "lines", "folder"])
def source(request, tmp_path):
    path = tmp_path / "thread.json"
    if request.param == "array":
        path.write_text(json.dumps(ITEMS))
    elif request.param == "object":
        path.write_text(json.dumps({str(one["id"]): one for one in ITEMS}))
    elif request.param == "lines":
        path.write_text("\n".join(map(json.dumps, ITEMS)))
    else:
        for one in ITEMS:
            (tmp_path / f"{one['id']}.json").write_text(json.dumps(one))
        return tmp_path
    return path


def test_a_thread_is_read_from_any_shape(source):
    found = records(hackernews.read(source))
    assert {key: record.parent_id for key, record in found.items()} == {"2": "", "3": "", "4": "2", "5": "4"}
    assert found["4"].is_removed
    assert found["5"].is_removed and found["5"].html == ""
    assert found["2"].created_at.timestamp() == 1_600_000_002


def test_both_forms_of_one_thread_say_the_same():
    nested = json.loads(SAMPLE.read_bytes())
    flat = records(hackernews.comments_among(list(flattened(nested))))
    for key, record in records(hackernews.read(SAMPLE)).items():
        if not record.is_removed:  # nested, a deleted node takes the time of what it answers
            assert flat[key] == record


def test_without_the_story_the_oldest_missing_parent_is_taken_for_it():
    found = records(hackernews.comments_among(ITEMS[1:]))
    assert [key for key, record in found.items() if not record.parent_id] == ["2", "3"]


@pytest.mark.django_db
def test_orphans_and_circles_are_shown_and_counted():
    lost = [item(10, 99), item(11, 12), item(12, 11)]
    report = load(hackernews.comments_among([*ITEMS, *lost]), make_post(), "hackernews")
    assert report.created == 7
    assert [problem.node for problem in report.moved_up] == ["10", "11"]
    assert Comment.objects.get(origin_id="12").parent.origin_id == "11"


def test_kids_that_are_missing_and_items_that_are_nothing_are_named():
    odd = [item(2, 1, kids=[7]), None, {}, item(2, 1)]
    assert problems(odd[:3]) == [
        "item 2: is empty or has no id",
        "item 3: is empty or has no id",
        "7: is named as a reply to 2, but is not in the source",
    ]
    assert "2: stands in the source more than once; the last was taken" in problems(odd)


def test_two_stories_are_two_discussions():
    with pytest.raises(SourceError, match="2 stories"):
        list(hackernews.comments_among([STORY, STORY | {"id": 7}]))


def test_a_folder_without_items_is_refused(tmp_path):
    with pytest.raises(SourceError, match="no JSON files"):
        list(hackernews.read(tmp_path))
    (tmp_path / "1.json").write_text("{")
    with pytest.raises(SourceError, match="1.json is not JSON"):
        list(hackernews.read(tmp_path))


@pytest.mark.django_db
def test_the_command_reads_a_folder_and_again_without_duplicates(source, capsys):
    make_post(slug="keeping")
    for _ in range(2):
        call_command("import_comments", "hackernews", source, post="keeping")
    assert Comment.objects.count() == 4
    assert "4 unchanged" in capsys.readouterr().out


@pytest.mark.django_db
def test_without_a_post_the_command_asks_for_one():
    with pytest.raises(CommandError, match="--post SLUG") as error:
        call_command("import_comments", "hackernews", SAMPLE)
    assert error.value.returncode == 2
