"""What a text says of a picture, the library learns, unless it has words of its own for it: nobody should say it twice."""

import re
from html import unescape

from blog.models import Picture
from blog.picture_uses import place_of

_IMAGE = re.compile(r"""<img\b(?:[^<>"']|"[^"]*"|'[^']*')*>""")
_ATTRIBUTE = re.compile(r"""\s(src|alt)=(?:"([^"]*)"|'([^']*)')""")
LONGEST = Picture._meta.get_field("alt").max_length


def learn(entry):
    """One query, none for an entry without described pictures; one more where something is learned."""
    words = said_in(entry.body_html, entry.path)
    found = list(Picture.objects.filter(address__in=words, alt="")) if words else []
    for picture in found:
        picture.alt = words[picture.address]
    Picture.objects.bulk_update(found, ["alt"])


def said_in(html, path):
    """The words for each picture on this site, by its address; the first where there are several."""
    words = {}
    for image in _IMAGE.findall(html):
        named = {name: unescape(double or single) for name, double, single in _ATTRIBUTE.findall(image)}
        place, alt = place_of(named.get("src", ""), path), " ".join(named.get("alt", "").split())
        if place and alt:
            words.setdefault(place, alt[:LONGEST])
    return words
