"""The page on which somebody who writes here turns two-factor login on, makes new recovery codes, or turns it off."""

from django import forms
from django.contrib import admin, messages
from django.contrib.auth import update_session_auth_hash
from django.shortcuts import redirect, render
from django.utils.decorators import method_decorator
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.debug import sensitive_post_parameters
from django.views.generic import View

from config import second_factor
from config.login import CodeForm, knows_password


class PasswordForm(forms.Form):
    password = forms.CharField(
        label=gettext_lazy("Your password"),
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password"}),
    )

    def __init__(self, request, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.request = request

    def clean_password(self):
        password = self.cleaned_data["password"]
        if not knows_password(self.request, password):
            raise forms.ValidationError(_("This is not your password."))
        return password


class TurnOnForm(PasswordForm, CodeForm):
    offer = forms.CharField(widget=forms.HiddenInput)
    field_order = ["offer", "otp", "password"]

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["otp"].label = _("The code that the app shows")
        self.fields["otp"].widget.attrs["inputmode"] = "numeric"
        self.fields["otp"].widget.attrs.pop("autofocus")


@method_decorator(sensitive_post_parameters(), "dispatch")
class TwoFactorView(View):
    def get(self, request):
        if second_factor.is_on(request.user):
            return self.page(request, PasswordForm(request))
        offer = second_factor.Offer.new(request.user)
        return self.page(request, TurnOnForm(request, initial={"offer": offer.signed}), offer=offer)

    def post(self, request):
        if not second_factor.is_on(request.user):
            return self.turn_on(request)
        form = PasswordForm(request, request.POST)
        if not form.is_valid():
            return self.page(request, form)
        if "new_codes" in request.POST:
            return self.page(request, form, codes=second_factor.new_recovery_codes(request.user))
        second_factor.turn_off(request.user)
        messages.success(request, _("Two-factor login is off. From now on your password alone logs you in."))
        return redirect("two_factor")

    def turn_on(self, request):
        offer = second_factor.Offer.read(request.user, request.POST.get("offer", ""))
        if offer is None:
            messages.warning(request, _("That took too long. Here is a new key; please begin again."))
            return redirect("two_factor")
        form = TurnOnForm(request, request.POST)
        if form.is_valid():
            codes = offer.take_up(form.cleaned_data["otp"])
            if codes:
                end_other_sessions(request, form.cleaned_data["password"])
                return self.page(request, form, codes=codes, is_new=True)
            form.add_error("otp", _("This is not the code for this key. Is the clock of the phone right?"))
        return self.page(request, form, offer=offer)

    def page(self, request, form, **more):
        context = {
            **admin.site.each_context(request),
            "title": _("Two-factor login"),
            "form": form,
            "is_on": second_factor.is_on(request.user),
            "since": second_factor.since(request.user),
            "left": second_factor.recovery_codes_left(request.user),
            **more,
        }
        if offer := more.get("offer"):
            context["picture"] = offer.picture(request.site.title)
        return render(request, "registration/two_factor.html", context)


def end_other_sessions(request, password):
    """Whoever is logged in elsewhere has not given a code. The same password with another salt ends those sessions."""
    user = request.user
    user.set_password(password)
    user.save(update_fields=["password"])
    update_session_auth_hash(request, user)
