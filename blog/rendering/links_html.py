"""Finished HTML changed for the place where it is shown: heading levels and absolute links."""

from __future__ import annotations

import re
from urllib.parse import urljoin

_HEADING = re.compile(r"(</?h)([1-5])(?=[\s>])", re.I)
TAG = re.compile(r"""<[a-zA-Z](?:[^<>"']|"[^"]*"|'[^']*')*>""")
_ATTRIBUTE = re.compile(r"""(\s(href|src|srcset|poster)\s*=\s*)("[^"]*"|'[^']*')""", re.I)
_CANDIDATE = re.compile(r"([^\s,]\S*)(\s+[^\s,]+)?(\s*,\s*|\s*$)")


def shift_headings(html: str) -> str:
    """Every heading one level lower; the sixth stays. Ids and all else are unchanged."""
    return _HEADING.sub(lambda match: match.group(1) + str(int(match.group(2)) + 1), html)


def absolute_links(html: str, base: str) -> str:
    """``href``, ``src``, ``srcset`` and ``poster`` made absolute against ``base``, an absolute URL."""
    return TAG.sub(lambda tag: _ATTRIBUTE.sub(lambda match: _absolute(match, base), tag.group()), html)


def _absolute(match: re.Match[str], base: str) -> str:
    before, name, quoted = match.groups()
    mark, value = quoted[0], quoted[1:-1]
    if name.lower() == "srcset":
        value = _CANDIDATE.sub(
            lambda found: _join(base, found.group(1)) + found.group()[len(found.group(1)) :], value
        )
    elif value.strip():
        value = _join(base, value.strip())
    return f"{before}{mark}{value}{mark}"


def _join(base: str, url: str) -> str:
    try:
        return urljoin(base, url)
    except ValueError:  # an address that is none, such as "http://[x"
        return url
