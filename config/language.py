"""In which language readers are spoken to: the one of the site profile, as far as Django knows it.

Our own words are there in English and in the languages below locale/ (a site's own: DATA_DIR/theme/locale/); what has no
translation stays English. Dates, and what Django itself says about a form, come in all of Django's languages.
"""

from functools import cache

from django.conf import settings
from django.utils import translation
from django.utils.translation import get_supported_language_variant


@cache
def spoken(tag: str) -> str:
    """The language code for a language tag: "de" for "de-AT", English for one that nobody knows."""
    try:
        return get_supported_language_variant(tag.lower())
    except (LookupError, ValueError):
        return settings.LANGUAGE_CODE


_last = ""


def speaking_to_readers(language: str) -> translation.override:
    """While a request is answered; remembered by this process for when the site profile cannot be read."""
    global _last
    _last = language
    return translation.override(language)


def as_last_spoken() -> translation.override:
    return translation.override(_last or settings.LANGUAGE_CODE)
