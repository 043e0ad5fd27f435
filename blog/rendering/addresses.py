"""Addresses of pages and bundled files, as Hugo's embedded render hooks resolve them."""

from __future__ import annotations

from collections.abc import Callable
from urllib.parse import urlsplit

from blog.rendering.options import Options
from blog.rendering.pieces import IMAGE
from blog.rendering.records import Context


def bundled(url: str, context: Context) -> str:
    """The URL path of a file of the page's bundle; any other URL as it is."""
    name, tail = _split(url)
    found = context.resolve_resource(name.removeprefix("./"), context.source_path) if name else None
    return url if found is None else found + tail


def hooked_addresses(options: Options, context: Context) -> Callable[[str, str], str] | None:
    """What rewrites the addresses in Markdown; None where the site has no such hooks."""
    if not (options.link_hook or options.image_hook):
        return None

    def address(kind: str, url: str) -> str:
        if kind == IMAGE:
            return bundled(url, context) if options.image_hook else url
        return _link(url, context) if options.link_hook else url

    return address


def _link(url: str, context: Context) -> str:
    url = url.removesuffix("#") if url.find("#") == len(url) - 1 else url  # Go writes no empty fragment
    if url.startswith("#"):
        return context.path + url
    name, tail = _split(url)
    page = context.resolve_page(name.removeprefix("./"), context.source_path) if name else None
    return bundled(url, context) if page is None else page + tail


def _split(url: str) -> tuple[str, str]:
    """A relative address and the query and fragment behind it; "" if it is absolute."""
    try:
        parts = urlsplit(url)
    except ValueError:
        return "", ""
    if parts.scheme or parts.netloc:
        return "", ""
    return parts.path, url[len(parts.path) :]
