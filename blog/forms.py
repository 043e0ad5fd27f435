"""The forms of posts and pages: what the author did not touch stays exactly as it is stored."""

from django import forms
from django.contrib.auth import get_user_model
from django.db.models import Q
from django.http import QueryDict
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _
from markdownx.forms import ImageForm

from blog import addresses, library, pictures, raw_html, remarks
from blog.formfields import MarkdownField, MomentField, TagNamesField, TextField, WebAddressField
from blog.models import Page, Post
from blog.paths import clean_path

WRITTEN = ["title", "body", "markup", "summary", "description", "show_toc", "cover", "cover_alt"]
DATED = ["published_at", "public_at", "expires_at"]
PLACED = ["slug", "path", "listed", "discussion", "comments_close_after", "canonical_url", "language"]
WHAT_READERS_SEE = {"title", "body", "markup", "summary", "description", "cover", "cover_alt", "tags"}
DRAFT, PUBLISH, UPDATE, UNPUBLISH = "draft", "publish", "update", "unpublish"
AUTOSAVE = "_autosave"  # among a new form's initial values: what somebody goes on writing
BUTTONS = {"_save_draft": DRAFT, "_publish": PUBLISH, "_update": UPDATE, "_unpublish": UNPUBLISH}


class EntryForm(forms.ModelForm):
    class Meta:
        field_classes = {
            "body": MarkdownField,
            "summary": TextField,
            "description": TextField,
            "canonical_url": WebAddressField,
            **dict.fromkeys(["published_at", "public_at", "expires_at"], MomentField),
        }
        labels = {
            "body": _("Text, in Markdown"),
            "show_toc": _("Show a contents list"),
            "listed": _("Show in lists and feeds"),
        }
        help_texts = {"published_at": _("Left empty, the moment of publishing. A later time schedules it.")}

    def __init__(self, *args, **kwargs):
        self.work = getattr(kwargs.get("instance"), "work", None)
        initial = {**(self.work.initial if self.work else {}), **(kwargs.pop("initial", None) or {})}
        self.resumed = initial.pop(AUTOSAVE, None) or (self.work and self.work.autosave)
        super().__init__(*args, initial=initial, **kwargs)
        for name in {"published_at", "public_at", "expires_at"} & set(self.fields):
            self.fields[name].stored = getattr(self.instance, name)
        if self.resumed:
            self.initial |= self._as_typed(self.resumed.typed)
        if "body" in self.fields:
            self.fields["body"].widget.entry = self.instance
        if "title" in self.fields:
            self.fields["title"].widget.attrs |= {
                "placeholder": _("Title"),
                "autofocus": not self.instance.pk,
            }
        for name, rows in (("summary", 3), ("description", 2)):
            if name in self.fields:
                self.fields[name].widget.attrs["rows"] = rows

    def _as_typed(self, typed):
        """What each widget reads in a form that was not sent, valid or not."""
        data = QueryDict(mutable=True)
        for name, values in typed.items():
            data.setlist(name, values)
        return {name: field.widget.value_from_datadict(data, {}, name) for name, field in self.fields.items()}

    @cached_property
    def deed(self):
        """What the button that was pressed says; without one, the entry stays what it is."""
        said = next((deed for button, deed in BUTTONS.items() if button in self.data), None)
        return said or (DRAFT if self.instance.draft else UPDATE)

    @cached_property
    def is_beside_live(self):
        """Whether this is saved beside what readers have, and not in its place."""
        return self.deed == DRAFT and bool(self.work) and not self.work.live["draft"]

    def clean(self):
        cleaned = super().clean()
        self._keep_what_is_untouched(cleaned)
        self._check_dates(cleaned)
        self._check_cover(cleaned)
        self._check_html(cleaned)
        return cleaned

    def save(self, commit=True):
        if self.instance.pk and WHAT_READERS_SEE & self._changed_for_readers():
            self.instance.modified_at = timezone.now()
        return super().save(commit)

    def _changed_for_readers(self):
        """What was changed now, and while it was worked on before."""
        pending = self.work and self.work.pending
        before = (
            {name for name, value in pending.state.items() if self.work.live.get(name) != value}
            if pending
            else set()
        )
        return before | set(self.changed_data)

    def _post_clean(self):
        super()._post_clean()
        self.instance.draft = self._will_be_draft()
        if {"title", "slug", "path", "published_at"} & set(self.errors):
            return
        self._check_address()
        if self.deed == PUBLISH and self.request and not self.errors:
            self._hold_for_remarks()

    request = None  # the admin leaves it here: links are looked up as a reader would
    remarks = ()  # why publishing is held, for once

    def _hold_for_remarks(self):
        """Before readers see it: what there is to see to. Sent again with all of it unchanged, it is published."""
        found = remarks.remarks_on(self.instance, self.request)
        is_held = any(remark.holds for remark in found)
        if is_held and self.data.get(remarks.HELD) != remarks.digest_of(found):
            self.remarks = found
            self.add_error(None, _("Not published yet. Change what is listed, or publish anyway."))

    @property
    def despite(self):
        return remarks.digest_of(self.remarks)

    def _will_be_draft(self):
        return self.instance.draft if self.deed == DRAFT else self.deed == UNPUBLISH

    def _keep_what_is_untouched(self, cleaned):
        """A browser changes line ends and drops seconds. That alone must not make an entry another one."""
        stored = {field.attname for field in self.instance._meta.concrete_fields}
        for name in (stored & set(cleaned)) - set(self.changed_data):
            cleaned[name] = getattr(self.instance, name)

    def _check_dates(self, cleaned):
        starts = cleaned.get("public_at") or cleaned.get("published_at")
        expires = cleaned.get("expires_at")
        if starts and expires and expires <= starts:
            self.add_error("expires_at", _("It would expire before it is published. Give a later time."))

    def _check_cover(self, cleaned):
        is_new = {"cover", "cover_alt"} & set(self.changed_data)
        if is_new and cleaned.get("cover") and not cleaned.get("cover_alt"):
            self.add_error(
                "cover_alt", _("Say in words what the cover image shows, for readers who cannot see it.")
            )

    def _check_html(self, cleaned):
        """Whoever may not write HTML may still change a text that has some."""
        if not self.request or "body" not in cleaned:
            return
        state = {"body": cleaned["body"], "markup": cleaned.get("markup", self.instance.markup)}
        refusal = raw_html.refusal(self.request.user, state, self.work.states if self.work else [])
        if refusal:
            self.add_error("body", refusal)

    def clean_body(self):
        """The line ends the stored text has; LF for a new one."""
        body, stored = self.cleaned_data["body"], self.instance.body
        crlf = stored.count("\r\n")
        return body.replace("\n", "\r\n") if crlf > stored.count("\n") - crlf else body

    def clean_path(self):
        path = self.cleaned_data["path"].strip()
        return clean_path(path) if path else ""

    def clean_slug(self):
        return self.cleaned_data["slug"].strip().strip("/")

    def _check_address(self):
        """Work out where the entry will be, and refuse with the reason if it cannot be there."""
        entry = self.instance
        is_left_to_us = not (entry.slug or entry.path)
        entry.prepare()
        if not entry.slug:
            return self._refuse(_("No slug can be made from this title. Give one, such as my-first-post."))
        if "/" in entry.slug:
            return self._refuse(_("A slug is one word of an address and has no slash."))
        if is_left_to_us:
            addresses.find_room(entry)
        entry.path = addresses.following(entry)
        if entry.path != entry.was("path") and (reason := addresses.trouble(entry.path, entry)):
            self._refuse(reason, "path" if self.cleaned_data.get("path") == entry.path else "slug")
        return None

    def _refuse(self, reason, name="slug"):
        self.add_error(name if name in self.fields else None, reason)

    def _get_validation_exclusions(self):
        """The address is judged below, with sentences that say what is in its place."""
        return super()._get_validation_exclusions() | {"path"}


