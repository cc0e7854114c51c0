import audit.guards
import pgtrigger.compiler
import pgtrigger.migrations
from django.db import migrations


class Migration(migrations.Migration):
    """The model `Round` is called `PlanningRun`; its table stays. Its triggers are made anew: their names hold the model's."""

    dependencies = [
        ("reminders", "0003_reminder_level"),
    ]

    operations = [
        pgtrigger.migrations.RemoveTrigger(
            model_name='round',
            name='round_no_delete',
        ),
        pgtrigger.migrations.RemoveTrigger(
            model_name='round',
            name='round_kept',
        ),
        migrations.SeparateDatabaseAndState(
            state_operations=[
                migrations.RenameModel("Round", "PlanningRun"),
                migrations.AlterModelTable("PlanningRun", "reminders_round"),
            ],
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='planningrun',
            trigger=pgtrigger.compiler.Trigger(name='round_no_delete', sql=audit.guards.StrictTriggerSql(func="RAISE EXCEPTION 'jejak: % is refused on %: its rows are kept', TG_OP, TG_TABLE_NAME;", hash='5fea539726b16a6d7ddb952c555e524d9d6b74c9', level='STATEMENT', operation='DELETE OR TRUNCATE', pgid='pgtrigger_round_no_delete_be866', table='reminders_round', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='planningrun',
            trigger=pgtrigger.compiler.Trigger(name='round_kept', sql=audit.guards.StrictTriggerSql(func="\n        IF OLD.day IS DISTINCT FROM NEW.day OR OLD.planned_count IS DISTINCT FROM NEW.planned_count OR OLD.settled_count IS DISTINCT FROM NEW.settled_count OR OLD.late_count IS DISTINCT FROM NEW.late_count OR OLD.late_since IS DISTINCT FROM NEW.late_since THEN\n            RAISE EXCEPTION 'jejak: % refuses this change (%)', TG_TABLE_NAME, 'round_kept';\n        END IF;\n        RETURN NEW;\n        ", hash='3d7bc556af5d8f996217122c860bd0a89e36a7ce', operation='UPDATE', pgid='pgtrigger_round_kept_07aff', table='reminders_round', when='BEFORE')),
        ),
    ]
