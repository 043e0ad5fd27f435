"""The head of a content file: found, kept to the last character, and read."""

from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from blog.importers import frontmatter
from blog.importers.frontmatter import FrontMatterError

HEADS = Path(__file__).parent.parent / "data" / "hugo" / "heads"
PIECES = st.sampled_from(
    [
        "---",
        "+++",
        "\n",
        "\r\n",
        "\r",
        "{",
        "}",
        '"',
        "\\",
        "#+",
        "\ufeff",
        " ",
        "a: b",
        "a = 1",
        "text",
        "é",
        "{{<",
    ]
)
FILES = st.lists(PIECES, max_size=25).map("".join) | st.text(max_size=80)
# Halves of surrogate pairs cannot be in a file; a NUL is refused before the head is read.
TEXTS = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), max_size=40)


def sample(name):
    return (HEADS / name).read_bytes().decode()


@given(FILES)
def test_head_and_body_are_the_file(text):
    try:
        head, body, _format = frontmatter.split(text)
    except FrontMatterError as error:
        assert 1 <= error.line <= text.count("\n") + 1
    else:
        assert head + body == text


@given(FILES)
def test_a_head_is_read_or_refused_with_a_line_inside_it(text):
    try:
        head, _body, format = frontmatter.split(text)
        assert isinstance(frontmatter.parse(head), dict)
        assert format or head == ""
    except FrontMatterError as error:
        assert 1 <= error.line <= text.count("\n") + 1
        assert error.reason.endswith(".")


@given(FILES)
def test_splitting_a_head_again_finds_all_of_it(text):
    try:
        head, _body, format = frontmatter.split(text)
    except FrontMatterError:
        return
    assert frontmatter.split(head) == (head, "", format)


@given(TEXTS, TEXTS)
def test_a_quoted_title_comes_back_as_it_was_in_every_format(title, body):
    quoted = '"' + "".join(f"\\U{ord(char):08X}" for char in title) + '"'
    for delimiter, assignment in (("---", ": "), ("+++", " = ")):
        text = f"{delimiter}\ntitle{assignment}{quoted}\n{delimiter}\n{body}"
        head, rest, _format = frontmatter.split(text)
        assert (frontmatter.parse(head), rest) == ({"title": title}, body)


@pytest.mark.parametrize(
    ("name", "format", "values", "body"),
    [
        (
            "toml-after-byte-order-mark-and-blank-lines.md",
            "toml",
            {"title": "Late start", "date": date(2024, 2, 29)},
            "\nBody.\n",
        ),
        ("yaml-with-windows-line-ends.md", "yaml", {"title": "Windows", "tags": ["a", "b"]}, "\r\nBody.\r\n"),
        (
            "json-with-braces-in-its-texts.md",
            "json",
            {"title": 'A } and a " and a {', "params": {"deep": {"er": "}"}}},
            "\nBody {with} braces.\n",
        ),
        ("yaml-with-dashes-in-the-body.md", "yaml", {"title": "Rules"}, "One\n\n---\n\nTwo\n---\n"),
        ("empty-head.md", "yaml", {}, "Body.\n"),
        ("head-without-body.md", "yaml", {"title": "Alone"}, ""),
        ("org-keywords.md", "org", {}, "\nBody.\n"),
    ],
)
def test_heads_of_all_kinds(name, format, values, body):
    head, rest, found = frontmatter.split(sample(name))
    assert (found, frontmatter.parse(head), rest) == (format, values, body)


@pytest.mark.parametrize(
    "name",
    [
        "no-head-at-all.md",
        "body-that-begins-with-a-list.md",
        "body-that-begins-with-a-shortcode.md",
        "empty-file.md",
    ],
)
def test_a_file_without_front_matter_is_all_body(name):
    assert frontmatter.split(sample(name)) == ("", sample(name), "")


@pytest.mark.parametrize(
    ("text", "line", "words"),
    [
        ("---\ntitle: x\n\nNo end.\n", 1, "never ends"),
        ("\n\n+++\ntitle = 'x'\n", 3, "never ends"),
        ('{"title": "x"\n', 1, "never ends"),
        ("---\ntitle: a\nslug: b: c\n---\n", 3, "YAML"),
        ("---\ntags: [a\n---\n", 2, "YAML"),
        ("---\n- a\n- b\n---\n", 2, "a list"),
        ("---\n\ttitle: x\n---\n", 2, "YAML"),
        ("+++\ntitle = 'x'\nslug = \n+++\n", 3, "TOML"),
        ("+++\na = 1\na = 2\n+++\n", 3, "TOML"),
        ("+++\ndate = 2022-02-30\n+++\n", 2, "TOML"),
        ('{"title": "x",\n "a": }\n', 2, "JSON"),
        ('{"a": NaN}\n', 1, "NaN"),
    ],
)
def test_broken_heads_are_refused_with_their_line(text, line, words):
    with pytest.raises(FrontMatterError) as refusal:
        frontmatter.parse(frontmatter.split(text)[0])
    assert refusal.value.line in (line, line + 1)
    assert words in refusal.value.reason


