"""One content file read: bytes, head, parameters. A file that cannot be read is a Problem and touches no other."""

import hashlib
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from blog.importers import frontmatter, yaml12
from blog.importers.hugo_files import PageFile
from blog.importers.hugo_values import lower_keys
from blog.importers.records import Problem

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
    text = _decoded(content, label)
    return (
        text if isinstance(text, Problem) else _parsed(file, label, text, hashlib.sha256(content).hexdigest())
    )


def _decoded(content: bytes, label: str) -> str | Problem:
    try:
        text = content.decode()
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        wrong = content[error.start]
        return Problem(label, line, f"It is not UTF-8 (byte {wrong:02X} is not); save it as UTF-8.")
    if "\0" in text:
        line = frontmatter.line_at(text, text.index("\0"))
        return Problem(label, line, "It holds a NUL character, which no text has; remove it.")
    return text


def _parsed(file: PageFile, label: str, text: str, digest: str) -> Page | Problem:
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
    oddities = tuple(Problem(label, line, yaml12.TWICE.format(key=key)) for line, key in repeated)
    return Page(file, label, head, body, digest, params, oddities)


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
