from django.db import migrations, models


class Migration(migrations.Migration):
    """The field `rung` is called `level` in code; its column keeps its name. Nothing changes in the database."""

    dependencies = [
        ("reminders", "0002_notices"),
    ]

    operations = [
        migrations.SeparateDatabaseAndState(
            state_operations=[
                migrations.RemoveConstraint(model_name="reminder", name="reminder_owed_once"),
                migrations.RenameField(model_name="reminder", old_name="rung", new_name="level"),
                migrations.AlterField(
                    model_name="reminder",
                    name="level",
                    field=models.SmallIntegerField(db_column="rung"),
                ),
                migrations.AddConstraint(
                    model_name="reminder",
                    constraint=models.UniqueConstraint(
                        fields=("recipient", "matter", "due_on", "level"), name="reminder_owed_once"
                    ),
                ),
            ],
        ),
    ]
