"""Comments on anything, their states, and who may write them.

The discussion knows nothing of what is discussed. A target (whatever a comment is about) offers:

- ``str(target)``: its title;
- ``get_absolute_url()``: its page. The form to comment lies at ``comment/`` below it, the feed of
  its discussion at ``comments/feed/``, both routed by the target's own app;
- ``is_public``: whether strangers may see it now, and so its comments;
- ``comments_open``: whether new comments are taken now;
- ``comment_policy``: a value of ``CommentPolicy``, the one that holds after all defaults;
- ``quotable_html``: the HTML a comment may quote from;
- ``listed`` (optional): whether what gathers comments from the whole site may tell of it;
- ``objects.visible_to(user)``: those of its kind that this person may read, public or not;
- ``site_language`` (optional): in which language mails about its comments are written;
- ``comment_author_ids`` (optional): ids of the users whose comments carry the author's badge;
- ``comments``: a ``GenericRelation`` to ``Comment``, so that a discussion goes with its target.
"""

import uuid

from django.conf import settings
from django.contrib.contenttypes.fields import GenericForeignKey
from django.contrib.contenttypes.models import ContentType
from django.db import models
from django.db.models import Case, Exists, F, OuterRef, Q, Value, When
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from comments import rendering
from comments.threads import lay_out, without_repetition
from config import pagestore

MOST_QUOTES = 1000  # from elsewhere that one page tells of
DISCUSSION = ("content_type", "object_id")  # what tells one discussion from another


def discussion_topic(target):
    """What the stored pages that show the discussion of a target, and no other, are made from."""
    return pagestore.topic(pagestore.COMMENTS, ContentType.objects.get_for_model(target).pk, target.pk)


class CommentPolicy(models.TextChoices):
    OPEN = "open", _("open to all")
    FIRST = "first", _("an author's first comment is held")
    MODERATED = "moderated", _("every comment is held")
    CONFIRMED = "confirmed", _("guests confirm their e-mail address")
    MEMBERS = "members", _("signed-in people only")
    CLOSED = "closed", _("closed")


def new_guid():
    return f"urn:uuid:{uuid.uuid4()}"


def form_url(target):
    return f"{target.get_absolute_url().rstrip('/')}/comment/"


def feed_url(target):
    return f"{target.get_absolute_url().rstrip('/')}/comments/feed/"


def is_approved(comment):
    return comment.status == Comment.Status.APPROVED


class CommentQuerySet(models.QuerySet):
    def approved(self):
        return self.filter(status=Comment.Status.APPROVED)

    def pending(self):
        return self.filter(status=Comment.Status.PENDING)

    def for_model(self, model):
        return self.filter(content_type=ContentType.objects.get_for_model(model))

    def for_target(self, target):
        return self.for_model(target).filter(object_id=target.pk)

    def for_targets(self, targets):
        """Of several, all of one kind; a queryset."""
        return self.for_model(targets.model).filter(object_id__in=targets.order_by().values("pk"))

    def in_thread_of(self, comment):
        root_id = comment.root_id or comment.pk
        return self.filter(Q(pk=root_id) | Q(root_id=root_id))

    def with_stubs(self):
        """Those that are shown, and those in whose place a stub may have to stand."""
        replies = Comment.objects.filter(parent_id=OuterRef("pk"))
        return self.filter(Q(status=Comment.Status.APPROVED) | Exists(replies))

    def threads(self):
        """The comments that begin a thread of which anything is shown."""
        shown = Comment.objects.approved().filter(root_id=OuterRef("pk"))
        return self.filter(Q(status=Comment.Status.APPROVED) | Exists(shown), parent=None)

    def for_thread_display(self, *extra, has_text=True):
        """What drawing a thread needs, oldest first, as named tuples; one for each of a comment's quotes.

        Comments that are not approved come along when they have replies, for a stub may have to
        stand in their place; their text does not.
        """
        nothing = Value("", output_field=models.TextField())
        shown_html = Case(When(status=Comment.Status.APPROVED, then="body_html"), default=nothing)
        return (
            self.with_stubs()
            .annotate(shown_html=shown_html if has_text else nothing, **QUOTE_FIELDS)
            .order_by("created_at", "pk", "quotes__position")
            .values_list(*THREAD_FIELDS, "shown_html", *QUOTE_FIELDS, *extra, named=True)
        )

    def quoting_target(self):
        """Of approved comments, those that quote the target itself; no more than a page has room for."""
        quoting = self.approved().filter(quotes__source=None, quotes__position__gte=0)
        return quoting.order_by("created_at", "pk", "quotes__position")[:MOST_QUOTES]

    def quoting(self, keys):
        """Of approved comments, what quotes one of these comments, as named tuples."""
        return (
            self.approved()
            .filter(quotes__source__in=keys)
            .annotate(**QUOTE_FIELDS)
            .order_by("created_at", "pk", "quotes__position")
            .values_list("id", "author_name", "status", *QUOTE_FIELDS, named=True)[:MOST_QUOTES]
        )

    def as_rows(self):
        """The thread laid out, in one query."""
        return lay_out(without_repetition(self.for_thread_display()), is_visible=is_approved)

    def for_feed(self):
        return self.approved().order_by("-created_at", "-pk").prefetch_related("target")

    def approve(self, reason=""):
        return self.move_to(Comment.Status.APPROVED, reason)

    def hold(self, reason=""):
        return self.move_to(Comment.Status.PENDING, reason)

    def mark_spam(self, reason=""):
        return self.move_to(Comment.Status.SPAM, reason)

    def remove(self, reason=""):
        return self.move_to(Comment.Status.REMOVED, reason)

    def move_to(self, status, reason):
        changed = self.exclude(status=status)
        return changed.update(status=status, status_reason=reason, modified_at=timezone.now())


