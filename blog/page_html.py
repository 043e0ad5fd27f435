"""Stored HTML made ready for the page: what Hugo leaves to a theme, and what a strict policy forbids."""

import re
from html import escape

from django.utils.translation import gettext

from blog.rendering import shift_headings

_ALIGNED = re.compile(r'(<t[hd]\b[^>]*?) style="text-align: ?(left|center|right);?"')
_CHECKBOX = re.compile(r'<input (checked="" )?disabled="" type="checkbox">')
_SCROLLS = re.compile(r"<(pre|table)(?![^>]*\btabindex=)(?=[\s>])")


def for_page(html: str, *, has_h1: bool) -> str:
    """The same HTML with headings below the page's own h1, no inline style, and boxes that a keyboard can scroll."""
    if has_h1:
        html = shift_headings(html)
    html = _CHECKBOX.sub(_named_checkbox, html)
    html = _ALIGNED.sub(r'\1 class="align-\2"', html)
    return _SCROLLS.sub(r'<\1 tabindex="0"', html)


def _named_checkbox(box: re.Match) -> str:
    """A task's box with a name, for readers who do not see it."""
    name = gettext("done") if box[1] else gettext("not done")
    return f'<input {box[1] or ""}disabled="" type="checkbox" aria-label="{escape(name)}">'
