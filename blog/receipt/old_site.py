"""What a built site answers, from its folder: the path of every page and feed, and the identities in its feeds."""

import xml.etree.ElementTree as ET
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit

LARGEST = 50_000_000
NOT_PAGES = {"sitemap.xml", "robots.txt"}


def paths(public: Path, base_path: str = "") -> Iterator[str]:
    """Every path a reader can ask for, assets aside: they are files of the site and compared as such."""
    for file in sorted(public.rglob("*")):
        relative = file.relative_to(public).as_posix()
        if file.is_symlink() or not file.is_file() or file.suffix not in (".html", ".htm", ".xml"):
            continue
        path = relative[: -len("index.html")] if relative.endswith("index.html") else relative
        if relative not in NOT_PAGES and not relative.endswith("/sitemap.xml"):
            yield f"{base_path}/{path}"


def guids(public: Path) -> dict[str, str]:
    """Each identity in the feeds, with the feed it stands in first."""
    found: dict[str, str] = {}
    for file in sorted(public.rglob("*.xml"), key=lambda file: (len(file.parts), file)):
        for guid in _guids_of(file):
            found.setdefault(guid, file.relative_to(public).as_posix())
    return found


def _guids_of(file: Path) -> list[str]:
    if file.is_symlink() or not file.is_file() or file.stat().st_size > LARGEST:
        return []
    content = file.read_bytes()
    if (
        b"<!DOCTYPE" in content[:2000] or b"<!ENTITY" in content
    ):  # a feed has none; entities could grow without end
        return []
    try:
        root = ET.fromstring(content)  # noqa: S314 - without a document type there is nothing to expand
    except ET.ParseError:
        return []
    rss = [item.text for item in root.iterfind("./channel/item/guid")]
    atom = [item.text for item in root.iterfind("{*}entry/{*}id")]
    return [text.strip() for text in [*rss, *atom] if text]


def page_file(public: Path, path: str, base_path: str = "") -> Path | None:
    """The file with the page at a path; None if it was not built, as a draft was not."""
    relative = path.removeprefix(base_path).strip("/")
    for name in (f"{relative}/index.html" if relative else "index.html", relative):
        file = public / name
        if name and file.is_file() and file.resolve().is_relative_to(public.resolve()):
            return file
    return None


def base_path_of(base_url: str) -> str:
    return urlsplit(base_url).path.rstrip("/")
