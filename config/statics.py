"""The readers' style sheets: several files to work on, one file to send.

collectstatic puts them into one, so that a page waits for a single answer before it can be shown.
"""

from django.contrib.staticfiles import finders
from django.core.files.base import ContentFile
from whitenoise.storage import CompressedManifestStaticFilesStorage

BUNDLE = "css/reader.css"
PARTS = ("tokens", "base", "prose", "code", "lists", "forms", "thread")
OWN = "css/site.css"  # a site's own rules, where its theme folder has this file


def parts():
    names = [f"css/{name}.css" for name in PARTS]
    return [*names, OWN] if finders.find(OWN) else names


class BundledStaticFilesStorage(CompressedManifestStaticFilesStorage):
    has_bundle = True

    def post_process(self, paths, dry_run=False, **options):
        if not dry_run:
            together = "\n".join(self._text(name) for name in parts() if name in paths)
            self.delete(BUNDLE)
            self._save(BUNDLE, ContentFile(together.encode()))
            paths = {**paths, BUNDLE: (self, BUNDLE)}
        yield from super().post_process(paths, dry_run, **options)

    def _text(self, name):
        with self.open(name) as file:
            return file.read().decode()
