"""Writing while things go wrong: the network is cut, the tab dies, the login ends, a second tab saves. No character is lost."""

import json
import re

import pytest
from django.contrib.sessions.models import Session
from playwright.sync_api import Error, expect

from blog.models import Post, Revision
from tests.factories import make_editor, make_post
from tests.journeys.test_admin_pages import violations

ADD = "/admin/blog/post/add/"
WORDS = " ".join(f"word{number}" for number in range(2000))
DRAFTS = "(await import('/static/js/drafts.js'))"  # what this browser keeps
IMPATIENT = "const wait = AbortSignal.timeout; AbortSignal.timeout = () => wait.call(AbortSignal, 500);"
SAVED = re.compile(r"Saved \d\d:\d\d")


@pytest.fixture
def desk(transactional_db, open_page, live_server):
    """A page of a browser in which the editor is logged in; tab(path) opens another beside it."""
    make_editor()
    page = open_page("/admin/login/")
    log_in(page)
    page.wait_for_url("**/admin/")
    return page


@pytest.fixture
def tab(desk, live_server):
    def open_tab(path):
        page = desk.context.new_page()
        page.goto(live_server.url + path)
        expect(page.locator(".saving:not([hidden])")).to_be_attached()
        return page

    open_tab.desk = desk
    return open_tab


def log_in(page):
    page.get_by_label("Username").fill("editor")
    page.get_by_label("Password").fill("open sesame 7")
    page.get_by_role("button", name="Log in").click()


def change(post):
    return f"/admin/blog/post/{post.pk}/change/"


def text(page):
    return page.locator("textarea[name=body]")


def state(page):
    return page.locator(".saving-state")


def type_on(page, words):
    """At the end, as keys do: every one is an event of its own."""
    text(page).focus()
    page.keyboard.press("Control+End")
    page.keyboard.insert_text(words)


def kept_here(page):
    """The texts that this browser keeps."""
    rows = page.evaluate(f"async () => {DRAFTS}.kept('')")
    return [json.loads(kept["typed"])["body"][0] for _key, kept in rows]


def assert_saved_when_the_site_is_back(page):
    page.context.unroute("**/autosave/*")
    type_on(page, " and more")
    expect(state(page)).to_have_text(SAVED)
    assert Revision.objects.get().state["body"] == f"{WORDS} and more"


def test_what_is_typed_is_saved_a_few_seconds_later_and_readers_see_nothing_of_it(tab, live_server):
    post = make_post(body="Old.")
    page = tab(change(post))
    type_on(page, " New.")
    expect(state(page)).to_have_text(SAVED)
    assert Revision.objects.get(kind="autosave").state["body"] == "Old. New."
    post.refresh_from_db()
    assert post.body == "Old."
    page.get_by_role("button", name="Update").click()
    expect(page.get_by_text("Updated.")).to_be_visible()
    assert Post.objects.get().body == "Old. New."
    expect(page.locator("section.offer")).to_have_count(0)
    assert page.evaluate(f"async () => {DRAFTS}.kept('')") == []


def test_a_cut_network_loses_nothing_and_sending_waits_for_it(tab):
    page = tab(ADD)
    page.get_by_label("Title").fill("Far away")
    page.context.set_offline(True)
    type_on(page, WORDS)
    expect(state(page)).to_have_text("Offline, kept in this browser")
    page.get_by_role("button", name="Publish").click()
    expect(state(page)).to_contain_text("Nothing was sent")
    type_on(page, " and more")
    page.context.set_offline(False)
    expect(state(page)).to_have_text(SAVED)
    assert Revision.objects.get().state["body"] == f"{WORDS} and more"
    page.get_by_role("button", name="Publish").click()
    expect(page.get_by_role("link", name="See it on the site")).to_be_visible()
    assert Post.objects.get().body == f"{WORDS} and more"


@pytest.mark.parametrize(
    "answer",
    [{"content_type": "text/html", "body": "<p>Welcome to our hotel"}, {"json": {"welcome": True}}],
    ids=["a page", "json"],
)
def test_an_answer_of_none_of_the_site_passes_for_no_save(tab, answer):
    page = tab(ADD)
    page.context.route("**/autosave/*", lambda route: route.fulfill(status=200, **answer))
    type_on(page, WORDS)
    expect(state(page)).to_have_text("Kept in this browser")
    page.get_by_role("button", name="Publish").click()
    expect(state(page)).to_contain_text("Nothing was sent")
    assert kept_here(page) == [WORDS]
    assert_saved_when_the_site_is_back(page)


def test_a_site_that_never_answers_is_asked_again(tab, desk):
    desk.context.add_init_script(IMPATIENT)
    page = tab(ADD)
    page.context.route("**/autosave/*", lambda route: None)
    type_on(page, WORDS)
    expect(state(page)).to_have_text("Offline, kept in this browser")
    assert kept_here(page) == [WORDS]
    assert_saved_when_the_site_is_back(page)


