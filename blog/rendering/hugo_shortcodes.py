"""Hugo's own shortcodes, in the markup of Hugo's templates; nothing is fetched from elsewhere.

White space is theirs too: what {{% %}} gives is read as Markdown, where it decides.

https://gohugo.io/shortcodes/
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from html import escape, unescape
from typing import Any, Protocol
from urllib.parse import quote, urljoin

from blog.rendering.addresses import bundled
from blog.rendering.highlight import highlight, site_style, styled
from blog.rendering.options import Options
from blog.rendering.records import Context
from blog.rendering.shortcodes import Call
from blog.rendering.text import strip_tags

_TRUE = ("true", "1")
_FALSE = ("false", "0")
_SAFE = "/$&+,:;=@-_.~%"  # what Go leaves as it is in a path; one that is escaped already stays so
_YOUTUBE_ALLOW = (
    "accelerometer; autoplay; clipboard-write; encrypted-media; gyroscope; picture-in-picture; web-share"
)
_FRAME = "position: relative; padding-bottom: 56.25%; height: 0; overflow: hidden;"
_FILLING = "position: absolute; top: 0; left: 0; width: 100%; height: 100%; border:0;"


class Page(Protocol):
    """What a shortcode asks of the page that is being rendered."""

    options: Options
    context: Context

    def block(self, markdown: str) -> str: ...

    def line(self, markdown: str) -> str: ...

    def problem(self, message: str, call: Call) -> None: ...


Builtin = Callable[[Call, str, Page], str]  # (call, its inner text, page) -> HTML


def _attribute(name: str, value: str) -> str:
    return f' {name}="{escape(value)}"' if value else ""


def _figure(call: Call, inner: str, page: Page) -> str:
    image = _figure_image(call, page)
    if call.get("link"):
        attributes = "".join(_attribute(name, call.get(name)) for name in ("target", "rel"))
        image = f'<a href="{escape(_safe(call.get("link")))}"{attributes}>{image}</a>'
    return (
        f"<figure{_attribute('class', call.get('class'))}>{image}{_figure_caption(call, page)}\n</figure>\n"
    )


def _figure_image(call: Call, page: Page) -> str:
    source = bundled(call.get("src"), page.context)
    alt = call.get("alt") or unescape(_plainified(page.line(call.get("caption"))))
    described = f'\n\t\t\talt="{escape(alt)}"' if alt else ""
    sizes = "".join(_attribute(name, call.get(name)) for name in ("width", "height", "loading"))
    return f'<img src="{escape(_safe(source))}"{described}{sizes}>'


def _plainified(html: str) -> str:
    """https://gohugo.io/functions/transform/plainify/ : where there is a tag, white space is folded as well."""
    if "<" not in html:
        return html
    text = strip_tags(html.replace("\n", " ")).replace(" \n", "\n")
    return re.sub(r"(\s)\s+", r"\1", text)


def _figure_caption(call: Call, page: Page) -> str:
    title, caption, credit = call.get("title"), call.get("caption"), call.get("attr")
    if not (title or caption or credit):
        return ""
    heading = f"<h4>{escape(title)}</h4>" if title else ""
    text = ""
    if caption or credit:
        link = call.get("attrlink")
        named = page.line(credit)
        text = f"<p>{page.line(caption)}{_credit(named, link)}</p>"
    return f"<figcaption>\n\t\t\t{heading}{text}\n\t\t</figcaption>"


def _credit(html: str, link: str) -> str:
    return f'\n\t\t\t\t\t\t<a href="{escape(_safe(link))}">{html}</a>' if link else html


def _safe(url: str) -> str:
    """As Go's templates judge an address in an attribute, to the letter."""
    scheme, colon, _rest = url.partition(":")
    if colon and "/" not in scheme and scheme.lower() not in ("http", "https", "mailto"):
        return "#ZgotmplZ"
    return url


