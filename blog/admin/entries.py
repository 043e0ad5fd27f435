"""Posts and pages: a form laid out like a page, and lists that say what state everything is in."""

from django.contrib import admin
from django.db import models
from django.db.models import F
from django.forms import CheckboxSelectMultiple
from django.urls import path
from django.utils.html import format_html
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _
from markdownx.models import MarkdownxField

from blog import elsewhere
from blog.admin.autosave import Autosaves
from blog.admin.bulk import TagsOfMany
from blog.admin.conflicts import Conflicts
from blog.admin.copies import Copies
from blog.admin.deeds import Deeds
from blog.admin.editor import PreviewView, TagNamesView, UploadView
from blog.admin.filters import MineFilter, StateFilter, TagFilter, YearFilter
from blog.admin.history import History
from blog.admin.links import DraftLinks
from blog.admin.lists import EntryLists
from blog.admin.own import OwnEntries, OwnPosts
from blog.formfields import MarkdownWidget, MomentInput
from blog.forms import PageForm, PostForm
from blog.models import Page, Post, SiteProfile
from blog.revisions.keeping import Kind
from blog.revisions.many import in_batches, noted
from blog.revisions.work import label
from comments.models import CommentPolicy

WRITING = (None, {"fields": ["title", "body"], "classes": ["writing"]})
WHEN = (None, {"fields": ["published_at"]})
SUMMARY = (_("Summary and description"), {"fields": ["summary", "description"], "classes": ["collapse"]})
COVER = (_("Cover"), {"fields": ["cover", "cover_alt"], "classes": ["collapse"]})
ADDRESS = (_("Address"), {"fields": ["slug", "path"], "classes": ["collapse"]})
DISCUSSION = (_("Discussion"), {"fields": ["discussion", "comments_close_after"], "classes": ["collapse"]})
MORE = [
    *["expires_at", "listed", "public_at", "canonical_url", "markup", "language"],
    *["modified_at", "source_path", "guid"],
]


class EntryAdmin(Conflicts, Deeds, Autosaves, History, DraftLinks, OwnEntries, EntryLists, Copies):
    change_form_template = "admin/blog/entry_form.html"
    formfield_overrides = {
        MarkdownxField: {"widget": MarkdownWidget},
        models.DateTimeField: {"widget": MomentInput},
        models.ManyToManyField: {"widget": CheckboxSelectMultiple},
    }
    readonly_fields = ["modified_at", "source_path", "guid"]
    actions = ["publish", "unpublish", "close_discussion", "open_discussion"]
    list_per_page = 50
    show_full_result_count = False
    empty_value_display = "–"

    def get_queryset(self, request):
        entries = super().get_queryset(request)
        match = request.resolver_match
        is_list = bool(match and match.url_name and match.url_name.endswith("_changelist"))
        return self.for_list(entries) if is_list else entries

    def formfield_for_dbfield(self, db_field, request, **kwargs):
        """Terms can be added on the way; whatever else can be done to them has its own place."""
        field = super().formfield_for_dbfield(db_field, request, **kwargs)
        for deed in ("change", "delete", "view"):
            if hasattr(field and field.widget, f"can_{deed}_related"):
                setattr(field.widget, f"can_{deed}_related", False)
        return field

    def get_form(self, request, obj=None, change=False, **kwargs):
        form = super().get_form(request, obj, change, **kwargs)
        form.request = request
        return form

    def render_change_form(self, request, context, add=False, change=False, form_url="", obj=None):
        """A form that is only held for its remarks has no errors to correct."""
        context["elsewhere"] = elsewhere.of(obj or self.model(), request.site)
        if context["adminform"].form.remarks:
            context["errors"] = None
        return super().render_change_form(request, context, add, change, form_url, obj)

    def for_list(self, entries):
        return entries.without_bodies().with_comment_count().with_changes()

    @admin.display(description=_("state"), ordering="draft")
    def state_badge(self, entry):
        words = label(entry.state, entry.has_changes)
        return format_html('<span class="state state-{}">{}</span>', entry.state, words)

    @admin.display(description=_("comments"), ordering="comment_count")
    def comment_number(self, entry):
        return entry.comment_count or ""

    @admin.display(description=_("words"), ordering="word_count")
    def words(self, entry):
        return entry.word_count

    # Actions. Each entry is saved by itself, so that its path, dates and stored pages follow.

    @admin.action(description=_("Publish"), permissions=["change"])
    def publish(self, request, entries):
        count = self._each(request, entries.filter(draft=True), self.model.publish, Kind.PUBLISH)
        self._tell(request, count, ngettext("{count} published.", "{count} published.", count))

    @admin.action(description=_("Unpublish (make a draft)"), permissions=["change"])
    def unpublish(self, request, entries):
        count = self._each(request, entries.filter(draft=False), self.model.unpublish, Kind.UNPUBLISH)
        self._tell(request, count, ngettext("{count} made a draft.", "{count} made drafts.", count))

    @admin.action(description=_("Close the discussion"), permissions=["change"])
    def close_discussion(self, request, entries):
        note, policy = gettext("Discussion closed"), CommentPolicy.CLOSED
        count = self._each(request, entries, lambda entry: _discuss(entry, policy), note=note)
        self._tell(
            request, count, ngettext("{count} discussion closed.", "{count} discussions closed.", count)
        )

    @admin.action(description=_("Open the discussion"), permissions=["change"])
    def open_discussion(self, request, entries):
        usual = SiteProfile.load().comment_policy
        note, policy = (
            gettext("Discussion opened"),
            CommentPolicy.FIRST if usual == CommentPolicy.CLOSED else "",
        )
        count = self._each(request, entries, lambda entry: _discuss(entry, policy), note=note)
        self._tell(
            request, count, ngettext("{count} discussion opened.", "{count} discussions opened.", count)
        )

    def _each(self, request, entries, deed, kind=Kind.UPDATE, note=""):
        count = 0
        for some in in_batches(entries):
            with noted(some, request.user, note, kind):
                for entry in some:
                    entry.site = request.site
                    deed(entry)
                    count += 1
        return count

    def _tell(self, request, count, sentence):
        self.message_user(request, sentence.format(count=count))


