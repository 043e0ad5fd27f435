from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ("blog", "0004_source_files"),
    ]

    operations = [
        migrations.CreateModel(
            name="OldPath",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("path", models.CharField(max_length=800, unique=True, verbose_name="old path")),
                ("target", models.CharField(max_length=800, verbose_name="path here")),
            ],
            options={
                "verbose_name": "old path of a list",
                "verbose_name_plural": "old paths of lists",
                "ordering": ["path"],
            },
        ),
    ]
