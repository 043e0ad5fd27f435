"""The groups that a site has: author, editor, moderator. Each migration gives them exactly these rights.

A site that wants other rights makes a group of its own beside them. Who may log in and what groups they are in is the
business of those who may do everything.
"""

from django.apps import apps as installed
from django.contrib.auth.management import create_permissions

ALL = ("view", "add", "change", "delete")

AUTHOR = {"blog.post": ("add", "change", "delete"), "blog.picture": ALL}
MODERATOR = {
    "comments.comment": ("view", "change", "delete"),
    "comments.rule": ALL,
    "comments.act": ("view",),
    "comments.letter": ("view", "change"),
}
EDITOR = {
    "blog.post": (*ALL, "edit_others_posts", "write_raw_html"),
    "blog.page": ALL,
    "blog.tag": ALL,
    "blog.category": ALL,
    "blog.series": ALL,
    "blog.alias": ALL,
    "blog.missingpath": ("view", "change", "delete"),
    "blog.picture": ALL,
    "blog.file": ("view", "delete"),
    "blog.feedreader": ("view", "delete"),
    "blog.siteprofile": ("view", "change"),
    "blog.menuitem": ALL,
    **MODERATOR,
}
ROLES = {"author": AUTHOR, "editor": EDITOR, "moderator": MODERATOR}


def keep(using="default", apps=installed, **_signal):
    """After every migration, to whatever state the tables were brought."""
    for label in ("blog", "comments"):
        create_permissions(installed.get_app_config(label), verbosity=0, using=using, apps=apps)
    for name, rights in ROLES.items():
        group, _is_new = apps.get_model("auth", "Group").objects.using(using).get_or_create(name=name)
        group.permissions.set(_permissions(rights, using, apps))


def _permissions(rights, using, apps):
    wanted = {
        (model.partition(".")[0], codename)
        for model, deeds in rights.items()
        for codename in _codenames(model.partition(".")[2], deeds)
    }
    stored = apps.get_model("auth", "Permission").objects.using(using)
    ours = stored.filter(content_type__app_label__in=["blog", "comments"]).select_related("content_type")
    return [each for each in ours if (each.content_type.app_label, each.codename) in wanted]


def _codenames(model, deeds):
    return {deed if "_" in deed else f"{deed}_{model}" for deed in deeds}
