"""One value of a front matter is changed as text; every other byte stays."""

import json
from difflib import SequenceMatcher

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from blog.importers import frontmatter
from blog.importers.hugo_values import lower_keys
from blog.importers.patch import DateText, PatchError, compose, remove, set_value, text_at

TOML = """\
+++
# Written on the train.
title   = 'First "Light"'   # kept
date = 2021-05-04T10:00:00+02:00
tags = [ "Morning", 'C++' ]
Draft = true
many = [
  "one",  # the first
  "two",
]
cover.image = "a.png"
[params]
title = "not this one"
inner = { picture = "b.png", n = 1 }
+++
"""
YAML = """\
---
# Written on the train.
title:   'First "Light"'   # kept
date: 2021-05-04T10:00:00+02:00
tags: [ Morning, 'C++' ]
Draft: true
many:
  # before
  - one  # the first
  - "two"

cover:
    image: a.png
    alt: >-
      folded
      words
summary: |
  Some
  lines
# the end
---
"""
JSON = """\
{
    "title": "First \\"Light\\"",
    "date": "2021-05-04T10:00:00+02:00",
    "tags": [ "Morning", "C++" ],
    "Draft": true,
    "many": [
        "one",
        "two"
    ],
    "cover": {"image": "a.png"}
}
"""
HEADS = {"toml": TOML, "yaml": YAML, "json": JSON}


@pytest.fixture(params=HEADS)
def head(request):
    return HEADS[request.param]


def changed(before, after):
    """The lines that went and the lines that came."""
    old, new = before.splitlines(), after.splitlines()
    gone, come = [], []
    for tag, a, b, c, d in SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        if tag != "equal":
            gone += old[a:b]
            come += new[c:d]
    return gone, come


def read(head):
    return lower_keys(frontmatter.parse(head))


def test_a_text_is_changed_on_its_line_with_quotes_spaces_and_comment_as_they_were(head):
    gone, come = changed(head, set_value(head, ("title",), "Second"))
    assert len(gone) == len(come) == 1
    assert come[0] == gone[0].replace('First "Light"', "Second").replace('First \\"Light\\"', "Second")


def test_case_of_a_key_does_not_matter_and_stays(head):
    gone, come = changed(head, set_value(head, ("draft",), False))
    assert come == [gone[0].replace("true", "false")] and "Draft" in come[0]


def test_a_list_on_one_line_keeps_its_form(head):
    _gone, come = changed(head, set_value(head, ("tags",), ["Morning", "new", "C++"]))
    assert len(come) == 1 and "[ " in come[0] and " ]" in come[0]


def test_a_list_on_many_lines_changes_only_the_lines_of_its_items(head):
    gone, come = changed(head, set_value(head, ("many",), ["one", "three", "two"]))
    assert gone == [] and len(come) == 1 and "three" in come[0]


def test_an_item_that_goes_takes_only_its_own_line_along(head):
    gone, _come = changed(head, set_value(head, ("many",), ["one"]))
    assert "two" in gone[-1] and len(gone) <= 2


def test_an_inner_value_is_found_by_its_path(head):
    gone, come = changed(head, set_value(head, ("cover", "image"), "z.png"))
    assert come == [gone[0].replace("a.png", "z.png")]


def test_a_key_that_was_not_there_takes_one_line_more(head):
    gone, come = changed(head, set_value(head, ("slug",), "a-slug"))
    assert gone == [] and len(come) == 1 and "a-slug" in come[0]


def test_a_value_is_taken_out_with_its_line(head):
    gone, come = changed(head, remove(head, ("date",)))
    assert len(gone) == 1 and come == []


def test_line_ends_of_windows_stay(head):
    windows = head.replace("\n", "\r\n")
    for patched in (set_value(windows, ("slug",), "x"), set_value(windows, ("many",), ["one", "b", "two"])):
        assert patched.count("\n") == patched.count("\r\n") == windows.count("\n") + 1


def test_a_byte_order_mark_stays(head):
    assert set_value("\ufeff" + head, ("title",), "B").startswith("\ufeff" + head[:3])


def test_a_date_stays_bare_or_quoted_as_it_was(head):
    before = text_at(head, ("date",))
    patched = set_value(head, ("date",), DateText("2022-01-02T03:04:05Z"), accepts=bool)
    assert text_at(patched, ("date",)) == before.replace("2021-05-04T10:00:00+02:00", "2022-01-02T03:04:05Z")


