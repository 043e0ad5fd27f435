"""What a page is about, as JSON-LD in the words of https://schema.org, for search engines."""

import json

from django.urls import reverse
from django.utils.safestring import mark_safe

from blog import cards
from config.links import absolute

# So that no text can end the element it stands in.
_HARMLESS = {ord("<"): "\\u003c", ord(">"): "\\u003e", ord("&"): "\\u0026"}


def script(*things):
    written = json.dumps(
        [_given(thing) for thing in things] if len(things) > 1 else _given(things[0]), ensure_ascii=False
    )
    return mark_safe(f'<script type="application/ld+json">{written.translate(_HARMLESS)}</script>')


def website(site):
    search = f"{absolute(reverse('search'))}?q={{search_term_string}}"
    return {
        "@context": "https://schema.org",
        "@type": "WebSite",
        "name": site.title,
        "description": site.description or site.tagline,
        "url": absolute("/"),
        "inLanguage": site.language,
        "potentialAction": {
            "@type": "SearchAction",
            "target": {"@type": "EntryPoint", "urlTemplate": search},
            "query-input": "required name=search_term_string",
        },
    }


def posting(entry, site, authors):
    image = entry.cover_url if entry.cover else cards.address_of(entry, site)
    return {
        "@context": "https://schema.org",
        "@type": "BlogPosting" if entry.needs_date else "WebPage",
        "headline": str(entry),
        "description": entry.teaser,
        "url": absolute(entry.get_absolute_url()),
        "mainEntityOfPage": absolute(entry.get_absolute_url()),
        "datePublished": entry.published_at and entry.published_at.isoformat(),
        "dateModified": entry.modified_at and entry.modified_at.isoformat(),
        "inLanguage": entry.language or site.language,
        "image": image and absolute(image),
        "author": [{"@type": "Person", "name": name} for name in authors or filter(None, [site.author_name])],
        "publisher": {"@type": "Organization", "name": site.title, "url": absolute("/")},
    }


def breadcrumbs(entry, site):
    steps = [(site.title, "/")]
    if getattr(entry, "series", None):
        steps.append((entry.series.name, entry.series.get_absolute_url()))
    elif entry.published_at:
        year = entry.published_at.year
        steps.append((str(year), reverse("archive_year", args=[year])))
    steps.append((str(entry), entry.get_absolute_url()))
    return {
        "@context": "https://schema.org",
        "@type": "BreadcrumbList",
        "itemListElement": [
            {"@type": "ListItem", "position": place, "name": name, "item": absolute(path)}
            for place, (name, path) in enumerate(steps, 1)
        ],
    }


def _given(thing):
    return {key: value for key, value in thing.items() if value}
