from django.apps import apps
from django.db import models
from django.db.models import Exists, OuterRef, Q
from django.utils.translation import gettext_lazy as _


class Alias(models.Model):
    """An old path, and where it leads: to an entry, which it follows when that moves again; to another path, where a
    list is shown; or nowhere any more, and readers are told that it is gone for good."""

    path = models.CharField(_("old path"), max_length=800, unique=True)
    post = models.ForeignKey(
        "blog.Post", null=True, blank=True, on_delete=models.CASCADE, related_name="aliases"
    )
    page = models.ForeignKey(
        "blog.Page", null=True, blank=True, on_delete=models.CASCADE, related_name="aliases"
    )
    target = models.CharField(_("path here"), max_length=800, blank=True, db_index=True)
    imported = models.BooleanField(_("imported"), default=False, editable=False)

    class Meta:
        verbose_name = _("redirect")
        verbose_name_plural = _("redirects")
        ordering = ["path"]
        constraints = [
            models.CheckConstraint(
                condition=Q(post=None, page=None) | Q(post=None, target="") | Q(page=None, target=""),
                name="alias_leads_to_one_thing",
            ),
        ]

    def __str__(self):
        return self.path

    @property
    def entry(self):
        return self.post or self.page

    @property
    def leads_to(self):
        """A path; "" where nothing is left."""
        return self.entry.get_absolute_url() if self.entry else self.target

    @property
    def is_gone(self):
        return not self.leads_to


class MissingPathQuerySet(models.QuerySet):
    def unanswered(self):
        """Without what is found meanwhile."""
        post, page, alias = (apps.get_model("blog", name).objects for name in ("Post", "Page", "Alias"))
        for found in (post.published(), page.published(), alias.all()):
            self = self.exclude(Exists(found.filter(path=OuterRef("path"))))
        return self

    def undecided(self):
        return self.unanswered().filter(is_ignored=False)


class MissingPath(models.Model):
    """An address that readers asked for and did not find."""

    path = models.CharField(_("address"), max_length=300, unique=True)
    count = models.PositiveIntegerField(_("times"), default=0)
    seen_at = models.DateTimeField(_("last asked for"))
    # A path of this site, or the name of another: what a person was reading elsewhere is nobody's business.
    referrer = models.CharField(_("linked from"), max_length=300, blank=True)
    is_ignored = models.BooleanField(_("ignored"), default=False)

    objects = MissingPathQuerySet.as_manager()

    class Meta:
        verbose_name = _("address not found")
        verbose_name_plural = _("addresses not found")
        ordering = ["-count", "-seen_at"]

    def __str__(self):
        return self.path
