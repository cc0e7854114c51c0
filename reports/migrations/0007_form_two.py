"""New summaries have rows of form 2 (docs/adr/0036)."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("reports", "0006_plainer_labels")]

    operations = [
        migrations.AlterField("report", "form", models.PositiveSmallIntegerField(default=2)),
    ]
