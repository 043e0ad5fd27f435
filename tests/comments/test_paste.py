"""A discussion pasted as plain text: what is proposed, how sure that is, and what a person makes of it."""

from collections import Counter
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from bs4 import BeautifulSoup
from django.urls import reverse
from hypothesis import given
from hypothesis import strategies as st

from comments import paste
from comments.heads import find
from comments.models import Comment
from comments.paste import Certainty, Corrections, moment, propose
from tests.factories import make_post, make_user

PAGE = reverse("admin:comments_comment_paste")
READ = datetime(2026, 3, 1, 12, tzinfo=UTC)
SEED = Path(__file__).parents[3] / "shared" / "seeds" / "discussion.txt"

HEADED = """
Ada 2 days ago
The bees are gone, all four of the hives are empty this morning.
tomas 1 day ago | parent | next
> all four of the hives are empty this morning
Did you look below the lids?
Ada 23 hours ago
@tomas I did. Nothing.
eve 20 hours ago
Sad.
"""

BARE = """
Comment by ada
9 months ago
The bees are gone, and nobody in the village will say why they went.
I looked below the lids.
> nobody in the village will say why
They never do.
I think you ask the wrong people.
"""


def shape(pieces):
    return [(piece.author, piece.line, piece.parent) for piece in pieces]


def test_named_authors_part_the_text_for_certain():
    pieces = propose(HEADED)
    assert shape(pieces) == [("Ada", 0, None), ("tomas", 2, 0), ("Ada", 5, 2), ("eve", 7, 5)]
    assert {piece.begins.certainty for piece in pieces} == {Certainty.CERTAIN}
    assert pieces[1].lines == [
        "> all four of the hives are empty this morning",
        "Did you look below the lids?",
    ]
    assert [piece.when for piece in pieces] == ["2 days ago", "1 day ago", "23 hours ago", "20 hours ago"]


def test_what_a_comment_answers_is_told_with_a_reason_and_how_sure_it_is():
    answers = [piece.answers for piece in propose(HEADED)]
    assert [(guess.certainty.name, guess.reason) for guess in answers] == [
        ("CERTAIN", "it is the first"),
        ("CERTAIN", "it quotes these words"),
        ("LIKELY", "it names its author"),
        ("UNSURE", "it stands below"),
    ]


def test_without_names_quotes_and_words_to_somebody_part_it_and_no_author_is_invented():
    pieces = propose(BARE)
    assert shape(pieces) == [("ada", 0, None), ("", 4, 0), ("", 6, 4)]
    assert [piece.begins.certainty for piece in pieces[1:]] == [Certainty.LIKELY, Certainty.UNSURE]
    assert pieces[0].when == "9 months ago" and pieces[1].when == ""


def test_a_second_quote_of_the_same_comment_begins_no_other():
    text = "ada 1 day ago\nOne thing is this here.\nAnd another thing is that there.\n"
    text += "tom 1 day ago\n> One thing is this here.\nNo.\n> another thing is that there\nYes."
    assert shape(propose(text)) == [("ada", 0, None), ("tom", 3, 0)]


def test_a_comment_may_begin_with_quotes_of_several_people():
    text = "ada 1 day ago\nOne thing is this here.\ntom 1 day ago\nAnother thing is that there.\n"
    text += "eve 1 day ago\n> One thing is this here.\n> Another thing is that there.\nBoth."
    assert [piece.author for piece in propose(text)] == ["ada", "tom", "eve"]


def test_what_a_person_says_counts():
    said = Corrections(
        begins=frozenset([3]), authors={3: "Eve"}, parents={3: None}, whens={0: "2024-05-06 08:30"}
    )
    pieces = propose(BARE, said)
    assert shape(pieces) == [("ada", 0, None), ("Eve", 3, None)]
    assert {piece.answers.certainty for piece in pieces[1:]} == {Certainty.GIVEN}
    assert pieces[0].when == "2024-05-06 08:30"


def test_a_parent_that_stands_below_is_no_parent():
    pieces = propose(HEADED, Corrections(begins=frozenset([2, 5, 7]), parents={2: 5, 5: 99}))
    assert [piece.parent for piece in pieces] == [None, 0, 2, 5]


