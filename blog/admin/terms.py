from django.contrib import admin
from django.db.models import Count
from django.utils.translation import gettext_lazy as _

from blog.models import Category, Series, Tag


class TermAdmin(admin.ModelAdmin):
    """Names with the number of posts, drafts among them."""

    list_display = ["name", "slug", "post_count"]
    search_fields = ["name", "slug"]
    list_per_page = 100
    show_full_result_count = False
    posts = "posts"

    def get_queryset(self, request):
        return super().get_queryset(request).annotate(post_count=Count(self.posts, distinct=True))

    @admin.display(description=_("posts"), ordering="post_count")
    def post_count(self, term):
        return term.post_count


@admin.register(Tag)
class TagAdmin(TermAdmin):
    fields = ["name", "slug", "description"]
    posts = "taggings"


@admin.register(Category)
class CategoryAdmin(TermAdmin):
    fields = ["name", "slug", "taxonomy", "description"]
    list_display = ["name", "taxonomy", "slug", "post_count"]
    list_filter = ["taxonomy"]


@admin.register(Series)
class SeriesAdmin(TermAdmin):
    fields = ["name", "slug", "description"]
