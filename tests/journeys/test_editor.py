"""The Markdown field in a real browser: nothing an author does by hand or key may lose a word."""

import io
import re

import pytest
from PIL import Image
from playwright.sync_api import expect

from blog.models import Post, Tag
from tests.factories import make_editor, make_post

ADD = "/admin/blog/post/add/"
TEXT = "textarea[name=body]"
UPLOADING = re.compile("Uploading")


@pytest.fixture
def write(transactional_db, open_page, live_server):
    """write(path, …) -> the page at that path of the admin, logged in."""
    make_editor()

    def open_form(path=ADD, **options):
        page = open_page("/admin/login/", **options)
        page.get_by_label("Username").fill("editor")
        page.get_by_label("Password").fill("open sesame 7")
        page.get_by_role("button", name="Log in").click()
        page.goto(live_server.url + path)
        return page

    return open_form


def picture(colour="#a3271b"):
    handle = io.BytesIO()
    Image.new("RGB", (64, 36), colour).save(handle, "PNG")
    return handle.getvalue()


def give(page, event, files, text=""):
    """Let files and text fall into the field, or be pasted: (name, type, bytes) each."""
    page.evaluate(
        """([event, files, text]) => {
            const data = new DataTransfer();
            if (text) data.setData("text/plain", text);
            for (const [name, type, bytes] of files) data.items.add(new File([new Uint8Array(bytes)], name, {type}));
            const area = document.querySelector("textarea[name=body]");
            const about = {bubbles: true, cancelable: true};
            const happened = event === "paste"
                ? new ClipboardEvent("paste", {...about, clipboardData: data})
                : new DragEvent("drop", {...about, dataTransfer: data});
            return area.dispatchEvent(happened);
        }""",
        [event, [[name, kind, list(content)] for name, kind, content in files], text],
    )


def look(page):
    """The page in the preview, which is opened."""
    page.get_by_role("button", name="Preview").click()
    return page.frame_locator(".markdownx-preview iframe")


def selected(page):
    return page.locator(TEXT).evaluate("area => area.value.slice(area.selectionStart, area.selectionEnd)")


def test_preview_follows_the_text(write):
    page = write()
    page.get_by_label("Title").fill("A title")
    page.locator(TEXT).press_sequentially("# Hello *there*")
    expect(page.get_by_role("status").filter(has_text="words")).to_contain_text("2 words")
    preview = look(page)
    expect(preview.locator("h2 em")).to_have_text("there")
    expect(preview.locator("h1")).to_have_text("A title")
    page.locator(TEXT).press_sequentially(" and *here*")
    expect(preview.locator("h2")).to_have_text("Hello there and here")


def test_preview_looks_like_the_page(write, live_server):
    body = "Some text that is long enough.\n\n## A heading\n\n> said\n"
    post = make_post("As it is", body=body)
    page = write(f"/admin/blog/post/{post.pk}/change/", width=1700)
    shown = look_of(look(page))
    page.goto(live_server.url + post.path)
    assert shown == look_of(page)


def look_of(page):
    """How the heading, a paragraph and a quote are set."""
    names = ["font-family", "font-size", "line-height", "color", "max-width"]
    return [
        page.locator(f".prose {tag}").first.evaluate(
            "(element, names) => names.map((name) => getComputedStyle(element)[name])", names
        )
        for tag in ("p", "h2", "blockquote")
    ]


def test_preview_is_shown_as_wide_as_a_phone(write):
    page = write()
    page.locator(TEXT).fill("Some words")
    preview = look(page)
    expect(preview.locator(".prose")).to_have_text("Some words")
    wide = preview.locator("html").evaluate("html => html.clientWidth")
    page.get_by_role("button", name="Phone").click()
    assert preview.locator("html").evaluate("html => html.clientWidth") <= 390 < wide


HEIGHT_OF = """(area, words) => {
    const lines = area.value.slice(0, area.value.indexOf(words)).split("\\n").length - 1;
    return lines * parseFloat(getComputedStyle(area).lineHeight);
}"""


def test_text_and_preview_scroll_in_step(write):
    page = write()
    pictures = "![](/static/icon.svg)\n\n" * 10  # high on the page and short in the text
    page.locator(TEXT).fill(
        pictures + "".join(f"## Part {number}\n\n" + "Words.\n\n" * 20 for number in range(20))
    )
    preview = look(page)
    twelfth = preview.get_by_role("heading", name="Part 12")
    expect(twelfth).to_be_attached()
    page.locator(TEXT).hover()
    page.locator(TEXT).evaluate(f"area => area.scrollTop = ({HEIGHT_OF})(area, '## Part 12')")
    expect(twelfth).to_be_in_viewport()
    for _try in range(10):  # the browser tells a frame of the pointer when it finds the time
        page.mouse.move(0, 0)
        page.locator("iframe").hover()
        preview.get_by_role("heading", name="Part 1", exact=True).evaluate("part => part.scrollIntoView()")
        preview.get_by_role("heading", name="Part 3").evaluate("part => part.scrollIntoView()")
        page.wait_for_timeout(300)
        if page.locator(TEXT).evaluate(
            f"""area => Math.abs(area.scrollTop - ({HEIGHT_OF})(area, "## Part 3")) < area.clientHeight / 4"""
        ):
            break
    else:
        raise AssertionError("the text does not follow the preview")


