"""What readers are sent of the style sheets and scripts that we work on: all style sheets in one file, scripts without comments
and indents.

collectstatic makes both, so that a page waits for a single answer before it can be shown, and a slow line carries less.
"""

import re
from functools import cache
from pathlib import Path

from django.conf import settings
from django.contrib.staticfiles import finders
from django.core.files.base import ContentFile
from whitenoise.storage import CompressedManifestStaticFilesStorage

BUNDLE = "css/reader.css"
PARTS = ("tokens", "base", "prose", "code", "lists", "forms", "thread", "print")
NOT_SENT = re.compile(r"^[ \t]+(?://.*\n)?|^//.*\n", re.MULTILINE)  # comments of a line's length, and indents
PAPER = re.compile(r"--paper:\s*(?:light-dark\()?([^,;()]+)(?:,([^,;()]+)\))?;")
OWN = "css/site.css"  # a site's own rules, where its theme folder has this file


@cache
def papers():
    """The page's own colour on light and on dark screens, from the tokens: what a browser puts around the page."""
    tokens = Path(finders.find("css/tokens.css")).read_text()
    found = PAPER.search(tokens)
    return (found[1].strip(), (found[2] or found[1]).strip()) if found else ("#ffffff", "#000000")


def parts():
    names = [f"css/{name}.css" for name in PARTS]
    return [*names, OWN] if finders.find(OWN) else names


class BundledStaticFilesStorage(CompressedManifestStaticFilesStorage):
    has_bundle = True
    # A script's modules are asked for by their hashed names, as it is itself.
    support_js_module_import_aggregation = True

    def post_process(self, paths, dry_run=False, **options):
        if not dry_run:
            made = {name: NOT_SENT.sub("", self._text(name)) for name in paths if _is_our_script(name, paths)}
            made[BUNDLE] = "\n".join(self._text(name) for name in parts() if name in paths)
            for name, text in made.items():
                self.delete(name)
                self._save(name, ContentFile(text.encode()))
            paths = {**paths, **{name: (self, name) for name in made}}
        yield from super().post_process(paths, dry_run, **options)

    def _text(self, name):
        with self.open(name) as file:
            return file.read().decode()


def _is_our_script(name, paths):
    source, _path = paths[name]
    return name.startswith("js/") and Path(source.location) == settings.BASE_DIR / "static"
