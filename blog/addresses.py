"""Which entry has which path: what a path may be, where it moves with its entry, and what it leaves behind."""

import re
from itertools import count

from django.apps import apps
from django.db import transaction
from django.urls import Resolver404, resolve, reverse
from django.utils import timezone
from django.utils.translation import gettext as _

NOWHERE = {"post": None, "page": None, "target": ""}
ANY_PATH = "entry"  # the name of the route that takes whatever no other route takes


def trouble(path, entry):
    """Why the entry cannot have this path, as a sentence; "" if it can."""
    if reason := odd(path):
        return reason
    if _is_answered_by_the_site(path):
        return _("The site itself answers at {path}. Choose another address.").format(path=path)
    return _taken(path, entry)


def odd(path):
    """Why this is no path of a page, as a sentence; "" if it is one."""
    if not path.startswith("/") or path.startswith("//"):
        return _("The address is a path on this site and begins with one slash, such as /about/.")
    if re.search(r"[\s?#\\<>\"\x00-\x1f]", path) or re.search(r"/\.{1,2}(/|$)", path):
        return _(
            "The address may not contain spaces, line breaks, ?, #, quotes, <, > or a step such as /../."
        )
    return ""


def _is_answered_by_the_site(path):
    if path.startswith(("/static/", "/media/", reverse("admin:index"))):
        return True
    return any(_route(spelling) != ANY_PATH for spelling in (path, path.rstrip("/") or "/"))


def _route(path):
    try:
        return resolve(path).url_name
    except Resolver404:
        return ANY_PATH


def _taken(path, entry):
    for model in _models("Post", "Page"):
        other = (
            model.objects.filter(path=path).exclude(pk=entry.pk if isinstance(entry, model) else None).first()
        )
        if other:
            return _("The {kind} “{title}” is already at {path}.").format(
                kind=model._meta.verbose_name, title=other, path=path
            )
    alias = apps.get_model("blog", "Alias").objects.filter(path=path).select_related("post", "page").first()
    if alias and not alias.is_gone and alias.entry != entry:
        title = alias.entry or alias.target
        return _("{path} is an old address that leads to “{title}”.").format(path=path, title=title)
    if apps.get_model("blog", "File").objects.filter(path=path).exists():
        return _("A file is served at {path}.").format(path=path)
    return ""


def find_room(entry):
    """Number the slug that was made from a title, where another entry has it: the second "Weeknotes" is weeknotes-2."""
    slug, numbers = entry.slug, count(2)
    while _taken(entry.path, entry):
        entry.slug = f"{slug}-{next(numbers)}"
        entry.path = entry.default_path()


def following(entry):
    """The path an entry has after its slug or date was changed: one that was made from them is made anew.

    A path that was changed by hand stays as it is, and so does one that has nothing to do with the slug.
    """
    path, slug, date = entry.was("path"), entry.was("slug"), entry.was("published_at")
    if not path or entry.path != path or (entry.slug, entry.published_at) == (slug, date):
        return entry.path
    if path == entry.path_for(slug, date):
        return entry.path_for(entry.slug, entry.published_at)
    ending = path.endswith("/") * "/"
    folder, _slash, last = path.rstrip("/").rpartition("/")
    return f"{folder}/{entry.slug}{ending}" if last == slug else path


def path_left_behind(entry):
    """The path a reader may know this entry by, if it is about to lose it; "" otherwise."""
    path = entry.was("path")
    if not path or path == entry.path:
        return ""
    now = timezone.now()
    published_at, public_at = entry.was("published_at"), entry.was("public_at")
    is_out = not entry.was("draft") and (public_at is None or public_at <= now)
    was_out_before = published_at is not None and published_at <= now
    return path if is_out or was_out_before else ""


@transaction.atomic
def redirect(path, entry):
    """From now on this path leads to the entry, wherever it moves. Its own path leads to it without that."""
    aliases = apps.get_model("blog", "Alias").objects
    aliases.filter(path=entry.path).delete()
    _lead(path, **{entry._meta.model_name: entry})


@transaction.atomic
def lead(path, target):
    """From now on this path leads to another, where a list is shown; "" where nothing is left."""
    apps.get_model("blog", "Alias").objects.filter(path=target).delete()
    _lead(path, target=target)


def _lead(path, **end):
    """What led to this path leads on with it, so that there is never a chain."""
    aliases = apps.get_model("blog", "Alias").objects
    aliases.filter(target=path).update(**{**NOWHERE, **end})
    aliases.update_or_create(path=path, defaults={**NOWHERE, **end, "imported": False})


@transaction.atomic
def point(alias):
    """Store a redirect that was written by hand."""
    alias.save()
    _lead(alias.path, post=alias.post, page=alias.page, target=alias.target)


def _models(*names):
    return [apps.get_model("blog", name) for name in names]
