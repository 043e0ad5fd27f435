"""What an author and a visitor do together: write, publish, answer, approve."""

import io
import re

import pytest
from PIL import Image
from playwright.sync_api import expect

from blog.models import Post, Tag
from comments.models import Comment
from tests.factories import make_editor, make_post


@pytest.fixture
def editor(transactional_db):
    return make_editor()


def log_in(page):
    page.get_by_label("Username").fill("editor")
    page.get_by_label("Password").fill("open sesame 7")
    page.get_by_role("button", name="Log in").click()


def picture(colour="#a3271b"):
    handle = io.BytesIO()
    Image.new("RGB", (640, 360), colour).save(handle, "PNG")
    return handle.getvalue()


def test_author_writes_and_publishes_a_post_with_a_picture(editor, open_page, live_server):
    page = open_page("/admin/blog/post/add/")
    log_in(page)
    page.get_by_label("Title").fill("Written in the browser")
    body = page.locator("textarea[name=body]")
    body.fill("# Hello\n\nSome *text*.\n\n")
    body.focus()
    page.evaluate(
        """async bytes => {
            const file = new File([new Uint8Array(bytes)], "red wall.png", {type: "image/png"});
            const data = new DataTransfer();
            data.items.add(file);
            const area = document.querySelector("textarea[name=body]");
            area.setSelectionRange(area.value.length, area.value.length);
            area.dispatchEvent(new DragEvent("drop", {dataTransfer: data, bubbles: true, cancelable: true}));
        }""",
        list(picture()),
    )
    expect(body).to_have_value(re.compile(r"!\[\]\(/media/"))
    page.locator("[name=tags]").fill("press, browser")
    page.get_by_label("What does it show?").fill("A red wall")
    page.get_by_role("button", name="Publish", exact=True).click()
    expect(page.get_by_role("link", name="See it on the site")).to_be_visible()
    post = Post.objects.get()
    assert post.is_public
    assert sorted(post.tags.names()) == ["browser", "press"]
    page.goto(live_server.url + post.path)
    assert page.get_by_role("heading", level=1).inner_text() == "Written in the browser"
    image = page.locator(".e-content img")
    assert image.get_attribute("alt") == "A red wall"
    assert image.evaluate("image => image.complete && image.naturalWidth > 0")


def test_newcomer_publishes_two_pictures_and_three_tags_in_eight_steps(editor, open_page, tmp_path):
    """In Ghost: title, text, two pictures, the settings opened, tags, "Publish", "Continue", "Publish right now"."""
    Tag.objects.create(name="Harbour")
    files = []
    for number, name in enumerate(("boat.png", "quay.png")):
        files.append(tmp_path / name)
        files[-1].write_bytes(picture(colour=f"#a3{number}71b"))
    page = open_page("/admin/login/")
    log_in(page)
    page.get_by_role("link", name="Write a post").click()
    expect(page.get_by_label("Title")).to_be_focused()
    page.keyboard.type("A day at the harbour")
    page.locator("textarea[name=body]").fill("Boats come and go.")
    with page.expect_file_chooser() as chooser:
        page.get_by_role("button", name="Picture", exact=True).click()
    chooser.value.set_files(files)
    pictures = page.get_by_role("list", name="Pictures that came in").get_by_role("listitem")
    pictures.first.get_by_label("What does it show?").fill("A boat")
    page.keyboard.press("Enter")
    page.keyboard.type("The quay")
    page.keyboard.press("Enter")
    page.get_by_role("combobox", name="Tags").press_sequentially("harb")
    expect(page.get_by_role("listbox").get_by_role("option")).to_have_text(["Harbour"])
    for key in ("ArrowDown", "Enter"):
        page.keyboard.press(key)
    page.keyboard.type("boats, Sea")
    page.get_by_role("button", name="Publish", exact=True).click()
    page.get_by_role("link", name="See it on the site").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("A day at the harbour")
    assert [image.get_attribute("alt") for image in page.locator(".e-content img").all()] == [
        "A boat",
        "The quay",
    ]
    assert sorted(Post.objects.get().tags.names()) == ["Harbour", "Sea", "boats"]


def test_a_cover_is_chosen_from_a_file(editor, open_page, tmp_path):
    file = tmp_path / "boat.png"
    file.write_bytes(picture())
    page = open_page("/admin/login/?next=/admin/blog/post/add/")
    log_in(page)
    page.get_by_text("Cover", exact=True).click()
    with page.expect_file_chooser() as chooser:
        page.get_by_role("button", name="Choose a picture").click()
    chooser.value.set_files(file)
    expect(page.locator("[name=cover]")).to_have_value(re.compile("^/media/"))
    expect(page.locator("[name=cover_alt]")).to_be_focused()


def test_author_is_told_what_there_is_to_see_to_and_may_publish_all_the_same(editor, open_page):
    page = open_page("/admin/blog/post/add/")
    log_in(page)
    page.get_by_label("Title").fill("Not quite ready")
    page.locator("textarea[name=body]").fill("First line.\n\n![](/static/icon.svg)\n\n[there](/nowhere/)\n")
    told = page.get_by_role("region", name="Before publishing")
    expect(told.get_by_role("listitem")).to_have_count(3)
    told.get_by_role("button", name="leads nowhere").click()
    area = page.locator("textarea[name=body]")
    expect(area).to_be_focused()
    assert (
        area.evaluate("area => area.value.slice(area.selectionStart, area.selectionEnd)")
        == "[there](/nowhere/)"
    )
    page.get_by_role("button", name="Publish", exact=True).click()
    held = page.get_by_role("region", name="Not published yet")
    expect(held.get_by_role("listitem")).to_have_count(3)
    expect(area).to_have_value(re.compile(r"^First line\.\s"))
    assert not Post.objects.exists()
    page.get_by_role("button", name="Publish anyway").click()
    expect(page.get_by_role("link", name="See it on the site")).to_be_visible()
    assert Post.objects.get().is_public


def test_visitor_comments_and_the_editor_approves(editor, open_page, live_server):
    post = make_post("Open for words")
    visitor = open_page(post.path, width=390, scripts=False)
    visitor.get_by_role("link", name="Write a comment").click()
    visitor.get_by_label("Name").fill("Tomás")
    visitor.locator("textarea").fill("> The text of Open for words.\n\nIs it?")
    visitor.wait_for_timeout(4000)  # the form is signed with its time: nobody writes faster
    visitor.get_by_role("button", name="Send").click()
    comment = Comment.objects.get()
    assert comment.status == Comment.Status.PENDING
    visitor.goto(live_server.url + post.path)
    assert "Is it?" not in visitor.content()

    admin = open_page("/admin/comments/comment/")
    log_in(admin)
    admin.locator("input.action-select").first.check()
    admin.locator(".bulk").get_by_role("button", name="Approve").click()
    admin.wait_for_load_state()
    visitor.reload()
    thread = visitor.locator(f"#comment-{comment.pk}")
    assert "Is it?" in thread.inner_text()
    visitor.get_by_role("link", name="Reply").first.click()
    assert "Tomás" in visitor.get_by_role("main").inner_text()
