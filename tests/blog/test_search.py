from datetime import UTC, datetime, timedelta

import pytest
from bs4 import BeautifulSoup
from django.contrib.contenttypes.models import ContentType
from django.core.management import call_command
from django.db import connection
from django.utils.timezone import now

from blog.models import Post
from blog.search import MOST, index, search
from blog.search.words import fold
from comments.models import Comment
from tests.factories import make_comment, make_page, make_post

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def known_kinds():
    """The kinds of target are asked for once a process, not once a search."""
    ContentType.objects.get_for_models(Post, Comment)


def found(query, **narrowed):
    results = search(query, **narrowed)
    urls = [hit.url for hit in results]
    assert len(urls) == len(results)
    return urls


# What is found


def test_posts_pages_and_comments_are_found():
    post = make_post("A walk", body="We saw a heron.")
    page = make_page("Birds", body="The heron stands still.")
    comment = make_comment(post, body="That was no **heron**.")
    assert set(found("heron")) == {post.path, page.path, comment.get_absolute_url()}
    assert {hit.kind for hit in search("heron")} == {"post", "page", "comment"}


def test_all_words_must_be_there():
    both = make_post(body="A heron and a stork.")
    make_post(body="A heron alone.")
    assert found("stork heron") == [both.path]


def test_title_and_text_together_have_the_words():
    post = make_post("Storks", body="Seen beside a heron.")
    assert found("storks heron") == [post.path]


def test_last_word_may_be_unfinished_but_no_other():
    post = make_post(body="A moderation queue.")
    assert found("moder") == [post.path]
    assert found("queue moder") == [post.path]
    assert found("moder queue") == []


def test_words_in_quotes_stand_together():
    together = make_post(body="Plain files you own.")
    make_post(body="Own files are plain.")
    assert found('"plain files"') == [together.path]
    assert found("“plain files” own") == [together.path]
    assert len(found("plain files")) == 2


def test_quoted_word_is_not_a_beginning():
    make_post(body="Moderation.")
    assert found('"moder"') == []


def test_word_with_punctuation_inside_is_found_as_it_is_written():
    post = make_post(body="Don’t forget front-matter, e.g. in config.toml.")
    make_post(body="Matter at the front; toml; config.")
    assert found("front-matter") == [post.path]
    assert found("config.toml") == [post.path]
    assert found("don't") == [post.path]


@pytest.mark.parametrize(
    ("written", "asked"),
    [
        ("Crème brûlée", "creme BRULEE"),
        ("creme brulee", "crème brûlée"),
        ("Łódź and Ærø", "lodz aero"),
        ("Große Straße", "grosse strasse"),
        ("ΟΔΥΣΣΕΥΣ", "οδυσσευς"),
        ("ВОЙНА и мир", "война"),
        ("e\u0301cole", "école"),
        ("ﬁnal ｆｕｌｌ", "final full"),
        ("co\u00adoperate", "cooperate"),
        ("नमस्ते दुनिया", "दुनिया"),
    ],
)
def test_case_and_accents_do_not_matter(written, asked):
    post = make_post(body=written)
    assert found(asked) == [post.path]
    assert "<mark>" in search(asked)[0].snippet or "\u00ad" in written


@pytest.mark.parametrize(
    "asked", ["日本", "本語", "日本語", "語", "検索", "全文検索", "Django入門", '"日本語の"']
)
def test_neighbours_in_a_script_without_spaces_are_found(asked):
    post = make_post(body="日本語の全文検索とDjango入門。")
    assert found(asked) == [post.path]
    assert "<mark>" in search(asked)[0].snippet


def test_characters_that_are_not_neighbours_are_not_found():
    make_post(body="日本語の全文検索")
    assert found("日語") == []


def test_two_syllables_inside_a_korean_word_are_found():
    post = make_post(body="검색엔진을 만들다")
    assert found("엔진") == [post.path]


# Order


def test_title_weighs_more_than_text():
    in_text = make_post("Notes", body="heron " * 5 + "and more words about the day")
    in_title = make_post("The heron", body="Nothing else to say about that day.")
    assert found("heron") == [in_title.path, in_text.path]


