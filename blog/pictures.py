"""What may be stored as a picture: only what Pillow could draw, written anew, so that nothing else comes along.

The format is what the bytes are, whatever name or type was sent with them. Position, comments, thumbnails and whatever
was appended to the file stay behind; the orientation is applied, and the colour profile kept.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from io import BytesIO
from typing import BinaryIO

from django.utils.translation import gettext as _
from PIL import Image, ImageOps, features

EXTENSIONS = {"JPEG": "jpg", "PNG": "png", "GIF": "gif", "WEBP": "webp", "AVIF": "avif"}
FORMATS = tuple(name for name in EXTENSIONS if name != "AVIF" or features.check("avif"))
QUALITY = {
    "JPEG": {"quality": 85, "optimize": True},
    "WEBP": {"quality": 82},
    "AVIF": {"quality": 70, "speed": 8},
}

MAX_BYTES = 10 * 1024 * 1024
MAX_PIXELS = 40_000_000
MAX_FRAMES = 500
MAX_SIDE = 2400
MAX_PROFILE_BYTES = 512 * 1024


class PictureError(ValueError):
    """Why a file is not taken, as a sentence for the person who sent it."""


@dataclass(frozen=True)
class Picture:
    content: bytes
    extension: str
    width: int
    height: int


def read(file: BinaryIO, size: int) -> Picture:
    """The picture in the file, no side longer than MAX_SIDE; PictureError if it is none or is too large."""
    if size > MAX_BYTES:
        raise PictureError(too_many_bytes())
    try:
        with Image.open(file, formats=FORMATS) as image:
            return _written_anew(image)
    except PictureError:
        raise
    except Image.DecompressionBombError as error:
        raise PictureError(_too_many_pixels()) from error
    except Image.UnidentifiedImageError as error:
        raise PictureError(
            _("This file is not a picture in a format the web shows. Use {formats}.").format(
                formats=", ".join(FORMATS)
            )
        ) from error
    except Exception as error:  # a decoder fails in whatever way the bytes lead it to
        raise PictureError(_("This picture is damaged or cut short and cannot be read.")) from error


def too_many_bytes() -> str:
    return _("The picture is larger than {limit} MB.").format(limit=MAX_BYTES // 1024 // 1024)


def _too_many_pixels() -> str:
    return _("The picture has more than {limit} million pixels, all its frames counted.").format(
        limit=MAX_PIXELS // 1_000_000
    )


def _written_anew(image: Image.Image) -> Picture:
    picture_format = "JPEG" if image.format == "MPO" else str(image.format)
    profile = _profile(image)
    frames = list(_frames(image, picture_format))
    first = frames[0]
    options: dict = {**QUALITY.get(picture_format, {}), "icc_profile": profile if first.mode != "L" else None}
    if len(frames) > 1:
        durations = [frame.info.get("duration", 0) for frame in frames]
        options |= {"save_all": True, "append_images": frames[1:], "duration": durations}
        options |= {"loop": image.info["loop"]} if "loop" in image.info else {}
    for frame in frames:
        frame.info = {key: value for key, value in frame.info.items() if key == "transparency"}
    written = BytesIO()
    first.save(written, picture_format, **options)
    return Picture(written.getvalue(), EXTENSIONS[picture_format], first.width, first.height)


def _profile(image: Image.Image) -> bytes | None:
    """The colour profile where it still fits: the pixels of a CMYK picture become RGB."""
    profile = image.info.get("icc_profile")
    if not profile or image.mode in ("CMYK", "LAB", "YCCK") or len(profile) > MAX_PROFILE_BYTES:
        return None
    return profile


def _frames(image: Image.Image, picture_format: str) -> Iterator[Image.Image]:
    """Each frame, fit to be saved. The sizes are looked at before anything is decoded."""
    pixels = 0
    for number in range(1 if picture_format == "JPEG" else MAX_FRAMES + 1):
        try:
            image.seek(number)
        except EOFError:
            return
        pixels += image.width * image.height
        if pixels > MAX_PIXELS:
            raise PictureError(_too_many_pixels())
        if number == MAX_FRAMES:
            raise PictureError(_("The animation has more than {limit} frames.").format(limit=MAX_FRAMES))
        if picture_format == "JPEG":
            image.draft(None, (MAX_SIDE, MAX_SIDE))
        yield _fit(image, picture_format)


def _fit(image: Image.Image, picture_format: str) -> Image.Image:
    frame = image.copy() if getattr(image, "is_animated", False) and picture_format != "JPEG" else image
    ImageOps.exif_transpose(frame, in_place=True)
    frame = _in_plain_colours(frame, picture_format)
    if max(frame.size) > MAX_SIDE:
        frame = frame if frame.mode in ("L", "LA", "RGB", "RGBA") else frame.convert("RGBA")
        frame.thumbnail((MAX_SIDE, MAX_SIDE), Image.Resampling.LANCZOS, reducing_gap=2.0)
    return frame


def _in_plain_colours(frame: Image.Image, picture_format: str) -> Image.Image:
    if frame.mode.startswith("I"):  # 16 bits of grey: Pillow would clip them, not scale them
        return frame.convert("I").point(lambda value: value * (1 / 256)).convert("L")
    if frame.mode in ("L", "RGB") or (picture_format != "JPEG" and frame.mode in ("1", "P", "LA", "RGBA")):
        return frame
    return frame.convert("RGB" if picture_format == "JPEG" or frame.mode not in ("PA", "RGBa") else "RGBA")
