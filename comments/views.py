"""Pages of the discussion: the form to comment or reply, and a comment's permalink."""

import re

from django.contrib.auth.views import redirect_to_login
from django.forms import Form
from django.http import Http404, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.utils.cache import add_never_cache_headers
from django.utils.decorators import method_decorator
from django.views.decorators.cache import never_cache
from django.views.generic import DetailView, FormView

from comments import models, ownership, rendering, services
from comments.branches import Branch
from comments.forms import CommentForm, WordsForm
from comments.models import Comment, CommentPolicy
from comments.places import place_of
from config import kept
from config.links import absolute

LONGEST_QUOTE = 2000
LONGEST_AGENT = 300


def next_url(comment):
    """Where its author goes from here: to the comment, or to a page that says it is waiting."""
    if comment.is_approved:
        return comment.get_absolute_url()
    return f"{models.form_url(comment.target)}?held={comment.pk}"


class Previewing:
    """A form whose second button shows how the words will look, whatever else is still missing."""

    def post(self, request, *args, **kwargs):
        if "preview" not in request.POST:
            return super().post(request, *args, **kwargs)
        form = self.get_form()
        form.is_valid()
        body = form.cleaned_data.get("body")
        preview_html = None if body is None else rendering.render_comment(body)
        return self.render_to_response(self.get_context_data(form=form, preview_html=preview_html))


@method_decorator(never_cache, name="dispatch")
class CommentCreateView(Previewing, FormView):
    """The form on its own page. A subclass says in ``get_target()`` what is commented on."""

    form_class = CommentForm
    template_name = "comments/comment_form.html"
    parent = None

    def get_target(self):
        raise NotImplementedError

    def dispatch(self, request, *args, **kwargs):
        self.target = self.get_target()
        if self.target is None or not self.target.is_public:
            raise Http404
        if not self.target.comments_open:
            return self.turn_away("comments/comment_closed.html")
        if self.target.comment_policy == CommentPolicy.MEMBERS and self.user is None:
            return self.turn_away("comments/comment_members.html")
        if request.method == "GET" and "held" in request.GET:
            return self.held(request.GET["held"])
        return super().dispatch(request, *args, **kwargs)

    def held(self, pk):
        context = {"target": self.target, "pk": number(pk)}
        return render(self.request, "comments/comment_held.html", context)

    def turn_away(self, template_name):
        login_url = redirect_to_login(self.request.path).url
        context = {"target": self.target, "login_url": login_url, **kept.words_of(self.request)}
        return render(self.request, template_name, context, status=403)

    @property
    def user(self):
        return self.request.user if self.request.user.is_authenticated else None

    def get_form_kwargs(self):
        return super().get_form_kwargs() | {"target": self.target, "user": self.user}

    def get_context_data(self, **kwargs):
        back = place_of(self.parent) if self.parent else discussion_url(self.target)
        return super().get_context_data(target=self.target, parent=self.parent, back_url=back, **kwargs)

    def get_initial(self):
        return {"body": rendering.quote(self.request.GET.get("quote", "")[:LONGEST_QUOTE])}

    def form_valid(self, form):
        try:
            comment = services.submit(
                self.target,
                form.cleaned_data,
                parent=self.parent,
                user=self.user,
                address=self.request.META.get("REMOTE_ADDR", ""),
                agent=self.request.headers.get("User-Agent", "")[:LONGEST_AGENT],
            )
        except services.Refused as refused:
            # No cookie to change it comes along, for whoever sends the same words may be somebody else.
            if refused.taken:
                refused.taken.target = self.target
                return HttpResponseRedirect(next_url(refused.taken))
            form.refuse(refused.refusal)
            status = 429 if refused.refusal.is_about_rate else 409
            return self.render_to_response(self.get_context_data(form=form), status=status)
        return ownership.remember(HttpResponseRedirect(next_url(comment)), comment)


class ReplyView(CommentCreateView):
    """The same form below the comment it answers; ``?quote=1`` fills in its words as a quote."""

    def get_target(self):
        self.parent = Comment.objects.approved().filter(pk=self.kwargs["pk"]).first()
        return self.parent and self.parent.target

    def get_initial(self):
        if self.request.GET.get("quote") == "1":
            return {"body": self.parent.as_quote()}
        return super().get_initial()


class OwnCommentView(Previewing, FormView):
    """A page about a comment for the browser in which it was written, for as long as it may be changed."""

    def dispatch(self, request, *args, **kwargs):
        self.comment = get_object_or_404(Comment, pk=kwargs["pk"])
        if self.comment.target is None or not self.comment.target.is_public:
            raise Http404
        # Of what waits or was refused, only who wrote it learns that it is there.
        if not (self.comment.is_approved or ownership.is_by(request, self.comment)):
            raise Http404
        if not ownership.is_own(request, self.comment):
            context = {"target": self.comment.target, "comment": self.comment, **kept.words_of(request)}
            return render(request, "comments/comment_late.html", context, status=403)
        return super().dispatch(request, *args, **kwargs)

    def get_context_data(self, **kwargs):
        return super().get_context_data(target=self.comment.target, comment=self.comment, **kwargs)


@method_decorator(never_cache, name="dispatch")
class EditView(OwnCommentView):
    form_class = WordsForm
    template_name = "comments/comment_edit.html"

    def get_initial(self):
        return {"body": self.comment.body}

    def form_valid(self, form):
        return HttpResponseRedirect(next_url(services.revise(self.comment, form.cleaned_data["body"])))


@method_decorator(never_cache, name="dispatch")
class WithdrawView(OwnCommentView):
    form_class = Form
    template_name = "comments/comment_withdraw.html"

    def form_valid(self, form):
        services.withdraw(self.comment)
        left = self.comment if self.comment.replies.exists() else self.comment.parent
        return HttpResponseRedirect(place_of(left) if left else discussion_url(self.comment.target))


class CommentDetailView(DetailView):
    """A comment's permalink: the comments it answers, the nearest of them, itself, and its replies.

    A stub has such a page too, for its replies may go on there.
    """

    model = Comment
    template_name = "comments/comment_detail.html"

    def get_object(self, queryset=None):
        comment = super().get_object(queryset)
        if comment.target is None or not comment.target.is_public:
            raise Http404
        self.branch = Branch(comment, after=number(self.request.GET.get("after", "")))
        if not self.branch.rows:
            raise Http404
        self.is_own = ownership.is_own(self.request, comment)
        return comment

    def render_to_response(self, context, **kwargs):
        response = super().render_to_response(context, **kwargs)
        if self.is_own:
            add_never_cache_headers(response)
        return response

    def get_context_data(self, **kwargs):
        comment = self.object
        return super().get_context_data(
            target=comment.target,
            branch=self.branch,
            feed_of=comment.root if comment.root and comment.root.is_approved else comment,
            place_url=place_of(comment),
            canonical_url=absolute(comment.get_absolute_url()),
            minutes_left=ownership.minutes_left(comment) if self.is_own else None,
            **kwargs,
        )


def discussion_url(target):
    return f"{target.get_absolute_url()}#comments"


def number(text):
    return int(text) if re.fullmatch(r"[0-9]{1,18}", text) else None
