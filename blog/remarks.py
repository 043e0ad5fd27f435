"""The checks of blog.checks on an entry of this site: which of its links lead to something that readers find."""

import hashlib
import re
from copy import copy
from html import unescape

from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from django.contrib.staticfiles import finders
from django.core.files.storage import default_storage
from django.utils.translation import gettext as _

from blog import checks, old_paths
from blog.models import Page, Post

HELD = "_despite"  # the name under which a form says which remarks its author has seen
MOST_ASKED = 25  # addresses of no entry that are asked of the site itself; further ones are believed
ID = re.compile(r"""\s(?:id|name)=["']([^"']+)["']""")


def remarks_on(entry, request):
    """What its author may want to see to, as checks.Remark. The entry itself stays as it is."""
    looked_at = copy(entry)
    looked_at.__dict__.pop("content_html", None)
    return remarks_on_rendered(looked_at, looked_at.render(lines=True), request)


def remarks_on_rendered(entry, rendered, request):
    """The same of an entry that has just been rendered with its lines."""
    page = checks.outline(entry.content_html)
    path = entry.path or "/"
    links = checks.links_within(page, path, settings.SITE_URL)
    found = targets({link.path for link in links} - {path}, request)
    return [
        *checks.pictures_without_words(page),
        *checks.dead_links(links, path, page.ids, found),
        *checks.heading_jumps(page),
        *_shortcodes(rendered),
        *checks.missing_description(entry.description, entry.summary),
    ]


def _shortcodes(rendered):
    for name, line in rendered.unknown_shortcodes:
        sentence = _("The site does not know the shortcode “{name}”.").format(name=name)
        yield checks.Remark(sentence, line - 1)
    for problem, line in rendered.problems:
        yield checks.Remark(problem, line - 1)


def targets(paths, request):
    """Those of the paths at which a reader finds something; with the ids of its page, or None where it is no entry."""
    found = {}
    wanted = paths | {f"{path}/" for path in paths if not path.endswith("/")}
    for model in (Post, Page):
        entries = model.objects.published().filter(path__in=wanted).values_list("path", "body_html")
        for path, html in entries:
            ids = {unescape(name) for name in ID.findall(html)}
            found[path] = found[path.rstrip("/")] = ids
    probe = _stranger(request)
    for number, path in enumerate(sorted(paths - set(found))):
        if number >= MOST_ASKED or _is_answered(path, probe):
            found[path] = None
    return found


def _stranger(request):
    probe = copy(request)
    probe.user = AnonymousUser()
    probe.COOKIES = {}
    return probe


def _is_answered(path, probe):
    if path.startswith(settings.STATIC_URL) and finders.find(path.removeprefix(settings.STATIC_URL)):
        return True
    if path.startswith(settings.MEDIA_URL):
        return default_storage.exists(path.removeprefix(settings.MEDIA_URL))
    probe.path = probe.path_info = path
    return old_paths.answers(probe, path) or bool(old_paths.find(probe))


def digest_of(remarks):
    """The same as long as the remarks are, wherever in the text they stand."""
    sentences = sorted(remark.sentence for remark in remarks)
    return hashlib.sha256("\n".join(map(str, sentences)).encode()).hexdigest()[:16]
