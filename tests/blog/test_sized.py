import io

import pytest
from bs4 import BeautifulSoup
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from PIL import Image

from tests.factories import make_post

pytestmark = pytest.mark.django_db


def store(name, size, picture_format="PNG", **options):
    written = io.BytesIO()
    Image.new("RGB", size, "#a3271b").save(written, picture_format, **options)
    default_storage.save(name, ContentFile(written.getvalue()))


def images(client, post):
    return BeautifulSoup(client.get(post.path).content, "html.parser").select(".e-content img")


def test_pictures_hold_their_place_and_come_in_the_size_a_screen_needs(client):
    store("uploads/wide.png", (1200, 600))
    store("site/posts/one/small.png", (300, 200))
    post = make_post(path="/posts/one/", body="![w](/media/uploads/wide.png) ![s](small.png)")
    wide, small = images(client, post)
    assert (wide["width"], wide["height"]) == ("1200", "600")
    assert (small["width"], small["height"], small.get("srcset")) == ("300", "200", None)
    assert (wide.get("loading"), small["loading"]) == (None, "lazy")
    candidates = [candidate.split() for candidate in wide["srcset"].split(", ")]
    assert [width for _address, width in candidates] == ["480w", "960w", "1200w"]
    response = client.get(candidates[0][0])
    with Image.open(io.BytesIO(b"".join(response.streaming_content))) as shrunk:
        assert (shrunk.format, shrunk.size) == ("WEBP", (480, 240))


def test_picture_that_lies_on_its_side_is_measured_upright(client):
    exif = Image.Exif()
    exif[0x0112] = 6
    store("uploads/phone.jpg", (400, 300), "JPEG", exif=exif)
    [image] = images(client, make_post(body="![p](/media/uploads/phone.jpg)"))
    assert (image["width"], image["height"]) == ("300", "400")


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


def test_only_sizes_that_pages_ask_for_are_made(client):
    store("uploads/wide.png", (1200, 600))
    for path in (
        "/sized/481/0/uploads/wide.png",
        "/sized/480/0/uploads/none.png",
        "/sized/480/0/../wide.png",
    ):
        assert client.get(path).status_code == 404, path
