"""A cycle is hidden from all but MAPO until it is opened; those that stand were open from their first day."""

from django.contrib.postgres.operations import AddConstraintNotValid
from django.db import migrations, models
from django.db.models.functions import Now

FILL = """
UPDATE recommendations_cycle cycle SET opened_at = first.began_at
FROM (SELECT cycle_id, min(began_at) AS began_at FROM recommendations_cycleversion GROUP BY cycle_id) first
WHERE first.cycle_id = cycle.id;
SET CONSTRAINTS ALL IMMEDIATE
"""


class Migration(migrations.Migration):
    dependencies = [("recommendations", "0019_writers_decide_nothing")]

    version_before = (
        "The cycles that it loads are open, as the column says by itself. It shows a cycle that is not opened yet as a closed one."
    )

    operations = [
        migrations.AddField(
            model_name="cycle",
            name="opened_at",
            field=models.DateTimeField(blank=True, null=True, db_default=Now()),
        ),
        migrations.RunSQL(FILL, migrations.RunSQL.noop),
        AddConstraintNotValid(
            model_name="cycle",
            constraint=models.CheckConstraint(
                condition=models.Q(opened_at__isnull=False) | models.Q(closed_at__isnull=False),
                name="cycle_closed_until_opened",
            ),
        ),
    ]
