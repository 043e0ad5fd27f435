"""Stored HTML made ready for the page: what Hugo leaves to a theme, and what a strict policy forbids."""

import re
from collections.abc import Callable
from html import escape, unescape
from typing import NamedTuple

from django.utils.translation import gettext

from blog.rendering import shift_headings

_ALIGNED = re.compile(r'(<t[hd]\b[^>]*?) style="text-align: ?(left|center|right);?"')
_CHECKBOX = re.compile(r'<input (checked="" )?disabled="" type="checkbox">')
_CODE = re.compile(r"<pre(?![^>]*\btabindex=)(?=[\s>])")
_TABLE = re.compile(r"<table\b(?:(?!</?table\b).)*</table>", re.DOTALL)
_HEADING = re.compile(r'<(h[2-6])\b[^>]*\bid="([^"]+)"[^>]*>(.*?)</\1>', re.DOTALL)
_IMAGE = re.compile(r"""<img\b(?:[^<>"']|"[^"]*"|'[^']*')*>""")
_SOURCE = re.compile(r"""\ssrc=("[^"]*"|'[^']*')""")
_SIZED = re.compile(r"\s(?:width|height|srcset)\s*=")
_TAG = re.compile(r"<[^>]*>")

# The column is 40 rem of 18 px wide, narrower windows leave 1.25 rem at either side. In sizes= a rem is 16 px.
SIZES = "(min-width: 765px) 720px, calc(100vw - 45px)"


class Picture(NamedTuple):
    """What is known of a picture of ours; srcset is "" where it has no smaller versions."""

    width: int
    height: int
    srcset: str = ""

    def attributes(self) -> str:
        srcset = f' srcset="{escape(self.srcset)}" sizes="{SIZES}"' if self.srcset else ""
        return f' width="{self.width}" height="{self.height}"{srcset}'


FindPicture = Callable[[str], Picture | None]


def for_page(
    html: str, *, has_h1: bool, find_picture: FindPicture | None = None, after_cover: bool = False
) -> str:
    """The same HTML with headings below the page's own h1, each with its link, no inline style, boxes that a keyboard
    can scroll, and pictures that hold their place before they come."""
    if has_h1:
        html = shift_headings(html)
    html = _CHECKBOX.sub(_named_checkbox, html)
    html = _ALIGNED.sub(r'\1 class="align-\2"', html)
    html = _CODE.sub('<pre tabindex="0"', html)
    html = _TABLE.sub(_boxed_table, html)
    html = _HEADING.sub(_linked_heading, html)
    return _with_sizes(html, find_picture, after_cover) if "<img" in html else html


def pictures_in(html: str) -> list[str]:
    """The addresses of the pictures, as they are written, each once."""
    sources = (_SOURCE.search(image[0]) for image in _IMAGE.finditer(html))
    return list(dict.fromkeys(unescape(source[1][1:-1]) for source in sources if source))


def _named_checkbox(box: re.Match) -> str:
    """A task's box with a name, for readers who do not see it."""
    name = gettext("done") if box[1] else gettext("not done")
    return f'<input {box[1] or ""}disabled="" type="checkbox" aria-label="{escape(name)}">'


def _boxed_table(table: re.Match) -> str:
    """The box scrolls and not the table, which would lose its rows and columns for those who hear it."""
    name = escape(gettext("Table"))
    return f'<div class="scroll" tabindex="0" role="group" aria-label="{name}">{table[0]}</div>'


def _linked_heading(heading: re.Match) -> str:
    """The link stands beside the heading, so that whoever reads the heading's text reads no more than that."""
    text = " ".join(unescape(_TAG.sub("", heading[3])).split())
    label = escape(gettext("Link to “{heading}”").format(heading=text))
    return f'<div class="headed">{heading[0]}<a class="anchor" href="#{heading[2]}" aria-label="{label}"></a></div>'


def _with_sizes(html: str, find_picture: FindPicture | None, after_cover: bool) -> str:
    """The first picture of a page comes at once, the others when they are near."""
    is_first = not after_cover

    def sized(image: re.Match) -> str:
        nonlocal is_first
        tag, more = image[0], ""
        source = _SOURCE.search(tag)
        if find_picture and source and not _SIZED.search(tag):
            picture = find_picture(unescape(source[1][1:-1]))
            more = picture.attributes() if picture else ""
        if not is_first and " loading=" not in tag:
            more += ' loading="lazy"'
        is_first = False
        return f"<img{more}{tag[4:]}"

    return _IMAGE.sub(sized, html)
