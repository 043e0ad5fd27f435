import secrets

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _


class RevisionQuerySet(models.QuerySet):
    def of(self, entry):
        return self.filter(**{entry._meta.model_name: entry.pk})

    def kept(self):
        """What somebody has saved, not what was saved for them while they wrote."""
        return self.exclude(kind=Revision.Kind.AUTOSAVE)

    def newest_first(self):
        return self.order_by("-pk")

    def without_texts(self):
        return self.defer("state", "typed")


class Revision(models.Model):
    """A state of an entry that somebody has saved: everything that can be edited, and what became of it.

    is_applied  the entry itself was given this state
    is_pending  the state that is being worked on while readers see another; at most one of an entry
    began       digest of the state it was made from
    writing     the form it was written in; of an autosave that has no entry yet, all that holds it together
    typed       what was in the form, word for word, valid or not
    note        what was done, where the kind says too little; of an entry as it was found, the file it came from
    """

    class Kind(models.TextChoices):
        FIRST = "first", _("As it was found")
        IMPORT = "import", _("Imported")
        OUTSIDE = "outside", _("Changed outside the form")
        AUTOSAVE = "autosave", _("Saved while writing")
        DRAFT = "draft", _("Draft saved")
        PUBLISH = "publish", _("Published")
        SCHEDULE = "schedule", _("Scheduled")
        UPDATE = "update", _("Updated")
        UNPUBLISH = "unpublish", _("Unpublished")
        RESTORE = "restore", _("Restored")

    post = models.ForeignKey(
        "blog.Post", null=True, blank=True, on_delete=models.CASCADE, related_name="revisions"
    )
    page = models.ForeignKey(
        "blog.Page", null=True, blank=True, on_delete=models.CASCADE, related_name="revisions"
    )
    model = models.CharField(max_length=10)
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="revisions"
    )
    kind = models.CharField(_("what"), max_length=10, choices=Kind)
    note = models.CharField(max_length=900, blank=True)
    made_at = models.DateTimeField(_("when"))
    state = models.JSONField()
    digest = models.CharField(max_length=32)
    began = models.CharField(max_length=64, blank=True)
    changes = models.JSONField(default=dict)
    typed = models.JSONField(null=True, blank=True)
    writing = models.CharField(max_length=40, blank=True, db_index=True)
    is_applied = models.BooleanField(default=False)
    is_pending = models.BooleanField(default=False)

    objects = RevisionQuerySet.as_manager()

    class Meta:
        verbose_name = _("revision")
        verbose_name_plural = _("revisions")
        ordering = ["-pk"]
        default_permissions = []
        indexes = [
            models.Index(fields=["post", "-id"], name="revision_of_post"),
            models.Index(fields=["page", "-id"], name="revision_of_page"),
        ]
        constraints = [
            models.CheckConstraint(condition=Q(post=None) | Q(page=None), name="revision_of_one_entry"),
            models.UniqueConstraint(
                fields=["post"], condition=Q(is_pending=True), name="revision_post_pending"
            ),
            models.UniqueConstraint(
                fields=["page"], condition=Q(is_pending=True), name="revision_page_pending"
            ),
        ]

    def __str__(self):
        return f"{self.title} ({self.get_kind_display()})"

    @property
    def title(self):
        return self.state.get("title", "")

    @property
    def is_found(self):
        """Whether nobody has saved it: it was there when somebody was about to change it."""
        return self.kind in (self.Kind.FIRST, self.Kind.IMPORT, self.Kind.OUTSIDE)


class DraftLinkQuerySet(models.QuerySet):
    def usable(self):
        return self.filter(expires_at__gt=timezone.now())


def new_token():
    return secrets.token_urlsafe(24)


class DraftLink(models.Model):
    """Lets whoever knows its address read an entry before it is public. Taken back, it is deleted."""

    post = models.ForeignKey(
        "blog.Post", null=True, blank=True, on_delete=models.CASCADE, related_name="draft_links"
    )
    page = models.ForeignKey(
        "blog.Page", null=True, blank=True, on_delete=models.CASCADE, related_name="draft_links"
    )
    token = models.CharField(max_length=64, unique=True, default=new_token)
    user = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    made_at = models.DateTimeField(default=timezone.now)
    expires_at = models.DateTimeField(_("expires"))

    objects = DraftLinkQuerySet.as_manager()

    class Meta:
        verbose_name = _("draft link")
        verbose_name_plural = _("draft links")
        ordering = ["-pk"]
        default_permissions = []
        constraints = [
            models.CheckConstraint(
                condition=Q(post=None, page__isnull=False) | Q(post__isnull=False, page=None),
                name="draft_link_to_one_entry",
            ),
        ]

    def __str__(self):
        return str(self.entry)

    def get_absolute_url(self):
        return reverse("draft", args=[self.token])

    @property
    def entry(self):
        return self.post or self.page
