"""Pictures the site draws itself: the card that other sites show beside a link to it, and its icons.

They are drawn when first asked for and kept in the media folder, under a name made from everything they show.
"""

import hashlib
from functools import lru_cache
from io import BytesIO
from pathlib import Path

from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.views.decorators.http import require_safe
from PIL import Image, ImageDraw, ImageFont

from blog import colours, picture_uses
from blog.models import Page, Picture, Post
from blog.pictures import FORMATS, MAX_PIXELS
from blog.uploads import NEVER_CHANGES, serve

FOLDER = "cards"
WIDTH, HEIGHT = 1200, 630
MARGIN = 90
PAPER, INK, SOFT, RUBRIC = "#fbf9f4", "#1f1c18", "#5d564c", "#a3271b"
SIZES = (84, 72, 62, 54, 46)
MOST_LINES = 4
ICON_SIZES = (48, 180, 192, 512)

# A font of the system with every letter wanted, the handsomest first; Pillow brings one for Latin letters along.
FONTS = (
    "DejaVuSerif-Bold.ttf",
    "LiberationSerif-Bold.ttf",
    "NotoSerif-Bold.ttf",
    "Georgia Bold.ttf",
    "NotoSerifCJK-Bold.ttc",
    "NotoSansCJK-Bold.ttc",
    "wqy-zenhei.ttc",
    "Arial Unicode.ttf",
    "NotoNaskhArabic-Bold.ttf",
    "NotoSerifHebrew-Bold.ttf",
    "NotoSerifDevanagari-Bold.ttf",
    "NotoSerifThai-Bold.ttf",
    "DejaVuSans-Bold.ttf",
    "FreeSerifBold.ttf",
)
FONT_FOLDERS = (
    "/usr/share/fonts",
    "/usr/local/share/fonts",
    "/Library/Fonts",
    "/System/Library/Fonts",
    "C:/Windows/Fonts",
)


def address_of(subject, site):
    """The card's path for a saved entry or the site's profile; "" for what has none."""
    kind = subject._meta.model_name
    if subject.pk is None:
        return ""
    return f"{reverse('card', args=[kind, subject.pk])}?v={_digest(subject, site)[:8]}"


def _digest(subject, site):
    shown = (
        str(subject),
        site.title,
        site.accent,
        WIDTH,
        HEIGHT,
        1,
    )  # the last: raised when the drawing changes
    return hashlib.sha256(repr(shown).encode()).hexdigest()[:24]


@require_safe
def card(request, kind, pk):
    """The card of what a stranger may see."""
    site = request.site
    if kind == "siteprofile":
        subject = site
    else:
        model = {"post": Post, "page": Page}.get(kind, Post)
        subject = model.objects.published().only("title", "path").filter(pk=pk).first()
    if subject is None:
        raise Http404("There is no such card.")
    name = f"{FOLDER}/{_digest(subject, site)}.png"
    return _kept(
        name, lambda: draw_card(str(subject), site.title if subject is not site else "", site.accent)
    )


@require_safe
def icon(request, size):
    site = request.site
    if size not in ICON_SIZES:
        raise Http404("There is no icon of this size.")
    shown = (site.logo, site.accent, size, 1)
    name = f"{FOLDER}/icon-{size}-{hashlib.sha256(repr(shown).encode()).hexdigest()[:16]}.png"
    response = _kept(name, lambda: draw_icon(size, site.accent, site.logo))
    response["Cache-Control"] = "public, max-age=86400"
    return response


def favicon(request):
    return HttpResponseRedirect(reverse("icon", args=[48]))


def _kept(name, draw):
    if not default_storage.exists(name):
        name = default_storage.save(name, ContentFile(draw()))
    response = serve(default_storage.open(name), name)
    response["Cache-Control"] = NEVER_CHANGES
    return response


@require_safe
def accent(request, digits):
    """The accent colour as a style sheet of its own: its address says it all, so browsers ask once."""
    colour = f"#{digits}"
    if colours.trouble(colour):
        raise Http404("This is no accent colour.")
    css = f":root {{ --rubric: light-dark({colour}, {colours.for_dark(colour)}); }}\n"
    return HttpResponse(css, content_type="text/css; charset=utf-8", headers={"Cache-Control": NEVER_CHANGES})


# Drawing


