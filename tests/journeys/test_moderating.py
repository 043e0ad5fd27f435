"""A moderator's morning: the queue by keys and by buttons, with scripts and without."""

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import expect

from comments.models import Act, Comment
from tests.factories import make_comment, make_editor, make_post

QUEUE = "/admin/comments/comment/"


@pytest.fixture
def editor(transactional_db):
    return make_editor()


@pytest.fixture
def waiting(editor):
    post = make_post("On keeping")
    parent = make_comment(post, author_name="Tomás", body="First things first.")
    return [
        make_comment(parent=parent, status="pending", author_name=name, body=f"Words of {name}.")
        for name in ("Eve", "Dan", "Cyn", "Bob", "Ann")
    ][::-1]


def log_in(page):
    page.get_by_label("Username").fill("editor")
    page.get_by_label("Password").fill("open sesame 7")
    page.get_by_role("button", name="Log in").click()
    page.wait_for_selector(".queue")
    page.wait_for_load_state()


def status(comment):
    return Comment.objects.get(pk=comment.pk).status


def test_the_queue_is_worked_off_by_keys(waiting, open_page):
    page = open_page(QUEUE)
    log_in(page)
    expect(page.locator(".card")).to_have_count(5)
    # Without a pause: a key means the queue that is there when those before it have been obeyed.
    for key in "jasjr":
        page.keyboard.press(key)
    expect(page.locator(".card")).to_have_count(2)
    assert [status(comment) for comment in waiting] == ["approved", "spam", "pending", "removed", "pending"]
    page.keyboard.press("u")
    expect(page.locator(".card")).to_have_count(3)
    assert Act.objects.filter(deed="undo").count() == 1


def test_keys_can_be_turned_off_and_stay_off(waiting, open_page):
    page = open_page(QUEUE)
    log_in(page)
    page.locator(".keys input").uncheck()
    page.reload()
    expect(page.locator(".keys input")).not_to_be_checked()
    page.keyboard.press("j")
    page.keyboard.press("a")
    page.locator(".keys input").check()
    page.keyboard.press("j")
    page.keyboard.press("s")
    expect(page.locator(".card")).to_have_count(4)
    assert [status(comment) for comment in waiting].count("approved") == 0


def test_a_key_leads_to_a_ban(waiting, open_page):
    page = open_page(QUEUE)
    log_in(page)
    page.keyboard.press("j")
    page.keyboard.press("b")
    page.wait_for_url("**/decide/**")
    expect(page.get_by_role("button", name="Ban")).to_be_visible()


def test_keys_do_nothing_while_words_are_written(waiting, open_page):
    page = open_page(QUEUE)
    log_in(page)
    page.keyboard.press("j")
    page.keyboard.press("c")
    page.keyboard.type("a jar, as such")
    assert page.locator(".card textarea").first.input_value() == "a jar, as such"
    page.get_by_role("button", name="Publish the reply").first.click()
    expect(page.locator(".card")).to_have_count(4)
    assert Comment.objects.get(parent=waiting[0]).body == "a jar, as such"


def test_everything_works_without_scripts_on_a_phone(waiting, open_page):
    page = open_page(QUEUE, width=390, scripts=False)
    log_in(page)
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    page.locator(".card").first.get_by_role("button", name="Approve").click()
    expect(page.locator(".card")).to_have_count(4)
    assert status(waiting[0]) == "approved"
    for box in page.locator("input.action-select").all()[:2]:
        box.check()
    page.locator(".bulk").get_by_role("button", name="Spam").click()
    expect(page.locator(".card")).to_have_count(2)
    page.get_by_role("button", name="Undo").click()
    expect(page.locator(".card")).to_have_count(4)
    page.get_by_role("link", name="Ban, history").first.click()
    page.get_by_label("name:").check()
    page.get_by_role("button", name="Ban").click()
    expect(page.locator(".card")).to_have_count(3)


def test_a_pasted_discussion_is_corrected_by_dragging(editor, open_page):
    post = make_post("On bees")
    page = open_page(f"{QUEUE}paste/?on=blog.post:{post.pk}")
    page.get_by_label("Username").fill("editor")
    page.get_by_label("Password").fill("open sesame 7")
    page.get_by_role("button", name="Log in").click()
    page.locator("textarea[name=text]").fill(
        "ada 2 days ago\nOne.\ntom 1 day ago\nTwo.\neve 1 day ago\nThree."
    )
    page.get_by_role("button", name="Propose the comments").click()
    last = page.locator(".piece").nth(2)
    expect(last.locator("select")).to_have_value("2")
    last.locator(".certainty").drag_to(page.locator(".piece").first)
    expect(last.locator("select")).to_have_value("0")
    page.get_by_role("button", name="Save as comments").click()
    page.wait_for_url("**#comments")
    by_name = {comment.author_name: comment for comment in post.comments.all()}
    assert by_name["eve"].parent == by_name["tom"].parent == by_name["ada"]


@pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])
def test_the_moderators_pages_have_no_barriers(waiting, open_page, live_server, dark):
    page = open_page(QUEUE, dark=dark)
    log_in(page)
    paste = "ada 2 days ago\nOne.\ntom 1 day ago\nTwo."
    for path in ("", f"{waiting[0].pk}/decide/", "paste/"):
        page.goto(live_server.url + QUEUE + path)
        if path == "paste/":
            page.locator("select[name=target]").select_option(index=1)
            page.locator("textarea[name=text]").fill(paste)
            page.get_by_role("button", name="Propose the comments").click()
            page.wait_for_selector(".piece")
            page.wait_for_load_state()
        found = Axe().run(page, context="#content").response["violations"]
        assert [(one["id"], one["nodes"][0]["html"][:120]) for one in found] == [], path
