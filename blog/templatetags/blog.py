from django import template

from config import links

register = template.Library()


@register.simple_tag
def page_path(list_url, number):
    """The path of a list's page: the list itself is its first."""
    return list_url if number == 1 else f"{list_url}page/{number}/"


@register.simple_tag
def absolute(path):
    """The full address of a path, from SITE_URL."""
    return links.absolute(path)
