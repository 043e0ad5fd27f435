"""The picture library: what comes in, what is kept of it, where it is used, and how it is replaced."""

import io

import pytest
from bs4 import BeautifulSoup
from django.contrib.auth.models import Group
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from PIL import Image

from blog import library, variants
from blog.importers.workers import each_in_processes
from blog.models import File, Picture, PictureUse, Post, Revision, SiteProfile
from blog.revisions.keeping import keep_pending
from blog.revisions.states import digest, state_of
from blog.revisions.work import take_up
from blog.stocktaking import take_stock
from tests.blog.dying import die_of_three
from tests.blog.test_admin import send
from tests.blog.test_sized import bring_in, drawn
from tests.blog.test_uploads import stored_files
from tests.factories import make_editor, make_page, make_post, make_user

pytestmark = pytest.mark.django_db
LIST, ADD = "/admin/blog/picture/", "/admin/blog/picture/add/"


def photo(colour="#a3271b", place=True, **options):
    """As a telephone makes them: on its side, with the place where it was taken."""
    exif = Image.Exif()
    if place:
        exif[0x0112] = 6
        exif[0x010F] = "Secret Camera"
        exif.get_ifd(0x8825)[2] = (52.0, 31.0, 12.0)
    written = io.BytesIO()
    Image.new("RGB", (800, 600), colour).save(written, "JPEG", exif=exif, **options)
    return SimpleUploadedFile("red wall.jpg", written.getvalue(), "image/jpeg")


def png(name="wall.png", colour="#a3271b", size=(64, 36)):
    written = io.BytesIO()
    Image.new("RGB", size, colour).save(written, "PNG")
    return SimpleUploadedFile(name, written.getvalue(), "image/png")


def pending(post, body):
    """What somebody works on while readers see another text."""
    live = state_of(post)
    return keep_pending(post, Revision.Kind.DRAFT, None, {**live, "body": body}, began=digest(live))


def change(picture):
    return f"/admin/blog/picture/{picture.pk}/change/"


def content_of(response):
    return b"".join(response.streaming_content)


@pytest.fixture
def author(client):
    author = make_user(is_staff=True)
    author.groups.add(Group.objects.get(name="author"))
    client.force_login(author)
    return author


# Coming in


def test_what_is_sent_is_kept_and_what_is_served_tells_nothing_of_it(client):
    sent = photo()
    picture = library.add(sent, given_name=sent.name)
    served = content_of(client.get(picture.address))
    assert b"Secret Camera" not in served
    assert Image.open(io.BytesIO(served)).size == (600, 800) == (picture.width, picture.height)
    sent.seek(0)
    with default_storage.open(picture.original) as original:
        assert original.read() == sent.read()


def test_the_file_as_it_was_sent_is_for_editors_only(client, editor):
    address = f"/media/{library.add(photo()).original}"
    assert client.get(address).status_code == 404
    client.force_login(make_user(is_staff=True))
    assert client.get(address).status_code == 404
    client.force_login(editor)
    response = client.get(address)
    assert (
        response["Content-Disposition"].startswith("attachment") and "no-store" in response["Cache-Control"]
    )


def test_the_same_picture_is_there_once_whatever_it_is_called():
    first = library.add(png("a.png"), given_name="a.png")
    assert library.add(png("b.png"), given_name="b.png").pk == first.pk
    assert library.add(photo()).pk == library.add(photo()).pk
    assert Picture.objects.count() == 2


@pytest.mark.parametrize(
    "more", [b"<script>alert(1)</script>", b"<?php system(1) ?>", b"<SVG onload=x>", b"%PDF-1.4"]
)
def test_of_a_file_that_is_something_else_too_nothing_but_the_picture_is_kept(more):
    sent = png()
    picture = library.add(SimpleUploadedFile("x.png", sent.read() + more))
    assert picture.original == ""
    for path in stored_files():
        assert more not in path.read_bytes()


