from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.db import models
from django.http import HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from blog.admin.moving import MovesPosts
from blog.models import MenuItem, SiteProfile


class MenuInline(admin.StackedInline):
    model = MenuItem
    fields = [("label", "page", "url", "weight")]
    extra = 1


@admin.register(SiteProfile)
class SiteProfileAdmin(MovesPosts):
    """There is one site, so its list is its form."""

    inlines = [MenuInline]
    formfield_overrides = {models.URLField: {"assume_scheme": "https"}}
    fieldsets = [
        (None, {"fields": ["title", "tagline", "description", "author_name", "footer", "contact"]}),
        (_("Looks"), {"fields": ["logo", "accent"]}),
        (_("Reading"), {"fields": ["language", "time_zone", "posts_per_page", "post_pattern"]}),
        (_("Feeds"), {"fields": ["websub_hub"]}),
        (_("Discussion"), {"fields": ["comment_policy", "comments_close_after"]}),
    ]

    def has_add_permission(self, request):
        return False

    def has_delete_permission(self, request, obj=None):
        return False

    def changelist_view(self, request, extra_context=None):
        if not self.has_view_or_change_permission(request):
            raise PermissionDenied
        profile, _created = SiteProfile.objects.get_or_create(pk=1)
        return HttpResponseRedirect(reverse("admin:blog_siteprofile_change", args=[profile.pk]))
