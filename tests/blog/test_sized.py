import io

import pytest
from bs4 import BeautifulSoup
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from PIL import Image

from blog import library
from blog.models import File, Picture
from blog.stocktaking import make_missing_sizes, take_stock
from tests.factories import make_post

pytestmark = pytest.mark.django_db


def drawn(size, picture_format="PNG", colour="#a3271b", **options):
    written = io.BytesIO()
    Image.new("RGB", size, colour).save(written, picture_format, **options)
    return ContentFile(written.getvalue(), f"drawn.{picture_format.lower()}")


def bring_in(path, content):
    """As an import does."""
    name = default_storage.save(f"site{path}", content)
    return File.objects.create(path=path, file=name, digest=f"{len(name):064}", source_path=f"content{path}")


def images(client, post):
    return BeautifulSoup(client.get(post.path).content, "html.parser").select(".e-content img")


def body_of(response):
    return b"".join(response.streaming_content)


def test_pictures_hold_their_place_and_come_in_the_size_a_screen_needs(client):
    wide = library.add(drawn((1200, 600)))
    bring_in("/posts/one/small.png", drawn((300, 200)))
    take_stock()
    post = make_post(path="/posts/one/", body=f"![w]({wide.address}) ![s](small.png)")
    wide, small = images(client, post)
    assert (wide["width"], wide["height"]) == ("1200", "600")
    assert (small["width"], small["height"], small.get("srcset")) == ("300", "200", None)
    assert (wide.get("loading"), small["loading"]) == (None, "lazy")
    candidates = [candidate.split() for candidate in wide["srcset"].split(", ")]
    assert [width for _address, width in candidates] == ["480w", "960w", "1200w"]
    assert default_storage.exists("sized/" + Picture.objects.get(width=1200).digest[:2])
    for address, width in candidates:
        with Image.open(io.BytesIO(body_of(client.get(address)))) as shrunk:
            assert (shrunk.format, f"{shrunk.width}w", shrunk.width) == ("WEBP", width, 2 * shrunk.height)


def test_no_screen_is_sent_more_than_its_column_can_show(client):
    [image] = images(client, make_post(body=f"![]({library.add(drawn((2400, 400))).address})"))
    assert [candidate.split()[1] for candidate in image["srcset"].split(", ")] == ["480w", "960w", "1440w"]


def test_a_moving_picture_and_a_chart_of_great_height_have_one_size():
    moving = io.BytesIO()
    frames = [Image.new("RGB", (600, 400), colour) for colour in ("red", "blue")]
    frames[0].save(moving, "GIF", save_all=True, append_images=frames[1:], duration=100)
    for content in (ContentFile(moving.getvalue(), "m.gif"), drawn((240, 2400))):
        assert library.add(content).shown[2] == ""


def test_picture_that_lies_on_its_side_is_measured_upright(client):
    exif = Image.Exif()
    exif[0x0112] = 6
    bring_in("/posts/one/phone.jpg", drawn((400, 300), "JPEG", exif=exif))
    take_stock()
    [image] = images(client, make_post(path="/posts/one/", body="![p](phone.jpg)"))
    assert (image["width"], image["height"]) == ("300", "400")


def test_the_cover_has_its_sizes_too_and_loses_them_with_the_picture(client):
    cover = library.add(drawn((1000, 500)))
    post = make_post(cover=cover.address, cover_alt="A wall")
    assert 'width="1000" height="500" srcset="/sized/480/' in client.get(post.path).text
    post.cover = ""
    post.save()
    assert "srcset" not in client.get(post.path).text


@pytest.mark.parametrize(
    "address",
    [
        "https://else.example/a.png",
        "/media/../../secret.png",
        "/media/no.png",
        "data:image/gif;base64,x",
        "http://[x",
    ],
)
def test_other_pictures_are_left_as_they_are(client, address):
    [image] = images(client, make_post(cover=address, body=f'<img src="{address}" alt="">', markup="html"))
    assert image.get("width") is None


def test_a_size_that_was_lost_is_made_again(client):
    picture = library.add(drawn((1200, 600)))
    address = picture.shown[2].split()[0]
    [name] = [name for name in default_storage.listdir(f"sized/{picture.digest[:2]}")[1] if "-480" in name]
    default_storage.delete(f"sized/{picture.digest[:2]}/{name}")
    assert make_missing_sizes() == 1 and make_missing_sizes() == 0
    default_storage.delete(f"sized/{picture.digest[:2]}/{name}")
    assert client.get(address).status_code == 200
    assert default_storage.exists(f"sized/{picture.digest[:2]}/{name}")


def test_only_sizes_that_pages_ask_for_are_made(client):
    digest = library.add(drawn((1200, 600))).digest[:32]
    for path in (
        f"/sized/481/{digest}.webp",
        f"/sized/1440/{digest}.webp",
        f"/sized/99999/{digest}.webp",
        f"/sized/480/{'0' * 32}.webp",
        f"/sized/480/{digest[:4]}.webp",
        "/sized/480/..%2f..%2fsecret.webp",
    ):
        assert client.get(path).status_code == 404, path


def test_a_page_with_pictures_asks_neither_the_storage_nor_the_library(
    client, monkeypatch, django_assert_max_num_queries
):
    post = make_post(
        body="\n\n".join(f"![]({library.add(drawn((600, n))).address})" for n in range(300, 320))
    )
    monkeypatch.setattr(default_storage, "open", None)
    monkeypatch.setattr(default_storage, "exists", None)
    with django_assert_max_num_queries(5):
        assert client.get(post.path).text.count("srcset=") == 20
