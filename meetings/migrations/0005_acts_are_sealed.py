"""Whoever a row names as its doer is the actor of an Event of the same transaction."""

import audit.guards
import pgtrigger.compiler
import pgtrigger.migrations
from django.db import migrations


class Migration(migrations.Migration):

    dependencies = [
        ("audit", "0004_vouched_rows"),
        ('meetings', '0004_laid_agenda'),
    ]

    operations = [
        pgtrigger.migrations.AddTrigger(
            model_name='laidagenda',
            trigger=pgtrigger.compiler.Trigger(name='laidagenda_laid_by_acts', sql=audit.guards.StrictTriggerSql(condition='WHEN (NEW."laid_by_id" IS NOT NULL)', constraint='CONSTRAINT', func="\n        IF (TG_OP = 'INSERT' OR to_jsonb(NEW) -> 'laid_by_id' IS DISTINCT FROM\n                                to_jsonb(OLD) -> 'laid_by_id')\n           AND NOT jejak_is_vouched(NEW.laid_by_id) THEN\n            RAISE EXCEPTION 'jejak: % of % names somebody who did nothing here',\n                'laid_by_id', TG_TABLE_NAME USING ERRCODE = 'JJ007';\n        END IF;\n        RETURN NULL;\n        ", hash='aca4580cc11d8bfdd56b2c4c25d9a390989ea350', operation='INSERT OR UPDATE', pgid='pgtrigger_laidagenda_laid_by_acts_30f37', table='meetings_laidagenda', timing='DEFERRABLE INITIALLY DEFERRED', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='meetingdecision',
            trigger=pgtrigger.compiler.Trigger(name='decision_recorded_by_acts', sql=audit.guards.StrictTriggerSql(condition='WHEN (NEW."recorded_by_id" IS NOT NULL)', constraint='CONSTRAINT', func="\n        IF (TG_OP = 'INSERT' OR to_jsonb(NEW) -> 'recorded_by_id' IS DISTINCT FROM\n                                to_jsonb(OLD) -> 'recorded_by_id')\n           AND NOT jejak_is_vouched(NEW.recorded_by_id) THEN\n            RAISE EXCEPTION 'jejak: % of % names somebody who did nothing here',\n                'recorded_by_id', TG_TABLE_NAME USING ERRCODE = 'JJ007';\n        END IF;\n        RETURN NULL;\n        ", hash='c895e330bf177fd4b3003d9d052dfb2faf2006ba', operation='INSERT OR UPDATE', pgid='pgtrigger_decision_recorded_by_acts_30c48', table='meetings_meetingdecision', timing='DEFERRABLE INITIALLY DEFERRED', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='meetingdecision',
            trigger=pgtrigger.compiler.Trigger(name='decision_ended_by_acts', sql=audit.guards.StrictTriggerSql(condition='WHEN (NEW."ended_by_id" IS NOT NULL)', constraint='CONSTRAINT', func="\n        IF (TG_OP = 'INSERT' OR to_jsonb(NEW) -> 'ended_by_id' IS DISTINCT FROM\n                                to_jsonb(OLD) -> 'ended_by_id')\n           AND NOT jejak_is_vouched(NEW.ended_by_id) THEN\n            RAISE EXCEPTION 'jejak: % of % names somebody who did nothing here',\n                'ended_by_id', TG_TABLE_NAME USING ERRCODE = 'JJ007';\n        END IF;\n        RETURN NULL;\n        ", hash='376aaf47c488288caf366267380cd5919200b2c3', operation='INSERT OR UPDATE', pgid='pgtrigger_decision_ended_by_acts_954de', table='meetings_meetingdecision', timing='DEFERRABLE INITIALLY DEFERRED', when='AFTER')),
        ),
    ]
