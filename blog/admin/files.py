"""The files that came with the site. They are written elsewhere and looked after here."""

from django.contrib import admin
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _

from blog.models import File


@admin.register(File)
class FileAdmin(admin.ModelAdmin):
    list_display = ["path", "look"]
    search_fields = ["path"]
    fields = ["path", "file"]
    show_full_result_count = False

    def has_add_permission(self, request):
        return False

    def has_change_permission(self, request, obj=None):
        return False

    @admin.display(description=_("file"))
    def look(self, file):
        return format_html('<a href="{}">{}</a>', file.get_absolute_url(), _("Open"))