def test_several_are_added_at_once_and_one_that_is_refused_keeps_none_away(editor_client):
    files = [png("a.png"), SimpleUploadedFile("b.png", b"<html>", "image/png"), png("c.png", "#123456")]
    page = editor_client.post(ADD, {"images": files}).text
    assert "b.png: This file is not a picture" in page
    assert set(Picture.objects.values_list("given_name", flat=True)) == {"a.png", "c.png"}


def test_one_picture_is_added_with_its_words(editor_client, editor):
    answer = editor_client.post(ADD, {"images": [png()], "alt": "A red wall"})
    picture = Picture.objects.get()
    assert (answer.status_code, answer["Location"]) == (302, change(picture))
    assert (picture.alt, picture.added_by) == ("A red wall", editor)


@pytest.mark.parametrize(
    "files", [[], [SimpleUploadedFile("x.png", b"")], [SimpleUploadedFile("x.svg", b"<svg/>")]]
)
def test_what_cannot_be_added_gets_a_sentence(editor_client, files):
    response = editor_client.post(ADD, {"images": files})
    error = BeautifulSoup(response.content, "html.parser").select_one(".errorlist").get_text()
    assert response.status_code == 200 and error.strip().endswith(".")
    assert not Picture.objects.exists()


def test_too_much_at_once_is_refused_by_its_length(editor_client):
    response = editor_client.post(
        ADD, b"", content_type="multipart/form-data; boundary=x", CONTENT_LENGTH="300000000"
    )
    assert response.status_code == 302
    assert "Send fewer pictures at once." in editor_client.get(ADD).text


# Pictures that came with the site


def test_an_imported_picture_keeps_its_address_and_its_bytes_and_readers_get_no_position(client):
    sent = photo().read()
    file = bring_in("/posts/one/wall.jpg", SimpleUploadedFile("wall.jpg", sent))
    take_stock()
    picture = Picture.objects.get(address="/posts/one/wall.jpg")
    assert (picture.width, picture.height) == (600, 800)
    assert file.file.open().read() == sent
    make_post(path="/posts/one/", body="![](wall.jpg)")
    served = content_of(client.get("/posts/one/wall.jpg"))
    assert b"Secret Camera" not in served and Image.open(io.BytesIO(served)).size == (600, 800)
    assert client.get("/media/site/posts/one/wall.jpg").status_code == 404


def test_a_picture_without_such_things_is_served_byte_for_byte(client):
    content = png().read()
    bring_in("/wall.png", SimpleUploadedFile("wall.png", content))
    take_stock()
    assert content_of(client.get("/wall.png")) == content


def test_many_pictures_are_prepared_by_other_processes_that_know_no_models():
    contents = [png().read(), b"no picture", b""]
    (_digest, _length, wall), *others = each_in_processes(variants.prepare_stored, contents, 2)
    assert (wall.look.width, wall.look.height) == (64, 36) and others == [None, None]


def test_taking_stock_again_changes_nothing_and_a_changed_file_is_seen():
    file = bring_in("/wall.png", drawn((600, 300)))
    bring_in("/not.png", SimpleUploadedFile("not.png", b"no picture"))
    post = make_post(body="![](/wall.png)")
    assert (take_stock(), take_stock()) == (1, 0)
    before = Picture.objects.get()
    Picture.objects.update(alt="A wall")
    with default_storage.open(file.file.name, "wb") as stored:
        stored.write(drawn((900, 300)).read())
    File.objects.filter(pk=file.pk).update(digest="1" * 64)
    assert take_stock() == 1
    after = Picture.objects.get()
    assert (after.pk, after.alt, after.width) == (before.pk, "A wall", 900)
    assert Post.objects.get(pk=post.pk).pictures["/wall.png"][0] == 900


# Where it is used


