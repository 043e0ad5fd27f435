"""HTML that somebody wrote into a text themselves, which takes a right of its own: a script in it would act for its readers."""

import re
from collections import Counter

from django.utils.translation import gettext as _

from blog import rendering, rights
from blog.markup import options

# With all there is between, where that is no text. What follows a "<" otherwise is text, as in a formula.
_TAG = re.compile(r"<(script|style)\b.*?</\1\b[^>]*>|<[a-z/!?][^>]*>?", re.DOTALL | re.IGNORECASE)
_COMMENT = "<!--"


def refusal(user, state, before):
    """Why this person may not give an entry this state, as a sentence; None where they may.

    before  the states that it has already, for readers and for those who work on it
    """
    if rights.may_write_html(user):
        return None
    tag = added(state["body"], state["markup"], [(one["body"], one["markup"]) for one in before], options())
    if tag is None:
        return None
    told = _("HTML takes a right that you do not have: {tag}. Write it in Markdown, or ask an editor.")
    return told.format(tag=tag[:80])


def added(body, markup, before, options):
    """The first tag that is in this text and not in any of those before it, as pairs of a text and its markup; or None."""
    known = Counter()
    for text in before:
        known |= _raw(*text, options)
    return next(iter(_raw(body, markup, options) - known), None)


def _raw(body, markup, options):
    """The tags that the site's renderer lets through as they were written, in their order."""
    found = _tags(rendering.render(body, markup=markup, options=options).html)
    if markup == "html":
        return found
    return found - _tags(rendering.render(body, options=options, trusted=False).html)


def _tags(html):
    tags = (found[0] for found in _TAG.finditer(html))
    return Counter(tag for tag in tags if not tag.startswith(_COMMENT))
