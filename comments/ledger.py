"""What moderators and the post office keep: rules, who did what and why, subscriptions, and letters."""

import ipaddress
import uuid

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from comments.addresses import address_hash, looks_like_a_hash


class Rule(models.Model):
    """A word, or an author, that is not wanted; what is banned stands here too."""

    class Kind(models.TextChoices):
        WORD = "word", _("word or phrase")
        NAME = "name", _("author's name")
        EMAIL = "email", _("e-mail address, or @domain")
        ADDRESS = "address", _("network address")

    class Verdict(models.TextChoices):
        HELD = "pending", _("hold for review")
        SPAM = "spam", _("set aside as spam")

    kind = models.CharField(_("kind"), max_length=7, choices=Kind, default=Kind.WORD)
    value = models.CharField(
        _("what"),
        max_length=200,
        help_text=_("Capitals do not matter. A network address is kept as a hash and cannot be read again."),
    )
    verdict = models.CharField(_("then"), max_length=7, choices=Verdict, default=Verdict.SPAM)
    reason = models.CharField(_("reason"), max_length=300, blank=True)
    made_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, editable=False, on_delete=models.SET_NULL, related_name="+"
    )
    made_at = models.DateTimeField(_("made"), default=timezone.now, editable=False)
    batch = models.UUIDField(
        null=True, editable=False
    )  # the deed that made it, and takes it along when undone

    class Meta:
        verbose_name = _("rule")
        verbose_name_plural = _("rules")
        ordering = ["kind", "value"]
        constraints = [models.UniqueConstraint(fields=["kind", "value"], name="rule_once")]

    def __str__(self):
        return f"{self.get_kind_display()}: {self.value}"

    def clean(self):
        self.value = " ".join(self.value.split()).casefold()
        if self.kind == self.Kind.EMAIL:
            self._check_email()
        elif self.kind == self.Kind.ADDRESS and not looks_like_a_hash(self.value):
            self.value = self._hash_of_address()

    def _check_email(self):
        try:
            validate_email(self.value if self.value[:1] != "@" else f"somebody{self.value}")
        except ValidationError as error:
            message = _("Give an address like ada@example.org, or a domain like @example.org.")
            raise ValidationError({"value": message}) from error

    def _hash_of_address(self):
        try:
            ipaddress.ip_address(self.value)
        except ValueError as error:
            message = _("Give a network address like 192.0.2.7 or 2001:db8::7.")
            raise ValidationError({"value": message}) from error
        return address_hash(self.value)


class Act(models.Model):
    """One deed of a moderator on one comment. Those done together share a batch, and are undone together."""

    class Deed(models.TextChoices):
        APPROVE = "approve", _("approved")
        SPAM = "spam", _("marked as spam")
        REMOVE = "remove", _("removed")
        HOLD = "hold", _("held for review")
        BAN = "ban", _("banned the author")
        REPLY = "reply", _("replied")
        UNDO = "undo", _("undid")

    comment = models.ForeignKey(
        "comments.Comment", on_delete=models.CASCADE, related_name="acts", verbose_name=_("comment")
    )
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        null=True,
        on_delete=models.SET_NULL,
        related_name="+",
        verbose_name=_("by"),
        help_text=_("Empty where the site itself decided."),
    )
    deed = models.CharField(_("deed"), max_length=8, choices=Deed)
    reason = models.CharField(_("reason"), max_length=300, blank=True)
    before = models.CharField(_("before"), max_length=8)
    reason_before = models.TextField(_("reason before"), blank=True)
    after = models.CharField(_("after"), max_length=8)
    done_at = models.DateTimeField(_("when"), default=timezone.now)
    batch = models.UUIDField(default=uuid.uuid4, db_index=True)
    undone_at = models.DateTimeField(_("undone"), null=True, blank=True)

    class Meta:
        verbose_name = _("act")
        verbose_name_plural = _("log of moderation")
        ordering = ["-done_at", "-pk"]

    def __str__(self):
        return f"{self.get_deed_display()}: {self.comment}"


