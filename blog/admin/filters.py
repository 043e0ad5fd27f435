"""Filters of the lists: few choices, each counted or bounded, so that thousands of tags stay a short list."""

from django.contrib import admin
from django.db.models import Count
from django.utils.translation import gettext_lazy as _

from blog.models import Post, Tag

MOST_USED = 20


class StateFilter(admin.SimpleListFilter):
    title = _("state")
    parameter_name = "state"

    def lookups(self, request, model_admin):
        return [
            ("drafts", _("Drafts")),
            ("scheduled", _("Scheduled")),
            ("published", _("Published")),
            ("expired", _("Expired")),
        ]

    def queryset(self, request, queryset):
        if self.value() in dict(self.lookup_choices):
            return getattr(queryset, self.value())()
        return queryset


class TagFilter(admin.SimpleListFilter):
    """The tags used most, and whichever one was asked for by its slug."""

    title = _("tag")
    parameter_name = "tag"

    def lookups(self, request, model_admin):
        counted = Tag.objects.annotate(uses=Count("taggings")).order_by("-uses", "name")
        choices = list(counted.filter(uses__gt=0).values_list("slug", "name")[:MOST_USED])
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
        years = Post.objects.datetimes("published_at", "year", order="DESC")
        return [(str(at.year), str(at.year)) for at in years]

    def queryset(self, request, queryset):
        year = self.value() or ""
        return (
            queryset.filter(published_at__year=int(year)) if year.isdecimal() and len(year) < 5 else queryset
        )
