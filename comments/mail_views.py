"""Pages that links in letters lead to. To look at one changes nothing; its button does."""

from django.http import Http404
from django.utils import timezone
from django.utils.decorators import method_decorator
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.generic import TemplateView

from comments import letters, services
from comments.models import Comment, Subscription


@method_decorator(never_cache, name="dispatch")
class LetterView(TemplateView):
    def dispatch(self, request, *args, **kwargs):
        about = letters.read_token(kwargs["token"]) or {}
        self.subscription = Subscription.objects.filter(pk=about.get("s")).select_related("comment").first()
        self.comment = (
            self.subscription.comment
            if self.subscription
            else Comment.objects.filter(pk=about.get("c")).first()
        )
        if self.comment is None or self.comment.target is None:
            raise Http404
        return super().dispatch(request, *args, **kwargs)

    def post(self, request, *args, **kwargs):
        self.act()
        return self.render_to_response(self.get_context_data(is_done=True))

    def get_context_data(self, **kwargs):
        # A letter is kept for years: what it was about may be a draft again, with a title that nobody is to know.
        target = self.comment.target if self.comment.target.is_public else None
        return super().get_context_data(
            comment=self.comment, target=target, subscription=self.subscription, **kwargs
        )


class ConfirmView(LetterView):
    template_name = "comments/mail/confirm.html"

    def act(self):
        if self.subscription is None:
            self.comment = services.confirm(self.comment)
        email = self.subscription.email if self.subscription else self.comment.author_email.lower()
        asked = Subscription.objects.filter(comment=self.comment, email=email, confirmed_at=None)
        asked.update(confirmed_at=timezone.now())


@method_decorator(csrf_exempt, name="dispatch")  # mail programs press the button themselves (RFC 8058)
class StopView(LetterView):
    template_name = "comments/mail/stop.html"

    def dispatch(self, request, *args, **kwargs):
        if "s" not in (letters.read_token(kwargs["token"]) or {}):
            raise Http404
        return super().dispatch(request, *args, **kwargs)

    def act(self):
        Subscription.objects.filter(pk=self.subscription.pk, ended_at=None).update(ended_at=timezone.now())
