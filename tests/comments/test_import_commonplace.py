"""A discussion as the site itself writes it, read back by the command."""

import json

import pytest
from django.core.management import CommandError, call_command

from comments.exporters import as_data
from comments.models import Comment
from tests.factories import make_comment, make_post

pytestmark = pytest.mark.django_db


@pytest.fixture
def data():
    post = make_post("On keeping", slug="keeping")
    first = make_comment(post, author_name="Ada", body="*One*, and no more.")
    make_comment(parent=first, author_name="Tom", body="> One, and no more.\n\nTwo.")
    return as_data(post)


def bring(tmp_path, data, post="keeping"):
    file = tmp_path / "discussion.json"
    file.write_text(data if isinstance(data, str) else json.dumps(data))
    call_command("import_comments", "commonplace", file, post=post)


def test_a_file_comes_in_with_its_ids_and_again_without_duplicates(tmp_path, data, capsys):
    before = list(Comment.objects.values("pk", "guid", "parent", "root", "depth", "body_html", "created_at"))
    Comment.objects.filter(depth=1).delete()
    Comment.objects.all().delete()
    for _time in range(2):
        bring(tmp_path, data)
    assert list(Comment.objects.values(*before[0])) == before
    assert Comment.objects.get(depth=1).quotes.count() == 1
    assert "2 comments created" in (told := capsys.readouterr().out) and "2 unchanged" in told


def test_a_copy_and_a_file_of_before_get_identities_of_their_own(tmp_path, data):
    make_post(slug="other")
    copied, older = ({**item, "id": str(900 + number)} for number, item in enumerate(data["comments"]))
    older |= {"parent": None}
    del older["guid"]
    bring(tmp_path, data | {"comments": [copied, older, copied | {"id": "902", "author": "Twice"}]}, "other")
    guids = list(Comment.objects.order_by("pk").values_list("guid", flat=True))
    assert len(set(guids)) == 5
    assert guids[3].endswith("/comments/901/"), "as feeds had it then"


@pytest.mark.parametrize("guid", ["no address", "x:" + "y" * 300, 7, None])
def test_what_is_no_identity_is_replaced_by_one(tmp_path, data, guid):
    make_post(slug="other")
    item = data["comments"][0] | {"id": "no number", "guid": guid}
    bring(tmp_path, data | {"comments": [item]}, post="other")
    assert Comment.objects.latest("pk").guid.startswith("urn:uuid:")


def test_orphans_and_circles_come_in_at_the_top_and_are_named(tmp_path, data, capsys):
    make_post(slug="other")
    first, second = data["comments"]
    first |= {"id": "900", "parent": "901", "author": "Circle"}
    second |= {"id": "901", "parent": "900"}
    third = second | {"id": "902", "parent": "7777", "author": "Orphan"}
    bring(tmp_path, data | {"comments": [first, second, third]}, post="other")
    circle = Comment.objects.get(author_name="Circle")
    assert circle.parent is None and circle.replies.get().pk == 901
    assert Comment.objects.get(author_name="Orphan").parent is None
    captured = capsys.readouterr()
    assert "2 moved to the top level" in captured.out
    assert "900: answers 901" in captured.err and "902: answers 7777" in captured.err


def test_no_html_of_a_file_is_trusted(tmp_path, data):
    make_post(slug="other")
    item = data["comments"][0] | {"id": "900", "body": "<b>x</b> [y](javascript:z)", "html": "<script>"}
    bring(tmp_path, data | {"comments": [item]}, post="other")
    assert Comment.objects.get(pk=900).body_html == "<p>&lt;b&gt;x&lt;/b&gt; [y](javascript:z)</p>"


def test_an_item_that_says_nothing_is_named_and_the_rest_comes_in(tmp_path, data, capsys):
    make_post(slug="other")
    odd = [
        data["comments"][0] | {"id": "900"},
        {"id": "901"},
        None,
        data["comments"][0] | {"created_at": "2024-01-01"},
    ]
    with pytest.raises(CommandError, match="Left out: 3") as error:
        bring(tmp_path, data | {"comments": odd}, post="other")
    assert error.value.returncode == 1
    assert Comment.objects.filter(pk=900).exists()
    assert "901" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("content", "says"),
    [
        ("{", "cannot be read"),
        ("[]", "no discussion that export_content wrote"),
        ('{"format": "commonplace discussion", "version": 99, "comments": []}', "has version 99"),
    ],
)
def test_a_file_that_is_something_else_is_refused_with_a_sentence(tmp_path, data, content, says):
    with pytest.raises(CommandError, match=says) as error:
        bring(tmp_path, content)
    assert error.value.returncode == 2
