"""To change one's own password asks for the old one, and that is no place for guessing it either."""

from django.contrib import admin
from django.contrib.admin.forms import AdminPasswordChangeForm
from django.contrib.auth.views import PasswordChangeView
from django.core.exceptions import ValidationError
from django.urls import reverse_lazy
from django.views.decorators.debug import sensitive_variables

from config.login import knows_password


class OwnPasswordForm(AdminPasswordChangeForm):
    request = None

    @sensitive_variables("password")
    def clean_old_password(self):
        password = self.cleaned_data["old_password"]
        if not knows_password(self.request, password):
            raise ValidationError(self.error_messages["password_incorrect"], code="password_incorrect")
        return password


class OwnPasswordView(PasswordChangeView):
    """As the admin has it."""

    form_class = OwnPasswordForm
    success_url = reverse_lazy("admin:password_change_done")

    def get_form(self, form_class=None):
        form = super().get_form(form_class)
        form.request = self.request
        return form

    def get_context_data(self, **kwargs):
        return super().get_context_data(**admin.site.each_context(self.request), **kwargs)
