"""Paths and slugs: what an entry's or a term's address is made of. Follows Hugo, so that moved sites keep theirs.

https://gohugo.io/content-management/urls/
"""

import re
import unicodedata
from datetime import datetime

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

TOKENS = {
    ":year": "%Y",
    ":month": "%m",
    ":day": "%d",
    ":monthname": "%B",
    ":yearday": "%j",
    ":weekdayname": "%A",
}
UNDATED = datetime(1, 1, 1)
KEPT_IN_TERMS = set("./\\_#+~-@")


def slug_of(title: str) -> str:
    """A slug from a title: lower case, letters and digits of any script, words joined by hyphens; "" if none."""
    folded = unicodedata.normalize("NFC", title).lower()
    words = re.findall(r"[^\W_]+", re.sub(r"['’]", "", folded))
    return "-".join(words)[:200].strip("-")


def term_slug(name: str) -> str:
    """The path segment of a tag as Hugo has it: "C++" is "c++", "Machine Learning" is "machine-learning"."""
    kept = []
    for char in unicodedata.normalize("NFC", name.strip().lower()):
        if char.isspace():
            kept.append("-")
        elif char.isalnum() or char in KEPT_IN_TERMS or unicodedata.category(char).startswith("M"):
            kept.append(char)
    return re.sub(r"-+", "-", "".join(kept)).strip("/").replace("/", "-")[:200]


def expand(pattern: str, slug: str, published_at: datetime | None) -> str:
    """The path of a post under a pattern such as "/:year/:month/:slug/"; dates in the given time's own zone."""
    path = pattern
    for token, form in sorted(TOKENS.items(), key=lambda pair: -len(pair[0])):
        if token in path:
            path = path.replace(token, (published_at or UNDATED).strftime(form).lower())
    name = r":(slugorcontentbasename|slugorfilename|contentbasename|filename|title|slug)"
    return clean_path(
        re.sub(name, lambda _match: slug, path)
    )  # a slug may have backslashes, which mean nothing here


def page_path(slug: str) -> str:
    return clean_path(slug)


def clean_path(path: str) -> str:
    """One leading slash, no doubled ones, and a trailing one unless the path names a file."""
    path = re.sub(r"/+", "/", f"/{path}")
    is_file = "." in path.rsplit("/", 1)[-1]
    return path if is_file or path.endswith("/") else path + "/"


def check_pattern(pattern: str) -> None:
    if not re.search(r":(slug|title|filename|contentbasename)", pattern):
        raise ValidationError(_("The pattern needs :slug, else all posts would have one address."))
    unknown = set(re.findall(r":[a-z]+", pattern)) - set(TOKENS)
    unknown = {
        token for token in unknown if not re.fullmatch(r":(slug|title|filename|contentbasename)\w*", token)
    }
    if unknown:
        raise ValidationError(
            _("%(tokens)s is unknown here. Use :year, :month, :day and :slug."),
            params={"tokens": ", ".join(unknown)},
        )
