"""What the moderator's pages show of the text that is discussed."""

from django import template
from django.utils.text import Truncator

from comments import rendering

register = template.Library()

BEGINNING = 4000  # characters of HTML, enough for the words that are shown


@register.filter
def beginning(html, words=40):
    """The first words of HTML, as plain text."""
    return Truncator(rendering.plain_text(html[:BEGINNING])).words(words)
