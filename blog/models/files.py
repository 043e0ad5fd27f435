from django.db import models
from django.utils.translation import gettext_lazy as _


class File(models.Model):
    """A file that came with the site and is served where it always was: beside its post, or from the old static folder."""

    path = models.CharField(_("path"), max_length=800, unique=True)
    file = models.FileField(_("file"), upload_to="site/", max_length=900)
    digest = models.CharField(max_length=64, blank=True, editable=False)
    # Where it lay in the folder of the site it came with ("static/pic.png"), and goes to when the site is exported.
    source_path = models.CharField(max_length=800, blank=True, editable=False)

    class Meta:
        verbose_name = _("file")
        verbose_name_plural = _("files")
        ordering = ["path"]

    def __str__(self):
        return self.path

    def get_absolute_url(self):
        return self.path

    @property
    def served_name(self):
        """The name in the storage of what readers get: of a picture, the one without position and camera."""
        picture = getattr(self, "picture", None)
        is_of_this = picture and picture.file_digest == self.digest
        return picture.name if is_of_this else self.file.name


class SourceFile(models.Model):
    """A file of an imported site that nothing here shows, kept so that an export can give it back: the configuration,
    the page of a section, a text that could not be read. It is served to nobody."""

    path = models.CharField(_("path in the site's folder"), max_length=800, unique=True)
    content = models.BinaryField()
    digest = models.CharField(max_length=64)

    class Meta:
        verbose_name = _("source file")
        verbose_name_plural = _("source files")
        ordering = ["path"]

    def __str__(self):
        return self.path
