"""The site's own use of the renderer: its options, and its entries for links to lead to."""

import posixpath
from functools import partial

from blog import rendering
from blog.models.site import SiteProfile
from config.links import absolute


def options():
    return rendering.Options.from_dict(SiteProfile.load().markup)


def context_for(entry):
    """What shortcodes and links of this entry may ask. Each reference costs some queries."""
    profile = SiteProfile.load()
    return rendering.Context(
        path=entry.path,
        source_path=entry.source_path,
        base_url=profile.base_url or absolute("/"),
        params=entry.params,
        site_params=profile.params,
        resolve_ref=partial(resolve_ref, language=entry.language),
        resolve_page=partial(resolve_page, language=entry.language),
        resolve_resource=lambda name, _source_path: resource_path(entry.path, name),
    )


def resource_path(folder, name):
    """The path of a file that lies beside an entry, None where there is none."""
    from blog.models import File

    path = f"{folder}{name}"
    return path if File.objects.filter(path=path).exists() else None


def resolve_ref(reference, source_path, language="", target=""):
    """The path of the entry that a ref or relref names, by file or by address; None if there is none.

    It is looked for in the language of the entry that refers to it, or in that which is wanted as target.
    """
    name, hash_sign, fragment = reference.partition("#")
    if not name:
        return hash_sign + fragment
    path = _find([*_by_place(name, source_path), *_by_name(name)], target or language)
    return path and path + hash_sign + fragment


def resolve_page(reference, source_path, language=""):
    """The path of the entry that a link in a text names; None if there is none."""
    return _find(_by_place(reference, source_path), language)


def _find(candidates, language):
    from blog.models import Page, Post

    for wanted in candidates:
        for model in (Post, Page):
            found = model.objects.filter(language=language, **wanted).values_list("path", flat=True).first()
            if found:
                return found
    return None


def _by_place(name, source_path):
    bare = posixpath.normpath(name.strip("/"))
    beside = posixpath.normpath(posixpath.join(posixpath.dirname(source_path), bare))
    for stem in dict.fromkeys([bare] if name.startswith("/") else [beside, bare]):
        for ending in ("", ".md", "/index.md"):
            yield {"source_path": stem + ending}
    yield {"path": f"/{bare}/"}


def _by_name(name):
    bare = name.strip("/")
    for ending in ("", ".md", "/index.md"):
        yield {"source_path__endswith": f"/{bare}{ending}"}


def markdownify(text):
    """What the editor's preview shows: the same HTML that saving would store."""
    return rendering.render(text, options=options()).html
