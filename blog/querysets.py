"""Which entries a reader may see is decided here, and asked for everywhere else."""

from datetime import UTC, datetime

from django.contrib.contenttypes.models import ContentType
from django.db import transaction
from django.db.models import Count, Exists, F, OuterRef, Prefetch, Q, QuerySet, Subquery, Value
from django.db.models.functions import Coalesce, Left
from django.db.models.lookups import GreaterThan, LessThanOrEqual
from django.utils import timezone

from blog import rights

LONG_AGO, NEVER = Value(datetime(1, 1, 1, tzinfo=UTC)), Value(datetime(9999, 12, 31, tzinfo=UTC))
NEWEST_FIRST = [F("published_at").desc(nulls_last=True), "-pk"]


def is_public(now, prefix=""):
    """The condition for an entry to be seen by anybody, as a Q; prefix leads to the entry ("page__").

    Nearly every entry meets it, so no index of a date should be where a database begins: SQLite would take one for an
    alternative ("is null or ...") and read the table through it. It takes none for what a function makes of a date.
    """
    started = LessThanOrEqual(Coalesce(F(f"{prefix}public_at"), LONG_AGO), now)
    not_over = GreaterThan(Coalesce(F(f"{prefix}expires_at"), NEVER), now)
    return Q(**{f"{prefix}draft": False}) & Q(started) & Q(not_over)


def next_turn(now):
    """When the next entry appears or expires by the clock alone; None if none will."""
    from blog.models import Page, Post

    turns = [
        model.objects.filter(draft=False, **{f"{name}__gt": now})
        .order_by(name)
        .values_list(name, flat=True)[:1]
        for model in (Post, Page)
        for name in ("public_at", "expires_at")
    ]
    return min((at for found in turns for at in found), default=None)


class EntryQuerySet(QuerySet):
    def delete(self):
        with transaction.atomic():
            self._clear_discussions()
            return super().delete()

    delete.alters_data = True
    delete.queryset_only = True

    def _clear_discussions(self):
        from comments.clearing import clear
        from comments.models import Comment

        clear(Comment.objects.for_targets(self))

    def published(self, now=None):
        return self.filter(is_public(now or timezone.now()))

    def drafts(self):
        return self.filter(draft=True)

    def scheduled(self):
        return self.filter(draft=False, public_at__gt=timezone.now())

    def expired(self):
        return self.filter(draft=False, expires_at__lte=timezone.now())

    def visible_to(self, user):
        """What this person may read on the public site: editors see everything, authors their own drafts too."""
        kind = self.model._meta.model_name
        if not user.is_authenticated:
            return self.published()
        if rights.sees_all(user, kind):
            return self
        return self.filter(is_public(timezone.now()) | self._is_own(user))

    def open_to(self, user):
        """What this person finds in the admin."""
        kind = self.model._meta.model_name
        return self if rights.sees_all(user, kind) else self.filter(self._is_own(user))

    def _is_own(self, user):
        return Q(pk__in=[])

    def listed(self, now=None):
        """Published and not kept out of lists."""
        return self.published(now).filter(listed=True)

    def unlisted(self, now=None):
        """The primary keys of the others: those few that no list has, each reason found by an index of its own."""
        now = now or timezone.now()
        reasons = (
            Q(draft__in=[True]),
            Q(listed__in=[False]),
            Q(public_at__gt=now),
            Q(expires_at__lte=now),
        )
        first, *others = (self.order_by().filter(reason).values("pk") for reason in reasons)
        # Some of them twice, for which those who ask have to allow. A union is in the model's order since Django 6.1.
        return first.union(*others, all=True).order_by()

    def under(self, path):
        """What lies below a path: a section of the old site, or a year or month of a dated pattern.

        The first condition can use an index; the second tells upper from lower case, which SQLite's does not.
        """
        return self.filter(path__startswith=path).alias(start=Left("path", len(path))).filter(start=path)

    def count_states(self):
        """How many there are in each state, in one query; "all" of them too."""
        now = timezone.now()
        states = {
            "drafts": Q(draft=True),
            "scheduled": Q(draft=False, public_at__gt=now),
            "published": is_public(now),
            "expired": Q(draft=False, expires_at__lte=now),
        }
        counts = {name: Count("pk", filter=condition) for name, condition in states.items()}
        return self.order_by().aggregate(all=Count("pk"), **counts)

    def newest_first(self):
        return self.order_by(*NEWEST_FIRST)

    def without_bodies(self):
        return self.defer("body", "body_html", "front_matter", "text", "headings", "imported")

    def with_comment_count(self, content_type_id=None):
        """The number of comments that readers see, as comment_count."""
        kind = content_type_id or ContentType.objects.get_for_model(self.model).pk
        return self.annotate(comment_count=_comment_count(kind))

    def with_changes(self):
        """Whether something is being worked on that readers do not see yet, as has_changes."""
        from blog.models import Revision

        pending = Revision.objects.filter(**{self.model._meta.model_name: OuterRef("pk")}, is_pending=True)
        return self.annotate(has_changes=Exists(pending))


class PostQuerySet(EntryQuerySet):
    def by(self, user):
        """What this person is an author of."""
        return self.filter(self._written_by(user))

    def _is_own(self, user):
        return self._written_by(user) if user.has_perm("blog.change_post") else super()._is_own(user)

    def _written_by(self, user):
        writing = self.model.authors.through.objects.filter(user=user)
        return Q(pk__in=writing.values("post_id"))

    def for_list(self, content_type_id=None):
        """Everything a card shows, in one query."""
        return self.without_bodies().newest_first().with_comment_count(content_type_id)

    def for_archive(self):
        return self.newest_first().only("title", "path", "published_at")

    def for_feed(self):
        return (
            self.newest_first()
            .defer("body", "front_matter", "params", "imported", "text", "headings", "toc_html", "pictures")
            .prefetch_related("tags", "categories", Prefetch("authors"))
        )


def _comment_count(content_type_id):
    from comments.models import Comment

    approved = (
        Comment.objects.approved().filter(content_type=content_type_id, object_id=OuterRef("pk")).order_by()
    )
    counted = approved.values("object_id").annotate(count=Count("pk")).values("count")
    return Coalesce(Subquery(counted), 0)
