"""What posts and pages have in common: a source, the HTML made from it, and when it is public."""

import uuid

from django.contrib.contenttypes.fields import GenericRelation
from django.db import models, transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from markdownx.models import MarkdownxField

from blog import addresses, picture_uses, rendering
from blog.paths import slug_of
from blog.querysets import EntryQuerySet
from blog.reading_time import reading_minutes
from comments.models import CommentPolicy

from .discussed import Discussed
from .shown import Shown

STATES = {
    "draft": _("Draft"),
    "scheduled": _("Scheduled"),
    "published": _("Published"),
    "expired": _("Expired"),
}
WHAT_RENDERING_READS = ("body", "markup", "path", "source_path", "front_matter")


def new_guid():
    return f"urn:uuid:{uuid.uuid4()}"


class Entry(Shown, Discussed, models.Model):
    class Markup(models.TextChoices):
        MARKDOWN = "markdown", _("Markdown")
        HTML = "html", _("HTML")

    title = models.CharField(_("title"), max_length=500)
    slug = models.CharField(
        _("slug"),
        max_length=250,
        blank=True,
        db_index=True,
        help_text=_("Left empty, it is made from the title."),
    )
    path = models.CharField(
        _("address"),
        max_length=800,
        unique=True,
        blank=True,
        help_text=_("The path of this entry on the site, such as /about/."),
    )
    body = MarkdownxField(_("text"), blank=True)
    markup = models.CharField(_("written in"), max_length=10, choices=Markup, default=Markup.MARKDOWN)
    summary = models.TextField(
        _("summary"), blank=True, help_text=_("Shown in lists. Left empty, the text's beginning is used.")
    )
    description = models.TextField(
        _("description"), blank=True, help_text=_("One or two sentences for search engines and shared links.")
    )
    show_toc = models.BooleanField(_("contents list"), default=False)
    cover = models.CharField(
        _("cover image"), max_length=800, blank=True, help_text=_("Address or path of the image.")
    )
    cover_alt = models.CharField(
        _("cover image, in words"), max_length=500, blank=True, help_text=_("For readers who cannot see it.")
    )

    draft = models.BooleanField(_("draft"), default=True)
    published_at = models.DateTimeField(_("published"), null=True, blank=True)
    public_at = models.DateTimeField(
        _("public from"), null=True, blank=True, help_text=_("Left empty, the published time counts.")
    )
    modified_at = models.DateTimeField(_("modified"), null=True, blank=True)
    expires_at = models.DateTimeField(
        _("expires"), null=True, blank=True, help_text=_("From then on, readers no longer find it.")
    )
    listed = models.BooleanField(
        _("in lists and feeds"), default=True, help_text=_("Switched off, only its address leads here.")
    )

    discussion = models.CharField(
        _("discussion"),
        max_length=12,
        blank=True,
        choices=CommentPolicy,
        help_text=_("Left empty, as the site has it."),
    )
    comments_close_after = models.PositiveIntegerField(
        _("close the discussion after"),
        null=True,
        blank=True,
        help_text=_("Days; 0: it stays open. Left empty, as the site has it."),
    )
    canonical_url = models.URLField(
        _("canonical address"), max_length=800, blank=True, help_text=_("If this first appeared elsewhere.")
    )
    guid = models.CharField(
        _("identity in feeds"), max_length=800, unique=True, default=new_guid, editable=False
    )
    language = models.CharField(_("language"), max_length=20, blank=True)

    front_matter = models.TextField(_("front matter"), blank=True, editable=False)
    params = models.JSONField(_("front matter, read"), default=dict, blank=True, editable=False)
    source_path = models.CharField(
        _("source file"), max_length=800, blank=True, editable=False, db_index=True
    )
    # The folder of its site in which that path begins: "content", or "content/en".
    source_root = models.CharField(max_length=200, blank=True, editable=False)
    source_digest = models.CharField(max_length=64, blank=True, editable=False)
    # What the last import wrote, as digests by field: a field that no longer matches was edited here since.
    imported = models.JSONField(default=dict, blank=True, editable=False)

    body_html = models.TextField(editable=False, blank=True)
    toc_html = models.TextField(editable=False, blank=True)
    headings = models.JSONField(default=list, editable=False, blank=True)
    summary_html = models.TextField(editable=False, blank=True)
    text = models.TextField(editable=False, blank=True)
    word_count = models.PositiveIntegerField(editable=False, default=0)
    minutes = models.PositiveIntegerField(editable=False, default=1)
    rendered_by = models.PositiveIntegerField(editable=False, default=0, db_index=True)
    # Of each of its pictures that are in the library: width, height and srcset, by address. None: not looked at yet.
    pictures = models.JSONField(null=True, editable=False)

    comments = GenericRelation("comments.Comment")

    objects = EntryQuerySet.as_manager()

    class Meta:
        abstract = True

    def __str__(self):
        return self.title or self.path

    def save(self, *args, **kwargs):
        self.prepare()
        has_new_text = self._needs_rendering()
        if has_new_text:
            self.render()
        has_new_pictures = has_new_text or self._has_new_cover()
        if has_new_pictures and not has_new_text:
            self.pictures = picture_uses.known(self)
        left = addresses.path_left_behind(self)
        super().save(*args, **kwargs)
        if left:
            addresses.redirect(left, self)
        if has_new_pictures:
            picture_uses.note(self)
        self._loaded = {
            field.attname: self.__dict__.get(field.attname) for field in self._meta.concrete_fields
        }

    def get_absolute_url(self):
        return self.path

    @classmethod
    def from_db(cls, db, field_names, values, **options):
        entry = super().from_db(db, field_names, values, **options)
        entry._loaded = {name: entry.__dict__[name] for name in field_names if name in entry.__dict__}
        return entry

    def prepare(self):
        """Fill in what the author may leave out: slug, dates, path."""
        self.slug = self.slug or slug_of(self.title)
        if not self.draft and self.needs_date and self.published_at is None:
            self.published_at = timezone.now()
        if self.public_at is None or self.public_at == self.was("published_at"):
            self.public_at = self.published_at
        self.path = self.path or self.default_path()

    needs_date = False

    def default_path(self):
        return self.path_for(self.slug, self.published_at)

    def path_for(self, slug, published_at):
        """The path that an entry of this kind gets from its slug and date."""
        raise NotImplementedError

    def publish(self):
        """Make it public: now, or at its date if that is still to come."""
        self.draft = False
        self.prepare()
        self.path = addresses.following(self)
        self.save()

    def unpublish(self):
        self.draft = True
        self.save()

    def delete(self, **kwargs):
        with transaction.atomic():
            type(self).objects.filter(pk=self.pk)._clear_discussions()
            return super().delete(**kwargs)

    def was(self, name):
        """The value this field has in the database, None for a new entry."""
        return getattr(self, "_loaded", {}).get(name)

    def _needs_rendering(self):
        if not hasattr(self, "_loaded"):
            return not self.rendered_by
        return any(
            name in self._loaded and self._loaded[name] != getattr(self, name)
            for name in WHAT_RENDERING_READS
        )

    def _has_new_cover(self):
        loaded = getattr(self, "_loaded", {"cover": ""})
        return "cover" in loaded and loaded["cover"] != self.cover

    def render(self, lines=False):
        """Make the HTML anew, and give what else was found out; with lines as a preview wants it, not to be stored."""
        from blog import markup

        options, context = markup.options(), markup.context_for(self)
        rendered = rendering.render(
            self.body, markup=self.markup, options=options, context=context, lines=lines
        )
        self.apply(rendered)
        self.pictures = picture_uses.known(self)
        return rendered

    def apply(self, rendered):
        """Store what render() gave. Saving these columns alone leaves modified_at true."""
        self.body_html = rendered.html
        self.toc_html = rendered.toc
        self.headings = [[heading.level, heading.id, heading.html] for heading in rendered.headings]
        self.summary_html = rendered.summary
        self.text = rendered.text
        self.word_count = rendered.word_count
        self.minutes = reading_minutes(rendered.text)
        self.rendered_by = rendering.VERSION

    RENDERED = (
        "body_html",
        "toc_html",
        "headings",
        "summary_html",
        "text",
        "word_count",
        "minutes",
        "rendered_by",
    )

    @property
    def is_scheduled(self):
        return not self.draft and self.public_at is not None and self.public_at > timezone.now()

    @property
    def is_expired(self):
        return not self.draft and self.expires_at is not None and self.expires_at <= timezone.now()

    @property
    def is_public(self):
        return not self.draft and not self.is_scheduled and not self.is_expired

    @property
    def state(self):
        """The one word an author wants to know."""
        if self.draft:
            return "draft"
        if self.is_scheduled:
            return "scheduled"
        return "expired" if self.is_expired else "published"

    @property
    def state_label(self):
        return STATES[self.state]
