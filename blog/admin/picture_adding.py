"""Pictures come into the library, several at once."""

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.http import HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import path, reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.csrf import csrf_exempt, csrf_protect

from blog import library, pictures
from blog.admin.editor import FORM_BYTES
from blog.formfields import PicturesField

MOST_AT_ONCE = 20


class AddForm(forms.Form):
    images = PicturesField(
        label=gettext_lazy("Pictures"),
        help_text=gettext_lazy("One or several, each of no more than 10 MB."),
    )
    alt = forms.CharField(
        label=gettext_lazy("In words"),
        required=False,
        max_length=500,
        help_text=gettext_lazy("What it shows, for readers who cannot see it. For one picture."),
    )


def not_too_large(view):
    """Refuses by the announced length: whoever sends 200 MB is told so before they are read."""
    protected = csrf_protect(view)

    def guarded(request, *args, **kwargs):
        length = request.META.get("CONTENT_LENGTH") or "0"
        limit = MOST_AT_ONCE * pictures.MAX_BYTES + FORM_BYTES
        if not length.isdecimal() or int(length) > limit:
            text = _("That is more than {limit} MB. Send fewer pictures at once.")
            messages.error(request, text.format(limit=limit // 1024 // 1024))
            return HttpResponseRedirect(request.path)
        return protected(request, *args, **kwargs)

    return csrf_exempt(guarded)


class AddsPictures(admin.ModelAdmin):
    def get_urls(self):
        view = not_too_large(self.admin_site.admin_view(self.add_pictures))
        return [path("add/", view, name="blog_picture_add"), *super().get_urls()]

    def add_pictures(self, request):
        if not self.has_add_permission(request):
            raise PermissionDenied
        form = AddForm(request.POST, request.FILES) if request.method == "POST" else AddForm()
        if request.method == "POST" and form.is_valid() and (added := self._add(request, form)):
            if len(added) == 1 and not form.errors:
                return HttpResponseRedirect(reverse("admin:blog_picture_change", args=[added[0].pk]))
            if not form.errors:
                return HttpResponseRedirect(reverse("admin:blog_picture_changelist"))
        context = {
            **self.admin_site.each_context(request),
            "opts": self.opts,
            "title": _("Add pictures"),
            "form": form,
            "media": self.media,
        }
        return TemplateResponse(request, "admin/blog/picture_add.html", context)

    def _add(self, request, form):
        """Each by itself: one that is refused keeps no other from being taken."""
        files, added = form.cleaned_data["images"], []
        alt = form.cleaned_data["alt"] if len(files) == 1 else ""
        for file in files[:MOST_AT_ONCE]:
            try:
                added.append(library.add(file, given_name=file.name, user=request.user, alt=alt))
            except pictures.PictureError as error:
                form.add_error("images", f"{file.name}: {error}")
        if len(files) > MOST_AT_ONCE:
            text = _("Only the first {most} were looked at. Send the others by themselves.")
            form.add_error("images", text.format(most=MOST_AT_ONCE))
        if added:
            told = ngettext(
                "{count} picture is in the library.", "{count} pictures are in the library.", len(added)
            )
            self.message_user(request, told.format(count=len(added)))
        return added
