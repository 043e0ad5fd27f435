"""What a reader, a link or a search engine finds in a piece of HTML, as lists that can be compared. Pure."""

import re
from dataclasses import dataclass, field
from html.parser import HTMLParser
from urllib.parse import unquote, urlsplit

BLOCKS = frozenset(
    {
        "address",
        "article",
        "aside",
        "audio",
        "blockquote",
        "dd",
        "details",
        "div",
        "dl",
        "dt",
        "figcaption",
        "figure",
    }
    | {
        "footer",
        "h1",
        "h2",
        "h3",
        "h4",
        "h5",
        "h6",
        "header",
        "hr",
        "iframe",
        "li",
        "main",
        "nav",
        "ol",
        "p",
        "pre",
    }
    | {"section", "summary", "table", "tbody", "td", "tfoot", "th", "thead", "tr", "ul", "video"}
)
VOID = {"hr", "br", "img", "input", "source", "meta", "link", "wbr", "col", "area", "base", "embed", "track"}
UNSEEN = {"script", "style", "template", "head", "title"}
LINE_NUMBERS = {"ln", "lnt"}  # whether they are in a cell of their own or not is a matter of style
SPACE = re.compile(r"\s+")


@dataclass
class Parts:
    """text: visible, white space folded; structure: block elements as they open and close; the rest in order.

    Left out is what a theme adds: the marks that link a heading to itself, and the numbers of lines of code.
    """

    text: str = ""
    structure: list[str] = field(default_factory=list)
    heading_ids: list[str] = field(default_factory=list)
    links: list[str] = field(default_factory=list)
    images: list[str] = field(default_factory=list)
    code: list[str] = field(default_factory=list)


def parts_of(html: str, *base_urls: str) -> Parts:
    """Addresses on the hosts of the old site and of this one count as paths."""
    reader = _Reader(base_urls)
    reader.feed(html.replace("\r\n", "\n").replace("\r", "\n"))  # as every parser of HTML does
    reader.close()
    reader.parts.text = folded("".join(reader.texts))
    return reader.parts


def folded(text: str) -> str:
    return SPACE.sub(" ", text).strip()


def _is_line_number(values: dict[str, str | None]) -> bool:
    """By its class, or by what Hugo writes instead where colours stand in the HTML, which is how it comes."""
    style = (values.get("style") or "").replace(" ", "")
    return values.get("class") in LINE_NUMBERS or "user-select:none" in style


class _Reader(HTMLParser):
    def __init__(self, base_urls: tuple[str, ...]) -> None:
        super().__init__()
        self.hosts = {urlsplit(url).netloc for url in base_urls}
        self.parts = Parts()
        self.texts: list[str] = []
        self.unseen = 0
        self.divs: list[bool] = []  # of those that are open: whether it only says which shortcode this was
        self.code: list[str] | None = None
        self.spans: list[bool] = []  # of those that are open: whether it is the number of a line
        self.heading = ""  # the fragment that leads to the heading it is in
        self.mark: tuple[int, int] | None = None  # where in texts and links a heading's link to itself begins

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        values = dict(attrs)
        if tag in UNSEEN:
            self.unseen += 1
        if tag in BLOCKS and not self._opens_shortcode(tag, values):
            self.texts.append(" ")
            self.parts.structure.append(tag)
        if tag == "span":
            self.spans.append(_is_line_number(values))
        if tag == "br":
            self.texts.append(" ")
        if re.fullmatch("h[1-6]", tag):
            self.parts.heading_ids.append(values.get("id") or "")
            self.heading = f"#{values['id']}" if values.get("id") else ""
        if tag == "a" and values.get("href") is not None:
            if self.heading and unquote(values["href"] or "") == self.heading:
                self.mark = len(self.texts), len(self.parts.links)
            self.parts.links.append(self._address(values["href"] or ""))
        if tag == "img" and values.get("src") is not None:
            self.parts.images.append(self._address(values["src"] or ""))
        if tag == "pre":
            self.code = []

    def _opens_shortcode(self, tag: str, values: dict[str, str | None]) -> bool:
        if tag == "div":
            self.divs.append("data-shortcode" in values)
        return tag == "div" and self.divs[-1]

    def handle_endtag(self, tag: str) -> None:
        if tag in UNSEEN:
            self.unseen = max(0, self.unseen - 1)
        if tag in BLOCKS and tag not in VOID and not (tag == "div" and self.divs and self.divs.pop()):
            self.texts.append(" ")
            self.parts.structure.append(f"/{tag}")
        if tag == "span" and self.spans:
            self.spans.pop()
        if tag == "a" and self.mark is not None:
            self._drop_mark(*self.mark)
        if re.fullmatch("h[1-6]", tag):
            self.heading = ""
        if tag == "pre" and self.code is not None:
            self.parts.code.append("".join(self.code).strip())
            self.code = None

    def _drop_mark(self, text: int, link: int) -> None:
        if not any(char.isalnum() for char in "".join(self.texts[text:])):
            del self.texts[text:], self.parts.links[link:]
        self.mark = None

    def handle_data(self, data: str) -> None:
        if self.unseen or any(self.spans):
            return
        self.texts.append(data)
        if self.code is not None:
            self.code.append(data)

    def _address(self, address: str) -> str:
        parts = urlsplit(address)
        if parts.netloc and parts.netloc in self.hosts:
            address = parts._replace(scheme="", netloc="").geturl()
        return unquote(address.strip())
