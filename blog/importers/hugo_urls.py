"""The address Hugo gives a page: its RelPermalink, from file name, front matter and configuration.

https://gohugo.io/content-management/urls/
"""

import posixpath

from blog.importers.hugo_paths import Rules, cased, joined, sanitize
from blog.importers.hugo_permalinks import Place, expand


def page_link(place: Place, rules: Rules) -> str:
    """The path below the base URL, unescaped: "/ja/posts/x/"."""
    url = expand(place.url, place, rules) if ":" in place.url else place.url
    if url:
        return _link_from_url(url, rules)
    if place.pattern:
        elements = [posixpath.normpath(expand(place.pattern, place, rules))]
        is_index = False
    else:
        elements = [cased(place.folder, rules), place.slug or cased(place.base_name, rules)]
        is_index = elements[-1] == "index" and not place.is_bundle
    if rules.is_ugly(place.section) or is_index:
        elements[-1] = elements[-1].rstrip("/") + ".html"
        link = joined([sanitize(element, rules) for element in elements])
        link = link.removesuffix("index.html") if link.endswith("/index.html") else link
    else:
        link = joined([*(sanitize(element, rules) for element in elements), ""])
    return rules.prefix + link


def section_link(path: str, url: str, rules: Rules) -> str:
    """The address of a section, taxonomy or term page at a path such as "tags/Some Tag"."""
    if url:
        return _link_from_url(url, rules)
    return rules.prefix + joined([sanitize(cased(path, rules), rules), ""])


def _link_from_url(url: str, rules: Rules) -> str:
    rooted = url.startswith("/")
    if ".." in url:
        url = posixpath.normpath("/" + url)
    parts = [part for part in url.split("/") if part]
    is_folder = url.endswith("/") or "." not in url
    if is_folder or (parts and parts[-1] == "index.html"):
        link = joined([*(parts[:-1] if not is_folder else parts), ""])
    else:
        link = joined(parts)
    if not rooted and rules.prefix and not ("/" + url).startswith(rules.prefix):
        link = rules.prefix + link
    return link
