"""The lists of posts and pages: states as tabs with their numbers, and a search that knows every word of a text."""

from django.contrib import admin
from django.db.models import Q

from blog.search import find


class EntryLists(admin.ModelAdmin):
    change_list_template = "admin/blog/entry_list.html"
    search_fields = ["title", "path"]  # and the words of the text, by the site's own index

    def get_search_results(self, request, queryset, search_term):
        words = search_term.strip()
        if not words:
            return queryset, False
        with_the_words = find(words, self.model.objects.open_to(request.user))
        named = Q(title__icontains=words) | Q(path__icontains=words)
        return queryset.filter(named | Q(pk__in=with_the_words)), False
