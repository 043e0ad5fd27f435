import pytest

from comments.moderation import (
    APPROVED,
    PENDING,
    SPAM,
    UNCONFIRMED,
    Refusal,
    Rules,
    Submission,
    assess,
    refuse,
)


def test_an_ordinary_comment_is_approved_at_once():
    verdict = assess(Submission(body="I agree, and here is why."))
    assert (verdict.status, verdict.reasons) == (APPROVED, ())


def test_the_hidden_field_is_for_machines():
    assert assess(Submission(body="Hello", honeypot="x")).status == SPAM


def test_nobody_writes_that_fast():
    assert assess(Submission(body="Hello", seconds_taken=1)).status == PENDING


def test_two_links_are_fine_and_three_are_looked_at():
    link = "https://a.example/ "
    assert assess(Submission(body=link * 2)).status == APPROVED
    assert assess(Submission(body=link * 3)).reasons == ("has more than 2 links",)


@pytest.mark.parametrize("field", ["body", "author_name", "author_url", "author_email"])
def test_disallowed_words_are_found_wherever_they_stand(field):
    rules = Rules(spam_words=("casino",), held_words=("loans",))
    for word, status in (("Casino", SPAM), ("loans", PENDING), ("casinos", APPROVED)):
        submission = Submission(**{"body": "Hello", field: f"best {word}!"})
        assert assess(submission, rules).status == status


def test_where_every_comment_is_held_this_one_is():
    assert assess(Submission(body="Hello", policy="moderated", is_known=True)).status == PENDING


def test_the_first_comment_of_an_author_is_held_and_the_next_is_not():
    assert assess(Submission(body="Hello", policy="first")).status == PENDING
    assert assess(Submission(body="Hello", policy="first", is_known=True)).status == APPROVED


def test_the_gravest_finding_counts_and_all_reasons_are_kept():
    verdict = assess(Submission(body="Hello", honeypot="x", seconds_taken=0, policy="moderated"))
    assert verdict.status == SPAM
    assert len(verdict.reasons) == 3


def test_those_who_run_the_site_are_not_judged():
    submission = Submission(
        body="https://a.example " * 9,
        is_trusted=True,
        policy="moderated",
        ages_of_recent=(1.0,) * 20,
        is_duplicate=True,
    )
    assert assess(submission).status == APPROVED
    assert refuse(submission) is None


def test_a_second_comment_within_half_a_minute_has_to_wait():
    assert refuse(Submission(body="Hello", ages_of_recent=(29,))) is Refusal.TOO_SOON
    assert refuse(Submission(body="Hello", ages_of_recent=(31,))) is None


def test_ten_comments_in_ten_minutes_are_enough():
    assert refuse(Submission(body="Hello", ages_of_recent=(60,) * 9)) is None
    assert refuse(Submission(body="Hello", ages_of_recent=(60,) * 10)) is Refusal.TOO_MANY
    assert refuse(Submission(body="Hello", ages_of_recent=(601,) * 10)) is None


def test_what_was_said_already_is_not_said_again():
    refusal = refuse(Submission(body="Hello", is_duplicate=True, ages_of_recent=(1,)))
    assert refusal is Refusal.DUPLICATE
    assert not refusal.is_about_rate


@pytest.mark.parametrize(
    ("mark", "reason"),
    [
        ("name:ada", "its author is banned by name “Ada”"),
        ("email:ada@example.org", "its author is banned by e-mail address ada@example.org"),
        ("email:@example.org", "its author is banned by e-mail domain @example.org"),
        ("address:abc", "its author is banned by network address"),
    ],
)
def test_a_banned_author_is_recognised_by_any_mark(mark, reason):
    submission = Submission(body="x", author_name="Ada", author_email="Ada@Example.org", ip_hash="abc")
    verdict = assess(submission, Rules(spam_authors=frozenset([mark])))
    assert (verdict.status, verdict.reasons) == (SPAM, (reason,))
    assert assess(submission, Rules(held_authors=frozenset([mark]))).status == PENDING
    assert assess(submission, Rules(spam_authors=frozenset([mark + "x"]))).status == APPROVED


def test_where_addresses_are_confirmed_a_guest_waits_and_a_member_does_not():
    assert assess(Submission(body="x", policy="confirmed")).reasons == (UNCONFIRMED,)
    assert assess(Submission(body="x", policy="confirmed", is_member=True)).status == APPROVED
    assert assess(Submission(body="x", policy="confirmed", is_known=True)).status == APPROVED
