"""Whoever a row names as its doer is the actor of an Event of the same transaction."""

import audit.guards
import pgtrigger.compiler
import pgtrigger.migrations
from django.db import migrations


class Migration(migrations.Migration):

    dependencies = [
        ("audit", "0004_vouched_rows"),
        ('reminders', '0006_figures_of_months'),
    ]

    operations = [
        pgtrigger.migrations.AddTrigger(
            model_name='attempt',
            trigger=pgtrigger.compiler.Trigger(name='attempt_vouched', sql=audit.guards.StrictTriggerSql(func="\n            IF NOT jejak_is_vouched(NULL) THEN\n                RAISE EXCEPTION 'jejak: nobody vouched for what % says', TG_TABLE_NAME USING ERRCODE = 'JJ007';\n            END IF;\n            RETURN NULL;\n            ", hash='a9a65d628c21449b7c98b18c1da3355760dd6fb3', level='STATEMENT', operation='INSERT OR UPDATE OF "ended_at", "outcome", "server_words"', pgid='pgtrigger_attempt_vouched_f36aa', table='reminders_attempt', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='delivery',
            trigger=pgtrigger.compiler.Trigger(name='delivery_vouched', sql=audit.guards.StrictTriggerSql(func="\n            IF NOT jejak_is_vouched(NULL) THEN\n                RAISE EXCEPTION 'jejak: nobody vouched for what % says', TG_TABLE_NAME USING ERRCODE = 'JJ007';\n            END IF;\n            RETURN NULL;\n            ", hash='d92c339f28eb7b21e3cf13a5d3cfc8b05f86dca9', level='STATEMENT', operation='INSERT OR UPDATE OF "state", "settled_at", "message_id", "address", "subject", "server_words"', pgid='pgtrigger_delivery_vouched_8fe88', table='reminders_delivery', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='nudge',
            trigger=pgtrigger.compiler.Trigger(name='nudge_sent_by_acts', sql=audit.guards.StrictTriggerSql(condition='WHEN (NEW."sent_by_id" IS NOT NULL)', constraint='CONSTRAINT', func="\n        IF (TG_OP = 'INSERT' OR to_jsonb(NEW) -> 'sent_by_id' IS DISTINCT FROM\n                                to_jsonb(OLD) -> 'sent_by_id')\n           AND NOT jejak_is_vouched(NEW.sent_by_id) THEN\n            RAISE EXCEPTION 'jejak: % of % names somebody who did nothing here',\n                'sent_by_id', TG_TABLE_NAME USING ERRCODE = 'JJ007';\n        END IF;\n        RETURN NULL;\n        ", hash='0e4d2a2d8cd1d7ef4272aeab3f0c9afa4342dfb3', operation='INSERT OR UPDATE', pgid='pgtrigger_nudge_sent_by_acts_33ea3', table='reminders_nudge', timing='DEFERRABLE INITIALLY DEFERRED', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='planningrun',
            trigger=pgtrigger.compiler.Trigger(name='round_vouched', sql=audit.guards.StrictTriggerSql(func="\n            IF NOT jejak_is_vouched(NULL) THEN\n                RAISE EXCEPTION 'jejak: nobody vouched for what % says', TG_TABLE_NAME USING ERRCODE = 'JJ007';\n            END IF;\n            RETURN NULL;\n            ", hash='47bce7ecb069a42ba44408b5160da85350d01353', level='STATEMENT', operation='INSERT OR UPDATE OF "checked_at"', pgid='pgtrigger_round_vouched_e229c', table='reminders_round', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='reminder',
            trigger=pgtrigger.compiler.Trigger(name='reminder_vouched', sql=audit.guards.StrictTriggerSql(func="\n            IF NOT jejak_is_vouched(NULL) THEN\n                RAISE EXCEPTION 'jejak: nobody vouched for what % says', TG_TABLE_NAME USING ERRCODE = 'JJ007';\n            END IF;\n            RETURN NULL;\n            ", hash='05a566f4e5707c496cf3dc6a5c4534878b1aee14', level='STATEMENT', operation='INSERT OR UPDATE OF "delivery_id", "sent_at", "settled_at"', pgid='pgtrigger_reminder_vouched_f9696', table='reminders_reminder', when='BEFORE')),
        ),
    ]
