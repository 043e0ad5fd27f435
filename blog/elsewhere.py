"""How an entry looks where it is found or shared: as a search engine and a social site would show it.

The lengths are what those sites show at present, roughly; nothing depends on them.
"""

from copy import copy
from dataclasses import dataclass
from urllib.parse import unquote, urlsplit

from django.conf import settings
from django.utils import timezone
from django.utils.text import Truncator
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from blog import addresses
from blog.paths import slug_of

TITLE_FITS = 60
DESCRIPTION_FITS = 155
DESCRIPTION_IS_SHORT = 50


@dataclass(frozen=True)
class Elsewhere:
    title: str
    host: str
    steps: list[str]  # the address, step by step
    description: str
    picture: str  # "" where the site draws a card with the title
    lengths: list[str]


def of(entry, site):
    """The entry as it is, saved or not."""
    title, teaser = entry.title.strip(), " ".join(entry.teaser.split())
    return Elsewhere(
        title=cut(f"{title} – {site.title}" if title else site.title, TITLE_FITS),
        host=urlsplit(settings.SITE_URL).netloc,
        steps=[unquote(step) for step in address_of(entry).split("/") if step],
        description=cut(teaser, DESCRIPTION_FITS),
        picture=entry.cover_url if entry.cover else "",
        lengths=[title_length(title), description_length(entry.description or entry.summary, teaser)],
    )


def address_of(entry):
    """Where it will be: readers' address of an entry that is not saved yet, or has another slug than it had."""
    later = copy(entry)
    later.slug = later.slug or slug_of(later.title)
    if later.pk is None:
        later.published_at = later.published_at or timezone.now()
        return later.path.strip("/") and later.path or later.default_path()
    return addresses.following(later)


def title_length(title):
    if not title:
        return _("There is no title yet.")
    count = ngettext("Title: {count} character.", "Title: {count} characters.", len(title)).format(
        count=len(title)
    )
    if len(title) > TITLE_FITS:
        return f"{count} {_('Search engines cut it after about {limit}.').format(limit=TITLE_FITS)}"
    return f"{count} {_('It is shown whole.')}"


def description_length(own, teaser):
    own = " ".join(own.split())
    if not own:
        return (
            _("Description: none of its own, so the text’s beginning is shown.")
            if teaser
            else _("There is no description yet.")
        )
    count = ngettext("Description: {count} character.", "Description: {count} characters.", len(own)).format(
        count=len(own)
    )
    if len(own) > DESCRIPTION_FITS:
        return f"{count} {_('Search engines cut it after about {limit}.').format(limit=DESCRIPTION_FITS)}"
    if len(own) < DESCRIPTION_IS_SHORT:
        return f"{count} {_('There is room for about {limit}.').format(limit=DESCRIPTION_FITS)}"
    return f"{count} {_('It is shown whole.')}"


def cut(words, limit):
    return Truncator(words).chars(limit, truncate=" …")
