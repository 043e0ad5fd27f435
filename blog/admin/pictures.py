"""The picture library: what there is, what it shows in words, where it is used; added, replaced, taken away."""

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.db.models import Q
from django.http import HttpResponseRedirect, JsonResponse
from django.template.response import TemplateResponse
from django.urls import path, reverse
from django.utils.decorators import method_decorator
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt, csrf_protect
from django.views.generic import View

from blog import library, pictures, rights, variants
from blog.admin.editor import FORM_BYTES, for_writers
from blog.admin.own import OpenRows
from blog.formfields import PictureField, PicturesField
from blog.models import Picture

A_LIST = 40
MOST_AT_ONCE = 20


class AddForm(forms.Form):
    images = PicturesField(
        label=gettext_lazy("Pictures"),
        help_text=gettext_lazy("One or several, each of no more than 10 MB."),
    )
    alt = forms.CharField(
        label=gettext_lazy("In words"),
        required=False,
        max_length=500,
        help_text=gettext_lazy("What it shows, for readers who cannot see it. For one picture."),
    )


class PictureForm(forms.ModelForm):
    replacement = PictureField(
        label=gettext_lazy("Replace with"),
        required=False,
        help_text=gettext_lazy("Every post and page that uses the picture shows the new one."),
    )

    class Meta:
        model = Picture
        fields = ["alt"]
        widgets = {"alt": forms.TextInput(attrs={"class": "vLargeTextField"})}

    user = None

    def clean(self):
        """The new picture is stored here, for only what was stored has been understood."""
        cleaned = super().clean()
        self.shown = self.instance
        file = cleaned.get("replacement")
        if file and not self.errors:
            self.instance.alt = cleaned["alt"]
            try:
                self.shown = library.replace(self.instance, file, given_name=file.name, user=self.user)
            except pictures.PictureError as error:
                self.add_error("replacement", str(error))
        return cleaned


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


