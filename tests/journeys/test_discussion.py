"""Holding a discussion in a browser: quoting, answering in place, finding what was quoted; and all of it without scripts."""

import re

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import expect

from comments.models import Comment
from tests.factories import make_comment, make_post

BODY = "# One\n\nComments come, comments *go*, and nobody writes to the archivist.\n\n" + "Filling.\n\n" * 40


@pytest.fixture
def post(transactional_db, settings):
    settings.COMMENT_RULES = {"least_seconds": 0, "flood_seconds": 0}
    post = make_post("On keeping", body=BODY, discussion="open")
    parent = make_comment(post, author_name="Ada", body="You can visit, you cannot keep the key.")
    make_comment(parent=parent, author_name="Tomás", body="> you cannot keep the key\n\nStealing that line.")
    make_comment(post, author_name="Lin", body="> comments come, comments go, and nobody writes\n\nSo it is.")
    return post


def comment_by(page, name):
    return page.get_by_role("article", name=f"Comment by {name}", exact=True)


def no_sideways(page):
    return page.evaluate("document.documentElement.scrollWidth <= innerWidth")


def test_a_reply_is_written_where_it_is_read(post, open_page):
    page = open_page(post.path)
    comment_by(page, "Ada").get_by_role("link", name="Reply").click()
    words = page.get_by_label("Comment", exact=True)
    expect(words).to_be_focused()
    words.fill("In *place*.")
    expect(page.locator("#preview em")).to_have_text("place")
    page.get_by_label("Name").fill(" ")
    page.get_by_role("button", name="Send").click()
    expect(page.locator(".errorlist")).to_have_text("Please give a name; any name will do.")
    expect(page.get_by_label("Name")).to_be_focused()
    expect(words).to_have_value("In *place*.")
    page.get_by_label("Name").fill("Eve")
    page.get_by_role("button", name="Send").click()
    new = comment_by(page, "Eve")
    expect(new).to_be_focused()
    expect(new.get_by_role("link", name="Withdraw it")).to_be_visible()
    assert page.url.endswith(post.path)
    reply = Comment.objects.get(author_name="Eve")
    assert reply.parent.author_name == "Ada"
    assert page.locator(f"#comment-{reply.parent_id}").evaluate(
        "(parent, id) => parent.closest('li').contains(document.getElementById(id))", f"comment-{reply.pk}"
    )
    expect(page.locator("#discussion .count")).to_have_text("4")


def test_words_that_were_not_sent_are_there_again(post, open_page):
    page = open_page(post.path)
    page.get_by_role("link", name="Write a comment").click()
    page.get_by_label("Comment", exact=True).fill("A long thought")
    page.reload()
    page.get_by_role("link", name="Write a comment").click()
    expect(page.get_by_label("Comment", exact=True)).to_have_value("A long thought")
    expect(page.get_by_role("status")).to_contain_text("is back")
    page.get_by_label("Name").fill("Eve")
    page.get_by_role("button", name="Send").click()
    expect(comment_by(page, "Eve")).to_be_visible()
    page.reload()
    page.get_by_role("link", name="Write a comment").click()
    expect(page.get_by_label("Comment", exact=True)).to_have_value("")


def test_who_writes_is_kept_in_the_browser_if_that_was_asked_for(post, open_page):
    page = open_page(post.path)
    for is_kept in (False, True, True):
        page.get_by_role("link", name="Write a comment").click()
        page.get_by_label("Comment", exact=True).fill(f"Words {Comment.objects.count()}")
        page.get_by_label("Name", exact=True).fill("Eve")
        page.get_by_label("E-mail address").fill("eve@example.org")
        page.get_by_label("Remember me").set_checked(is_kept)
        page.get_by_role("button", name="Send").click()
        expect(page.locator(".comment-form")).to_have_count(0)
        page.reload()
        comment_by(page, "Ada").get_by_role("link", name="Reply").click()
        expect(page.get_by_label("Name", exact=True)).to_have_value("Eve" if is_kept else "")
        expect(page.get_by_label("E-mail address")).to_have_value("eve@example.org" if is_kept else "")
        page.get_by_role("link", name="Cancel").click()
    page.get_by_role("link", name="Write a comment").click()
    page.get_by_label("Remember me").uncheck()
    page.reload()
    page.get_by_role("link", name="Write a comment").click()
    expect(page.get_by_label("Name", exact=True)).to_have_value("")


