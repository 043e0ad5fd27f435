"""The moderator's desk: what waits comes first, each comment with what it answers."""

from django.contrib import admin
from django.contrib.admin.models import CHANGE, LogEntry
from django.db import models
from django.db.models import Case, Value, When
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import mark_safe
from django.utils.text import Truncator
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from comments import rendering, services
from comments.models import Comment

PENDING_FIRST = Case(When(status=Comment.Status.PENDING, then=Value(0)), default=Value(1))


@admin.register(Comment)
class CommentAdmin(admin.ModelAdmin):
    list_display = ["excerpt", "author", "status", "target_link", "created_at"]
    list_filter = ["status", "created_at", "origin"]
    search_fields = ["author_name", "author_email", "body"]
    ordering = [PENDING_FIRST, "-created_at", "-pk"]
    date_hierarchy = "created_at"
    list_per_page = 50
    show_full_result_count = False
    actions = ["approve", "mark_as_spam", "remove", "hold"]
    formfield_overrides = {models.URLField: {"assume_scheme": "https"}}
    fieldsets = [
        (None, {"fields": ["target_link", "parent_shown", "body", "shown"]}),
        (_("Decision"), {"fields": ["status", "status_reason"]}),
        (_("Author"), {"fields": ["author_name", "author_email", "author_url", "user"]}),
        (_("Dates and origin"), {"fields": ["created_at", "edited_at", "origin_link"]}),
    ]
    readonly_fields = [
        "target_link",
        "parent_shown",
        "shown",
        "user",
        "created_at",
        "edited_at",
        "origin_link",
    ]

    def has_add_permission(self, request):
        return False

    def get_queryset(self, request):
        return super().get_queryset(request).prefetch_related("target")

    def save_model(self, request, comment, form, change):
        if "body" in form.changed_data:
            comment.edited_at = timezone.now()
        super().save_model(request, comment, form, change)

    @admin.display(description=_("comment"))
    def excerpt(self, comment):
        return Truncator(rendering.plain_text(comment.body_html)).chars(120) or _("(no text)")

    @admin.display(description=_("author"), ordering="author_name")
    def author(self, comment):
        return format_html("<bdi>{}</bdi>", comment.author_name)

    @admin.display(description=_("on"))
    def target_link(self, comment):
        if comment.target is None:
            return "–"
        anchor = f"#{comment.anchor}" if comment.is_approved else ""
        return format_html(
            '<a href="{}{}">{}</a>',
            comment.target.get_absolute_url(),
            anchor,
            Truncator(comment.target).chars(60),
        )

    @admin.display(description=_("in reply to"))
    def parent_shown(self, comment):
        if comment.parent is None:
            return "–"
        return format_html(
            "<p><b>{}</b></p>{}", comment.parent.author_name, mark_safe(comment.parent.body_html)
        )

    @admin.display(description=_("as readers see it"))
    def shown(self, comment):
        return mark_safe(comment.body_html)

    @admin.display(description=_("origin"))
    def origin_link(self, comment):
        if not comment.origin_url:
            return comment.get_origin_display()
        return format_html(
            '<a href="{}" rel="noopener">{}</a>', comment.origin_url, comment.get_origin_display()
        )

    @admin.action(description=_("Approve"), permissions=["change"])
    def approve(self, request, comments):
        self._decide(request, comments, services.approve, _("Approved."))

    @admin.action(description=_("Mark as spam"), permissions=["change"])
    def mark_as_spam(self, request, comments):
        self._decide(request, comments, services.spam, _("Marked as spam."))

    @admin.action(description=_("Remove (a stub stays while replies stand)"), permissions=["change"])
    def remove(self, request, comments):
        self._decide(request, comments, services.remove, _("Removed."))

    @admin.action(description=_("Hold for review"), permissions=["change"])
    def hold(self, request, comments):
        self._decide(request, comments, services.hold, _("Held for review."))

    def _decide(self, request, comments, decide, message):
        chosen = list(comments)
        count = decide(Comment.objects.filter(pk__in=[comment.pk for comment in chosen]))
        LogEntry.objects.log_actions(request.user.pk, chosen, CHANGE, str(message))
        told = ngettext("{message} {count} comment.", "{message} {count} comments.", count)
        self.message_user(request, told.format(message=message, count=count))
