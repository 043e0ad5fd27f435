"""The addresses that readers did not find, the most wanted first: each is led on, said to be gone, or ignored."""

from django.contrib import admin
from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from blog import addresses
from blog.models import MissingPath


class IgnoredFilter(admin.SimpleListFilter):
    """What nobody has decided about, unless something else is asked for."""

    title = _("state")
    parameter_name = "state"

    def lookups(self, request, model_admin):
        return [("open", _("Undecided")), ("ignored", _("Ignored"))]

    def choices(self, changelist):
        for value, label in self.lookup_choices:
            query = changelist.get_query_string({self.parameter_name: value})
            yield {"selected": value == (self.value() or "open"), "query_string": query, "display": label}

    def queryset(self, request, missing):
        return missing.filter(is_ignored=self.value() == "ignored")


@admin.register(MissingPath)
class MissingPathAdmin(admin.ModelAdmin):
    list_display = ["path", "count", "way_out", "referrer", "seen_at"]
    list_filter = [IgnoredFilter]
    search_fields = ["path", "referrer"]
    fields = ["path", "count", "seen_at", "referrer", "is_ignored"]
    readonly_fields = ["path", "count", "seen_at", "referrer"]
    actions = ["ignore", "notice", "say_gone"]
    list_per_page = 50
    show_full_result_count = False
    empty_value_display = "–"

    def has_add_permission(self, request):
        return False

    def get_queryset(self, request):
        return super().get_queryset(request).unanswered()

    @admin.display(description=_("what to do"))
    def way_out(self, missing):
        address = reverse("admin:blog_alias_add", query={"path": missing.path})
        return format_html('<a href="{}">{}</a>', address, _("Make a redirect"))

    @admin.action(description=_("Ignore"), permissions=["change"])
    def ignore(self, request, chosen):
        count = chosen.update(is_ignored=True)
        told = ngettext("{count} address is ignored.", "{count} addresses are ignored.", count)
        self.message_user(request, told.format(count=count))

    @admin.action(description=_("Ignore no longer"), permissions=["change"])
    def notice(self, request, chosen):
        count = chosen.update(is_ignored=False)
        told = ngettext("{count} address is listed again.", "{count} addresses are listed again.", count)
        self.message_user(request, told.format(count=count))

    @admin.action(description=_("Say that it is gone for good"), permissions=["gone"])
    def say_gone(self, request, chosen):
        paths = list(chosen.values_list("path", flat=True))
        for path in paths:
            addresses.lead(path, "")
        MissingPath.objects.filter(path__in=paths).delete()
        told = ngettext(
            "{count} address is gone for good.", "{count} addresses are gone for good.", len(paths)
        )
        self.message_user(request, told.format(count=len(paths)))

    def has_gone_permission(self, request):
        return request.user.has_perm("blog.add_alias")
