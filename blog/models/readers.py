from django.db import models
from django.utils.translation import gettext_lazy as _


class FeedReader(models.Model):
    """What a feed reader's program says of itself when it fetches a feed for many people."""

    name = models.CharField(_("program"), max_length=100)
    path = models.CharField(_("feed"), max_length=300)
    subscribers = models.PositiveIntegerField(_("subscribers"))
    seen_at = models.DateTimeField(_("last fetched"))

    class Meta:
        verbose_name = _("feed reader")
        verbose_name_plural = _("feed readers")
        ordering = ["-subscribers", "name", "path"]
        constraints = [models.UniqueConstraint(fields=["name", "path"], name="feed_reader_once")]

    def __str__(self):
        return f"{self.name} {self.path}"
