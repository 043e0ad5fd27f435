import json

from django.core.management.base import BaseCommand

from blog.models import Page, Post
from blog.paths import term_slug
from blog.rendering import without_stand_ins

BATCH = 200


class Command(BaseCommand):
    help = "Prints every entry, rendered, as JSON lines on standard output."

    def handle(self, **options):
        for entry in every_entry():
            self.stdout.write(json.dumps(as_row(entry), ensure_ascii=False))


def every_entry():
    posts = Post.objects.order_by("pk").prefetch_related("tags", "categories", "aliases")
    yield from posts.defer("body", "text").iterator(BATCH)
    yield from Page.objects.order_by("pk").prefetch_related("aliases").defer("body", "text").iterator(BATCH)


def as_row(entry):
    row = {
        "path": entry.source_path or None,
        "url": entry.path,
        "title": entry.title,
        "slug": entry.slug,
        "date": entry.published_at.isoformat() if entry.published_at else None,
        "tags": _tags(entry),
        "categories": _categories(entry),
        "draft": entry.draft,
        "aliases": sorted(alias.path for alias in entry.aliases.all()),
        "html": without_stand_ins(entry.body_html),
        "toc": entry.toc_html,
    }
    return row | {"lang": entry.language} if entry.language else row


def _tags(entry):
    return _as_written(entry, "tags", list(entry.tags.all()) if isinstance(entry, Post) else [])


def _categories(entry):
    found = list(entry.categories.all()) if isinstance(entry, Post) else []
    return _as_written(entry, "categories", [each for each in found if each.taxonomy == "categories"])


def _as_written(entry, key, terms):
    """The names as the front matter has them, while it still says what is stored; else by name."""
    written = entry.params.get(key)
    written = [] if written is None else written
    names = [str(name) for name in (written if isinstance(written, list) else [written])]
    if {slug for name in names if (slug := term_slug(name))} == {term.slug for term in terms}:
        return names
    return sorted(term.name for term in terms)
