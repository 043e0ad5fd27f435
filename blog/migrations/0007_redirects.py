from django.db import migrations, models
from django.db.models import Q


def bring_lists(apps, schema_editor):
    Alias, OldPath = apps.get_model("blog", "Alias"), apps.get_model("blog", "OldPath")
    rows = OldPath.objects.values_list("path", "target")
    Alias.objects.bulk_create(
        (Alias(path=path, target=target, imported=True) for path, target in rows),
        batch_size=200,
        ignore_conflicts=True,
    )


def bring_back(apps, schema_editor):
    Alias, OldPath = apps.get_model("blog", "Alias"), apps.get_model("blog", "OldPath")
    lists = Alias.objects.filter(post=None, page=None)
    rows = lists.exclude(target="").values_list("path", "target")
    OldPath.objects.bulk_create([OldPath(path=path, target=target) for path, target in rows], batch_size=200)
    lists.delete()


class Migration(migrations.Migration):
    dependencies = [("blog", "0006_roles")]

    operations = [
        migrations.RemoveConstraint("alias", "alias_has_one_entry"),
        migrations.AddField(
            "alias",
            "target",
            models.CharField(blank=True, default="", max_length=800, db_index=True, verbose_name="path here"),
            preserve_default=False,
        ),
        migrations.AlterField(
            "alias",
            "imported",
            models.BooleanField(default=False, editable=False, verbose_name="imported"),
        ),
        migrations.AddConstraint(
            "alias",
            models.CheckConstraint(
                condition=Q(post=None, page=None) | Q(post=None, target="") | Q(page=None, target=""),
                name="alias_leads_to_one_thing",
            ),
        ),
        migrations.RunPython(bring_lists, bring_back),
        migrations.DeleteModel("OldPath"),
    ]
