import re
from datetime import date

from django.contrib.auth import get_user_model
from django.core.paginator import Paginator
from django.db.models import Count, Q
from django.http import Http404, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.views.generic import ListView, TemplateView

from blog import counting, series
from blog.models import Category, Post, Series, Tag
from blog.newest import NewestPosts, NewestTitles, headings_of
from blog.querysets import is_public
from blog.search import search
from blog.search.facets import tags_of, years_of
from blog.search.words import LONGEST_QUERY
from config import faults, fragments, kept
from config.fragments import key_of, shown
from config.pagestore import while_unchanged

NOT_SHOWN = ("view", "object_list", "paginator")


class ListPaginator(Paginator):
    """Counts a list once for all its pages: of many posts, that takes longer than to find those of a page."""

    key = None

    @cached_property
    def count(self):
        return while_unchanged(self.key, self.object_list.count)


class PostList(ListView):
    """Newest posts, a page at a time, at paths that need no query string."""

    paginator_class = ListPaginator
    template_name = "blog/post_list.html"
    context_object_name = "posts"

    def get_queryset(self):
        return self.posts().for_list()

    def get_paginate_by(self, queryset):
        return self.request.site.posts_per_page

    def get_paginator(self, *args, **kwargs):
        paginator = super().get_paginator(*args, **kwargs)
        paginator.key = type(self), self.list_url
        return paginator

    def get_context_data(self, **kwargs):
        context = super().get_context_data(list_url=self.list_url, **kwargs)
        context["heading"] = self.get_heading()
        return context

    def render_to_response(self, context):
        if self.kwargs.get("page") == 1:
            return redirect(self.list_url, permanent=True)
        values = {name: value for name, value in context.items() if name not in NOT_SHOWN}
        key = context["cache_key"] = key_of(self.request.site.cache_key, self.request.path, shown(values))
        return fragments.page(self.request, self.get_template_names()[0], context, key)

    def posts(self):
        return Post.objects.listed()

    def get_heading(self):
        return ""

    @cached_property
    def list_url(self):
        return reverse("home")


class HomeView(PostList):
    """The newest post's beginning, then the list."""

    template_name = "blog/home.html"

    def get_queryset(self):
        return NewestPosts()

    def get_context_data(self, **kwargs):
        context = super().get_context_data(**kwargs)
        posts = list(context["posts"])
        lead = posts.pop(0) if posts and context["page_obj"].number == 1 else None
        if lead:
            lead.headings = next(iter(headings_of(lead.pk)), [])  # which the others do not show
        return context | {"lead": lead, "posts": posts}


class TermView(PostList):
    """The posts of one term; subclasses say which kind of term."""

    model = None
    lookup = None
    kind = ""
    template_name = "blog/term_detail.html"

    @cached_property
    def term(self):
        return get_object_or_404(self.model, **{self.slug_field: self.kwargs["slug"]}, **self.narrow())

    slug_field = "slug"

    def narrow(self):
        return {}

    def posts(self):
        return super().posts().filter(**{self.lookup: self.term})

    def get_heading(self):
        return str(self.term)

    @cached_property
    def list_url(self):
        return self.term.get_absolute_url()

    def get_context_data(self, **kwargs):
        context = super().get_context_data(term=self.term, kind=self.kind, **kwargs)
        if not context["paginator"].count:
            raise Http404("No published post is filed here.")
        return context


class TagView(TermView):
    model = Tag
    lookup = "tags"
    kind = "tag"

    def get_queryset(self):
        return NewestPosts(self.term.pk)

    def get_context_data(self, **kwargs):
        return super().get_context_data(beside=counting.tags_beside(self.term), **kwargs)


class CategoryView(TermView):
    model = Category
    lookup = "categories"
    kind = "category"

    def narrow(self):
        return {"taxonomy": "categories"}


class SeriesView(TermView):
    model = Series
    lookup = "series"
    kind = "series"

    def get_queryset(self):
        return super().get_queryset().order_by(*series.IN_ORDER)


class AuthorView(TermView):
    model = get_user_model()
    slug_field = "username"
    lookup = "authors"
    kind = "author"

    def get_heading(self):
        return self.term.get_full_name() or self.term.get_username()

    @cached_property
    def list_url(self):
        return reverse("author", args=[self.term.get_username()])


