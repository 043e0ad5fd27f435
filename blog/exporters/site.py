"""What an export knows of the site as a whole: its base path, and a configuration where none was brought."""

import json
from urllib.parse import urlsplit

from django.conf import settings

from blog.models import Category


def without_base(path, profile):
    """A path as front matter has it: below the path of the old site's base URL."""
    base = urlsplit(profile.base_url).path.rstrip("/")
    return path.removeprefix(base) if base and path.startswith(f"{base}/") else path


def configuration(profile):
    """hugo.toml for a site that was written here."""
    lines = [
        _line("baseURL", f"{settings.SITE_URL.rstrip('/')}/"),
        _line("title", profile.title),
        _line("languageCode", profile.language),
        _line("timeZone", profile.time_zone),
        "",
        "[params]",
        _line("description", profile.tagline),
        "",
        "[permalinks]",
        _line("posts", profile.post_pattern),
        "",
        "[taxonomies]",
        *(_line(name, name) for name in _taxonomies()),
        "",
        "[markup.goldmark.renderer]",
        "unsafe = true",
    ]
    return "\n".join(lines) + "\n" + "".join(_menu(profile))


def _taxonomies():
    own = Category.objects.values_list("taxonomy", flat=True).distinct()
    return dict.fromkeys(["tags", "categories", "series", *sorted(own)])


def _menu(profile):
    for item in profile.menu_items.select_related("page"):
        address = item.page.path if item.page else item.url
        lines = [_line("name", str(item)), _line("url", address), f"weight = {max(1, item.weight)}"]
        yield "\n".join(["", "[[menus.main]]", *lines, ""])


def _line(key, value):
    return f"{json.dumps(key) if not key.isidentifier() else key} = {json.dumps(value, ensure_ascii=False)}"