class Comment(models.Model):
    class Status(models.TextChoices):
        PENDING = "pending", _("pending")
        APPROVED = "approved", _("approved")
        SPAM = "spam", _("spam")
        REMOVED = "removed", _("removed")

    class Markup(models.TextChoices):
        MARKDOWN = "markdown", "Markdown"
        HTML = "html", "HTML"

    class Origin(models.TextChoices):
        HERE = "", _("this site")
        HACKERNEWS = "hackernews", "Hacker News"
        DISQUS = "disqus", "Disqus"
        PASTED = "pasted", _("pasted text")

    content_type = models.ForeignKey(
        ContentType, on_delete=models.CASCADE, related_name="+", verbose_name=_("kind of target")
    )
    object_id = models.PositiveBigIntegerField(_("id of the target"))
    target = GenericForeignKey("content_type", "object_id")
    parent = models.ForeignKey(
        "self",
        null=True,
        blank=True,
        on_delete=models.RESTRICT,
        related_name="replies",
        verbose_name=_("in reply to"),
    )
    root = models.ForeignKey(
        "self",
        null=True,
        blank=True,
        on_delete=models.RESTRICT,
        related_name="thread",
        verbose_name=_("thread"),
        help_text=_("The thread's first comment; empty for that comment itself."),
    )
    depth = models.PositiveIntegerField(_("depth"), default=0)

    author_name = models.CharField(_("name"), max_length=100)
    author_email = models.EmailField(_("e-mail address"), blank=True)
    author_url = models.URLField(_("site"), max_length=300, blank=True)
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="comments",
        verbose_name=_("user"),
    )
    ip_hash = models.CharField(_("hash of the address"), max_length=32, blank=True)

    body = models.TextField(_("text"), blank=True)
    markup = models.CharField(_("markup"), max_length=8, choices=Markup, default=Markup.MARKDOWN)
    body_html = models.TextField(editable=False, blank=True)
    rendered_by = models.PositiveIntegerField(editable=False, default=0)

    status = models.CharField(_("status"), max_length=8, choices=Status, default=Status.PENDING)
    status_reason = models.TextField(_("reason"), blank=True)
    created_at = models.DateTimeField(_("written"), default=timezone.now)
    modified_at = models.DateTimeField(_("last changed"), auto_now=True)
    edited_at = models.DateTimeField(_("text edited"), null=True, blank=True)

    # Its identity in feeds. Comments of before there was such a column have the address they had then, and those that
    # older code wrote while there was one already have none, which reads as their address.
    guid = models.CharField(max_length=200, null=True, default=new_guid, editable=False)

    origin = models.CharField(_("origin"), max_length=20, choices=Origin, blank=True, default=Origin.HERE)
    origin_id = models.CharField(_("id at the origin"), max_length=100, blank=True)
    origin_url = models.URLField(_("address at the origin"), max_length=300, blank=True)

    objects = CommentQuerySet.as_manager()

    class Meta:
        verbose_name = _("comment")
        verbose_name_plural = _("comments")
        ordering = ["created_at", "pk"]
        indexes = [
            # With the state, so that the comments of a text are counted by the index alone; after all that they are
            # put in order by, or SQLite would rather take another index that has them in order, of the whole site.
            models.Index(
                fields=["content_type", "object_id", "created_at", "id", "status", "parent"],
                name="comment_target",
            ),
            models.Index(fields=["status", "created_at"], name="comment_status"),
            models.Index(fields=["ip_hash", "created_at"], name="comment_address"),
            models.Index(fields=["root", "depth", "created_at", "status"], name="comment_thread"),
            models.Index(fields=["parent", "created_at"], name="comment_replies"),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["origin", "origin_id"], condition=~Q(origin_id=""), name="comment_origin"
            ),
            models.UniqueConstraint(fields=["guid"], condition=Q(guid__isnull=False), name="comment_guid"),
        ]

    def __str__(self):
        return _("Comment by {name}").format(name=self.author_name)

    def save(self, **kwargs):
        update_fields = kwargs.get("update_fields")
        is_new, before = self._state.adding, self.body_html
        if update_fields is None or "body" in update_fields:
            self.render()
            if update_fields is not None:
                kwargs["update_fields"] = {*update_fields, "body_html", "rendered_by"}
        super().save(**kwargs)
        if is_new or self.body_html != before:
            self.record_quotes(is_new)

    def get_absolute_url(self):
        return reverse("comments:detail", args=[self.pk])

    def get_reply_url(self):
        return reverse("comments:reply", args=[self.pk])

    @property
    def anchor(self):
        return f"comment-{self.pk}"

    def get_quote_url(self):
        return f"{self.get_reply_url()}?quote=1"

    @property
    def is_approved(self):
        return is_approved(self)

    @property
    def is_public(self):
        return self.is_approved and self.target is not None and self.target.is_public

    def render(self):
        self.body = rendering.clean(self.body)
        is_html = self.markup == self.Markup.HTML
        self.body_html = (rendering.render_html if is_html else rendering.render_comment)(self.body)
        self.rendered_by = rendering.VERSION

    def record_quotes(self, is_new):
        from comments import quoting

        quoting.record([self], are_new=is_new)

    def is_on(self, target):
        content_type = ContentType.objects.get_for_model(target)
        return (self.content_type_id, self.object_id) == (content_type.pk, target.pk)

    def as_quote(self):
        """Its own words as Markdown with a ">" before every line; what it quotes itself is left out."""
        is_html = self.markup == self.Markup.HTML
        return rendering.quote(rendering.plain_text(self.body_html) if is_html else self.body)

    def place_below(self, parent):
        """Make this a reply to ``parent``: same target, same thread, one level deeper."""
        self.parent = parent
        self.root_id = parent.root_id or parent.pk
        self.depth = parent.depth + 1
        self.content_type_id, self.object_id = parent.content_type_id, parent.object_id


