"""The form a comment is written in: it cleans, and refuses with a sentence that helps."""

import re
import time
import unicodedata

from django import forms
from django.core import signing
from django.core.validators import URLValidator
from django.utils.translation import gettext_lazy as _

from comments import rendering
from comments.models import CommentPolicy
from comments.moderation import Refusal

STAMP_SALT = "comments.form"
STAMP_SECONDS = 7 * 24 * 3600

_BIDI_CONTROLS = re.compile("[\u200e\u200f\u202a-\u202e\u2066-\u2069]")

TOO_INTRICATE = {
    "characters": _("This is longer than %(limit)s characters. Please shorten it, or post it in parts."),
    "quote marks": _("A line begins with more than %(limit)s quote marks (>). Please take some away."),
    "brackets": _("There are more than %(limit)s brackets and backticks. Please take some away."),
    "addresses": _("There are more than %(limit)s web addresses. Please take some away."),
}
REFUSED = {
    Refusal.TOO_SOON: _("You have just sent a comment. Please wait half a minute and send this one again."),
    Refusal.TOO_MANY: _(
        "That was many comments in a short time. Please wait ten minutes and send this one again."
    ),
    Refusal.DUPLICATE: _("You have said this here already, word for word."),
}


class CleanCharField(forms.CharField):
    def to_python(self, value):
        return super().to_python(rendering.clean(str(value)) if value else value)


class NameField(CleanCharField):
    def to_python(self, value):
        value = _BIDI_CONTROLS.sub("", " ".join((super().to_python(value) or "").split()))
        return value if any(unicodedata.category(character)[0] in "LNPS" for character in value) else ""


class SiteField(forms.URLField):
    default_validators = [URLValidator(schemes=["http", "https"])]


class WordsForm(forms.Form):
    """The words of a comment; alone, the form in which they are changed."""

    body = CleanCharField(
        label=_("Comment"),
        strip=False,
        help_text=_(
            "Markdown: *emphasis*, **strong**, `code`, [a link](https://example.org), > before a line you quote."
        ),
        widget=forms.Textarea(attrs={"rows": 12}),
        error_messages={"required": _("There is nothing here yet.")},
    )

    def __init__(self, *args, **kwargs):
        super().__init__(*args, label_suffix="", **kwargs)

    def clean_body(self):
        body = self.cleaned_data["body"].strip("\n").rstrip()
        if not body.strip():
            raise forms.ValidationError(self.fields["body"].error_messages["required"], code="required")
        try:
            rendering.check_limits(body)
        except rendering.TooIntricate as error:
            raise forms.ValidationError(
                TOO_INTRICATE[error.what], "intricate", {"limit": error.limit}
            ) from error
        return body


class CommentForm(WordsForm):
    field_order = ["author_name", "author_email", "author_url", "body", "notify"]

    author_name = NameField(
        label=_("Name"),
        max_length=100,
        widget=forms.TextInput(attrs={"autocomplete": "name"}),
        error_messages={"required": _("Please give a name; any name will do.")},
    )
    author_email = forms.EmailField(
        label=_("E-mail address"),
        required=False,
        max_length=254,
        help_text=_("Optional, and never shown. With it your next comments are recognised as yours."),
        widget=forms.EmailInput(attrs={"autocomplete": "email"}),
    )
    author_url = SiteField(
        label=_("Your site"),
        required=False,
        max_length=300,
        assume_scheme="https",
        help_text=_("Optional; a link to it stands with your comment."),
        widget=forms.URLInput(attrs={"autocomplete": "url"}),
        error_messages={"invalid": _("A site's address looks like https://example.org.")},
    )
    notify = forms.BooleanField(label=_("Tell me by e-mail about replies"), required=False)
    subject = forms.CharField(
        label=_("Leave this empty: it is there to catch machines"),
        required=False,
        widget=forms.TextInput(attrs={"autocomplete": "off", "tabindex": "-1"}),
    )
    stamp = forms.CharField(required=False, widget=forms.HiddenInput)

    def __init__(self, *args, target, user=None, **kwargs):
        super().__init__(*args, **kwargs)
        self.target = target
        self.user = user
        self.fields["stamp"].initial = self._new_stamp()
        if user is not None:
            for name in ("author_name", "author_email", "author_url"):
                del self.fields[name]
            if not user.email:
                del self.fields["notify"]
        elif target.comment_policy == CommentPolicy.CONFIRMED:
            self.fields["author_email"].required = True
            self.fields["author_email"].help_text = _(
                "Never shown. A letter goes there: your comment appears when you have followed its link."
            )

    @property
    def user_name(self):
        name = self.user.get_full_name() or self.user.get_username()
        return name[: self.base_fields["author_name"].max_length]

    def clean(self):
        cleaned = super().clean()
        if cleaned.get("notify") and self.user is None and cleaned.get("author_email") == "":
            self.add_error("author_email", _("To tell you about replies, an e-mail address is needed."))
        cleaned["honeypot"] = cleaned.pop("subject", "")
        cleaned["seconds_taken"] = self._seconds_taken(cleaned.pop("stamp", ""))
        if self.user is not None:
            cleaned |= {"author_name": self.user_name, "author_email": self.user.email, "author_url": ""}
        return cleaned

    def refuse(self, refusal):
        self.add_error(None, forms.ValidationError(REFUSED[refusal], code=refusal.value))

    def _seconds_taken(self, stamp):
        """Seconds since the form was first shown. A stamp that is forged, old or another page's is renewed."""
        try:
            label, shown_at = signing.loads(stamp, salt=STAMP_SALT, max_age=STAMP_SECONDS)
        except (signing.BadSignature, ValueError):
            label = None
        if label != self._label():
            kept = {name: self.data.get(name) for name in self.data}
            self.data = kept | {"stamp": self._new_stamp()}
            self.add_error(
                None, _("This page had been open for too long. Please send your comment once more.")
            )
            return 0
        return time.time() - shown_at

    def _label(self):
        return f"{self.target._meta.label_lower}:{self.target.pk}"

    def _new_stamp(self):
        return signing.dumps([self._label(), time.time()], salt=STAMP_SALT)
