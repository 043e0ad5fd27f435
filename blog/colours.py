"""A site's own accent colour: readable on every paper it may stand on, or refused."""

import colorsys
import re

from django.utils.translation import gettext as _

LIGHT_PAPERS = ("#fbf9f4", "#f3efe6")  # --paper and --leaf of tokens.css
DARK_PAPERS = ("#15171c", "#1d2027")
READABLE = 4.5  # https://www.w3.org/TR/WCAG22/#contrast-minimum

_COLOUR = re.compile(r"#[0-9a-fA-F]{6}")


def trouble(value: str) -> str:
    """Why this cannot be the accent colour, as a sentence; "" if it can."""
    if not _COLOUR.fullmatch(value):
        return _("“{value}” is no colour. Give six digits after a #, such as #a3271b.").format(value=value)
    ratio = min(contrast(value, paper) for paper in LIGHT_PAPERS)
    if ratio < READABLE:
        return _(
            "{value} is too pale to read on the page: its contrast is {ratio:.1f} to 1, and {least} is needed. "
            "Choose a darker one."
        ).format(value=value, ratio=ratio, least=READABLE)
    return ""


def for_dark(value: str) -> str:
    """The same hue, as light as it has to be on dark paper."""
    hue, lightness, saturation = colorsys.rgb_to_hls(*_parts(value))
    while min(contrast(value, paper) for paper in DARK_PAPERS) < READABLE + 1 and lightness < 1:
        lightness = min(1, lightness + 0.02)
        red, green, blue = colorsys.hls_to_rgb(hue, lightness, saturation)
        value = f"#{round(red * 255):02x}{round(green * 255):02x}{round(blue * 255):02x}"
    return value


def contrast(one: str, other: str) -> float:
    """From 1 (the same) to 21 (black on white)."""
    darker, lighter = sorted((_luminance(one), _luminance(other)))
    return (lighter + 0.05) / (darker + 0.05)


def _luminance(value: str) -> float:
    red, green, blue = (
        part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in _parts(value)
    )
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def _parts(value: str) -> tuple[float, float, float]:
    red, green, blue = (int(value[at : at + 2], 16) / 255 for at in (1, 3, 5))
    return red, green, blue