def _highlight(call: Call, inner: str, page: Page) -> str:
    settings = dict(_settings(call.get(1)))
    language = settings.pop("type", call.get(0))
    return highlight(inner.strip("\r\n"), language, styled(site_style(page.options), settings))


def _settings(text: str) -> list[tuple[str, str]]:
    """``linenos=table,hl_lines=8 15-17``"""
    pairs = (part.partition("=") for part in text.split(","))
    return [(name.strip().lower(), value.strip()) for name, mark, value in pairs if mark]


def _details(call: Call, inner: str, page: Page) -> str:
    attributes = "".join(_attribute(name, call.get(name)) for name in ("class", "name"))
    opened = " open" if call.get("open") in _TRUE else ""
    title = _attribute("title", call.get("title"))
    summary = page.line(call.get("summary") or "Details")
    return f"<details{attributes}{opened}{title}>\n\t<summary>{summary}</summary>\n\t{page.block(inner)}</details>\n"


def _reference(call: Call, page: Page) -> str:
    wanted = call.get("path") or call.get(0)
    target = {"target": call.get("lang").lower()} if call.get("lang") else {}
    found = page.context.resolve_ref(wanted, page.context.source_path, **target)
    if found is None and wanted.startswith("#"):
        found = page.context.path + wanted
    if found is None:
        page.problem(f'"{call.name}" does not find "{wanted}".', call)
        return ""
    path, mark, fragment = found.partition("#")
    return quote(path, safe=_SAFE) + mark + fragment


def _ref(call: Call, inner: str, page: Page) -> str:
    found = _reference(call, page)
    return urljoin(page.context.base_url, found) if found else ""


def _relref(call: Call, inner: str, page: Page) -> str:
    return _reference(call, page)


def _param(call: Call, inner: str, page: Page) -> str:
    name = call.get(0).lower()
    own = page.context.params
    below = own.get("params")  # where newer front matter keeps what is not Hugo's
    for params in (own, below if isinstance(below, Mapping) else {}, page.context.site_params):
        value = _nested_value(params, name)
        if value not in (None, "", False):
            return escape(str(value).lower() if isinstance(value, bool) else str(value))
    page.problem(f'"param" does not find "{name}".', call)
    return ""


def _nested_value(params: Mapping[str, Any], name: str) -> Any:
    if name in params:
        return params[name]
    value: Any = params
    for key in name.split("."):
        value = value.get(key) if isinstance(value, Mapping) else None
    return value


def _youtube(call: Call, inner: str, page: Page) -> str:
    video = call.get("id") or call.get(0)
    if not video:
        page.problem('"youtube" has no id.', call)
        return ""
    allow = _YOUTUBE_ALLOW + ("" if call.get("allowFullScreen") in _FALSE else "; fullscreen")
    host = "www.youtube-nocookie.com" if page.options.youtube_nocookie else "www.youtube.com"
    source = f"https://{host}/embed/{quote(video)}?{_youtube_query(call, video)}"
    css = call.get("class")
    frame = (
        f'<iframe allow="{allow}" loading="{escape(call.get("loading") or "eager")}"'
        f' referrerpolicy="strict-origin-when-cross-origin" src="{escape(source)}"'
        f'{"" if css else _attribute("style", _FILLING)} title="{escape(call.get("title") or "YouTube video")}"></iframe>'
    )
    return _framed(frame, css)


def _youtube_query(call: Call, video: str) -> str:
    autoplay = _flag(call, "autoplay", 0)
    values: dict[str, Any] = {
        "autoplay": autoplay,
        "controls": _flag(call, "controls", 1),
        "end": call.get("end") or 0,
        "loop": _flag(call, "loop", 0),
        "mute": autoplay or _flag(call, "mute", 0),
    }
    if values["loop"]:
        values["playlist"] = video
    values["start"] = call.get("start") or 0
    return "&".join(f"{name}={quote(str(value))}" for name, value in values.items())


def _flag(call: Call, name: str, default: int) -> int:
    value = call.get(name)
    return 1 if value in _TRUE else 0 if value in _FALSE else default


