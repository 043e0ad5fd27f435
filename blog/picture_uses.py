"""Which pictures an entry uses, and what its page has to know of each: found when it is saved, not when it is read."""

import re
from collections import defaultdict
from html import unescape
from urllib.parse import unquote, urljoin, urlsplit

from django.conf import settings

ENDINGS = ("png", "jpg", "jpeg", "gif", "webp", "avif")
_NAMED = re.compile(
    r"""\s(?:src|href|poster|data-src)=(?:"([^"]*\.(?:{0})[^"]*)"|'([^']*\.(?:{0})[^']*)')""".format(
        "|".join(ENDINGS)
    ),
    re.IGNORECASE,
)
_PICTURE = re.compile(r"\.(?:{})$".format("|".join(ENDINGS)), re.IGNORECASE)
LONGEST = 800
TEXTS = ("body", "summary", "description", "cover")  # of an entry, where addresses of pictures stand
_UPLOADED = re.compile(rf"{re.escape(settings.MEDIA_URL)}uploads/[\w./-]+\.(?:{'|'.join(ENDINGS)})", re.ASCII)


def place_of(address, base="/"):
    """The path of an address on this site, as the library has it; "" for an address elsewhere."""
    try:
        parts = urlsplit(urljoin(base, address))
    except ValueError:
        return ""
    if parts.netloc and f"{parts.scheme}://{parts.netloc}" != settings.SITE_URL:
        return ""
    return unquote(parts.path) if parts.path.startswith("/") else ""


def used_by(path, html, cover="", params=None):
    """The addresses of all pictures on this site that an entry shows, links to or names in its front matter."""
    found = [unescape(double or single) for double, single in _NAMED.findall(html)]
    found += [cover, *_named_in(params)]
    places = dict.fromkeys(place_of(address, path) for address in found if address)
    return [place for place in places if _PICTURE.search(place) and len(place) <= LONGEST]


def _named_in(value):
    if isinstance(value, str):
        return [value] if _PICTURE.search(value) else []
    if isinstance(value, dict):
        value = list(value.values())
    return [name for part in value for name in _named_in(part)] if isinstance(value, list) else []


def of(entry):
    return used_by(entry.path, entry.body_html, entry.cover, entry.params)


def known(entry):
    """What its page has to know of each of its pictures, by address. One query, none without pictures."""
    from blog.models.pictures import Picture

    places = of(entry)
    if not places:
        return {}
    return {picture.address: picture.shown for picture in Picture.objects.filter(address__in=places)}


def note(entry):
    """Write down which pictures the stored entry uses. Two queries where nothing has changed."""
    kind = entry._meta.model_name
    _write_down(kind, {entry.pk: [*of(entry), *_worked_on(kind, [entry.pk])[entry.pk]]})


def _write_down(kind, used):
    """used  the addresses by the key of the entry"""
    from blog.models.pictures import PictureUse

    found = PictureUse.objects.filter(**{f"{kind}__in": list(used)})
    rows = found.values_list(f"{kind}_id", "address", "pk")
    stored = {(owner, address): pk for owner, address, pk in rows}
    wanted = dict.fromkeys((owner, address) for owner, addresses in used.items() for address in addresses)
    if gone := [pk for use, pk in stored.items() if use not in wanted]:
        PictureUse.objects.filter(pk__in=gone).delete()
    new = [use for use in wanted if use not in stored]
    PictureUse.objects.bulk_create(
        PictureUse(address=address, **{f"{kind}_id": owner}) for owner, address in new
    )


def _worked_on(kind, pks):
    """The uploaded pictures in texts that somebody is working on while readers see other ones, by the entry's key."""
    from blog.models import Revision

    found = defaultdict(list)
    pending = Revision.objects.filter(is_pending=True, **{f"{kind}__in": pks})
    for pk, state in pending.values_list(f"{kind}_id", "state"):
        text = "\n".join(str(state.get(name, "")) for name in TEXTS)
        found[pk] += dict.fromkeys(_UPLOADED.findall(text))
    return found


def note_logo(address):
    """The same for the picture in the head of every page: its width and height, None where they are not known."""
    from blog.models.pictures import Picture, PictureUse

    place = place_of(address) if address else ""
    PictureUse.objects.filter(post=None, page=None).exclude(address=place).delete()
    if place:
        PictureUse.objects.get_or_create(address=place[:LONGEST], post=None, page=None)
    found = Picture.objects.filter(address=place).values_list("width", "height").first()
    return list(found) if found else None


def look_over(model, pks):
    """The same for many stored entries, whose pictures may have come or changed: a handful of statements a batch."""
    from blog.models.pictures import Picture

    kind = model._meta.model_name
    needed = ("path", "body_html", "cover", "params", "pictures")
    entries = list(model.objects.filter(pk__in=pks).only(*needed))
    worked_on = _worked_on(kind, pks)
    used = {entry.pk: [*of(entry), *worked_on[entry.pk]] for entry in entries}
    _write_down(kind, used)
    places = {place for addresses in used.values() for place in addresses}
    shown = {picture.address: picture.shown for picture in Picture.objects.filter(address__in=places)}
    changed = []
    for entry in entries:
        now = {address: shown[address] for address in used[entry.pk] if address in shown}
        if entry.pictures != now:
            entry.pictures = now
            changed.append(entry)
    model.objects.bulk_update(changed, ["pictures"], batch_size=100)
    return len(changed)