def test_a_block_of_text_becomes_one_line():
    patched = set_value(YAML, ("summary",), "one: line")
    assert 'summary: "one: line"\n# the end' in patched


def test_a_list_of_one_name_without_brackets_stays_one():
    names = {"accepts": lambda found: found in ("new", ["new"])}
    assert set_value("---\ntags: old\n---\n", ("tags",), ["new"], **names) == "---\ntags: new\n---\n"


def test_a_key_without_value_gets_one():
    assert set_value("---\ntags:\ntitle: a\n---\n", ("tags",), ["x"]) == "---\ntags: [x]\ntitle: a\n---\n"


def test_a_list_that_becomes_empty_keeps_its_key(head):
    assert read(set_value(head, ("many",), []))["many"] == []


def test_a_text_without_head_gets_one():
    assert set_value("", ("title",), "New") == "---\ntitle: New\n---\n"


def test_where_nothing_safe_can_be_written_nothing_is():
    with pytest.raises(PatchError, match="by hand"):
        set_value("---\na: &x 1\nb: *x\n---\n", ("b", "c"), "d")


def test_a_new_head_has_order_spelling_and_quotes_of_its_neighbour(head):
    values = {"date": DateText("2022-01-02"), "draft": False, "title": "It", "tags": ["a", "b"], "slug": "s"}
    new = compose(values, like=head)
    assert list(frontmatter.parse(new)) == ["title", "date", "tags", "Draft", "slug"]
    assert read(new)["tags"] == ["a", "b"] and new[0] == head[0]


texts = st.text(st.characters(exclude_categories=["Cs", "Cc"]), max_size=30)
words = st.text("abc:#-[]{}'\"\\,&*!|>%@` \téß漢0123456789", max_size=20)
values = st.one_of(texts, words, st.booleans(), st.integers(-999, 10**6), st.lists(texts | words, max_size=4))
keys = st.sampled_from(["title", "Tags", "draft", "weight", "description", "odd_key", "other-key"])
tables = st.dictionaries(keys, values, min_size=1, max_size=6)
styles = st.sampled_from(["toml", "yaml", "json", "json in one line"])


def written(table, style):
    if style.startswith("json"):
        return json.dumps(table, indent=None if "one" in style else 2, ensure_ascii=False) + "\n"
    lines = [f"{key}{'=' if style == 'toml' else ': '}{literal(value)}" for key, value in table.items()]
    fence = {"toml": "+++", "yaml": "---"}[style]
    return "\n".join([fence, "# a comment", *lines, fence, ""])


def literal(value):
    return json.dumps(value, ensure_ascii=False)


@settings(max_examples=300)
@given(tables, styles, keys, values)
def test_whatever_is_changed_nothing_else_is(table, style, key, value):
    head = written(table, style)
    patched = set_value(head, (key,), value)
    expected = {name.lower(): each for name, each in table.items()} | {key.lower(): value}
    assert read(patched) == expected
    gone, come = changed(head, patched)
    assert len(come) <= 1 or "one" in style or isinstance(value, list)


def test_tabs_between_key_and_value_stay():
    head = "---\ntitle:\t\t'First'\ndate:\t2021-05-04\ntags:\t[a]\n---\n"
    patched = set_value(head, ("title",), "It's")
    assert patched == head.replace("'First'", "'It''s'")


@pytest.mark.parametrize("mark", [">  ", "|", ">-"])
def test_a_block_text_of_one_line_stays_one(mark):
    head = f"---\ntitle: {mark}\n    First\n\n# the end\n---\n"
    assert set_value(head, ("title",), 'It: "b" #1') == head.replace("First", 'It: "b" #1')


@pytest.mark.parametrize(
    ("head", "line"),
    [
        ("---\ntitle: a\ntags:\n- one\ndraft: true\n---\n", "- one\n"),
        ('+++\ntags = [\n  "one",\n]\ndraft = true\n+++\n', '  "one",\n'),
    ],
)
def test_the_last_item_of_a_list_goes_with_its_line(head, line):
    assert set_value(head, ("tags",), [], accepts=lambda found: not found) == head.replace(line, "")