def test_a_tab_that_dies_offline_has_its_text_offered_again(tab):
    page = tab(ADD)
    page.get_by_label("Title").fill("Nearly lost")
    page.locator("[name=tags]").fill("one, two")
    page.context.set_offline(True)
    type_on(page, WORDS)
    expect(state(page)).to_have_text("Offline, kept in this browser")
    type_on(page, " last")
    crash(page)
    page.close()
    tab.desk.context.set_offline(False)
    page = tab(ADD)
    offer = page.locator("section.offer")
    expect(offer).to_contain_text("Nearly lost")
    offer.get_by_role("button", name="Put it back").click()
    expect(page.get_by_label("Title")).to_have_value("Nearly lost")
    expect(page.locator("[name=tags]")).to_have_value("one, two")
    expect(text(page)).to_have_value(f"{WORDS} last")
    expect(state(page)).to_have_text(SAVED)
    assert Revision.objects.latest("pk").state["body"] == f"{WORDS} last"


def crash(page):
    """The process that draws the page is killed, without a word to the page."""
    with pytest.raises(Error, match="crash"):
        page.goto("chrome://crash")


def test_a_closed_tab_has_its_text_offered_again(tab):
    post = make_post(body="Old.")
    page = tab(change(post))
    type_on(page, " Written at the last moment.")
    page.close(run_before_unload=False)
    page = tab(change(post))
    page.locator("section.offer").get_by_text(re.compile("Put it back|Go on with it")).first.click()
    expect(text(page)).to_have_value("Old. Written at the last moment.")


def test_a_browser_that_goes_back_shows_what_the_site_has_and_offers_the_rest(tab):
    """What it puts back by itself would pass for what the site has, begun from the newest state."""
    post = make_post(body="Old.")
    page = tab(change(post))
    type_on(page, " New.")
    page.get_by_role("link", name="Tags").first.click()
    page.wait_for_url("**/admin/blog/tag/")
    page.go_back()
    offer = page.locator("section.offer").get_by_text(re.compile("Put it back|Go on with it")).first
    expect(offer).to_be_visible()
    expect(text(page)).to_have_value("Old.")
    offer.click()
    expect(text(page)).to_have_value("Old. New.")


def test_an_older_text_in_the_browser_does_not_hide_the_newer_one_of_the_site(tab):
    """A computer that goes down may come back with an older text than the site has."""
    page = tab(ADD)
    type_on(page, "Some words")
    kept = page.evaluate(f"async () => {DRAFTS}.kept('')")
    type_on(page, " and many more.")
    expect(state(page)).to_have_text(SAVED)
    page.evaluate(f"async ([[key, kept]]) => {DRAFTS}.keep(key, kept)", kept)
    page.close()
    page = tab(ADD)
    expect(page.get_by_role("button", name="Put it back")).to_have_count(1)
    page.get_by_role("link", name="Go on with it").click()
    expect(text(page)).to_have_value("Some words and many more.")


def test_what_an_earlier_version_kept_is_offered(tab):
    page = tab(ADD)
    user, writing = page.locator(".saving").get_attribute("data-user"), "0" * 32
    kept = {"typed": json.dumps({"title": ["Of old"], "body": ["Some words"]}), "at": 0, "began": ""}
    page.evaluate(
        "row => localStorage.setItem(...row)",
        [f"commonplace.text.{user}.post.new.{writing}", json.dumps(kept)],
    )
    page = tab(ADD)
    page.get_by_role("button", name="Put it back").click()
    expect(text(page)).to_have_value("Some words")
    assert page.evaluate("Object.keys(localStorage).filter(key => key.startsWith('commonplace.text.'))") == []


def test_leaving_by_a_link_keeps_the_text_on_the_site(tab):
    post = make_post(body="Old.")
    page = tab(change(post))
    type_on(page, " More.")
    page.get_by_role("link", name="Tags").first.click()
    page.wait_for_url("**/admin/blog/tag/")
    for _try in range(300):
        if Revision.objects.filter(kind="autosave").exists():
            break
        page.wait_for_timeout(100)
    assert Revision.objects.get(kind="autosave").state["body"] == "Old. More."


def test_an_ended_login_is_renewed_in_another_tab_and_one_goes_on_writing(tab):
    post = make_post(body="Old.")
    page = tab(change(post))
    Session.objects.all().delete()
    type_on(page, f" {WORDS}")
    expect(page.get_by_role("alert")).to_contain_text("Your login has ended")
    page.get_by_role("button", name="Update").click()
    type_on(page, " and on")
    with page.context.expect_page() as opened:
        page.get_by_role("link", name="Log in again").click()
    log_in(opened.value)
    expect(opened.value.get_by_role("heading", name="You are logged in again")).to_be_visible()
    expect(page.locator(".saving-login")).to_be_hidden()
    expect(state(page)).to_have_text(SAVED)
    page.get_by_role("button", name="Update").click()
    expect(page.get_by_text("Updated.")).to_be_visible()
    assert Post.objects.get().body == f"Old. {WORDS} and on"


