from django import template
from django.conf import settings
from django.contrib.staticfiles.storage import staticfiles_storage
from django.templatetags.static import static
from django.urls import reverse
from django.utils import timezone
from django.utils.encoding import escape_uri_path
from django.utils.html import format_html
from django.utils.safestring import mark_safe
from django.utils.translation import get_language_info

from blog import cards, structured
from blog.models import SiteProfile
from config import links, statics

register = template.Library()


@register.simple_tag
def page_path(list_url, number):
    """The path of a list's page: the list itself is its first."""
    return list_url if number == 1 else f"{list_url}page/{number}/"


@register.simple_tag
def absolute(path):
    """The full address of a path, from SITE_URL."""
    return links.absolute(path)


@register.simple_tag(takes_context=True)
def here(context):
    """The full address of this page without its query, whatever stands in the name of a tag."""
    path = escape_uri_path(context["request"].path).lstrip("/")  # two of them would lead to another host
    return links.absolute(f"/{path}")


@register.filter
def moment(value):
    """For the attributes that programs read: HTML knows no millionths of a second."""
    return timezone.localtime(value).isoformat(timespec="seconds")


@register.filter
def direction(language):
    """A dir attribute for languages written from right to left."""
    try:
        is_rtl = get_language_info((language or settings.LANGUAGE_CODE).lower())["bidi"]
    except KeyError:
        is_rtl = False
    return mark_safe(' dir="rtl"') if is_rtl else ""


@register.filter
def frame_language(entry, site):
    """A lang attribute for what the site says around an entry that is in another language."""
    is_other = entry and site.language and entry.language not in ("", site.language)
    return format_html(' lang="{}"', site.language) if is_other else ""


@register.simple_tag
def theme_colours():
    light, dark = statics.papers()
    tag = '<meta name="theme-color" content="{}" media="(prefers-color-scheme: {})">'
    return format_html(f"{tag}{tag}", light, "light", dark, "dark")


@register.filter
def stylesheets(site):
    """The addresses of the readers' style sheets: one where they were collected into one, else each."""
    names = [statics.BUNDLE] if getattr(staticfiles_storage, "has_bundle", False) else statics.parts()
    accent = [reverse("accent", args=[site.accent[1:]])] if site and site.accent else []
    return [*map(static, names), *accent]


@register.simple_tag
def site_logo(site):
    size = format_html(' width="{}" height="{}"', *site.logo_size) if site.logo_size else ""
    return format_html('<img class="logo" src="{}" alt="{}"{}>', site.logo, site.title, size)


@register.simple_tag
def card(subject):
    """The picture other sites show with a link: an entry's cover, else a card with its title."""
    cover = getattr(subject, "cover", "")
    if cover:
        picture = subject.cover_picture
        return _card(
            subject.cover_url, picture and picture.width, picture and picture.height, subject.cover_alt
        )
    is_site = isinstance(subject, SiteProfile)
    address = cards.address_of(subject, subject if is_site else subject.site)
    return _card(address, cards.WIDTH, cards.HEIGHT, str(subject)) if address else _card()


def _card(address="", width=None, height=None, alt=""):
    if not address:
        return format_html('<meta name="twitter:card" content="{}">', "summary")
    lines = [("og:image", links.absolute(address)), ("og:image:width", width), ("og:image:height", height)]
    lines.append(("og:image:alt", alt))
    told = [format_html('<meta property="{}" content="{}">', name, value) for name, value in lines if value]
    return format_html("{}" * len(told) + '<meta name="twitter:card" content="summary_large_image">', *told)


@register.simple_tag(takes_context=True)
def structured_data(context, subject):
    """What the page is about, for machines: JSON-LD, which browsers do not run and the policy does not mind."""
    site = context["site"]
    if isinstance(subject, SiteProfile):
        return structured.script(structured.website(site))
    authors = [author.name for author in context.get("authors", ())]
    return structured.script(
        structured.posting(subject, site, authors), structured.breadcrumbs(subject, site)
    )


@register.filter(is_safe=True)
def css_string(text):
    """For the inside of a quoted string in a style sheet."""
    return "".join(
        letter if letter.isalnum() or letter in " .,:;" else f"\\{ord(letter):06x}" for letter in text
    )
