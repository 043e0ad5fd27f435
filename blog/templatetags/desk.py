"""What the admin's first page and header show: what is under way, what waits, the ways to the lists."""

from django import template
from django.urls import reverse
from django.utils import timezone

from blog.models import MissingPath, Page, Post
from blog.revisions import autosaves
from comments.models import Comment

register = template.Library()

PLACES = ["Post", "Page", "Picture", "Comment", "Tag", "SiteProfile"]
SHOWN = 6


@register.simple_tag(takes_context=True)
def places(context):
    """The lists that are used every day, of those this person may see: (name, address, whether we are there)."""
    apps = context.get("available_apps") or ()
    found = {model["object_name"]: model for app in apps for model in app["models"] if model["admin_url"]}
    here = context["request"].path
    linked = [found[name] for name in PLACES if name in found]
    return [(place["name"], place["admin_url"], here.startswith(place["admin_url"])) for place in linked]


@register.simple_tag
def tabs(changelist):
    """The filters that stand above a list: (title, choices)."""
    specs = [spec for spec in changelist.filter_specs if getattr(spec, "is_tab", False)]
    return [(spec.title, list(spec.choices(changelist))) for spec in specs]


@register.simple_tag
def beside(changelist):
    """The filters that stand beside it."""
    return [spec for spec in changelist.filter_specs if not getattr(spec, "is_tab", False)]


@register.simple_tag(takes_context=True)
def desk(context):
    """The state of things: nine queries at most, whatever the size of the site."""
    user = context["request"].user
    state = {}
    if user.has_perm("blog.view_post") or user.has_perm("blog.change_post"):
        posts = Post.objects.open_to(user)
        drafts, scheduled = posts.drafts(), posts.scheduled()
        state["drafts"] = {
            "count": drafts.count(),
            "newest": drafts.only("title", "path", "modified_at").order_by("-pk")[:SHOWN],
            "url": reverse("admin:blog_post_changelist", query={"state": "drafts"}),
        }
        changed = posts.with_changes().filter(has_changes=True).only("title", "path")
        state["changed"] = changed.order_by("-pk")[:SHOWN]
        state["unsent"] = [(each, _form_of(each)) for each in autosaves.unsent(user)[:SHOWN]]
        state["scheduled"] = scheduled.only("title", "path", "public_at").order_by("public_at")[:SHOWN]
        state["published"] = {
            "posts": Post.objects.published().count(),
            "pages": Page.objects.published().count(),
        }
    if user.has_perm("comments.change_comment"):
        state["waiting"] = Comment.objects.pending().count()
        state["queue"] = reverse("admin:comments_comment_changelist", query={"status__exact": "pending"})
    if user.has_perm("blog.view_missingpath"):
        state["missing"] = MissingPath.objects.undecided()[:3]
    state["now"] = timezone.now()
    return state


def _form_of(autosave):
    """Where its text can be gone on with."""
    page, pk = f"admin:blog_{autosave.model}", autosave.post_id or autosave.page_id
    query = {"autosave": autosave.pk}
    return reverse(f"{page}_change", args=[pk], query=query) if pk else reverse(f"{page}_add", query=query)