def test_the_form_can_be_put_away_and_the_focus_comes_back(post, open_page):
    page = open_page(post.path)
    reply = comment_by(page, "Ada").get_by_role("link", name="Reply")
    reply.click()
    page.get_by_role("link", name="Cancel").click()
    expect(page.locator(".comment-form")).to_have_count(0)
    expect(reply).to_be_focused()


def test_a_comment_that_waits_says_so_in_place(post, open_page):
    post.discussion = "moderated"
    post.save()
    page = open_page(post.path)
    page.get_by_role("link", name="Write a comment").click()
    page.get_by_label("Name").fill("Eve")
    page.get_by_label("Comment", exact=True).fill("Please let me in.")
    page.get_by_role("button", name="Send").click()
    expect(page.get_by_text("Somebody will read it")).to_be_visible()
    expect(page.locator(".reply b")).to_have_text("Thank you. Your comment is waiting")
    assert page.url.endswith(post.path)


def test_a_lost_connection_loses_no_words(post, open_page):
    page = open_page(post.path)
    page.get_by_role("link", name="Write a comment").click()
    page.get_by_label("Name").fill("Eve")
    page.get_by_label("Comment", exact=True).fill("Through the tunnel")
    page.evaluate("() => { window.fetch = () => Promise.reject(new Error('offline')) }")
    page.get_by_role("button", name="Send").click()
    expect(page.get_by_role("status")).to_contain_text("could not be sent")
    expect(page.get_by_label("Comment", exact=True)).to_have_value("Through the tunnel")
    expect(page.get_by_role("button", name="Send")).to_be_enabled()


def test_selected_words_of_the_text_begin_a_comment(post, open_page):
    page = open_page(post.path)
    page.evaluate(
        "() => { const p = document.querySelector('.e-content p'); getSelection().selectAllChildren(p.querySelector('em')); }"
    )
    page.get_by_role("button", name="Quote this in a comment").click()
    expect(page.get_by_label("Comment", exact=True)).to_have_value(re.compile("^> go\n\n"))
    page.get_by_role("link", name="Cancel").click()
    expect(page.locator(".e-content .quoted-by")).to_be_visible()
    page.evaluate("() => getSelection().selectAllChildren(document.querySelector('.e-content p'))")
    page.get_by_role("button", name="Quote this in a comment").click()
    whole = "> Comments come, comments go, and nobody writes to the archivist.\n\n"
    expect(page.get_by_label("Comment", exact=True)).to_have_value(whole)


def test_a_quote_leads_to_the_passage_and_the_passage_back(post, open_page):
    page = open_page(post.path)
    comment_by(page, "Lin").locator("blockquote a").click()
    mark = page.locator(".e-content mark:target")
    expect(mark).to_be_in_viewport()
    assert page.locator(".arrived").count() == 2
    note = page.locator(".e-content .quoted-by")
    expect(note).to_have_text("Quoted in 1 reply: Lin")
    assert note.bounding_box()["x"] > page.locator(".e-content > p").first.bounding_box()["x"] + 500
    note.get_by_role("link").click()
    expect(comment_by(page, "Lin")).to_be_in_viewport()
    assert page.locator(".passages").is_hidden()


def test_a_target_in_a_folded_thread_opens(post, open_page, live_server):
    reply = Comment.objects.get(author_name="Tomás")
    page = open_page(post.path)
    page.locator("#comments summary").filter(has_text="Ada").click()
    expect(comment_by(page, "Tomás")).to_be_hidden()
    page.evaluate("id => { location.hash = id }", f"comment-{reply.pk}")
    expect(comment_by(page, "Tomás")).to_be_in_viewport()


