"""The whole browser is killed while somebody writes far from any network: what was typed is on its disk, and offered."""

import os
import signal
from contextlib import suppress

import pytest
from playwright.sync_api import Error, expect

from tests.factories import make_editor
from tests.journeys.conftest import CHROMIUM, QUIET
from tests.journeys.test_autosave import ADD, DRAFTS, log_in, state, text, type_on

LETTERS = "abcdefghij" * 400
ENDS_SO = f"async (end) => {DRAFTS}.kept('').then(rows => rows.some(([, kept]) => kept.typed.includes(end)))"


@pytest.fixture
def start(browser, tmp_path, transactional_db, live_server):
    """start() -> the form for a new post in a browser with a folder of its own, the same one each time."""
    make_editor()
    started = []

    def start():
        context = browser.browser_type.launch_persistent_context(
            tmp_path / "browser", executable_path=CHROMIUM, args=QUIET
        )
        started.append(context)
        page = context.new_page()
        page.goto(live_server.url + ADD)
        if "/login/" in page.url:  # the cookie, too, was not on the disk yet
            log_in(page)
        expect(page.locator(".saving:not([hidden])")).to_be_attached()
        return page

    yield start
    for context in started:
        with suppress(Error):
            context.close()


def kill(page):
    """All its processes, and none of them has time for a last word."""
    asked = page.context.browser.new_browser_cdp_session().send("SystemInfo.getProcessInfo")
    for process in sorted(asked["processInfo"], key=lambda process: process["type"] != "browser"):
        with suppress(ProcessLookupError):
            os.kill(process["id"], signal.SIGKILL)


def test_what_was_typed_offline_survives_the_browser(start):
    page = start()
    page.get_by_label("Title").fill("Nearly lost")
    page.context.set_offline(True)
    type_on(page, LETTERS)
    expect(state(page)).to_have_text("Offline, kept in this browser")
    page.keyboard.type(" and the last words")
    page.wait_for_function(ENDS_SO, arg="and the last words")
    kill(page)
    page = start()
    offer = page.locator("section.offer")
    expect(offer).to_contain_text("Nearly lost")
    offer.get_by_role("button", name="Put it back").click()
    expect(text(page)).to_have_value(f"{LETTERS} and the last words")