class Quote(models.Model):
    """A ">" block of a comment and the passage it repeats, kept as words, so that it is found again after edits."""

    comment = models.ForeignKey(
        Comment, on_delete=models.CASCADE, related_name="quotes", verbose_name=_("comment")
    )
    position = models.PositiveSmallIntegerField(
        _("position"), help_text=_("Which of the comment's quotes, counted from 0 as they begin.")
    )
    source = models.ForeignKey(
        Comment,
        null=True,
        on_delete=models.CASCADE,
        related_name="quoted_in",
        verbose_name=_("source"),
        help_text=_("The comment that is quoted; empty for the text that is discussed."),
    )
    exact = models.TextField(_("words"))
    prefix = models.TextField(_("words before"), blank=True)
    suffix = models.TextField(_("words after"), blank=True)
    fragment = models.CharField(_("anchor"), max_length=40)

    class Meta:
        verbose_name = _("quote")
        verbose_name_plural = _("quotes")
        ordering = ["comment", "position"]
        constraints = [
            models.UniqueConstraint(fields=["comment", "position"], name="quote_once"),
        ]

    def __str__(self):
        return self.exact


# What drawing a thread reads of each comment and of each quote in it.
QUOTE_FIELDS = {
    f"quote_{name}": F(f"quotes__{name}")
    for name in ("position", "source_id", "fragment", "exact", "prefix", "suffix")
}
THREAD_FIELDS = (
    "id",
    "parent_id",
    "status",
    "author_name",
    "author_url",
    "user_id",
    "created_at",
    "edited_at",
    "origin",
    "origin_url",
)

from comments.ledger import Act, Letter, Opinion, Rule, Subscription  # noqa: E402, F401, tables of the same app
