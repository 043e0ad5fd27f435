"""A discussion is pasted as plain text: the site proposes, a person corrects, and only then it is stored."""

from datetime import UTC, datetime, time

from django import forms
from django.apps import apps
from django.contrib import messages
from django.contrib.contenttypes.fields import GenericRelation
from django.core.exceptions import PermissionDenied
from django.http import HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import path
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from comments import paste
from comments.forms import CleanCharField
from comments.importers import pasted
from comments.importers.load import load
from comments.models import Comment

OFFERED = 300  # of each kind of target, the newest
LONGEST = 500_000
NAMES = {
    paste.Certainty.GIVEN: gettext_lazy("as you said"),
    paste.Certainty.CERTAIN: gettext_lazy("certain"),
    paste.Certainty.LIKELY: gettext_lazy("likely"),
    paste.Certainty.UNSURE: gettext_lazy("a guess"),
}


class PasteForm(forms.Form):
    target = forms.ChoiceField(label=gettext_lazy("The text that is discussed"))
    read_on = forms.DateField(
        label=gettext_lazy("The day it was copied"),
        help_text=gettext_lazy(
            "“9 months ago” is counted from here. What has no time at all is given this day."
        ),
        widget=forms.DateInput(attrs={"type": "date"}),
    )
    text = CleanCharField(
        label=gettext_lazy("The discussion, as you copied it"),
        max_length=LONGEST,
        widget=forms.Textarea(attrs={"rows": 16}),
    )

    def __init__(self, *args, user, **kwargs):
        super().__init__(*args, label_suffix="", **kwargs)
        self.fields["target"].choices = [("", "…"), *targets(user)]

    @property
    def read_at(self):
        return datetime.combine(self.cleaned_data["read_on"], time(12), UTC)

    def clean_read_on(self):
        day = self.cleaned_data["read_on"]
        if day > timezone.localdate():
            raise forms.ValidationError(_("This day has not come yet."))
        return day


def targets(user):
    """Choices of everything that can be discussed and this person may read: what has comments says so by its relation."""
    for model in apps.get_models():
        if any(
            isinstance(f, GenericRelation) and f.related_model is Comment for f in model._meta.private_fields
        ):
            label = model._meta.label_lower
            readable = model.objects.visible_to(user)
            found = [(f"{label}:{one.pk}", str(one)) for one in readable.order_by("-pk")[:OFFERED]]
            yield model._meta.verbose_name_plural, found


def find_target(name):
    label, _colon, key = name.partition(":")
    return apps.get_model(label).objects.get(pk=key)


class PasteViews:
    def get_urls(self):
        return [
            path("paste/", self.admin_site.admin_view(self.paste), name="comments_comment_paste"),
            *super().get_urls(),
        ]

    def paste(self, request):
        if not self.has_change_permission(request):
            raise PermissionDenied
        initial = {"target": request.GET.get("on", ""), "read_on": timezone.localdate()}
        form = PasteForm(request.POST or None, initial=initial, user=request.user)
        if not form.is_valid():
            return self.paste_page(request, form, ())
        pieces = paste.propose(form.cleaned_data["text"], corrections(request.POST))
        if "save" in request.POST:
            return self.save_pasted(request, form, pieces)
        return self.paste_page(request, form, rows(form, pieces))

    def paste_page(self, request, form, rows):
        context = {
            **self.admin_site.each_context(request),
            "opts": self.opts,
            "title": _("Paste a discussion"),
            "media": self.media,
            "form": form,
            "rows": rows,
            "guesses": sum(row["is_guess"] for row in rows),
        }
        return TemplateResponse(request, "admin/comments/comment/paste.html", context)

    def save_pasted(self, request, form, pieces):
        target, text = find_target(form.cleaned_data["target"]), form.cleaned_data["text"]
        report = load(pasted.records(pieces, text, form.read_at), target, pasted.ORIGIN)
        told = _("{created} comments created, {updated} updated, {unchanged} were here already.")
        counts = {"created": report.created, "updated": report.updated, "unchanged": report.unchanged}
        self.message_user(request, told.format(**counts))
        for problem in report.problems:
            self.message_user(request, str(problem), messages.WARNING)
        return HttpResponseRedirect(f"{target.get_absolute_url()}#comments")


def corrections(data):
    """What was changed in the proposal; nothing where there was none yet."""
    if "proposed" not in data:
        return paste.Corrections()
    return paste.Corrections(
        begins=frozenset(_number(value) for value in data.getlist("begins")),
        authors=_by_line(data, "author-", str.strip),
        whens=_by_line(data, "when-", str.strip),
        parents={
            line: _number(value)
            for line, value in _by_line(data, "parent-", str).items()
            if value != data.get(f"guessed-{line}")
        },
    )


def _by_line(data, prefix, read):
    return {_number(key.removeprefix(prefix)): read(data[key]) for key in data if key.startswith(prefix)}


def _number(value):
    return int(value) if value.isdecimal() and len(value) < 9 else None


def rows(form, pieces):
    """Every line of the text, with the piece that begins there, and what it may answer."""
    begins = {piece.line: piece for piece in pieces}
    choices, found = [], []
    heads = {number for piece in pieces for number in piece.head}
    buttons = {number for piece in pieces for number in piece.buttons}
    for number, line in enumerate(paste.lines_of(form.cleaned_data["text"])):
        piece = begins.get(number)
        row = {"number": number, "line": line, "piece": piece, "is_guess": False, "is_head": number in heads}
        row["is_button"] = number in buttons
        if piece:
            weak = (paste.Certainty.LIKELY, paste.Certainty.UNSURE)
            row["is_guess"] = piece.begins.certainty in weak or piece.answers.certainty in weak
            row["begins"], row["answers"] = NAMES[piece.begins.certainty], NAMES[piece.answers.certainty]
            row["choices"] = list(choices)
            row["at"] = paste.moment(piece.when, form.read_at)
            beginning = " ".join(piece.lines)[:50]
            choices.append((number, f"{number + 1}. {piece.author or _('unknown')}: {beginning}"))
        found.append(row)
    return found
