"""Every page of the admin that we made: accessible, no wider than its window, and nothing the policy forbids.

open_page fails a test for whatever a browser complains of, a violation of the policy first of all.
"""

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.contrib import admin
from django.contrib.admin.models import LogEntry
from django.core.files.base import ContentFile
from django.urls import reverse
from django.utils import timezone
from playwright.sync_api import expect

from blog.models import Alias, File, MissingPath, Tag
from tests.factories import make_comment, make_editor, make_page, make_post

OURS = ("auth", "blog", "comments")
ELSEWHERE = ["two_factor", "admin:comments_comment_paste", "admin:blog_siteprofile_move", "admin:index"]


@pytest.fixture
def everything(transactional_db):
    """Something of each kind; the editor who may look at it."""
    editor = make_editor()
    post = make_post(
        "A post", body="# One\n\nText.\n\n| a |\n|--:|\n| 1 |\n", tags=["a"], categories=["b"], series="c"
    )
    make_post("A draft", draft=True, published_at=None)
    make_page("About")
    make_comment(post)
    Tag.objects.create(name="Unused")
    Alias.objects.create(path="/old/", post=post)
    MissingPath.objects.create(path="/lost/", seen_at=timezone.now())
    File.objects.create(path="/plan.txt", file=ContentFile(b"x", "plan.txt"))
    return editor


def addresses():
    yield from map(reverse, ELSEWHERE)
    for model, pages in admin.site._registry.items():
        name = f"admin:{model._meta.app_label}_{model._meta.model_name}"
        if model._meta.app_label not in OURS:
            continue
        yield reverse(f"{name}_changelist")
        yield reverse(f"{name}_add")
        thing = model.objects.order_by("pk").first()
        if thing:
            for deed in ("change", "history", "delete"):
                yield reverse(f"{name}_{deed}", args=[thing.pk])
            if hasattr(pages, "links_view"):
                yield reverse(f"{name}_links", args=[thing.pk])


def violations(page, **options):
    # Looking into imported style sheets, axe writes inline styles, which the page's policy forbids and reports.
    found = Axe().run(page, options={"preload": False, **options}).response["violations"]
    return [(item["id"], [node["target"] for node in item["nodes"]][:3]) for item in found]


def log_in(page):
    page.get_by_label("Username").fill("editor")
    page.get_by_label("Password").fill("open sesame 7")
    page.get_by_role("button", name="Log in").click()
    page.wait_for_url("**/admin/")


@pytest.mark.parametrize("width", [1280, 390])
def test_admin_pages_are_accessible_and_fit(everything, open_page, live_server, width):
    page = open_page("/admin/login/", width=width)
    log_in(page)
    seen, wrong = 0, []
    for address in addresses():
        if page.goto(live_server.url + address).status in (403, 405):  # nobody may do this to these things
            continue
        seen += 1
        wrong += [(address, *found) for found in violations(page)]
        page.emulate_media(color_scheme="dark")
        wrong += [(address, "in the dark", *found) for found in violations(page, runOnly=["color-contrast"])]
        page.emulate_media(color_scheme="light")
        if page.evaluate("document.documentElement.scrollWidth") > width:
            wrong.append((address, "is too wide"))
    assert wrong == []
    assert seen > 30
    assert not LogEntry.objects.exists()


@pytest.mark.parametrize("width", [1280, 390])
def test_the_form_is_accessible_with_everything_open(everything, open_page, live_server, width):
    page = open_page("/admin/login/", width=width)
    log_in(page)
    page.goto(f"{live_server.url}/admin/blog/post/add/")
    page.get_by_label("Title").fill("A title")
    page.locator("textarea[name=body]").fill("![](/static/icon.svg)\n")
    expect(page.get_by_role("region", name="Before publishing").get_by_role("listitem")).to_have_count(2)
    page.evaluate("for (const fold of document.querySelectorAll('details')) fold.open = true")
    page.locator("[name=tags]").press_sequentially("a")
    expect(page.get_by_role("listbox").get_by_role("option")).to_have_text(["a"])
    assert violations(page) == []
    page.locator("[name=tags]").press("Escape")
    page.get_by_role("button", name="Preview").click()
    assert violations(page) == []
    page.get_by_role("button", name="Full screen").click()
    assert violations(page) == []
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    page.keyboard.press("Escape")
    page.get_by_role("button", name="Help").click()
    assert violations(page) == []
    page.keyboard.press("Escape")
    page.get_by_role("button", name="Publish", exact=True).click()
    expect(page.get_by_role("region", name="Not published yet")).to_be_visible()
    assert violations(page) == []


def test_on_a_phone_the_header_takes_two_lines_and_keeps_everything(everything, open_page):
    page = open_page("/admin/login/", width=390)
    log_in(page)
    assert page.locator("#header").bounding_box()["height"] < 100
    leave = page.get_by_role("button", name="Log out")
    expect(leave).to_be_hidden()
    page.get_by_role("button", name="editor").press("Enter")
    for name in ("Two-factor login", "View site", "Change password"):
        expect(page.locator("#header").get_by_role("link", name=name)).to_be_visible()
    assert violations(page) == []
    page.keyboard.press("Escape")
    expect(leave).to_be_hidden()
    page.set_viewport_size({"width": 1280, "height": 900})
    expect(leave).to_be_visible()
    expect(page.get_by_role("button", name="editor")).to_be_hidden()
    leave.press("Enter")
    expect(page.get_by_role("heading", name="Logged out")).to_be_visible()