class Subscription(models.Model):
    """Somebody wants letters about replies below a comment. It counts once the address has confirmed it."""

    comment = models.ForeignKey(
        "comments.Comment", on_delete=models.CASCADE, related_name="subscriptions", verbose_name=_("comment")
    )
    email = models.EmailField(_("e-mail address"))
    asked_at = models.DateTimeField(_("asked for"), default=timezone.now)
    confirmed_at = models.DateTimeField(_("confirmed"), null=True, blank=True)
    ended_at = models.DateTimeField(_("ended"), null=True, blank=True)

    class Meta:
        verbose_name = _("subscription")
        verbose_name_plural = _("subscriptions")
        constraints = [models.UniqueConstraint(fields=["comment", "email"], name="subscription_once")]

    def __str__(self):
        return self.email

    @property
    def is_active(self):
        return self.confirmed_at is not None and self.ended_at is None


class LetterQuerySet(models.QuerySet):
    def waiting(self):
        return self.filter(sent_at=None, given_up_at=None)

    def due(self, now):
        return self.waiting().filter(due_at__lte=now)


class Letter(models.Model):
    """A mail to one person about one event. It is written down before it is sent, and never twice."""

    class Kind(models.TextChoices):
        HELD = "held", _("a comment waits")
        POSTED = "posted", _("a comment below your text")
        REPLY = "reply", _("replies")
        CONFIRM = "confirm", _("please confirm")

    kind = models.CharField(_("kind"), max_length=7, choices=Kind)
    event = models.CharField(_("event"), max_length=60)
    recipient = models.EmailField(_("to"))
    comment = models.ForeignKey(
        "comments.Comment", on_delete=models.CASCADE, related_name="letters", verbose_name=_("comment")
    )
    subscription = models.ForeignKey(
        Subscription,
        null=True,
        on_delete=models.CASCADE,
        related_name="letters",
        verbose_name=_("subscription"),
    )
    written_at = models.DateTimeField(_("written"), default=timezone.now)
    due_at = models.DateTimeField(_("to be sent"), default=timezone.now)
    sent_at = models.DateTimeField(_("sent"), null=True, blank=True)
    given_up_at = models.DateTimeField(_("given up"), null=True, blank=True)
    attempts = models.PositiveSmallIntegerField(_("attempts"), default=0)
    error = models.CharField(_("what went wrong"), max_length=300, blank=True)

    objects = LetterQuerySet.as_manager()

    class Meta:
        verbose_name = _("letter")
        verbose_name_plural = _("mail")
        ordering = ["-written_at", "-pk"]
        constraints = [models.UniqueConstraint(fields=["event", "recipient"], name="letter_once")]
        indexes = [
            models.Index(
                fields=["due_at"], condition=Q(sent_at=None, given_up_at=None), name="letter_waiting"
            )
        ]

    def __str__(self):
        return f"{self.get_kind_display()} → {self.recipient}"


class Opinion(models.Model):
    """What Akismet was told of a comment and takes it for, so that it can be told of its mistakes; kept for a month."""

    comment = models.OneToOneField(
        "comments.Comment", on_delete=models.CASCADE, related_name="opinion", verbose_name=_("comment")
    )
    address = models.CharField(max_length=60)
    agent = models.CharField(max_length=300, blank=True)
    is_spam = models.BooleanField()
    asked_at = models.DateTimeField(default=timezone.now)
    due_at = models.DateTimeField(default=timezone.now)
    attempts = models.PositiveSmallIntegerField(default=0)

    class Meta:
        verbose_name = _("opinion of Akismet")
        verbose_name_plural = _("opinions of Akismet")

    def __str__(self):
        return f"{self.comment}: {'spam' if self.is_spam else 'no spam'}"


PRIVATE = (Rule, Act, Subscription, Letter, Opinion)  # no page that readers see is made from these
