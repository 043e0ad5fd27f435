"""Draft links are made and taken back by whoever may change the entry."""

from datetime import timedelta

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import path
from django.utils import timezone
from django.utils.translation import gettext as _

from blog.keys import is_key
from blog.models import DraftLink
from config.links import absolute

DAYS = (1, 7, 30)
USUAL = 7


class DraftLinks(admin.ModelAdmin):
    def get_urls(self):
        view = self.admin_site.admin_view(self.links_view)
        return [path("<int:pk>/links/", view, name=f"blog_{self.opts.model_name}_links"), *super().get_urls()]

    def links_view(self, request, pk):
        entry = self.get_object(request, str(pk))
        if entry is None:
            raise Http404("There is no such entry.")
        if not self.has_change_permission(request, entry):
            raise PermissionDenied
        links = DraftLink.objects.filter(**{self.opts.model_name: entry})
        if request.method == "POST":
            self.message_user(request, self._change(request, entry, links), messages.SUCCESS)
            return HttpResponseRedirect(request.path)
        shown = [(link, absolute(link.get_absolute_url())) for link in links.usable().select_related("user")]
        context = {
            **self.admin_site.each_context(request),
            "opts": self.opts,
            "title": _("Draft links to {entry}").format(entry=entry),
            "original": entry,
            "links": shown,
            "days": DAYS,
            "usual": USUAL,
        }
        return TemplateResponse(request, "admin/blog/links.html", context)

    def _change(self, request, entry, links):
        revoked = request.POST.get("revoke", "")
        if revoked:
            links.filter(pk=int(revoked) if is_key(revoked) else None).delete()
            return _("The link is taken back. Whoever opens it finds nothing.")
        links.exclude(pk__in=links.usable()).delete()
        asked = request.POST.get("days", "")
        days = int(asked) if asked in map(str, DAYS) else USUAL
        DraftLink.objects.create(
            **{self.opts.model_name: entry},
            user=request.user,
            expires_at=timezone.now() + timedelta(days=days),
        )
        return _("Here is a new link. Whoever knows it can read the newest state, without logging in.")
