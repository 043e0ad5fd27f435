"""Markdown to HTML as Hugo does it. Pure functions: nothing here knows a database or a setting."""

from blog.rendering.headings import contents_list
from blog.rendering.hugo_shortcodes import without_stand_ins
from blog.rendering.links_html import absolute_links, shift_headings
from blog.rendering.options import Options
from blog.rendering.page import render
from blog.rendering.records import Context, Heading, Rendering

VERSION = 2  # raised when the output changes; stored with what was rendered

__all__ = [
    "VERSION",
    "Context",
    "Heading",
    "Options",
    "Rendering",
    "absolute_links",
    "contents_list",
    "render",
    "shift_headings",
    "without_stand_ins",
]
