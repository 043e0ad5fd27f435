"""What the form's script asks while somebody writes: keep this, am I still logged in, was that sent.

Answers are JSON, for a text must not be lost because its writer was led to the login. What was kept and never sent is
offered when the form is opened again.
"""

from uuid import uuid4

from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.http import HttpResponseRedirect, JsonResponse
from django.middleware.csrf import get_token
from django.shortcuts import render
from django.urls import path, reverse
from django.utils import timezone
from django.utils.decorators import method_decorator
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache

from blog.admin.conflicts import token_in, typed_in
from blog.admin.editor import refuse
from blog.forms import AUTOSAVE
from blog.keys import is_key
from blog.models import Revision
from blog.revisions import autosaves
from blog.revisions.states import refused, state_in_form
from blog.revisions.work import take_up


class Autosaves(admin.ModelAdmin):
    def get_urls(self):
        kind = self.opts.model_name
        away = self.admin_site.admin_view(self.put_away_view)
        again = self.admin_site.admin_view(self.logged_in_view)
        return [
            path("autosave/", self.autosave_view, name=f"blog_{kind}_autosave"),
            path("autosave/<int:pk>/put-away/", away, name=f"blog_{kind}_put_away"),
            path("logged-in/", again, name=f"blog_{kind}_logged_in"),
            *super().get_urls(),
        ]

    # While somebody writes

    @method_decorator(never_cache)
    def autosave_view(self, request):
        user = request.user
        if not (user.is_active and user.is_staff and self._may_write(request)):
            return refuse(_("Your login has ended. Your text is kept in this browser."), 403)
        if request.method == "POST":
            return self._autosave(request)
        writing = request.GET.get("writing", "")
        kept = autosaves.newest(user, writing)
        sent = autosaves.sent_of(writing) if autosaves.is_writing(writing) else None
        state = {"typed": kept and kept.typed, "sent": sent and autosaves.words_of(sent.state)}
        return JsonResponse({"user": user.pk, "token": get_token(request), **state})

    def _may_write(self, request):
        return self.has_add_permission(request) or self.has_change_permission(request)

    def _autosave(self, request):
        entry = self._entry_written(request.POST.get("entry", ""))
        writing = request.POST.get("writing", "")
        if entry is None or not autosaves.is_writing(writing):
            return refuse(
                _("This text is gone from the site, so its changes are kept in this browser alone."), 404
            )
        allowed = self.has_change_permission(request, entry) if entry.pk else self.has_add_permission(request)
        if not allowed:
            return refuse(
                _("You may not change this text. Your changes are kept in this browser alone."), 403
            )
        take_up(entry)
        form = self._form(request, entry)
        form.full_clean()
        state = state_in_form(form, entry.work.state) | {
            "slug": form.data.get("slug", "")[:250].replace("\0", "")
        }
        began = token_in(request.POST)
        about = (state, self._typed(request), began, entry.work.state)
        autosaves.save(entry, request.user, writing, *about, is_whole=not refused(form))
        warnings = [self._newer(entry, began), *form.errors.get("body", [])]
        return JsonResponse({"at": _clock(timezone.now()), "newer": " · ".join(filter(None, warnings))})

    def _typed(self, request):
        return {name: values for name, values in typed_in(request.POST).items() if name != "entry"}

    def _entry_written(self, pk):
        if not pk:
            return self.model()
        return self.model.objects.filter(pk=pk).first() if is_key(pk) else None

    def _newer(self, entry, began):
        """A warning, long before the form is sent."""
        if not entry.pk or began in ("", entry.work.token):
            return ""
        newest = Revision.objects.of(entry).kept().select_related("user").without_texts().first()
        who = str(newest.user) if newest and newest.user else _("Somebody")
        return _("{who} has saved this meanwhile. When you save, you will see both.").format(who=who)

    # When the form is opened

    def autosave_asked_for(self, request, entry):
        if request.method != "GET" or AUTOSAVE[1:] not in request.GET:
            return None
        return autosaves.own(request.user, request.GET[AUTOSAVE[1:]], self.opts.model_name, entry)

    def get_changeform_initial_data(self, request):
        initial = super().get_changeform_initial_data(request)
        autosave = self.autosave_asked_for(request, None)
        return {**initial, AUTOSAVE: autosave} if autosave else initial

    def render_change_form(self, request, context, add=False, change=False, form_url="", obj=None):
        work = getattr(obj, "work", None)
        resumed = work.autosave if work else context["adminform"].form.resumed
        writing = resumed.writing if resumed else request.POST.get("writing", "")
        writing = writing if autosaves.is_writing(writing) else uuid4().hex
        kind = self.opts.model_name
        about = {
            "writing": writing,
            "resumed": resumed,
            "began": request.POST.get("began") or (work.began if work else ""),
            "offers": autosaves.offered(request.user, kind, obj, except_for=writing),
            "autosave_url": reverse(f"admin:blog_{kind}_autosave"),
            "away_url": f"admin:blog_{kind}_put_away",
            "login_url": reverse("login", query={"next": reverse(f"admin:blog_{kind}_logged_in")}),
        }
        return super().render_change_form(request, {**context, **about}, add, change, form_url, obj)

    def put_away_view(self, request, pk):
        if not self._may_write(request):
            raise PermissionDenied
        if request.method == "POST":
            autosaves.put_away(request.user, pk)
        entry = request.POST.get("entry", "")
        kind = self.opts.model_name
        deed, arguments = ("change", [entry]) if is_key(entry) else ("add", [])
        return HttpResponseRedirect(reverse(f"admin:blog_{kind}_{deed}", args=arguments))

    def logged_in_view(self, request):
        """Where a login leads that was asked for in the middle of writing."""
        if not self._may_write(request):
            raise PermissionDenied
        return render(request, "admin/blog/logged_in.html", self.admin_site.each_context(request))


def _clock(moment):
    return date_format(timezone.localtime(moment), "H:i")