def test_uses_are_known_wherever_an_entry_names_the_picture(client, editor):
    picture = library.add(png())
    address = picture.address
    shown = make_post(body=f"![]({address})")
    linked = make_page(body=f"[large]({address})")
    cover = make_post(cover=address, cover_alt="x")
    draft = make_post(body=f'<img src="{address}">', markup="html", draft=True)
    raw = make_post(params={"gallery": [{"image": address}]})
    make_post(body=f"`{address}`")
    uses = library.uses_of(picture, editor)
    assert {entry.pk for entry in uses.entries if isinstance(entry, Post)} == {
        shown.pk,
        cover.pk,
        draft.pk,
        raw.pk,
    }
    assert linked in uses.entries and uses.hidden == 0
    shown.body = "Nothing."
    shown.save()
    linked.delete()
    assert len(library.uses_of(picture, editor).entries) == 3


def test_an_author_is_not_shown_whose_draft_uses_a_picture(author):
    picture = library.add(png(), user=author)
    make_post("Secret plan", body=f"![]({picture.address})", draft=True)
    uses = library.uses_of(picture, author)
    assert (uses.entries, uses.hidden) == ([], 1)


def test_the_list_tells_used_from_unused_and_finds_by_word(editor_client):
    used, unused = (
        library.add(png(), given_name="wall.png"),
        library.add(png(colour="#123456"), given_name="sea.png"),
    )
    make_post(body=f"![]({used.address})")
    SiteProfile(logo=used.address).save()

    def named(query):
        page = BeautifulSoup(editor_client.get(LIST + query).content, "html.parser")
        return {cell.get_text() for cell in page.select(".field-named bdi")}

    assert named("") == {"wall.png", "sea.png"}
    assert (named("?use=used"), named("?use=unused")) == ({"wall.png"}, {"sea.png"})
    assert named("?q=sea") == {"sea.png"}
    unused.alt = "The harbour"
    unused.save()
    assert named("?q=harbour") == {"sea.png"} and named("?kind=wordless") == {"wall.png"}


def test_the_list_costs_the_same_at_any_length(editor_client, django_assert_num_queries):
    def add(count):
        for number in range(count):
            picture = library.add(png(size=(20 + number, count)))
            make_post(body=f"![]({picture.address})")

    add(2)
    editor_client.get(LIST)
    with CaptureQueriesContext(connection) as counted:
        editor_client.get(LIST)
    add(9)
    with django_assert_num_queries(len(counted)):
        editor_client.get(LIST)
    assert len(counted) <= 14


def test_the_logo_is_a_use_and_is_measured(client, editor):
    picture = library.add(png(size=(120, 30)))
    SiteProfile(logo=picture.address).save()
    assert 'alt="Commonplace" width="120" height="30"' in client.get("/").text
    assert library.is_logo(picture) and library.is_used(picture)


def test_markdown_can_be_taken_without_a_script(editor_client):
    picture = library.add(png(), given_name="a]b [wall].png", alt="A [red] wall\nin Rome")
    page = BeautifulSoup(editor_client.get(LIST).content, "html.parser")
    field = page.select_one("input.copied")
    assert field.has_attr("readonly")
    assert field["value"] == rf"![A \[red\] wall in Rome]({picture.address})"
    post = make_post(body=field["value"])
    assert 'alt="A [red] wall in Rome"' in post.body_html


# Replacing


def test_all_uses_follow_when_an_uploaded_picture_is_replaced(editor_client):
    old = library.add(png(), alt="A wall")
    post = make_post(body=f"![x]({old.address})", cover=old.address, cover_alt="x")
    page = make_page(body=f'<img src="{old.address}">', markup="html")
    modified = post.modified_at
    answer = editor_client.post(
        change(old), {"alt": "A wall", "replacement": png(colour="#123456", size=(80, 40))}
    )
    new = Picture.objects.exclude(pk=old.pk).get()
    assert answer["Location"] == change(new)
    post.refresh_from_db(), page.refresh_from_db()
    assert post.body == f"![x]({new.address})" and post.cover == new.address and new.address in page.body_html
    assert post.pictures == {new.address: [80, 40, ""]} and post.modified_at == modified
    assert not library.is_used(old) and editor_client.get(old.address).status_code == 200


