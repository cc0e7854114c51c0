"""New summaries have rows of form 3: figures, achievements and links (docs/adr/0049)."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("reports", "0009_comparison")]

    operations = [
        migrations.AlterField("report", "form", models.PositiveSmallIntegerField(default=3)),
    ]
