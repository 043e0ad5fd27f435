from typing import NamedTuple

from hypothesis import given
from hypothesis import strategies as st

from comments.threads import branch, lay_out, without_repetition


class Remark(NamedTuple):
    id: int
    parent_id: int | None = None
    shown: bool = True


def remarks(*pairs):
    return [Remark(*pair) for pair in pairs]


def drawn(rows):
    return [(row.comment.id, row.depth) for row in rows]


def is_shown(remark):
    return remark.shown


def test_a_comment_is_followed_by_its_replies():
    thread = remarks((1, None), (2, None), (3, 1), (4, 3), (5, 1))
    assert drawn(lay_out(thread)) == [(1, 0), (3, 1), (4, 2), (5, 1), (2, 0)]


def test_nothing_said_is_nothing_drawn():
    assert lay_out([]) == []


def test_lists_open_and_close_where_the_depth_changes():
    rows = lay_out(remarks((1, None), (2, 1), (3, 2), (4, None)))
    assert [(row.opens, row.closes) for row in rows] == [(True, 0), (True, 0), (False, 2), (False, 0)]


def test_a_row_knows_its_parent_its_root_and_its_neighbours():
    rows = {row.comment.id: row for row in lay_out(remarks((1, None), (2, 1), (3, 1), (4, 2)))}
    assert (rows[4].parent_id, rows[4].root_id) == (2, 1)
    assert (rows[2].previous_id, rows[2].next_id) == (None, 3)
    assert (rows[3].previous_id, rows[3].next_id) == (2, None)
    assert rows[1].descendants == 3


def test_a_hidden_comment_leaves_a_stub_while_a_visible_one_stands_below():
    thread = remarks((1, None, False), (2, 1, False), (3, 2, True), (4, 1, False), (5, None, False))
    rows = lay_out(thread, is_shown)
    assert [(row.comment.id, row.is_visible) for row in rows] == [(1, False), (2, False), (3, True)]
    assert rows[0].descendants == 1


def test_neighbours_are_those_that_are_drawn():
    rows = lay_out(remarks((1, None), (2, None, False), (3, None)), is_shown)
    assert rows[0].next_id == 3


def test_an_orphan_stands_at_the_top_level():
    rows = lay_out(remarks((1, 99), (2, 1)))
    assert drawn(rows) == [(1, 0), (2, 1)]
    assert rows[0].parent_id is None


def test_a_circle_is_cut_at_its_earliest_comment():
    thread = remarks((5, 3), (1, 3), (2, 1), (3, 2), (6, 6))
    assert drawn(lay_out(thread)) == [(1, 0), (2, 1), (3, 2), (5, 3), (6, 0)]


def test_lists_nest_only_so_deep_but_the_depth_stays_true():
    chain = remarks((0, None), *((number, number - 1) for number in range(1, 500)))
    rows = lay_out(chain, deepest=100)
    assert sum(row.opens for row in rows) == 100
    assert rows[-1].depth == 499
    assert rows[-1].closes == 100


def test_a_branch_is_the_way_up_and_everything_below():
    thread = remarks((1, None), (2, 1), (3, 2), (4, 2), (5, 1), (6, None), (7, 3))
    above, below = branch(lay_out(thread), 3)
    assert drawn(above) == [(1, 0), (2, 1)]
    assert drawn(below) == [(3, 0), (7, 1)]
    assert [(row.opens, row.closes) for row in below] == [(True, 0), (False, 1)]
    assert branch(lay_out(thread), 99) == ([], [])


def test_what_drew_more_replies_may_stand_first():
    thread = remarks((1, None), (2, None), (3, 2), (4, 2), (5, 4))
    assert drawn(lay_out(thread, rank=lambda remark, below: -below)) == [
        (2, 0),
        (4, 1),
        (5, 2),
        (3, 1),
        (1, 0),
    ]


def test_records_that_repeat_a_comment_for_each_of_its_quotes_are_one():
    assert without_repetition(remarks((1, None), (1, None), (2, 1))) == remarks((1, None), (2, 1))


@st.composite
def any_threads(draw):
    ids = draw(st.lists(st.integers(0, 40), unique=True, max_size=30))
    parents = st.none() | st.integers(0, 45)
    return [Remark(number, draw(parents), draw(st.booleans())) for number in ids]


@given(any_threads())
def test_every_comment_is_drawn_exactly_once_whatever_answers_what(thread):
    rows = lay_out(thread)
    assert sorted(row.comment.id for row in rows) == sorted(remark.id for remark in thread)


@given(any_threads(), st.integers(0, 4))
def test_lists_that_open_are_closed(thread, deepest):
    level = 0
    for row in lay_out(thread, is_shown, deepest):
        assert level == min(row.depth, deepest)
        level += row.opens - row.closes
    assert level == 0


@given(any_threads())
def test_every_visible_comment_is_drawn_and_every_stub_has_one_below(thread):
    rows = lay_out(thread, is_shown)
    assert {row.comment.id for row in rows if row.is_visible} == {r.id for r in thread if r.shown}
    assert all(row.is_visible or row.descendants for row in rows)


@given(any_threads())
def test_descendants_are_the_visible_rows_until_the_depth_comes_back(thread):
    rows = lay_out(thread, is_shown)
    for position, row in enumerate(rows):
        below = []
        for other in rows[position + 1 :]:
            if other.depth <= row.depth:
                break
            below.append(other.is_visible)
        assert row.descendants == sum(below)
