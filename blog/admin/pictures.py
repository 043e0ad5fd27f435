"""The picture library: what there is, what it shows in words, where it is used; who may change it and take it away."""

from django import forms
from django.contrib import admin, messages
from django.http import HttpResponseRedirect
from django.urls import path, reverse
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from blog import library, rights
from blog.admin.own import OpenRows
from blog.admin.picture_adding import AddsPictures
from blog.admin.picture_filters import KindFilter, UseFilter
from blog.admin.picture_list import PictureListView, small
from blog.admin.picture_replacing import ReplacesPictures
from blog.models import Picture


@admin.register(Picture)
class PictureAdmin(OpenRows, AddsPictures, ReplacesPictures):
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
        return [path("list.json", PictureListView.as_view(), name="blog_picture_list"), *super().get_urls()]

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
        return format_html('<img src="{}" alt="" loading="lazy" class="thumbnail">', small(picture))

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

    def render_change_form(self, request, context, *, obj=None, **kwargs):
        context |= {
            "show_save_and_add_another": False,
            "small": small(obj),
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


def _bytes(size):
    return _("{size} KB").format(size=f"{max(1, size // 1024):,}")
