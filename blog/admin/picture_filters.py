"""Which pictures a list shows: by use, and by where they come from."""

from django.contrib import admin
from django.db.models import Q
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy


class UseFilter(admin.SimpleListFilter):
    title = gettext_lazy("use")
    parameter_name = "use"
    is_tab = True

    def __init__(self, request, params, model, model_admin):
        super().__init__(request, params, model, model_admin)
        self.found = model.objects.open_to(request.user)

    def lookups(self, request, model_admin):
        return [("used", _("Used")), ("unused", _("Unused"))]

    def choices(self, changelist):
        total, unused = self.found.count(), self.found.unused().count()
        counts = [total, total - unused, unused]
        for choice, count in zip(super().choices(changelist), counts, strict=True):
            yield {**choice, "count": count}

    def queryset(self, request, queryset):
        return getattr(queryset, self.value())() if self.value() in ("used", "unused") else queryset


class KindFilter(admin.SimpleListFilter):
    title = gettext_lazy("kind")
    parameter_name = "kind"

    def lookups(self, request, model_admin):
        return [
            ("uploaded", _("Uploaded here")),
            ("imported", _("Came with the site")),
            ("wordless", _("Without words")),
            ("replaced", _("Replaced")),
        ]

    def queryset(self, request, queryset):
        conditions = {
            "uploaded": Q(file=None),
            "imported": Q(file__isnull=False),
            "wordless": Q(alt=""),
            "replaced": Q(replaced_by__isnull=False),
        }
        return queryset.filter(conditions.get(self.value(), Q()))
