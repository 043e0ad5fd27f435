"""Where old addresses lead, and the files that came with the site. Both are written elsewhere and looked after here."""

from django.contrib import admin
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _

from blog.models import Alias, File


@admin.register(Alias)
class AliasAdmin(admin.ModelAdmin):
    list_display = ["path", "leads_to", "imported"]
    list_filter = ["imported"]
    list_select_related = ["post", "page"]
    search_fields = ["path", "post__title", "page__title"]
    fields = ["path", "post", "page"]
    raw_id_fields = ["post", "page"]
    show_full_result_count = False

    @admin.display(description=_("leads to"))
    def leads_to(self, alias):
        return format_html('<a href="{}">{}</a>', alias.entry.get_absolute_url(), alias.entry)


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
