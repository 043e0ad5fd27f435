"""HTML that somebody wrote into a text themselves, which takes a right of its own: a script in it would act for its readers."""

import re
from collections import Counter
from dataclasses import replace

from blog import rendering

# With all there is between, where that is no text.
_TAG = re.compile(r"<(script|style)\b.*?</\1\b[^>]*>|<[^>]*>?", re.DOTALL | re.IGNORECASE)
_COMMENT = "<!--"


def added(body, markup, before, options):
    """The first tag that is in this text and not in any of those before it, as pairs of a text and its markup; or None."""
    known = Counter()
    for text in before:
        known |= _raw(*text, options)
    return next(iter(_raw(body, markup, options) - known), None)


def _raw(body, markup, options):
    """The tags that the site's renderer lets through as they were written, in their order."""
    if markup == "html":
        return _tags(rendering.render(body, markup=markup, options=options).html)
    if not options.unsafe:
        return Counter()
    found, safe = (
        _tags(rendering.render(body, markup=markup, options=replace(options, unsafe=unsafe)).html)
        for unsafe in (True, False)
    )
    return found - safe


def _tags(html):
    tags = (found[0] for found in _TAG.finditer(html))
    return Counter(tag for tag in tags if not tag.startswith(_COMMENT))
