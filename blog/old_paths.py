"""Where the addresses of an old site lead that no entry has: its feeds, its further pages, its spellings.

Asked after a 404 only. An answer is a path at which something is found, so that every redirect is the only one.
"""

import re
import unicodedata
from copy import copy
from urllib.parse import urlsplit

from django.http import Http404
from django.urls import Resolver404, resolve, reverse

from blog.models import Alias, Post

FEEDS = (
    (re.compile(r"(?P<list>.*/)(?:index|rss|feed)\.xml"), "{list}feed/"),
    (re.compile(r"(?P<list>.*/)(?:atom|index\.atom)\.xml"), "{list}feed/atom/"),
    (re.compile(r"(?P<list>.*/)(?:index|feed)\.json"), "{list}feed/json/"),
    (re.compile(r"(?P<list>.+)\.xml"), "{list}/feed/"),
)
A_FEED = re.compile(r"(?P<list>.*/)(?:index|rss|feed|atom)\.xml")
PART = re.compile(r"(?P<whole>.*?/)(?P<part>(?:comments/)?feed/(?:atom/|json/)?|page/\d+/)")
OF_A_LIST = re.compile(r"(?P<list>.*/)page/\d+(?:/|\.html)")
MOST_STEPS = (
    3  # redirects that are written down are never a chain; one that was brought from elsewhere may be
)
GONE = ""


def find(request):
    """The path that answers for the one that was asked, None if there is none. It is on this site always.

    GONE is the answer where somebody has said that nothing is left.
    """
    path = request.path
    if path.startswith("//"):
        return None
    tried = set()
    for candidate in _candidates(request):
        if candidate in tried:
            continue
        tried.add(candidate)
        if candidate != path and answers(request, candidate):
            return _escaped(candidate)
        target = _moved(request, candidate)
        if target is not None:
            return target
    return None


def _escaped(path):
    """What a browser would not take for part of the path; Django escapes the rest."""
    return path.replace("%", "%25").replace("#", "%23").replace("?", "%3F")


def answers(request, path):
    """Whether this site shows something at a path, without a redirect."""
    probe = copy(request)
    probe.method = "GET"
    probe.path = probe.path_info = path
    try:
        match = resolve(path)
        probe.resolver_match = match
        if match.app_name == "admin":
            return path == reverse("admin:index")
        return match.func(probe, *match.args, **match.kwargs).status_code == 200
    except (Resolver404, Http404):
        return False


def _candidates(request):
    """Spellings of a path that may be known here, likeliest first."""
    path, site = request.path, request.site
    starts = []
    for start in _starts(path, site):
        rest = path[len(start) :]
        starts.append(start)
        yield from _spellings(rest)
        if site.imported and (found := OF_A_LIST.fullmatch(rest)):  # a list may have had more pages there
            yield found["list"]
    base = urlsplit(site.base_url).path.rstrip("/")
    if base and not path.startswith(f"{base}/"):  # canonifyURLs let texts leave it out
        yield from (f"{base}{path}", f"{base}{path.rstrip('/')}/")
    for start in starts:
        yield from _last_resorts(request, path[len(start) :])


def _starts(path, site):
    """What may stand before a path that is known: nothing, the old base path, a language."""
    yield ""
    base = urlsplit(site.base_url).path.rstrip("/")
    bases = ["", base] if base and path.startswith(f"{base}/") else [""]
    if len(bases) > 1:
        yield base
    for base in bases:
        code = path[len(base) + 1 :].partition("/")[0]
        home = f"{base}/{code}/"
        if 2 <= len(code) <= 12 and path.startswith(home) and _is_language(code, home):
            yield f"{base}/{code}"


def _is_language(code, home):
    """One that posts are in, or one in which the old site had a home and nothing else of its own."""
    return (
        Post.objects.filter(language__iexact=code).exists()
        or Alias.objects.filter(path=home, target="/", imported=True).exists()
    )


def _spellings(path):
    yield path
    folded = unicodedata.normalize("NFC", path).lower()
    if folded != path:
        yield folded
    for pattern, target in FEEDS:
        if found := pattern.fullmatch(folded):
            yield target.format(list=found["list"])
    if folded.endswith("/index.html"):
        yield path[: -len("index.html")]
    elif folded.endswith((".html", ".htm")):
        yield path.rpartition(".")[0] + "/"
    if not path.endswith("/"):
        yield f"{path}/"


def _last_resorts(request, path):
    """For a list that has no feed here, or nothing in it, what is nearest to it."""
    if of_a_list := A_FEED.fullmatch(path):
        owner = of_a_list["list"]
        if answers(request, owner) or Alias.objects.filter(path=owner).exists():
            yield "/feed/"
    if path == "/404.html":
        yield "/"
    if re.fullmatch(r"/(?:tags|categories|series|authors)/(?:page/\d+/)?", path):
        yield "/archive/"


def _moved(request, path, steps=MOST_STEPS):
    """Where the redirects lead that are written down: of this path, or of the list whose feed or further page it is."""
    part = PART.fullmatch(path)
    wholes = _with_and_without_slash(part["whole"]) if part else set()
    itself = _with_and_without_slash(path)
    found = Alias.objects.filter(path__in=itself | wholes).select_related("post", "page")
    for alias in sorted(found, key=lambda alias: alias.path not in itself):
        if alias.is_gone:
            return GONE
        if alias.entry and not alias.entry.is_public:
            continue
        if alias.path in itself:
            return _end_of_way(request, alias, steps)
        if answers(request, part["whole"]):  # the list is here, and only this part of it is not
            continue
        # A program that reads feeds can make nothing of a page.
        nearest = "/feed/" if "feed/" in part["part"] else alias.leads_to
        for there in (alias.leads_to + part["part"], nearest):
            if answers(request, there):
                return there
    return None


def _end_of_way(request, alias, steps):
    if alias.entry or answers(request, alias.target):
        return alias.leads_to
    return _moved(request, alias.target, steps - 1) if steps else None


def _with_and_without_slash(path):
    return {path, path.rstrip("/") or "/", path.rstrip("/") + "/"}
