"""A discussion as its readers find it: orders, pages, ways through it, quotes that point."""

import re
from datetime import UTC, datetime, timedelta

import pytest
from bs4 import BeautifulSoup

from comments import branches, discussion
from comments.models import Comment
from tests.factories import make_comment, make_page, make_post

pytestmark = pytest.mark.django_db

START = datetime(2024, 5, 1, tzinfo=UTC)


@pytest.fixture
def post():
    return make_post("On keeping", body="Comments come, comments *go*, and nobody writes.", discussion="open")


@pytest.fixture
def small_pages(monkeypatch):
    monkeypatch.setattr(discussion, "THREADS_A_PAGE", 2)


def say(target, body, minute=0, **fields):
    return make_comment(target, body=body, created_at=START + timedelta(minutes=minute), **fields)


def get(client, url):
    response = client.get(url)
    assert response.status_code == 200, response.status_code
    return BeautifulSoup(response.content, "html.parser")


def said(page):
    return [article.p.get_text() for article in page.select("#comments article")]


def link(page, comment, text):
    return page.find(id=f"comment-{comment.pk}").find("p", class_="acts").find("a", string=text)


# Orders and pages


def test_threads_can_be_read_in_three_orders(client, post):
    first = say(post, "first", 1)
    say(None, "answer to first", 9, parent=first)
    second = say(post, "second", 2)
    for minute in (3, 4):
        say(None, f"answer {minute}", minute, parent=second)
    page = get(client, post.path)
    assert said(page) == ["first", "answer to first", "second", "answer 3", "answer 4"]
    orders = {a.get_text(): a["href"] for a in page.select(".threadtools a")}
    newest = get(client, orders["Newest"])
    assert said(newest) == ["second", "answer 3", "answer 4", "first", "answer to first"]
    best = get(client, orders["Best replies"])
    assert said(best)[0] == "second"
    assert best.select_one(".threadtools [aria-current]").get_text() == "Best replies"


def test_an_order_nobody_knows_is_the_usual_one(client, post):
    say(post, "one", 1)
    say(post, "two", 2)
    for query in ("?sort=loudest", "?page=x", "?page=-1", "?page=99", "?page=999999999999", "?page=²"):
        assert said(get(client, post.path + query)) == ["one", "two"]


@pytest.mark.parametrize("sort", ["oldest", "newest", "best"])
def test_threads_come_in_pages_and_every_comment_is_on_one(client, post, small_pages, sort):
    tops = [say(post, f"thread {number}", number) for number in range(5)]
    for top in tops:
        say(None, f"answer to {top.body}", 10, parent=top)
    seen, url = [], f"{post.path}?sort={sort}"
    while url:
        page = get(client, url)
        seen += said(page)
        following = page.select_one('#comments nav.pages [rel="next"]')
        url = following and following["href"]
        assert page.select_one("#discussion .count").get_text() == "10"
    assert sorted(seen) == sorted(Comment.objects.values_list("body", flat=True))
    assert len(seen) == 10


def test_a_thread_of_which_nothing_is_shown_takes_no_place(client, post, small_pages):
    for number in range(3):
        say(post, f"spam {number}", number, status="spam")
    removed = say(post, "removed", 4, status="removed")
    say(None, "answer", 5, parent=removed)
    say(post, "word", 6)
    page = get(client, post.path)
    assert said(page) == ["answer", "word"]
    assert not page.select("#comments nav.pages")


def test_a_comment_leads_back_to_the_page_where_it_stands(client, post, small_pages):
    comments = [say(post, f"thread {number}", number) for number in range(5)]
    reply = say(None, "late", 99, parent=comments[4])
    page = get(client, reply.get_absolute_url())
    address = page.find("a", string="See the whole discussion")["href"]
    assert address == f"{post.path}?page=3#comment-{reply.pk}"
    assert get(client, address).find(id=f"comment-{reply.pk}")


def test_a_comment_without_a_place_in_the_discussion_leads_to_the_nearest_above_it(client, post, monkeypatch):
    monkeypatch.setattr(discussion, "MOST_REPLIES", 2)
    above = say(post, "thread", 0)
    thread = [above := say(None, f"answer {number}", number, parent=above) for number in range(1, 5)]
    for comment, nearest in zip(thread, [thread[0], thread[1], thread[1], thread[1]], strict=True):
        page = get(client, comment.get_absolute_url())
        address = page.find("a", string="See the whole discussion")["href"]
        assert address == f"{post.path}#comment-{nearest.pk}"
        assert get(client, address).find(id=f"comment-{nearest.pk}")


