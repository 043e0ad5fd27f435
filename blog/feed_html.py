"""A post's HTML as a feed carries it: whatever a reader's program shows beside other people's posts, and nothing else.

Out go scripts, styles, forms, frames and everything that only our own page knows: ids (which would meet those of the next
post), classes, tabindex, data. A frame becomes a link to what it shows, a task's box a character, a footnote's mark a link
to the note on the page. All addresses are full ones.
"""

import re
from functools import cache
from html import escape, unescape

import nh3

from blog.rendering import absolute_links

TAGS = {
    *(
        "p",
        "div",
        "article",
        "section",
        "aside",
        "header",
        "footer",
        "nav",
        "h1",
        "h2",
        "h3",
        "h4",
        "h5",
        "h6",
        "hr",
    ),
    *("blockquote", "pre", "ol", "ul", "li", "dl", "dt", "dd", "figure", "figcaption", "details", "summary"),
    *("table", "caption", "colgroup", "col", "thead", "tbody", "tfoot", "tr", "th", "td"),
    *(
        "a",
        "abbr",
        "b",
        "bdi",
        "bdo",
        "br",
        "cite",
        "code",
        "del",
        "dfn",
        "em",
        "i",
        "ins",
        "kbd",
        "mark",
        "q",
        "s",
    ),
    *("rp", "rt", "ruby", "samp", "small", "span", "strong", "sub", "sup", "time", "u", "var", "wbr"),
    *("img", "picture", "source", "audio", "video", "track"),
}
# Gone with all that is inside; of any other element the content stays.
SILENT = {
    *(
        "script",
        "style",
        "form",
        "button",
        "select",
        "datalist",
        "textarea",
        "template",
        "noscript",
        "dialog",
    ),
    *("object", "applet", "canvas", "map", "math", "svg", "title"),
}
ATTRIBUTES = {
    "*": {"lang", "dir", "title"},
    "a": {"href", "hreflang"},
    "audio": {"src", "controls", "preload", "loop"},
    "col": {"span"},
    "colgroup": {"span"},
    "del": {"datetime"},
    "details": {"open"},
    "img": {"src", "srcset", "sizes", "alt", "width", "height"},
    "ins": {"datetime"},
    "li": {"value"},
    "ol": {"start", "reversed", "type"},
    "source": {"src", "srcset", "sizes", "media", "type", "width", "height"},
    "td": {"colspan", "rowspan", "align"},
    "th": {"colspan", "rowspan", "align", "scope"},
    "time": {"datetime"},
    "track": {"src", "kind", "srclang", "label", "default"},
    "video": {"src", "poster", "controls", "preload", "width", "height", "loop", "muted"},
}
SCHEMES = {"http", "https", "mailto", "tel", "sms", "xmpp", "irc", "ircs", "gemini", "magnet", "data"}
PICTURE = re.compile(r"data:image/(?:png|jpeg|gif|webp|avif);base64,", re.IGNORECASE)

_INSIDE = r"""(?:[^<>"']|"[^"]*"|'[^']*')*"""
_ALIGNED = re.compile(r'(<t[hd]\b[^>]*?) style="text-align: ?(left|center|right);?"')
_BOX = re.compile(rf"""<input\b{_INSIDE}\btype=["']?checkbox\b["']?{_INSIDE}>""", re.IGNORECASE)
_CHECKED = re.compile(r"\schecked\b", re.IGNORECASE)
_FRAME = re.compile(rf"<iframe\b({_INSIDE})>(?:.*?</iframe\s*>)?", re.IGNORECASE | re.DOTALL)
_VALUE = r"""\s{name}\s*=\s*("[^"]*"|'[^']*'|[^\s"'>]+)"""
_SOURCE = re.compile(_VALUE.format(name="src"), re.IGNORECASE)
_TITLE = re.compile(_VALUE.format(name="title"), re.IGNORECASE)
_NUMBERED = re.compile(
    r'<table class="lntable"><tr><td class="lntd">.*?</td>\s*<td class="lntd">(.*?)</td></tr></table>',
    re.DOTALL,
)
_NUMBER = re.compile(r'<span class="ln"[^>]*>(?:<a [^>]*>)?\s*\d+(?:</a>)?</span>')
_BLANK = re.compile(r"[\x00-\x20]")
_CODE = re.compile(r"<pre>.*?</pre>", re.DOTALL)
_SPAN = re.compile(r"</?span[^>]*>")
_NO_PICTURE = re.compile(rf"<(?:img|source|track)(?!{_INSIDE}\ssrc(?:set)?=){_INSIDE}>")
# What shows a film inside another page, and where it is a page of its own.
_FILMS = (
    (
        re.compile(r"https://(?:www\.)?youtube(?:-nocookie)?\.com/embed/([\w-]+)"),
        "https://www.youtube.com/watch?v=",
    ),
    (re.compile(r"https://player\.vimeo\.com/video/(\d+)"), "https://vimeo.com/"),
)


def for_feed(html: str, link: str) -> str:
    """The same for whoever reads it elsewhere; link is the post's own full address."""
    html = _NUMBERED.sub(r"\1", html)
    html = _NUMBER.sub("", html)
    html = _ALIGNED.sub(r'\1 align="\2"', html)
    html = _BOX.sub(lambda box: "☑" if _CHECKED.search(box[0]) else "☐", html)
    html = _FRAME.sub(_as_link, html)
    html = _cleaner().clean(html)
    html = _CODE.sub(lambda code: _SPAN.sub("", code[0]), html)
    html = _NO_PICTURE.sub("", html)
    # A link that was emptied because it was dangerous leads to the post.
    return absolute_links(html, link).replace(' href=""', f' href="{escape(link)}"').strip()


def _as_link(frame: re.Match) -> str:
    address = _read(_SOURCE, frame[1])
    if not address:
        return ""
    for film, page in _FILMS:
        if found := film.match(address):
            address = page + found[1]
    words = _read(_TITLE, frame[1]) or address
    return f'<p><a href="{escape(address)}">{escape(words)}</a></p>'


def _read(attribute: re.Pattern, tag: str) -> str:
    found = attribute.search(tag)
    return unescape(found[1].strip("\"'")).strip() if found else ""


@cache
def _cleaner() -> nh3.Cleaner:
    return nh3.Cleaner(
        tags=TAGS,
        clean_content_tags=SILENT,
        attributes=ATTRIBUTES,
        attribute_filter=_kept,
        url_schemes=SCHEMES,
        url_relative="pass_through",
        link_rel=None,
    )


def _kept(tag: str, name: str, value: str) -> str | None:
    """Data instead of an address is a picture, or it is nothing."""
    if name in ("href", "src", "srcset", "poster") and "data:" in _BLANK.sub("", value).lower():
        return value if tag == "img" and name == "src" and PICTURE.match(value) else None
    return value
