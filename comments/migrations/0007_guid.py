"""Comments that are there keep the identity that feeds have given them, which was their address."""

from django.db import migrations, models
from django.db.models import CharField, Value
from django.db.models.functions import Cast, Concat

import comments.models
from config.links import absolute


def keep(apps, schema_editor):
    comments = apps.get_model("comments", "Comment").objects.using(schema_editor.connection.alias)
    number = Cast("pk", CharField(max_length=20))
    comments.filter(guid=None).update(guid=Concat(Value(absolute("/comments/")), number, Value("/")))


class Migration(migrations.Migration):

    dependencies = [
        ('comments', '0006_comments_are_counted_by_an_index'),
    ]

    operations = [
        migrations.AddField(
            model_name='comment',
            name='guid',
            field=models.CharField(editable=False, max_length=200, null=True, unique=True),
        ),
        migrations.RunPython(keep, migrations.RunPython.noop),
        migrations.AlterField(
            model_name='comment',
            name='guid',
            field=models.CharField(default=comments.models.new_guid, editable=False, max_length=200, null=True, unique=True),
        ),
    ]
