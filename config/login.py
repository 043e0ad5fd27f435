"""Logging in: a password, then a code where somebody has asked for one, and a limit to guessing either."""

import ipaddress
import time

from axes.handlers.proxy import AxesProxyHandler
from axes.helpers import get_cool_off, get_lockout_response
from axes.models import AccessAttempt
from django import forms
from django.contrib.auth import authenticate, get_user_model, login
from django.contrib.auth.signals import user_logged_in, user_login_failed
from django.contrib.auth.views import LoginView, RedirectURLMixin
from django.dispatch import receiver
from django.http import HttpResponseRedirect
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.cache import add_never_cache_headers
from django.utils.crypto import constant_time_compare
from django.utils.decorators import method_decorator
from django.utils.translation import gettext_lazy as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.generic import FormView

from config import second_factor

WAITING = "login_waits_for_code"  # in the session
WAITS = 600  # seconds


class LeadsToDesk:
    """Who writes or moderates here wants to go there, if nothing else was asked for. Labels are those of other forms."""

    def get_default_redirect_url(self):
        return reverse("admin:index" if self.request.user.is_staff else "home")

    def get_form_kwargs(self):
        return super().get_form_kwargs() | {"label_suffix": ""}


class SiteLoginView(LeadsToDesk, LoginView):
    """For everybody, the admin included. Django's own calls the host's name "site", which is our word for the profile."""

    def get_context_data(self, **kwargs):
        return super().get_context_data(**kwargs) | {"site": self.request.site}

    def form_valid(self, form):
        user = form.get_user()
        if not second_factor.is_on(user):
            return super().form_valid(form)
        self.request.session[WAITING] = {
            "user": user.pk,
            "backend": user.backend,
            "hash": user.get_session_auth_hash(),
            "next": self.get_redirect_url(),
            "at": int(time.time()),
        }
        return redirect("login_code")


class CodeForm(forms.Form):
    otp = forms.CharField(
        label=_("Code"),
        max_length=40,
        widget=forms.TextInput(
            attrs={"autocomplete": "one-time-code", "autofocus": True, "spellcheck": "false"}
        ),
    )


@method_decorator([sensitive_post_parameters(), never_cache], "dispatch")
class CodeView(LeadsToDesk, RedirectURLMixin, FormView):
    """Somebody has given the right password, and is not in yet."""

    form_class = CodeForm
    template_name = "registration/login_code.html"

    def dispatch(self, request, *args, **kwargs):
        self.user = waiting_user(request)
        if self.user is None:
            request.session.pop(WAITING, None)
            return redirect("login")
        self.credentials = {"username": self.user.get_username()}
        if not AxesProxyHandler.is_allowed(request, self.credentials):
            return get_lockout_response(request, credentials=self.credentials)
        return super().dispatch(request, *args, **kwargs)

    def form_valid(self, form):
        if not second_factor.accepts(self.user, form.cleaned_data["otp"]):
            # Counted with the wrong passwords of this account and address.
            user_login_failed.send(sender=__name__, credentials=self.credentials, request=self.request)
            form.add_error(
                "otp", _("This code is not right. An app's code works once and for half a minute.")
            )
            return self.form_invalid(form)
        waiting = self.request.session.pop(WAITING)
        login(self.request, self.user, backend=waiting["backend"])
        return HttpResponseRedirect(waiting["next"] or self.get_default_redirect_url())

    def get_context_data(self, **kwargs):
        return super().get_context_data(**kwargs) | {"site": self.request.site}


def waiting_user(request):
    """Whoever has just given their password here, unless it was changed since."""
    waiting = request.session.get(WAITING)
    if not waiting or not 0 <= time.time() - waiting["at"] <= WAITS:
        return None
    user = get_user_model().objects.filter(pk=waiting["user"], is_active=True).first()
    is_same = user and constant_time_compare(waiting["hash"], user.get_session_auth_hash())
    return user if is_same else None


def knows_password(request, password):
    """Is this the password of whoever is logged in? Checked as at a login, so that guesses are counted with those."""
    return authenticate(request, username=request.user.get_username(), password=password) == request.user


@receiver(user_logged_in)
def forgive(sender, user, **kwargs):
    """Whoever is in has mistyped their own password before, and guessed nobody else's."""
    AccessAttempt.objects.filter(username=user.get_username()).delete()


def network_of(request):
    """What counts as one address when guesses are counted: of IPv6 the /64, for that is what one person has."""
    try:
        ip = ipaddress.ip_address(request.META.get("REMOTE_ADDR", "").partition("%")[0])
    except ValueError:
        return None
    ip = getattr(ip, "ipv4_mapped", None) or ip
    return str(ipaddress.ip_network((ip, 64), strict=False).network_address if ip.version == 6 else ip)


def locked_out(request, response, credentials=None):
    """Too many guesses: nobody is told whether the last one was right."""
    wait = int(get_cool_off(request).total_seconds())
    context = {"site": request.site, "minutes": wait // 60}
    response = render(request, "registration/locked_out.html", context, status=429)
    response["Retry-After"] = str(wait)
    add_never_cache_headers(response)
    return response