def test_a_target_in_a_vast_discussion_is_come_to(post, open_page, monkeypatch):
    monkeypatch.setattr("comments.templatetags.comments.VAST", 20)
    parent = Comment.objects.get(author_name="Ada")
    for number in range(40):
        words = "A long word. " * (20 if number % 3 else 90)
        comment = make_comment(parent=parent, author_name=f"Person {number}", body=words)
        parent = comment if number % 7 else parent
    target = Comment.objects.get(author_name="Person 30")
    page = open_page(f"{post.path}#comment-{target.pk}")
    expect(page.locator("ol.vast")).to_be_visible()
    expect(comment_by(page, "Person 30")).to_be_in_viewport()
    comment_by(page, "Person 30").get_by_role("link", name="Root").click()
    expect(comment_by(page, "Ada")).to_be_in_viewport()


def test_threads_fold_by_keyboard(post, open_page):
    page = open_page(post.path, scripts=False)
    summary = page.locator("#comments summary").filter(has_text="Ada")
    expect(summary).to_contain_text("1 reply")
    summary.press("Enter")
    expect(comment_by(page, "Tomás")).to_be_hidden()
    summary.press("Enter")
    expect(comment_by(page, "Tomás")).to_be_visible()


def test_everything_works_without_scripts(post, open_page):
    page = open_page(post.path, scripts=False)
    comment_by(page, "Lin").locator("blockquote a").click()
    expect(page.locator(".e-content mark:target")).to_be_in_viewport()
    page.locator(".passages summary").click()
    page.locator(".passages .quoted-by a").click()
    expect(comment_by(page, "Lin")).to_be_in_viewport()

    comment_by(page, "Ada").get_by_role("link", name="Quote").click()
    words = page.get_by_label("Comment", exact=True)
    expect(words).to_have_value(re.compile("^> You can visit"))
    words.fill("> you cannot keep the key\n\nWhy *not*?")
    page.get_by_role("button", name="Preview").click()
    expect(page.locator("#preview em")).to_have_text("not")
    page.get_by_label("Name").fill("Eve")
    page.get_by_role("button", name="Send").click()
    expect(page.get_by_role("status")).to_contain_text("For 15 more minutes")
    page.get_by_role("link", name="Change it").click()
    words.fill("> you cannot keep the key\n\nWhy not, *then*?")
    page.get_by_role("button", name="Save").click()
    expect(comment_by(page, "Eve").locator("em")).to_have_text("then")
    expect(page.locator("summary").filter(has_text="Eve")).to_contain_text("edited")
    comment_by(page, "Eve").locator("blockquote a").click()
    expect(comment_by(page, "Ada").locator("mark:target")).to_be_in_viewport()
    page.get_by_role("link", name="Withdraw it").click()
    page.get_by_role("button", name="Withdraw it").click()
    expect(comment_by(page, "Ada")).to_be_visible()
    expect(comment_by(page, "Eve")).to_have_count(0)


@pytest.mark.parametrize(("width", "dark"), [(320, False), (320, True), (1280, False), (1280, True)])
def test_axe_is_content_with_a_discussion_of_any_depth(post, open_page, live_server, width, dark):
    comment = Comment.objects.get(author_name="Tomás")
    for level in range(12):
        comment = make_comment(
            parent=comment, author_name=f"Level {level}", body="A word, and another_one. " * 8
        )
    removed = make_comment(post, status="removed")
    make_comment(parent=removed, author_name="Below", body="Here.")
    page = open_page(post.path, width=width, dark=dark)
    pages = [post.path, comment.get_absolute_url(), f"{comment.get_absolute_url()}reply/?quote=1"]
    for path in pages:
        page.goto(live_server.url + path)
        results = Axe().run(page)
        assert not results.violations_count, results.generate_report()
        assert no_sideways(page), path
    page.goto(live_server.url + post.path)
    comment_by(page, "Ada").get_by_role("link", name="Reply").click()
    expect(page.locator(".reply .comment-form")).to_be_visible()
    assert not Axe().run(page).violations_count
    assert no_sideways(page)
    narrowest = page.locator("#comments article", has_text="A word").last.bounding_box()["width"]
    assert narrowest > min(width, 640) * 0.65
