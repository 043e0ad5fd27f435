"""Texts and paths in the form in which they stand in Hugo's addresses: what is kept, what falls out.

Where the documentation is silent (special characters, escapes), the program itself was asked.
"""

import re
import unicodedata
from dataclasses import dataclass
from urllib.parse import quote, unquote

KEPT = set("./\\_#+~-@")
STRAY_PERCENT = re.compile(r"%(?![0-9A-Fa-f]{2})")
NEEDS_ESCAPE = re.compile(r"[^\w\-.~$&+,/:;=@%!'()*\[\]]", re.ASCII)


@dataclass(frozen=True)
class Rules:
    """What a site's configuration decides about all of its addresses.

    prefix     of the language, "/ja" or ""
    base_path  the path of baseURL, "/blog" or ""
    """

    keep_case: bool = False
    remove_accents: bool = False
    prefix: str = ""
    base_path: str = ""
    ugly: bool = False
    ugly_sections: frozenset[str] = frozenset()

    def is_ugly(self, section: str) -> bool:
        return self.ugly or section in self.ugly_sections


def lower(text: str) -> str:
    """Letter by letter, as Go does it: no final sigma, no dotted i of two characters."""
    return text.lower() if text.isascii() else "".join(char.lower()[:1] for char in text)


def normal(path: str) -> str:
    """A path as Hugo looks pages up by it."""
    return lower(path).replace(" ", "-")


def sanitize(text: str, rules: Rules) -> str:
    """What of a text stays in an address. Blanks between kept characters become one hyphen."""
    kept: list[str] = []
    pending = False
    for position, char in enumerate(text):
        if _is_kept(text, position, char):
            if pending and char != "-":
                kept.append("-")
            pending = False
            kept.append(char)
        elif kept and kept[-1] != "-" and char.isspace():
            pending = True
    result = "".join(kept)
    if rules.remove_accents:
        parted = unicodedata.normalize("NFD", result)
        result = unicodedata.normalize("NFC", "".join(c for c in parted if unicodedata.category(c) != "Mn"))
    return result if rules.keep_case else lower(result)


def _is_kept(text: str, position: int, char: str) -> bool:
    if char.isascii():
        return char.isalnum() or char in KEPT or (char == "%" and not STRAY_PERCENT.match(text, position))
    category = unicodedata.category(char)
    return category[0] in "LM" or category == "Nd"


def cased(text: str, rules: Rules) -> str:
    return text if rules.keep_case else normal(text)


def joined(elements: list[str]) -> str:
    return re.sub("/+", "/", "/" + "/".join(elements))


def with_base(link: str, rules: Rules) -> str:
    """The path on the old site's host, unescaped."""
    return re.sub("/+", "/", rules.base_path + decoded(link)) if rules.base_path else decoded(link)


def decoded(link: str) -> str:
    return unquote(link, errors="replace") if "%" in link and not STRAY_PERCENT.search(link) else link


def escaped(link: str) -> str:
    """A path as it stands in links and feeds."""
    if link.isascii() and not STRAY_PERCENT.search(link) and not NEEDS_ESCAPE.search(link):
        return link
    return quote(decoded(link), safe="/$&+,:;=@-_.~")