def test_uses_follow_some_at_a_time(editor_client, monkeypatch):
    monkeypatch.setattr("blog.library.AT_ONCE", 2)
    monkeypatch.setattr(library.follow, "__defaults__", (2,))
    old = library.add(png())
    for _number in range(5):
        make_post(body=f"![]({old.address})")
    answer = editor_client.post(change(old), {"alt": "", "replacement": png(colour="#123456")})
    assert answer["Location"] == change(old)
    assert "3 still show the old one." in editor_client.get(change(old)).text
    for _time in range(2):
        editor_client.post(f"/admin/blog/picture/{old.pk}/follow/")
    assert not library.is_used(old)


def test_a_picture_named_outside_the_texts_ends_the_following(editor_client):
    old = library.add(png())
    make_post(params={"image": old.address})
    editor_client.post(change(old), {"alt": "", "replacement": png(colour="#123456")})
    assert "outside their texts" in editor_client.get(change(old)).text


def test_an_imported_picture_is_replaced_at_its_address_and_stays_so(client, editor_client):
    file = bring_in("/posts/one/wall.png", png(size=(600, 300)))
    take_stock()
    post = make_post(path="/posts/one/", body="![](wall.png)")
    picture = Picture.objects.get()
    editor_client.post(change(picture), {"alt": "", "replacement": photo(place=False)})
    served = Image.open(io.BytesIO(content_of(client.get("/posts/one/wall.png"))))
    assert (served.format, served.size) == ("PNG", (800, 600))
    post.refresh_from_db(), file.refresh_from_db()
    assert post.body == "![](wall.png)" and post.pictures["/posts/one/wall.png"][:2] == [800, 600]
    assert take_stock() == 0 and Picture.objects.get().width == 800
    assert file.file.name.startswith("replaced/")


def test_what_is_no_picture_replaces_nothing(editor_client):
    picture = library.add(png())
    page = editor_client.post(
        change(picture), {"alt": "", "replacement": SimpleUploadedFile("x.png", b"<svg>")}
    )
    assert "This file is not a picture" in page.text
    assert Picture.objects.get().replaced_by is None


def test_a_text_that_is_worked_on_follows_too(editor_client):
    old = library.add(png())
    post = make_post(body="Public.")
    revision = pending(post, f"![]({old.address})")
    assert library.uses_of(old, make_editor("other")).entries == [post]
    editor_client.post(change(old), {"alt": "", "replacement": png(colour="#123456")})
    new = Picture.objects.exclude(pk=old.pk).get()
    revision.refresh_from_db(), post.refresh_from_db()
    assert revision.state["body"] == f"![]({new.address})" and post.body == "Public."
    assert not take_up(post).work.is_overtaken
    assert library.is_used(new) and not library.is_used(old)


def test_both_texts_follow_and_the_one_that_is_worked_on_is_not_overtaken(editor_client):
    old = library.add(png())
    post = make_post(body=f"![]({old.address})")
    pending(post, f"More. ![]({old.address})")
    editor_client.post(change(old), {"alt": "", "replacement": png(colour="#123456")})
    work = take_up(Post.objects.get(pk=post.pk)).work
    assert old.address not in str(work.state) and old.address not in str(work.live) and not work.is_overtaken
    assert not library.is_used(old)


# Going


def test_a_picture_in_a_text_that_was_never_saved_stays(editor_client):
    picture = library.add(png())
    Revision.objects.create(
        kind=Revision.Kind.AUTOSAVE,
        model="post",
        made_at=timezone.now(),
        state={"body": ""},
        typed={"body": f"![]({picture.address})"},
        digest="x",
    )
    editor_client.post(f"/admin/blog/picture/{picture.pk}/delete/", {"post": "yes"})
    assert Picture.objects.exists()
    assert "Somebody is writing a text" in editor_client.get(change(picture)).text


