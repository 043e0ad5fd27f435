"""Tags, categories and series: renamed, merged into one, taken away, and a series put in order."""

from django import forms
from django.contrib import admin, messages
from django.contrib.admin.helpers import ACTION_CHECKBOX_NAME
from django.db.models import Count, IntegerField, OuterRef, Subquery
from django.db.models.functions import Coalesce
from django.template.response import TemplateResponse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from taggit import admin as taggit_admin  # noqa: F401, registers a model that is not used here
from taggit.models import Tag as UnusedTag

from blog import terms
from blog.admin.bulk import quoted
from blog.admin.parts import OrdersParts
from blog.models import Category, Series, Tag
from blog.paths import term_slug
from blog.revisions.many import noted

MOST_MERGED = 100
admin.site.unregister(UnusedTag)


class TermForm(forms.ModelForm):
    """A new name takes its address along, unless that was another than the name's own."""

    def clean_name(self):
        return " ".join(self.cleaned_data["name"].split())

    def clean_slug(self):
        return self.cleaned_data["slug"].strip().strip("/")

    def clean(self):
        cleaned = super().clean()
        name, slug = cleaned.get("name"), cleaned.get("slug")
        if not name:
            return cleaned
        follows = slug == self.instance.slug == term_slug(self.initial.get("name", ""))
        cleaned["slug"] = term_slug(name) if follows or not slug else slug
        self._check_slug(cleaned["slug"])
        if not self.errors:
            self._check_name(name, cleaned)
        return cleaned

    def _check_slug(self, slug):
        if not slug:
            self.add_error("name", _("No address can be made from this name. Give a slug."))
        elif "/" in slug or slug in (".", ".."):
            self.add_error("slug", _("A slug is one word of an address and has no slash."))

    def _check_name(self, name, cleaned):
        narrow = {key: cleaned[key] for key in ("taxonomy",) if key in cleaned}
        same = terms.same_name(self._meta.model, name, **narrow)
        same |= self._meta.model.objects.filter(slug=cleaned["slug"], **narrow)
        if other := same.exclude(pk=self.instance.pk).first():
            text = _(
                "“{name}” is there already. To make one of both, choose them in the list and merge them."
            )
            self.add_error("name", text.format(name=other.name))


class TermAdmin(admin.ModelAdmin):
    """Names with the number of posts, drafts among them."""

    form = TermForm
    list_display = ["name", "slug", "post_count"]
    search_fields = ["name", "slug"]
    list_per_page = 100
    show_full_result_count = False
    actions = ["merge"]

    def get_queryset(self, request):
        filed, _post, term = terms.LINKS[self.model]
        rows = filed.objects.filter(**{term: OuterRef("pk")}).order_by().values(term)
        counted = Subquery(rows.annotate(count=Count("pk")).values("count"), output_field=IntegerField())
        return super().get_queryset(request).annotate(post_count=Coalesce(counted, 0))

    def save_model(self, request, term, form, change):
        """A post keeps its tags by name, so that a renamed one is a change to its posts."""
        if not (isinstance(term, Tag) and change and "name" in form.changed_data):
            return super().save_model(request, term, form, change)
        note = _("Tag “{old}” renamed “{new}”").format(old=form.initial["name"], new=term.name)
        with noted(terms.filed_under([term]), request.user, note):
            super().save_model(request, term, form, change)

    def delete_model(self, request, term):
        self.delete_queryset(request, [term])

    def delete_queryset(self, request, chosen):
        chosen = list(chosen)
        note = _("{terms} deleted").format(terms=quoted(chosen))
        with noted(terms.filed_under(chosen), request.user, note):
            terms.delete(chosen)

    def get_deleted_objects(self, objs, request):
        """Nobody's post is deleted; how many lose the term is counted, not listed."""
        lacking = set() if self.has_delete_permission(request) else {self.opts.verbose_name}
        counts = {
            self.opts.verbose_name_plural: len(objs),
            _("posts that stay, without it"): terms.filed_under(list(objs)).count(),
        }
        return [str(term) for term in objs], counts, lacking, []

    @admin.display(description=gettext_lazy("posts"), ordering="post_count")
    def post_count(self, term):
        return term.post_count

    @admin.action(description=gettext_lazy("Merge into one …"), permissions=["delete"])
    def merge(self, request, chosen):
        found = list(chosen.order_by("-post_count", "name")[: MOST_MERGED + 1])
        if trouble := self._cannot_merge(found):
            return self.message_user(request, trouble, messages.ERROR)
        into = next((term for term in found if str(term.pk) == request.POST.get("into")), None)
        if into is None:
            return self._ask_which(request, found)
        others = [term for term in found if term != into]
        note = _("{terms} merged into “{name}”").format(terms=quoted(others), name=into)
        with noted(terms.filed_under(others), request.user, note):
            terms.merge(found, into)
        told = ngettext("{count} merged into “{name}”.", "{count} merged into “{name}”.", len(found) - 1)
        self.message_user(request, told.format(count=len(found) - 1, name=into))
        return None

    def _cannot_merge(self, found):
        if len(found) < 2:
            return _("Choose two or more that are to become one.")
        if len(found) > MOST_MERGED:
            return _("Choose no more than {most} at once.").format(most=MOST_MERGED)
        if len({getattr(term, "taxonomy", "") for term in found}) > 1:
            return _("These are of different taxonomies. Only terms of the same one can be merged.")
        return ""

    def _ask_which(self, request, found):
        context = {
            **self.admin_site.each_context(request),
            "opts": self.opts,
            "title": _("Which one stays?"),
            "terms": found,
            "checkbox": ACTION_CHECKBOX_NAME,
        }
        return TemplateResponse(request, "admin/blog/merge.html", context)


@admin.register(Tag)
class TagAdmin(TermAdmin):
    fields = ["name", "slug", "description"]


@admin.register(Category)
class CategoryAdmin(TermAdmin):
    fields = ["name", "slug", "taxonomy", "description"]
    list_display = ["name", "taxonomy", "slug", "post_count"]
    list_filter = ["taxonomy"]


@admin.register(Series)
class SeriesAdmin(OrdersParts, TermAdmin):
    fields = ["name", "slug", "description"]
