"""The page that moves posts to the pattern the site has now, some at a time, so that no request takes long."""

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.http import HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import path, reverse
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from blog import moving
from blog.models import SiteProfile
from blog.paths import check_pattern

SHOWN = 5


class MoveForm(forms.Form):
    pattern = forms.CharField(max_length=200, validators=[check_pattern])
    after = forms.IntegerField(min_value=0, max_value=2**62, required=False)


class MovesPosts(admin.ModelAdmin):
    def get_urls(self):
        move = self.admin_site.admin_view(self.move_posts)
        return [path("move/", move, name="blog_siteprofile_move"), *super().get_urls()]

    def save_model(self, request, profile, form, change):
        super().save_model(request, profile, form, change)
        old = form.initial.get("post_pattern")
        if "post_pattern" in form.changed_data and (count := len(moving.moves(old, profile.post_pattern))):
            told = ngettext(
                "{count} post has an address of the old kind and keeps it.",
                "{count} posts have addresses of the old kind and keep them.",
                count,
            ).format(count=count)
            address = reverse("admin:blog_siteprofile_move", query={"pattern": old})
            link = format_html('{} <a href="{}">{}</a>', told, address, _("Move them too …"))
            self.message_user(request, link, messages.WARNING)

    def move_posts(self, request):
        if not request.user.has_perms(
            ["blog.change_siteprofile", "blog.change_post", "blog.edit_others_posts"]
        ):
            raise PermissionDenied
        form = MoveForm(request.POST or request.GET)
        if not form.is_valid():
            return HttpResponseRedirect(reverse("admin:blog_siteprofile_changelist"))
        old, after = form.cleaned_data["pattern"], form.cleaned_data["after"] or 0
        planned = moving.moves(old, SiteProfile.load().post_pattern, after)
        if request.method != "POST":
            return self._show_moves(request, old, after, planned)
        return self._move(request, old, planned)

    def _move(self, request, old, planned):
        now, later = planned[: moving.AT_ONCE], planned[moving.AT_ONCE :]
        reasons = moving.carry_out(now)
        count = len(now) - len(reasons)
        told = ngettext("{count} post moved.", "{count} posts moved.", count)
        self.message_user(request, told.format(count=count))
        for reason in reasons[:SHOWN]:
            self.message_user(request, reason, messages.WARNING)
        if not later:
            return HttpResponseRedirect(reverse("admin:blog_post_changelist"))
        query = {"pattern": old, "after": now[-1].pk}
        return HttpResponseRedirect(reverse("admin:blog_siteprofile_move", query=query))

    def _show_moves(self, request, old, after, planned):
        context = {
            **self.admin_site.each_context(request),
            "opts": self.opts,
            "title": _("Move posts to new addresses"),
            "pattern": old,
            "after": after,
            "count": len(planned),
            "at_once": min(len(planned), moving.AT_ONCE),
            "examples": planned[:SHOWN],
        }
        return TemplateResponse(request, "admin/blog/move_posts.html", context)