def draw_card(title, site_title, accent=""):
    """A PNG with the title, the site's name below it, and the red line of the margin."""
    image = Image.new("RGB", (WIDTH, HEIGHT), PAPER)
    pen = ImageDraw.Draw(image)
    pen.line([(WIDTH - 150, 0), (WIDTH - 150, HEIGHT)], fill=accent or RUBRIC, width=6)
    font, lines = _set(pen, title)
    pen.multiline_text((MARGIN, MARGIN - 12), "\n".join(lines), font=font, fill=INK, spacing=font.size * 0.22)
    if site_title:
        pen.line([(MARGIN, HEIGHT - 140), (WIDTH - 240, HEIGHT - 140)], fill="#d9d2c3", width=2)
        pen.text(
            (MARGIN, HEIGHT - 112),
            _cut(pen, site_title, _font(site_title, 36)),
            font=_font(site_title, 36),
            fill=SOFT,
        )
    return _png(image)


def _set(pen, title):
    """The largest type in which the title has few lines enough."""
    for size in SIZES:
        font = _font(title, size)
        lines = list(_lines(pen, title, font))
        if len(lines) <= MOST_LINES:
            return font, lines
    return font, [*lines[: MOST_LINES - 1], f"{lines[MOST_LINES - 1]} …"]


def _lines(pen, text, font):
    line = ""
    for word in _words(text):
        if line and pen.textlength((line + word).strip(), font=font) > WIDTH - 150 - 2 * MARGIN:
            yield line.strip()
            line = ""
        line += word
    yield line.strip()


def _words(text):
    """Words with the space after them; where a script has no spaces, its letters."""
    for word in text.split():
        if len(word) > 24 or any("\u2e80" <= letter <= "\u9fff" or letter >= "\uac00" for letter in word):
            yield from word
            yield " "
        else:
            yield f"{word} "


def _cut(pen, text, font):
    while pen.textlength(text, font=font) > WIDTH - 150 - 2 * MARGIN and len(text) > 1:
        text = text.rstrip("…")[:-1] + "…"
    return text


def _font(text, size):
    letters = frozenset(text) - {" "}
    path = _font_with(letters)
    return ImageFont.truetype(path, size) if path else ImageFont.load_default(size)


@lru_cache(maxsize=256)
def _font_with(letters):
    """The first font that has most of these letters, None for Pillow's own."""
    best, most = None, 0
    for path in _installed():
        have = _count(path, letters)
        if have == len(letters):
            return path
        if have > most:
            best, most = path, have
    return best


@lru_cache(maxsize=1)
def _installed():
    found = {}
    for folder in FONT_FOLDERS:
        for path in Path(folder).rglob("*.tt[fc]"):
            found.setdefault(path.name, str(path))
    return [found[name] for name in FONTS if name in found]


def _count(path, letters):
    font = ImageFont.truetype(path, 20)
    missing = bytes(font.getmask("\U0010fffe"))
    return sum(bytes(font.getmask(letter)) != missing for letter in letters)


def draw_icon(size, accent="", logo=""):
    """The logo on paper, or the sign of the house: lines of text and the line of the margin."""
    image = Image.new("RGB", (size, size), PAPER)
    drawn = _logo(logo, size)
    if drawn:
        image.paste(drawn, ((size - drawn.width) // 2, (size - drawn.height) // 2), drawn)
        return _png(image)
    pen, unit = ImageDraw.Draw(image), size / 32
    for line, end in ((8, 19), (13, 19), (18, 19), (23, 15)):
        pen.rectangle([7 * unit, (line - 1) * unit, end * unit, (line + 1) * unit - 1], fill=INK)
    pen.rectangle([21.5 * unit, 8 * unit, 24.5 * unit - 1, 24 * unit], fill=accent or RUBRIC)
    return _png(image)


def _logo(address, size):
    place = picture_uses.place_of(address) if address else ""
    stored = Picture.objects.filter(address=place).first()
    if stored is None or stored.width * stored.height > MAX_PIXELS:
        return None
    with default_storage.open(stored.name) as file, Image.open(file, formats=FORMATS) as picture:
        picture = picture.convert("RGBA")
        picture.thumbnail((size * 0.84, size * 0.84), Image.Resampling.LANCZOS)
        return picture


def _png(image):
    written = BytesIO()
    image.save(written, "PNG", optimize=True)
    return written.getvalue()