def test_a_discussion_takes_one_query_whether_of_one_page_or_of_many(
    client, post, django_assert_num_queries, monkeypatch
):
    from comments.discussion import Discussion
    from comments.templatetags.comments import comment_thread, thread_list

    top = say(post, "You can visit, you cannot keep the key.")
    say(None, "> you cannot keep the key\n\nNo.", parent=top)
    for minute in range(4):
        say(post, "> comments come, comments go\n\nYes.", minute)
    post.comment_author_ids = []  # the post's page has its authors anyway
    for limit in (100, 2):
        monkeypatch.setattr(discussion, "THREADS_A_PAGE", limit)
        comment_thread({}, post)
        with django_assert_num_queries(1):
            shown = Discussion(post)
            shown.mark(post.content_html)
            assert thread_list(shown)
            assert (shown.count, shown.later_page) is not None


# Ways through a thread


def test_a_comment_leads_to_its_parent_root_and_neighbours(client, post):
    root = say(post, "root", 1)
    one, two = (say(None, f"answer {minute}", minute, parent=root) for minute in (2, 3))
    deep = say(None, "deep", 4, parent=two)
    other = say(post, "other", 5)
    page = get(client, post.path)
    assert link(page, deep, "Parent")["href"] == f"#comment-{two.pk}"
    assert link(page, deep, "Root")["href"] == f"#comment-{root.pk}"
    assert link(page, one, "Next")["href"] == f"#comment-{two.pk}"
    assert link(page, two, "Previous")["href"] == f"#comment-{one.pk}"
    assert link(page, root, "Next")["href"] == f"#comment-{other.pk}"
    assert not link(page, one, "Root")
    assert not link(page, root, "Parent")


def test_where_the_indent_ends_the_thread_goes_on_elsewhere(client, post):
    comments = [say(post, "level 0")]
    for level in range(1, 14):
        comments.append(say(None, f"level {level}", parent=comments[-1]))
    page = get(client, post.path)
    ways_on = {a["href"]: a.parent["class"] for a in page.select(".continue a")}
    assert ways_on == {
        comments[3].get_absolute_url(): ["continue", "on-phones"],
        comments[6].get_absolute_url(): ["continue"],
        comments[9].get_absolute_url(): ["continue", "on-phones"],
        comments[12].get_absolute_url(): ["continue"],
    }
    page = get(client, comments[6].get_absolute_url())
    assert said(page) == [f"level {level}" for level in range(14)]
    assert not page.find("a", string=re.compile("earlier comment"))
    assert len(page.find(id=f"comment-{comments[6].pk}").find_parents("ol")) == 1
    assert len(page.find(id=f"comment-{comments[8].pk}").find_parents("ol")) == 3


def test_where_no_indent_shows_it_a_comment_says_whom_it_answers(client, post):
    comments = [say(post, "level 0", author_name="P0")]
    for level in range(1, 9):
        comments.append(say(None, f"level {level}", parent=comments[-1], author_name=f"P{level}"))
    page = get(client, post.path)
    told = {to.parent.b.get_text(): (to.get_text(), to["class"]) for to in page.select("summary .to")}
    assert told == {
        "P4": ("to P3", ["to", "on-phones"]),
        "P5": ("to P4", ["to", "on-phones"]),
        "P6": ("to P5", ["to", "on-phones"]),
        "P7": ("to P6", ["to"]),
        "P8": ("to P7", ["to"]),
    }


def test_of_a_long_exchange_a_comment_stands_below_the_nearest_it_answers(client, post):
    comments = [say(post, "level 0", author_name="Troll")]
    for level in range(1, 12):
        comments.append(say(None, f"level {level}", parent=comments[-1]))
    page = get(client, comments[10].get_absolute_url())
    assert said(page) == [f"level {level}" for level in range(4, 12)]
    is_open = [details.has_attr("open") for details in page.select("#comments details")]
    assert is_open == [False] * 5 + [True] * 3
    way = page.find("a", string="4 earlier comments of this exchange")
    assert way["href"] == link(page, comments[4], "Parent")["href"] == comments[3].get_absolute_url()
    gone = comments[3]
    gone.status = "removed"
    gone.save()
    page = get(client, comments[10].get_absolute_url())
    assert page.find("a", string="4 earlier comments of this exchange")["href"] == gone.get_absolute_url()
    assert link(page, comments[4], "Parent")["href"] == gone.get_absolute_url()


