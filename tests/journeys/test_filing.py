"""Terms, redirects and lists in a real browser: a series put in order by hand, and every page readable for everybody."""

import pytest
from playwright.sync_api import expect

from blog import terms
from blog.models import Alias, MissingPath, Series, SiteProfile, Tag
from tests.factories import make_page, make_post
from tests.journeys.test_admin_pages import violations
from tests.journeys.test_editor import write  # noqa: F401, a fixture


@pytest.fixture
def desk(write):  # noqa: F811
    return write


def titles():
    return [post.title for post in terms.parts_of(Series.objects.get())]


def make_series():
    for title in ("One", "Two", "Three"):
        make_post(title, series="S")
    return f"/admin/blog/series/{Series.objects.get().pk}/change/"


def test_a_series_is_ordered_by_buttons_with_the_keyboard(desk):
    page = desk(make_series())
    page.get_by_role("button", name="Up: Three").press("Enter")
    page.get_by_role("button", name="Up: Three").press("Enter")
    expect(page.locator(".parts input[type=number]").first).to_have_value("1")
    expect(page.locator(".parts bdi")).to_have_text(["Three", "One", "Two"])
    expect(page.get_by_role("button", name="Up: Three")).to_be_focused()
    page.get_by_role("button", name="Save", exact=True).click()
    expect(page.locator(".messagelist")).to_be_visible()
    assert titles() == ["Three", "One", "Two"]


def test_a_part_is_dragged_to_its_place(desk):
    page = desk(make_series())
    rows = page.locator(".parts li")
    rows.nth(0).locator("time").drag_to(rows.nth(2), target_position={"x": 200, "y": 30})
    expect(page.locator(".parts bdi")).to_have_text(["Two", "Three", "One"])
    page.get_by_role("button", name="Save", exact=True).click()
    expect(page.locator(".messagelist")).to_be_visible()
    assert titles() == ["Two", "Three", "One"]


def test_without_scripts_numbers_do_the_same(desk):
    page = desk(make_series(), scripts=False)
    page.get_by_label("Three").fill("1")
    page.get_by_role("button", name="Save", exact=True).click()
    expect(page.locator(".messagelist")).to_be_visible()
    assert titles() == ["Three", "One", "Two"]


@pytest.mark.parametrize("width", [390, 1280])
def test_axe_is_content_with_every_page(desk, live_server, width):
    from django.utils import timezone

    series = make_series()
    post, page_about = make_post(tags=["a", "b"], categories=["C"]), make_page()
    Alias.objects.create(path="/old/", post=post), Alias.objects.create(path="/gone/")
    MissingPath.objects.create(path="/lost/", count=3, seen_at=timezone.now(), referrer="/posts/x/")
    SiteProfile(post_pattern="/:year/:slug/").save()
    tag = Tag.objects.first()
    page = desk("/admin/", width=width)
    for path in [
        series,
        f"/admin/blog/tag/{tag.pk}/change/",
        "/admin/blog/tag/",
        "/admin/blog/series/",
        "/admin/blog/alias/",
        "/admin/blog/alias/add/?path=/lost/",
        "/admin/blog/missingpath/",
        "/admin/blog/post/?whose=mine",
        "/admin/blog/page/",
        "/admin/blog/siteprofile/move/?pattern=/posts/:slug/",
        post.path,
        page_about.path,
    ]:
        look_at(page, live_server.url + path, width)
    for action, address in [
        ("merge", "/admin/blog/tag/"),
        ("add_tags", "/admin/blog/post/"),
        ("remove_tags", "/admin/blog/post/"),
    ]:
        page.goto(live_server.url + address)
        for box in page.locator("input.action-select").all():
            box.check()
        page.locator("select[name=action]").select_option(action)
        page.get_by_role("button", name="Go").click()
        expect(page.locator(".deed")).to_be_visible()
        check(page, width, action)


def look_at(page, address, width):
    page.goto(address)
    check(page, width, address)


def check(page, width, what):
    page.emulate_media(color_scheme="light")
    assert violations(page) == [], what
    page.emulate_media(color_scheme="dark")
    assert violations(page, runOnly=["color-contrast"]) == [], f"{what} in the dark"
    assert page.evaluate("document.documentElement.scrollWidth") <= width, what
