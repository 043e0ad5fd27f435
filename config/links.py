"""Absolute addresses, from the one setting SITE_URL and never from the request."""

from urllib.parse import urljoin

from django.conf import settings
from django.utils.encoding import iri_to_uri


def absolute(path: str) -> str:
    """The full address of a path of this site; a full address comes back as it is."""
    return urljoin(settings.SITE_URL + "/", iri_to_uri(path))
