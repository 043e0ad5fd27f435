import gzip
from datetime import UTC, datetime
from pathlib import Path

import pytest
from bs4 import BeautifulSoup
from django.core.management import CommandError, call_command

from blog.models import Alias
from comments.importers import disqus
from comments.importers.records import Problem, SourceError
from comments.models import Comment
from tests.factories import make_post

SAMPLE = Path(__file__).parent.parent / "data" / "comments" / "disqus.xml"
HEAD = '<disqus xmlns="http://disqus.com" xmlns:dsq="http://disqus.com/disqus-internals">'


def bring(source=SAMPLE, **options):
    call_command("import_comments", "disqus", source, **options)


def by_id():
    return {comment.origin_id: comment for comment in Comment.objects.select_related("parent", "root")}


def write(tmp_path, text):
    path = tmp_path / "export.xml"
    path.write_text(text)
    return path


def post_with(message, key="1"):
    return (
        f'<post dsq:id="{key}"><message><![CDATA[{message}]]></message><createdAt>2019-03-02T10:11:12Z</createdAt>'
        "<isDeleted>false</isDeleted><isSpam>false</isSpam><author><name>Ada</name></author>"
        '<thread dsq:id="501"/></post>'
    )


def message_of(tmp_path, message):
    [item] = disqus.read(write(tmp_path, f"{HEAD}{post_with(message)}</disqus>"))
    return item.html


def test_a_link_leads_where_it_was_meant_to_and_not_by_a_counter_of_clicks(tmp_path):
    counted = (
        "http://disq.us/url?url=https%3A%2F%2Fa.example%2Fb%3Ac%26d%3APxLSP7AjU7-LLKjz3b1k2lZO5fc&amp;cuid=5"
    )
    html = message_of(tmp_path, f'<a href="{counted}" rel="nofollow">there</a>')
    assert html == '<a href="https://a.example/b:c&amp;d" rel="nofollow">there</a>'
    hostile = '<a href="http://disq.us/url?url=javascript%3Aalert(1)%3APxLSP7AjU7-LLKjz3b1k2lZO5fc">x</a>'
    assert message_of(tmp_path, hostile) == hostile


def test_an_image_is_still_found_behind_a_link(tmp_path):
    html = message_of(
        tmp_path,
        'See <img alt="a" src="https://a.example/1.png"> <a href="/2"><img src=\'https://a.example/2.png\'/></a>',
    )
    assert html == (
        'See <a href="https://a.example/1.png">https://a.example/1.png</a> <a href="/2">https://a.example/2.png</a>'
    )


def test_an_export_may_be_packed_as_it_was_sent(tmp_path):
    packed = tmp_path / "export.xml.gz"
    packed.write_bytes(gzip.compress(SAMPLE.read_bytes()))
    assert list(disqus.read(packed)) == list(disqus.read(SAMPLE))
    packed.write_bytes(packed.read_bytes()[:200])
    with pytest.raises(SourceError):
        disqus.read_threads(packed)


@pytest.mark.django_db
def test_of_two_posts_with_one_id_the_first_is_taken_and_the_other_named(tmp_path, capsys):
    post = make_post(slug="bees")
    both = write(tmp_path, f"{HEAD}{post_with('One.')}{post_with('Two.')}</disqus>")
    with pytest.raises(CommandError, match="Left out: 1"):
        bring(both, post=post.slug)
    assert Comment.objects.get().body == "One."
    told = capsys.readouterr()
    assert "1: stands in the source more than once" in told.err and "1 comment created" in told.out


def test_threads_that_nobody_answered_are_left_out():
    assert [thread.id for thread in disqus.read_threads(SAMPLE)] == ["501", "502"]


