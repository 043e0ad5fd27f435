"""Where old addresses lead: the list of redirects, and the form that writes one by hand."""

import re
from urllib.parse import unquote, urlsplit

from django import forms
from django.contrib import admin
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from blog import addresses, old_paths
from blog.models import Alias, MissingPath, Page, Post


class RedirectForm(forms.ModelForm):
    to = forms.CharField(
        label=gettext_lazy("Leads to"),
        required=False,
        max_length=800,
        help_text=gettext_lazy(
            "The address of a post, a page or a list on this site. Left empty, readers and search engines are told that "
            "it is gone for good."
        ),
        widget=forms.TextInput(attrs={"class": "vLargeTextField"}),
    )

    class Meta:
        model = Alias
        fields = ["path"]
        widgets = {"path": forms.TextInput(attrs={"class": "vLargeTextField"})}
        help_texts = {"path": gettext_lazy("Such as /2012/05/an-old-post.html.")}
        error_messages = {"path": {"unique": gettext_lazy("There is a redirect from this address already.")}}

    request = None  # the admin says who asks, for what is shown depends on it

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["to"].initial = self.instance.leads_to

    def clean_path(self):
        path = path_in(self.cleaned_data["path"])
        if not path.startswith("/") or path.startswith("//") or re.search(r"[?#\x00-\x1f]", path):
            text = _(
                "The address is a path on this site, such as /about/. What stands behind ? or # is not looked at."
            )
            raise forms.ValidationError(text)
        if owner := entry_at(path):
            text = _("This is the address of “{title}”. A redirect is only looked for where nothing is.")
            raise forms.ValidationError(text.format(title=owner))
        if old_paths.answers(self.request, path):
            text = _("The site shows something at {path}. A redirect is only looked for where nothing is.")
            raise forms.ValidationError(text.format(path=path))
        return path

    def clean_to(self):
        to = path_in(self.cleaned_data["to"])
        if to and (trouble := addresses.odd(to)):
            raise forms.ValidationError(trouble)
        return to

    def clean(self):
        cleaned = super().clean()
        if {"path", "to"} <= set(cleaned):
            try:
                self._point(*self._end_of_way(cleaned["path"], cleaned["to"]))
            except forms.ValidationError as error:
                self.add_error("to", error)
        return cleaned

    def _end_of_way(self, path, to):
        """The entry, or the path of a list, to which this would lead in the end: never to another redirect."""
        way, end = {bare(path)}, to
        while end:
            if bare(end) in way:
                raise forms.ValidationError(loop(path, to))
            way.add(bare(end))
            if entry := entry_at(end):
                return entry, ""
            onward = Alias.objects.exclude(pk=self.instance.pk).filter(path__in=spellings(end)).first()
            if onward is None:
                return None, self._shown(end)
            if onward.entry:
                return onward.entry, ""
            end = onward.target or self._shown(end)
        return None, ""

    def _shown(self, path):
        if not old_paths.answers(self.request, path):
            raise forms.ValidationError(_("Nothing is shown at {path}.").format(path=path))
        return path

    def _point(self, entry, target):
        alias = self.instance
        alias.post = entry if isinstance(entry, Post) else None
        alias.page = entry if isinstance(entry, Page) else None
        alias.target, alias.imported = target, False


def loop(path, to):
    if bare(path) == bare(to):
        return _("It would lead to itself.")
    return _("{to} leads back to {path}: a reader would go round in circles.").format(path=path, to=to)


def bare(path):
    return path.rstrip("/")


def spellings(path):
    return [bare(path) or "/", f"{bare(path)}/"]


def path_in(typed):
    """The path of what was typed or pasted: with or without the site's name, with escapes or without."""
    typed = typed.strip()
    path = urlsplit(typed).path if "://" in typed else typed
    return unquote(path)


def entry_at(path):
    for model in (Post, Page):
        if found := model.objects.filter(path__in=spellings(path)).first():
            return found
    return None


def namesake(path):
    """The path of what is called as the last part of this path; "" if there is nothing."""
    name = bare(path).rpartition("/")[2].removesuffix(".html").removesuffix(".htm")
    for model in (Post, Page) if name else ():
        if found := model.objects.published().filter(slug=name).values_list("path", flat=True).first():
            return found
    return ""


class KindFilter(admin.SimpleListFilter):
    title = gettext_lazy("target")
    parameter_name = "kind"

    def lookups(self, request, model_admin):
        return [
            ("entry", gettext_lazy("A post or page")),
            ("list", gettext_lazy("A list")),
            ("gone", gettext_lazy("Nothing: gone for good")),
        ]

    def queryset(self, request, aliases):
        no_entry = aliases.filter(post=None, page=None)
        if self.value() == "entry":
            return aliases.exclude(post=None, page=None)
        if self.value() == "list":
            return no_entry.exclude(target="")
        return no_entry.filter(target="") if self.value() == "gone" else aliases


@admin.register(Alias)
class AliasAdmin(admin.ModelAdmin):
    form = RedirectForm
    list_display = ["path", "where", "origin"]
    list_filter = [KindFilter, "imported"]
    list_select_related = ["post", "page"]
    search_fields = ["path", "target", "post__title", "post__path", "page__title", "page__path"]
    fields = ["path", "to"]
    show_full_result_count = False

    def get_form(self, request, obj=None, **kwargs):
        form = super().get_form(request, obj, **kwargs)
        form.request = request
        return form

    def get_changeform_initial_data(self, request):
        """Whoever comes from an address that was not found is offered the entry that has its name."""
        path = path_in(request.GET.get("path", ""))
        return {"path": path, "to": path and namesake(path)}

    def save_model(self, request, alias, form, change):
        addresses.point(alias)
        MissingPath.objects.filter(path__in=spellings(alias.path)).delete()

    @admin.display(description=gettext_lazy("origin"), ordering="imported")
    def origin(self, alias):
        return _("imported") if alias.imported else _("made here")

    @admin.display(description=gettext_lazy("leads to"))
    def where(self, alias):
        if alias.is_gone:
            return _("gone for good")
        return format_html('<a href="{}">{}</a>', alias.leads_to, alias.entry or unquote(alias.leads_to))
