import audit.guards
import django.db.models.deletion
import pgtrigger.compiler
import pgtrigger.migrations
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    """Renames two models; their tables stay. The triggers of downloads are made anew: their names hold the model's."""

    dependencies = [
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
        ("reports", "0001_initial"),
    ]

    operations = [
        pgtrigger.migrations.RemoveTrigger(
            model_name='taking',
            name='taking_no_delete',
        ),
        pgtrigger.migrations.RemoveTrigger(
            model_name='taking',
            name='taking_began_at_is_now',
        ),
        pgtrigger.migrations.RemoveTrigger(
            model_name='taking',
            name='taking_ended_at_is_now',
        ),
        pgtrigger.migrations.RemoveTrigger(
            model_name='taking',
            name='taking_begins_open',
        ),
        pgtrigger.migrations.RemoveTrigger(
            model_name='taking',
            name='taking_kept',
        ),
        pgtrigger.migrations.RemoveTrigger(
            model_name='taking',
            name='taking_settled',
        ),
        migrations.SeparateDatabaseAndState(
            state_operations=[
                migrations.RenameModel("Taking", "Download"),
                migrations.AlterModelTable("Download", "reports_taking"),
                migrations.AlterField(
                    "Download",
                    "report",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="downloads", to="reports.report"
                    ),
                ),
                migrations.RenameModel("KeptSelection", "SavedSelection"),
                migrations.AlterModelTable("SavedSelection", "reports_keptselection"),
                migrations.AlterField(
                    "SavedSelection",
                    "user",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="saved_selections",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='download',
            trigger=pgtrigger.compiler.Trigger(name='taking_no_delete', sql=audit.guards.StrictTriggerSql(func="RAISE EXCEPTION 'jejak: % is refused on %: its rows are kept', TG_OP, TG_TABLE_NAME;", hash='72529e4647ee312d0fdd7011b88ccc5b796403a0', level='STATEMENT', operation='DELETE OR TRUNCATE', pgid='pgtrigger_taking_no_delete_16577', table='reports_taking', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='download',
            trigger=pgtrigger.compiler.Trigger(name='taking_began_at_is_now', sql=audit.guards.StrictTriggerSql(func="\n        IF NEW.began_at IS NOT NULL\n           AND (TG_OP = 'INSERT' OR to_jsonb(NEW) -> 'began_at' IS DISTINCT FROM\n                                    to_jsonb(OLD) -> 'began_at')\n           AND abs(extract(epoch FROM NEW.began_at - jejak_now())) > 300 THEN\n            RAISE EXCEPTION 'jejak: % of % must be the present instant, not %',\n                'began_at', TG_TABLE_NAME, NEW.began_at;\n        END IF;\n        RETURN NEW;\n        ", hash='98f72a372e8daea2b9f81c791496446ca0cf5a69', operation='INSERT OR UPDATE', pgid='pgtrigger_taking_began_at_is_now_0b9cd', table='reports_taking', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='download',
            trigger=pgtrigger.compiler.Trigger(name='taking_ended_at_is_now', sql=audit.guards.StrictTriggerSql(func="\n        IF NEW.ended_at IS NOT NULL\n           AND (TG_OP = 'INSERT' OR to_jsonb(NEW) -> 'ended_at' IS DISTINCT FROM\n                                    to_jsonb(OLD) -> 'ended_at')\n           AND abs(extract(epoch FROM NEW.ended_at - jejak_now())) > 300 THEN\n            RAISE EXCEPTION 'jejak: % of % must be the present instant, not %',\n                'ended_at', TG_TABLE_NAME, NEW.ended_at;\n        END IF;\n        RETURN NEW;\n        ", hash='a4301614ade00ce0187fae2e78f25fb40fc4b7e4', operation='INSERT OR UPDATE', pgid='pgtrigger_taking_ended_at_is_now_57e0c', table='reports_taking', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='download',
            trigger=pgtrigger.compiler.Trigger(name='taking_begins_open', sql=audit.guards.StrictTriggerSql(func="\n        IF (NEW.outcome = '' AND NEW.ended_at IS NULL AND NEW.sha256 = '') IS NOT TRUE THEN\n            RAISE EXCEPTION 'jejak: % refuses this row (%)', TG_TABLE_NAME, 'begins_open';\n        END IF;\n        IF TG_OP = 'DELETE' THEN RETURN OLD; END IF;\n        RETURN NEW;\n    ", hash='f05ee36e7b7f142404caf88a195a2d5187500b73', operation='INSERT', pgid='pgtrigger_taking_begins_open_d7b83', table='reports_taking', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='download',
            trigger=pgtrigger.compiler.Trigger(name='taking_kept', sql=audit.guards.StrictTriggerSql(func="\n        IF OLD.report_id IS DISTINCT FROM NEW.report_id OR OLD.taken_by_id IS DISTINCT FROM NEW.taken_by_id OR OLD.began_at IS DISTINCT FROM NEW.began_at THEN\n            RAISE EXCEPTION 'jejak: % refuses this change (%)', TG_TABLE_NAME, 'taking_kept';\n        END IF;\n        RETURN NEW;\n        ", hash='44e4206cf2ec25c88a6b2c612db51e4bbd03d38d', operation='UPDATE', pgid='pgtrigger_taking_kept_e39da', table='reports_taking', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='download',
            trigger=pgtrigger.compiler.Trigger(name='taking_settled', sql=audit.guards.StrictTriggerSql(func="\n        IF OLD.ended_at IS NOT NULL AND (OLD.ended_at IS DISTINCT FROM NEW.ended_at OR OLD.outcome IS DISTINCT FROM NEW.outcome OR OLD.sha256 IS DISTINCT FROM NEW.sha256 OR OLD.size IS DISTINCT FROM NEW.size OR OLD.document_id IS DISTINCT FROM NEW.document_id) THEN\n            RAISE EXCEPTION 'jejak: % refuses this change (%)', TG_TABLE_NAME, 'taking_settled';\n        END IF;\n        RETURN NEW;\n        ", hash='1f4e29c11bc56188eb7b9da5335024b581f89a51', operation='UPDATE', pgid='pgtrigger_taking_settled_4f063', table='reports_taking', when='BEFORE')),
        ),
    ]
