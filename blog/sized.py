"""The pictures of a site in the sizes that screens need, made when first asked for and kept in the media folder."""

from functools import lru_cache
from io import BytesIO
from urllib.parse import unquote, urljoin, urlsplit

from django.conf import settings
from django.core.exceptions import SuspiciousOperation
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.http import Http404
from django.urls import reverse
from django.utils.encoding import iri_to_uri
from django.views.decorators.http import require_safe
from PIL import Image, ImageOps

from blog.page_html import Picture
from blog.pictures import FORMATS, MAX_PIXELS
from blog.uploads import NEVER_CHANGES, serve

FOLDER = "sized"
SITE_FILES = "site"  # where the files that came with a site lie, each below its own path
WIDTHS = (480, 960, 1440)
FAILURES = (
    OSError,
    ValueError,
    SyntaxError,
    SuspiciousOperation,
    NotImplementedError,
    Image.DecompressionBombError,
)


def find(address: str, base: str = "/") -> Picture | None:
    """What is known of a picture by its address on a page; None for one that is not ours or cannot be read."""
    try:
        name = storage_name(urljoin(base, address))
        stamp = name and _stamp(name)
        return _look(name, stamp) if stamp else None
    except FAILURES:
        return None


def storage_name(url: str) -> str:
    """The name under which a picture with this address is stored; "" if the address is not on this site."""
    parts = urlsplit(url)
    if parts.netloc and f"{parts.scheme}://{parts.netloc}" != settings.SITE_URL:
        return ""
    path = unquote(parts.path)
    if path.startswith(settings.MEDIA_URL):
        return path.removeprefix(settings.MEDIA_URL)
    return f"{SITE_FILES}{path}" if path.startswith("/") and not path.endswith("/") else ""


def _stamp(name: str) -> str:
    return f"{int(default_storage.get_modified_time(name).timestamp()):x}"


@lru_cache(maxsize=4096)
def _look(name: str, stamp: str) -> Picture | None:
    """Reads the head of the file alone. The stamp is part of the key: another file has another."""
    with default_storage.open(name) as file, Image.open(file, formats=FORMATS) as image:
        width, height = image.size
        if image.getexif().get(0x0112, 1) >= 5:  # lies on its side; browsers turn it
            width, height = height, width
        smaller = [] if getattr(image, "is_animated", False) else [w for w in WIDTHS if w < width]
        if not smaller or width * height > MAX_PIXELS:
            return Picture(width, height)
        links = [f"{reverse('sized', args=[w, stamp, name])} {w}w" for w in smaller]
        original = _own_address(name)
        return Picture(width, height, ", ".join([*links, f"{original} {width}w"]))


def _own_address(name: str) -> str:
    if name.startswith(f"{SITE_FILES}/"):
        return iri_to_uri(name.removeprefix(SITE_FILES)).replace(",", "%2C")
    return default_storage.url(name)


@require_safe
def sized(request, width, stamp, name):
    """The picture, this wide. Only widths that pages ask for, only of pictures that are there."""
    if width not in WIDTHS or name.startswith(f"{FOLDER}/"):
        raise Http404("No page asks for this size.")
    try:
        made = f"{FOLDER}/{width}/{_stamp(name)}/{name}.webp"
        if not default_storage.exists(made):
            made = default_storage.save(made, ContentFile(_shrunk(name, width)))
        response = serve(default_storage.open(made), made)
    except FAILURES as error:
        raise Http404("There is no such picture.") from error
    response["Cache-Control"] = NEVER_CHANGES
    return response


def _shrunk(name: str, width: int) -> bytes:
    with default_storage.open(name) as file, Image.open(file, formats=FORMATS) as image:
        if image.width * image.height > MAX_PIXELS:
            raise ValueError("The picture has too many pixels.")
        image.draft("RGB", (width * 2, width * 2))
        profile = image.info.get("icc_profile")
        upright = ImageOps.exif_transpose(image)
        upright = upright.convert("RGBA" if upright.has_transparency_data else "RGB")
        upright.thumbnail((width, width * 20), Image.Resampling.LANCZOS, reducing_gap=2.0)
        written = BytesIO()
        upright.save(written, "WEBP", quality=80, icc_profile=profile)
        return written.getvalue()