def test_a_stub_has_a_page_for_its_replies_and_names_nobody(client, post):
    root = say(post, "root", 1)
    one, gone, three = (
        say(None, f"answer {minute}", minute, parent=root, author_name=f"P{minute}") for minute in (2, 3, 4)
    )
    below = say(None, "below what is gone", 5, parent=gone)
    Comment.objects.filter(pk=gone.pk).remove()
    page = get(client, gone.get_absolute_url())
    assert said(page) == ["root", "below what is gone"]
    assert "P3" not in page.get_text()
    assert "answer 3" not in page.get_text()
    # From one comment to the next that somebody can read.
    assert link(get(client, three.get_absolute_url()), three, "Previous")["href"] == one.get_absolute_url()
    Comment.objects.filter(pk=below.pk).remove()
    assert client.get(gone.get_absolute_url()).status_code == 404


# More than a page can hold


def everything(client, url):
    """The words of all comments, gone through by the links that say there are more."""
    seen, ways = set(), [url]
    for url in ways:
        page = get(client, url)
        seen |= set(said(page))
        found = [a["href"] for a in page.select(".continue a, nav.pages a[rel=next]")]
        ways += [way for way in found if way not in ways]
    return seen


@pytest.mark.parametrize("is_removed", [False, True])
@pytest.mark.parametrize("sort", ["oldest", "newest", "best"])
def test_of_what_is_too_much_for_a_page_everything_can_still_be_reached(
    client, post, monkeypatch, sort, is_removed
):
    monkeypatch.setattr(discussion, "MOST_REPLIES", 5)
    monkeypatch.setattr(branches, "MOST_REPLIES", 5)
    monkeypatch.setattr(branches, "REPLIES_A_PAGE", 3)
    root = say(post, "wide", 1)
    wide = [say(None, f"answer {minute}", minute, parent=root) for minute in range(2, 10)]
    deep = [say(None, "deep", 20, parent=wide[6])]
    for minute in range(21, 33):
        deep.append(say(None, f"level {minute}", minute, parent=deep[-1]))
    if is_removed:
        Comment.objects.filter(pk__in=[root.pk, wide[6].pk, deep[0].pk]).remove()
    say(None, "spam", 1, parent=root, status="spam")
    approved = set(Comment.objects.approved().values_list("body", flat=True))
    url = f"{post.path}?sort={sort}"
    assert len(said(get(client, url))) <= 1 + 5
    assert everything(client, url) == approved


def test_a_page_shows_first_what_stands_highest_and_says_where_there_is_more(client, post, monkeypatch):
    monkeypatch.setattr(discussion, "MOST_REPLIES", 3)
    root, other = say(post, "one", 1), say(post, "two", 2)
    low = say(None, "low", 3, parent=root)
    say(None, "lower", 4, parent=low)
    for minute in (5, 6, 7):
        say(None, f"answer {minute}", minute, parent=other)
    page = get(client, post.path)
    assert said(page) == ["one", "low", "two", "answer 5", "answer 6"]
    ways = {a["href"]: a.get_text() for a in page.select(".continue a")}
    last = Comment.objects.get(body="answer 6")
    assert ways == {
        low.get_absolute_url(): "Continue this thread",
        f"{other.get_absolute_url()}?after={last.pk}": "More replies",
    }
    assert page.select_one("#discussion .count").get_text() == "7"
    assert [folds.get_text() for folds in page.select(".folds")] == ["1 reply+", "2 replies+"]
    rest = get(client, f"{other.get_absolute_url()}?after={last.pk}")
    assert said(rest) == ["two", "answer 7"]
    assert rest.find("a", string="The first replies")["href"] == other.get_absolute_url()


def test_a_quote_in_a_part_of_a_thread_that_is_not_here_is_told_too(client, post, monkeypatch):
    monkeypatch.setattr(discussion, "MOST_REPLIES", 1)
    root = say(post, "You can visit, you cannot keep the key.")
    say(None, "first", 1, parent=root)
    far = say(None, "> you cannot keep the key\n\nNo.", 2, parent=root, author_name="Ada")
    for url in (post.path, Comment.objects.get(body="first").get_absolute_url()):
        back = get(client, url).find(id=f"comment-{root.pk}").find(class_="quoted-by")
        assert back.a["href"] == far.get_absolute_url()


