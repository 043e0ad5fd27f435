"""Pictures that are stored and not in the library yet: files that came with a site, and what was put back by hand.

Their addresses and bytes stay as they are. What readers get is another file only where the bytes tell where and with
what a picture was taken.
"""

from itertools import islice

from django.core.files.storage import default_storage
from django.db.models import F, Q

from blog import library, picture_uses, uploads, variants
from blog.importers.workers import each_in_processes
from blog.models import File, Page, Picture, PictureUse, Post, SiteProfile

LARGEST = 64 * 1024 * 1024  # bytes of a file that is still looked into
WORTH_WORKERS = 16
BATCH = 200
KEPT_AT_ONCE = 50
CLEAN = "clean"


def take_stock(processes=None, advance=lambda address: None):
    """Bring in what is not in the library, and tell the entries that show it. How many pictures are new or changed.

    A run that breaks off has stored what it has done; the next goes on from there.
    """
    waiting = [*_files(), *_uploads()]
    addresses = []
    prepared = _prepared(waiting, processes if len(waiting) >= WORTH_WORKERS else 1)
    for some in _batches(prepared, KEPT_AT_ONCE):
        for row in some:
            advance(row.address)
        readable = [row for row in some if row.width]
        _store(readable)
        addresses += [row.address for row in readable]
    _tell_entries(addresses)
    return len(addresses)


def make_missing_sizes(advance=lambda address: None):
    """Sizes that were never made, or lost. How many pictures lacked some."""
    count = 0
    for picture in Picture.objects.order_by("pk").iterator(BATCH):
        advance(picture.address)
        content = _content(picture.name) if library.missing_sizes(picture) else b""
        count += bool(content and library.make_variants(picture, content))
    return count


def _is_picture(field):
    return Q(*((f"{field}__iendswith", f".{ending}") for ending in picture_uses.ENDINGS), _connector=Q.OR)


def _files():
    """Files that were never looked at, or are no longer what they were."""
    new = Q(picture=None) | ~Q(picture__file_digest=F("digest"))
    for file in File.objects.filter(_is_picture("path")).filter(new).order_by("pk").iterator(BATCH):
        yield Picture(
            address=file.path,
            name=file.file.name,
            original=file.file.name,
            file=file,
            file_digest=file.digest,
        )


def _uploads():
    stored = set(Picture.objects.filter(file=None).values_list("name", flat=True))
    for name in uploads.names_below(uploads.FOLDER):
        if name not in stored and name.lower().endswith(picture_uses.ENDINGS):
            yield Picture(address=uploads.address_of(name), name=name)


def _prepared(rows, processes):
    """The same rows with all that was found out; what was made of them is stored on the way."""
    contents = (_content(row.name) for row in rows)
    for row, found in zip(rows, each_in_processes(variants.prepare_stored, contents, processes), strict=True):
        if found is not None:
            _fill(row, *found)
        yield row


def _content(name):
    try:
        if default_storage.size(name) > LARGEST:
            return b""
        with default_storage.open(name) as file:
            return file.read()
    except (OSError, ValueError):
        return b""


def _fill(row, digest, size, prepared):
    row.digest, row.size = digest, size
    row.width, row.height = prepared.look.width, prepared.look.height
    row.is_animated = prepared.look.is_animated
    row.given_name = row.address.rpartition("/")[2][:250]
    if prepared.clean and row.file_id:
        clean = prepared.clean
        row.name = uploads.keep(f"{CLEAN}/{digest[:2]}/{digest[:32]}.{clean.extension}", clean.content)
    for width, content in prepared.sizes:
        uploads.keep(variants.storage_name(digest, width), content)


def _store(rows):
    """What people have said about a picture stays when its file has changed."""
    known = {row.address: row for row in Picture.objects.filter(address__in=[row.address for row in rows])}
    for row in rows:
        if stored := known.get(row.address):
            row.pk, row.alt = stored.pk, stored.alt
            row.added_at, row.added_by_id = stored.added_at, stored.added_by_id
            row.save()
    Picture.objects.bulk_create(row for row in rows if row.address not in known)


def _tell_entries(addresses):
    for model in (Post, Page):
        kind = model._meta.model_name
        pks = set(model.objects.filter(pictures__isnull=True).values_list("pk", flat=True))
        for some in _batches(addresses):
            uses = PictureUse.objects.filter(address__in=some, **{f"{kind}__isnull": False})
            pks.update(uses.values_list(kind, flat=True))
        for some in _batches(sorted(pks)):
            picture_uses.look_over(model, some)
    profile = SiteProfile.objects.filter(pk=1).first()
    if profile and picture_uses.place_of(profile.logo) in set(addresses):
        profile.save()


def _batches(items, size=BATCH):
    items = iter(items)
    return iter(lambda: list(islice(items, size)), [])
