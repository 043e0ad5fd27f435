"""Two tabs, or two people, cannot write over each other: a form says which state it began from.

The later of two saves is refused with a page that shows both texts, and what becomes of them together.
"""

import re
from dataclasses import dataclass
from uuid import uuid4

from django.contrib import admin, messages
from django.forms import ModelMultipleChoiceField
from django.http import HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.translation import gettext as _

from blog.forms import BUTTONS
from blog.keys import is_key
from blog.models import Revision
from blog.revisions import autosaves, keeping
from blog.revisions.comparing import ROWS, label, same, shown
from blog.revisions.differences import merge, side_by_side
from blog.revisions.states import TEXTS, refused, state_in_form

NOT_TYPED = ("csrfmiddlewaretoken", "began", "writing", "_merged", *BUTTONS)
TOKEN = re.compile(r"[0-9a-f]{32}(-[0-9]{1,18})?", re.ASCII)
MINE, THEIRS, BOTH = "mine", "theirs", "both"
SETS = ("tags", *ROWS)


@dataclass
class Choice:
    """A field that both sides have differently, and what is proposed for it."""

    name: str
    label: str
    mine: str
    theirs: str
    proposed: str  # of a text the merged one, of another field whose is taken
    clashes: int = 0
    rows: tuple = ()
    together: str = ""  # what both have, where nothing speaks against having both

    @property
    def is_text(self):
        return self.name in TEXTS


class Conflicts(admin.ModelAdmin):
    def _changeform_view(self, request, object_id, form_url, extra_context):
        """Within the transaction that saves. A new entry's form that is sent twice is about the entry that it made."""
        if request.method == "POST" and not object_id and (first := autosaves.already_sent(request.POST)):
            object_id = str(first.post_id or first.page_id)
            request.POST = request.POST.copy()
            request.POST["began"] = first.digest
        is_save = request.method == "POST" and object_id and "began" in request.POST
        refusal = self._refusal(request, object_id) if is_save else None
        return refusal or super()._changeform_view(request, object_id, form_url, extra_context)

    def _refusal(self, request, object_id):
        if is_key(object_id):
            self.model.objects.select_for_update().filter(pk=object_id).values_list("pk").first()
        entry = self.get_object(request, object_id)
        if entry is None or not self.has_change_permission(request, entry):
            return None
        is_merged = "_merged" in request.POST
        if is_merged:
            request.POST = self._as_chosen(request, entry)
        if request.POST["began"] == entry.work.token and (is_merged or not entry.work.is_overtaken):
            return None
        return self._judge(request, entry)

    def _judge(self, request, entry):
        """The later save: settled if nothing of it would be lost, else a page with both."""
        work = entry.work
        if request.POST["began"] == work.token:  # begun from a draft, while readers were given something else
            base, theirs = None, work.live
        else:
            base, theirs = began_from(entry, token_in(request.POST)), work.state
        form = self._form(request, entry)
        form.full_clean()
        mine = state_in_form(form, theirs)
        own = [name for name in mine if base is None or not same(name, base.get(name), mine[name])]
        if not refused(form) and all(same(name, theirs[name], mine[name]) for name in own):
            told = _("It was saved meanwhile, and nothing you sent is missing. This is the newest state.")
            self.message_user(request, told, messages.INFO)
            return HttpResponseRedirect(reverse(f"admin:blog_{self.opts.model_name}_change", args=[entry.pk]))
        keeping.catch_up(entry, work.live)
        self._keep_mine(request, entry, mine)
        return self._show_both(request, entry, base, mine, theirs)

    def _keep_mine(self, request, entry, mine):
        """If nobody merges it, it is still offered."""
        data = request.POST
        writing = data.get("writing", "")
        writing = writing if autosaves.is_writing(writing) else uuid4().hex
        began = token_in(data)
        autosaves.save(entry, request.user, writing, mine, typed_in(data), began, entry.work.state)

    def _form(self, request, entry):
        fields = [
            name for _title, options in self.get_fieldsets(request, entry) for name in options["fields"]
        ]
        flat = [name for each in fields for name in (each if isinstance(each, tuple) else [each])]
        return self.get_form(request, entry, change=True, fields=flat)(request.POST, instance=entry)

    def _show_both(self, request, entry, base, mine, theirs):
        choices = [
            choice_of(self.opts.model_name, name, base, mine, theirs)
            for name in mine
            if name != "draft" and not same(name, mine[name], theirs[name])
        ]
        open_texts = {choice.name for choice in choices if choice.is_text}
        typed = [(name, value) for name, values in typed_in(request.POST).items() for value in values]
        context = {
            **self.admin_site.each_context(request),
            "opts": self.opts,
            "title": _("Saved by two"),
            "original": entry,
            "work": entry.work,
            "writing": request.POST.get("writing", ""),
            "is_live": entry.work.condition != "draft",
            "may_write": True,
            "choices": choices,
            "clashes": sum(choice.clashes for choice in choices),
            "typed": [(name, value) for name, value in typed if name not in open_texts],
            "newest": Revision.objects.of(entry).kept().select_related("user").without_texts().first(),
            "state_differs": mine["draft"] != theirs["draft"],
            "media": self.media,
        }
        return TemplateResponse(request, "admin/blog/both.html", context, status=409)

    def _as_chosen(self, request, entry):
        """What was sent from that page: where theirs was chosen, or both, as their form would send it."""
        data = request.POST.copy()
        form = self._form(request, entry)
        for name, field in form.fields.items():
            taken = data.pop(f"take-{name}", [MINE])[-1]
            if taken not in (THEIRS, BOTH):
                continue
            mine = data.getlist(name) if taken == BOTH else []
            value = form[name].initial if entry.work.pending is None else form.initial.get(name)
            shown_value = field.prepare_value(value)
            if isinstance(shown_value, bool):
                data.setlist(name, ["on"] if shown_value else [])
            elif isinstance(field, ModelMultipleChoiceField):
                data.setlist(name, list(dict.fromkeys([*mine, *map(str, shown_value)])))
            else:
                data[name] = ", ".join([*mine, field.widget.format_value(shown_value) or ""])
        return data


