from django.db import models


class SiteVersion(models.Model):
    """A token for each topic that pages are made from. The database's triggers give a new one with every change.

    Random and not counted: two sites that were one until a backup was restored never have a token in common by chance.
    """

    topic = models.CharField(max_length=100, primary_key=True)
    token = models.BigIntegerField()

    def __str__(self):
        return self.topic
