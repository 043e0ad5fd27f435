"""The admin: where authors write. A package, one file for each thing that is edited."""

from django.contrib import admin

from blog.admin import entries, files, missing, pictures, readers, redirects, site, terms

__all__ = ["entries", "files", "missing", "pictures", "readers", "redirects", "site", "terms"]

# Writing wants the whole width; the way to the lists is in the header.
admin.site.enable_nav_sidebar = False
