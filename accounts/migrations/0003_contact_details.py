"""Post, unit and telephone of a person, for the directory of contacts."""

from django.db import migrations, models

LENGTHS = {"post": 100, "unit": 100, "telephone": 40}


class Migration(migrations.Migration):
    dependencies = [("accounts", "0002_places_and_stand_ins")]

    operations = [
        migrations.AddField(
            "user", name, models.CharField(blank=True, default="", max_length=length, verbose_name=name),
            preserve_default=False,
        )
        for name, length in LENGTHS.items()
    ]