def test_post_comes_before_the_comments_on_it():
    post = make_post(body="A heron.")
    comment = make_comment(post, body="A heron.")
    assert found("heron") == [post.path, comment.get_absolute_url()]


def test_newer_comes_first_among_equals():
    paths = [
        make_post(f"N{days}", body="A heron.", published_at=now() - timedelta(days=days)).path
        for days in (30, 10, 20)
    ]
    assert found("heron") == [paths[1], paths[2], paths[0]]


def test_of_very_many_hits_the_newest_are_ranked(monkeypatch):
    monkeypatch.setattr("blog.search.MOST", 3)
    for days in (50, 40, 30, 20, 10):
        make_post(f"N{days}", body="A heron.", published_at=now() - timedelta(days=days))
    results = search("heron")
    assert results.is_capped
    assert [hit.title for hit in results] == ["N10", "N20", "N30"]


# Who may read


def test_what_strangers_may_not_read_is_not_found():
    tomorrow, yesterday = now() + timedelta(days=1), now() - timedelta(days=1)
    hidden = [
        make_post(body="heron", draft=True),
        make_post(body="heron", published_at=tomorrow),
        make_post(body="heron", expires_at=yesterday),
        make_post(body="heron", listed=False),
        make_page(body="heron", draft=True),
    ]
    for entry in hidden:
        make_comment(entry, body="heron")
    for status in (Comment.Status.PENDING, Comment.Status.SPAM, Comment.Status.REMOVED):
        make_comment(body="heron", status=status)
    assert found("heron") == []


def test_scheduled_post_is_found_when_its_hour_has_come(time_machine):
    post = make_post(body="heron", published_at=now() + timedelta(days=1))
    assert found("heron") == []
    time_machine.move_to(now() + timedelta(days=2))
    assert found("heron") == [post.path]


def test_tag_and_year_narrow_the_search():
    tagged = make_post(body="heron", tags=["birds"], published_at=datetime(2020, 6, 1, tzinfo=UTC))
    other = make_post(body="heron", published_at=datetime(2021, 6, 1, tzinfo=UTC))
    make_page(body="heron")
    assert found("heron", tag="birds") == [tagged.path]
    assert found("heron", year=2021) == [other.path]
    assert found("heron", tag="birds", year=2021) == []


# In step


def test_changed_text_is_found_and_the_old_is_not():
    post = make_post(body="heron")
    post.body = "stork"
    post.save()
    assert (found("stork"), found("heron")) == ([post.path], [])


def test_bulk_changes_are_seen():
    post = make_post("One", body="heron")
    Post.objects.bulk_create([Post(title="Two", path="/two/", slug="two", text="heron", draft=False)])
    assert set(found("heron")) == {post.path, "/two/"}
    Post.objects.filter(pk=post.pk).update(text="stork", published_at=now() - timedelta(days=700))
    assert (found("heron"), found("stork")) == (["/two/"], [post.path])
    Post.objects.all().delete()
    assert (found("heron"), found("stork")) == ([], [])


def test_comment_is_found_once_it_is_approved_and_gone_when_it_is_spam():
    comment = make_comment(body="heron", status=Comment.Status.PENDING)
    Comment.objects.all().approve()
    assert found("heron") == [comment.get_absolute_url()]
    Comment.objects.all().mark_spam()
    assert found("heron") == []


def test_markup_of_a_comment_is_not_text():
    make_comment(body="A **heron** & a [stork](https://example.org/)")
    assert (found("strong"), found("href"), found("amp")) == ([], [], [])
    assert "A <mark>heron</mark> &amp; a stork" in search("heron")[0].snippet


def test_dropped_trigger_comes_back_with_migrate_and_what_it_missed_is_found():
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            cursor.execute("DROP TRIGGER blog_search_blog_post_insert")
        else:
            cursor.execute("DROP TRIGGER blog_search_rows ON blog_post")
    missed = make_post(body="heron")
    assert found("heron") == []
    call_command("migrate", verbosity=0)
    assert found("heron") == [missed.path]
    later = make_post(body="heron")
    assert set(found("heron")) == {missed.path, later.path}


