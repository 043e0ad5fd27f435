"""What became of an entry: its revisions, any two of them side by side, one on its page, one restored."""

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.db import transaction
from django.http import Http404, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.template.response import TemplateResponse
from django.urls import path, reverse
from django.utils.formats import date_format
from django.utils.timezone import localtime
from django.utils.translation import gettext as _

from blog import raw_html
from blog.keys import is_key
from blog.models import Revision
from blog.revisions import keeping, preview
from blog.revisions.comparing import compare, label
from blog.revisions.keeping import Kind
from blog.revisions.states import digest, state_of
from blog.revisions.work import Work

A_PAGE = 50
NOW = "now"  # the state that the entry has, where no revision has it yet


class History(admin.ModelAdmin):
    def get_urls(self):
        name = f"blog_{self.opts.model_name}_revision"
        view = self.admin_site.admin_view(self.revision_view)
        return [path("<int:pk>/history/<str:revision>/", view, name=name), *super().get_urls()]

    def history_view(self, request, object_id, extra_context=None):
        entry = self._entry(request, object_id)
        if request.method == "POST":
            with transaction.atomic():
                return self._restore(request, entry)
        if "old" in request.GET and "new" in request.GET:
            return self._compare_two(request, entry)
        return self._list_revisions(request, entry)

    def revision_view(self, request, pk, revision):
        """As its page would be."""
        entry = self._entry(request, str(pk))
        revision = self._revision(request, entry, revision)
        return preview.show(request, entry, revision.state, _("Preview: {when}").format(when=when(revision)))

    def _entry(self, request, object_id):
        entry = self.get_object(request, object_id)
        if entry is None:
            raise Http404("There is no such entry.")
        if not self.has_view_or_change_permission(request, entry):
            raise PermissionDenied
        return entry

    def _list_revisions(self, request, entry):
        revisions = Revision.objects.of(entry).newest_first().select_related("user").without_texts()
        page = Paginator(revisions, A_PAGE).get_page(request.GET.get("page"))
        state = state_of(entry)
        shown = list(page)
        if page.number == 1 and (now := keeping.not_noted(entry, state)):
            shown.insert(0, now)
        readers_see = next((revision for revision in shown if revision.is_applied), None)
        for revision in shown:
            is_stored = revision.digest == digest(state)
            revision.is_live = revision is readers_see and is_stored and not entry.draft
            revision.key = revision.pk or NOW
            revision.changed = [label(revision.model, name) for name in revision.changes.get("fields", [])]
        about = {"page": page, "revisions": shown, "may_compare": len(shown) > 1 or page.has_other_pages()}
        return self._history_page(request, entry, "admin/blog/history.html", **about)

    def _compare_two(self, request, entry):
        old, new = (self._revision(request, entry, request.GET[name]) for name in ("old", "new"))
        if old.pk is None or (new.pk and old.pk > new.pk):
            old, new = new, old
        found = compare(self.opts.model_name, old.state, new.state)
        return self._history_page(
            request, entry, "admin/blog/compare.html", old=old, new=new, differences=found
        )

    def _restore(self, request, entry):
        if not self.has_change_permission(request, entry):
            raise PermissionDenied
        revision = self._revision(request, entry, request.POST.get("restore", ""))
        work = Work(state_of(entry), keeping.pending_of(entry), entry.state)
        if refusal := raw_html.refusal(request.user, revision.state, work.states):
            self.message_user(request, _("Nothing is restored.") + " " + refusal, messages.ERROR)
            return HttpResponseRedirect(request.path)
        keeping.restore(entry, revision, request.user)
        told = _("The state of {when} is restored.").format(when=when(revision))
        if not entry.draft:
            told += " " + _("Readers see it once you press “Update”.")
        self.message_user(request, told, messages.SUCCESS)
        return HttpResponseRedirect(reverse(f"admin:blog_{self.opts.model_name}_change", args=[entry.pk]))

    def _revision(self, request, entry, pk):
        if pk == NOW:
            state = state_of(entry)
            return keeping.not_noted(entry, state) or keeping.made(type(entry), entry.pk, Kind.FIRST, state)
        if not is_key(pk):
            raise Http404("There is no such revision.")
        return get_object_or_404(Revision.objects.of(entry).select_related("user"), pk=pk)

    def _history_page(self, request, entry, template, **context):
        shared = {
            **self.admin_site.each_context(request),
            "opts": self.opts,
            "title": _("History of {entry}").format(entry=entry),
            "original": entry,
            "may_write": self.has_change_permission(request, entry),
            "revision_url": f"admin:blog_{self.opts.model_name}_revision",
        }
        return TemplateResponse(request, template, {**shared, **context})


def when(revision):
    if revision.pk is None:
        return _("now")
    return date_format(localtime(revision.made_at), "j F Y, H:i")
