from django.apps import AppConfig
from django.db.backends.signals import connection_created
from django.db.models.signals import post_migrate
from django.utils.translation import gettext_lazy as _


class BlogConfig(AppConfig):
    name = "blog"
    verbose_name = _("Publishing")

    def ready(self):
        from blog.search import index

        connection_created.connect(index.prepare_connection)
        post_migrate.connect(index.keep_in_step, sender=self)
