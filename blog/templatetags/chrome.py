"""What is the same on every page of the site: rendered once for each state of the site profile, and for each language."""

from django import template
from django.conf import settings
from django.template.base import Node, TemplateSyntaxError
from django.template.loader_tags import BlockNode
from django.utils.translation import get_language

register = template.Library()
END = "endeverywhere"
MOST_KEPT = 100


@register.tag
def everywhere(parser, token):
    """{% everywhere [value ...] %}: what stands in it may use ``site``, and of the rest only these few values."""
    values = [parser.compile_filter(bit) for bit in token.split_contents()[1:]]
    nodelist = parser.parse([END])
    parser.delete_first_token()
    if nodelist.get_nodes_by_type(BlockNode):
        raise TemplateSyntaxError(
            "A block that pages fill in cannot stand between everywhere and endeverywhere."
        )
    return SameNode(nodelist, values)


class SameNode(Node):
    child_nodelists = ()  # a template that extends this one looks for its blocks elsewhere

    def __init__(self, nodelist, values):
        self.nodelist, self.values = nodelist, values
        self.kept = {}

    def render(self, context):
        site = context.get("site")
        if site is None or settings.DEBUG:  # where templates are being worked on
            return self.nodelist.render(context)
        key = (site.state, get_language(), *(value.resolve(context) for value in self.values))
        if key not in self.kept:
            if len(self.kept) >= MOST_KEPT:
                self.kept.clear()
            self.kept[key] = self.nodelist.render(context)
        return self.kept[key]
