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


# Chosen in the editor


@pytest.fixture
def two_pictures(transactional_db):
    moor = library.add(png(colour="blue"), given_name="IMG_1.png", alt="A [wide] moor")
    bare = library.add(png(colour="red"), given_name="IMG_2.png")
    return moor, bare


def text_of(page):
    return page.locator("textarea[name=body]").input_value()


def test_a_picture_of_the_library_is_chosen_by_keys_and_undo_takes_it_back(two_pictures, desk):
    moor, _bare = two_pictures
    page = desk("/admin/blog/post/add/")
    page.locator("textarea[name=body]").fill("Before.")
    page.get_by_role("button", name="Library", exact=True).focus()
    page.keyboard.press("Enter")
    dialog = page.get_by_role("dialog", name="Pictures of the library")
    expect(dialog.get_by_role("status")).to_have_text("2 found")
    expect(dialog.get_by_role("searchbox")).to_be_focused()
    page.keyboard.type("moor")
    expect(dialog.get_by_role("status")).to_have_text("1 found")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    expect(dialog).to_be_hidden()
    page.keyboard.type("After.")
    chosen = f"Before.\n\n![A \\[wide\\] moor]({moor.address})\n\n"
    assert text_of(page) == chosen + "After."
    for _letter in "After.":
        page.keyboard.press("Control+z")
        if text_of(page) == chosen:
            break
    assert text_of(page) == chosen
    page.keyboard.press("Control+z")
    assert text_of(page) == "Before."


def test_the_key_after_the_choice_is_for_the_text(two_pictures, desk):
    page = desk("/admin/blog/post/add/")
    page.get_by_role("button", name="Library", exact=True).click()
    chosen = page.get_by_role("dialog").get_by_role("button", name="moor")
    focused = chosen.evaluate("""async (button) => {
        button.click();
        for (let step = 0; step < 9; step += 1) await null; // what is done before another key can come
        return document.activeElement.name;
    }""")
    assert focused == "body"


def test_a_picture_without_words_asks_for_them_where_they_belong(two_pictures, desk):
    _moor, bare = two_pictures
    page = desk("/admin/blog/post/add/")
    page.get_by_role("button", name="Library", exact=True).click()
    page.get_by_role("dialog").get_by_role("button", name="IMG_2.png").click()
    expect(page.get_by_role("status").filter(has_text="Say between the brackets")).to_be_visible()
    page.keyboard.type("A red wall")
    assert text_of(page).strip() == f"![A red wall]({bare.address})"


def test_a_library_that_is_left_changes_nothing_and_gives_the_way_back(two_pictures, desk):
    page = desk("/admin/blog/post/add/")
    page.locator("textarea[name=body]").fill("Mine.")
    page.get_by_role("button", name="Library", exact=True).click()
    page.get_by_role("searchbox").fill("nothing like it")
    expect(page.get_by_role("dialog").get_by_role("status")).to_have_text("No picture is found.")
    page.keyboard.press("Escape")  # empties the search, as everywhere
    page.keyboard.press("Escape")
    expect(page.get_by_role("dialog")).to_be_hidden()
    expect(page.locator("textarea[name=body]")).to_be_focused()
    assert text_of(page) == "Mine."


def test_a_cover_is_chosen_from_the_library_with_its_words(two_pictures, desk):
    moor, _bare = two_pictures
    page = desk("/admin/blog/post/add/")
    page.get_by_role("heading", name="Cover", exact=True).click()
    page.get_by_role("button", name="From the library").click()
    page.get_by_role("dialog").get_by_role("button", name="A [wide] moor").click()
    expect(page.locator("[name=cover]")).to_have_value(moor.address)
    expect(page.locator("[name=cover_alt]")).to_have_value("A [wide] moor")


@pytest.mark.parametrize("width", [1280, 390])
def test_the_library_in_the_editor_is_accessible_and_fits(two_pictures, desk, width):
    page = desk("/admin/blog/post/add/", width=width)
    page.get_by_role("button", name="Library", exact=True).click()
    expect(page.get_by_role("dialog").get_by_role("listitem")).to_have_count(2)
    assert violations(page) == []
    box = page.get_by_role("dialog").bounding_box()
    assert box["x"] >= 0 and box["x"] + box["width"] <= width
    assert page.evaluate("document.querySelector('dialog[open]').scrollWidth") <= box["width"]
