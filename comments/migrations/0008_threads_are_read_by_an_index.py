"""The comments of a text in their order, by an index alone: without their key in it SQLite went through the whole site's."""

from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('comments', '0007_guid'),
        ('contenttypes', '0002_remove_content_type_name'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.RemoveIndex(
            model_name='comment',
            name='comment_target',
        ),
        migrations.AddIndex(
            model_name='comment',
            index=models.Index(
                fields=['content_type', 'object_id', 'created_at', 'id', 'status', 'parent'], name='comment_target'
            ),
        ),
    ]
