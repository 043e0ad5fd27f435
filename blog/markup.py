"""The site's own use of the renderer: its options, and its entries for links to lead to."""

from blog import rendering
from blog.models.site import SiteProfile
from config.links import absolute


def options():
    return rendering.Options.from_dict(SiteProfile.load().markup)


def context_for(entry):
    """What shortcodes of this entry may ask. resolve_ref costs a query for each reference."""
    profile = SiteProfile.load()
    return rendering.Context(
        path=entry.path,
        source_path=entry.source_path,
        base_url=profile.base_url or absolute("/"),
        params=entry.params,
        site_params=profile.params,
        resolve_ref=resolve_ref,
        resolve_resource=lambda name, _source_path: resource_path(entry.path, name),
    )


def resource_path(folder, name):
    """The path of a file that lies beside an entry, None where there is none."""
    from blog.models import File

    path = f"{folder}{name}"
    return path if File.objects.filter(path=path).exists() else None


def resolve_ref(reference, source_path):
    """The path of the entry that a ref or relref names, by file or by address; None if there is none."""
    from blog.models import Page, Post

    name, hash_sign, fragment = reference.partition("#")
    if not name:
        return hash_sign + fragment
    folder = source_path.rpartition("/")[0]
    for wanted in _candidates(name, folder):
        for model in (Post, Page):
            path = model.objects.filter(**wanted).values_list("path", flat=True).first()
            if path:
                return path + hash_sign + fragment
    return None


def _candidates(name, folder):
    bare = name.strip("/")
    beside = f"{folder}/{bare}" if folder else bare
    for stem in dict.fromkeys([beside, bare]):
        for ending in ("", ".md", "/index.md"):
            yield {"source_path": stem + ending}
    yield {"path": f"/{bare}/"}
    yield {"source_path__endswith": f"/{bare}"}
    yield {"source_path__endswith": f"/{bare}.md"}
    yield {"source_path__endswith": f"/{bare}/index.md"}


def markdownify(text):
    """What the editor's preview shows: the same HTML that saving would store."""
    return rendering.render(text, options=options()).html
