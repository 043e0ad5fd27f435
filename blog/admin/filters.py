"""Filters of the lists: few choices, each counted or bounded, so that thousands of tags stay a short list."""

from django.contrib import admin
from django.db.models import Count
from django.utils.translation import gettext_lazy as _

from blog import counting, rights
from blog.models import Post, Tag, Tagging

MOST_USED = 20


class StateFilter(admin.SimpleListFilter):
    """Tabs, each with the number of entries that this person would find there."""

    title = _("state")
    parameter_name = "state"
    is_tab = True

    def __init__(self, request, params, model, model_admin):
        super().__init__(request, params, model, model_admin)
        self.counts = model.objects.open_to(request.user).count_states()

    def lookups(self, request, model_admin):
        return [
            ("drafts", _("Drafts")),
            ("scheduled", _("Scheduled")),
            ("published", _("Published")),
            ("expired", _("Expired")),
        ]

    def choices(self, changelist):
        for choice, value in zip(super().choices(changelist), ["all", *self._values()], strict=True):
            if self.counts[value] or value in ("all", "drafts", "published") or choice["selected"]:
                yield {**choice, "count": self.counts[value]}

    def _values(self):
        return [value for value, _label in self.lookup_choices]

    def queryset(self, request, queryset):
        if self.value() in dict(self.lookup_choices):
            return getattr(queryset, self.value())()
        return queryset


class MineFilter(admin.SimpleListFilter):
    """For whoever sees others' posts: their own."""

    title = _("whose")
    parameter_name = "whose"
    is_tab = True

    def __init__(self, request, params, model, model_admin):
        self.user = request.user
        super().__init__(request, params, model, model_admin)

    def lookups(self, request, model_admin):
        return [("mine", _("Mine"))] if rights.sees_all(request.user, "post") else []

    def has_output(self):
        return bool(self.lookup_choices)

    def choices(self, changelist):
        everybody, mine = super().choices(changelist)
        yield {**everybody, "display": _("Everybody’s"), "count": ""}
        yield {**mine, "count": Post.objects.by(self.user).count()}

    def queryset(self, request, queryset):
        return queryset.by(self.user) if self.value() == "mine" else queryset


class TagFilter(admin.SimpleListFilter):
    """The tags used most, and whichever one was asked for by its slug."""

    title = _("tag")
    parameter_name = "tag"

    def lookups(self, request, model_admin):
        uses = Tagging.objects.order_by().values("tag").annotate(uses=Count("pk"))
        most = [row["tag"] for row in uses.order_by("-uses", "tag")[:MOST_USED]]
        tags = Tag.objects.in_bulk(most)
        choices = [(tags[pk].slug, tags[pk].name) for pk in most]
        asked = self.value()
        if asked and asked not in dict(choices):
            choices += Tag.objects.filter(slug=asked).values_list("slug", "name")
        return choices

    def queryset(self, request, queryset):
        return queryset.filter(tags__slug=self.value()) if self.value() else queryset


class YearFilter(admin.SimpleListFilter):
    title = _("year")
    parameter_name = "year"

    def lookups(self, request, model_admin):
        return [(str(year), str(year)) for year in counting.years()]

    def queryset(self, request, queryset):
        year = self.value() or ""
        return (
            queryset.filter(published_at__year=int(year)) if year.isdecimal() and len(year) < 5 else queryset
        )
