"""A state of an entry on the page that readers would get. Nothing is stored, by nobody, and nothing is found by searching."""

import re
from urllib.parse import quote, unquote

from django.contrib.auth import get_user_model
from django.shortcuts import render
from django.utils.cache import add_never_cache_headers

from blog.companions import TermLink, companions_of
from blog.models import Category, File, Post, Tag
from blog.paths import term_slug
from blog.rendering import absolute_links
from blog.rendering.links_html import TAG
from blog.revisions.states import put


def show(request, entry, state, label, files_at=""):
    """The entry is changed in memory and must not be saved afterwards.

    files_at  the address below which this reader gets the files that lie beside the entry; "" where that is its path
    """
    put(state, entry)
    entry.draft = True
    entry.site = request.site
    entry.render()
    if files_at:
        _show_files_at(files_at, entry)
    entry.content_html = absolute_links(entry.content_html, entry.path)
    context = {"entry": entry, "preview": label}
    if isinstance(entry, Post):
        terms = terms_in(state)
        context |= {"post": entry, **terms, **companions_of(entry, terms["tags"])}
    response = render(request, f"blog/{entry._meta.model_name}_detail.html", context)
    return private(response)


def _show_files_at(address, entry):
    files = File.objects.filter(path__startswith=entry.path).values_list("path", flat=True)
    there = {path: address + path.removeprefix(entry.path) for path in files}
    if not there:
        return
    below = re.compile(rf"""(?<=["'\s,]){re.escape(entry.path)}[^"'\s,?#]+""")

    def moved(found):
        return quote(there.get(unquote(found[0]), "")) or found[0]

    html = absolute_links(entry.body_html, entry.path)
    entry.body_html = TAG.sub(lambda tag: below.sub(moved, tag[0]), html)
    entry.cover = quote(there.get(unquote(entry.cover_url), "")) or entry.cover
    known = entry.pictures or {}
    entry.pictures = known | {there[path]: known[path] for path in there if path in known}


def private(response):
    """For one reader, once: no cache keeps it, no search engine lists it, no link tells where it was followed."""
    add_never_cache_headers(response)
    response["X-Robots-Tag"] = "noindex, nofollow"
    response["Referrer-Policy"] = "no-referrer"
    return response


def terms_in(state):
    """As terms_of() gives them of what is stored."""
    slugs = dict(Tag.objects.filter(name__in=state["tags"]).values_list("name", "slug"))
    people = get_user_model().objects.in_bulk([key for key, _name in state["authors"]])
    categories = Category.objects.filter(pk__in=[key for key, _name in state["categories"]])
    return {
        "tags": [
            TermLink("tag", 0, name, slugs.get(name) or term_slug(name) or "tag") for name in state["tags"]
        ],
        "categories": [TermLink(term.taxonomy, term.pk, term.name, term.slug) for term in categories],
        "authors": [
            TermLink("author", user.pk, user.get_full_name() or user.username, user.username)
            for user in people.values()
        ],
    }