class TermIndex(TemplateView):
    """All terms of one kind with the number of posts a reader will find."""

    template_name = "blog/term_list.html"
    model = None
    posts = ""
    kind = ""

    def get_context_data(self, **kwargs):
        terms = while_unchanged((type(self), self.kind), lambda: list(self.counted()))
        return super().get_context_data(terms=terms, kind=self.kind, **kwargs)

    def counted(self):
        seen = is_public(timezone.now(), f"{self.posts}__") & Q(**{f"{self.posts}__listed": True})
        count = Count(self.posts, filter=seen, distinct=True)
        return self.get_queryset().annotate(post_count=count).filter(post_count__gt=0)

    def get_queryset(self):
        return self.model.objects.order_by("name")


class TagIndex(TemplateView):
    template_name = "blog/term_list.html"

    def get_context_data(self, **kwargs):
        return super().get_context_data(terms=counting.by_tag(), kind="tag", **kwargs)


class CategoryIndex(TermIndex):
    model = Category
    posts = "posts"
    kind = "category"

    def get_queryset(self):
        return super().get_queryset().filter(taxonomy="categories")


class SeriesIndex(TermIndex):
    model = Series
    posts = "posts"
    kind = "series"


class ArchiveView(PostList):
    """Every post's title and date, by year and month."""

    template_name = "blog/archive.html"
    posts_a_page = 100

    def get(self, request, *args, year=None, month=None, **kwargs):
        if not (year is None or 1 <= year < 9999) or not (month is None or 1 <= month <= 12):
            raise Http404("There is no such month.")
        self.year, self.month = year, month
        return super().get(request, *args, **kwargs)

    def posts(self):
        start, end = (
            counting.month_span(self.year, self.month) if self.month else counting.year_span(self.year)
        )
        return super().posts().filter(published_at__gte=start, published_at__lt=end)

    def get_queryset(self):
        return self.posts().for_archive() if self.year else NewestTitles()

    def get_paginate_by(self, queryset):
        return self.posts_a_page

    def get_heading(self):
        if self.month:
            return date_format(date(self.year, self.month, 1), "YEAR_MONTH_FORMAT")
        return self.year or _("Archive")

    @cached_property
    def list_url(self):
        if self.month:
            return reverse("archive_month", args=[self.year, self.month])
        return reverse("archive_year", args=[self.year]) if self.year else reverse("archive")

    def get_context_data(self, **kwargs):
        context = super().get_context_data(year=self.year, month=self.month, **kwargs)
        if self.year and not context["paginator"].count:
            raise Http404("Nothing was published then.")
        if not self.year:
            return context | {"years": counting.by_year()}
        months = reversed(counting.by_month(self.year))
        return context | {"months": [(date(self.year, row.number, 1), row.count) for row in months]}


class FeedStyleView(TemplateView):
    """How a feed looks to a person who opens it. No XSLT: browsers are giving it up."""

    template_name = "blog/feed.css"
    content_type = "text/css; charset=utf-8"


class SubscribeView(TemplateView):
    """For people who have never seen a feed."""

    template_name = "blog/subscribe.html"

    def get_context_data(self, **kwargs):
        return super().get_context_data(heading=_("Subscribe"), tags=counting.most_used(30), **kwargs)


class SearchView(ListView):
    template_name = "blog/search.html"
    context_object_name = "hits"
    paginate_by = 20

    @cached_property
    def query(self):
        return self.request.GET.get("q", "").strip()[:LONGEST_QUERY]

    @cached_property
    def narrowed(self):
        """The tag and the year that a reader has chosen; what makes no sense is not chosen."""
        year = self.request.GET.get("year", "")
        year = int(year) if re.fullmatch("[0-9]{1,4}", year) and 0 < int(year) < 9999 else None
        return {"tag": self.request.GET.get("tag", "").replace("\0", "")[:200], "year": year}

    def get_queryset(self):
        return search(self.query, **self.narrowed)

    def get_context_data(self, **kwargs):
        results = self.object_list
        facets = {"tags": tags_of(results.keys), "years": years_of(results.keys)}
        return super().get_context_data(
            query=self.query,
            total=len(results),
            is_capped=results.is_capped,
            **self.narrowed,
            **facets,
            **kwargs,
        )


def page_not_found(request, exception=None, status=404):
    if faults.wants_json(request):
        return JsonResponse({"error": _("There is nothing at this address.")}, status=status)
    recent = Post.objects.listed().without_bodies().newest_first()[:5] if hasattr(request, "site") else []
    context = {"recent": recent, "status": status, **kept.words_of(request)}
    return render(request, "404.html", context, status=status)


def page_gone(request):
    """Somebody has said that nothing is left at this address; programs that ask for it may forget it."""
    return page_not_found(request, status=410)