@pytest.mark.parametrize(
    ("when", "expected"),
    [
        ("9 days ago", datetime(2026, 2, 20, 12, tzinfo=UTC)),
        ("an hour ago", datetime(2026, 3, 1, 11, tzinfo=UTC)),
        ("2024-05-06 08:30", datetime(2024, 5, 6, 8, 30, tzinfo=UTC)),
        ("2024-05-06", datetime(2024, 5, 6, tzinfo=UTC)),
        ("some day", None),
        ("", None),
    ],
)
def test_a_time_is_counted_from_the_day_the_text_was_read(when, expected):
    assert moment(when, READ) == expected


def test_a_relative_time_alone_is_none():
    assert moment("9 months ago", None) is None


@given(st.text(alphabet=st.sampled_from("ab>@:. \n19"), max_size=200) | st.text(max_size=200))
def test_no_line_is_lost_and_parents_stand_above(text):
    pieces = propose(text)
    lines = paste.lines_of(text)
    kept = [line for piece in pieces for line in piece.lines]
    left = iter(lines)
    assert all(line in left for line in kept)  # in their order
    heads = Counter(lines[number] for number in find(lines))
    assert Counter(lines) - Counter(kept) <= heads
    starts = [piece.line for piece in pieces]
    assert starts == sorted(set(starts)) and all(number < len(lines) for number in starts)
    for piece in pieces:
        assert piece.parent is None or (piece.parent in starts and piece.parent < piece.line)


def test_who_recalls_what_another_said_may_begin_a_comment():
    pieces = propose("ada 2 days ago\nThe lids were shut.\nReally? You said the hives were empty.\nI did.")
    assert [(piece.line, piece.begins.certainty) for piece in pieces] == [
        (0, Certainty.CERTAIN),
        (2, Certainty.UNSURE),
    ]


def test_lines_that_name_an_author_are_told_from_the_words():
    assert [piece.head for piece in propose(BARE)] == [{0, 1}, set(), set()]


@given(st.sets(st.integers(0, 12)), st.dictionaries(st.integers(0, 12), st.none() | st.integers(0, 12)))
def test_any_correction_gives_a_tree(begins, parents):
    pieces = propose(HEADED, Corrections(begins=frozenset(begins), parents=parents))
    assert all(piece.parent is None or piece.parent < piece.line for piece in pieces)


@pytest.mark.skipif(not SEED.exists(), reason="the seed is not part of the project")
def test_a_real_thread_is_parted_and_every_guess_is_marked():
    pieces = propose(SEED.read_text())
    assert len(pieces) >= 3
    assert [piece.author for piece in pieces if piece.author] == ["austin-cheney"]
    assert all(piece.answers.certainty is not Certainty.CERTAIN for piece in pieces[1:])


# In the admin


def fields_of(response):
    page = BeautifulSoup(response.content, "html.parser").find(id="content-main")
    fields = [
        (box["name"], box["value"]) for box in page.select("input[name]") if box.get("type") != "checkbox"
    ]
    fields += [(box["name"], box["value"]) for box in page.select("input[type=checkbox][checked]")]
    fields += [(area["name"], area.get_text().strip()) for area in page.find_all("textarea")]
    for select in page.find_all("select"):
        fields.append((select["name"], (select.find("option", selected=True) or {"value": ""})["value"]))
    data = {}
    for name, value in fields:
        data.setdefault(name, []).append(value)
    return data


def start(client, post, text, **fields):
    data = {"target": f"blog.post:{post.pk}", "read_on": "2026-03-01", "text": text, "propose": ""}
    return client.post(PAGE, data | fields)


@pytest.mark.django_db
def test_a_proposal_stores_nothing_and_marks_its_guesses(editor_client):
    response = start(editor_client, make_post(), BARE)
    page = BeautifulSoup(response.content, "html.parser")
    assert not Comment.objects.exists()
    assert "2 comments are marked as guesses" in page.get_text()
    assert len(page.select(".piece")) == 3 and len(page.select(".piece.guess")) == 2
    assert "it quotes the words above it" in page.get_text()
    assert [p.get_text(strip=True) for p in page.select(".words.quiet")] == [
        "Comment by ada (taken for name and time)",
        "9 months ago (taken for name and time)",
    ]
    assert not page.find("input", {"name": "begins", "value": "1"})


