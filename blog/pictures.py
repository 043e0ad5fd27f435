"""What may be stored as a picture: only what Pillow could draw, written anew, so that nothing else comes along.

The format is what the bytes are, whatever name or type was sent with them. Position, comments, thumbnails and whatever
was appended to the file stay behind; the orientation is applied, and the colour profile kept.
"""

import threading
from collections.abc import Iterator
from dataclasses import dataclass
from io import BytesIO
from typing import BinaryIO

from django.utils.translation import gettext as _
from PIL import Image, ImageOps, features

EXTENSIONS = {"JPEG": "jpg", "PNG": "png", "GIF": "gif", "WEBP": "webp", "AVIF": "avif"}
FORMATS = tuple(name for name in EXTENSIONS if name != "AVIF" or features.check("avif"))
BY_EXTENSION = {extension: name for name, extension in EXTENSIONS.items()} | {"jpeg": "JPEG"}
MOVING = ("GIF", "PNG", "WEBP", "AVIF")
QUALITY = {
    "JPEG": {"quality": 85, "optimize": True},
    "WEBP": {"quality": 82},
    "AVIF": {"quality": 70, "speed": 8},
}

MAX_BYTES = 10 * 1024 * 1024
MAX_PIXELS = 40_000_000
MAX_WHOLE_PIXELS = 24_000_000  # of other formats than JPEG, which alone can be decoded smaller than it is
MAX_FRAMES = 500
MAX_SIDE = 2400
MAX_PROFILE_BYTES = 512 * 1024

# The largest that is taken needs half a gigabyte while it is decoded. A server's threads take turns.
ONE_AT_A_TIME = threading.Lock()

ORIENTATION = 0x0112
TELLING = {"exif", "xmp", "XML:com.adobe.xmp", "Raw profile type exif", "photoshop", "comment"}
FINEST = {"JPEG": {"quality": 92}, "WEBP": {"quality": 92}, "AVIF": {"quality": 80}}


class PictureError(ValueError):
    """Why a file is not taken, as a sentence for the person who sent it."""


@dataclass(frozen=True)
class Written:
    """A picture as it was written here."""

    content: bytes
    extension: str
    width: int
    height: int
    is_animated: bool = False


@dataclass(frozen=True)
class Look:
    """What the head of a file says. The size is that of the picture standing upright, as browsers show it."""

    width: int
    height: int
    is_animated: bool
    tells_more: bool  # where and with what it was taken, by whom, or a comment


def read(file: BinaryIO, size: int, extension: str = "") -> Written:
    """The picture in the file, no side longer than MAX_SIDE; PictureError if it is none or is too large.

    extension  of another format in which it shall be written, for a picture that takes the place of another
    """
    if size > MAX_BYTES:
        raise PictureError(too_many_bytes())
    try:
        with Image.open(file, formats=FORMATS) as image:
            return _written_anew(image, BY_EXTENSION.get(extension.lower()))
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


def _too_many_pixels(limit: int = MAX_PIXELS) -> str:
    return _("The picture has more than {limit} million pixels, all its frames counted.").format(
        limit=limit // 1_000_000
    )


def look(file: BinaryIO) -> Look | None:
    """Reads the head alone; None for what is no picture in a format the web shows."""
    try:
        with Image.open(file, formats=FORMATS) as image:
            return _look(image)
    except Exception:  # a reader fails in whatever way the bytes lead it to
        return None


def _look(image: Image.Image) -> Look:
    exif = image.getexif()
    width, height = image.size
    if exif.get(ORIENTATION, 1) >= 5:  # lies on its side
        width, height = height, width
    tells_more = bool(exif or TELLING & set(image.info) or getattr(image, "text", None))
    is_animated = image.format in MOVING and getattr(image, "is_animated", False)
    return Look(width, height, is_animated, tells_more)


def cleaned(file: BinaryIO) -> Written | None:
    """The same picture in its full size, upright and without position and camera; None if there is nothing to clean."""
    with Image.open(file, formats=FORMATS) as image:
        seen = _look(image)
        if not seen.tells_more or seen.is_animated or image.width * image.height > MAX_PIXELS:
            return None
        picture_format = _format_of(image)
        options: dict = {**QUALITY.get(picture_format, {}), **FINEST.get(picture_format, {})}
        if picture_format == "JPEG" and image.format == "JPEG" and image.getexif().get(ORIENTATION, 1) == 1:
            options["quality"] = "keep"
        profile = image.info.get("icc_profile")
        image.load()
        ImageOps.exif_transpose(image, in_place=True)
        image.info = {key: value for key, value in image.info.items() if key == "transparency"}
        written = BytesIO()
        image.save(written, picture_format, **options, icc_profile=profile)
        return Written(written.getvalue(), EXTENSIONS[picture_format], image.width, image.height)


def _format_of(image: Image.Image) -> str:
    return "JPEG" if image.format == "MPO" else str(image.format)


def _written_anew(image: Image.Image, wanted: str | None) -> Written:
    picture_format = wanted or _format_of(image)
    profile = profile_of(image)
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
    extension = EXTENSIONS[picture_format]
    return Written(written.getvalue(), extension, first.width, first.height, len(frames) > 1)


def profile_of(image: Image.Image) -> bytes | None:
    """The colour profile where it still fits: the pixels of a CMYK picture become RGB."""
    profile = image.info.get("icc_profile")
    if not profile or image.mode in ("CMYK", "LAB", "YCCK") or len(profile) > MAX_PROFILE_BYTES:
        return None
    return profile


def _frames(image: Image.Image, picture_format: str) -> Iterator[Image.Image]:
    """Each frame, fit to be saved. The sizes are looked at before anything is decoded."""
    limit = MAX_PIXELS if _format_of(image) == "JPEG" else MAX_WHOLE_PIXELS
    pixels, moves = 0, _format_of(image) in MOVING and picture_format in MOVING
    for number in range(MAX_FRAMES + 1 if moves else 1):
        try:
            image.seek(number)
        except EOFError:
            return
        pixels += image.width * image.height
        if pixels > limit:
            raise PictureError(_too_many_pixels(limit))
        if number == MAX_FRAMES:
            raise PictureError(_("The animation has more than {limit} frames.").format(limit=MAX_FRAMES))
        if picture_format == "JPEG":
            image.draft(None, (MAX_SIDE, MAX_SIDE))
        yield _fit(image, picture_format)


def _fit(image: Image.Image, picture_format: str) -> Image.Image:
    frame = image.copy() if getattr(image, "is_animated", False) and picture_format != "JPEG" else image
    ImageOps.exif_transpose(frame, in_place=True)
    frame = in_plain_colours(frame, picture_format)
    if max(frame.size) > MAX_SIDE:
        frame = frame if frame.mode in ("L", "LA", "RGB", "RGBA") else frame.convert("RGBA")
        frame.thumbnail((MAX_SIDE, MAX_SIDE), Image.Resampling.LANCZOS, reducing_gap=2.0)
    return frame


def in_plain_colours(frame: Image.Image, picture_format: str) -> Image.Image:
    if frame.mode.startswith("I"):  # 16 bits of grey: Pillow would clip them, not scale them
        return frame.convert("I").point(lambda value: value * (1 / 256)).convert("L")
    if frame.mode in ("L", "RGB") or (picture_format != "JPEG" and frame.mode in ("1", "P", "LA", "RGBA")):
        return frame
    return frame.convert("RGB" if picture_format == "JPEG" or frame.mode not in ("PA", "RGBa") else "RGBA")