def not_too_large(view):
    """Refuses by the announced length: whoever sends 200 MB is told so before they are read."""
    protected = csrf_protect(view)

    def guarded(request, *args, **kwargs):
        length = request.META.get("CONTENT_LENGTH") or "0"
        limit = MOST_AT_ONCE * pictures.MAX_BYTES + FORM_BYTES
        if not length.isdecimal() or int(length) > limit:
            text = _("That is more than {limit} MB. Send fewer pictures at once.")
            messages.error(request, text.format(limit=limit // 1024 // 1024))
            return HttpResponseRedirect(request.path)
        return protected(request, *args, **kwargs)

    return csrf_exempt(guarded)


@admin.register(Picture)
class PictureAdmin(OpenRows, admin.ModelAdmin):
    form = PictureForm
    change_list_template = "admin/blog/entry_list.html"
    change_form_template = "admin/blog/picture_form.html"
    list_display = ["thumbnail", "named", "measures", "use_number", "markdown"]
    list_display_links = ["named"]
    list_filter = [UseFilter, KindFilter]
    search_fields = ["given_name", "alt", "address"]
    list_per_page = 50
    show_full_result_count = False
    fields = ["alt", "markdown", "about", "replacement"]
    readonly_fields = ["markdown", "about"]
    actions = None

    class Media:
        css = {"all": ["css/pictures.css"]}
        js = [forms.Script("js/pictures.js", type="module")]

    def get_urls(self):
        def own(view):
            return self.admin_site.admin_view(view)

        return [
            path("add/", not_too_large(own(self.add_pictures)), name="blog_picture_add"),
            path("<int:pk>/change/", not_too_large(own(self.change_one)), name="blog_picture_change"),
            path("<int:pk>/follow/", own(self.follow), name="blog_picture_follow"),
            path("list.json", PictureListView.as_view(), name="blog_picture_list"),
            *super().get_urls(),
        ]

    # Who may

    def get_queryset(self, request):
        return super().get_queryset(request).with_use_count()

    def has_change_permission(self, request, obj=None):
        allowed = super().has_change_permission(request, obj)
        return allowed and (obj is None or rights.may_change_picture(request.user, obj))

    def has_delete_permission(self, request, obj=None):
        """What came with the site is given back with it; what is used is taken out of the texts first."""
        allowed = super().has_delete_permission(request, obj)
        return allowed and (obj is None or self._may_go(request, obj))

    def _may_go(self, request, picture):
        is_ours = picture.file_id is None and rights.may_change_picture(request.user, picture)
        return is_ours and not library.is_used(picture)

    # The list

    @admin.display(description=gettext_lazy("picture"))
    def thumbnail(self, picture):
        return format_html('<img src="{}" alt="" loading="lazy" class="thumbnail">', _small(picture))

    @admin.display(description=gettext_lazy("name"), ordering="given_name")
    def named(self, picture):
        words = picture.alt or _("Without words")
        kind = "" if picture.alt else " lacking"
        return format_html('<bdi>{}</bdi><span class="words{}">{}</span>', picture, kind, words)

    @admin.display(description=gettext_lazy("size"), ordering="size")
    def measures(self, picture):
        return _("{width} × {height}, {size}").format(
            width=picture.width, height=picture.height, size=_bytes(picture.size)
        )

    @admin.display(description=gettext_lazy("uses"), ordering="use_count")
    def use_number(self, picture):
        return picture.use_count

    @admin.display(description=gettext_lazy("Markdown"))
    def markdown(self, picture):
        label = _("Markdown of {picture}").format(picture=picture)
        field = '<input class="copied" readonly aria-label="{}" value="{}">'
        return format_html(field, label, library.markdown_of(picture))

    # One picture

    @admin.display(description=gettext_lazy("picture"))
    def about(self, picture):
        link = format_html('<a href="{0}">{0}</a>', picture.address)
        came = _("Came with the site") if picture.file_id else _("Uploaded here")
        return format_html("{}<br>{}<br>{}", link, self.measures(picture), came)

    def get_form(self, request, obj=None, change=False, **kwargs):
        form = super().get_form(request, obj, change=change, **kwargs)
        form.user = request.user
        return form

    def change_one(self, request, pk):
        return self.change_view(request, str(pk))

    def render_change_form(self, request, context, *, obj=None, **kwargs):
        context |= {
            "show_save_and_add_another": False,
            "small": _small(obj),
            "uses": library.uses_of(obj, request.user),
            "is_logo": library.is_logo(obj),
            "given": self._address_of_original(request, obj),
        }
        return super().render_change_form(request, context, obj=obj, **kwargs)

    def _address_of_original(self, request, picture):
        is_another = picture.original not in ("", picture.name)
        may_look = request.user.has_perm("blog.view_file")
        return reverse("media", args=[picture.original]) if is_another and may_look else ""

    def save_model(self, request, picture, form, change):
        picture.save(update_fields=["alt"])

    def response_change(self, request, picture):
        new = picture.replaced_by
        if "replacement" not in request.FILES:
            return super().response_change(request, picture)
        if new is None:
            self.message_user(request, _("The picture was replaced, at the same address."))
            return HttpResponseRedirect(reverse("admin:blog_picture_change", args=[picture.pk]))
        return self._go_on(request, picture)

    def follow(self, request, pk):
        picture = self.get_object(request, str(pk))
        if not self.has_change_permission(request, picture):
            raise PermissionDenied
        if request.method != "POST" or picture is None or picture.replaced_by is None:
            return HttpResponseRedirect(reverse("admin:blog_picture_changelist"))
        return self._go_on(request, picture)

    def _go_on(self, request, old):
        moved, left = library.follow(old)
        told = ngettext(
            "{count} entry shows the new picture.", "{count} entries show the new picture.", moved
        )
        self.message_user(request, told.format(count=moved))
        if not left:
            return HttpResponseRedirect(reverse("admin:blog_picture_change", args=[old.replaced_by_id]))
        told = ngettext("{count} still shows the old one.", "{count} still show the old one.", left)
        if not moved:
            told += " " + _("They name it outside their texts, which is not changed here.")
        self.message_user(request, told.format(count=left), messages.WARNING)
        return HttpResponseRedirect(reverse("admin:blog_picture_change", args=[old.pk]))

    def delete_view(self, request, object_id, extra_context=None):
        picture = self.get_object(request, object_id)
        if (
            picture
            and self.has_delete_permission(request, picture)
            and library.is_being_written_about(picture)
        ):
            text = _("Somebody is writing a text that shows this picture. It stays for now.")
            self.message_user(request, text, messages.ERROR)
            return HttpResponseRedirect(reverse("admin:blog_picture_change", args=[picture.pk]))
        return super().delete_view(request, object_id, extra_context)

    def delete_model(self, request, picture):
        library.delete(picture)

    # New ones

    def add_pictures(self, request):
        if not self.has_add_permission(request):
            raise PermissionDenied
        form = AddForm(request.POST, request.FILES) if request.method == "POST" else AddForm()
        if request.method == "POST" and form.is_valid() and (added := self._add(request, form)):
            if len(added) == 1 and not form.errors:
                return HttpResponseRedirect(reverse("admin:blog_picture_change", args=[added[0].pk]))
            if not form.errors:
                return HttpResponseRedirect(reverse("admin:blog_picture_changelist"))
        context = {
            **self.admin_site.each_context(request),
            "opts": self.opts,
            "title": _("Add pictures"),
            "form": form,
            "media": self.media,
        }
        return TemplateResponse(request, "admin/blog/picture_add.html", context)

    def _add(self, request, form):
        """Each by itself: one that is refused keeps no other from being taken."""
        files, added = form.cleaned_data["images"], []
        alt = form.cleaned_data["alt"] if len(files) == 1 else ""
        for file in files[:MOST_AT_ONCE]:
            try:
                added.append(library.add(file, given_name=file.name, user=request.user, alt=alt))
            except pictures.PictureError as error:
                form.add_error("images", f"{file.name}: {error}")
        if len(files) > MOST_AT_ONCE:
            text = _("Only the first {most} were looked at. Send the others by themselves.")
            form.add_error("images", text.format(most=MOST_AT_ONCE))
        if added:
            told = ngettext(
                "{count} picture is in the library.", "{count} pictures are in the library.", len(added)
            )
            self.message_user(request, told.format(count=len(added)))
        return added


def _small(picture):
    sizes = variants.widths(picture.width, picture.height, picture.is_animated)
    return variants.address(picture.digest, sizes[0]) if sizes else picture.address


def _bytes(size):
    return _("{size} KB").format(size=f"{max(1, size // 1024):,}")


@method_decorator([never_cache, for_writers], "dispatch")
class PictureListView(View):
    """The library as JSON, for the editor: the newest first, q searches, page turns the pages."""

    def get(self, request):
        found = Picture.objects.open_to(request.user).filter(replaced_by=None)
        for word in request.GET.get("q", "")[:200].split():
            named = Q(given_name__icontains=word) | Q(alt__icontains=word) | Q(address__icontains=word)
            found = found.filter(named)
        page = Paginator(found, A_LIST).get_page(request.GET.get("page"))
        listed = [_in_list(picture) for picture in page]
        more = page.next_page_number() if page.has_next() else None
        return JsonResponse({"pictures": listed, "next": more})


def _in_list(picture):
    return {
        "address": picture.address,
        "thumbnail": _small(picture),
        "markdown": library.markdown_of(picture),
        "name": str(picture),
        "alt": picture.alt,
        "width": picture.width,
        "height": picture.height,
    }