def test_after_the_title_enter_leads_to_the_text(write):
    page = write()
    page.get_by_label("Title").fill("A title")
    page.keyboard.press("Enter")
    expect(page.locator(TEXT)).to_be_focused()
    assert not Post.objects.exists()


def test_the_text_of_a_published_post_has_its_full_width(write):
    post = make_post()
    page = write(f"/admin/blog/post/{post.pk}/change/")
    expect(page.get_by_role("link", name="Duplicate")).to_be_visible()
    text, tags = (page.locator(name).bounding_box() for name in (TEXT, "[name=tags]"))
    assert text["width"] > 650
    assert tags["x"] > text["x"] + text["width"]


def test_full_screen_is_text_and_preview_alone_until_escape(write):
    page = write()
    page.get_by_role("button", name="Full screen").click()
    expect(page.locator("[name=tags]")).to_be_hidden()
    expect(page.locator(TEXT)).to_be_focused()
    page.keyboard.press("Escape")
    expect(page.locator("[name=tags]")).to_be_visible()


def test_names_and_scripts_in_the_text_do_not_touch_the_form(write):
    page = write()
    page.locator("#id_markup").select_option("html", force=True)
    page.locator(TEXT).fill('<p id="id_title">x</p><input name="title" value="other"></form>')
    expect(look(page).locator("p#id_title")).to_have_count(1)
    page.get_by_label("Title").fill("Mine")
    assert page.evaluate("new FormData(document.querySelector('#post_form')).getAll('title')") == ["Mine"]


def test_tab_leaves_the_field_and_keys_mark_the_text(write):
    page = write()
    area = page.locator(TEXT)
    area.press_sequentially("word")
    area.press("Control+a")
    for key, expected in (("b", "**word**"), ("b", "word"), ("i", "*word*")):
        area.press(f"Control+{key}")
        expect(area).to_have_value(expected)
    area.press("Control+k")
    expect(area).to_have_value("*[word](https://)*")
    assert selected(page) == "https://"
    area.press("Tab")
    assert page.evaluate("document.activeElement.name") != "body"


def test_undo_takes_back_what_was_inserted_and_no_more(write):
    page = write()
    area = page.locator(TEXT)
    area.press_sequentially("one two")
    area.press("Control+a")
    area.press("Control+b")
    expect(area).to_have_value("**one two**")
    area.press("Control+z")
    expect(area).to_have_value("one two")


def test_several_pictures_are_dropped_and_each_is_described(write):
    page = write()
    area = page.locator(TEXT)
    area.press_sequentially("Before.")
    give(page, "drop", [("red wall.png", "image/png", picture()), ("blue.png", "image/png", picture("#00f"))])
    rows = page.get_by_role("list", name="Pictures that came in").get_by_role("listitem")
    expect(rows).to_have_count(2)
    expect(area).not_to_have_value(UPLOADING)
    first, second = re.findall(r"!\[\]\((/media/uploads/[^)]+)\)", area.input_value())
    assert area.input_value().startswith("Before.\n\n![](/media/uploads/")
    rows.nth(0).get_by_label("What does it show?").fill("A red wall [painted]")
    page.keyboard.press("Enter")
    expect(rows).to_have_count(1)
    page.keyboard.type("The sea")
    page.keyboard.press("Enter")
    expect(area).to_be_focused()
    expect(area).to_have_value(re.compile(re.escape(f"![A red wall \\[painted\\]]({first})")))
    expect(area).to_have_value(re.compile(re.escape(f"![The sea]({second})")))


def test_on_a_phone_two_pictures_are_described_without_scrolling(write):
    page = write(width=390)
    give(page, "drop", [("red wall.png", "image/png", picture()), ("blue.png", "image/png", picture("#00f"))])
    rows = page.get_by_role("list", name="Pictures that came in")
    expect(rows.get_by_role("button", name="Done")).to_have_count(2)
    box = rows.bounding_box()
    for place in rows.get_by_label("What does it show?").all():
        field = place.bounding_box()
        assert box["y"] <= field["y"] and field["y"] + field["height"] <= box["y"] + box["height"]


