from django.db import migrations, models

from audit.past import KeepPast

FORMER = KeepPast(
    "recommendations_item",
    "recommendations_itemversion",
    key="item_id",
    columns=("text_ms", "text_en", "pillar"),
)


class Migration(migrations.Migration):
    """From here on the database keeps the past of divergence notes: papers print those of their day."""

    dependencies = [("recommendations", "0007_files_follow_update"), ("audit", "0001_initial")]

    operations = [
        migrations.RunSQL(FORMER.reverse_sql, FORMER.sql),
        migrations.AddField(
            model_name="itemversion",
            name="divergence_ms",
            field=models.TextField(blank=True, db_default=""),
        ),
        migrations.AddField(
            model_name="itemversion",
            name="divergence_en",
            field=models.TextField(blank=True, db_default=""),
        ),
        KeepPast(
            "recommendations_item",
            "recommendations_itemversion",
            key="item_id",
            columns=("text_ms", "text_en", "pillar", "divergence_ms", "divergence_en"),
        ),
    ]