@pytest.mark.parametrize("shape", ["deep", "wide"])
def test_the_pages_of_a_comment_cost_the_same_queries_in_any_thread(
    client, post, django_assert_max_num_queries, shape
):
    comments = [say(post, "root")]
    for minute in range(1, 150):
        parent = comments[-1] if shape == "deep" else comments[0]
        comments.append(say(None, f"{minute}", minute, parent=parent))
    for comment in (comments[0], comments[75], comments[-1]):
        for url in (comment.get_absolute_url(), comment.get_reply_url()):
            with django_assert_max_num_queries(16):
                client.get(url)


@pytest.mark.parametrize("query", ["?after=x", "?after=0", "?after=99999999999999999999", "?after=²"])
def test_what_comes_after_a_reply_that_is_not_there_is_everything(client, post, query):
    root = say(post, "root")
    say(None, "answer", parent=root)
    assert said(get(client, root.get_absolute_url() + query)) == ["root", "answer"]


def test_comments_can_be_gone_through_from_heading_to_heading(client, post):
    removed = say(post, "no", 1, status="removed", author_name="Troll")
    say(None, "calm", 2, parent=removed, author_name="Ada")
    root = say(post, "root", 3, author_name="Lin <i>")
    reply = say(None, "answer", 4, parent=root, author_name="Tom")
    headings = [(h.name, h.get_text()) for h in get(client, post.path).select("#comments article > h3")]
    assert headings == [("h3", "Ada"), ("h3", "Lin <i>"), ("h3", "Tom, in reply to Lin <i>")]
    page = get(client, reply.get_absolute_url())
    assert [h.name for h in page.select("h1, article > h2, article > h3")] == ["h1", "h2", "h2"]


def test_of_a_vast_discussion_a_browser_draws_what_is_looked_at(client, post, monkeypatch):
    from comments.templatetags import comments

    monkeypatch.setattr(comments, "VAST", 2)
    root = say(post, "one")
    say(None, "two", parent=root)
    assert not get(client, post.path).select("ol.vast")
    say(None, "three", parent=root)
    assert get(client, post.path).select("#comments > ol.vast")
    assert get(client, root.get_absolute_url()).select("#comments > ol.vast")


def test_on_a_page_of_its_own_a_comment_leads_to_what_is_not_there(client, post):
    root = say(post, "root", 1)
    one, two = (say(None, f"answer {minute}", minute, parent=root) for minute in (2, 3))
    page = get(client, two.get_absolute_url())
    assert link(page, two, "Previous")["href"] == one.get_absolute_url()
    assert link(page, two, "Parent")["href"] == f"#comment-{root.pk}"


def test_the_page_of_a_text_takes_five_queries_however_much_is_said_below(
    client, post, small_pages, django_assert_max_num_queries
):
    for minute in range(5):
        reply = say(
            None, "So it is.", minute, parent=say(post, "> comments come, comments go\n\nYes.", minute)
        )
        say(None, "> So it is.\n\nIs it?", minute, parent=reply)
    get(client, post.path)  # what is read once a process
    for query in ("", "?page=2", "?sort=newest", "?sort=best"):
        with django_assert_max_num_queries(5):
            assert "15" in get(client, post.path + query).select_one("#discussion").get_text()


# Quotes


def test_a_quote_of_a_comment_points_there_and_back(client, post):
    parent = say(post, "You can visit, you *cannot* keep the key.", author_name="Ada")
    replies = [
        say(None, "> you cannot keep the key\n\nNo.", minute, parent=parent, author_name=name)
        for minute, name in ((1, "Tomás"), (2, "Lin"))
    ]
    page = get(client, post.path)
    for reply in replies:
        way = page.find(id=f"comment-{reply.pk}").select_one("blockquote.q > a")
        mark = page.find("mark", id=way["href"][1:])
        assert mark.find_parent("article")["id"] == f"comment-{parent.pk}"
    back = page.find(id=f"comment-{parent.pk}").find(class_="quoted-by")
    assert back.get_text() == "Quoted in 2 replies: Tomás, Lin"
    assert [a["href"] for a in back.find_all("a")] == [f"#comment-{reply.pk}" for reply in replies]
    assert page.find(id=f"comment-{parent.pk}").p.get_text() == "You can visit, you cannot keep the key."


