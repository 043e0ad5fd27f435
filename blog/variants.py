"""The widths in which a picture is also kept, as WebP, so that a small screen need not load a large file.

AVIF would save a fifth of WebP's bytes at the same PSNR and take six times as long: 1.1 s of processor time for a photograph
in all widths, not 0.2 s (Pillow 13, speed 6, mean of twelve); and each picture of a page would need a picture element.

Which there are follows from the width alone: a page can name them before they are made. They are called after the
content they were made from, so that what is stored twice is made once, and another picture has other addresses.
"""

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from io import BytesIO
from typing import BinaryIO

from PIL import Image, ImageOps

from blog import pictures

FOLDER = "sized"
WIDTHS = (480, 960, 1440)  # the column is 720 wide, twice that on fine screens
TALLEST = 8  # times as high as wide; what is taller is a chart to be scrolled, and WebP ends at 16,383 pixels
NAMED = 32  # letters of the digest


def widths(width: int, height: int, is_animated: bool) -> list[int]:
    """In which widths a picture is kept. Its own is one of them unless it is very small or very large."""
    if is_animated or width < WIDTHS[0] or height > TALLEST * width or width * height > pictures.MAX_PIXELS:
        return []
    smaller = [each for each in WIDTHS if each < width]
    return smaller if width > WIDTHS[-1] else [*smaller, width]


def storage_name(digest: str, width: int) -> str:
    return f"{FOLDER}/{digest[:2]}/{digest[:NAMED]}-{width}.webp"


def address(digest: str, width: int) -> str:
    return f"/{FOLDER}/{width}/{digest[:NAMED]}.webp"


def srcset(digest: str, width: int, height: int, is_animated: bool) -> str:
    return ", ".join(f"{address(digest, each)} {each}w" for each in widths(width, height, is_animated))


@dataclass(frozen=True)
class Prepared:
    """All that is made of a picture whose bytes stay what they are. clean is what is served where they tell too much."""

    look: pictures.Look
    clean: pictures.Written | None
    sizes: list[tuple[int, bytes]]


def prepare(content: bytes) -> Prepared | None:
    """None for what is no picture. Pure, so that another process can do it."""
    seen = pictures.look(BytesIO(content))
    if seen is None:
        return None
    try:
        clean = pictures.cleaned(BytesIO(content))
        sizes = list(make(BytesIO(content), widths(seen.width, seen.height, seen.is_animated)))
    except Exception:  # the head of the file promised more than the rest holds
        return None
    return Prepared(seen, clean, sizes)


def prepare_stored(content: bytes) -> tuple[str, int, Prepared] | None:
    """With digest and length. It stands here because a worker process can know no models."""
    prepared = prepare(content) if content else None
    return prepared and (hashlib.sha256(content).hexdigest(), len(content), prepared)


def make(file: BinaryIO, wanted: list[int]) -> Iterator[tuple[int, bytes]]:
    """The picture in these widths, the widest first. It is decoded once, and each is made from the one before."""
    if not wanted:
        return
    with Image.open(file, formats=pictures.FORMATS) as image:
        if image.width * image.height > pictures.MAX_PIXELS:
            raise ValueError("The picture has too many pixels.")
        is_drawn = image.format in ("PNG", "GIF")  # letters and lines, where lost colour is seen first
        profile = pictures.profile_of(image)
        image.draft("RGB", (max(wanted) * 2, max(wanted) * 2))
        picture = _plain(image)
    for width in sorted(wanted, reverse=True):
        if picture.width > width:
            size = (width, max(1, round(picture.height * width / picture.width)))
            picture = picture.resize(size, Image.Resampling.LANCZOS, reducing_gap=2.0)
        written = BytesIO()
        picture.save(written, "WEBP", quality=90 if is_drawn else 80, icc_profile=profile)
        yield width, written.getvalue()


def _plain(image: Image.Image) -> Image.Image:
    image.load()
    upright = ImageOps.exif_transpose(image)
    upright = pictures.in_plain_colours(upright, "PNG")
    return upright.convert("RGBA" if upright.has_transparency_data else "RGB")
