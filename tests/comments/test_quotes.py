"""A quote is led back to the words it repeats, or left alone."""

import pytest
from bs4 import BeautifulSoup
from hypothesis import given
from hypothesis import strategies as st

from comments import passages, quotes
from comments.models import Comment, Quote
from comments.passages import Passage
from tests.benchmarks import quotes as benchmark
from tests.factories import make_comment, make_post

PARENT = "<p>Ada said it first. You can visit, you cannot keep the key. A naïve view – don’t you think?</p>"
GRANDPARENT = "<p>I moved the comments twice in one decade, and lost them both times.</p>"
TEXT = (
    "<h2>Weather</h2><p>Comments come, comments <em>go</em>, and nobody writes to the archivist"
    '<sup><a class="footnote-ref" href="#fn:1">1</a></sup> when they are gone.</p><pre><code>make run</code></pre>'
)
SOURCES = [
    quotes.source("parent", PARENT),
    quotes.source("grandparent", GRANDPARENT),
    quotes.source("text", TEXT, is_target=True),
]


def find(*texts, sources=SOURCES):
    html = "".join(f"<blockquote><p>{text}</p></blockquote>" for text in texts)
    found = quotes.find_all(html, sources)
    return [(f.key, f.passage.exact) if f else None for f in found]


def test_a_quote_finds_the_words_it_repeats():
    assert find("You can visit, you cannot keep the key.") == [
        ("parent", "You can visit, you cannot keep the key.")
    ]
    assert find("lost them both times") == [("grandparent", "lost them both times.")]


@pytest.mark.parametrize(
    "text",
    [
        "YOU CAN VISIT,\nyou   cannot keep the key",
        "You can visit -- you cannot keep the key...",
        "a naive view - don't you think?",
        "Ada wrote: You can visit, you cannot keep the key.",
        "You can vist, you cannot keep the keys",
    ],
    ids=["case and space", "dashes", "accents and apostrophes", "attribution", "slips of the pen"],
)
def test_small_differences_do_not_count(text):
    assert find(text)[0][0] == "parent"


def test_four_short_words_are_enough_where_they_were_said_once():
    first = quotes.source("first", "<p>The mark is older than you think.</p>")
    assert find("The mark is older …", sources=[*SOURCES, first]) == [("first", "The mark is older")]
    again = quotes.source("again", "<p>Nobody says the mark is older.</p>")
    assert find("The mark is older …", sources=[*SOURCES, first, again]) == [None]
    assert find("when they are gone") == [("text", "when they are gone.")]
    assert find("them both") == [None]


def test_words_are_found_across_markup_and_without_the_numbers_of_notes():
    assert find("comments go, and nobody writes to the archivist when they are gone") == [
        ("text", "comments go, and nobody writes to the archivist when they are gone.")
    ]


def test_what_was_left_out_in_the_middle_is_in_the_passage():
    assert find("I moved the comments twice […] and lost them both times.") == [
        ("grandparent", "I moved the comments twice in one decade, and lost them both times.")
    ]


def test_each_block_has_an_answer_of_its_own():
    found = find("nobody said this anywhere", "lost them both times", "keep the key")
    assert [f and f[0] for f in found] == [None, "grandparent", "parent"]


@pytest.mark.parametrize(
    "text",
    ["", "key", "the", "and you", "be me, reading comments", "You can visit Paris and keep the change"]
    + ["the key keep cannot you visit can You", "I lost my keys twice in one week and found them both times"],
)
def test_a_doubt_is_no_match(text):
    assert find(text) == [None]


def test_few_words_are_trusted_only_in_the_comment_that_is_answered_and_only_once():
    assert find("cannot keep")[0][0] == "parent"
    assert find("archivist gone", "the archivist") == [None, None]
    twice = quotes.source("parent", "<p>I cannot keep it. You cannot keep it.</p>")
    assert find("cannot keep", sources=[twice]) == [None]


def test_the_nearest_of_equals_is_meant_and_the_exact_before_the_near():
    echo = quotes.source("echo", GRANDPARENT)
    assert find("I moved the comments twice in one decade", sources=[echo, *SOURCES])[0][0] == "echo"
    misquote = quotes.source("misquote", "<p>You moved the comments twice in a decade, did you?</p>")
    assert (
        find("I moved the comments twice in one decade", sources=[misquote, *SOURCES])[0][0] == "grandparent"
    )