def test_an_unused_picture_goes_with_all_that_was_made_of_it(
    editor_client, django_capture_on_commit_callbacks
):
    picture = library.add(png(size=(1200, 300)))
    with django_capture_on_commit_callbacks(execute=True):
        editor_client.post(f"/admin/blog/picture/{picture.pk}/delete/", {"post": "yes"})
    assert not Picture.objects.exists()
    assert not default_storage.exists(picture.name) and not default_storage.exists(picture.original)
    assert default_storage.listdir(f"sized/{picture.digest[:2]}")[1] == []


def test_a_used_picture_and_one_that_came_with_the_site_stay(editor_client):
    used = library.add(png())
    make_post(body=f"![]({used.address})")
    bring_in("/wall.png", png(colour="#123456"))
    take_stock()
    for picture in Picture.objects.all():
        assert (
            editor_client.post(f"/admin/blog/picture/{picture.pk}/delete/", {"post": "yes"}).status_code
            == 403
        )


# Who may


def test_an_author_finds_their_own_pictures_and_those_that_are_public(client, author):
    mine = library.add(png(), given_name="mine.png", user=author)
    public = library.add(png(colour="#123456"), given_name="public.png")
    hidden = library.add(png(colour="#654321"), given_name="hidden.png")
    make_post(body=f"![]({public.address})")
    make_post(body=f"![]({hidden.address})", draft=True)
    page = client.get(LIST).text
    assert "mine.png" in page and "public.png" in page and "hidden.png" not in page
    names = {picture["name"] for picture in client.get("/admin/blog/picture/list.json").json()["pictures"]}
    assert names == {"mine.png", "public.png"}
    assert client.get(change(hidden)).status_code == 403
    assert client.post(change(public), {"alt": "Mine"}).status_code == 403
    assert client.post(change(mine), {"alt": "Mine"}).status_code == 302


def test_an_author_does_not_replace_what_others_show(client, author):
    mine = library.add(png(), user=author)
    make_post(body=f"![]({mine.address})", authors=[author])
    assert client.post(change(mine), {"alt": "Mine"}).status_code == 302
    make_post(body=f"![]({mine.address})", authors=[make_user()])
    assert client.post(change(mine), {"alt": "Ours", "replacement": png(colour="#123456")}).status_code == 403


def test_the_list_for_the_editor_is_searched_and_paged(editor_client):
    for number in range(45):
        library.add(png(size=(20 + number, 20)), given_name=f"wall{number}.png")
    address = "/admin/blog/picture/list.json"
    first = editor_client.get(address).json()
    rest = editor_client.get(address, {"page": first["next"]}).json()
    assert (len(first["pictures"]), len(rest["pictures"]), rest["next"]) == (40, 5, None)
    [found] = editor_client.get(address, {"q": "wall44"}).json()["pictures"]
    assert found["markdown"] == f"![wall44]({found['address']})" and found["thumbnail"] == found["address"]


def test_visitors_get_nothing_of_the_library(client):
    picture = library.add(png())
    for address in (LIST, ADD, change(picture), f"/admin/blog/picture/{picture.pk}/follow/"):
        assert "/login/" in client.get(address)["Location"]
        assert client.post(address, {"images": [png()]}).status_code in (302, 403)
    assert client.get("/admin/blog/picture/list.json").status_code == 403
    assert Picture.objects.count() == 1 and PictureUse.objects.count() == 0


def test_a_worker_that_is_killed_takes_few_along_and_the_others_are_done():
    found = list(each_in_processes(die_of_three, range(12), 2))
    assert len(found) == 12 and found[3] is None
    assert [each for each in found if each is not None][-4:] == [8, 9, 10, 11]


def test_the_library_learns_the_words_of_a_text_and_keeps_its_own(editor_client):
    new = library.add(png(), given_name="IMG_1.png")
    known = library.add(png(colour="blue"), given_name="IMG_2.png", alt="The sea")
    body = f'![A "red" wall]({new.address}) ![again]({new.address}) ![waves]({known.address}) ![]({known.address})'
    send(editor_client, "/admin/blog/post/add/", title="Words", body=body)
    assert [Picture.objects.get(pk=one.pk).alt for one in (new, known)] == ["A “red” wall", "The sea"]
