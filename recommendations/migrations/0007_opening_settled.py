import audit.guards
import pgtrigger.compiler
import pgtrigger.migrations
from django.db import migrations


class Migration(migrations.Migration):
    """What was decided on a lot, and when it ended, stays; a lot begins as a draft, whoever writes the row."""

    dependencies = [
        ('recommendations', '0006_as_at_indexes'),
    ]

    operations = [
        pgtrigger.migrations.AddTrigger(
            model_name='openingimport',
            trigger=pgtrigger.compiler.Trigger(name='opening_decision_settled', sql=audit.guards.StrictTriggerSql(func="\n        IF OLD.decided_at IS NOT NULL AND (OLD.decided_at IS DISTINCT FROM NEW.decided_at OR OLD.decided_by_id IS DISTINCT FROM NEW.decided_by_id OR OLD.reason IS DISTINCT FROM NEW.reason OR OLD.resubmit_by IS DISTINCT FROM NEW.resubmit_by) THEN\n            RAISE EXCEPTION 'jejak: % refuses this change (%)', TG_TABLE_NAME, 'opening_decision_settled';\n        END IF;\n        RETURN NEW;\n        ", hash='8916eb69b07bf8f9b248ab26cc976f1844461393', operation='UPDATE', pgid='pgtrigger_opening_decision_settled_01602', table='recommendations_openingimport', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='openingimport',
            trigger=pgtrigger.compiler.Trigger(name='opening_end_settled', sql=audit.guards.StrictTriggerSql(func="\n        IF OLD.closed_at IS NOT NULL AND (OLD.closed_at IS DISTINCT FROM NEW.closed_at) THEN\n            RAISE EXCEPTION 'jejak: % refuses this change (%)', TG_TABLE_NAME, 'opening_end_settled';\n        END IF;\n        RETURN NEW;\n        ", hash='180dcc3c94a8dc97073f66c08ee3f240a1697ca9', operation='UPDATE', pgid='pgtrigger_opening_end_settled_beb96', table='recommendations_openingimport', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='openingimport',
            trigger=pgtrigger.compiler.Trigger(name='opening_begins_as_draft', sql=audit.guards.StrictTriggerSql(func="\n        IF (NEW.state = 'draft') IS NOT TRUE THEN\n            RAISE EXCEPTION 'jejak: % refuses this row (%)', TG_TABLE_NAME, 'begins_as_draft';\n        END IF;\n        IF TG_OP = 'DELETE' THEN RETURN OLD; END IF;\n        RETURN NEW;\n    ", hash='a4d0e141b73c082e7b4b1f1ec0629be59522157a', operation='INSERT', pgid='pgtrigger_opening_begins_as_draft_0f6dd', table='recommendations_openingimport', when='BEFORE')),
        ),
    ]
