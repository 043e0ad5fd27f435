from django.contrib import admin

from blog.models import FeedReader


@admin.register(FeedReader)
class FeedReaderAdmin(admin.ModelAdmin):
    """To be read, and to take out what is no reader any more."""

    list_display = ["name", "path", "subscribers", "seen_at"]
    list_filter = ["name"]
    search_fields = ["name", "path"]

    def has_add_permission(self, request):
        return False

    def has_change_permission(self, request, obj=None):
        return False
