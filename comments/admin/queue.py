"""The queue: what waits, each comment with what it answers, decided where it stands."""

from django.contrib import admin
from django.contrib.admin.views.main import SEARCH_VAR
from django.db import models
from django.db.models import Case, Value, When
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import mark_safe
from django.utils.text import Truncator
from django.utils.translation import gettext_lazy as _

from comments import decisions, rendering
from comments.admin.decide import DecisionViews
from comments.admin.paste import PasteViews
from comments.models import Act, Comment

PENDING_FIRST = Case(When(status=Comment.Status.PENDING, then=Value(0)), default=Value(1))
NEWEST_FIRST = ["-created_at", "-pk"]
ALL = "all"


class StateFilter(admin.SimpleListFilter):
    """What waits, unless something else is asked for; a search looks everywhere."""

    title = _("state")
    parameter_name = "status__exact"

    def __init__(self, request, params, model, model_admin):
        self.default = state_without_filter(request)
        super().__init__(request, params, model, model_admin)

    def lookups(self, request, model_admin):
        return [*Comment.Status.choices, (ALL, _("all"))]

    def value(self):
        return super().value() or self.default

    def choices(self, changelist):
        for value, label in self.lookup_choices:
            yield {
                "selected": self.value() == value,
                "query_string": changelist.get_query_string({self.parameter_name: value}),
                "display": label,
            }

    def queryset(self, request, comments):
        return comments if self.value() == ALL else comments.filter(status=self.value())


def state_without_filter(request):
    return ALL if request.GET.get(SEARCH_VAR) else Comment.Status.PENDING


@admin.register(Comment)
class CommentAdmin(DecisionViews, PasteViews, admin.ModelAdmin):
    change_list_template = "admin/comments/comment/queue.html"
    change_form_template = "admin/comments/comment/form.html"
    list_display = ["excerpt", "author", "status", "target_link", "created_at"]
    list_filter = [StateFilter, "created_at", "origin"]
    list_select_related = ["parent"]
    search_fields = ["author_name", "author_email", "body"]
    ordering = NEWEST_FIRST
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
        "status",
        "status_reason",
        "user",
        "created_at",
        "edited_at",
        "origin_link",
    ]

    class Media:
        css = {"all": ["css/moderate.css"]}

    def has_add_permission(self, request):
        return False

    def get_queryset(self, request):
        return super().get_queryset(request).prefetch_related("target")

    def get_ordering(self, request):
        # Of one state, the database has the order ready; of all, what waits comes first.
        state = request.GET.get(StateFilter.parameter_name) or state_without_filter(request)
        return [PENDING_FIRST, *NEWEST_FIRST] if state == ALL else NEWEST_FIRST

    def get_deleted_objects(self, objs, request):
        """A comment that was answered stays, for its replies answer something; that is said, not every reply listed."""
        comments = list(objs)
        with_replies = set(Comment.objects.filter(parent__in=comments).values_list("parent", flat=True))
        answered = [comment for comment in comments if comment.pk in with_replies]
        if not answered:
            return super().get_deleted_objects(comments, request)
        why = _("{comment} has replies. Remove it instead: a stub stays in its place, without its words.")
        told = [why.format(comment=comment) for comment in answered]
        return [], {self.opts.verbose_name_plural: len(comments)}, set(), told

    def changelist_view(self, request, extra_context=None):
        may_decide = self.has_change_permission(request)
        context = {
            "has_change_permission": may_decide,
            "undoable": decisions.last_batch(request.user) if may_decide else [],
            "queue_url": request.get_full_path(),
        }
        return super().changelist_view(request, context | (extra_context or {}))

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
        self.carry_out(request, comments, Act.Deed.APPROVE)

    @admin.action(description=_("Mark as spam"), permissions=["change"])
    def mark_as_spam(self, request, comments):
        self.carry_out(request, comments, Act.Deed.SPAM)

    @admin.action(description=_("Remove (a stub stays while replies stand)"), permissions=["change"])
    def remove(self, request, comments):
        self.carry_out(request, comments, Act.Deed.REMOVE)

    @admin.action(description=_("Hold for review"), permissions=["change"])
    def hold(self, request, comments):
        self.carry_out(request, comments, Act.Deed.HOLD)