def drop_index():
    with connection.cursor() as cursor:
        cursor.execute("DROP TABLE blog_search")


def test_index_of_many_rows_is_filled_some_at_a_time_each_once(monkeypatch):
    monkeypatch.setattr(index, "AT_ONCE", 2)
    posts = [make_post(body="heron") for _ in range(5)]
    comments = [make_comment(posts[0], body=f"heron {number}") for number in range(3)]
    hidden = make_comment(posts[0], body="heron", status=Comment.Status.PENDING)
    drop_index()
    call_command("migrate", verbosity=0)
    assert len(found("heron")) == len(posts) + len(comments)
    hidden.status = Comment.Status.APPROVED
    hidden.save()
    assert len(found("heron")) == len(posts) + len(comments) + 1


def test_index_that_was_not_filled_to_its_end_is_made_again(monkeypatch):
    post = make_post(body="heron")
    drop_index()

    def killed(*arguments):
        raise KeyboardInterrupt

    with monkeypatch.context() as patched, pytest.raises(KeyboardInterrupt):
        patched.setattr(index, "_fill", killed)
        call_command("migrate", verbosity=0)
    assert not index.is_in_step()
    call_command("migrate", verbosity=0)
    assert index.is_in_step()
    assert found("heron") == [post.path]


def test_what_is_written_while_the_index_is_filled_is_in_it_once(monkeypatch):
    post = make_post(body="heron")
    drop_index()
    fill = index._fill

    def fill_after_a_change(*arguments):
        post.body = "egret"
        post.save()
        fill(*arguments)

    monkeypatch.setattr(index, "_fill", fill_after_a_change)
    call_command("migrate", verbosity=0)
    assert found("heron") == []
    assert found("egret") == [post.path]


def test_index_that_is_right_is_not_made_again():
    call_command("migrate", verbosity=0)
    make_post(body="heron")
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM blog_search")
    call_command("migrate", verbosity=0)
    assert found("heron") == []


def test_text_without_end_is_saved_and_found_by_its_beginning():
    words = " ".join(f"w{number:x}" for number in range(60_000))
    characters = "".join(chr(0x4E00 + number * 37 % 20000) for number in range(190_000))
    Post.objects.bulk_create(
        [
            Post(title="Long", path="/long/", slug="l", guid="1", text=f"heron {words}", draft=False),
            Post(title="Han", path="/han/", slug="h", guid="2", text=f"heron {characters}", draft=False),
        ]
    )
    assert set(found("heron")) == {"/long/", "/han/"}
    assert found("w1f") == ["/long/"]


@pytest.mark.parametrize(
    "text",
    [
        "Plain ASCII, with-hyphens and_underscores; 3.14 and a@b.example",
        "ÀÉÎÕÜ łŁ øØ ß ẞ æŒ İı ς Σ",
        "日本語のテキスト、カタカナ・ひらがな ﾊﾝｶｸ 한국어 中文",
        "ภาษาไทย and မြန်မာ",
        "עברית־מקף العربية، الفارسية می‌خواهم हिन्दी। ",
        "emoji 🎉❤️ ½ ™ ﬁ ﷺ — “quotes” … a\u0301",
        "ЁЙ Ѓ ὈΔΥΣΣΕΎΣ Ǆ ŉ",
    ],
)
def test_database_folds_as_the_query_is_folded(text):
    with connection.cursor() as cursor:
        cursor.execute("SELECT commonplace_fold(%s)", [text])
        assert cursor.fetchone()[0].split() == fold(text).split()


# Odd questions


@pytest.mark.parametrize(
    "asked",
    [
        "",
        " ",
        '"',
        '""',
        '"""',
        "'",
        "*",
        "( ) { } ^ : - + ! & | < > <-> \\",
        "AND OR NOT NEAR",
        "NEAR(a b, 3)",
        "title:heron",
        "a OR b' --",
        "-heron",
        "%s %d {0}",
        "\x00heron\x00",
        "\ud800",
        "😀",
        "x" * 2000,
        "heron " * 400,
        '"' * 2000,
        "日" * 2000,
        "a\u0301" * 1000,
        "١٢٣",
        "c++ c# .net",
    ],
)
def test_no_question_is_an_error(asked, client):
    make_post(body="A heron, and or not near.")
    list(search(asked))
    assert client.get("/search/", {"q": asked.encode("utf-8", "replace")}).status_code == 200


