"""What the buttons below a form do, and what each leaves behind.

What readers see changes by "Publish", "Update" and "Unpublish" alone. "Save draft" keeps a published entry's new state
beside the old one.
"""

from django.contrib import admin, messages
from django.http import HttpResponseRedirect
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.html import format_html
from django.utils.timezone import localtime
from django.utils.translation import gettext as _

from blog import picture_words
from blog.forms import DRAFT, PUBLISH, UNPUBLISH
from blog.revisions import autosaves, keeping
from blog.revisions.states import state_in_form
from blog.revisions.work import take_up

Kind = keeping.Kind


class Deeds(admin.ModelAdmin):
    def get_object(self, request, object_id, from_field=None):
        entry = super().get_object(request, object_id, from_field)
        match = request.resolver_match
        if entry and match and (match.url_name or "").endswith(("_change", "_add")):
            take_up(entry, self.autosave_asked_for(request, entry))
        return entry

    def save_model(self, request, entry, form, change):
        if change:
            keeping.catch_up(entry, entry.work.live)
        if form.is_beside_live:
            state = state_in_form(form, entry.work.state) | {"slug": entry.slug}
            about = {"began": entry.work.live_digest, "writing": self._writing(request)}
            keeping.keep_pending(entry, Kind.DRAFT, request.user, state, **about)
        else:
            super().save_model(request, entry, form, change)

    def save_related(self, request, form, formsets, change):
        writing = self._writing(request)
        if not form.is_beside_live:
            super().save_related(request, form, formsets, change)
            began = form.instance.work.live_digest if change else ""
            keeping.keep(form.instance, self._kind(form), request.user, began=began, writing=writing)
            picture_words.learn(form.instance)
        autosaves.sent(form.instance, request.user, writing)

    def _writing(self, request):
        writing = request.POST.get("writing", "")
        return writing if autosaves.is_writing(writing) else ""

    def _kind(self, form):
        if form.deed == PUBLISH:
            return Kind.SCHEDULE if form.instance.is_scheduled else Kind.PUBLISH
        return {DRAFT: Kind.DRAFT, UNPUBLISH: Kind.UNPUBLISH}.get(form.deed, Kind.UPDATE)

    def response_add(self, request, obj, post_url_continue=None):
        return self._answer(request, obj) or super().response_add(request, obj, post_url_continue)

    def response_change(self, request, obj):
        return self._answer(request, obj) or super().response_change(request, obj)

    def _answer(self, request, entry):
        """Back to the form, for the sake of going on; a sentence says what readers have now."""
        if "_popup" in request.POST or not self.has_change_permission(request, entry):
            return None
        self.message_user(request, self._sentence(entry, request.POST), messages.SUCCESS)
        name = f"admin:{self.opts.app_label}_{self.opts.model_name}_change"
        return HttpResponseRedirect(reverse(name, args=[entry.pk]))

    def _sentence(self, entry, data):
        stored = self.model.objects.only("draft", "public_at", "expires_at", "path").get(pk=entry.pk)
        if "_unpublish" in data:
            return _("Unpublished. It is a draft again, and readers no longer find it.")
        if stored.draft:
            return _("Draft saved.")
        if "_save_draft" in data:
            return _("Draft saved. Readers still see it as it was; “Update” shows them your changes.")
        if stored.is_scheduled:
            at = date_format(localtime(stored.public_at), "j F Y, H:i")
            return _("Scheduled: readers see it from {moment} on.").format(moment=at)
        if stored.is_expired:
            return _("Saved. It has expired, so readers do not find it.")
        told = _("Published.") if "_publish" in data else _("Updated.")
        return format_html('{} <a href="{}">{}</a>', told, stored.path, _("See it on the site"))

    def render_change_form(self, request, context, add=False, change=False, form_url="", obj=None):
        work = getattr(obj, "work", None)
        about = {
            "work": work,
            "now": timezone.now(),
            "is_live": bool(work) and work.condition != "draft",
            "may_write": self.has_change_permission(request, obj) if change else True,
        }
        return super().render_change_form(request, {**context, **about}, add, change, form_url, obj)
