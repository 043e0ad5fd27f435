"""Authors look after their own posts; whoever may edit others' looks after all. Both meet the same lists and forms."""

from django.core.exceptions import PermissionDenied
from django.db.models import Count

from blog import rights
from blog.keys import is_key
from blog.models import Alias, Revision
from comments.models import Comment


class OpenRows:
    """Put before ``ModelAdmin``: each person meets the rows that are open to them, and is told of a row that is not."""

    def get_queryset(self, request):
        return super().get_queryset(request).open_to(request.user)

    def get_object(self, request, object_id, from_field=None):
        row = super().get_object(request, object_id, from_field)
        if row is None and is_key(object_id) and self.model.objects.filter(pk=object_id).exists():
            raise PermissionDenied
        return row


class OwnEntries(OpenRows):
    """What a person's rights say of a model, this says of each entry."""

    def has_view_permission(self, request, obj=None):
        allowed = super().has_view_permission(request, obj)
        return allowed and (obj is None or rights.may_look(request.user, obj))

    def has_change_permission(self, request, obj=None):
        allowed = super().has_change_permission(request, obj)
        return allowed and (obj is None or rights.may_change(request.user, obj))

    def has_delete_permission(self, request, obj=None):
        allowed = super().has_delete_permission(request, obj)
        return allowed and (obj is None or rights.may_change(request.user, obj))

    def get_deleted_objects(self, objs, request):
        """What goes with an entry needs no right of its own, and is counted: nobody reads a list of a thousand states."""
        pks = [entry.pk for entry in objs]
        may = all(self.has_delete_permission(request, entry) for entry in objs)
        lacking = set() if may else {self.opts.verbose_name}
        comments = self.model.objects.filter(pk__in=pks).aggregate(count=Count("comments"))["count"]
        of_these = {f"{self.opts.model_name}__in": pks}
        counts = {Comment: comments, Alias: Alias.objects.filter(**of_these).count()}
        counts[Revision] = Revision.objects.filter(**of_these).count()
        named = {model._meta.verbose_name_plural: count for model, count in counts.items() if count}
        return [str(entry) for entry in objs], {self.opts.verbose_name_plural: len(pks), **named}, lacking, []


class OwnPosts(OwnEntries):
    """Who wrote a post is said by those who may edit all of them; anybody else's new post is their own."""

    def get_fieldsets(self, request, obj=None):
        fieldsets = super().get_fieldsets(request, obj)
        if rights.edits_all(request.user, "post"):
            return fieldsets
        return [
            (name, {**options, "fields": [field for field in options["fields"] if field != "authors"]})
            for name, options in fieldsets
        ]

    def save_related(self, request, form, formsets, change):
        super().save_related(request, form, formsets, change)
        if not change and not rights.edits_all(request.user, "post"):
            form.instance.authors.add(request.user)
