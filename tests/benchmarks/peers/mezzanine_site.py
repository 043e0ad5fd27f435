"""A blog in Mezzanine 6.1, in its own environment, with its own comments below the post. Its page cache is off."""

import json
import sys
import types
from pathlib import Path

import django
from django.conf import settings
from django.urls import include, path
from mezzanine.utils.conf import set_dynamic_settings

FOLDER, NUMBER = Path(sys.argv[1]), int(sys.argv[2])
# Of the project that its own command would make: address patterns, and the settings below.
URLS = types.ModuleType("bench_urls")
sys.modules["bench_urls"] = URLS

given = {
    "SECRET_KEY": "of-a-benchmark-and-of-nothing-else-0123456789",
    "NEVERCACHE_KEY": "of-a-benchmark-and-of-nothing-else-9876543210",
    "DEBUG": False,
    "DEBUG_PROPAGATE_EXCEPTIONS": True,
    "ALLOWED_HOSTS": ["127.0.0.1"],
    "ROOT_URLCONF": "bench_urls",
    "PROJECT_ROOT": str(FOLDER),
    "DATABASES": {
        "default": {"ENGINE": "django.db.backends.sqlite3", "NAME": str(FOLDER / "mezzanine.sqlite3")}
    },
    "SITE_ID": 1,
    "USE_TZ": True,
    "TIME_ZONE": "UTC",
    "LANGUAGE_CODE": "en",
    "LANGUAGES": (("en", "English"),),
    "USE_I18N": False,
    "USE_MODELTRANSLATION": False,
    "STATIC_URL": "/static/",
    "STATIC_ROOT": str(FOLDER / "static"),
    "MEDIA_URL": "/media/",
    "MEDIA_ROOT": str(FOLDER / "media"),
    "BLOG_SLUG": "",
    "DEFAULT_AUTO_FIELD": "django.db.models.BigAutoField",
    "AUTHENTICATION_BACKENDS": ("mezzanine.core.auth_backends.MezzanineBackend",),
    "PACKAGE_NAME_FILEBROWSER": "filebrowser_safe",
    "PACKAGE_NAME_GRAPPELLI": "grappelli_safe",
    "TEMPLATES": [
        {
            "BACKEND": "django.template.backends.django.DjangoTemplates",
            "OPTIONS": {
                "context_processors": [
                    "django.contrib.auth.context_processors.auth",
                    "django.contrib.messages.context_processors.messages",
                    *(
                        f"django.template.context_processors.{name}"
                        for name in ["i18n", "static", "media", "request", "tz"]
                    ),
                    "mezzanine.conf.context_processors.settings",
                    "mezzanine.pages.context_processors.page",
                ],
                "loaders": [
                    (
                        "django.template.loaders.cached.Loader",
                        [
                            "mezzanine.template.loaders.host_themes.Loader",
                            "django.template.loaders.filesystem.Loader",
                            "django.template.loaders.app_directories.Loader",
                        ],
                    )
                ],
            },
        }
    ],
    "INSTALLED_APPS": [
        *(
            f"django.contrib.{name}"
            for name in ["admin", "auth", "contenttypes", "redirects", "sessions", "sites"]
        ),
        *(f"django.contrib.{name}" for name in ["sitemaps", "messages", "staticfiles"]),
        *(
            f"mezzanine.{name}"
            for name in ["boot", "conf", "core", "generic", "pages", "blog", "forms", "galleries"]
        ),
        "django_comments",
        "filebrowser_safe",
        "grappelli_safe",
    ],
    "COMMENTS_APP": "mezzanine.generic",
    "MIDDLEWARE": (
        "django.contrib.sessions.middleware.SessionMiddleware",
        "django.middleware.common.CommonMiddleware",
        "django.middleware.csrf.CsrfViewMiddleware",
        "django.contrib.auth.middleware.AuthenticationMiddleware",
        "django.contrib.messages.middleware.MessageMiddleware",
        "django.middleware.clickjacking.XFrameOptionsMiddleware",
        "mezzanine.core.request.CurrentRequestMiddleware",
        "mezzanine.core.middleware.RedirectFallbackMiddleware",
        "mezzanine.core.middleware.SitePermissionMiddleware",
        "mezzanine.pages.middleware.PageMiddleware",
    ),
}
set_dynamic_settings(given)
settings.configure(**{name: value for name, value in given.items() if name.isupper()})
django.setup()

from django.contrib import admin  # noqa: E402
from django.contrib.auth import get_user_model  # noqa: E402
from django.contrib.contenttypes.models import ContentType  # noqa: E402
from django.core.handlers.wsgi import WSGIHandler  # noqa: E402
from django.core.management import call_command  # noqa: E402
from django.db import connection, transaction  # noqa: E402
from django.views.generic import TemplateView  # noqa: E402
from mezzanine.blog.models import BlogPost  # noqa: E402
from mezzanine.generic.models import AssignedKeyword, Keyword, ThreadedComment  # noqa: E402

from tests.benchmarks.costing import bare, measured  # noqa: E402
from tests.benchmarks.peers.content import TAGS, comments, posts  # noqa: E402

URLS.urlpatterns = [
    path("admin/", include(admin.site.urls)),
    path("", TemplateView.as_view(template_name="index.html"), name="home"),
    path("blog/", include("mezzanine.blog.urls")),
    path("", include("mezzanine.urls")),
]


@transaction.atomic
def fill():
    owner = get_user_model().objects.create_user("ada")
    kind = ContentType.objects.get_for_model(BlogPost)
    tags = {name: Keyword.objects.create(title=name, slug=name.replace(" ", "-").lower()) for name in TAGS}
    for slug, title, html, at, chosen in posts(NUMBER):
        post = BlogPost(
            title=title, slug=slug, content=html, publish_date=at, user=owner, status=2, site_id=1
        )
        post.description, post.gen_description = title, False
        post.save_base(raw=True)
        AssignedKeyword.objects.bulk_create(
            AssignedKeyword(keyword=tags[name], content_type=kind, object_pk=post.pk, _order=0)
            for name in chosen
        )
    written = []
    for text, parent in comments():
        written.append(
            ThreadedComment.objects.create(
                content_type=kind,
                object_pk=post.pk,
                user_name="Reader",
                comment=text,
                site_id=1,
                submit_date=at,
                replied_to=None if parent is None else written[parent],
            )
        )
    BlogPost.objects.filter(pk=post.pk).update(comments_count=len(written))
    return f"/blog/{slug}/"


def main():
    call_command("migrate", verbosity=0, interactive=False)
    newest = fill()
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
    app = WSGIHandler()
    pages = {"post": newest, "home": "/blog/", "tag": "/blog/tag/tag-7/"}
    print(
        json.dumps(
            measured({name: (app, path, 2) for name, path in pages.items()} | {"bare": (bare, "/", 2000)})
        )
    )


main()
