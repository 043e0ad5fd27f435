from django.apps import AppConfig
from django.db.models.signals import post_migrate


class ConfigConfig(AppConfig):
    name = "config"

    def ready(self):
        from config import checks  # noqa: F401, registers them
        from config.pagestore import triggers

        post_migrate.connect(triggers.keep_in_step, sender=self)
