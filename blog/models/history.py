from django.db import models
from django.db.models import Q
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
