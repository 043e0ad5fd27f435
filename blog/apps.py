from django.apps import AppConfig, apps
from django.db.backends.signals import connection_created
from django.db.models.signals import post_migrate
from django.utils.translation import gettext_lazy as _


class BlogConfig(AppConfig):
    name = "blog"
    verbose_name = _("Publishing")

    def ready(self):
        from django.contrib.auth import get_user_model

        from blog import roles, websub
        from blog.closing import next_closing
        from blog.querysets import next_turn
        from blog.search import index
        from config import pagestore

        not_shown = [
            self.get_model(name)
            for name in (
                "DraftLink",
                "FeedReader",
                "MissingPath",
                "Picture",
                "PictureUse",
                "Revision",
                "SourceFile",
            )
        ]
        shown = [model for model in self.get_models() if model not in not_shown]
        pagestore.watch(*shown)
        pagestore.watch(get_user_model(), fields=["username", "first_name", "last_name", "is_active"])
        pagestore.turns_at(next_turn)
        pagestore.turns_at(next_closing)

        connection_created.connect(index.prepare_connection)
        post_migrate.connect(index.keep_in_step, sender=self)
        post_migrate.connect(roles.keep, sender=apps.get_app_config("comments"))
        websub.watch()
