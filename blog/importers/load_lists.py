"""Where the old site's lists are found here: those whose address differs, and those that nothing here answers."""

from django.urls import Resolver404, resolve, reverse

from blog.models import Alias

LONGEST = 800
ROUTES = {
    "tags": "tag",
    "categories": "category",
    "series": "series",
    "authors": "author",
    "author": "author",
}
INDEXES = {"tags": "tags", "categories": "categories", "series": "series_list"}


def load_old_paths(source, vocabularies, authors):
    """Asked only where nothing else answers, so that one too many does no harm."""
    wanted = {path: reverse("archive") for path in source.list_paths() if not _is_always_here(path)}
    for term in source.terms():
        wanted[term.path] = _path_here(term, vocabularies, authors)
    wanted |= dict.fromkeys(source.home_paths(), "/")
    for alias, path in source.list_aliases():
        wanted.setdefault(alias, path)
    rows = [
        Alias(path=path, target=target, imported=True)
        for path, target in wanted.items()
        if path != target and len(path) <= LONGEST
    ]
    old = Alias.objects.filter(imported=True, post=None, page=None)
    old.filter(path__in=[row.path for row in rows]).delete()
    Alias.objects.bulk_create(rows, batch_size=200, ignore_conflicts=True)


def _is_always_here(path):
    """An author or a year may be missing here, the list of all tags may not."""
    try:
        found = resolve(path)
    except Resolver404:
        return False
    return not found.captured_kwargs


def _path_here(term, vocabularies, authors):
    if term.taxonomy in ("authors", "author"):
        username = authors.username(term.name)
        is_here = term.listed and username in authors.pks
        return reverse("author", args=[username]) if is_here else reverse("archive")
    vocabulary = vocabularies[term.taxonomy]
    slug = vocabulary.slug(term.name)
    if slug not in vocabulary.pks or not term.listed:
        return reverse(INDEXES.get(term.taxonomy, "archive"))
    if term.taxonomy in ROUTES:
        return reverse(ROUTES[term.taxonomy], args=[slug])
    return f"/{term.taxonomy}/{slug}/"
