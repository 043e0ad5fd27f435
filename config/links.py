"""Absolute addresses, from the one setting SITE_URL and never from the request."""

import re
from urllib.parse import urljoin

from django.conf import settings
from django.utils.encoding import iri_to_uri


def joined(base: str, address: str) -> str:
    """The address as seen from base; one that is none at all, such as "http://[x", comes back as it is."""
    try:
        return urljoin(base, address)
    except ValueError:
        return address


def absolute(path: str) -> str:
    """The full address of a path of this site; a full address comes back as it is."""
    address = iri_to_uri(path)
    if path.startswith("/"):  # brackets have a meaning in hosts alone
        address = address.replace("[", "%5B").replace("]", "%5D")
    return joined(settings.SITE_URL + "/", address)


_URI = re.compile(r"[a-z][a-z0-9+.-]*:(?:[a-z0-9;/?:@&=+$._!~*'(),#-]|%[0-9a-f]{2})+", re.IGNORECASE)


def is_uri(text: str) -> bool:
    """Whether it may stand where an address is demanded, whatever it leads to. https://www.rfc-editor.org/rfc/rfc3986"""
    return bool(_URI.fullmatch(text))
