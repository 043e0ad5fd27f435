"""Rules, the log of moderation, and the mail."""

from django.contrib import admin
from django.utils import timezone
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext
from django_tasks_db import admin as _queue  # noqa: F401, first registered, then taken away: no later import brings it back
from django_tasks_db.models import DBTaskResult

from comments.models import Act, Letter, Rule

admin.site.unregister(DBTaskResult)  # the mail below says in an editor's words what is under way


@admin.register(Rule)
class RuleAdmin(admin.ModelAdmin):
    fields = ["kind", "value", "verdict", "reason"]
    list_display = ["value", "kind", "verdict", "reason", "made_by", "made_at"]
    list_filter = ["kind", "verdict"]
    list_select_related = ["made_by"]
    search_fields = ["value", "reason"]

    def save_model(self, request, rule, form, change):
        if not change:
            rule.made_by = request.user
        super().save_model(request, rule, form, change)


class ReadOnly:
    def has_add_permission(self, request):
        return False

    def has_change_permission(self, request, obj=None):
        return False

    def has_delete_permission(self, request, obj=None):
        return False


@admin.register(Act)
class ActAdmin(ReadOnly, admin.ModelAdmin):
    list_display = ["done_at", "by", "deed", "about", "reason", "change", "undone_at"]
    list_display_links = None
    list_filter = ["deed", "done_at"]
    list_select_related = ["comment", "user"]
    search_fields = ["reason", "comment__author_name"]
    show_full_result_count = False

    @admin.display(description=_("by"))
    def by(self, act):
        return act.user or _("the site")

    @admin.display(description=_("comment"))
    def about(self, act):
        return format_html('<a href="../comment/{}/decide/">{}</a>', act.comment_id, act.comment)

    @admin.display(description=_("change"))
    def change(self, act):
        return f"{act.before or '–'} → {act.after}"


@admin.register(Letter)
class LetterAdmin(ReadOnly, admin.ModelAdmin):
    list_display = ["recipient", "kind", "comment", "written_at", "due_at", "sent_at", "attempts", "error"]
    list_display_links = None
    list_filter = ["kind", ("sent_at", admin.EmptyFieldListFilter), "written_at"]
    list_select_related = ["comment"]
    search_fields = ["recipient"]
    show_full_result_count = False
    actions = ["send_again"]

    def get_actions(self, request):
        return super().get_actions(request) if request.user.has_perm("comments.change_letter") else {}

    @admin.action(description=_("Try again now what was not sent"))
    def send_again(self, request, letters):
        again = letters.filter(sent_at=None).update(due_at=timezone.now(), given_up_at=None, attempts=0)
        told = ngettext("{count} letter is tried again.", "{count} letters are tried again.", again)
        self.message_user(request, told.format(count=again))
