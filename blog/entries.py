"""What lies at a path of its own: a post, a page, a file that came with the site, a section of posts."""

from django.core.files.storage import default_storage
from django.http import Http404
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone
from django.utils.cache import add_never_cache_headers, patch_vary_headers
from django.utils.functional import cached_property
from django.views.generic import View

from blog import rights
from blog.companions import companions_of, terms_of
from blog.models import File, Page, Post
from blog.uploads import serve
from blog.views import PostList
from comments.discussion import Discussion
from comments.models import discussion_topic
from comments.views import CommentCreateView
from config import fragments, pagestore
from config.fragments import key_of
from config.prepared import prepared


class EntryView(View):
    """Whatever has a path of its own: a post, a page, a file that came with the site, a section of posts."""

    def dispatch(self, request, *args, **kwargs):
        response = super().dispatch(request, *args, **kwargs)
        patch_vary_headers(response, ["Cookie"])  # editors and authors find more here than others do
        return response

    def get(self, request, path, page=None):
        path = f"/{path}"
        if page is not None:
            return self.further_page(request, path, int(page))
        entry = find_entry(path, request.user)
        if entry is not None:
            return self.show(request, entry)
        if not path.endswith("/"):
            return serve_file(
                get_object_or_404(File.objects.select_related("picture"), path=path), request.user
            )
        return self.section(request, path)

    def section(self, request, path, **page):
        return SectionView.as_view()(request, path=path, **page)

    def further_page(self, request, path, page):
        """Page 2 of a section; but an entry's own address may end in /page/2/ as well."""
        entry = find_entry(f"{path}page/{page}/", request.user)
        return self.show(request, entry) if entry else self.section(request, path, page=page)

    def show(self, request, entry):
        entry.site = request.site
        pagestore.narrow(request, pagestore.SITE, discussion_topic(entry))
        context = {"entry": entry}
        if isinstance(entry, Post):
            context |= {
                "post": entry,
                **pagestore.while_unchanged(("around", entry.pk), lambda: around(entry)),
            }
            entry.comment_author_ids = [author.pk for author in context["authors"]]
        if request.user.is_authenticated and rights.may_change(request.user, entry):
            context["edit_url"] = reverse(f"admin:blog_{entry._meta.model_name}_change", args=[entry.pk])
        series = getattr(entry, "series", None)
        series_key = series and (series.name, series.slug)
        context["cache_key"] = key_of(entry.cache_key, request.site.cache_key, series_key, context)
        context["discussion"] = discussion_of(entry, request.GET)
        template = f"blog/{entry._meta.model_name}_detail.html"
        response = fragments.page(request, template, context, key_of_page(context))
        if not entry.is_public:
            add_never_cache_headers(response)
            response["X-Robots-Tag"] = "noindex"
        return response


def discussion_of(entry, parameters):
    """What the page shows of it; on a page that is no post only where somebody has opened one."""
    if isinstance(entry, Post) or entry.discussion not in ("", "closed"):
        return Discussion.asked_for(entry, parameters)
    return None


def key_of_page(context):
    """None where it takes as long to find out what of the discussion is shown as to write it."""
    discussion = context["discussion"]
    said = discussion.cache_key if discussion else ""
    return None if said is None else key_of(context["cache_key"], said)


def around(post):
    terms = terms_of(post)
    return terms | companions_of(post, terms["tags"])


class SectionView(PostList):
    """The posts below a path: "/posts/", or "/2022/06/" under a dated pattern."""

    def posts(self):
        return super().posts().under(self.list_url)

    @cached_property
    def list_url(self):
        return self.kwargs["path"]

    def get_heading(self):
        return self.list_url.strip("/")

    def get_context_data(self, **kwargs):
        context = super().get_context_data(**kwargs)
        if not context["paginator"].count:
            raise Http404("There is nothing at this address.")
        return context


class PostCommentView(CommentCreateView):
    """The form below a post or page; the discussion itself does not know what it is about."""

    def get_target(self):
        entry = find_entry(f"/{self.kwargs['path']}/", self.request.user) or find_entry(
            f"/{self.kwargs['path']}", self.request.user
        )
        if entry is None:
            raise Http404("There is nothing to comment on at this address.")
        return entry


def find_entry(path, user):
    for model in (Post, Page):
        if user.is_authenticated:
            entries = _at(model.objects.visible_to(user), path)
        else:
            entries = _published_at(model, path, timezone.now())
        for entry in entries:
            return entry
    return None


def _at(entries, path):
    return (entries.select_related("series") if entries.model is Post else entries).filter(path=path)[:1]


@prepared
def _published_at(model, path, now):
    return _at(model.objects.published(now), path)


def serve_file(file, user):
    """A file that came with the site; a draft's pictures are as private as the draft."""
    if not beside_something_visible(file, user):
        raise Http404("There is nothing at this address.")
    response = send_file(file)
    response["Cache-Control"] = "public, max-age=3600"
    return response


def send_file(file):
    try:
        # A page among the old site's static files is shown, though its scripts stay silent.
        return serve(default_storage.open(file.served_name), file.path, also_shown=("text/html",))
    except FileNotFoundError as error:
        raise Http404("This file is missing from the storage.") from error


def beside_something_visible(file, user):
    """Whether the entry in whose folder the file lies, if there is one, may be read."""
    return all_visible(folders_of(file.path), user)


def folders_of(path):
    parts = path.split("/")[1:-1]
    return ["/" + "/".join(parts[:end]) + "/" for end in range(1, len(parts) + 1)]


def all_visible(folders, user):
    return all(
        not model.objects.filter(path__in=folders).exists()
        or model.objects.visible_to(user).filter(path__in=folders).exists()
        for model in (Post, Page)
    )
