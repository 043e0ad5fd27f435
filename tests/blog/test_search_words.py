import re

from hypothesis import given
from hypothesis import strategies as st

from blog.search.snippets import highlight, snippet
from blog.search.words import fold, parse, plain_fold


def words_of(query):
    return [(" ".join(term.words), term.is_prefix) for term in parse(query)]


def test_last_word_is_unfinished_unless_it_is_quoted():
    assert words_of("plain fil") == [("plain", False), ("fil", True)]
    assert words_of('fil "plain files"') == [("fil", False), ("plain files", False)]


def test_single_letter_is_never_a_beginning():
    assert words_of("plan b") == [("plan", False), ("b", False)]


def test_quote_without_end_is_a_phrase_to_the_end():
    assert words_of('"plain files') == [("plain files", False)]


def test_pairs_overlap_and_the_last_character_stands_alone():
    assert fold("x日本語y 文").split() == ["x", "日本", "本語", "語", "y", "文"]


@given(st.text())
def test_folding_twice_changes_nothing(text):
    assert plain_fold(plain_fold(text)) == plain_fold(text)


@given(st.text(max_size=400))
def test_every_question_can_be_read(query):
    for term in parse(query):
        assert all(token and " " not in token and '"' not in token for token in term.tokens)


@given(
    st.lists(
        st.sampled_from(["Heron", "größe", "<b>", "&", "日本語", "stork", '"', "…", "x" * 300]), max_size=80
    )
)
def test_snippet_shows_the_text_as_it_is_and_marks_only_words(words):
    text = " ".join(words)
    terms = parse("heron grosse 本語")
    for html in (snippet(text, terms), highlight(text, terms)):
        assert set(re.findall("<mark>(.*?)</mark>", html)) <= {"Heron", "größe", "本語"}
        plain = html.replace("<mark>", "").replace("</mark>", "")
        assert "<" not in plain
    assert (
        plain.replace("&lt;", "<").replace("&gt;", ">").replace("&quot;", '"').replace("&amp;", "&") == text
    )


def test_snippet_shows_where_most_of_the_words_stand_together():
    text = "heron " + "filler " * 100 + "heron and stork meet " + "filler " * 100
    assert "<mark>heron</mark> and <mark>stork</mark>" in snippet(text, parse("heron stork"))


def test_snippet_of_a_text_without_the_words_is_its_beginning():
    assert snippet("Some <text>.", parse("other")) == "Some &lt;text&gt;."


def test_word_inside_a_longer_word_is_not_marked():
    assert "<mark>" not in highlight("heronry", parse('"heron"'))
