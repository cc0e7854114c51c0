from django.db import migrations, models


def forget_what_was_not_examined(apps, schema_editor):
    """A text that was saved before texts were examined is unexamined, which differs from nothing found."""
    texts = apps.get_model("evidence", "DocumentText").objects.using(schema_editor.connection.alias)
    texts.filter(identities={}).update(identities=None)


def fill_in(apps, schema_editor):
    texts = apps.get_model("evidence", "DocumentText").objects.using(schema_editor.connection.alias)
    texts.filter(identities__isnull=True).update(identities={})


class Migration(migrations.Migration):

    dependencies = [
        ('evidence', '0006_text_identities'),
    ]

    operations = [
        migrations.AlterField(
            model_name='documenttext',
            name='identities',
            field=models.JSONField(blank=True, null=True),
        ),
        migrations.RunPython(forget_what_was_not_examined, fill_in),
    ]
