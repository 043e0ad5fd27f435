"""Pictures coming in from the editor, and files going out from the media folder."""

import hashlib
import mimetypes
from functools import wraps
from pathlib import PurePosixPath

from django.conf import settings
from django.core.exceptions import SuspiciousOperation
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.http import FileResponse, Http404
from django.utils import timezone
from django.views.decorators.http import condition, require_safe

FOLDER = "uploads"
ORIGINALS = "originals"
AS_GIVEN = (f"{ORIGINALS}/", "site/")  # what came in, byte for byte
NEVER_CHANGES = "public, max-age=31536000, immutable"
CHANGES_SELDOM = "public, max-age=3600"
# A document from this folder is nobody's: no scripts, no forms, no reading of the site it came from.
ALONE = "base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
SANDBOX = f"sandbox; default-src 'none'; img-src 'self' data:; media-src 'self'; {ALONE}"
COLOURED = f"{SANDBOX}; style-src 'unsafe-inline'"  # a drawing or a document has its colours in itself
# Browsers draw PDF themselves, and not inside a sandbox.
UNSCRIPTED = f"default-src 'none'; object-src 'self'; style-src 'unsafe-inline'; {ALONE}"
mimetypes.add_type("image/avif", ".avif")
mimetypes.add_type("image/webp", ".webp")
SHOWN = ("image/", "audio/", "video/", "font/", "text/plain", "application/pdf")


def store(picture):
    """Keep a picture under a name made from its content; what is there already is not stored twice."""
    digest = hashlib.sha256(picture.content).hexdigest()[:24]
    return keep(f"{FOLDER}/{timezone.now():%Y/%m}/{digest}.{picture.extension}", picture.content)


def keep(name, content):
    """Store the content under this name, which says what is in it."""
    return name if default_storage.exists(name) else default_storage.save(name, ContentFile(content))


def address_of(name):
    """Where a stored file is on this site, wherever the storage keeps it: texts have these addresses in them."""
    return f"{settings.MEDIA_URL}{name}"


def names_below(folder):
    """The names of all stored files in a folder and its folders."""
    try:
        folders, names = default_storage.listdir(folder)
    except (FileNotFoundError, NotImplementedError):
        return
    for name in sorted(names):
        yield f"{folder}/{name}"
    for name in sorted(folders):
        yield from names_below(f"{folder}/{name}")


def _modified(request, name):
    """Asked for twice by Django; a bucket is asked once."""
    if not hasattr(request, "modified_at"):
        try:
            request.modified_at = default_storage.get_modified_time(name)
        except (OSError, ValueError, SuspiciousOperation, NotImplementedError):
            request.modified_at = None
    return request.modified_at


def _etag(request, name):
    modified = _modified(request, name)
    return modified and f'"{int(modified.timestamp() * 1_000_000):x}"'


def _for_readers(view):
    """What was uploaded, and what came with the site as it came, may tell where a picture was taken."""

    @wraps(view)
    def show(request, name):
        if name.startswith(AS_GIVEN) and not request.user.has_perm("blog.view_file"):
            raise Http404("There is no such file.")
        return view(request, name)

    return show


@require_safe
@_for_readers
@condition(etag_func=_etag, last_modified_func=_modified)
def media(request, name):
    """A stored file; 404 for whatever is not one, inside the folder or outside."""
    try:
        response = serve(default_storage.open(name), name)
    except (OSError, ValueError, SuspiciousOperation) as error:
        raise Http404("There is no such file.") from error
    if name.startswith(AS_GIVEN):
        response["Cache-Control"] = "private, no-store"
        response["Content-Disposition"] = "attachment"
    else:
        response["Cache-Control"] = NEVER_CHANGES if name.startswith(f"{FOLDER}/") else CHANGES_SELDOM
    return response


def serve(file, name, *, also_shown=()):
    """An answer with this file, so that nothing in it can act with the site's rights, whatever it is."""
    kind, encoding = mimetypes.guess_type(name)
    shown = bool(kind) and not encoding and kind.startswith((*SHOWN, *also_shown))
    response = FileResponse(
        file,
        as_attachment=not shown,
        filename=PurePosixPath(name).name,
        content_type=_with_charset(kind) if shown else "application/octet-stream",
    )
    response["Content-Security-Policy"] = _policy(kind or "")
    response["X-Content-Type-Options"] = "nosniff"
    return response


def _policy(kind):
    if kind == "application/pdf":
        return UNSCRIPTED
    return COLOURED if kind == "image/svg+xml" or kind.startswith("text/") else SANDBOX


def _with_charset(kind):
    return f"{kind}; charset=utf-8" if kind.startswith("text/") else kind
