from functools import cache

from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _


def site(request):
    """The site profile, read once a request by SiteMiddleware; its menu, and where in that the reader is."""
    profile = getattr(request, "site", None)
    menu = getattr(profile, "menu", None) or usual_menu(get_language())
    here = next((address for _label, address in menu if address == request.path), "")
    return {"site": profile, "menu": menu, "menu_here": here}


@cache
def usual_menu(_language):
    """Where no editor has made one."""
    labels = {"archive": _("Archive"), "tags": _("Tags"), "search": _("Search"), "subscribe": _("Subscribe")}
    return [(label, reverse(name)) for name, label in labels.items()]
