"""Two texts side by side, and two changes of one text made one."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from blog.revisions.differences import merge, side_by_side, words

LINES = st.lists(st.sampled_from(["a\n", "b b\n", "\n", "c"]), max_size=12).map("".join)


def marked(parts):
    return "".join(f"[{part.text}]" if part.is_changed else part.text for part in parts)


@pytest.mark.parametrize(
    ("old", "new", "left", "right"),
    [
        ("The old house.", "The new house.", "The [old] house.", "The [new] house."),
        ("One two.", "One two, three.", "One two.", "One two[, three]."),
        ("読書の秋", "読書の冬", "読書の[秋]", "読書の[冬]"),
        ("naïve café", "naïve cafés", "naïve [café]", "naïve [cafés]"),
        ("", "All new", "", "[All new]"),
    ],
)
def test_words_that_differ_are_marked(old, new, left, right):
    before, after = words(old, new)
    assert (marked(before), marked(after)) == (left, right)


def test_lines_far_from_a_change_are_counted_and_left_out():
    old = "".join(f"line {number}\n" for number in range(20))
    rows = side_by_side(old, old.replace("line 10", "line ten"))
    assert [row.left_out for row in rows if row.left_out] == [8, 7]
    assert [marked(row.new) for row in rows if row.is_changed] == ["line [ten]\n"]
    assert len(rows) == 7


def test_equal_texts_have_no_rows():
    assert side_by_side("a\nb\n", "a\r\nb\r\n") == []


@given(LINES, LINES)
def test_both_sides_are_whole_where_nothing_is_left_out(old, new):
    rows = side_by_side(old, new)
    if rows and not any(row.left_out for row in rows):
        assert "".join(part.text for row in rows for part in row.old) == old
        assert "".join(part.text for row in rows for part in row.new) == new


def test_changes_in_different_places_are_both_taken():
    merged = merge("one\n\ntwo\n\nthree\n", "ONE\n\ntwo\n\nthree\n", "one\n\ntwo\n\nTHREE\nfour\n")
    assert (merged.text, merged.clashes) == ("ONE\n\ntwo\n\nTHREE\nfour\n", 0)


def test_changes_of_one_line_in_different_places_are_both_taken():
    merged = merge("The old house by the sea.", "The new house by the sea.", "The old house by the lake.")
    assert (merged.text, merged.clashes) == ("The new house by the lake.", 0)


def test_where_both_changed_a_line_both_stay():
    merged = merge("one\ntwo", "one\nmine", "one\ntheirs")
    assert (merged.text, merged.clashes) == ("one\nmine\ntheirs", 1)


@given(LINES, LINES)
def test_a_change_of_one_side_alone_is_that_change(base, changed):
    assert merge(base, changed, base).text == changed
    assert merge(base, base, changed).text == changed
    assert merge(base, changed, changed).text == changed


@given(LINES, LINES, LINES)
def test_no_word_that_somebody_added_is_lost(base, mine, theirs):
    merged = set(merge(base, mine, theirs).text.split())
    for text in (mine, theirs):
        assert set(text.split()) - set(base.split()) <= merged
