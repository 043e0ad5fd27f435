"""Small Hugo sites to bring in, written into a folder of the test's own."""

from blog.importers import open_source
from blog.importers.load import load

CONFIG = """\
baseURL = "https://old.example.net/"
title = "The Old Place"
languageCode = "en"
[params]
  description = "Where we lived before"
"""
POST = """\
+++
title = "First Light"
date = 2021-05-04T10:00:00Z
tags = ["Morning", "C++"]
categories = ["Days"]
series = ["Hours"]
authors = ["Ida Marrow"]
aliases = ["/old/first/"]
+++
The sun came *up*.
"""


def write_site(folder, files=None, config=CONFIG):
    """A site with one post, or with these files: paths relative to the site's folder."""
    if config:
        write(folder / "hugo.toml", config)
    for name, text in (files or {"content/posts/first.md": POST}).items():
        write(folder / name, text)
    return folder


def write(file, text):
    file.parent.mkdir(parents=True, exist_ok=True)
    if isinstance(text, bytes):
        file.write_bytes(text)
    else:
        file.write_bytes(text.encode())


def post_source(title="A Post", body="Its text.\n", **fields):
    lines = [f"title: {title}", "date: 2022-03-01", *(f"{key}: {value}" for key, value in fields.items())]
    return "---\n" + "\n".join(lines) + "\n---\n" + body


def bring(folder, **options):
    return load(open_source("hugo", folder), processes=0, **options)
