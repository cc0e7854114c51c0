"""Acts by which officers are named for many assignments. Backwards only while there are none: acts are kept."""

from django.db import migrations, models

KINDS = [
    ("assign", "Assign an agency"),
    ("confirm", "Confirm suggestions"),
    ("turn_down", "Turn suggestions down"),
    ("move_due", "Move due dates"),
    ("officers", "Name officers"),
]


class Migration(migrations.Migration):
    dependencies = [("bulk", "0001_initial")]

    operations = [
        migrations.AlterField("bulkact", "kind", models.CharField(choices=KINDS, max_length=10)),
        migrations.RemoveConstraint("bulkact", "bulk_kind_known"),
        migrations.AddConstraint(
            "bulkact",
            models.CheckConstraint(
                condition=models.Q(kind__in=[kind for kind, _label in KINDS]), name="bulk_kind_known"
            ),
        ),
    ]
