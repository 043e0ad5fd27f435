from django.http import HttpResponsePermanentRedirect
from django.urls import Resolver404, resolve
from django.utils import timezone

from blog.models import Alias, Page, Post, SiteProfile


LIVENESS = "/healthz"


class SiteMiddleware:
    """Reads the site profile once a request, and tells time in the site's own zone."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        if request.path == LIVENESS:  # has to answer while the database does not
            return self.get_response(request)
        request.site = SiteProfile.load()
        with timezone.override(request.site.time_zone):
            return self.get_response(request)


class AliasMiddleware:
    """Looks for the way on after a 404 only, so that pages which exist pay nothing for it."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        response = self.get_response(request)
        if response.status_code != 404 or request.method not in ("GET", "HEAD"):
            return response
        target = _alias_target(request.path) or _with_slash(request.path)
        if target is None:
            return response
        query = request.META.get("QUERY_STRING")
        return HttpResponsePermanentRedirect(f"{target}?{query}" if query else target)


def _alias_target(path):
    spellings = {path, path.rstrip("/") or "/", path.rstrip("/") + "/"}
    alias = Alias.objects.filter(path__in=spellings).select_related("post", "page").first()
    if alias is None or not alias.entry.is_public:
        return None
    return alias.entry.get_absolute_url()


def _with_slash(path):
    """The same path with its slash, where something answers there. Never leads off this site."""
    if path.endswith("/") or path.startswith("//"):
        return None
    wanted = path + "/"
    try:
        route = resolve(wanted).url_name
        if route != "entry":
            return None if route == "media" else wanted
    except Resolver404:
        return None
    found = any(model.objects.published().filter(path=wanted).exists() for model in (Post, Page))
    return wanted if found or Post.objects.listed().under(wanted).exists() else None
