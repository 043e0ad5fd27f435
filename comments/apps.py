from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class CommentsConfig(AppConfig):
    name = "comments"
    verbose_name = _("Discussion")
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self):
        from comments.ledger import PRIVATE
        from comments.models import DISCUSSION, Comment, Quote
        from config import pagestore

        shown = [model for model in self.get_models() if model not in PRIVATE]
        pagestore.watch(*shown)  # unless the models below say it better
        pagestore.watch(Comment, topic=pagestore.COMMENTS, each=DISCUSSION)
        pagestore.watch(Quote, topic=pagestore.COMMENTS, each=DISCUSSION, through="comment")
