"""Stored HTML made ready for the page: what Hugo leaves to a theme, and what a strict policy forbids."""

import re

from blog.rendering import shift_headings

_ALIGNED = re.compile(r'(<t[hd]\b[^>]*?) style="text-align: ?(left|center|right);?"')
_SCROLLS = re.compile(r"<(pre|table)(?![^>]*\btabindex=)(?=[\s>])")


def for_page(html: str, *, has_h1: bool) -> str:
    """The same HTML with headings below the page's own h1, no inline style, and boxes that a keyboard can scroll."""
    if has_h1:
        html = shift_headings(html)
    html = _ALIGNED.sub(r'\1 class="align-\2"', html)
    return _SCROLLS.sub(r'<\1 tabindex="0"', html)
