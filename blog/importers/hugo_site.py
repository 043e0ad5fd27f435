"""What a Hugo configuration says about the site as a whole."""

import re
from typing import Any

from blog.importers import hugo_details as details
from blog.importers.hugo_config import Configuration
from blog.importers.hugo_paths import normal
from blog.importers.hugo_values import json_ready, to_list, to_table, to_text
from blog.importers.records import ImportedSite

TAGLINE_KEYS = ("tagline", "subtitle", "description", "homesubtitle")
# What a pattern for new posts may hold; everything else of Hugo's attributes has no meaning for them.
KNOWN = re.compile(
    r":(year|monthname|month|day|yearday|weekdayname|slugorcontentbasename|slugorfilename|contentbasename"
    r"|filename|title|slug)(?!\w)"
)


def describe(config: Configuration, main_section: str) -> ImportedSite:
    from blog.rendering import Options

    values, main = config.values, config.main
    params = to_table(main.values.get("params"))
    return ImportedSite(
        title=_text(main.values, "title"),
        tagline=next((_text(params, key) for key in TAGLINE_KEYS if _text(params, key)), ""),
        base_url=main.base_url,
        language=_text(main.values, "locale") or main.code or _text(values, "defaultcontentlanguage"),
        time_zone=_text(main.values, "timezone"),
        options=Options.from_hugo(main.values).as_dict(),
        post_pattern=post_pattern(config, main_section),
        author=_author(params) or _author(main.values),
        menu=details.site_menu(main.values),
        params=json_ready(params),
        has_config=config.exists,
    )


def post_pattern(config: Configuration, section: str) -> str:
    """The pattern for new posts of the main section, "/2024/:slug/" or the like."""
    home = f"/{normal(section)}/" if section else "/"
    pattern = config.main.pattern_for("page", f"{home}x")
    pattern = re.sub(r":(section|sections|sectionslugs?)(\[.+?\])?(?!\w)", section, pattern)
    pattern = re.sub("/+", "/", "/" + re.sub(r"[^\w:/.~+-]", "", pattern))
    rest = KNOWN.sub("", pattern)
    if ":" in rest or not re.search(r":(slug|title|filename|contentbasename)", pattern):
        return f"{home}:slug/"
    return pattern if pattern.endswith("/") else f"{pattern}/"


def main_sections(config: Configuration) -> list[str]:
    params = to_table(config.main.values.get("params"))
    chosen = params.get("mainsections") or config.main.values.get("mainsections")
    return [text for item in to_list(chosen) if (text := to_text(item))]


def _author(table: dict[str, Any] | Any) -> str:
    return next((name for item in to_list(table.get("author")) if (name := details.author_name(item))), "")


def _text(table: Any, key: str) -> str:
    return to_text(table.get(key)) or ""
