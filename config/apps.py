from django.apps import AppConfig
from django.conf import settings
from django.db.models.signals import post_migrate, pre_migrate


class ConfigConfig(AppConfig):
    name = "config"

    def ready(self):
        from config import background, checks, purge, sqlite  # noqa: F401, checks registers itself
        from config.pagestore import triggers

        sqlite.keep_converted_queries()
        pre_migrate.connect(triggers.step_aside, sender=self)
        post_migrate.connect(triggers.keep_in_step, sender=self)
        if settings.PURGE_URL:
            background.regularly(purge.Purger(purge.tell).look)
