"""A state of an entry on the page that readers would get. Nothing is stored, by nobody, and nothing is found by searching."""

from django.contrib.auth import get_user_model
from django.shortcuts import render
from django.utils.cache import add_never_cache_headers

from blog.companions import TermLink, companions_of
from blog.models import Category, Post, Tag
from blog.paths import term_slug
from blog.rendering import absolute_links
from blog.revisions.states import put


def show(request, entry, state, label):
    """The entry is changed in memory and must not be saved afterwards."""
    put(state, entry)
    entry.draft = True
    entry.site = request.site
    entry.render()
    entry.content_html = absolute_links(entry.content_html, entry.path)
    context = {"entry": entry, "preview": label}
    if isinstance(entry, Post):
        terms = terms_in(state)
        context |= {"post": entry, **terms, **companions_of(entry, terms["tags"])}
    response = render(request, f"blog/{entry._meta.model_name}_detail.html", context)
    return private(response)


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
