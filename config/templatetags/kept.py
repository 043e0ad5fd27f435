from django import template
from django.template.base import Node, TemplateSyntaxError
from django.template.loader_tags import BlockNode

from config import fragments

register = template.Library()


@register.tag
def kept(parser, token):
    """{% kept key [value ...] %} ... {% endkept %}: rendered once for each key, and each of the few values.

    The key stands for everything of the context that is used inside. Where there is none, it is rendered each time.
    """
    values = [parser.compile_filter(bit) for bit in token.split_contents()[1:]]
    nodelist = parser.parse(["endkept"])
    parser.delete_first_token()
    if not values:
        raise TemplateSyntaxError("kept needs a key.")
    if nodelist.get_nodes_by_type(BlockNode):
        raise TemplateSyntaxError("A block that pages fill in cannot stand between kept and endkept.")
    return KeptNode(nodelist, values)


class KeptNode(Node):
    child_nodelists = ()  # whoever looks for blocks finds none here

    def __init__(self, nodelist, values):
        self.nodelist, self.values = nodelist, values

    def render(self, context):
        values = [value.resolve(context, ignore_failures=True) for value in self.values]
        if not values[0]:
            return self.nodelist.render(context)
        return fragments.kept((self, *values), lambda: self.nodelist.render(context))
