"""What the tools and keys of the Markdown field do to a text, tried in the browser: "|" stands for the cursor, or for
both ends of what is selected."""

import pytest
from playwright.sync_api import expect

from tests.factories import make_editor

TEXT = "textarea[name=body]"


@pytest.fixture
def page(transactional_db, open_page, live_server):
    make_editor()
    page = open_page("/admin/login/?next=/admin/blog/post/add/")
    page.get_by_label("Username").fill("editor")
    page.get_by_label("Password").fill("open sesame 7")
    page.get_by_role("button", name="Log in").click()
    expect(page.get_by_role("toolbar")).to_be_visible()
    return page


def put(page, marked):
    """Write the text and select what stands between the bars."""
    before, *rest = marked.split("|")
    text = before + "".join(rest)
    end = len(before) + (len(rest[0]) if len(rest) == 2 else 0)
    area = page.locator(TEXT)
    area.fill(text)
    area.evaluate("(area, [start, end]) => area.setSelectionRange(start, end)", [len(before), end])


def read(page):
    value, start, end = page.locator(TEXT).evaluate(
        "area => [area.value, area.selectionStart, area.selectionEnd]"
    )
    inside = f"|{value[start:end]}|" if start < end else "|"
    return value[:start] + inside + value[end:]


def test_the_return_key_goes_on_with_a_list_or_quote(page):
    for before, after in [
        ("- one|", "- one\n- |"),
        ("* one|two", "* one\n* |two"),
        ("9. nine|", "9. nine\n10. |"),
        ("  - in|", "  - in\n  - |"),
        ("- [x] done|", "- [x] done\n- [ ] |"),
        ("> said|", "> said\n> |"),
        ("> - one|", "> - one\n> - |"),
        ("- one\n- |", "- one\n\n|"),
        ("> said\n> |", "> said\n\n|"),
        ("1. one\n2. |\nafter", "1. one\n\n|\nafter"),
        ("plain|", "plain\n|"),
        ("|- one", "\n|- one"),
        ("```\n- one|", "```\n- one\n|"),
        ("-- no list|", "-- no list\n|"),
    ]:
        put(page, before)
        page.locator(TEXT).press("Enter")
        assert read(page) == after, before


def test_tools_mark_what_is_chosen_and_take_the_mark_away(page):
    for tool, before, after in [
        ("Bold", "a |word| b", "a **|word|** b"),
        ("Bold", "a **|word|** b", "a |word| b"),
        ("Italic", "|", "*|*"),
        ("Link", "a |word| b", "a [word](|https://|) b"),
        ("Code", "|x|", "`|x|`"),
        ("Code", "|a\nb|", "```|\na\nb\n```"),
        ("Heading", "Words|", "## Words|"),
        ("Heading", "## Words|", "### Words|"),
        ("Heading", "### Words|", "Words|"),
        ("Quote", "|one\n\ntwo|", "|> one\n\n> two|"),
        ("Quote", "|> one\n> two|", "|one\ntwo|"),
        ("List", "before\n|one\ntwo|", "before\n\n|- one\n- two|"),
        ("List", "- one\ntwo|", "- one\n- two|"),
        ("1, 2, 3", "|one\ntwo|", "|1. one\n2. two|"),
        ("Footnote", "Said| here.", "Said[^1] here.\n\n[^1]: |"),
        ("Footnote", "A[^1] b|.\n\n[^1]: x", "A[^1] b[^2].\n\n[^1]: x\n[^2]: |"),
    ]:
        put(page, before)
        page.get_by_role("toolbar").get_by_role("button", name=tool, exact=True).click()
        assert read(page) == after, (tool, before)
        page.locator(TEXT).press("Control+z")
        assert page.locator(TEXT).input_value() == before.replace("|", ""), f"{tool} is not undone"


def test_keys_do_what_the_tools_do(page):
    for key, before, after in [
        ("Control+Shift+H", "Words|", "## Words|"),
        ("Control+Shift+Period", "said|", "> said|"),
        ("Control+Shift+8", "one|", "- one|"),
        ("Control+Shift+7", "one|", "1. one|"),
        ("Control+e", "|x|", "`|x|`"),
        ("Control+]", "- one\n- two|", "- one\n    - two|"),
        ("Control+[", "- one\n    - two|", "- one\n- two|"),
    ]:
        put(page, before)
        page.locator(TEXT).press(key)
        assert read(page) == after, key


def test_tools_are_one_stop_for_tab_and_arrows_lead_on(page):
    page.get_by_label("Title").focus()
    page.keyboard.press("Tab")
    expect(page.get_by_role("button", name="Bold")).to_be_focused()
    page.keyboard.press("ArrowRight")
    expect(page.get_by_role("button", name="Italic")).to_be_focused()
    page.keyboard.press("ArrowLeft")
    page.keyboard.press("ArrowLeft")
    expect(page.get_by_role("button", name="Help")).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.get_by_role("dialog")).to_be_visible()
    page.keyboard.press("Escape")
    expect(page.get_by_role("dialog")).to_be_hidden()
    page.keyboard.press("Tab")
    expect(page.locator(TEXT)).to_be_focused()


def test_dropped_words_stay_the_browser_s(page):
    put(page, "|")
    taken = page.evaluate(
        """() => {
            const data = new DataTransfer();
            data.setData("text/plain", "words");
            const drop = new DragEvent("drop", {dataTransfer: data, bubbles: true, cancelable: true});
            return !document.querySelector("textarea[name=body]").dispatchEvent(drop);
        }"""
    )
    assert not taken