def test_a_second_tab_that_saves_writes_over_nothing(tab):
    post = make_post(body="One.\n\nTwo.\n\nThree.")
    page, other = tab(change(post)), tab(change(post))
    type_on(page, " At the end.")
    expect(state(page)).to_have_text(SAVED)
    text(other).focus()
    other.keyboard.press("Control+Home")
    other.keyboard.insert_text("At the beginning. ")
    other.get_by_role("button", name="Update").click()
    expect(other.get_by_text("Updated.")).to_be_visible()
    type_on(page, " And after.")
    expect(state(page)).to_contain_text("editor has saved this meanwhile")
    page.get_by_role("button", name="Update").click()
    expect(page.get_by_role("heading", name="Saved by two")).to_be_visible()
    together = "At the beginning. One.\n\nTwo.\n\nThree. At the end. And after."
    expect(page.get_by_label("Text, together")).to_have_value(together)
    page.get_by_role("button", name="Update").click()
    expect(page.get_by_text("Updated.")).to_be_visible()
    assert Post.objects.get().body == together


def test_a_tab_that_is_still_open_is_not_taken_for_a_dead_one(tab):
    page = tab(ADD)
    page.context.set_offline(True)
    type_on(page, "Still here.")
    expect(state(page)).to_have_text("Offline, kept in this browser")
    page.context.set_offline(False)
    other = tab(ADD)
    expect(other.get_by_role("button", name="Put it back")).to_have_count(0)


def test_going_back_to_a_form_that_was_sent_and_writing_on_loses_nothing(tab):
    post = make_post(body="Old.")
    page = tab(change(post))
    type_on(page, " New.")
    page.get_by_role("button", name="Update").click()
    expect(page.get_by_text("Updated.")).to_be_visible()
    page.go_back()
    expect(page.locator(".saving:not([hidden])")).to_be_attached()
    text(page).fill("Old. New. And more.")
    expect(state(page)).to_have_text(SAVED)
    assert Revision.objects.get(kind="autosave").state["body"] == "Old. New. And more."


def test_the_button_says_schedule_where_it_will(tab):
    page = tab(ADD)
    date = page.get_by_label("Published", exact=False).first
    date.fill("2099-01-01T10:00")
    expect(page.get_by_role("button", name="Schedule")).to_be_visible()
    date.fill("2001-01-01T10:00")
    expect(page.get_by_role("button", name="Publish")).to_be_visible()


def test_everything_can_be_done_by_keyboard(tab):
    post = make_post(body="Old.")
    page = tab(change(post))
    type_on(page, " New.")
    expect(state(page)).to_have_text(SAVED)
    page.close()
    page = tab(change(post))
    page.get_by_role("link", name="Go on with it").press("Enter")
    expect(text(page)).to_have_value("Old. New.")
    page.get_by_role("button", name="Save draft").press("Enter")
    expect(page.get_by_text("Draft saved.")).to_be_visible()
    page.get_by_role("link", name="History").press("Enter")
    page.get_by_role("button", name="Compare the two").press("Enter")
    expect(page.locator("ins")).to_have_text(" New.")
    page.get_by_role("button", name="Restore the state before").press("Enter")
    expect(page.get_by_text("is restored")).to_be_visible()


@pytest.mark.parametrize("width", [1280, 390])
def test_pages_of_revisions_are_accessible_and_fit(desk, tab, width):
    post = make_post("A post", body="One.\n\nTwo.", tags=["a"])
    desk.set_viewport_size({"width": width, "height": 900})
    late = tab(change(post))
    page = tab(change(post))
    type_on(page, " More.")
    expect(state(page)).to_have_text(SAVED)
    page.get_by_role("button", name="Save draft").click()
    expect(page.get_by_text("Draft saved.")).to_be_visible()
    type_on(late, " Late.")
    late.locator("[name=tags]").fill("b")
    expect(state(late)).to_contain_text("has saved this meanwhile")
    late.get_by_role("button", name="Update").click()
    expect(late.get_by_role("heading", name="Saved by two")).to_be_visible()
    judge(late, width)
    for path in (
        change(post),
        change(post).replace("change", "history"),
        change(post).replace("change", "links"),
    ):
        page.goto(path if path.startswith("http") else page.url.split("/admin/")[0] + path)
        judge(page, width)
    page.get_by_role("button", name="Make a link").click()
    expect(page.get_by_role("button", name="Take back")).to_be_visible()
    judge(page, width)
    page.goto(page.url.replace("links", "history"))
    page.get_by_role("button", name="Compare the two").click()
    expect(page.locator(".difference")).not_to_have_count(0)
    judge(page, width)
    page.get_by_role("link", name="Preview").first.click()
    expect(page.locator(".rubric")).to_contain_text("Preview")
    judge(page, width)


def judge(page, width):
    page.set_viewport_size({"width": width, "height": 900})
    for scheme in ("light", "dark"):
        page.emulate_media(color_scheme=scheme)
        assert violations(page) == [], (page.url, scheme)
    assert page.evaluate("document.documentElement.scrollWidth") <= width, page.url
