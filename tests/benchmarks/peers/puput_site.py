"""A blog in Puput 2.2 on Wagtail, in its own environment. It has no comments of its own: its page shows none."""

import json
import sys
from pathlib import Path

import django
from django.conf import settings

FOLDER, NUMBER = Path(sys.argv[1]), int(sys.argv[2])

from puput import PUPUT_APPS  # noqa: E402

settings.configure(
    SECRET_KEY="of-a-benchmark-and-of-nothing-else-0123456789",
    DEBUG=False,
    ALLOWED_HOSTS=["127.0.0.1"],
    ROOT_URLCONF="puput.urls",
    DATABASES={"default": {"ENGINE": "django.db.backends.sqlite3", "NAME": FOLDER / "puput.sqlite3"}},
    INSTALLED_APPS=[
        *(f"django.contrib.{name}" for name in ("admin", "auth", "contenttypes", "sessions", "messages")),
        *("django.contrib.staticfiles", "django.contrib.sitemaps"),
        *(app for app in PUPUT_APPS if app != "wagtail.contrib.legacy.richtext"),
    ],
    MIDDLEWARE=[
        "django.contrib.sessions.middleware.SessionMiddleware",
        "django.middleware.common.CommonMiddleware",
        "django.middleware.csrf.CsrfViewMiddleware",
        "django.contrib.auth.middleware.AuthenticationMiddleware",
        "django.contrib.messages.middleware.MessageMiddleware",
        "django.middleware.clickjacking.XFrameOptionsMiddleware",
        "wagtail.contrib.redirects.middleware.RedirectMiddleware",
    ],
    TEMPLATES=[
        {
            "BACKEND": "django.template.backends.django.DjangoTemplates",
            "APP_DIRS": True,
            "OPTIONS": {
                "context_processors": [
                    "django.template.context_processors.request",
                    "django.contrib.auth.context_processors.auth",
                    "django.contrib.messages.context_processors.messages",
                ]
            },
        }
    ],
    WAGTAIL_SITE_NAME="Bench",
    WAGTAILADMIN_BASE_URL="http://127.0.0.1",
    STATIC_URL="/static/",
    MEDIA_URL="/media/",
    USE_TZ=True,
    DEFAULT_AUTO_FIELD="django.db.models.AutoField",
)
django.setup()

from django.contrib.auth import get_user_model  # noqa: E402
from django.contrib.contenttypes.models import ContentType  # noqa: E402
from django.core.handlers.wsgi import WSGIHandler  # noqa: E402
from django.core.management import call_command  # noqa: E402
from django.db import connection, transaction  # noqa: E402
from puput.models import BlogPage, EntryPage, TagEntryPage  # noqa: E402
from taggit.models import Tag  # noqa: E402
from wagtail.models import Page, Site  # noqa: E402

from tests.benchmarks.costing import bare, measured  # noqa: E402
from tests.benchmarks.peers.content import TAGS, posts  # noqa: E402


@transaction.atomic
def fill():
    owner = get_user_model().objects.create_user("ada")
    blog = Page.objects.get(depth=1).add_child(instance=BlogPage(title="Bench", slug="blog", owner=owner))
    Site.objects.update(root_page=blog)
    Tag.objects.bulk_create(Tag(name=name, slug=name.replace(" ", "-").lower()) for name in TAGS)
    tags = {tag.name: tag.pk for tag in Tag.objects.all()}
    kind = ContentType.objects.get_for_model(EntryPage)
    for nth, (slug, title, html, at, chosen) in enumerate(posts(NUMBER), 1):
        place = {"path": Page._get_path(blog.path, 3, nth), "depth": 3, "url_path": f"{blog.url_path}{slug}/"}
        page = Page.objects.create(
            title=title,
            draft_title=title,
            slug=slug,
            content_type=kind,
            owner=owner,
            locale=blog.locale,
            **place,
        )
        entry = EntryPage(page_ptr_id=page.pk, body=html, date=at)
        entry.save_base(raw=True)
        TagEntryPage.objects.bulk_create(
            TagEntryPage(content_object_id=page.pk, tag_id=tags[name]) for name in chosen
        )
    Page.objects.filter(pk=blog.pk).update(numchild=NUMBER)
    return f"/{at:%Y/%m/%d}/{slug}/"


def main():
    call_command("migrate", verbosity=0, interactive=False)
    newest = fill()
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
    app = WSGIHandler()
    pages = {"post": newest, "home": "/", "tag": "/tag/tag-7/"}
    print(
        json.dumps(
            measured({name: (app, path, 2) for name, path in pages.items()} | {"bare": (bare, "/", 2000)})
        )
    )


main()
