"""The one place where the two apps meet."""

from django.contrib import admin
from django.contrib.sitemaps.views import sitemap
from django.urls import include, path

from blog import cards
from blog.sitemaps import SITEMAPS
from blog.sitemaps import index as sitemap_index
from blog.uploads import media
from config.login import CodeView, SiteLoginView
from config.pagestore import SITE, stored
from config.passwords import OwnPasswordView
from config.two_factor import TwoFactorView
from config.views import (
    change_password,
    healthz,
    manifest,
    opensearch,
    robots,
    security_txt,
    view_on_site,
)

urlpatterns = [
    path("admin/login/", SiteLoginView.as_view()),  # the same way in, codes and all
    path("admin/two-factor/", admin.site.admin_view(TwoFactorView.as_view()), name="two_factor"),
    path("admin/password_change/", admin.site.admin_view(OwnPasswordView.as_view())),
    path("admin/r/<int:content_type_id>/<path:object_id>/", admin.site.admin_view(view_on_site)),
    path("admin/", admin.site.urls),
    path("login/", SiteLoginView.as_view(), name="login"),
    path("login/code/", CodeView.as_view(), name="login_code"),
    path("healthz", healthz),  # LivenessMiddleware answers before; here no page may have the address
    path("robots.txt", stored(topics=[SITE])(robots), name="robots"),
    path("sitemap.xml", stored(topics=[SITE])(sitemap_index), name="sitemap"),
    path(
        "sitemap-<section>.xml",
        stored("p", topics=[SITE])(sitemap),
        {"sitemaps": SITEMAPS},
        name="sitemap_section",
    ),
    path("media/<path:name>", media, name="media"),
    path("manifest.webmanifest", stored(topics=[SITE])(manifest), name="manifest"),
    path("opensearch.xml", stored(topics=[SITE])(opensearch), name="opensearch"),
    path(".well-known/security.txt", security_txt, name="security"),
    path(".well-known/change-password", change_password, name="change_password"),
    path("card/<slug:kind>/<int:pk>.png", cards.card, name="card"),
    path("icon-<int:size>.png", cards.icon, name="icon"),
    path("apple-touch-icon.png", cards.icon, {"size": 180}),
    path("favicon.ico", cards.favicon),
    path("accent-<slug:digits>.css", cards.accent, name="accent"),
    path("comments/", include("comments.urls")),
    path("", include("blog.urls")),
]

handler400 = "config.faults.bad_request"
handler403 = "config.faults.forbidden"
handler404 = "blog.views.page_not_found"
handler500 = "config.faults.server_error"
