from django.conf import settings
from django.db import models
from django.db.models import Count, Exists, IntegerField, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce
from django.utils.translation import gettext_lazy as _

from blog import rights, variants


class PictureQuerySet(QuerySet):
    def open_to(self, user):
        """What this person finds in the library: editors everything, authors their own and what is published."""
        if rights.edits_all(user, "post"):
            return self
        from blog.models.post import Page, Post

        shown = Q(post__in=Post.objects.visible_to(user)) | Q(page__in=Page.objects.published())
        return self.filter(Q(added_by=user) | Exists(self._uses().filter(shown)))

    def with_use_count(self):
        """In how many entries each is used, as use_count. Asks an index for each row."""
        counted = self._uses().order_by().values("address").annotate(count=Count("pk")).values("count")
        return self.annotate(use_count=Coalesce(Subquery(counted, output_field=IntegerField()), 0))

    def used(self):
        return self.filter(Exists(self._uses()))

    def unused(self):
        return self.filter(~Exists(self._uses()))

    def _uses(self):
        return PictureUse.objects.filter(address=OuterRef("address"))


class Picture(models.Model):
    """A picture of the library: uploaded here, or come with the site. What was given is kept; what is served may be
    another file, written anew without position and camera."""

    address = models.CharField(_("address"), max_length=800, unique=True, editable=False)
    name = models.CharField(max_length=900, editable=False)  # of what is served, in the storage
    original = models.CharField(
        max_length=900, blank=True, editable=False
    )  # of what was given, "" if not kept
    digest = models.CharField(max_length=64, db_index=True, editable=False)  # SHA-256 of what was given
    given_name = models.CharField(_("file name"), max_length=250, blank=True, editable=False)
    alt = models.CharField(
        _("in words"),
        max_length=500,
        blank=True,
        help_text=_("What it shows, for readers who cannot see it. Goes into the Markdown that is copied."),
    )
    width = models.PositiveIntegerField(editable=False)
    height = models.PositiveIntegerField(editable=False)
    size = models.PositiveIntegerField(_("bytes"), editable=False)
    is_animated = models.BooleanField(default=False, editable=False)
    added_at = models.DateTimeField(_("added"), auto_now_add=True)
    added_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, editable=False, on_delete=models.SET_NULL
    )
    # For a picture that came with the site: the file, and what its digest was when it was looked at.
    file = models.OneToOneField("blog.File", null=True, editable=False, on_delete=models.CASCADE)
    file_digest = models.CharField(max_length=64, blank=True, editable=False)
    replaced_by = models.ForeignKey("self", null=True, editable=False, on_delete=models.SET_NULL)

    objects = PictureQuerySet.as_manager()

    class Meta:
        verbose_name = _("picture")
        verbose_name_plural = _("pictures")
        ordering = ["-added_at", "-pk"]
        indexes = [models.Index(fields=["-added_at", "-id"], name="picture_newest")]

    def __str__(self):
        return self.given_name or self.address.rpartition("/")[2]

    def get_absolute_url(self):
        return self.address

    def is_shown_by_others(self, user):
        """Whether something uses it that this person is no author of."""
        from blog.models.post import Post

        uses = PictureUse.objects.filter(address=self.address)
        return uses.exclude(post__in=Post.objects.by(user)).exists()

    @property
    def shown(self):
        """Width, height and smaller versions, as an entry keeps them for its page."""
        return [
            self.width,
            self.height,
            variants.srcset(self.digest, self.width, self.height, self.is_animated),
        ]


class PictureUse(models.Model):
    """That an entry shows the picture at this address, or links to it. Written when the entry is saved, so that nobody
    has to read ten thousand texts to know where a picture is used."""

    address = models.CharField(max_length=800, db_index=True)
    post = models.ForeignKey("blog.Post", null=True, on_delete=models.CASCADE, related_name="+")
    page = models.ForeignKey("blog.Page", null=True, on_delete=models.CASCADE, related_name="+")

    def __str__(self):
        return self.address
