"""Which address each entry gets: its own, unless another entry or the site itself answers there already."""

from functools import cache
from itertools import chain, count

from django.urls import Resolver404, get_resolver, resolve
from django.urls.resolvers import RoutePattern

from blog.models import Alias, Page, Post
from blog.paths import clean_path

LONGEST = 800
ROOM_FOR_NUMBER = 10
ANSWERED_BY_ENTRIES = {
    "entry",
    "entry_comment",
    "entry_comments_feed",
    "entry_comments_atom",
    "entry_comments_json",
    "section_feed",
    "section_page",
}
BEFORE_URLS = ("/static/",)


def is_reserved(path):
    """Whether the site answers this path itself, whatever entries there are."""
    if path.startswith(BEFORE_URLS):
        return True
    if path != "/" and not path.startswith(_beginnings()):  # resolving takes longer than reading a file
        return False
    try:
        return resolve(path).url_name not in ANSWERED_BY_ENTRIES
    except Resolver404:
        return False


@cache
def _beginnings():
    """What the site's own paths begin with; the patterns that take any path aside."""
    routes = [pattern.pattern for pattern in get_resolver().url_patterns]
    nested = [pattern for pattern in get_resolver().url_patterns if hasattr(pattern, "url_patterns")]
    for include in nested:
        routes += [each.pattern for each in include.url_patterns if str(include.pattern) == ""]
    found = {str(route).partition("<")[0] for route in routes if isinstance(route, RoutePattern)}
    return tuple(f"/{beginning}" for beginning in found if beginning)


def source_key(item):
    """What tells the entries of a source apart; of a record and of a stored entry alike."""
    return item.source_path, item.language


class Addresses:
    """Hands out paths, each once. The first to ask keeps a path; what is in the database already asked before."""

    def __init__(self, report):
        self.report = report
        self.claimed = {}
        self.looked_up = set()
        self.stored = {}
        self.aliases_of = {}
        self.heirs = {}

    def hand_over(self, entry, record):
        """What belonged to an entry, whose file has another name now or had none, belongs to this record."""
        self.heirs[self._owner(entry)] = source_key(record)

    def look_up(self, records):
        """Learn who holds the paths and aliases that these records want: three queries."""
        paths = {record.path for record in records}
        aliases = set(chain.from_iterable(record.aliases for record in records))
        self.looked_up = paths | aliases
        self.stored = _holders(self.looked_up)
        for alias in Alias.objects.filter(path__in=aliases).select_related("post", "page"):
            if alias.entry:
                self.aliases_of.setdefault(alias.path, self._owner(alias.entry))

    def keep(self, path, record):
        """An entry that stays where it is."""
        self.claimed[path] = source_key(record)

    def place(self, record):
        """The path for this record. Where it is not the one it asks for, the report says so."""
        wanted = record.path
        if len(wanted) > LONGEST - ROOM_FOR_NUMBER:
            wanted = clean_path(wanted[: LONGEST - ROOM_FOR_NUMBER])
            self.report.problem(record.source_path, f"Its address is too long; it is at {wanted}.")
        reserved = is_reserved(wanted)
        if reserved and record.body.strip():
            path = self._first_free(_numbered_at_the_root(wanted), record)
            reason = f"The site itself answers at {wanted}; this is at {path}."
            self.report.problem(record.source_path, reason)
            return path
        if reserved:  # a layout and no text: that was the old site's archive or search page
            self.report.remark(record.source_path, f"It has no text, and the site's own page is at {wanted}.")
        path = self._first_free(_numbered(wanted), record)
        if path != wanted:
            reason = f"{wanted} is the address of {self._holder(wanted)[0]}; this is at {path}."
            self.report.problem(record.source_path, reason)
        return path

    def aliases(self, record):
        """The old paths that can lead to this record. Its own may be among them, for the day it moves."""
        key, free = source_key(record), []
        for alias in dict.fromkeys(record.aliases):
            holder = self._holder(alias) or self.aliases_of.get(alias, key)
            holder = self.heirs.get(holder, holder)
            if holder == key and len(alias) <= LONGEST:
                self.aliases_of[alias] = key
                free.append(alias)
            else:
                reason = f"The alias {alias[:LONGEST]} belongs to {holder[0]}; it was left out."
                self.report.problem(record.source_path, reason)
        return free

    def _first_free(self, candidates, record):
        key, site_may_answer = source_key(record), not record.body.strip()
        for path in candidates:
            if self._is_free(path, key) and (site_may_answer or not is_reserved(path)):
                self.claimed[path] = key
                return path
        raise AssertionError("The candidates never end.")

    def _is_free(self, path, key):
        if path not in self.looked_up:
            self.stored |= _holders([path])
        return self._holder(path) in (None, key)

    def _holder(self, path):
        holder = self.claimed.get(path) or self.stored.get(path)
        return self.heirs.get(holder, holder)

    def _owner(self, entry):
        return (
            source_key(entry) if entry.source_path else (f"a {entry._meta.model_name} written here", entry.pk)
        )


def _holders(paths):
    """Who has these paths in the database: the key of a source, or words for an entry that has none."""
    holders = {}
    for model in (Page, Post):
        found = model.objects.filter(path__in=paths).values_list("path", "pk", "source_path", "language")
        for path, pk, *key in found:
            holders[path] = tuple(key) if key[0] else (f"a {model._meta.model_name} written here", pk)
    return holders


def _numbered(path):
    """/a/b/, /a/b-2/, /a/b-3/ …; for a file /a/b.html, /a/b-2.html …"""
    yield path
    stem, ending = _split_ending(path)
    for number in count(2):
        yield f"{stem}-{number}{ending}"


def _numbered_at_the_root(path):
    """/search-2/, /tags-2/x/: another first part, for the whole branch may belong to the site."""
    first, slash, rest = path.lstrip("/").partition("/")
    for number in count(2):
        yield f"/{first or 'home'}-{number}{slash or '/'}{rest}"


def _split_ending(path):
    if path.endswith("/"):
        return path.rstrip("/"), "/"
    folder, slash, name = path.rpartition("/")
    stem, dot, ending = name.partition(".")
    return f"{folder}{slash}{stem}", dot + ending
