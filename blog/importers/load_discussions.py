"""The discussions that an export has laid beside its entries, back below them."""

from blog.models import Page, Post
from comments.importers import commonplace
from comments.importers.records import SourceError


def load_discussions(found, report, dry_run):
    """found: (source path of an entry, file), as the reader gives them."""
    for source_path, file in found:
        place = f"data/discussions/{source_path}.json"
        try:
            data = commonplace.read(file)
        except SourceError as error:
            report.problem(place, str(error))
            continue
        entry = _entry(source_path, str(data.get("path", "")))
        if entry is not None:
            result = commonplace.load(data, entry, dry_run=dry_run)
            report.comments.update(created=result.created, unchanged=result.unchanged)
            for problem in result.problems:
                report.problem(place, str(problem))
        elif not dry_run:
            report.problem(place, "The entry it belongs to is not here; it was left out.")


def _entry(source_path, path):
    entries = [
        entry
        for model in (Post, Page)
        for entry in model.objects.filter(source_path=source_path).only("path")
    ]
    return next((entry for entry in entries if entry.path == path), entries[0] if entries else None)