def test_every_post_becomes_a_record_with_author_time_and_parent():
    records = {item.origin_id: item for item in disqus.read(SAMPLE)}
    assert list(records) == [str(number) for number in range(9001, 9008)]
    assert records["9001"].created_at == datetime(2019, 3, 2, 10, 11, 12, tzinfo=UTC)
    assert (records["9001"].author_name, records["9001"].author_email) == ("Ada", "ada@example.org")
    assert records["9002"].parent_id == "9001"
    assert records["9002"].url == "https://old.example/2019/keeping-bees.html#comment-9002"
    assert records["9003"].is_removed and "regret" not in records["9003"].html
    assert records["9004"].author_name == ""
    assert records["9005"].is_spam


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("<disqus", "is not XML"),
        ("<rss/>", "no export of Disqus"),
        ('<!DOCTYPE d [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;&a;">]>' + HEAD + "&b;</disqus>", "entities"),
        ('<!DOCTYPE d [<!ENTITY f SYSTEM "file:///etc/passwd">]>' + HEAD + "&f;</disqus>", "entities"),
        ('<!DOCTYPE d SYSTEM "http://127.0.0.1:9/x.dtd">' + HEAD + "</disqus>", "document type"),
    ],
)
def test_a_file_that_is_something_else_or_means_harm_is_refused_with_a_sentence(tmp_path, text, says):
    with pytest.raises(SourceError, match=says):
        disqus.read_threads(write(tmp_path, text))


def test_a_file_that_is_not_there_is_named(tmp_path):
    with pytest.raises(SourceError, match="cannot be read"):
        disqus.read_threads(tmp_path / "none.xml")


def test_a_post_without_id_or_time_is_named_and_left_out(tmp_path):
    posts = '<post><thread dsq:id="1"/></post><post dsq:id="7"><createdAt>soon</createdAt></post>'
    found = list(disqus.read(write(tmp_path, f"{HEAD}{posts}</disqus>")))
    assert [(type(item), item.reason) for item in found] == [
        (Problem, "has no id"),
        (Problem, "has no time that can be read"),
    ]


@pytest.mark.django_db
@pytest.mark.parametrize("place", ["path", "alias", "slug"])
def test_a_thread_finds_its_text_by_the_old_address(place, capsys):
    post = make_post("Bees", slug="keeping-bees" if place == "slug" else "bees")
    if place == "path":
        type(post).objects.filter(pk=post.pk).update(path="/2019/keeping-bees/")
    if place == "alias":
        Alias.objects.create(path="/2019/keeping-bees.html", post=post)
    with pytest.raises(CommandError, match="Left out: 1"):
        bring()
    assert post.comments.count() == 6
    told = capsys.readouterr()
    assert "thread 502: 1 comment on “Gone” (https://old.example/gone/): no such text here" in told.err
    assert "9006: answers 8999, which is missing" in told.err
    assert "6 comments created" in told.out and "1 moved to the top level" in told.out


@pytest.mark.django_db
def test_what_was_nested_deleted_anonymous_or_spam_still_is(client):
    post = make_post(slug="keeping-bees")
    bring(post="keeping-bees")
    found = by_id()
    assert found["9004"].parent.parent == found["9002"]
    assert (found["9004"].root, found["9004"].depth) == (found["9001"], 3)
    assert found["9004"].author_name == "unknown"
    assert (found["9003"].status, found["9003"].body) == ("removed", "")
    assert found["9005"].status == "spam"
    assert found["9006"].parent is None
    page = BeautifulSoup(client.get(post.get_absolute_url()).content, "html.parser").find(id="comments")
    text = page.get_text()
    assert "How many hives?" in text and "Nobody regrets honey." in text
    assert "I regret this" not in text and "watches" not in text
    assert not page.find("script") and "ada@example.org" not in str(page)
    origin = page.find("a", href="https://old.example/2019/keeping-bees.html#comment-9001")
    assert origin.get_text() == "Disqus"


@pytest.mark.django_db
def test_running_it_again_changes_nothing(capsys):
    make_post(slug="keeping-bees")
    bring(post="keeping-bees")
    before = list(Comment.objects.order_by("pk").values())
    bring(post="keeping-bees")
    assert list(Comment.objects.order_by("pk").values()) == before
    assert "0 comments created, 0 updated, 6 unchanged" in capsys.readouterr().out


@pytest.mark.django_db
def test_a_post_that_no_thread_belongs_to_gets_none():
    make_post(slug="another")
    with pytest.raises(CommandError, match="None of the 2 threads"):
        bring(post="another")
    assert not Comment.objects.exists()


@pytest.mark.django_db
def test_nobody_is_written_to_about_what_is_brought_in():
    from comments.worker import work_off

    make_post(slug="keeping-bees")
    bring(post="keeping-bees")
    assert work_off() == 0