def _framed(frame: str, css: str) -> str:
    attributes = _attribute("class", css) or _attribute("style", _FRAME)
    return f"<div{attributes}>\n\t\t\t{frame}\n\t\t</div>\n"


def _vimeo(call: Call, inner: str, page: Page) -> str:
    video = call.get("id") or call.get(0)
    if not video:
        page.problem('"vimeo" has no id.', call)
        return ""
    css = call.get("class")
    source = f"https://player.vimeo.com/video/{quote(video)}?dnt={int(page.options.vimeo_dnt)}"
    allow = "" if call.get("allowFullScreen") in _FALSE else ' allow="fullscreen"'
    extra = "".join(_attribute(name, call.get(name)) for name in ("loading", "title"))
    style = "" if css else _attribute("style", _FILLING)
    return _framed(f'<iframe src="{escape(source)}"{style}{allow}{extra}></iframe>', css)


def _elsewhere(name: str, url: str, label: str) -> str:
    """A link in place of what would have to be fetched from elsewhere."""
    return f'<div data-shortcode="{name}"><p><a href="{escape(url)}">{escape(label)}</a></p></div>'


def _post_on_x(call: Call, inner: str, page: Page) -> str:
    number = call.get("id") or call.get(0)
    user = call.get("user") or "i"
    label = f"A post by @{user} on X" if user != "i" else "A post on X"
    return _elsewhere(call.name, f"https://x.com/{quote(user)}/status/{quote(number)}", label)


def _instagram(call: Call, inner: str, page: Page) -> str:
    return _elsewhere(call.name, f"https://www.instagram.com/p/{quote(call.get(0))}/", "A post on Instagram")


def _gist(call: Call, inner: str, page: Page) -> str:
    fragment = f"#file-{quote(call.get(2).replace('.', '-').lower())}" if call.get(2) else ""
    path = f"{quote(call.get(0))}/{quote(call.get(1))}"
    return _elsewhere(
        call.name, f"https://gist.github.com/{path}{fragment}", f"A gist by {call.get(0)} on GitHub"
    )


def _qr(call: Call, inner: str, page: Page) -> str:
    text = call.get("text") or inner.strip()
    if text.startswith(("https://", "http://")):
        return f'<div data-shortcode="qr"><a href="{escape(text)}">{escape(text)}</a></div>'
    return f'<div data-shortcode="qr">{escape(text)}</div>'


def _comment(call: Call, inner: str, page: Page) -> str:
    return ""


BUILTINS: dict[str, Builtin] = {
    "comment": _comment,
    "details": _details,
    "figure": _figure,
    "gist": _gist,
    "highlight": _highlight,
    "instagram": _instagram,
    "instagram_simple": _instagram,
    "param": _param,
    "qr": _qr,
    "ref": _ref,
    "relref": _relref,
    "tweet": _post_on_x,
    "twitter": _post_on_x,
    "twitter_simple": _post_on_x,
    "vimeo": _vimeo,
    "vimeo_simple": _vimeo,
    "x": _post_on_x,
    "x_simple": _post_on_x,
    "youtube": _youtube,
}
_FROM_ELSEWHERE = "|".join(
    name for name, builtin in BUILTINS.items() if builtin in (_gist, _instagram, _post_on_x)
)
_LINK_INSTEAD = re.compile(
    rf'(<div data-shortcode="(?:{_FROM_ELSEWHERE})">)<p><a href="[^"]*">[^<]*</a></p></div>'
)


def without_stand_ins(html: str) -> str:
    """Rendered HTML without the links that we put in the place of gists and posts from elsewhere, for comparisons.

    Their words are ours alone: Hugo writes a script for a gist, and for a post the words that it fetches itself.
    """
    return _LINK_INSTEAD.sub(r"\1</div>", html)


# These make nothing of an opening tag alone.
NEED_CLOSING = frozenset({"comment", "details", "highlight"})
