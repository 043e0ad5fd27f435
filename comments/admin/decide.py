"""The page of one comment that waits for a word, and what its buttons and those of the queue do."""

from django.contrib import messages
from django.contrib.admin.models import CHANGE, LogEntry
from django.core.exceptions import PermissionDenied
from django.db.models import Count
from django.http import HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.template.response import TemplateResponse
from django.urls import path, reverse
from django.utils.decorators import method_decorator
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.http import require_POST

from comments import decisions
from comments.forms import WordsForm
from comments.models import Act, Comment, Rule

Deed = Act.Deed
DEEDS = {
    Deed.APPROVE: (decisions.approve, gettext_lazy("Approved.")),
    Deed.SPAM: (decisions.spam, gettext_lazy("Marked as spam.")),
    Deed.REMOVE: (decisions.remove, gettext_lazy("Removed.")),
    Deed.HOLD: (decisions.hold, gettext_lazy("Held for review.")),
}
MARKS = {
    Rule.Kind.EMAIL: gettext_lazy("e-mail address"),
    Rule.Kind.ADDRESS: gettext_lazy("network address"),
    Rule.Kind.NAME: gettext_lazy("name"),
}
QUEUE = "admin:comments_comment_changelist"


class DecisionViews:
    """The views of ``CommentAdmin`` that decide. GET shows, POST acts."""

    def get_urls(self):
        wrap = self.admin_site.admin_view
        return [
            path("<int:pk>/decide/", wrap(self.decide), name="comments_comment_decide"),
            path("undo/<uuid:batch>/", wrap(self.undo), name="comments_comment_undo"),
            *super().get_urls(),
        ]

    def decide(self, request, pk):
        if not self.has_change_permission(request):
            raise PermissionDenied
        comment = get_object_or_404(
            Comment.objects.select_related("parent").prefetch_related("target"), pk=pk
        )
        deed = request.POST.get("deed") if request.method == "POST" else None
        if deed in DEEDS:
            self.carry_out(request, Comment.objects.filter(pk=pk), deed, self.reason(request))
        elif deed == Deed.BAN:
            self.ban(request, comment)
        elif deed == Deed.REPLY:
            form = self.reply(request, comment)
            if form.errors:
                return self.decision_page(request, comment, form)
        else:
            return self.decision_page(request, comment, WordsForm())
        return HttpResponseRedirect(self.next_url(request))

    def decision_page(self, request, comment, reply_form):
        context = {
            **self.admin_site.each_context(request),
            "opts": self.opts,
            "title": _("Decide about a comment"),
            "media": self.media,
            "comment": comment,
            "target": comment.target,
            "form": reply_form,
            "marks": [(kind, MARKS[kind], value) for kind, value in marks(comment) if value],
            "record": record_of(comment),
            "acts": comment.acts.select_related("user")[:20],
            "queue_url": self.next_url(request),
        }
        return TemplateResponse(request, "admin/comments/comment/decide.html", context)

    def ban(self, request, comment):
        kinds = set(request.POST.getlist("by"))
        if not any(value for kind, value in marks(comment) if kind in kinds):
            text = _("Say by what the author is to be recognised. Nothing was changed.")
            return self.message_user(request, text, messages.ERROR)
        count = decisions.ban(comment, kinds, self.reason(request), by=request.user)
        told = ngettext(
            "Banned. {count} comment was set aside as spam.",
            "Banned. {count} comments were set aside as spam.",
            count,
        )
        LogEntry.objects.log_actions(request.user.pk, [comment], CHANGE, "Banned its author.")
        self.message_user(request, told.format(count=count))

    def reply(self, request, comment):
        form = WordsForm({"body": request.POST.get(f"reply-{comment.pk}", "")})
        if form.is_valid():
            decisions.reply(comment, form.cleaned_data["body"], by=request.user)
            self.message_user(request, _("Your reply is published."))
        return form

    def carry_out(self, request, comments, deed, reason=None):
        """Decide, write it down, and say what was done."""
        decide, message = DEEDS[deed]
        chosen = list(comments)
        reason = self.reason(request) if reason is None else reason
        count = decide(Comment.objects.filter(pk__in=[c.pk for c in chosen]), reason, by=request.user)
        note = f"{message} {reason}".strip()
        LogEntry.objects.log_actions(request.user.pk, chosen, CHANGE, note)
        told = ngettext("{message} {count} comment.", "{message} {count} comments.", count)
        self.message_user(request, told.format(message=message, count=count))

    @method_decorator(require_POST)
    def undo(self, request, batch):
        if not self.has_change_permission(request):
            raise PermissionDenied
        count = decisions.undo(batch, by=request.user)
        told = ngettext("Undone: {count} comment.", "Undone: {count} comments.", count)
        self.message_user(request, told.format(count=count))
        return HttpResponseRedirect(self.next_url(request))

    def reason(self, request):
        return " ".join(request.POST.get("reason", "").split())[:300]

    def next_url(self, request):
        asked = request.POST.get("next") or request.GET.get("next") or ""
        is_ours = url_has_allowed_host_and_scheme(asked, {request.get_host()}, request.is_secure())
        return asked if is_ours else reverse(QUEUE)


def marks(comment):
    return decisions.marks_of(comment).items()


def record_of(comment):
    """How the author's other comments were decided: (state, how many)."""
    email, name = comment.author_email, comment.author_name
    others = Comment.objects.exclude(pk=comment.pk).order_by()
    others = others.filter(author_email__iexact=email) if email else others.filter(author_name__iexact=name)
    counts = dict(others.values_list("status").annotate(Count("pk")))
    return [(label, counts[status]) for status, label in Comment.Status.choices if status in counts]
