"""Form fields and widgets of the admin: Markdown with a preview, moments, tags by name."""

import csv

from django import forms
from django.urls import reverse
from django.utils import timezone
from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext_lazy as _
from markdownx.fields import MarkdownxFormField
from markdownx.widgets import AdminMarkdownxWidget
from taggit.forms import TagField, TagWidget

from blog import moments, pictures, terms
from blog.models import SiteProfile
from blog.templatetags.blog import stylesheets

LATENCY = 400  # milliseconds after the last key until the preview is asked for


def unix_newlines(text):
    return text.replace("\r\n", "\n").replace("\r", "\n")


class TextField(forms.CharField):
    """Text of several lines. Browsers send CRLF; that is no change, and the ends of the text are the author's."""

    widget = forms.Textarea

    def __init__(self, **kwargs):
        super().__init__(**{**kwargs, "strip": False})

    def to_python(self, value):
        return unix_newlines(super().to_python(value))

    def has_changed(self, initial, data):
        return unix_newlines(initial or "") != unix_newlines(data or "")


class MarkdownWidget(AdminMarkdownxWidget):
    """markdownx's textarea with a script of our own, which leaves Tab and undo to the browser."""

    entry = None

    class Media:
        extend = False
        js = [forms.widgets.Script("js/editor.js", type="module")]

    def get_context(self, name, value, attrs):
        context = super().get_context(name, value, attrs)
        context["widget"]["stylesheets"] = stylesheets(SiteProfile.load())
        return context

    def add_markdownx_attrs(self, attrs):
        kind = self.entry._meta.model_name if self.entry else ""
        return attrs | {
            "class": "markdownx-editor",
            "data-markdownx-urls-path": reverse("admin:blog_preview"),
            "data-markdownx-upload-urls-path": reverse("admin:blog_upload"),
            "data-markdownx-latency": LATENCY,
            "data-entry": f"{kind}:{self.entry.pk or ''}" if kind else "",
            "data-max-bytes": pictures.MAX_BYTES,
            "data-too-large": pictures.too_many_bytes(),
        }


class MarkdownField(TextField, MarkdownxFormField):
    widget = MarkdownWidget


class PictureInput(forms.FileInput):
    """Offers the formats that are taken; what is sent is looked at all the same."""

    def __init__(self, attrs=None):
        super().__init__(
            {"accept": ",".join(f"image/{name.lower()}" for name in pictures.FORMATS), **(attrs or {})}
        )


class PicturesInput(PictureInput):
    allow_multiple_selected = True


class PictureField(forms.FileField):
    widget = PictureInput
    default_error_messages = {
        "required": _("Choose a picture."),
        "empty": _("The file is empty."),
        "missing": _("No picture was sent."),
    }


class PicturesField(PictureField):
    """One file or several, as a list."""

    widget = PicturesInput

    def clean(self, data, initial=None):
        files = data if isinstance(data, (list, tuple)) else [data]
        return [super(PicturesField, self).clean(file, initial) for file in files or [None]]


class WebAddressField(forms.URLField):
    """A full address; one without a scheme means https."""

    def __init__(self, **kwargs):
        super().__init__(**{"assume_scheme": "https", **kwargs})


class MomentInput(forms.DateTimeInput):
    """The browser's own control for a date and time; it shows no seconds."""

    input_type = "datetime-local"

    def __init__(self, attrs=None):
        super().__init__(attrs, format="%Y-%m-%dT%H:%M")


class MomentField(forms.DateTimeField):
    """A moment by the site's own clock. What is stored stays, to the second, and in whichever of an hour that comes twice."""

    widget = MomentInput
    stored = None

    def to_python(self, value):
        if self.stored and value == self.widget.format_value(self.prepare_value(self.stored)):
            return self.stored
        try:
            return super().to_python(value)
        except forms.ValidationError as error:
            local = parse_datetime(str(value)) if error.code == "ambiguous_timezone" else None
            reason = local and moments.trouble(local, timezone.get_current_timezone())
            raise forms.ValidationError(reason, code=error.code) if reason else error from error

    def has_changed(self, initial, data):
        shown = self.widget.format_value(self.prepare_value(initial)) or ""
        return shown != (data or "")


class TagNamesInput(TagWidget):
    """Names with commas between them; a script completes the last one."""

    class Media:
        js = [forms.widgets.Script("js/tags.js", type="module")]

    def get_context(self, name, value, attrs):
        attrs = {**(attrs or {}), "data-names": reverse("admin:blog_tag_names"), "autocomplete": "off"}
        return super().get_context(name, value, attrs)

    def format_value(self, value):
        if value is None or isinstance(value, str):
            return value
        return ", ".join(f'"{name}"' if "," in name else name for name in sorted(str(tag) for tag in value))


class TagNamesField(TagField):
    """Tags by name. Only a comma parts them, so that a name may have spaces; quotes keep a comma inside."""

    widget = TagNamesInput

    def clean(self, value):
        value = forms.CharField.clean(self, value)
        try:
            names = next(csv.reader([value.replace("\r", " ").replace("\n", " ")], skipinitialspace=True), [])
        except csv.Error as error:
            raise forms.ValidationError(_("Give tags with commas between them.")) from error
        names = (" ".join(name.split()) for name in names)
        names = list({name.casefold(): name for name in reversed(list(names)) if name}.values())[::-1]
        return terms.spelled_as_stored(names)

    def has_changed(self, initial, data):
        if self.disabled:
            return False
        return sorted(str(tag) for tag in initial or []) != sorted(self.clean(data or ""))
