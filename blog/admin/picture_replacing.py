"""Another picture is put in the place of one that is shown already."""

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.http import HttpResponseRedirect
from django.urls import path, reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from blog import library, pictures
from blog.admin.picture_adding import not_too_large
from blog.formfields import PictureField
from blog.models import Picture


class PictureForm(forms.ModelForm):
    replacement = PictureField(
        label=gettext_lazy("Replace with"),
        required=False,
        help_text=gettext_lazy("Every post and page that uses the picture shows the new one."),
    )

    class Meta:
        model = Picture
        fields = ["alt"]
        widgets = {"alt": forms.TextInput(attrs={"class": "vLargeTextField"})}

    user = None

    def clean(self):
        """The new picture is stored here, for only what was stored has been understood."""
        cleaned = super().clean()
        self.shown = self.instance
        file = cleaned.get("replacement")
        if file and not self.errors:
            self.instance.alt = cleaned["alt"]
            try:
                self.shown = library.replace(self.instance, file, given_name=file.name, user=self.user)
            except pictures.PictureError as error:
                self.add_error("replacement", str(error))
        return cleaned


class ReplacesPictures(admin.ModelAdmin):
    form = PictureForm

    def get_urls(self):
        def own(view):
            return self.admin_site.admin_view(view)

        return [
            path("<int:pk>/change/", not_too_large(own(self.change_one)), name="blog_picture_change"),
            path("<int:pk>/follow/", own(self.follow), name="blog_picture_follow"),
            *super().get_urls(),
        ]

    def change_one(self, request, pk):
        return self.change_view(request, str(pk))

    def get_form(self, request, obj=None, change=False, **kwargs):
        form = super().get_form(request, obj, change=change, **kwargs)
        form.user = request.user
        return form

    def response_change(self, request, picture):
        new = picture.replaced_by
        if "replacement" not in request.FILES:
            return super().response_change(request, picture)
        if new is None:
            self.message_user(request, _("The picture was replaced, at the same address."))
            return HttpResponseRedirect(reverse("admin:blog_picture_change", args=[picture.pk]))
        return self._go_on(request, picture)

    def follow(self, request, pk):
        picture = self.get_object(request, str(pk))
        if not self.has_change_permission(request, picture):
            raise PermissionDenied
        if request.method != "POST" or picture is None or picture.replaced_by is None:
            return HttpResponseRedirect(reverse("admin:blog_picture_changelist"))
        return self._go_on(request, picture)

    def _go_on(self, request, old):
        moved, left = library.follow(old)
        told = ngettext(
            "{count} entry shows the new picture.", "{count} entries show the new picture.", moved
        )
        self.message_user(request, told.format(count=moved))
        if not left:
            return HttpResponseRedirect(reverse("admin:blog_picture_change", args=[old.replaced_by_id]))
        told = ngettext("{count} still shows the old one.", "{count} still show the old one.", left)
        if not moved:
            told += " " + _("They name it outside their texts, which is not changed here.")
        self.message_user(request, told.format(count=left), messages.WARNING)
        return HttpResponseRedirect(reverse("admin:blog_picture_change", args=[old.pk]))