def began_from(entry, token):
    """The state that a form with this token showed, or None if nobody knows any more."""
    revisions = Revision.objects.of(entry)
    live, _dash, pending = token.partition("-")
    found = revisions.filter(pk=pending) if pending else revisions.filter(digest=live, is_applied=True)
    return found.values_list("state", flat=True).first()


def token_in(data):
    """What a form says that it began from; "" if it is nothing that a form was ever given, for anybody may send anything."""
    token = data.get("began", "")
    return token if TOKEN.fullmatch(token) else ""


def typed_in(data):
    """Everything somebody wrote into a form, word for word."""
    return {
        name: [value.replace("\0", "") for value in data.getlist(name)]  # which PostgreSQL refuses in JSON
        for name in data
        if name not in NOT_TYPED and not name.startswith(("_", "take-"))
    }


def choice_of(kind, name, base, mine, theirs):
    old = (base or {}).get(name)
    if name in TEXTS:
        merged = merge(old if base else "", mine[name], theirs[name])
        if base is None:  # nobody knows what both began from: mine, which is what would be lost
            merged = type(merged)(mine[name], 1)
        rows = tuple(side_by_side(theirs[name], mine[name]))
        return Choice(name, label(kind, name), mine[name], theirs[name], merged.text, merged.clashes, rows)
    together = _together(name, mine[name], theirs[name])
    is_mine_untouched = base is not None and same(name, old, mine[name])
    proposed = THEIRS if is_mine_untouched else BOTH if together else MINE
    sides = (shown(kind, name, mine[name]), shown(kind, name, theirs[name]))
    return Choice(
        name, label(kind, name), *sides, proposed, together=together and shown(kind, name, together)
    )


def _together(name, mine, theirs):
    """Of tags and the like, those of both sides; None where one side has all of them anyway."""
    if name not in SETS:
        return None
    missing = [each for each in theirs if each not in mine]
    return [*mine, *missing] if missing and len(missing) + len(mine) > len(theirs) else None
