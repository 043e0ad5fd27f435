"""A discussion in django-comments-xtd, in its own environment, below a flat page: python -m … FOLDER NUMBER DEEPEST

It has no pages of a discussion: its tag draws all of it, by a template that includes itself.
"""

import json
import sys
from datetime import timedelta
from pathlib import Path
from types import ModuleType

import django
from django.conf import settings
from django.urls import include, path

FOLDER, NUMBER, DEEPEST = Path(sys.argv[1]), int(sys.argv[2]), int(sys.argv[3])
PAGE = "{% load comments_xtd %}<html><h1>{{ object }}</h1>{% render_xtdcomment_tree for object %}</html>"
URLS = sys.modules["xtd_urls"] = ModuleType("xtd_urls")
URLS.urlpatterns = []

settings.configure(
    SECRET_KEY="of-a-benchmark-and-of-nothing-else-0123456789",
    DEBUG=False,
    ALLOWED_HOSTS=["127.0.0.1"],
    ROOT_URLCONF="xtd_urls",
    SITE_ID=1,
    COMMENTS_APP="django_comments_xtd",
    COMMENTS_XTD_MAX_THREAD_LEVEL=DEEPEST,
    DATABASES={"default": {"ENGINE": "django.db.backends.sqlite3", "NAME": FOLDER / "xtd.sqlite3"}},
    INSTALLED_APPS=[
        *(f"django.contrib.{name}" for name in ("auth", "contenttypes", "sessions", "messages", "sites")),
        "django.contrib.flatpages",
        "django_comments_xtd",
        "django_comments",
    ],
    MIDDLEWARE=[
        "django.contrib.sessions.middleware.SessionMiddleware",
        "django.middleware.common.CommonMiddleware",
        "django.middleware.csrf.CsrfViewMiddleware",
        "django.contrib.auth.middleware.AuthenticationMiddleware",
    ],
    TEMPLATES=[
        {
            "BACKEND": "django.template.backends.django.DjangoTemplates",
            "APP_DIRS": True,
            "OPTIONS": {
                "context_processors": [
                    "django.template.context_processors.request",
                    "django.contrib.auth.context_processors.auth",
                ]
            },
        }
    ],
    USE_TZ=True,
    DEFAULT_AUTO_FIELD="django.db.models.AutoField",
)
django.setup()

from django.contrib.contenttypes.models import ContentType  # noqa: E402
from django.contrib.flatpages.models import FlatPage  # noqa: E402
from django.core.handlers.wsgi import WSGIHandler  # noqa: E402
from django.core.management import call_command  # noqa: E402
from django.db import connection, transaction  # noqa: E402
from django.http import HttpResponse  # noqa: E402
from django.template import engines  # noqa: E402
from django_comments.models import Comment  # noqa: E402
from django_comments_xtd.models import XtdComment  # noqa: E402

from tests.benchmarks.costing import bare, measured  # noqa: E402
from tests.benchmarks.peers.content import START, discussion  # noqa: E402

XTD = ("comment_ptr_id", "thread_id", "parent_id", "level", '"order"', "followup", "nested_count")


def show(request):
    page = engines["django"].from_string(PAGE)
    return HttpResponse(page.render({"object": FlatPage.objects.get()}, request))


URLS.urlpatterns += [path("", show), path("comments/", include("django_comments_xtd.urls"))]


@transaction.atomic
def fill():
    """Straight into its two tables, as its own save would leave them: that one moves rows for every reply."""
    page = FlatPage.objects.create(url="/", title="Bench")
    kind = ContentType.objects.get_for_model(FlatPage)
    said = list(discussion(NUMBER, DEEPEST))
    Comment.objects.bulk_create(
        Comment(
            pk=nth + 1,
            content_type=kind,
            object_pk=page.pk,
            site_id=1,
            user_name="Reader",
            user_email="reader@example.org",
            comment=text,
            submit_date=START + timedelta(minutes=nth),
        )
        for nth, (text, _answered) in enumerate(said)
    )
    below = {}
    for nth, (_text, answered) in enumerate(said):
        below.setdefault(answered, []).append(nth)
    rows, waiting = [], [(nth, nth, 0) for nth in reversed(below[None])]
    while waiting:
        nth, top, level = waiting.pop()
        order = len(rows) + 1 if level else 1
        parent = nth if level == 0 else said[nth][1]
        rows.append((nth + 1, top + 1, parent + 1, level, order, False, len(below.get(nth, ()))))
        waiting += [(answer, top, level + 1) for answer in reversed(below.get(nth, ()))]
    with connection.cursor() as cursor:
        marks = ", ".join(["%s"] * len(XTD))
        cursor.executemany(
            f"INSERT INTO {XtdComment._meta.db_table} ({', '.join(XTD)}) VALUES ({marks})",  # noqa: S608
            rows,
        )


def main():
    call_command("migrate", verbosity=0, interactive=False)
    fill()
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
    print(json.dumps(measured({"discussion": (WSGIHandler(), "/", 1), "bare": (bare, "/", 2000)})))


main()
