"""How readers see an entry: on its page, in lists, on other sites that show a link to it."""

import re
from datetime import timedelta
from functools import lru_cache
from html import escape, unescape

from django.utils.functional import cached_property
from django.utils.html import strip_tags
from django.utils.text import Truncator

from blog import picture_uses, rendering
from blog.page_html import Picture, for_page
from config.fragments import key_of
from config.links import joined

TEASER_WORDS = 30
TEASER_LETTERS = 100
LONG_WORD = 12
# What makes no sense before the first sentence, or inside it.
_ASIDE = re.compile(
    r'<(h[1-6]|pre|table|figure)\b.*?</\1>|<sup id="fnref.*?</sup>|<div class="footnotes".*', re.DOTALL
)
NOT_SHOWN = ("body", "text", "front_matter", "imported")


class Shown:
    """What is made for readers of the fields of an entry."""

    @cached_property
    def content_html(self):
        """The body as the page shows it."""
        return self._for_page(self.body_html)

    def _for_page(self, html):
        """The title is the page's h1, so no heading of the body may be one."""
        return for_page(
            html,
            has_h1=any(level == 1 for level, *_rest in self.headings),
            find_picture=self.find_picture,
            after_cover=self.shows_cover,
        )

    def find_picture(self, address):
        """Its size and smaller versions, None where they are not known."""
        found = (self.pictures or {}).get(picture_uses.place_of(address, self.path))
        return Picture(*found) if found else None

    @cached_property
    def contents(self):
        """The page's own contents list: what the text has, whatever its levels."""
        if not self.show_toc or len(self.headings) < 2:
            return ""
        return rendering.contents_list([rendering.Heading(*heading) for heading in self.headings])

    @property
    def has_footnotes(self):
        return 'class="footnote-ref"' in self.body_html

    @property
    def has_code(self):
        return "<pre" in self.body_html

    @property
    def lede(self):
        return self.summary or self.description

    @property
    def teaser(self):
        """A line or two of plain text, for lists and for other sites that show a link."""
        return self.description or self.summary or _plain_beginning(self.summary_html)

    @property
    def opening(self):
        """The text's beginning as HTML for a page, whose links lead right from any."""
        return rendering.absolute_links(self._for_page(self.summary_html), self.path)

    @property
    def cover_url(self):
        return joined(self.path, self.cover)

    @cached_property
    def cover_picture(self):
        return self.find_picture(self.cover) if self.cover else None

    @property
    def shows_cover(self):
        """A cover that the text shows anyway is not shown twice."""
        spellings = {f'src="{escape(address)}"' for address in (self.cover, self.cover_url)}
        return bool(self.cover) and not any(spelling in self.body_html for spelling in spellings)

    @property
    def is_revised(self):
        """Changed on a later day than it was published."""
        return bool(
            self.modified_at and self.published_at
        ) and self.modified_at - self.published_at > timedelta(days=1)

    @property
    def cache_key(self):
        """Stands for everything that a page may show of it at this moment."""
        shown = [field.attname for field in self._meta.concrete_fields if field.name not in NOT_SHOWN]
        return key_of(self.state, self.comments_open, [self.__dict__.get(name) for name in shown])


@lru_cache(maxsize=5000)
def _plain_beginning(html):
    text = _plain(_ASIDE.sub(" ", html)) or _plain(html)
    if len(text) > LONG_WORD * (1 + text.count(" ")):  # in a script without spaces
        return Truncator(text).chars(TEASER_LETTERS)
    return Truncator(text).words(TEASER_WORDS)


def _plain(html):
    return " ".join(unescape(strip_tags(html)).split())