def test_operators_are_only_words():
    post = make_post(body="title: this or that")
    assert found("title:this") == [post.path]
    assert found("that OR this") == [post.path]


# The page


def test_page_shows_what_was_found_and_keeps_the_question(client):
    post = make_post(
        "Herons & <others>", body="Before it. " * 40 + "A <em>Heron</em> & more. " + "After. " * 40
    )
    page = BeautifulSoup(client.get("/search/", {"q": "heron"}).content, "html.parser")
    hit = page.select_one("ol.results li")
    assert hit.a["href"] == post.path
    assert hit.a.text == "Herons & <others>"
    assert hit.find_all("mark")[-1].text == "Heron"
    assert hit.find_all("p")[-1].text.startswith("…")
    assert page.select_one("form[role=search] input[name=q]")["value"] == "heron"
    assert page.select_one("label[for=q]")
    assert page.select_one("link[rel=canonical]")["href"].endswith("/search/")


def test_page_links_keep_the_question(client):
    for _number in range(45):
        make_post(body="heron stork")
    page = BeautifulSoup(client.get("/search/?q=heron+stork&page=2").content, "html.parser")
    assert len(page.select("ol.results li")) == 20
    assert page.select_one("ol.results")["start"] == "21"
    following = page.select_one("a[rel=next]")["href"]
    last = BeautifulSoup(client.get(f"/search/{following}").content, "html.parser")
    assert len(last.select("ol.results li")) == 5
    assert client.get("/search/?q=heron&page=9").status_code == 404


def test_nothing_found_says_so_and_helps(client):
    page = BeautifulSoup(client.get("/search/", {"q": '<b>"no such'}).content, "html.parser")
    assert '<b>"no such' in page.main.text
    assert page.select("main ul li")
    assert not page.select("main b")


def test_search_takes_few_queries_however_much_is_found(client, django_assert_max_num_queries):
    assert MOST > 20
    for number in range(12):
        post = make_post(body="heron", tags=["birds"])
        make_page(body="heron", path=f"/p{number}/")
        make_comment(post, body="heron " * 9)
        make_comment(make_page(), body="heron " * 9)
    client.get("/search/?q=warm")
    with django_assert_max_num_queries(7):
        client.get("/search/?q=heron&page=2")


# Facets, on the page


def facets(client, address):
    page = BeautifulSoup(client.get(address).content, "html.parser")
    titles = [link.text for link in page.select(".results h2 a")]
    return titles, {link.text.strip(): link["href"] for link in page.select(".facets a")}


def test_results_are_narrowed_by_tag_and_year_and_widened_again(client):
    make_post("Old pear", tags=["Fruit"], published_at=datetime(2020, 5, 1, tzinfo=UTC))
    make_post("New pear", tags=["Fruit", "C++"], published_at=datetime(2024, 5, 1, tzinfo=UTC))
    make_post("Pear tree", published_at=datetime(2024, 6, 1, tzinfo=UTC))
    titles, links = facets(client, "/search/?q=pear")
    assert len(titles) == 3
    assert list(links) == ["2024", "2020", "#Fruit", "#C++"]
    titles, _links = facets(client, f"/search/{links['#C++']}")
    assert titles == ["New pear"]
    titles, links = facets(client, f"/search/{links['2024']}")
    assert sorted(titles) == ["New pear", "Pear tree"]
    titles, _links = facets(client, f"/search/{links['2024 ×']}")
    assert len(titles) == 3


@pytest.mark.parametrize(
    "nonsense", ["year=x", "year=0", "year=99999", "year=٢٠٢٠", "tag=%00", "tag=none", "page=x"]
)
def test_nonsense_in_the_address_is_no_error(client, nonsense):
    make_post("Pear")
    assert client.get(f"/search/?q=pear&{nonsense}").status_code in (200, 404)
