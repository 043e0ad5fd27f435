"""The picture library: what is done when a picture comes, is replaced, or goes.

A picture is stored once, however often it is sent: its name is made from its content. What was sent is kept beside what
is served, unless more than a picture is in it.
"""

import hashlib
import logging
import re
import zipfile
from dataclasses import dataclass
from functools import wraps
from io import BytesIO
from pathlib import PurePosixPath
from urllib.parse import quote

from django.core.files.storage import default_storage
from django.db import transaction
from django.db.models import Q, TextField
from django.db.models.functions import Cast
from django.utils.translation import gettext as _

from blog import picture_uses, pictures, uploads, variants
from blog.models import File, Page, Picture, PictureUse, Post, Revision
from blog.picture_uses import TEXTS
from blog.uploads import ORIGINALS

logger = logging.getLogger(__name__)
AT_ONCE = 100  # entries that are saved anew in one request
# What a browser, a server or an unpacker might take for its own in a file that is a picture to others.
ACTIVE = re.compile(
    rb"<(?:script|svg|html|body|iframe|!doctype)[\s>/]|<\?php|javascript:|%PDF-", re.IGNORECASE
)


def _said_in_a_sentence(deed):
    """A storage that is full, or not there, is no fault of the picture's, but whoever sent it has to know."""

    @wraps(deed)
    def guarded(*args, **kwargs):
        try:
            return deed(*args, **kwargs)
        except OSError as error:
            logger.exception("A picture could not be stored.")
            text = _(
                "The picture could not be stored. Try again; if it stays so, tell whoever runs this site."
            )
            raise pictures.PictureError(text) from error

    return guarded


@_said_in_a_sentence
def add(file, *, given_name="", user=None, alt=""):
    """Keep an uploaded picture; the one that is there already if it was sent before. PictureError if it is none."""
    content = _read(file)
    digest = hashlib.sha256(content).hexdigest()
    known = Picture.objects.filter(digest=digest, file=None).first()
    if known and default_storage.exists(known.name):
        return known
    written = _written(content)
    name = uploads.store(written)
    picture = Picture(
        name=name,
        original=_keep_original(content, digest, written.extension),
        digest=digest,
        given_name=given_name[:250],
        alt=alt,
        added_by=user if user and user.is_authenticated else None,
        **_size_of(written),
    )
    make_variants(picture, written.content)
    return _stored(picture)


def _read(file):
    if file.size > pictures.MAX_BYTES:
        raise pictures.PictureError(pictures.too_many_bytes())
    file.seek(0)
    return file.read()


def _written(content, extension=""):
    with pictures.ONE_AT_A_TIME:
        return pictures.read(BytesIO(content), len(content), extension)


def _size_of(written):
    return {
        "width": written.width,
        "height": written.height,
        "is_animated": written.is_animated,
        "size": len(written.content),
    }


def _stored(picture):
    """Two files that differ only in what was left out of them are one picture."""
    address = uploads.address_of(picture.name)
    columns = {field.name: getattr(picture, field.name) for field in Picture._meta.concrete_fields}
    for name in ("id", "address", "added_at"):
        columns.pop(name)
    stored, _is_new = Picture.objects.get_or_create(address=address, defaults=columns)
    return stored


def _keep_original(content, digest, extension):
    if has_more(content):
        return ""
    return uploads.keep(f"{ORIGINALS}/{digest[:2]}/{digest}.{extension}", content)


def has_more(content):
    """Whether a picture is something else to others as well. Such a file is served to nobody and kept nowhere."""
    return bool(ACTIVE.search(content)) or zipfile.is_zipfile(BytesIO(content))


def missing_sizes(picture):
    """The names under which smaller versions should be stored and are not, by width."""
    wanted = variants.widths(picture.width, picture.height, picture.is_animated)
    names = {width: variants.storage_name(picture.digest, width) for width in wanted}
    return {width: name for width, name in names.items() if not default_storage.exists(name)}


def make_variants(picture, content):
    """Store its smaller versions, those that are missing; how many."""
    names = missing_sizes(picture)
    with pictures.ONE_AT_A_TIME:
        for width, made in variants.make(BytesIO(content), list(names)):
            uploads.keep(names[width], made)
    return len(names)


def markdown_of(picture, given_name=""):
    """What shows the picture in a text. Without words for it, the file's name is a beginning."""
    words = (
        picture.alt or " ".join(re.findall(r"[^\W_]+", PurePosixPath(given_name or str(picture)).stem))[:100]
    )
    words = re.sub(r"([\\\[\]])", r"\\\1", " ".join(words.split()))
    return f"![{words}]({quote(picture.address, safe='/-_.~')})"


# Where it is used


