from django.conf import settings
from django.core.exceptions import BadRequest
from django.http import HttpResponsePermanentRedirect
from django.utils import timezone, translation

from blog import missing, old_paths
from blog.models import SiteProfile
from blog.views import page_gone, page_not_found
from config.language import speaking_to_readers, spoken

ADMIN = "/admin/"


class SiteMiddleware:
    """Reads the site profile once a request, tells time in the site's own zone and speaks its language.

    The admin stays as it is, in the language of the settings.
    """

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        request.site = SiteProfile.load()
        is_admin = request.path.startswith(ADMIN)
        own = spoken(request.site.language)
        words = translation.override(settings.LANGUAGE_CODE) if is_admin else speaking_to_readers(own)
        with timezone.override(request.site.time_zone), words:
            if is_admin and "%00" in request.META.get(
                "QUERY_STRING", ""
            ):  # which PostgreSQL would not look for either
                raise BadRequest
            if "\0" in request.path:  # nothing is there, and PostgreSQL would refuse to look
                return page_not_found(request)
            return self.get_response(request)


class AliasMiddleware:
    """Looks for the way on after a 404 only, so that pages which exist pay nothing for it."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        response = self.get_response(request)
        if response.status_code != 404 or request.method not in ("GET", "HEAD"):
            return response
        target = old_paths.find(request)
        if target is None:
            missing.note(request)
            return response
        if target == old_paths.GONE:
            return page_gone(request)
        query = request.META.get("QUERY_STRING")
        return HttpResponsePermanentRedirect(f"{target}?{query}" if query else target)