@pytest.mark.django_db
def test_what_was_corrected_is_what_is_stored(editor_client, client):
    post = make_post()
    data = fields_of(start(editor_client, post, BARE))
    data |= {"author-4": "Tomás", "parent-6": "0"}
    again = editor_client.post(PAGE, data | {"propose": ""})
    data = fields_of(again)
    response = editor_client.post(PAGE, data | {"save": ""})
    assert response.url == f"{post.get_absolute_url()}#comments"
    root, *answers = post.comments.order_by("pk")
    assert (root.author_name, root.origin, root.created_at.date()) == ("ada", "pasted", date(2025, 5, 31))
    assert [(c.author_name, c.parent) for c in answers] == [("Tomás", root), ("unknown", root)]
    thread = BeautifulSoup(client.get(post.path).content, "html.parser").find(id="comments")
    assert thread.find("time").get_text() == "31 May 2025"  # no hour, for nobody said one
    assert "<blockquote><p>nobody in the village will say why</p></blockquote>" in answers[0].body_html
    assert "pasted text" in editor_client.get("/admin/comments/comment/?status__exact=all").content.decode()


@pytest.mark.django_db
def test_buttons_above_the_first_comment_are_no_comment(editor_client):
    post = make_post()
    page = start(editor_client, post, WITH_BUTTONS_FIRST)
    data = fields_of(editor_client.post(PAGE, fields_of(page) | {"propose": ""})) | {"save": ""}
    editor_client.post(PAGE, data)
    assert [(c.author_name, bool(c.body)) for c in post.comments.order_by("pk")] == [
        ("ada", True),
        ("tomas", True),
    ]


@pytest.mark.django_db
def test_saving_the_same_text_again_makes_no_duplicates(editor_client):
    post = make_post()
    data = fields_of(start(editor_client, post, HEADED)) | {"save": ""}
    for _ in range(2):
        editor_client.post(PAGE, data)
    assert post.comments.count() == 4


@pytest.mark.django_db
@pytest.mark.parametrize(
    "fields", [{"read_on": ""}, {"read_on": "2999-01-01"}, {"target": "blog.post:0"}, {"target": "x"}]
)
def test_without_a_day_and_a_text_nothing_is_proposed_and_nothing_is_lost(editor_client, fields):
    response = start(editor_client, make_post(), BARE, **fields)
    page = BeautifulSoup(response.content, "html.parser")
    assert page.select(".errorlist")
    assert "The bees are gone" in page.find("textarea").get_text()
    assert not page.select(".piece")


@pytest.mark.django_db
def test_markup_in_a_pasted_text_is_text(editor_client, client):
    post = make_post()
    data = fields_of(start(editor_client, post, "eve 1 day ago\n<script>alert(1)</script> <b>x</b>")) | {
        "save": ""
    }
    editor_client.post(PAGE, data)
    assert "<script" not in Comment.objects.get().body_html


@pytest.mark.django_db
def test_pasting_is_for_moderators(client):
    client.force_login(make_user(is_staff=True))
    assert client.get(PAGE).status_code == 403


# As pages of others look when they are copied

REDDIT = """
ada
•
2y ago
The bees are gone this morning.
12
Upvote
Reply
Share
tomas
•
1y ago
Did you look below the lids?
Upvote
3
Downvote
"""

DISQUS = """
Ada Lovelace • 3 years ago
The bees are gone.
2
• Reply • Share ›
Tomás Mod > Ada Lovelace • 3 years ago
Which ones?
• Reply • Share ›
"""

MAILS = """
From: Ada Lovelace <ada@example.org>
Date: Mon, 6 May 2024 08:30:00 +0200
Subject: bees
The bees are gone, all four hives.
From: Tomas <t@example.org>
Date: Mon, 6 May 2024 09:30:00 +0200
Subject: Re: bees
On Mon, May 6, 2024 at 8:30 AM, Ada Lovelace <ada@example.org> wrote:
> The bees are gone, all four hives.
Which hives?
"""

MAILS_OF_A_LIST = MAILS.replace(
    "On Mon, May 6, 2024 at 8:30 AM, Ada Lovelace <ada@example.org> wrote:", "Ada Lovelace wrote:"
)

WITH_BUTTONS_FIRST = """
▲
ada 2 years ago | parent | next [–]
The bees are gone.
reply
▲
tomas 1 year ago | prev [–]
Which ones?
reply
"""

