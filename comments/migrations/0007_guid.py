"""Comments that are there keep the identity that feeds have given them, which was their address."""

from contextlib import contextmanager

from django.db import migrations, models
from django.db.models import CharField, Q, Value
from django.db.models.functions import Cast, Concat

import comments.models
from config.links import absolute


def keep(apps, schema_editor):
    comments = apps.get_model("comments", "Comment").objects.using(schema_editor.connection.alias)
    number = Cast("pk", CharField(max_length=20))
    with without_triggers(schema_editor):
        comments.filter(guid=None).update(guid=Concat(Value(absolute("/comments/")), number, Value("/")))


@contextmanager
def without_triggers(schema_editor):
    """What is searched does not change with an identity; PostgreSQL would write it anew for every comment."""
    if schema_editor.connection.vendor != "postgresql":
        yield
        return
    schema_editor.execute("ALTER TABLE comments_comment DISABLE TRIGGER USER")
    yield
    schema_editor.execute("ALTER TABLE comments_comment ENABLE TRIGGER USER")


class Migration(migrations.Migration):

    dependencies = [
        ('comments', '0006_comments_are_counted_by_an_index'),
    ]

    # SQLite writes a table anew, and with it the index of the search, for a column that is unique or changes.
    operations = [
        migrations.AddField(
            model_name='comment',
            name='guid',
            field=models.CharField(editable=False, max_length=200, null=True),
        ),
        migrations.RunPython(keep, migrations.RunPython.noop),
        migrations.AddConstraint(
            model_name='comment',
            constraint=models.UniqueConstraint(
                condition=Q(guid__isnull=False), fields=['guid'], name='comment_guid'
            ),
        ),
        migrations.SeparateDatabaseAndState(
            state_operations=[
                migrations.AlterField(
                    model_name='comment',
                    name='guid',
                    field=models.CharField(
                        default=comments.models.new_guid, editable=False, max_length=200, null=True
                    ),
                ),
            ],
        ),
    ]