def test_a_picture_that_was_picked_is_described_by_keys_at_once(write):
    page = write()
    page.locator(TEXT).press_sequentially("Before.")
    with page.expect_file_chooser() as chooser:
        page.get_by_role("button", name="Picture", exact=True).click()
    files = [("red wall.png", picture()), ("blue.png", picture("#00f"))]
    chooser.value.set_files(
        [{"name": name, "mimeType": "image/png", "buffer": bytes} for name, bytes in files]
    )
    rows = page.get_by_role("list", name="Pictures that came in").get_by_role("listitem")
    expect(rows.nth(0).get_by_label("What does it show?")).to_be_focused()
    expect(page.locator(TEXT)).not_to_have_value(UPLOADING)
    page.keyboard.type("A red wall")
    page.keyboard.press("Enter")
    page.keyboard.type("The sea")
    page.keyboard.press("Enter")
    expect(page.locator(TEXT)).to_have_value(
        re.compile(r"^Before\.\n\n!\[A red wall\]\(/media/[^)]+\)\n\n!\[The sea\]\(/media/[^)]+\)\s*$")
    )
    expect(page.locator(TEXT)).to_be_focused()


def test_a_picture_comes_where_it_is_dropped(write):
    page = write()
    area = page.locator(TEXT)
    area.fill("First line\n\nSecond line")
    page.evaluate(
        """bytes => {
            const data = new DataTransfer();
            data.items.add(new File([new Uint8Array(bytes)], "wall.png", {type: "image/png"}));
            const area = document.querySelector("textarea[name=body]");
            const { x, y, width } = area.getBoundingClientRect();
            const place = {clientX: x + width - 40, clientY: y + 30}; // behind the first line
            area.dispatchEvent(new DragEvent("drop", {dataTransfer: data, bubbles: true, cancelable: true, ...place}));
        }""",
        list(picture()),
    )
    expect(area).to_have_value(re.compile(r"^First line\n\n!\[\]\(/media/\S+\)\n\nSecond line$"))


def test_a_picture_is_described_while_it_is_on_its_way(write):
    page = write()
    page.locator(TEXT).focus()
    going = []
    page.route("**/upload/", lambda route: going.append(route), times=1)
    give(page, "drop", [("wall.png", "image/png", picture()), ("sea.png", "image/png", picture("#00f"))])
    page.get_by_label("What does it show?").first.fill("A wall")
    page.keyboard.press("Enter")
    page.keyboard.type("The sea")
    page.keyboard.press("Enter")
    expect(page.locator(TEXT)).to_be_focused()
    going[0].continue_()
    expect(page.locator(TEXT)).to_have_value(
        re.compile(r"^!\[A wall\]\(/media/\S+\)\n\n!\[The sea\]\(/media/\S+\)\s*$")
    )
    expect(page.get_by_label("What does it show?")).to_have_count(0)


def test_an_upload_is_stopped_and_leaves_nothing(write):
    page = write()
    area = page.locator(TEXT)
    area.press_sequentially("Before.")
    page.route("**/upload/", lambda route: None)
    give(page, "drop", [("slow.png", "image/png", picture())])
    expect(area).to_have_value(UPLOADING)
    page.get_by_role("button", name="Stop").click()
    expect(area).to_have_value(re.compile(r"^Before\.\s*$"))
    expect(page.get_by_role("button", name="Stop")).to_have_count(0)


def test_an_upload_that_failed_is_tried_again(write):
    page = write()
    area = page.locator(TEXT)
    area.focus()
    page.route("**/upload/", lambda route: route.fulfill(status=403, json={"error": "Log in again."}))
    give(page, "drop", [("wall.png", "image/png", picture())])
    expect(page.get_by_text("Log in again.", exact=True)).to_be_visible()
    page.unroute("**/upload/")
    page.get_by_role("button", name="Try again").click()
    expect(area).to_have_value(re.compile(r"^!\[\]\(/media/uploads/"))


def test_a_text_that_waits_for_a_picture_is_saved_with_it(write):
    page = write()
    page.get_by_label("Title").fill("With a picture")
    page.locator(TEXT).focus()
    going = []
    page.route("**/upload/", lambda route: going.append(route))
    give(page, "drop", [("wall.png", "image/png", picture())])
    expect(page.locator(TEXT)).to_have_value(UPLOADING)
    page.get_by_role("button", name="Save draft").click()
    expect(page.get_by_role("status").filter(has_text="as soon as the picture is there")).to_be_visible()
    going[0].continue_()
    page.wait_for_url("**/change/")
    assert Post.objects.get().body.startswith("![](/media/uploads/")


