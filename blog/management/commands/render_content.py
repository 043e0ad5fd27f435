from django.core.management.base import BaseCommand

from blog import markup, rendering
from blog.management.output import Progress, counted
from blog.models import Page, Post
from blog.models.entry import Entry
from blog.stocktaking import make_missing_sizes, take_stock
from comments import upkeep


class Command(BaseCommand):
    help = "Renders the HTML of texts and comments again that an older renderer has made, and makes sizes of pictures that are missing. "
    "Dates of modification stay as they are."

    def add_arguments(self, parser):
        parser.add_argument("--all", action="store_true", help="Render everything, whoever rendered it last.")

    def handle(self, *, all, verbosity, **options):
        stale = [
            model.objects.all() if all else model.objects.filter(rendered_by__lt=rendering.VERSION)
            for model in (Post, Page)
        ]
        total = sum(entries.count() for entries in stale)
        failed = 0
        with Progress(self.stdout, "Rendering", total, quiet=not verbosity) as bar:
            for error in render(stale):
                failed += bool(error)
                if error:
                    bar.clear()
                    self.stderr.write(error)
                bar.advance()
        comments = upkeep.outdated(all=all)
        said = comments.count()
        with Progress(self.stdout, "Comments", said, quiet=not verbosity) as bar:
            for _done in upkeep.render_again(comments):
                bar.advance()
        with Progress(self.stdout, "Pictures", quiet=not verbosity) as bar:
            new = take_stock(advance=lambda address: bar.advance())
            lacking = make_missing_sizes(advance=lambda address: bar.advance())
        if verbosity:
            self.stdout.write(f"{counted(total - failed, 'entry', 'entries')} rendered.")
        if verbosity and said:
            self.stdout.write(f"{counted(said, 'comment')} rendered.")
        if verbosity and (new or lacking):
            self.stdout.write(f"{counted(new + lacking, 'picture')} prepared.")
        if failed:
            raise SystemExit(1)


def render(querysets):
    """Render each entry of the querysets; yields "" or what went wrong, one for each."""
    options = markup.options()
    for entries in querysets:
        for pk in list(entries.order_by("pk").values_list("pk", flat=True)):
            yield _render_one(entries.model, pk, options)


def _render_one(model, pk, options):
    entry = model.objects.filter(pk=pk).first()
    if entry is None:  # deleted meanwhile
        return ""
    try:
        context = markup.context_for(entry)
        entry.apply(rendering.render(entry.body, markup=entry.markup, options=options, context=context))
    except Exception as error:  # one text must not keep all others from being rendered
        return f"{entry.source_path or entry.path}: It could not be rendered: {error!r}."
    columns = {name: getattr(entry, name) for name in Entry.RENDERED} | {"pictures": None}
    model.objects.filter(pk=pk, body=entry.body).update(**columns)  # unless it was edited meanwhile
    return ""
