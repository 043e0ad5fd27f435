"""The keys of front matter that themes gave their meaning: cover, authors, menu, contents list, series order.

Hugo itself knows only some of them; these are the names its most used themes share.
"""

from collections.abc import Mapping
from fnmatch import fnmatch
from typing import Any

from blog.importers.hugo_values import to_bool, to_int, to_list, to_table, to_text

COVER_KEYS = (
    "cover",
    "image",
    "featured_image",
    "featuredimage",
    "featureimage",
    "feature_image",
    "banner",
    "banner_image",
    "header_image",
    "headerimage",
    "thumbnail",
    "images",
    "hero",
)
PICTURE_KEYS = ("image", "src", "url", "path", "relative_path", "filename")
ALT_KEYS = ("alt", "alttext", "caption", "title")
BUNDLED_COVERS = ("*featured*", "*feature*", "*cover*", "*thumbnail*")
PICTURES = (".png", ".jpg", ".jpeg", ".webp", ".avif", ".gif", ".svg")
TOC_KEYS = ("toc", "showtoc", "show_toc", "tableofcontents")
AUTHOR_KEYS = ("authors", "author")
SERIES_ORDER_KEYS = ("series_order", "seriesorder", "series_weight", "seriesweight", "series_index")
CANONICAL_KEYS = ("canonicalurl", "canonical_url", "canonical")


def cover(params: Mapping[str, Any], files: list[str]) -> tuple[str, str]:
    """(picture, alternative text), the picture as written; files: what lies in the page's bundle."""
    for key in COVER_KEYS:
        picture, alt = _picture(params.get(key))
        if picture:
            return picture, alt or to_text(params.get(f"{key}_alt", params.get(f"{key}alt"))) or ""
    return _bundled_cover(params, files), ""


def _picture(value: Any) -> tuple[str, str]:
    if isinstance(value, list):
        return _picture(value[0]) if value else ("", "")
    if isinstance(value, dict):
        return _first_text(value, PICTURE_KEYS), _first_text(value, ALT_KEYS)
    return (value.strip(), "") if isinstance(value, str) else ("", "")


def _bundled_cover(params: Mapping[str, Any], files: list[str]) -> str:
    for resource in to_list(params.get("resources")):
        table = to_table(resource)
        if any(fnmatch(str(table.get("name", "")).lower(), pattern) for pattern in BUNDLED_COVERS):
            wanted = to_text(table.get("src")) or ""
            if matching := [file for file in files if fnmatch(file, wanted)]:
                return matching[0]
    pictures = [file for file in files if file.lower().endswith(PICTURES)]
    for pattern in BUNDLED_COVERS:
        for file in pictures:
            if fnmatch(file.lower(), pattern):
                return file
    return ""


def authors(params: Mapping[str, Any]) -> tuple[str, ...]:
    for key in AUTHOR_KEYS:
        names = [author_name(value) for value in to_list(params.get(key))]
        if any(names):
            return tuple(dict.fromkeys(name for name in names if name))
    return ()


def author_name(value: Any) -> str:
    if isinstance(value, dict):
        return _first_text(value, ("name", "title", "id")).strip()
    return value.strip() if isinstance(value, str) else ""


def shows_toc(params: Mapping[str, Any], site_params: Mapping[str, Any]) -> bool:
    """What the page says, else what the site says for all pages."""
    for place in (params, site_params):
        for key in TOC_KEYS:
            if key in place:
                value = place[key]
                return bool(
                    to_bool(to_table(value).get("enable", True) if isinstance(value, dict) else value)
                )
    return False


def menu(params: Mapping[str, Any], label: str, weight: int) -> tuple[tuple[str, int], ...]:
    """(label, weight) for the page's place in the main menu, however that is written."""
    chosen = params.get("menus", params.get("menu"))
    if isinstance(chosen, dict):
        if "main" not in chosen:
            return ()
        item = to_table(chosen["main"])
        name = _first_text(item, ("name", "title")) or label
        return ((name, to_int(item.get("weight")) or weight),)
    return ((label, weight),) if "main" in [to_text(name) for name in to_list(chosen)] else ()


def site_menu(values: Mapping[str, Any]) -> tuple[tuple[str, str, int], ...]:
    """(label, address, weight) of the main menu in the configuration, in Hugo's order."""
    menus = to_table(values.get("menus")) | to_table(values.get("menu"))
    items = []
    for item in map(to_table, to_list(menus.get("main"))):
        address = _first_text(item, ("url", "pageref"))
        label = _first_text(item, ("name", "title", "identifier")) or address
        if label and address:
            items.append((label, address, to_int(item.get("weight")) or 0))
    return tuple(sorted(items, key=lambda item: (item[2] == 0, item[2], item[0])))


def series_order(params: Mapping[str, Any]) -> int | None:
    for key in SERIES_ORDER_KEYS:
        if params.get(key) is not None:
            return to_int(params[key])
    return None


def canonical_url(params: Mapping[str, Any]) -> str:
    return _first_text(params, CANONICAL_KEYS)


def _first_text(table: Mapping[str, Any], keys: tuple[str, ...]) -> str:
    for key in keys:
        value = table.get(key)
        if isinstance(value, (str, int, float)) and not isinstance(value, bool) and value != "":
            return str(value)
    return ""
