"""Authors look after their own posts; whoever may edit others' looks after all. Both meet the same lists and forms."""

from django.core.exceptions import PermissionDenied

from blog import rights
from blog.keys import is_key


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
        """What goes with an entry, its discussion and its redirects, needs no right of its own."""
        listed, counts, lacking, protected = super().get_deleted_objects(objs, request)
        return listed, counts, lacking & {self.opts.verbose_name}, protected


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