def _discuss(entry, policy):
    entry.discussion = policy
    entry.save()


@admin.register(Post)
class PostAdmin(OwnPosts, TagsOfMany, EntryAdmin):
    actions = [*EntryAdmin.actions, *TagsOfMany.actions]
    form = PostForm
    list_display = ["title", "state_badge", "published_at", "tag_names", "comment_number", "words"]
    list_filter = [StateFilter, MineFilter, TagFilter, YearFilter]
    ordering = [F("published_at").desc(nulls_first=True), "-pk"]
    fieldsets = [
        WRITING,
        (None, {"fields": ["tags", "published_at"]}),
        (
            _("Categories and series"),
            {"fields": ["categories", ("series", "series_order")], "classes": ["collapse"]},
        ),
        SUMMARY,
        COVER,
        ADDRESS,
        DISCUSSION,
        (_("More"), {"fields": ["authors", "show_toc", *MORE], "classes": ["collapse"]}),
    ]

    def get_urls(self):
        return [
            path("upload/", UploadView.as_view(), name="blog_upload"),
            path("preview/", PreviewView.as_view(), name="blog_preview"),
            path("tag-names/", TagNamesView.as_view(), name="blog_tag_names"),
            *super().get_urls(),
        ]

    def get_changeform_initial_data(self, request):
        return {"authors": [request.user.pk], **super().get_changeform_initial_data(request)}

    def copied(self, original):
        terms = {"tags": original.tags.all(), "categories": list(original.categories.all())}
        return {**super().copied(original), **terms, "series": original.series_id}

    def for_list(self, entries):
        return super().for_list(entries).prefetch_related("tags")

    @admin.display(description=_("tags"))
    def tag_names(self, post):
        return ", ".join(tag.name for tag in post.tags.all())


@admin.register(Page)
class PageAdmin(EntryAdmin):
    form = PageForm
    list_display = ["title", "state_badge", "path", "comment_number", "words"]
    list_filter = [StateFilter]
    fieldsets = [
        WRITING,
        WHEN,
        SUMMARY,
        COVER,
        ADDRESS,
        DISCUSSION,
        (_("More"), {"fields": ["show_toc", *MORE], "classes": ["collapse"]}),
    ]
