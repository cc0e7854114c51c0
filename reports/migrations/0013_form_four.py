"""New summaries have rows of form 4: figures are never left out by a day, and ended assignments are told (docs/adr/0074)."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("reports", "0012_acts_are_sealed")]

    operations = [
        migrations.AlterField("report", "form", models.PositiveSmallIntegerField(default=4)),
    ]
