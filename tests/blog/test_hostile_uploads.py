"""Files that were made to do harm, sent by somebody who may upload: a sentence each, and nothing of them is kept."""

import os
import struct
import subprocess
import sys
import zipfile
import zlib
from io import BytesIO
from pathlib import Path

import pytest
from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image

from blog import library, pictures
from blog.models import Picture
from tests.blog.test_pictures import gif_of_tiny_frames
from tests.blog.test_pictures import png as png_of
from tests.blog.test_uploads import UPLOAD, stored_files

pytestmark = pytest.mark.django_db
ADD = "/admin/blog/picture/add/"


def written(picture_format="PNG", size=(64, 36), mode="RGB", **options):
    handle = BytesIO()
    Image.new(mode, size).save(handle, picture_format, **options)
    return handle.getvalue()


def archive():
    handle = BytesIO()
    with zipfile.ZipFile(handle, "w") as file:
        file.writestr("index.html", "<script>alert(1)</script>")
    return handle.getvalue()


def avif_with_a_wrong_length():
    content = bytearray(written("AVIF"))
    content[0:4] = b"\xff\xff\xff\xff"
    return bytes(content)


REFUSED = {
    "nothing": b"",
    "zeros": bytes(10_000),
    "html": b"<!doctype html><script>alert(1)</script>",
    "svg": b'<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"/>',
    "svg behind a declaration": b'<?xml version="1.0"?><!DOCTYPE svg [<!ENTITY a "b">]><svg/>',
    "pdf": b"%PDF-1.7\n1 0 obj<</JavaScript(alert)>>",
    "zip": archive(),
    "php with a picture's first bytes": b"\xff\xd8\xff\xe0<?php system($_GET[0]) ?>",
    "gif header and a script": b"GIF89a/*<script>*/=alert(1)//;",
    "tiff": written("TIFF"),
    "bmp": written("BMP"),
    "ico": written("ICO"),
    "eps, for which a program would be started": b"%!PS-Adobe-3.0 EPSF-3.0\n%%BoundingBox: 0 0 9 9\n",
    "truncated png": written(size=(800, 800), mode="RGB")[:-40],
    "truncated jpeg": written("JPEG", size=(800, 800))[:300],
    "truncated webp": written("WEBP", size=(800, 800))[:60],
    "avif with a wrong length": avif_with_a_wrong_length(),
    "png of 2 thousand million pixels": png_of(46_000, 46_000, (b"IDAT", zlib.compress(bytes(10)))),
    "png without any width": png_of(0, 10),
    "gif of twenty thousand frames": gif_of_tiny_frames(20_000),
    "gif of 65,535 pixels squared": b"GIF89a" + struct.pack("<HHBBB", 65535, 65535, 0x80, 0, 0) + bytes(20),
    "text that unpacks without end": png_of(1, 1, (b"zTXt", b"a\0\0" + zlib.compress(bytes(30_000_000)))),
}


@pytest.mark.parametrize("content", REFUSED.values(), ids=REFUSED)
@pytest.mark.parametrize("address", [UPLOAD, ADD])
def test_what_is_hostile_gets_a_sentence(editor_client, content, address):
    file = SimpleUploadedFile("holiday.jpg", content, "image/jpeg")
    response = editor_client.post(address, {"image": file} if address == UPLOAD else {"images": file})
    if address == UPLOAD:
        assert response.status_code == 400
        assert response.json()["error"].endswith(".")
    else:
        assert response.status_code == 200
        assert 'class="errorlist"' in response.text
    assert stored_files() == [] and not Picture.objects.exists()


TWO_IN_ONE = {
    "script behind": written() + b"<script>alert(1)</script>",
    "zip behind": written("GIF", mode="P") + archive(),
    "pdf behind": written("JPEG") + b"%PDF-1.7 <</OpenAction/JavaScript>>",
    "php in a comment": written("JPEG", comment=b"<?php system($_GET[0]) ?>"),
    "html in what the camera says": written("JPEG", exif=b"Exif\0\0<html><script>alert(1)</script>"),
    "svg in a text of a png": png_of(
        1, 1, (b"tEXt", b"a\0<svg onload=alert(1)>"), (b"IDAT", zlib.compress(bytes(4)))
    ),
}


@pytest.mark.parametrize("content", TWO_IN_ONE.values(), ids=TWO_IN_ONE)
def test_of_a_file_that_is_two_things_only_the_picture_is_kept(editor_client, content):
    response = editor_client.post(UPLOAD, {"image": SimpleUploadedFile("x.html", content, "text/html")})
    assert response.status_code == 200
    for path in stored_files():
        kept = path.read_bytes()
        assert path.suffix in (".png", ".gif", ".jpg", ".webp")
        assert not library.has_more(kept), path


def test_every_kind_of_pixel_is_shown_by_every_browser(editor_client):
    for mode, picture_format in [
        ("CMYK", "JPEG"),
        ("I;16", "PNG"),
        ("LA", "PNG"),
        ("1", "PNG"),
        ("P", "GIF"),
    ]:
        content = written(picture_format, size=(600, 300), mode=mode)
        answer = editor_client.post(UPLOAD, {"image": SimpleUploadedFile("x", content)}).json()
        name = answer["image_path"].removeprefix("/media/")
        with Image.open(Path(settings.MEDIA_ROOT, name)) as image:
            assert image.mode in ("RGB", "L", "LA", "1", "P")


LARGEST = """
import resource, sys
from io import BytesIO
from blog import pictures, variants
content = sys.stdin.buffer.read()
written = pictures.read(BytesIO(content), len(content))
list(variants.make(BytesIO(written.content), variants.widths(written.width, written.height, False)))
variants.prepare(content)
print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss)
"""


@pytest.mark.parametrize("picture_format", ["WEBP", "PNG"])
def test_the_largest_picture_that_is_taken_needs_less_than_a_gigabyte(picture_format):
    """In a process of its own, whose memory is what the system says it was at most."""
    content = written(picture_format, size=(8000, pictures.MAX_WHOLE_PIXELS // 8000), mode="RGBA")
    root = Path(pictures.__file__).parent.parent
    environment = {**os.environ, "DJANGO_SETTINGS_MODULE": "tests.settings"}
    run = subprocess.run(
        [sys.executable, "-c", LARGEST],
        input=content,
        capture_output=True,
        cwd=root,
        env=environment,
        check=True,
    )
    unit = 1 if sys.platform == "darwin" else 1024
    assert int(run.stdout) * unit < 1024**3
