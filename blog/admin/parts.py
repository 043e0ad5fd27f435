"""A series is put in order by hand on its own page: a number before each part; a script lets them be moved instead."""

from django.contrib import admin

from blog import terms

FIELD = "part-"


class OrdersParts(admin.ModelAdmin):
    change_form_template = "admin/blog/series_form.html"

    def render_change_form(self, request, context, *, obj=None, **kwargs):
        parts = terms.parts_of(obj).without_bodies() if obj else []
        is_numbered = any(part.series_order is not None for part in parts)
        return super().render_change_form(
            request, {**context, "parts": parts, "is_numbered": is_numbered}, obj=obj, **kwargs
        )

    def save_related(self, request, form, formsets, change):
        super().save_related(request, form, formsets, change)
        if request.POST.get("by-date"):
            terms.order_by_date(form.instance)
        elif order := order_in(request.POST, terms.parts_of(form.instance).values_list("pk", flat=True)):
            terms.put_in_order(form.instance, order)


def order_in(data, parts):
    """The parts as they were numbered, [] where no number was changed.

    A part that was moved up stands before the one that had its new number, one that was moved down behind it.
    """
    places = {pk: place for place, pk in enumerate(parts, start=1)}
    wanted = {pk: _number(data.get(f"{FIELD}{pk}", "")) or place for pk, place in places.items()}
    if wanted == places:
        return []
    return sorted(places, key=lambda pk: (wanted[pk], _direction(wanted[pk] - places[pk]), places[pk]))


def _number(text):
    return int(text) if text.isdecimal() and len(text) < 7 else None


def _direction(distance):
    return (distance > 0) - (distance < 0)
