"""Where in a site's folder its content and its static files lie.

https://gohugo.io/configuration/module/#mounts , https://gohugo.io/configuration/all/#contentdir
"""

from collections.abc import Iterator
from pathlib import Path

from blog.importers.hugo_config import Configuration
from blog.importers.hugo_files import MARKUPS, Ignored, Walker
from blog.importers.hugo_values import to_list, to_table, to_text
from blog.importers.records import SourceError

PARTS = ("archetypes", "assets", "config", "data", "i18n", "layouts")
BESIDE = ("hugo.*", "config.*", "go.mod", "go.sum", "theme.toml")
OF_NO_USE = {".git", ".DS_Store", "Thumbs.db", "node_modules"}


def site_files(site: Path, roots: list[Path]) -> Iterator[Path]:
    """Every file in these roots and in the other parts of a site, also what its configuration would ignore."""
    walker = Walker(site, Ignored([]))
    folders = dict.fromkeys([*roots, *(site / part for part in PARTS)])
    for root in [folder for folder in folders if folder == site or _is_usable(folder, site)]:
        for folder in walker.walk(root, hidden=True):
            folder.folders[:] = [name for name in folder.folders if name not in OF_NO_USE]
            for name in folder.files:
                if name not in OF_NO_USE:
                    yield root / folder.relative / name
    for pattern in BESIDE:
        yield from (path for path in sorted(site.glob(pattern)) if path.is_file() and walker.contains(path))


def content_roots(site: Path, config: Configuration) -> list[tuple[Path, str]]:
    """(folder, language): those of the configuration, else content/, else the folder itself."""
    if not config.exists and not _holds_content_folder(site):
        return [(site, "")]
    main = config.main.code
    roots: dict[Path, str] = {}
    for mount in map(to_table, to_list(to_table(config.values.get("module")).get("mounts"))):
        if str(mount.get("target", "")).strip("/").lower() == "content":
            roots.setdefault(site / str(mount.get("source", "")), _mounted_language(mount, config))
    for language in config.languages:
        folder = to_text(language.values.get("contentdir")) or "content"
        if not any(code == language.code for code in roots.values()):
            roots.setdefault(site / folder, language.code)
    kept = [(root, code or main) for root, code in roots.items() if _is_usable(root, site)]
    if not kept:
        raise SourceError(f"{site} has a configuration but no content folder inside it.")
    return kept


def static_roots(site: Path, config: Configuration) -> list[Path]:
    """In the order in which they are laid over each other; the first that has a file counts."""
    names = [text for item in to_list(config.values.get("staticdir")) if (text := to_text(item))] or [
        "static"
    ]
    mounts = map(to_table, to_list(to_table(config.values.get("module")).get("mounts")))
    names += [str(mount.get("source", "")) for mount in mounts if mount.get("target") == "static"]
    return [root for name in dict.fromkeys(names) if _is_usable(root := site / name, site)]


def _mounted_language(mount: dict[str, object], config: Configuration) -> str:
    code = str(mount.get("lang") or "").lower()
    return code if code in [language.code for language in config.languages] else config.main.code


def _is_usable(root: Path, site: Path) -> bool:
    return root.is_dir() and root.resolve().is_relative_to(site.resolve())


def _holds_content_folder(site: Path) -> bool:
    """A site whose configuration was not handed over: content/ beside no content."""
    return (site / "content").is_dir() and not any(
        path.suffix.lstrip(".").lower() in MARKUPS and path.name.lower() != "readme.md"
        for path in site.iterdir()
    )