class PostForm(EntryForm):
    class Meta(EntryForm.Meta):
        model = Post
        fields = [*WRITTEN, *DATED, *PLACED, "tags", "categories", "series", "series_order", "authors"]
        field_classes = {**EntryForm.Meta.field_classes, "tags": TagNamesField}

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        if "authors" in self.fields:
            self.fields["authors"].queryset = self._people_who_write()

    def _people_who_write(self):
        """Whoever may log in here or has written something; not everybody with an account."""
        people = get_user_model().objects
        return people.filter(Q(is_staff=True) | Q(posts__isnull=False)).distinct().order_by("username")


class PageForm(EntryForm):
    class Meta(EntryForm.Meta):
        model = Page
        fields = [*WRITTEN, *DATED, *PLACED]


class PictureForm(ImageForm):
    """markdownx's upload form, with the checks that make a file a picture."""

    user = None  # who sends it

    image = forms.FileField(
        error_messages={"required": _("No picture was sent."), "empty": _("The file is empty.")},
        max_length=None,
    )

    def clean_image(self):
        """Keeping is a part of checking: only what was stored has been understood."""
        upload = self.cleaned_data["image"]
        try:
            self.picture = library.add(upload, given_name=upload.name, user=self.user)
        except pictures.PictureError as error:
            raise forms.ValidationError(str(error)) from error
        return upload

    def clean(self):
        return self.cleaned_data

    def save(self, commit=True):
        """The answer has the names that markdownx gives it."""
        return {
            "image_code": library.markdown_of(self.picture, self.cleaned_data["image"].name),
            "image_path": self.picture.address,
            "alt": self.picture.alt,
            "width": self.picture.width,
            "height": self.picture.height,
        }
