"""Pages of the discussion: the form to comment or reply, and a comment's permalink."""

from django.contrib.auth.views import redirect_to_login
from django.http import Http404, HttpResponseRedirect
from django.shortcuts import render
from django.utils.decorators import method_decorator
from django.views.decorators.cache import never_cache
from django.views.generic import DetailView, FormView

from comments import rendering, services
from comments.forms import CommentForm
from comments.models import Comment, CommentPolicy, is_approved
from comments.threads import branch, lay_out
from config.links import absolute


@method_decorator(never_cache, name="dispatch")
class CommentCreateView(FormView):
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
            return render(request, "comments/comment_held.html", {"target": self.target})
        return super().dispatch(request, *args, **kwargs)

    def turn_away(self, template_name):
        context = {"target": self.target, "login_url": redirect_to_login(self.request.path).url}
        return render(self.request, template_name, context, status=403)

    @property
    def user(self):
        return self.request.user if self.request.user.is_authenticated else None

    def get_form_kwargs(self):
        return super().get_form_kwargs() | {"target": self.target, "user": self.user}

    def get_context_data(self, **kwargs):
        return super().get_context_data(target=self.target, parent=self.parent, **kwargs)

    def form_valid(self, form):
        if "preview" in self.request.POST:
            preview_html = rendering.render_comment(form.cleaned_data["body"])
            return self.render_to_response(self.get_context_data(form=form, preview_html=preview_html))
        try:
            comment = services.submit(
                self.target,
                form.cleaned_data,
                parent=self.parent,
                user=self.user,
                address=self.request.META.get("REMOTE_ADDR", ""),
            )
        except services.Refused as refused:
            form.refuse(refused.refusal)
            status = 429 if refused.refusal.is_about_rate else 409
            return self.render_to_response(self.get_context_data(form=form), status=status)
        return HttpResponseRedirect(self.get_next_url(comment))

    def get_next_url(self, comment):
        if comment.is_approved:
            return f"{self.target.get_absolute_url()}#{comment.anchor}"
        return f"{self.request.path}?held"


class ReplyView(CommentCreateView):
    """The same form below the comment it answers; ``?quote=1`` fills in its words as a quote."""

    def get_target(self):
        self.parent = Comment.objects.approved().filter(pk=self.kwargs["pk"]).first()
        return self.parent and self.parent.target

    def get_initial(self):
        return {"body": self.parent.as_quote()} if "quote" in self.request.GET else {}


class CommentDetailView(DetailView):
    """A comment's permalink: the comments it answers, itself, and its replies."""

    queryset = Comment.objects.approved()
    template_name = "comments/comment_detail.html"

    def get_object(self, queryset=None):
        comment = super().get_object(queryset)
        if not comment.is_public:
            raise Http404
        return comment

    def get_context_data(self, **kwargs):
        comment = self.object
        thread = list(Comment.objects.in_thread_of(comment).for_thread_display())
        rows = lay_out(branch(thread, comment.pk), is_visible=is_approved)
        canonical_url = absolute(comment.get_absolute_url())
        return super().get_context_data(
            target=comment.target, rows=rows, canonical_url=canonical_url, **kwargs
        )
