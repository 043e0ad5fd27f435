import re
import zoneinfo

from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Case, F, Value, When
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _

from blog import colours, picture_uses
from blog.paths import check_pattern
from blog.querysets import is_public
from comments.models import CommentPolicy
from config.fragments import key_of
from config.pagestore import while_unchanged
from config.prepared import prepared

LINK_SCHEMES = {"http", "https", "mailto", "tel", "sms", "xmpp", "irc", "ircs", "gemini", "matrix"}


def check_time_zone(name):
    if name not in zoneinfo.available_timezones():
        raise ValidationError(
            _("“%(name)s” is no time zone. Give one like Europe/Berlin."), params={"name": name}
        )


def check_accent(value):
    if trouble := colours.trouble(value):
        raise ValidationError(trouble)


def check_contact(value):
    if not value.startswith(("https://", "mailto:", "tel:")) and "@" not in value:
        raise ValidationError(_("Give an e-mail address, or a web address that begins with https://."))


def leads_to_a_page(address):
    """Not to a script, as "javascript:" does; browsers pass over blanks and tabs in it."""
    scheme = re.match(r"([a-z][a-z\d+.-]*):", re.sub(r"[\x00-\x20]", "", address), re.IGNORECASE)
    return not scheme or scheme[1].lower() in LINK_SCHEMES


class SiteProfile(models.Model):
    """What an editor decides about the site. There is one row."""

    title = models.CharField(_("title"), max_length=200, default="Commonplace")
    tagline = models.CharField(_("tagline"), max_length=300, blank=True)
    description = models.TextField(_("description"), blank=True, help_text=_("For search engines and feeds."))
    author_name = models.CharField(
        _("author"), max_length=200, blank=True, help_text=_("Shown in the footer.")
    )
    language = models.CharField(
        _("language"), max_length=20, default="en", help_text=_("Such as en or pt-BR.")
    )
    time_zone = models.CharField(_("time zone"), max_length=60, default="UTC", validators=[check_time_zone])
    posts_per_page = models.PositiveIntegerField(
        _("posts a page"), default=20, validators=[MinValueValidator(1), MaxValueValidator(200)]
    )
    post_pattern = models.CharField(
        _("addresses of posts"),
        max_length=200,
        default="/posts/:slug/",
        validators=[check_pattern],
        help_text=_(
            "For new posts; others can be moved afterwards. :slug is needed; :year, :month and :day may be used."
        ),
    )
    comment_policy = models.CharField(
        _("comments"), max_length=12, choices=CommentPolicy, default=CommentPolicy.FIRST
    )
    comments_close_after = models.PositiveIntegerField(
        _("close discussions after"),
        null=True,
        blank=True,
        help_text=_("Days since the text became public; empty: they stay open."),
    )
    footer = models.CharField(_("footer"), max_length=500, blank=True)
    logo = models.CharField(
        _("logo"),
        max_length=800,
        blank=True,
        help_text=_("Address or path of a picture, shown in the head of every page in place of the title."),
    )
    logo_size = models.JSONField(null=True, editable=False)  # width and height, where they are known
    accent = models.CharField(
        _("accent colour"),
        max_length=7,
        blank=True,
        validators=[check_accent],
        help_text=_(
            "Such as #a3271b; for dates, marks and link underlines. A lighter one is made for dark pages."
        ),
    )
    contact = models.CharField(
        _("contact"),
        max_length=300,
        blank=True,
        validators=[check_contact],
        help_text=_("An e-mail or web address for whoever finds a security hole; shown in security.txt."),
    )
    websub_hub = models.URLField(
        _("WebSub hub"),
        max_length=300,
        blank=True,
        help_text=_("Told of every new post, so that feed readers hear of it at once. Such as a public hub."),
    )
    markup = models.JSONField(_("Markdown options"), default=dict, blank=True, editable=False)
    params = models.JSONField(default=dict, blank=True, editable=False)
    base_url = models.CharField(_("old address"), max_length=300, blank=True, editable=False)
    # What the last import set, so that it can tell what an editor has changed since.
    imported = models.JSONField(default=dict, blank=True, editable=False)

    class Meta:
        verbose_name = _("site profile")
        verbose_name_plural = _("site profile")

    def __str__(self):
        return self.title

    def save(self, *args, **kwargs):
        self.pk = 1
        self.logo_size = picture_uses.note_logo(self.logo)
        super().save(*args, **kwargs)

    @cached_property
    def cache_key(self):
        """Stands for everything that a page may show of it."""
        values = [self.__dict__.get(field.attname) for field in self._meta.concrete_fields]
        return key_of(values, getattr(self, "menu", None))

    @classmethod
    def load(cls):
        """The profile with its menu, in one query; the defaults where nothing was ever saved."""
        return while_unchanged(cls, cls._read)

    @classmethod
    def _read(cls):
        rows = list(_profile_with_menu(timezone.now()))
        profile = rows[0] if rows else cls(pk=1)
        profile.menu = [link for row in rows if (link := _menu_link(row))]
        return profile


@prepared
def _profile_with_menu(now):
    """A row for each item of the menu."""
    seen = Case(When(is_public(now, "menu_items__page__"), then=Value(True)), default=Value(False))
    rows = SiteProfile.objects.filter(pk=1).annotate(
        item_label=F("menu_items__label"),
        item_url=F("menu_items__url"),
        item_page=F("menu_items__page__path"),
        item_title=F("menu_items__page__title"),
        item_seen=seen,
    )
    return rows.order_by("menu_items__weight", "menu_items__pk")


def _menu_link(row):
    if row.item_page:
        return (row.item_label or row.item_title, row.item_page) if row.item_seen else None
    return (row.item_label, row.item_url) if row.item_url and leads_to_a_page(row.item_url) else None


class MenuItem(models.Model):
    profile = models.ForeignKey(SiteProfile, on_delete=models.CASCADE, related_name="menu_items", default=1)
    label = models.CharField(
        _("label"), max_length=100, blank=True, help_text=_("Left empty, the page's title.")
    )
    url = models.CharField(
        _("address"), max_length=800, blank=True, help_text=_("Such as /archive/; not for a page.")
    )
    page = models.ForeignKey(
        "blog.Page", null=True, blank=True, on_delete=models.CASCADE, related_name="menu_items"
    )
    weight = models.IntegerField(_("place"), default=0, help_text=_("Small numbers come first."))

    class Meta:
        verbose_name = _("menu item")
        verbose_name_plural = _("menu")
        ordering = ["weight", "pk"]

    def __str__(self):
        return self.label or str(self.page or self.url)

    def clean(self):
        if not self.page and not (self.url and self.label):
            raise ValidationError(_("Give a page, or a label and an address."))
        if not leads_to_a_page(self.url):
            raise ValidationError({"url": _("Give an address like /archive/ or https://example.org/.")})
