"""The picture library in a real browser: a picture is added, described, shown in a post and replaced."""

import io

import pytest
from PIL import Image
from playwright.sync_api import expect

from blog import library
from blog.models import Picture, Post
from tests.blog.test_library import png
from tests.factories import make_post
from tests.journeys.test_admin_pages import violations
from tests.journeys.test_editor import write  # noqa: F401, a fixture

LIBRARY = "/admin/blog/picture/"


@pytest.fixture
def desk(write):  # noqa: F811
    return write


def file(name, colour, size=(1200, 600)):
    written = io.BytesIO()
    Image.new("RGB", size, colour).save(written, "JPEG")
    return {"name": name, "mimeType": "image/jpeg", "buffer": written.getvalue()}


@pytest.mark.parametrize("scripts", [True, False])
def test_a_picture_is_added_described_and_replaced_where_it_is_shown(desk, scripts):
    page = desk(LIBRARY, scripts=scripts)
    page.get_by_role("link", name="Add picture").click()
    page.get_by_label("Pictures:").set_input_files(file("red wall.jpg", "red"))
    page.get_by_label("In words").fill("A red wall")
    page.get_by_role("button", name="Add").click()
    field = page.get_by_label("Markdown of red wall.jpg")
    expect(field).to_have_value(f"![A red wall]({Picture.objects.get().address})")
    post = make_post(body=field.input_value())

    page.reload()
    expect(page.get_by_role("link", name=post.title)).to_be_visible()
    page.get_by_label("Replace with").set_input_files(file("blue wall.jpg", "blue"))
    page.get_by_role("button", name="Save", exact=True).click()
    expect(page.locator(".messagelist")).to_contain_text("1 entry shows the new picture.")
    new = Picture.objects.get(given_name="blue wall.jpg")
    assert Post.objects.get().body == f"![A red wall]({new.address})"

    page.goto(page.url.partition("/admin/")[0] + post.path)
    image = page.locator(".e-content img")
    expect(image).to_have_js_property("complete", True)
    expect(image).not_to_have_js_property("naturalWidth", 0)


def test_a_small_screen_loads_a_small_picture(open_page):
    post = make_post(body=f"![]({library.add(png(size=(1440, 720))).address})")
    for width, loaded in [(390, "/sized/480/"), (1280, "/sized/960/")]:
        image = open_page(post.path, width=width).locator(".e-content img")
        expect(image).to_have_js_property("complete", True)
        assert loaded in image.evaluate("image => image.currentSrc")


@pytest.mark.parametrize("width", [390, 1280])
def test_axe_is_content_with_the_library(desk, live_server, width):
    picture = library.add(png(size=(1200, 600)), given_name="wall.png")
    library.add(png(colour="#123456"), given_name="sea.png", alt="The sea")
    make_post(body=f"![]({picture.address})")
    page = desk(LIBRARY, width=width)
    for path in [LIBRARY, f"{LIBRARY}add/", f"{LIBRARY}{picture.pk}/change/"]:
        page.goto(live_server.url + path)
        for scheme in ("light", "dark"):
            page.emulate_media(color_scheme=scheme)
            assert not violations(page), (path, scheme)
        assert page.evaluate("document.documentElement.scrollWidth") <= width