def test_pasting_a_picture_uploads_it_and_pasting_words_does_not(write):
    page = write()
    area = page.locator(TEXT)
    area.focus()
    give(page, "paste", [("image.png", "image/png", picture())])
    expect(area).to_have_value(re.compile(r"^!\[\]\(/media/uploads/"))
    area.fill("")
    give(page, "paste", [("image.png", "image/png", picture())], text="A cell of a table")
    page.wait_for_timeout(300)
    assert "![" not in area.input_value()


def test_an_address_pasted_over_words_makes_a_link(write):
    page = write()
    area = page.locator(TEXT)
    area.press_sequentially("the docs")
    area.press("Control+a")
    give(page, "paste", [], text="https://example.org/docs")
    expect(area).to_have_value("[the docs](https://example.org/docs)")


def test_a_refused_picture_leaves_the_text_as_it_was_and_says_why(write):
    page = write()
    area = page.locator(TEXT)
    area.press_sequentially("Kept.")
    area.evaluate("area => area.dataset.maxBytes = 10")
    give(page, "drop", [("large.png", "image/png", picture())])
    expect(page.get_by_role("status").filter(has_text="large.png")).to_contain_text("larger than 10 MB")
    assert area.input_value().strip() == "Kept."


def test_writing_on_while_a_picture_is_under_way_loses_nothing(write):
    page = write()
    area = page.locator(TEXT)
    area.focus()
    page.route("**/upload/", lambda route: (page.wait_for_timeout(600), route.continue_()))
    give(page, "drop", [("slow.png", "image/png", picture())])
    area.press_sequentially("written meanwhile")
    expect(area).not_to_have_value(UPLOADING)
    area.press_sequentially(" and after")
    value = area.input_value()
    assert "![](/media/" in value
    assert value.endswith("written meanwhile and after")


def test_tags_are_completed_by_keys_however_they_are_spelled(write):
    for name in ("Typography", "Type", "C++", "Paris, France"):
        Tag.objects.create(name=name)
    page = write()
    line = page.get_by_role("combobox", name="Tags")
    options = page.get_by_role("listbox").get_by_role("option")
    line.press_sequentially("first, TYP")
    expect(options).to_have_text(["Type", "Typography"])
    line.press("ArrowDown")
    line.press("ArrowDown")
    expect(page.get_by_role("listbox").get_by_role("option", selected=True)).to_have_text("Typography")
    line.press("Enter")
    expect(line).to_have_value("first, Typography, ")
    line.press_sequentially("typ")
    expect(options).to_have_text(["Type"])  # the other is there already
    line.press("Escape")
    expect(options).to_have_count(0)
    line.press("Control+a")
    line.press_sequentially("par")
    expect(options).to_have_text(["Paris, France"])
    line.press("ArrowDown")
    line.press("Tab")
    expect(line).to_have_value('"Paris, France", ')
    expect(line).not_to_be_focused()


def test_enter_ends_a_tag_and_sends_nothing(write):
    page = write()
    line = page.get_by_role("combobox", name="Tags")
    line.press_sequentially("new")
    line.press("Enter")
    line.press_sequentially("newer")
    line.press("Enter")
    expect(line).to_have_value("new, newer, ")
    line.press("Control+z")
    assert line.input_value() != "new, newer, "


def test_search_and_social_preview_follow_what_is_written(write):
    page = write()
    page.get_by_text("In searches and shared links").click()
    shown = page.locator(".elsewhere")
    page.get_by_label("Title").fill("A day")
    expect(shown).to_contain_text("posts › a-day")
    expect(shown).to_contain_text("Title: 5 characters. It is shown whole.")
    page.locator(TEXT).fill("The text's beginning.")
    expect(shown.locator(".as-found")).to_contain_text("The text’s beginning.")
    page.locator("[name=description]").evaluate("field => field.closest('details').open = true")
    page.locator("[name=description]").fill("Word. " * 40)
    expect(shown).to_contain_text("Search engines cut it after about 155.")


def test_the_form_works_without_scripts(write):
    page = write(scripts=False)
    page.get_by_label("Title").fill("Plain")
    page.locator(TEXT).fill("Only *text*.")
    page.get_by_role("button", name="Publish", exact=True).click()
    expect(page.get_by_role("link", name="See it on the site")).to_be_visible()
    post = Post.objects.get()
    assert (post.body, post.is_public) == ("Only *text*.", True)


def test_on_a_phone_the_preview_takes_the_place_of_the_text(write):
    page = write(width=390)
    page.locator(TEXT).fill("Some *words*")
    expect(page.locator(".markdownx-preview")).to_be_hidden()
    expect(look(page).locator("em")).to_have_text("words")
    expect(page.locator(TEXT)).to_be_hidden()
    page.get_by_role("button", name="Preview").click()
    expect(page.locator(TEXT)).to_be_visible()
