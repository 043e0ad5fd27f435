from copy import copy

from django.db import models
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from taggit.models import ItemBase, TagBase

from blog import addresses
from blog.paths import term_slug


class Described(models.Model):
    """What every kind of term has beside its name and slug."""

    description = models.TextField(_("description"), blank=True, help_text=_("Shown above the list."))

    class Meta:
        abstract = True

    PLACED_BY = ("slug", "taxonomy")
    placed = None  # what its address was made from when it was read; making it takes longer than reading

    def save(self, *args, **kwargs):
        """A term that moves leaves a redirect from its list and from its feeds."""
        super().save(*args, **kwargs)
        was, self.placed = self.placed, self._place()
        if was and was != self.placed:
            before = copy(self)
            before.__dict__.update(was)
            addresses.lead(before.get_absolute_url(), self.get_absolute_url())

    @classmethod
    def from_db(cls, db, field_names, values, **options):
        term = super().from_db(db, field_names, values, **options)
        if not term.get_deferred_fields().intersection(cls.PLACED_BY):
            term.placed = term._place()
        return term

    def _place(self):
        return {name: self.__dict__[name] for name in self.PLACED_BY if name in self.__dict__}

    @property
    def is_used(self):
        return self.posts.exists()


class Tag(TagBase, Described):  # noqa: DJ008, TagBase has one
    name = models.CharField(_("name"), max_length=200, unique=True)
    slug = models.CharField(_("slug"), max_length=200, unique=True, blank=True)

    class Meta:
        verbose_name = _("tag")
        verbose_name_plural = _("tags")
        ordering = ["name"]

    def get_absolute_url(self):
        return reverse("tag", args=[self.slug])

    @property
    def is_used(self):
        return self.taggings.exists()

    def slugify(self, tag, i=None):
        """Hugo's own rule, so that C, C++ and C# are three tags and every script keeps its letters."""
        slug = term_slug(tag) or "tag"
        return slug if i is None else f"{slug}-{i}"


class Tagging(ItemBase):
    tag = models.ForeignKey(Tag, on_delete=models.CASCADE, related_name="taggings")
    content_object = models.ForeignKey("blog.Post", on_delete=models.CASCADE, related_name="taggings")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["tag", "content_object"], name="tagging_once")]


class Term(Described):
    name = models.CharField(_("name"), max_length=200)
    slug = models.CharField(_("slug"), max_length=200, blank=True)

    class Meta:
        abstract = True

    def __str__(self):
        return self.name

    def save(self, *args, **kwargs):
        self.slug = self.slug or term_slug(self.name)
        super().save(*args, **kwargs)


class Category(Term):
    """A category, or a term of a taxonomy that a Hugo site named itself ("topics")."""

    taxonomy = models.CharField(_("taxonomy"), max_length=100, default="categories")

    class Meta:
        verbose_name = _("category")
        verbose_name_plural = _("categories")
        ordering = ["taxonomy", "name"]
        constraints = [
            models.UniqueConstraint(fields=["taxonomy", "slug"], name="category_slug_once"),
        ]

    def get_absolute_url(self):
        if self.taxonomy == "categories":
            return reverse("category", args=[self.slug])
        return f"/{self.taxonomy}/{self.slug}/"


class Series(Term):
    slug = models.CharField(_("slug"), max_length=200, unique=True, blank=True)

    class Meta:
        verbose_name = _("series")
        verbose_name_plural = _("series")
        ordering = ["name"]

    def get_absolute_url(self):
        return reverse("series", args=[self.slug])
