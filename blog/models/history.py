from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _


class Alias(models.Model):
    """An old path. It points at its entry, not at a path, and so follows when the entry moves again."""

    path = models.CharField(_("old path"), max_length=800, unique=True)
    post = models.ForeignKey(
        "blog.Post", null=True, blank=True, on_delete=models.CASCADE, related_name="aliases"
    )
    page = models.ForeignKey(
        "blog.Page", null=True, blank=True, on_delete=models.CASCADE, related_name="aliases"
    )
    imported = models.BooleanField(default=False, editable=False)

    class Meta:
        verbose_name = _("redirect")
        verbose_name_plural = _("redirects")
        ordering = ["path"]
        constraints = [
            models.CheckConstraint(
                condition=Q(post__isnull=False, page__isnull=True) | Q(post__isnull=True, page__isnull=False),
                name="alias_has_one_entry",
            )
        ]

    def __str__(self):
        return self.path

    @property
    def entry(self):
        return self.post or self.page


class OldPath(models.Model):
    """An address of an old site that leads to a list here: of a tag whose path was another, of a taxonomy."""

    path = models.CharField(_("old path"), max_length=800, unique=True)
    target = models.CharField(_("path here"), max_length=800)

    class Meta:
        verbose_name = _("old path of a list")
        verbose_name_plural = _("old paths of lists")
        ordering = ["path"]

    def __str__(self):
        return self.path
