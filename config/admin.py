"""People and what they may do, in the words of a site rather than of tables; and nobody's keys.

The keys of two-factor login are nobody's to look at or to edit: what django-otp offers in the admin is taken away.
"""

from django import forms
from django.contrib import admin
from django.contrib.auth.admin import GroupAdmin, UserAdmin
from django.contrib.auth.models import Group, Permission, User
from django.contrib.contenttypes.models import ContentType
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _
from django_otp.plugins.otp_static.admin import StaticDevice
from django_otp.plugins.otp_totp.admin import TOTPDevice

from blog.roles import ROLES

# Their modules have been run by now, and are not run again.
admin.site.unregister([StaticDevice, TOTPDevice, User, Group])

WHAT_ROLES_MAY = _(
    "An author writes posts. A moderator looks after the comments. An editor may do both, with everybody's posts, and "
    "also pages, tags, pictures and the site's settings. People and their roles are a superuser's business."
)
WHO_LOGS_IN = _("Without it somebody is only named as an author.")
KEPT_ROLES = _("Every upgrade gives this role these rights again. For other rights add a role of your own.")


class _Boxes:
    """Lists to choose from as boxes to tick, which a keyboard, a screen reader and a phone can work with."""

    filter_horizontal = ()

    def formfield_for_manytomany(self, db_field, request, **kwargs):
        return super().formfield_for_manytomany(
            db_field, request, **kwargs, widget=forms.CheckboxSelectMultiple
        )


@admin.register(User)
class PersonAdmin(_Boxes, UserAdmin):
    """Single rights of a person stay what they are, and are not asked for: a role says the same of everybody in it."""

    list_display = ("username", "full_name", "email", "roles", "is_staff", "last_login")
    list_filter = ("groups", "is_staff", "is_superuser", "is_active")
    readonly_fields = ("last_login", "date_joined")
    may = (_("What they may do"), {"fields": ("is_active", "is_staff", "groups", "is_superuser")})
    fieldsets = (
        (None, {"fields": ("username", "password")}),
        (_("Name and address"), {"fields": ("first_name", "last_name", "email")}),
        may,
        (_("Dates"), {"fields": ("last_login", "date_joined")}),
    )
    add_fieldsets = (*UserAdmin.add_fieldsets, (_("Name and address"), fieldsets[1][1]), may)

    def get_queryset(self, request):
        return super().get_queryset(request).prefetch_related("groups")

    def formfield_for_dbfield(self, db_field, request, **kwargs):
        field = super().formfield_for_dbfield(db_field, request, **kwargs)
        if db_field.name == "groups":
            field.widget.can_add_related = field.widget.can_view_related = False
            field.label, field.help_text = _("Roles"), WHAT_ROLES_MAY
        elif db_field.name == "is_staff":
            field.label, field.help_text = _("May log in to the admin"), WHO_LOGS_IN
        return field

    def get_changeform_initial_data(self, request):
        return {"is_staff": True, **super().get_changeform_initial_data(request)}

    @admin.display(description=_("name"), ordering="first_name")
    def full_name(self, person):
        return person.get_full_name()

    @admin.display(description=_("roles"))
    def roles(self, person):
        return ", ".join(sorted(group.name for group in person.groups.all()))


@admin.register(Group)
class RoleAdmin(_Boxes, GroupAdmin):
    """Those that come with the site are only shown, for every upgrade writes them anew."""

    def get_fields(self, request, role=None):
        return ("name", "rights") if _is_kept(role) else ("name", "permissions")

    def get_readonly_fields(self, request, role=None):
        return self.get_fields(request, role) if _is_kept(role) else ()

    def has_delete_permission(self, request, role=None):
        return not _is_kept(role) and super().has_delete_permission(request, role)

    def formfield_for_manytomany(self, db_field, request, **kwargs):
        field = super().formfield_for_manytomany(db_field, request, **kwargs)
        if db_field.name == "permissions":
            field.queryset = Permission.objects.filter(content_type__in=_types_of_pages())
            field.label_from_instance = lambda right: right.name
        return field

    @admin.display(description=_("rights"))
    def rights(self, role):
        names = sorted(str(right.name) for right in role.permissions.all())
        return format_html("{}<br>{}", ", ".join(names), KEPT_ROLES)


def _is_kept(role):
    return role is not None and role.name in ROLES


def _types_of_pages():
    """What the admin has pages for; to other tables nobody gets anyway."""
    models = [model for model in admin.site._registry if model._meta.app_label in ("blog", "comments")]
    return ContentType.objects.get_for_models(*models).values()
