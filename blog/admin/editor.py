"""What the Markdown field asks for while somebody writes: a preview, a place for a picture, names of tags.

markdownx's own views take anything from anybody. These answer writers only, and every refusal is a sentence in JSON.
"""

import contextlib
from functools import wraps

from django.core.exceptions import ValidationError
from django.http import JsonResponse
from django.template.loader import render_to_string
from django.utils.decorators import method_decorator
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt, csrf_protect
from django.views.generic import View

from blog import elsewhere, pictures, rights
from blog.formfields import MomentField
from blog.forms import PictureForm
from blog.keys import is_key
from blog.models import Page, Post, Tag
from blog.remarks import remarks_on_rendered
from blog.rendering import absolute_links

KINDS = {"post": Post, "page": Page}
MAX_TEXT_BYTES = 2 * 1024 * 1024
FORM_BYTES = 64 * 1024  # what a form needs beside the one thing it carries
WRITING = [f"blog.{deed}_{kind}" for kind in KINDS for deed in ("add", "change")]
NAMES = 20
SHOWN = ("title", "summary", "description", "cover", "cover_alt")


def refuse(reason, status=400):
    return JsonResponse({"error": str(reason)}, status=status)


def for_writers(view):
    """Lets in staff who may add or change a post or a page."""

    @wraps(view)
    def guarded(request, *args, **kwargs):
        user = request.user
        if not (user.is_active and user.is_staff and any(user.has_perm(name) for name in WRITING)):
            return refuse(_("Log in as somebody who may write here."), 403)
        return view(request, *args, **kwargs)

    return guarded


def not_longer_than(limit, reason):
    """Refuses a request by its announced length. Comes before anything that reads the body, the CSRF check too."""

    def decorate(view):
        @wraps(view)
        def guarded(request, *args, **kwargs):
            length = request.META.get("CONTENT_LENGTH") or "0"
            if not length.isdecimal() or int(length) > limit + FORM_BYTES:
                return refuse(reason())
            return view(request, *args, **kwargs)

        return guarded

    return decorate


def _too_much_text():
    return _("The text is too long for a preview.")


class WritersView(View):
    http_method_names = ["post"]

    def http_method_not_allowed(self, request, *args, **kwargs):
        response = refuse(_("This address takes POST only."), 405)
        response["Allow"] = "POST"
        return response


@method_decorator(
    [
        csrf_exempt,
        never_cache,
        for_writers,
        not_longer_than(pictures.MAX_BYTES, pictures.too_many_bytes),
        csrf_protect,
    ],
    "dispatch",
)
class UploadView(WritersView):
    """Takes one picture and answers the Markdown that shows it."""

    def post(self, request):
        form = PictureForm(request.POST, request.FILES)
        form.user = request.user
        if not form.is_valid():
            return refuse(" ".join(form.errors["image"]))
        return JsonResponse(form.save())


@method_decorator(
    [
        csrf_exempt,
        never_cache,
        for_writers,
        not_longer_than(3 * MAX_TEXT_BYTES, _too_much_text),
        csrf_protect,
    ],
    "dispatch",
)
class PreviewView(WritersView):
    """The text as its page will show it. Nothing is stored."""

    def post(self, request):
        text = request.POST.get("content", "")
        if len(text) > MAX_TEXT_BYTES:
            return refuse(_too_much_text())
        entry = self.find_entry(request)
        self.take(entry, request.POST, text)
        rendered = entry.render(lines=True)
        html = render_to_string("admin/blog/preview.html", {"entry": entry})
        html = absolute_links(html, entry.path or "/")
        remarks = [remark._asdict() for remark in remarks_on_rendered(entry, rendered, request)]
        counts = {"words": entry.word_count, "minutes": entry.minutes}
        self.place(entry, request.POST)
        shown = {"entry": entry, "site": request.site, "elsewhere": elsewhere.of(entry, request.site)}
        found = render_to_string("admin/blog/_elsewhere.html", shown)
        return JsonResponse({"html": html, **counts, "remarks": remarks, "elsewhere": found})

    def take(self, entry, sent, text):
        """What the form has, saved or not."""
        entry.body = text.replace("\r\n", "\n")
        for name in SHOWN:
            if name in sent:
                setattr(entry, name, sent[name].strip())
        if sent.get("markup") in entry.Markup.values:
            entry.markup = sent["markup"]
        if "show_toc" in sent:
            entry.show_toc = bool(sent["show_toc"])

    def place(self, entry, sent):
        """Where it will be. The text was rendered for where it is."""
        entry.slug = sent.get("slug", entry.slug).strip().strip("/")
        entry.path = sent.get("path", "").strip() or entry.path
        with contextlib.suppress(ValidationError):
            entry.published_at = MomentField(required=False).to_python(sent.get("published_at"))

    def find_entry(self, request):
        """The entry that is being written, for its shortcodes and relative links; an empty one where it is new."""
        kind, _colon, pk = request.POST.get("entry", "").partition(":")
        model = KINDS.get(kind, Post)
        stored = model.objects.filter(pk=pk).first() if is_key(pk) else None
        return stored if stored and rights.may_change(request.user, stored) else model(path="/")


@method_decorator([never_cache, for_writers], "dispatch")
class TagNamesView(View):
    """Names of tags that begin with what was typed, then those that contain it."""

    def get(self, request):
        typed = request.GET.get("q", "").strip()[:200]
        if not typed:
            return JsonResponse({"names": []})
        tags = Tag.objects.order_by("name").values_list("name", flat=True)
        first = list(tags.filter(name__istartswith=typed)[:NAMES])
        further = tags.filter(name__icontains=typed).exclude(name__istartswith=typed)[: NAMES - len(first)]
        return JsonResponse({"names": [*first, *further]})
