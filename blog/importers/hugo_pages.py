"""One content file read: bytes, head, parameters. A file that cannot be read is a Problem and touches no other."""

import codecs
import hashlib
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from blog.importers import frontmatter, yaml12
from blog.importers.hugo_files import PageFile
from blog.importers.hugo_values import lower_keys
from blog.importers.records import Problem

WINDOWS = "commonplace-windows"  # how bytes are read that are no UTF-8
NUL = "It holds a NUL character, which no text has; � stands in its place. Remove it."
MAX_BYTES = 10_000_000
FOREIGN_MARKUP = {"org", "asciidocext", "asciidoc", "adoc", "pandoc", "pdc", "rst", "rest"}


@dataclass(frozen=True)
class Page:
    """A content file. params: its front matter, keys lower-cased; label: its name in reports; oddities: what is odd."""

    file: PageFile
    label: str
    head: str = ""
    body: str = ""
    digest: str = ""
    params: Mapping[str, Any] = field(default_factory=dict)
    oddities: tuple[Problem, ...] = ()

    def problem(self, key: str, reason: str) -> Problem:
        return Problem(self.label, frontmatter.line_of_key(self.head, key), reason)


def read_page(file: PageFile, label: str) -> Page | Problem:
    try:
        size = file.source.stat().st_size
        if size > MAX_BYTES:
            return Problem(label, None, f"It has {size:,} bytes; a post may have {MAX_BYTES:,}. Split it up.")
        content = file.source.read_bytes()
    except OSError as error:
        return Problem(label, None, f"It cannot be opened: {error.strerror}.")
    decoded = _decoded(content, label)
    if isinstance(decoded, Problem):
        return decoded
    text, oddities = decoded
    try:
        head, body, format = frontmatter.split(text)
        if format == "org":
            return Problem(
                label, 1, "It has front matter in Org form, which is not imported; write it as YAML or TOML."
            )
        repeated: list[tuple[int, str]] = []
        params = lower_keys(frontmatter.parse(head, repeated))
    except frontmatter.FrontMatterError as error:
        return Problem(label, error.line, error.reason)
    oddities += [Problem(label, line, yaml12.TWICE.format(key=key)) for line, key in repeated]
    digest = hashlib.sha256(content).hexdigest()
    return Page(file, label, head, body, digest, params, tuple(oddities))


def _decoded(content: bytes, label: str) -> tuple[str, list[Problem]] | Problem:
    """The text, as near to the bytes as a text comes, and what is odd in it."""
    odd = []
    try:
        text = content.decode()
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        found = f"It is not UTF-8 (byte {content[error.start]:02X} is not); "
        if b"\0" in content:  # UTF-16, a picture, a program
            return Problem(label, line, f"{found}save it as UTF-8.")
        text = content.decode(errors=WINDOWS)
        odd.append(Problem(label, line, f"{found}it was read as Windows-1252. Save it as UTF-8."))
    if "\0" in text:
        odd.append(Problem(label, frontmatter.line_at(text, text.index("\0")), NUL))
    return text.replace("\0", "\ufffd"), odd


def _as_on_windows(error: UnicodeDecodeError) -> tuple[str, int]:
    """Bytes that are no UTF-8, in the encoding of older Windows; five of them have no character even there."""
    odd = error.object[error.start : error.end]
    return "".join(bytes([byte]).decode("cp1252", "replace") for byte in odd), error.end


codecs.register_error(WINDOWS, _as_on_windows)


def foreign_markup(page: Page) -> str:
    """The markup a page claims for itself if it is one that cannot be rendered here, else ""."""
    markup = str(page.params.get("markup", "")).lower()
    return markup if markup in FOREIGN_MARKUP else ""


def is_markdown(page: Page) -> bool:
    """By the key `markup`, else by the file's ending."""
    markup = str(page.params.get("markup", "")).lower()
    if markup:
        return markup not in ("html", "htm")
    return not re.fullmatch(r"html?", page.file.extension)