def test_a_quote_of_the_text_points_there_and_back_and_the_text_stays_the_same(client, post):
    before = get(client, post.path).select_one(".e-content").get_text()
    comment = say(post, "> comments go, and nobody writes\n\nTrue.", author_name="Tomás")
    page = get(client, post.path)
    key = page.select_one("blockquote.q > a")["href"]
    assert page.select_one(f".e-content mark{key}")
    note = page.select_one(f'.passages [data-passage="{key[1:]}"]')
    assert note.get_text() == "Quoted in 1 reply: Tomás"
    assert note.a["href"] == f"#comment-{comment.pk}"
    assert page.select_one(".e-content").get_text() == before
    assert not page.select(".e-content .quoted-by")
    alone = get(client, comment.get_absolute_url())
    assert alone.select_one("blockquote.q > a")["href"] == post.path + key


def test_a_quote_survives_the_edit_of_its_source(client, post):
    parent = say(post, "You can visit, you cannot keep the key.")
    reply = say(None, "> you cannot keep the key\n\nNo.", parent=parent)
    say(post, "> comments come, comments go\n\nYes.")
    parent.body = "Well. You can visit, and you cannot keep the key."
    parent.save()
    post.body = "# New\n\nOnce more: comments come, comments go."
    post.save()
    page = get(client, post.path)
    assert all(page.find("mark", id=a["href"][1:]) for a in page.select("blockquote.q > a"))
    parent.body = post.body = "Something else."
    parent.save()
    post.save()
    page = get(client, post.path)
    assert not page.find("mark")
    way = page.find(id=f"comment-{reply.pk}").select_one("blockquote.q > a")
    assert way["href"] == f"#comment-{parent.pk}"
    assert not page.select(".passages")


def test_the_notes_beside_a_text_go_with_the_words_they_are_about(client, post):
    say(post, "> comments come, comments go\n\nYes.")
    assert get(client, post.path).select(".passages")
    post.body = "Something else."
    post.save()
    assert not get(client, post.path).select(".passages")


def test_who_is_not_approved_quotes_nobody(client, post):
    parent = say(post, "You can visit, you cannot keep the key.")
    held = say(None, "> you cannot keep the key\n\nNo.", parent=parent, status="pending")
    say(None, "An answer to what is only a stub here.", parent=held)
    say(post, "> comments come, comments go\n\nYes.", status="spam")
    page = get(client, post.path)
    assert not page.find("mark")
    assert not page.select(".quoted-by, .passages")


def test_the_words_of_a_removed_source_are_not_shown_by_its_quotes(client, post):
    parent = say(post, "You can visit, you cannot keep the key.")
    say(None, "> you cannot keep\n\nNo.", parent=parent)
    Comment.objects.filter(pk=parent.pk).remove()
    page = get(client, post.path)
    assert "the key" not in page.select_one("#comments").get_text()
    assert page.select_one("blockquote.q > a")["href"] == f"#comment-{parent.pk}"


def test_quotes_on_other_pages_are_counted_beside_the_text(client, post, small_pages):
    comments = [say(post, "> comments come, comments go\n\nYes.", minute) for minute in range(3)]
    note = get(client, post.path).select_one(".passages .quoted-by")
    assert note.get_text().startswith("Quoted in 3 replies")
    assert [a["href"] for a in note.find_all("a")] == [
        f"#comment-{comments[0].pk}",
        f"#comment-{comments[1].pk}",
        comments[2].get_absolute_url(),
    ]


def test_a_page_with_a_discussion_shows_its_quotes_as_well(client):
    page = make_page("About", body="Comments come, comments go.", discussion="open")
    say(page, "> comments come, comments go\n\nYes.")
    assert get(client, page.path).select_one(".e-content mark.quoted")
    silent = make_page("Silent", body="Nothing to say.")
    assert not get(client, silent.path).select(".thread, mark")


def test_words_around_a_discussion_in_another_language_are_said_to_be_of_the_sites(client):
    post = make_post(language="ar")
    make_comment(post, body="شكرا")
    page = client.get(post.path).content.decode()
    thread = page[page.index('<section class="thread"') :]
    assert ' lang="en' in thread[: thread.index(">")]
    assert re.search(r'<article id="comment-\d+" lang="ar"', thread)
    assert re.search(r'<p class="acts" lang="en[^"]*">', thread)
    same = make_post(language="en")
    make_comment(same)
    assert (
        "lang="
        not in client.get(same.path)
        .content.decode()
        .partition('class="thread"')[2]
        .partition("</section>")[0]
    )
