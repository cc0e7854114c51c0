"""Whoever a row names as its doer is the actor of an Event of the same transaction."""

import audit.guards
import pgtrigger.compiler
import pgtrigger.migrations
from django.db import migrations


class Migration(migrations.Migration):

    dependencies = [
        ("audit", "0004_vouched_rows"),
        ('indicators', '0008_figure_imports'),
    ]

    operations = [
        pgtrigger.migrations.AddTrigger(
            model_name='checkexplanation',
            trigger=pgtrigger.compiler.Trigger(name='explanation_explained_by_acts', sql=audit.guards.StrictTriggerSql(condition='WHEN (NEW."explained_by_id" IS NOT NULL)', constraint='CONSTRAINT', func="\n        IF (TG_OP = 'INSERT' OR to_jsonb(NEW) -> 'explained_by_id' IS DISTINCT FROM\n                                to_jsonb(OLD) -> 'explained_by_id')\n           AND NOT jejak_is_vouched(NEW.explained_by_id) THEN\n            RAISE EXCEPTION 'jejak: % of % names somebody who did nothing here',\n                'explained_by_id', TG_TABLE_NAME USING ERRCODE = 'JJ007';\n        END IF;\n        RETURN NULL;\n        ", hash='51bffd401e7b95f4fd91af74827927a7e4d52d48', operation='INSERT OR UPDATE', pgid='pgtrigger_explanation_explained_by_acts_8ed02', table='indicators_checkexplanation', timing='DEFERRABLE INITIALLY DEFERRED', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='checkexplanation',
            trigger=pgtrigger.compiler.Trigger(name='explanation_ended_by_acts', sql=audit.guards.StrictTriggerSql(condition='WHEN (NEW."ended_by_id" IS NOT NULL)', constraint='CONSTRAINT', func="\n        IF (TG_OP = 'INSERT' OR to_jsonb(NEW) -> 'ended_by_id' IS DISTINCT FROM\n                                to_jsonb(OLD) -> 'ended_by_id')\n           AND NOT jejak_is_vouched(NEW.ended_by_id) THEN\n            RAISE EXCEPTION 'jejak: % of % names somebody who did nothing here',\n                'ended_by_id', TG_TABLE_NAME USING ERRCODE = 'JJ007';\n        END IF;\n        RETURN NULL;\n        ", hash='7ccdaf513cb712d2cb1d8abbe753bdff6d6ec9e8', operation='INSERT OR UPDATE', pgid='pgtrigger_explanation_ended_by_acts_cbba5', table='indicators_checkexplanation', timing='DEFERRABLE INITIALLY DEFERRED', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='figure',
            trigger=pgtrigger.compiler.Trigger(name='figure_recorded_by_acts', sql=audit.guards.StrictTriggerSql(condition='WHEN (NEW."recorded_by_id" IS NOT NULL)', constraint='CONSTRAINT', func="\n        IF (TG_OP = 'INSERT' OR to_jsonb(NEW) -> 'recorded_by_id' IS DISTINCT FROM\n                                to_jsonb(OLD) -> 'recorded_by_id')\n           AND NOT jejak_is_vouched(NEW.recorded_by_id) THEN\n            RAISE EXCEPTION 'jejak: % of % names somebody who did nothing here',\n                'recorded_by_id', TG_TABLE_NAME USING ERRCODE = 'JJ007';\n        END IF;\n        RETURN NULL;\n        ", hash='993403347431cd4feb71b7815ad2f232f6a72ac5', operation='INSERT OR UPDATE', pgid='pgtrigger_figure_recorded_by_acts_3954d', table='indicators_figure', timing='DEFERRABLE INITIALLY DEFERRED', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='figuredecision',
            trigger=pgtrigger.compiler.Trigger(name='figure_decision_decided_by_acts', sql=audit.guards.StrictTriggerSql(condition='WHEN (NEW."decided_by_id" IS NOT NULL)', constraint='CONSTRAINT', func="\n        IF (TG_OP = 'INSERT' OR to_jsonb(NEW) -> 'decided_by_id' IS DISTINCT FROM\n                                to_jsonb(OLD) -> 'decided_by_id')\n           AND NOT jejak_is_vouched(NEW.decided_by_id) THEN\n            RAISE EXCEPTION 'jejak: % of % names somebody who did nothing here',\n                'decided_by_id', TG_TABLE_NAME USING ERRCODE = 'JJ007';\n        END IF;\n        RETURN NULL;\n        ", hash='391c42a8b8b3d391f9c467f0087310ec962f7ae1', operation='INSERT OR UPDATE', pgid='pgtrigger_figure_decision_decided_by_acts_b2b25', table='indicators_figuredecision', timing='DEFERRABLE INITIALLY DEFERRED', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='figuresubmission',
            trigger=pgtrigger.compiler.Trigger(name='figure_submission_submitted_by_acts', sql=audit.guards.StrictTriggerSql(condition='WHEN (NEW."submitted_by_id" IS NOT NULL)', constraint='CONSTRAINT', func="\n        IF (TG_OP = 'INSERT' OR to_jsonb(NEW) -> 'submitted_by_id' IS DISTINCT FROM\n                                to_jsonb(OLD) -> 'submitted_by_id')\n           AND NOT jejak_is_vouched(NEW.submitted_by_id) THEN\n            RAISE EXCEPTION 'jejak: % of % names somebody who did nothing here',\n                'submitted_by_id', TG_TABLE_NAME USING ERRCODE = 'JJ007';\n        END IF;\n        RETURN NULL;\n        ", hash='7bf07a3b7d08c56760521d2bcef671932ed48423', operation='INSERT OR UPDATE', pgid='pgtrigger_figure_submission_submitted_by_acts_3fa4c', table='indicators_figuresubmission', timing='DEFERRABLE INITIALLY DEFERRED', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='target',
            trigger=pgtrigger.compiler.Trigger(name='target_set_by_acts', sql=audit.guards.StrictTriggerSql(condition='WHEN (NEW."set_by_id" IS NOT NULL)', constraint='CONSTRAINT', func="\n        IF (TG_OP = 'INSERT' OR to_jsonb(NEW) -> 'set_by_id' IS DISTINCT FROM\n                                to_jsonb(OLD) -> 'set_by_id')\n           AND NOT jejak_is_vouched(NEW.set_by_id) THEN\n            RAISE EXCEPTION 'jejak: % of % names somebody who did nothing here',\n                'set_by_id', TG_TABLE_NAME USING ERRCODE = 'JJ007';\n        END IF;\n        RETURN NULL;\n        ", hash='08a4a82ff3714a1c7bed53db5bd06b2bbb3b1886', operation='INSERT OR UPDATE', pgid='pgtrigger_target_set_by_acts_c7a85', table='indicators_target', timing='DEFERRABLE INITIALLY DEFERRED', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='target',
            trigger=pgtrigger.compiler.Trigger(name='target_ended_by_acts', sql=audit.guards.StrictTriggerSql(condition='WHEN (NEW."ended_by_id" IS NOT NULL)', constraint='CONSTRAINT', func="\n        IF (TG_OP = 'INSERT' OR to_jsonb(NEW) -> 'ended_by_id' IS DISTINCT FROM\n                                to_jsonb(OLD) -> 'ended_by_id')\n           AND NOT jejak_is_vouched(NEW.ended_by_id) THEN\n            RAISE EXCEPTION 'jejak: % of % names somebody who did nothing here',\n                'ended_by_id', TG_TABLE_NAME USING ERRCODE = 'JJ007';\n        END IF;\n        RETURN NULL;\n        ", hash='12e489e402eb76ec85c25704ca6420fa1f8b8095', operation='INSERT OR UPDATE', pgid='pgtrigger_target_ended_by_acts_691a0', table='indicators_target', timing='DEFERRABLE INITIALLY DEFERRED', when='AFTER')),
        ),
    ]
