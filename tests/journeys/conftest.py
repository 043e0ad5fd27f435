"""A real browser before a real server."""

import os
import shutil

import pytest

from tests.running import Site

# Playwright's loop lives in this thread; the tests' own queries are none the worse for it.
os.environ.setdefault("DJANGO_ALLOW_ASYNC_UNSAFE", "true")

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
QUIET = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]


def pytest_collection_modifyitems(items):
    for item in items:
        if "browser" in getattr(item, "fixturenames", ()):
            item.add_marker(pytest.mark.browser)
            item.add_marker(pytest.mark.xdist_group("browser"))


@pytest.fixture(scope="session")
def browser():
    if not CHROMIUM:
        pytest.skip("Chromium is not installed")
    from playwright.sync_api import expect, sync_playwright

    expect.set_options(timeout=30_000)  # only a hang takes longer
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=QUIET)
        yield browser
        browser.close()


@pytest.fixture
def open_page(browser, live_server, settings):
    """open_page(path, width=…, dark=…, scripts=…) -> a page whose policy violations and errors fail the test."""
    settings.SITE_URL = live_server.url
    settings.CSRF_TRUSTED_ORIGINS = [live_server.url]
    contexts, complaints = [], []

    def open_page(path="/", *, width=1280, dark=False, scripts=True, storage=None):
        context = browser.new_context(
            viewport={"width": width, "height": 900},
            color_scheme="dark" if dark else "light",
            java_script_enabled=scripts,
            storage_state=storage,
        )
        contexts.append(context)
        page = context.new_page()
        page.on("pageerror", lambda error: complaints.append(f"script error: {error}"))
        page.on(
            "console",
            lambda message: (
                complaints.append(f"{message.text} ({message.location})") if message.type == "error" else None
            ),
        )
        page.goto(live_server.url + path)
        return page

    yield open_page
    for context in contexts:
        context.close()
    expected = ("404 (Not Found)", "403 (Forbidden)", "409 (Conflict)", "net::ERR_INTERNET_DISCONNECTED")
    assert [line for line in complaints if not any(words in line for words in expected)] == []


@pytest.fixture(scope="session")
def prepared_site(tmp_path_factory):
    """A site of its own with one post, to be copied and not to be run."""
    site = Site(tmp_path_factory.mktemp("prepared"))
    site.prepare()
    return site
