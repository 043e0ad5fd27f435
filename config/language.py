"""In which language readers are spoken to: the one of the site profile, as far as Django knows it.

Our own words are there in English and in the languages below locale/ (a site's own: DATA_DIR/theme/locale/); what has no
translation stays English. Dates, and what Django itself says about a form, come in all of Django's languages.
"""

from functools import cache

from django.conf import settings
from django.utils.translation import get_supported_language_variant


@cache
def spoken(tag: str) -> str:
    """The language code for a language tag: "de" for "de-AT", English for one that nobody knows."""
    try:
        return get_supported_language_variant(tag.lower())
    except (LookupError, ValueError):
        return settings.LANGUAGE_CODE
