"""Writers of sites that other programs read, by the name that `export_content` takes."""

from importlib import import_module

WRITERS = {"hugo": "blog.exporters.hugo:export"}


def writer(name):
    """The function that writes a site in this form. Raises KeyError for an unknown name."""
    module, _, function = WRITERS[name].partition(":")
    return getattr(import_module(module), function)
