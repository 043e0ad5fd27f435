"""What machines ask a site for."""

import re
from datetime import datetime, time, timedelta

from django.conf import settings
from django.contrib import admin
from django.contrib.admin.exceptions import NotRegistered
from django.contrib.contenttypes.models import ContentType
from django.contrib.contenttypes.views import shortcut
from django.core.exceptions import PermissionDenied
from django.db import connection
from django.http import Http404, HttpResponse, HttpResponseRedirect, JsonResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.cache import never_cache

from config import statics
from config.links import absolute

ICONS = (192, 512)


@never_cache
def healthz(request):
    """Liveness and readiness for a proxy: 200 when the database answers, else 503."""
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
    except Exception as error:  # whatever the driver raises, the proxy wants one answer
        return JsonResponse({"status": "unavailable", "reason": type(error).__name__}, status=503)
    return JsonResponse({"status": "ok"})


def robots(request):
    lines = ["User-agent: *", "Disallow: /admin/", ""]
    lines.append(f"Sitemap: {absolute(reverse('sitemap'))}")
    return _text(lines)


def manifest(request):
    """For phones that keep the site on their home screen. https://www.w3.org/TR/appmanifest/"""
    site = request.site
    icons = [
        {"src": reverse("icon", args=[size]), "sizes": f"{size}x{size}", "type": "image/png"}
        for size in ICONS
    ]
    about = {
        "name": site.title,
        "short_name": site.title[:24],
        "description": site.description or site.tagline,
        "lang": site.language,
        "start_url": "/",
        "scope": "/",
        "display": "browser",
        "background_color": statics.papers()[0],
        "theme_color": statics.papers()[0],
        "icons": icons,
    }
    return JsonResponse(about, content_type="application/manifest+json")


def opensearch(request):
    """So that browsers can search the site from their address bar."""
    context = {
        "address": f"{absolute(reverse('search'))}?q={{searchTerms}}",
        "icon": absolute(reverse("icon", args=[48])),
    }
    return render(
        request,
        "opensearch.xml",
        context,
        content_type="application/opensearchdescription+xml; charset=utf-8",
    )


def security_txt(request):
    """Where to tell of a security hole. https://www.rfc-editor.org/rfc/rfc9116"""
    contact = request.site.contact or next((address for _name, address in settings.ADMINS), "")
    if not contact:
        raise Http404("Nobody is named here who could be told.")
    if not re.match(r"[a-z]+:", contact):
        contact = f"mailto:{contact}"
    # The first of a month some eleven months on, so that the answer is the same for weeks.
    month = (timezone.now() + timedelta(days=330)).date().replace(day=1)
    expires = datetime.combine(month, time(), tzinfo=timezone.get_default_timezone())
    return _text(
        [
            f"Contact: {contact}",
            f"Expires: {expires.isoformat()}",
            f"Canonical: {absolute(request.path)}",
            f"Preferred-Languages: {request.site.language}",
        ]
    )


def change_password(request):
    """Where password managers lead their owner. https://w3c.github.io/webappsec-change-password-url/"""
    return HttpResponseRedirect(reverse("admin:password_change"))


def _text(lines):
    return HttpResponse("\n".join(lines) + "\n", content_type="text/plain; charset=utf-8")


def view_on_site(request, content_type_id, object_id):
    """Django's own tells whoever is staff where anything is; the address of a draft tells its title."""
    kind = get_object_or_404(ContentType, pk=content_type_id)
    try:
        pages = admin.site.get_model_admin(kind.model_class())
    except NotRegistered as error:
        raise PermissionDenied from error
    thing = pages.get_object(request, object_id)
    if thing and not pages.has_view_or_change_permission(request, thing):
        raise PermissionDenied
    return shortcut(request, content_type_id, object_id)