DEEP = "[" * 200 + "]" * 200


@pytest.mark.parametrize(
    ("text", "words"),
    [
        (f"---\ntitle: x\ndeep: {DEEP}\n---\n", "nested too deeply"),
        (f"+++\ndeep = {DEEP}\n+++\n", "nested too deeply"),
        (f'{{"deep": {DEEP}}}\n', "nested too deeply"),
        (f'{{"deep": {"[" * 100_000 + "]" * 100_000}}}\n', "nested too deeply"),
        (f"+++\nlarge = {'9' * 5000}\n+++\n", "too many digits"),
        (f'{{"large": {"9" * 5000}}}\n', "too many digits"),
    ],
)
def test_what_no_program_could_walk_through_is_refused_in_words(text, words):
    with pytest.raises(FrontMatterError) as refusal:
        frontmatter.parse(frontmatter.split(text)[0])
    assert words in refusal.value.reason


@pytest.mark.parametrize(
    ("written", "value"),
    [
        ("on", "on"),
        ("yes", "yes"),
        ("no", "no"),
        ("True", True),
        ("tRue", "tRue"),
        ("~", None),
        ("", None),
        ("12:30", "12:30"),
        ("190:20:30", "190:20:30"),
        ("012", 10),
        ("08", "08"),
        ("0o14", 12),
        ("0x1F", 31),
        ("1_000", 1000),
        ("1e5", "1e5"),
        ("1.50", 1.5),
        (".inf", ".inf"),
        ("18446744073709551616", "18446744073709551616"),
        ("2022-06-19", "2022-06-19"),
        ("2022-06-19T10:00:00Z", "2022-06-19T10:00:00Z"),
        ("!!str 5", "5"),
        ("!unknown x", "x"),
        ("!!binary aGk=", "aGk="),
        ("!!set {x}", {"x": None}),
        (r'"\ud83d\ude00"', "😀"),
        ("a\u2028b", "a\u2028b"),
        ("bell\x07", "bell\x07"),
        ("[1, two, '3']", [1, "two", "3"]),
        ("<<", "<<"),
    ],
)
def test_yaml_words_mean_what_they_mean_to_hugo(written, value):
    if written == "<<":
        written, value = "\n  <<: {b: 1}\n  c: 2", {"b": 1, "c": 2}
    assert frontmatter.parse(f"---\na: {written}\n---\n") == {"a": value}


def test_yaml_keys_are_text():
    assert frontmatter.parse("---\ntrue: 1\n2024: 2\nnull: 3\n---\n") == {"true": 1, "2024": 2, "null": 3}


def test_toml_dates_are_dates():
    head = "+++\na = 2024-01-02\nb = 2024-01-02T03:04:05\nc = 2024-01-02T03:04:05Z\n+++\n"
    assert frontmatter.parse(head) == {
        "a": date(2024, 1, 2),
        "b": datetime(2024, 1, 2, 3, 4, 5),
        "c": datetime(2024, 1, 2, 3, 4, 5, tzinfo=UTC),
    }


def test_what_no_database_stores_is_replaced():
    assert frontmatter.parse('{"a": "x\\u0000y\\ud800"}') == {"a": "x\ufffdy\ufffd"}


@pytest.mark.parametrize(
    "bomb",
    [
        "a0: &a0 [x,x]\n" + "\n".join(f"a{n}: &a{n} [*a{n - 1},*a{n - 1}]" for n in range(1, 60)),
        "a0: &a0 {x: 1}\n" + "\n".join(f"a{n}: &a{n} {{<<: [*a{n - 1}, *a{n - 1}]}}" for n in range(1, 60)),
        "a: " + "[" * 5000,
        "a: &a [*a]",
    ],
    ids=["aliases of aliases", "merges of merges", "nesting", "a list in itself"],
)
def test_heads_made_to_exhaust_memory_end_quickly(bomb):
    try:
        assert len(frontmatter.parse(f"---\n{bomb}\n---\n")) == 60
    except FrontMatterError as refusal:
        assert refusal.reason


def test_the_line_of_a_key_is_found_in_every_format():
    assert frontmatter.line_of_key("---\na: 1\nTags: [x]\n---\n", "tags") == 3
    assert frontmatter.line_of_key('+++\n"slug" = "x"\n+++\n', "slug") == 2
    assert frontmatter.line_of_key('{"a": 1,\n "date": 2}\n', "date") == 2
    assert frontmatter.line_of_key("---\na: 1\n---\n", "date") is None
