from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ("blog", "0003_closing_discussions"),
    ]

    operations = [
        migrations.CreateModel(
            name="SourceFile",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("path", models.CharField(max_length=800, unique=True, verbose_name="path in the site's folder")),
                ("content", models.BinaryField()),
                ("digest", models.CharField(max_length=64)),
            ],
            options={"verbose_name": "source file", "verbose_name_plural": "source files", "ordering": ["path"]},
        ),
        migrations.AddField(
            model_name="file",
            name="source_path",
            field=models.CharField(blank=True, default="", editable=False, max_length=800),
            preserve_default=False,
        ),
        migrations.AddField(
            model_name="page",
            name="source_root",
            field=models.CharField(blank=True, default="", editable=False, max_length=200),
            preserve_default=False,
        ),
        migrations.AddField(
            model_name="post",
            name="source_root",
            field=models.CharField(blank=True, default="", editable=False, max_length=200),
            preserve_default=False,
        ),
    ]
