"""The XML that Disqus exports: threads, each with the address it was on, and posts that belong to them.

https://docs.disqus.com/developers/export/ has the schema. Document types and entities are refused, so that no file can
reach out or swell.
"""

import gzip
import re
import zlib
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from html import escape, unescape
from pathlib import Path
from urllib.parse import unquote, urlsplit
from xml.etree.ElementTree import Element, ParseError

from defusedxml import DefusedXmlException
from defusedxml.ElementTree import iterparse

from comments.importers.records import ImportedComment, Problem, SourceError

ORIGIN = "disqus"
_TAG = "{http://disqus.com}"
_ID = "{http://disqus.com/disqus-internals}id"
_GZIP = b"\x1f\x8b"
# Its own counter of clicks stands before every link: the address, a colon, a mark.
_COUNTED_LINK = re.compile(r"https?://disq\.us/(?:url)?\?url=(?P<to>[^&\"'<>\s]+)[^\"'<>\s]*", re.IGNORECASE)
_MARK = re.compile(r":[\w-]{20,40}$")
_LINK_OR_IMAGE = re.compile(
    r"""(?P<a></?a\b[^>]*>)|<img\b[^>]*?\bsrc=(?P<quote>["'])(?P<src>.*?)(?P=quote)[^>]*>""",
    re.IGNORECASE | re.DOTALL,
)


@dataclass
class Thread:
    """A page that had a discussion. Which text that is here, ``link`` and ``identifier`` may tell."""

    id: str
    link: str = ""
    identifier: str = ""
    title: str = ""
    found: list[ImportedComment | Problem] = field(default_factory=list)

    @property
    def path(self) -> str:
        return urlsplit(self.link).path

    @property
    def names(self) -> list[str]:
        """What may lead to the text here: the old path, and the identifier, often an address or a slug itself."""
        return [name for name in (self.path, urlsplit(self.identifier).path) if name]


def read(path: Path) -> Iterator[ImportedComment | Problem]:
    """The comments of all threads, for a file that holds one discussion. Raises ``SourceError``."""
    for thread in read_threads(path):
        yield from thread.found


def read_threads(path: Path) -> list[Thread]:
    """The threads that have comments, in the file's order. Raises ``SourceError``."""
    threads: dict[str, Thread] = {}
    try:
        _collect(path, threads)
    except OSError as error:
        raise SourceError(f"{path} cannot be read: {error.strerror or error}.") from error
    except DefusedXmlException as error:
        raise SourceError(f"{path} declares a document type or entities, which no export does.") from error
    except (ParseError, ValueError, EOFError, zlib.error) as error:
        raise SourceError(f"{path} is not XML: {error}.") from error
    return [thread for thread in threads.values() if thread.found]


def _collect(path: Path, threads: dict[str, Thread]) -> None:
    depth, root = 0, None
    with _opened(path) as file:
        for event, element in iterparse(file, events=("start", "end"), forbid_dtd=True):
            depth += 1 if event == "start" else -1
            if event == "start":
                root = element if root is None else root
                if depth == 1 and element.tag != f"{_TAG}disqus":
                    raise SourceError(f"{path} is XML, but no export of Disqus.")
            elif depth == 1:
                _take(element, threads)
                root.clear()  # what was read is not kept


def _opened(path: Path):
    """As it was sent, or unpacked."""
    with path.open("rb") as file:
        is_packed = file.read(2) == _GZIP
    return gzip.open(path) if is_packed else path.open("rb")


def _take(element: Element, threads: dict[str, Thread]) -> None:
    if element.tag == f"{_TAG}thread":
        key = element.get(_ID, "")
        thread = threads.setdefault(key, Thread(key))
        thread.link, thread.title = _text(element, "link"), _text(element, "title")
        thread.identifier = _text(element, "id")
    elif element.tag == f"{_TAG}post":
        place = element.find(f"{_TAG}thread")
        key = "" if place is None else place.get(_ID, "")
        thread = threads.setdefault(key, Thread(key))
        thread.found.append(_comment(element, thread))


def _comment(element: Element, thread: Thread) -> ImportedComment | Problem:
    origin_id = element.get(_ID, "").strip()
    if not origin_id:
        return Problem(f"a post of thread {thread.id or '(none)'}", "has no id")
    created_at = _time(_text(element, "createdAt"))
    if created_at is None:
        return Problem(origin_id, "has no time that can be read")
    author, parent = element.find(f"{_TAG}author"), element.find(f"{_TAG}parent")
    is_deleted = _text(element, "isDeleted") == "true"
    return ImportedComment(
        origin_id=origin_id,
        parent_id="" if parent is None else parent.get(_ID, "").strip(),
        author_name=_name(author),
        html="" if is_deleted else _images_as_links(_direct(_text(element, "message"))),
        created_at=created_at,
        url=f"{thread.link}#comment-{origin_id}" if thread.link else "",
        is_removed=is_deleted,
        author_email="" if author is None else _text(author, "email"),
        is_spam=_text(element, "isSpam") == "true",
    )


def _direct(html: str) -> str:
    """With links that lead where their author meant them to."""
    return _COUNTED_LINK.sub(_target, html)


def _target(link: re.Match) -> str:
    address = _MARK.sub("", unquote(unescape(link["to"])))
    return escape(address) if address.startswith(("http://", "https://")) else link[0]


def _images_as_links(html: str) -> str:
    """A comment shows no images, but what its author showed can still be looked at."""
    parts, end, in_link = [], 0, False
    for found in _LINK_OR_IMAGE.finditer(html):
        parts.append(html[end : found.start()])
        end = found.end()
        if found["a"]:
            in_link = not found["a"].startswith("</")
            parts.append(found["a"])
        else:
            parts.append(found["src"] if in_link else f'<a href="{found["src"]}">{found["src"]}</a>')
    return "".join([*parts, html[end:]])


def _name(author: Element | None) -> str:
    return "" if author is None else _text(author, "name") or _text(author, "username")


def _text(element: Element, name: str) -> str:
    return (element.findtext(f"{_TAG}{name}") or "").strip()


def _time(text: str) -> datetime | None:
    try:
        at = datetime.fromisoformat(text)
    except ValueError:
        return None
    return at if at.tzinfo else at.replace(tzinfo=UTC)
