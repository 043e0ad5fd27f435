from django.conf import settings
from django.db import models
from django.db.models import F
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _
from taggit.managers import TaggableManager

from blog.models.entry import Entry
from blog.models.taxonomy import Category, Series, Tagging
from blog.paths import expand, page_path
from blog.querysets import PostQuerySet


class Post(Entry):
    """A dated entry."""

    tags = TaggableManager(through=Tagging, blank=True, help_text=_("Separated by commas."))
    categories = models.ManyToManyField(
        Category, blank=True, related_name="posts", verbose_name=_("categories")
    )
    series = models.ForeignKey(
        Series,
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="posts",
        verbose_name=_("series"),
    )
    series_order = models.PositiveIntegerField(_("part"), null=True, blank=True)
    authors = models.ManyToManyField(
        settings.AUTH_USER_MODEL, blank=True, related_name="posts", verbose_name=_("authors")
    )

    needs_date = True

    objects = PostQuerySet.as_manager()

    class Meta:
        verbose_name = _("post")
        verbose_name_plural = _("posts")
        permissions = [
            ("edit_others_posts", _("Can edit other people's posts")),
            ("write_raw_html", _("Can write HTML into texts")),
        ]
        ordering = [F("published_at").desc(nulls_last=True), "-id"]
        indexes = [
            # Lists are found, and years, months and sections counted, by this index alone.
            models.Index(
                fields=["-published_at", "-id", "draft", "listed", "public_at", "expires_at", "path"],
                name="post_lists",
            ),
            models.Index(fields=["draft", "listed", "public_at", "expires_at"], name="post_public"),
            models.Index(fields=["public_at"], name="post_public_at"),
            models.Index(fields=["expires_at"], name="post_expires_at"),
            models.Index(fields=["modified_at"], name="post_modified_at"),
            models.Index(fields=["listed"], name="post_listed"),
        ]

    @cached_property
    def comment_author_ids(self):
        """One query, unless a view that has the authors anyway says it first."""
        return list(self.authors.values_list("pk", flat=True))

    def path_for(self, slug, published_at):
        local = published_at and timezone.localtime(published_at)
        return expand(self.site_profile.post_pattern, slug, local)


class Page(Entry):
    """An undated entry at a path of its own."""

    class Meta:
        verbose_name = _("page")
        verbose_name_plural = _("pages")
        ordering = ["path"]

    def path_for(self, slug, published_at):
        return page_path(slug)
