"""Pictures in the sizes that screens need: made when a picture comes, or when one that is missing is asked for."""

import re

from django.core.exceptions import SuspiciousOperation
from django.core.files.storage import default_storage
from django.http import Http404
from django.views.decorators.http import require_safe
from PIL import Image

from blog import pictures, variants
from blog.uploads import NEVER_CHANGES, keep, serve

FAILURES = (
    OSError,
    ValueError,
    SyntaxError,
    SuspiciousOperation,
    NotImplementedError,
    Image.DecompressionBombError,
)


@require_safe
def sized(request, width, digest):
    """The picture, this wide. Only widths that pages ask for, only of pictures that are there."""
    if width > variants.WIDTHS[-1] or not re.fullmatch(r"[0-9a-f]{32}", digest):
        raise Http404("No page asks for this.")
    name = variants.storage_name(digest, width)
    try:
        response = serve(_opened(name, digest, width), name)
    except FAILURES as error:
        raise Http404("There is no such picture.") from error
    response["Cache-Control"] = NEVER_CHANGES
    return response


def _opened(name, digest, width):
    try:
        return default_storage.open(name)
    except FileNotFoundError:
        return default_storage.open(_made(name, digest, width))


def _made(name, digest, width):
    from blog.models import Picture

    picture = Picture.objects.filter(digest__range=(digest, f"{digest}g")).first()
    if picture is None or width not in variants.widths(picture.width, picture.height, picture.is_animated):
        raise Http404("No page asks for this size.")
    with pictures.ONE_AT_A_TIME, default_storage.open(picture.name) as file:
        for _width, content in variants.make(file, [width]):
            return keep(name, content)