def test_who_said_it_comes_before_who_quoted_it():
    quoting = quotes.source("quoting", "<blockquote><p>lost them both times</p></blockquote><p>Sad.</p>")
    assert find("lost them both times", sources=[quoting, *SOURCES])[0][0] == "grandparent"
    assert find("lost them both times", sources=[quoting])[0][0] == "quoting"


def test_a_quote_inside_a_quote_is_another_block():
    html = "<blockquote><p>outer words</p><blockquote><p>inner</p></blockquote><p>again</p></blockquote>"
    assert [text.split() for text in passages.blocks(html)] == [["outer", "words", "again"], ["inner"]]


def test_text_without_spaces_is_compared_by_characters():
    source = quotes.source("parent", "<p>古池や蛙飛びこむ水の音、と芭蕉は書いた。</p>")
    assert find("蛙飛びこむ水の音", sources=[source]) == [("parent", "蛙飛びこむ水の音")]
    assert find("蛙飛びこむ夜の月に", sources=[source]) == [None]


def test_precision_and_recall_hold_on_threads_that_were_built():
    precision, recall = benchmark.measures(benchmark.run(rounds=40))
    assert precision > 0.99
    assert recall > 0.92


@given(st.lists(st.text(alphabet="ab <>&;/\"'=p\n", max_size=30), max_size=6))
def test_any_html_whatever_is_walked_through(parts):
    html = "<blockquote>".join(parts)
    quotes.find_all(html, [quotes.source(1, html)])
    marked, _found = passages.mark(html, {"k": Passage("a b")})
    assert (
        marked.replace('<mark class="quoted" id="k">', "")
        .replace('<mark class="quoted" data-of="k">', "")
        .replace("</mark>", "")
        == html
    )


# Passages in HTML


def test_a_passage_is_marked_through_tags_and_the_rest_stays_as_it_was():
    html, found = passages.mark(
        TEXT, {"one": Passage("comments go, and nobody writes"), "two": Passage("nope")}
    )
    assert found == {"one"}
    assert BeautifulSoup(html, "html.parser").get_text() == BeautifulSoup(TEXT, "html.parser").get_text()
    marks = BeautifulSoup(html, "html.parser").find_all("mark")
    assert [mark.get("id") for mark in marks] == ["one", None, None]
    assert [mark.get("data-of") for mark in marks] == [None, "one", "one"]
    assert "".join(mark.get_text() for mark in marks) == "comments go, and nobody writes"


def test_characters_that_are_written_as_entities_are_counted_as_one():
    html = "<p>Tom &amp; Jerry &lt;3 cheese &amp; wine</p>"
    marked, _found = passages.mark(html, {"k": Passage("<3 cheese &")})
    assert marked == '<p>Tom &amp; Jerry <mark class="quoted" id="k">&lt;3 cheese &amp;</mark> wine</p>'


def test_words_that_are_also_tags_or_entities_are_sought_in_the_text_alone():
    html = "<p>so<br>b &amp; c, br amp p</p>"
    for word in ("br", "amp", "p"):
        marked, _found = passages.mark(html, {"k": Passage(word)})
        assert BeautifulSoup(marked, "html.parser").get_text() == "sob & c, br amp p"
        assert BeautifulSoup(marked, "html.parser").mark.get_text() == word
    assert passages.mark("<p>so<br>b</p>", {"k": Passage("br")})[1] == set()


def test_attributes_are_no_text():
    html = '<p><a href="/?said yes">link</a></p>'
    assert passages.mark(html, {"k": Passage("said yes")}) == (html, set())


def test_of_two_equal_places_the_surroundings_decide():
    html = "<p>one day we said yes to it, and later we said yes to them</p>"
    marked, _found = passages.mark(html, {"k": Passage("said yes", "later we", "to them")})
    assert marked.endswith('later we <mark class="quoted" id="k">said yes</mark> to them</p>')


def test_passages_may_overlap():
    html, found = passages.mark("<p>a b c d</p>", {"one": Passage("a b c"), "two": Passage("b c d")})
    assert found == {"one", "two"}
    soup = BeautifulSoup(html, "html.parser")
    assert soup.get_text() == "a b c d"
    assert soup.find(id="one").get_text() == "a "
    assert soup.find(id="two").get_text() == "b c"


def test_programs_and_drawings_are_not_text():
    html = (
        "<script>said yes</script><svg><text>said yes</text></svg><!-- said yes --><p title='said yes'>-</p>"
    )
    assert passages.mark(html, {"k": Passage("said yes")}) == (html, set())


