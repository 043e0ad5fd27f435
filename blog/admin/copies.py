"""A new entry that begins as a copy of another. Nothing is stored before its author saves it."""

from django.contrib import admin
from django.utils.translation import gettext as _

from blog import rights
from blog.keys import is_key

COPIED = [
    *("body", "markup", "summary", "description", "show_toc", "cover", "cover_alt"),
    *("listed", "discussion", "comments_close_after", "language"),
]


class Copies(admin.ModelAdmin):
    def get_changeform_initial_data(self, request):
        initial = super().get_changeform_initial_data(request)
        original = self._original(request)
        return initial if original is None else {**initial, **self.copied(original)}

    def copied(self, original):
        title = _("Copy of {title}").format(title=original.title)[:500]
        return {"title": title, **{name: getattr(original, name) for name in COPIED}}

    def _original(self, request):
        pk = request.GET.get("copy", "")
        original = self.model.objects.filter(pk=pk).first() if is_key(pk) else None
        return original if original and rights.may_look(request.user, original) else None