@dataclass(frozen=True)
class Uses:
    """The entries that use a picture, as far as this person may see them, and how many others there are."""

    entries: list
    hidden: int


def uses_of(picture, user, limit=50):
    """Four queries, whatever the number of entries."""
    found, total = [], 0
    for model in (Post, Page):
        kind = model._meta.model_name
        uses = PictureUse.objects.filter(address=picture.address, **{f"{kind}__isnull": False})
        total += uses.count()
        entries = model.objects.visible_to(user).filter(pk__in=uses.values(kind))
        found += entries.without_bodies().order_by("-pk")[:limit]
    return Uses(found[:limit], total - len(found[:limit]))


def is_used(picture):
    return PictureUse.objects.filter(address=picture.address).exists()


def is_logo(picture):
    return PictureUse.objects.filter(address=picture.address, post=None, page=None).exists()


# Replacing


@_said_in_a_sentence
def replace(picture, file, *, given_name="", user=None):
    """Put another picture in this one's place. What came with the site keeps its address; an uploaded picture's
    address is made from its content, so that the texts have to follow: follow() does that."""
    if picture.file_id is None:
        new = add(file, given_name=given_name, user=user, alt=picture.alt)
        if new.pk != picture.pk:
            picture.replaced_by = new
            picture.save(update_fields=["replaced_by"])
            Picture.objects.filter(pk=new.pk, replaced_by=picture).update(replaced_by=None)
        return new
    content = _read(file)
    written = _written(content, picture.address.rpartition(".")[2])
    digest = hashlib.sha256(written.content).hexdigest()
    picture.name = uploads.keep(f"replaced/{digest}.{written.extension}", written.content)
    picture.digest, picture.given_name = digest, given_name[:250] or picture.given_name
    for name, value in _size_of(written).items():
        setattr(picture, name, value)
    make_variants(picture, written.content)
    with transaction.atomic():
        File.objects.filter(pk=picture.file_id).update(file=picture.name)
        picture.save()
    look_over_uses(picture.address)
    return picture


def follow(old, limit=AT_ONCE):
    """Let some of the entries that use a replaced picture show the new one: how many now do, and how many do not yet.

    The address of an upload is a digest, so that it stands for nothing else wherever it is found in a text.
    """
    moved, left = 0, limit
    for model in (Post, Page):
        kind = model._meta.model_name
        uses = PictureUse.objects.filter(address=old.address, **{f"{kind}__isnull": False})
        pks = list(uses.order_by("pk").values_list(kind, flat=True)[:left])
        moved += sum(_follow_one(model, pk, old.address, old.replaced_by.address) for pk in pks)
        left -= len(pks)
    return moved, PictureUse.objects.filter(address=old.address).count()


@transaction.atomic
def _follow_one(model, pk, old, new):
    """False for an entry that names the picture where no text does, such as in front matter of an old theme."""
    from blog.revisions.work import take_along

    entry = model.objects.select_for_update().get(pk=pk)
    with take_along(entry, old, new) as is_worked_on:
        for name in TEXTS:
            setattr(entry, name, getattr(entry, name).replace(old, new))
        is_shown = any(getattr(entry, name) != entry.was(name) for name in TEXTS)
        if is_shown:
            entry.save()
    if is_worked_on:
        picture_uses.note(entry)
    return is_shown or is_worked_on


def look_over_uses(address):
    """The pages that show what is at this address learn its new size."""
    for model in (Post, Page):
        kind = model._meta.model_name
        uses = PictureUse.objects.filter(address=address, **{f"{kind}__isnull": False})
        pks = list(uses.values_list(kind, flat=True))
        for first in range(0, len(pks), AT_ONCE):
            picture_uses.look_over(model, pks[first : first + AT_ONCE])


# Going


def is_being_written_about(picture):
    """Whether a text that nobody has saved yet shows it. Reads what was saved while people wrote, which is not much."""
    unsaved = Revision.objects.filter(kind=Revision.Kind.AUTOSAVE).order_by()
    texts = unsaved.annotate(one=Cast("state", TextField()), other=Cast("typed", TextField()))
    return texts.filter(Q(one__contains=picture.address) | Q(other__contains=picture.address)).exists()


def delete(picture):
    """Take an uploaded picture away with everything that was made from it. To be called for one that nothing uses."""
    names = [picture.name, picture.original]
    if not Picture.objects.filter(digest=picture.digest).exclude(pk=picture.pk).exists():
        sizes = variants.widths(picture.width, picture.height, picture.is_animated)
        names += [variants.storage_name(picture.digest, width) for width in sizes]
    with transaction.atomic():
        picture.delete()
        transaction.on_commit(lambda: [default_storage.delete(name) for name in names if name])
