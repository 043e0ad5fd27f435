"""Absolute addresses, from the one setting SITE_URL and never from the request."""

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
    return joined(settings.SITE_URL + "/", iri_to_uri(path))