def test_a_quote_becomes_a_link_or_bears_one():
    plain = "<blockquote><p>words</p></blockquote>"
    assert passages.link_blocks(plain, {0: "#there"}, "There") == (
        '<blockquote class="q"><a href="#there"><p>words</p></a></blockquote>'
    )
    linked = '<blockquote><p><a href="x">words</a></p></blockquote>'
    assert passages.link_blocks(linked, {0: "#there"}, "There") == (
        '<blockquote class="q"><p><a href="x">words</a></p>'
        '<p class="arrow"><a href="#there">There</a></p></blockquote>'
    )
    nested = "<blockquote>a<blockquote>b</blockquote></blockquote>"
    html = BeautifulSoup(passages.link_blocks(nested, {0: "#a", 1: "#b"}, "There"), "html.parser")
    assert [a["href"] for a in html.find_all("a")] == ["#b", "#a"]
    assert not html.select("a a")


# In the database


@pytest.fixture
def post(db):
    return make_post(
        "On keeping", body=" Comments come, comments *go*, and nobody writes.", discussion="open"
    )


def stored():
    return [(q.comment_id, q.position, q.source_id, q.exact) for q in Quote.objects.all()]


def test_a_comment_that_is_saved_knows_what_it_quotes(post):
    parent = make_comment(post, body="You can visit, you cannot keep the key.")
    between = make_comment(parent=parent, body="Hm.")
    reply = make_comment(
        parent=between, body="> comments come, comments go\n\nYes.\n\n> you cannot keep the key\n\nNo."
    )
    assert stored() == [
        (reply.pk, 0, None, "Comments come, comments go"),
        (reply.pk, 1, parent.pk, "you cannot keep the key."),
    ]


def test_only_what_stands_above_is_quoted(post):
    top = make_comment(post, body="First.")
    make_comment(parent=top, body="You can visit, you cannot keep the key.")
    make_comment(make_post(), body="Comments come, comments go, and nobody writes.")
    make_comment(parent=top, body="> You can visit, you cannot keep the key.\n\n?")
    assert stored() == []


@pytest.mark.parametrize("status", ["pending", "spam", "removed"])
def test_what_is_hidden_is_not_quoted(post, status):
    parent = make_comment(post, body="You can visit, you cannot keep the key.", status=status)
    make_comment(parent=parent, body="> You can visit, you cannot keep the key.\n\n?")
    assert stored() == []


def test_quotes_are_sought_again_when_the_quoting_words_change_and_only_then(post):
    parent = make_comment(post, body="You can visit, you cannot keep the key.")
    reply = make_comment(parent=parent, body="> you cannot keep the key\n\nNo.")
    Comment.objects.filter(pk=parent.pk).update(body="Changed.", body_html="<p>Changed.</p>")
    reply.refresh_from_db()
    reply.save()
    assert len(stored()) == 1
    reply.body = "No."
    reply.save()
    assert stored() == []


def test_a_comment_without_a_quote_costs_nothing(post, django_assert_num_queries):
    comment = Comment(target=post, author_name="Ada", body="Just words.", status="approved")
    with django_assert_num_queries(1):
        comment.save()


def test_a_discussion_that_is_brought_in_knows_its_quotes(post):
    from datetime import UTC, datetime

    from comments.importers.load import load
    from comments.importers.records import ImportedComment

    def record(origin_id, parent_id, html):
        return ImportedComment(origin_id, parent_id, "Lin", html, datetime(2024, 5, 1, tzinfo=UTC), "")

    records = [
        record("1", "", "<p>&gt; so they say</p><p>&gt; Comments come, comments go</p>"),
        record("2", "1", "You can visit, you cannot keep the key."),
        record("3", "2", "<p>&gt; you cannot keep the key</p><p>Sure.</p>"),
    ]
    load(records, post, "hackernews")
    ids = dict(Comment.objects.values_list("origin_id", "pk"))
    sources = [(q.comment_id, q.source_id) for q in Quote.objects.all()]
    assert sources == [(ids["1"], None), (ids["3"], ids["2"])]
    load(records, post, "hackernews")
    assert Quote.objects.count() == 2


def test_words_that_are_repeated_without_end_are_looked_at_in_a_few_places_only(monkeypatch):
    compared = []
    monkeypatch.setattr(passages, "_common", lambda *pair: compared.append(pair) or 0)
    html = f"<p>{'alpha beta ' * 900}</p>"
    wanted = {f"quote-{number}": Passage("alpha beta " * number) for number in range(3, 23)}
    marked, found = passages.mark(html, wanted)
    assert found == set(wanted)
    assert len(compared) <= 2 * passages.MOST_PLACES * len(wanted)
