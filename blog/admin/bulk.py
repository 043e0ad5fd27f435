"""Tags are added to many posts at once, or taken from them."""

from django import forms
from django.contrib import admin
from django.contrib.admin.helpers import ACTION_CHECKBOX_NAME
from django.db.models import Count
from django.template.response import TemplateResponse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from blog import terms
from blog.formfields import TagNamesField
from blog.models import Tag
from blog.revisions.many import in_batches, noted

OFFERED = 200


class AddTagsForm(forms.Form):
    names = TagNamesField(label=gettext_lazy("Tags to add"), help_text=gettext_lazy("Separated by commas."))


class RemoveTagsForm(forms.Form):
    tags = forms.ModelMultipleChoiceField(
        Tag.objects.none(), label=gettext_lazy("Tags to take away"), widget=forms.CheckboxSelectMultiple
    )

    def __init__(self, data, posts):
        super().__init__(data)
        pks = posts.order_by().values("pk")
        tags = Tag.objects.filter(taggings__content_object__in=pks).annotate(uses=Count("taggings"))
        offered = tags.order_by("-uses", "name")[:OFFERED]
        self.fields["tags"].queryset = Tag.objects.filter(pk__in=[tag.pk for tag in offered])
        self.fields["tags"].choices = [(tag.pk, f"{tag.name} ({tag.uses})") for tag in offered]


class TagsOfMany(admin.ModelAdmin):
    actions = ["add_tags", "remove_tags"]

    @admin.action(description=gettext_lazy("Add tags …"), permissions=["change"])
    def add_tags(self, request, posts):
        form = AddTagsForm(request.POST if "names" in request.POST else None)
        if not form.is_valid():
            return self._ask(request, posts, form, "add_tags", _("Add tags"))
        names = form.cleaned_data["names"]
        note = ngettext("Tag {names} added", "Tags {names} added", len(names))
        count = self._each_batch(request, posts, note, names, lambda some: terms.tag_posts(some, names))
        told = ngettext("{count} tag added.", "{count} tags added.", count)
        return self.message_user(request, told.format(count=count))

    @admin.action(description=gettext_lazy("Take tags away …"), permissions=["change"])
    def remove_tags(self, request, posts):
        form = RemoveTagsForm(request.POST if "chosen" in request.POST else None, posts)
        if not form.is_valid():
            return self._ask(request, posts, form, "remove_tags", _("Take tags away"))
        names = [tag.name for tag in form.cleaned_data["tags"]]
        note = ngettext("Tag {names} taken away", "Tags {names} taken away", len(names))
        tags = form.cleaned_data["tags"]
        count = self._each_batch(request, posts, note, names, lambda some: terms.untag_posts(some, tags))
        told = ngettext("{count} tag taken away.", "{count} tags taken away.", count)
        return self.message_user(request, told.format(count=count))

    def _each_batch(self, request, posts, note, names, deed):
        note, count = note.format(names=quoted(names)), 0
        for some in in_batches(posts):
            with noted(some, request.user, note):
                count += deed(some)
        return count

    def _ask(self, request, posts, form, action, title):
        """The same address takes the answer, so that filters, and all pages where they were chosen, still count."""
        context = {
            **self.admin_site.each_context(request),
            "opts": self.opts,
            "title": title,
            "form": form,
            "media": self.media + form.media,
            "action": action,
            "count": posts.count(),
            "checkbox": ACTION_CHECKBOX_NAME,
            "chosen": request.POST.getlist(ACTION_CHECKBOX_NAME),
            "select_across": request.POST.get("select_across", "0"),
        }
        return TemplateResponse(request, "admin/blog/tags_of_many.html", context)


def quoted(names):
    return ", ".join(f"“{name}”" for name in names)
