import struct
import zlib
from io import BytesIO

import pytest
from PIL import Image

from blog import pictures

WIDE = Image.radial_gradient("L").resize((60, 30)).convert("RGB")


def written(image, picture_format, **options):
    handle = BytesIO()
    image.save(handle, picture_format, **options)
    return handle.getvalue()


def taken(content):
    return pictures.read(BytesIO(content), len(content))


def reopened(picture):
    return Image.open(BytesIO(picture.content))


def refusal(content):
    with pytest.raises(pictures.PictureError) as caught:
        taken(content)
    return str(caught.value)


def png(width, height, *chunks):
    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    parts = [(b"IHDR", header), *chunks, (b"IEND", b"")]
    body = [
        struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))
        for name, data in parts
    ]
    return b"\x89PNG\r\n\x1a\n" + b"".join(body)


def gif_of_tiny_frames(count):
    frame = b"\x2c" + struct.pack("<HHHHB", 0, 0, 1, 1, 0) + b"\x02\x02\x44\x01\x00"
    return b"GIF89a" + struct.pack("<HHBBB", 1, 1, 0x80, 0, 0) + bytes(6) + frame * count + b";"


@pytest.mark.parametrize("picture_format", pictures.FORMATS)
def test_each_format_of_the_web_keeps_its_format_and_size(picture_format):
    picture = taken(written(WIDE, picture_format))
    assert reopened(picture).format == picture_format
    assert (picture.width, picture.height) == (60, 30)
    assert picture.extension == pictures.EXTENSIONS[picture_format]


@pytest.mark.parametrize("mode", ["1", "L", "LA", "P", "RGB", "RGBA", "I;16"])
def test_each_kind_of_pixel_is_taken(mode):
    image = WIDE.convert("L").convert(mode) if mode == "I;16" else WIDE.convert(mode)
    assert reopened(taken(written(image, "PNG"))).size == (60, 30)


def test_print_colours_become_screen_colours():
    assert reopened(taken(written(WIDE.convert("CMYK"), "JPEG"))).mode == "RGB"


def test_sixteen_bits_of_grey_are_scaled_and_not_clipped():
    image = Image.new("I;16", (2, 1))
    image.putpixel((0, 0), 32768)
    image.putpixel((1, 0), 65535)
    assert list(reopened(taken(written(image, "PNG"))).get_flattened_data()) == [128, 255]


def test_transparency_stays():
    clear = Image.new("RGBA", (10, 10), (0, 0, 0, 0))
    for picture_format in ("PNG", "WEBP"):
        assert reopened(taken(written(clear, picture_format))).convert("RGBA").getpixel((5, 5))[3] == 0


@pytest.mark.parametrize("picture_format", ["GIF", "WEBP", "PNG"])
def test_an_animation_keeps_its_frames_and_times(picture_format):
    turned = [WIDE.rotate(angle) for angle in (30, 60)]
    moving = written(
        WIDE, picture_format, save_all=True, append_images=turned, duration=[100, 200, 300], loop=0
    )
    again = reopened(taken(moving))
    assert again.n_frames == 3
    times = []
    for number in range(3):
        again.seek(number)
        again.load()
        times.append(again.info["duration"])
    assert times == [100, 200, 300]


def test_a_long_side_is_made_shorter():
    picture = taken(written(Image.new("RGB", (4800, 1200)), "PNG"))
    assert (picture.width, picture.height) == (2400, 600)


def test_a_phone_picture_stands_upright():
    exif = Image.Exif()
    exif[0x0112] = 6
    picture = taken(written(WIDE, "JPEG", exif=exif))
    assert (picture.width, picture.height) == (30, 60)


@pytest.mark.parametrize("picture_format", ["JPEG", "PNG", "WEBP"])
def test_position_and_camera_stay_behind(picture_format):
    exif = Image.Exif()
    exif[0x010F] = "Secret Camera"
    exif.get_ifd(0x8825)[2] = (52.0, 31.0, 12.0)
    content = written(WIDE, picture_format, exif=exif)
    assert b"Secret Camera" in content
    picture = taken(content)
    assert b"Secret Camera" not in picture.content
    assert not dict(reopened(picture).getexif())


def test_comments_stay_behind():
    for picture_format in ("JPEG", "GIF"):
        content = written(WIDE, picture_format, comment=b"<script>alert(1)</script>")
        assert b"<script>" in content
        assert b"<script>" not in taken(content).content


def test_what_is_appended_to_a_picture_stays_behind():
    assert b"<script>" not in taken(written(WIDE, "PNG") + b"<script>alert(1)</script>").content


def test_the_colour_profile_stays():
    content = written(WIDE, "JPEG", icc_profile=b"profile" * 20)
    assert reopened(taken(content)).info["icc_profile"] == b"profile" * 20


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"<html><script>alert(1)</script>",
        b'<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"/>',
        b"%!PS-Adobe-3.0 EPSF-3.0\n%%BoundingBox: 0 0 10 10\n",
        b"%PDF-1.7\n",
        written(WIDE, "TIFF"),
        written(WIDE, "BMP"),
    ],
    ids=["empty", "html", "svg", "eps", "pdf", "tiff", "bmp"],
)
def test_what_is_no_picture_of_the_web_is_refused(content):
    assert "not a picture" in refusal(content)


@pytest.mark.parametrize("content", [b"GIF89a", written(WIDE, "PNG")[:200], written(WIDE, "JPEG")[:400]])
def test_a_picture_cut_short_is_refused(content):
    assert "damaged" in refusal(content) or "not a picture" in refusal(content)


@pytest.mark.parametrize("side", [6400, 13300, 60000])
def test_a_picture_is_refused_by_its_header_before_it_is_decoded(side):
    assert "million pixels" in refusal(png(side, side, (b"IDAT", zlib.compress(bytes(1000)))))


def test_the_frames_of_an_animation_count_together():
    still = Image.new("RGB", (2100, 2100))
    frames = [Image.new("RGB", (2100, 2100), (shade, 0, 0)) for shade in range(1, 10)]
    assert "all its frames" in refusal(written(still, "GIF", save_all=True, append_images=frames))


def test_an_animation_of_countless_frames_is_refused():
    assert "500 frames" in refusal(gif_of_tiny_frames(20_000))


def test_a_text_that_unpacks_without_end_is_refused():
    bomb = (b"zTXt", b"a\0\0" + zlib.compress(b"a" * 50_000_000))
    assert "damaged" in refusal(png(1, 1, bomb, (b"IDAT", zlib.compress(bytes(4)))))


def test_more_than_ten_megabytes_are_refused():
    assert "10 MB" in refusal(written(WIDE, "PNG") + bytes(pictures.MAX_BYTES))