WITH_ROLES = REDDIT.replace("tomas\n•", "u/tomas avatar\ntomas\nOP\n•") + "Continue this thread"

LOBSTERS = """
12
ada edited 2 years ago | link | flag |
The bees are gone.
5
tomas 1 year ago | link | flag |
Which ones?
"""

REPLIES_ALONE = """
The bees are gone, all four hives.
On Mon, May 6, 2024 at 8:30 AM Ada Lovelace <ada@example.org> wrote:
> The bees are gone, all four hives.
Which hives?
"""

OLD_HACKER_NEWS = """
ada on May 6, 2022 | parent | next [–]
The bees are gone.
reply
tomas on May 7, 2022 | root | parent | next [–]
Which ones?
reply
"""


@pytest.mark.parametrize(
    ("text", "authors", "words"),
    [
        (REDDIT, ["ada", "tomas"], ["The bees are gone this morning.", "Did you look below the lids?"]),
        (DISQUS, ["Ada Lovelace", "Tomás"], ["The bees are gone.", "Which ones?"]),
        (MAILS, ["Ada Lovelace", "Tomas"], ["The bees are gone, all four hives.", "Which hives?"]),
        (MAILS_OF_A_LIST, ["Ada Lovelace", "Tomas"], ["The bees are gone, all four hives.", "Which hives?"]),
        (WITH_BUTTONS_FIRST, ["ada", "tomas"], ["The bees are gone.", "Which ones?"]),
        (WITH_ROLES, ["ada", "tomas"], ["The bees are gone this morning.", "Did you look below the lids?"]),
        (LOBSTERS, ["ada", "tomas"], ["The bees are gone.", "Which ones?"]),
        (REPLIES_ALONE, ["", ""], ["The bees are gone, all four hives.", "Which hives?"]),
        (OLD_HACKER_NEWS, ["ada", "tomas"], ["The bees are gone.", "Which ones?"]),
    ],
)
def test_names_and_times_are_found_as_other_sites_write_them(text, authors, words):
    pieces = propose(text)
    assert [piece.author for piece in pieces] == authors
    assert ["\n".join(line for line in piece.lines if line[0] != ">") for piece in pieces] == words
    assert [piece.parent for piece in pieces] == [None, pieces[0].line]
    times = [moment(piece.when, READ) for piece in pieces]
    assert all(times) or text is REPLIES_ALONE


def test_whom_it_says_it_answers_is_believed():
    assert propose(DISQUS)[1].answers == paste.Guess(Certainty.CERTAIN, "it says whom it answers")


def test_a_word_that_is_a_button_elsewhere_stays_where_nobody_is_named():
    assert propose("The bees are gone.\nReply\nShare")[0].lines == ["The bees are gone.", "Reply", "Share"]


@pytest.mark.parametrize(
    ("when", "expected"),
    [
        ("3 hr. ago", datetime(2026, 3, 1, 9, tzinfo=UTC)),
        ("2d ago", datetime(2026, 2, 27, 12, tzinfo=UTC)),
        ("5 mo. ago", datetime(2025, 9, 30, 12, tzinfo=UTC)),
        ("5m ago", datetime(2026, 3, 1, 11, 55, tzinfo=UTC)),
        ("May 6, 2024 at 8:30 PM", datetime(2024, 5, 6, 20, 30, tzinfo=UTC)),
        ("6 May 2024", datetime(2024, 5, 6, tzinfo=UTC)),
        ("31 Feb 2024", None),
        ("9999 years ago", None),
    ],
)
def test_times_are_read_as_other_sites_write_them(when, expected):
    assert moment(when, READ) == expected


def test_who_takes_up_a_term_begins_where_the_objection_does():
    text = "Operations is mostly project management.\nBut that is what happens to everybody.\n"
    text += 'I did my share of "project management" as you put it.\nIt was fine.'
    pieces = propose(text)
    assert [(piece.line, piece.begins.certainty) for piece in pieces] == [
        (0, Certainty.CERTAIN),
        (1, Certainty.UNSURE),
    ]


def test_who_tells_of_what_another_said_begins_a_comment():
    pieces = propose(
        "ada 2 days ago\nOP runs the hives.\nHe could be clearer. He did say that they were his."
    )
    assert [piece.line for piece in pieces] == [0, 2]
