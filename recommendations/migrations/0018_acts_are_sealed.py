"""Whoever a row names as its doer is the actor of an Event of the same transaction."""

import audit.guards
import pgtrigger.compiler
import pgtrigger.migrations
from django.db import migrations


class Migration(migrations.Migration):

    dependencies = [
        ("audit", "0004_vouched_rows"),
        ('recommendations', '0017_cycle_facts'),
    ]

    operations = [
        pgtrigger.migrations.AddTrigger(
            model_name='askedupdate',
            trigger=pgtrigger.compiler.Trigger(name='askedupdate_asked_by_acts', sql=audit.guards.StrictTriggerSql(condition='WHEN (NEW."asked_by_id" IS NOT NULL)', constraint='CONSTRAINT', func="\n        IF (TG_OP = 'INSERT' OR to_jsonb(NEW) -> 'asked_by_id' IS DISTINCT FROM\n                                to_jsonb(OLD) -> 'asked_by_id')\n           AND NOT jejak_is_vouched(NEW.asked_by_id) THEN\n            RAISE EXCEPTION 'jejak: % of % names somebody who did nothing here',\n                'asked_by_id', TG_TABLE_NAME USING ERRCODE = 'JJ007';\n        END IF;\n        RETURN NULL;\n        ", hash='042a14e3c0828a9e29bfbaebf58e72b35cde0e11', operation='INSERT OR UPDATE', pgid='pgtrigger_askedupdate_asked_by_acts_a0528', table='recommendations_askedupdate', timing='DEFERRABLE INITIALLY DEFERRED', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='askedupdate',
            trigger=pgtrigger.compiler.Trigger(name='askedupdate_ended_by_acts', sql=audit.guards.StrictTriggerSql(condition='WHEN (NEW."ended_by_id" IS NOT NULL)', constraint='CONSTRAINT', func="\n        IF (TG_OP = 'INSERT' OR to_jsonb(NEW) -> 'ended_by_id' IS DISTINCT FROM\n                                to_jsonb(OLD) -> 'ended_by_id')\n           AND NOT jejak_is_vouched(NEW.ended_by_id) THEN\n            RAISE EXCEPTION 'jejak: % of % names somebody who did nothing here',\n                'ended_by_id', TG_TABLE_NAME USING ERRCODE = 'JJ007';\n        END IF;\n        RETURN NULL;\n        ", hash='dedaf198666663856644faa8ae0212dc532d18bf', operation='INSERT OR UPDATE', pgid='pgtrigger_askedupdate_ended_by_acts_4ab55', table='recommendations_askedupdate', timing='DEFERRABLE INITIALLY DEFERRED', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='assignmentrequest',
            trigger=pgtrigger.compiler.Trigger(name='assignmentrequest_asked_by_acts', sql=audit.guards.StrictTriggerSql(condition='WHEN (NEW."asked_by_id" IS NOT NULL)', constraint='CONSTRAINT', func="\n        IF (TG_OP = 'INSERT' OR to_jsonb(NEW) -> 'asked_by_id' IS DISTINCT FROM\n                                to_jsonb(OLD) -> 'asked_by_id')\n           AND NOT jejak_is_vouched(NEW.asked_by_id) THEN\n            RAISE EXCEPTION 'jejak: % of % names somebody who did nothing here',\n                'asked_by_id', TG_TABLE_NAME USING ERRCODE = 'JJ007';\n        END IF;\n        RETURN NULL;\n        ", hash='beb305aaf77dfdbfbdad45582830bab1fad5f02e', operation='INSERT OR UPDATE', pgid='pgtrigger_assignmentrequest_asked_by_acts_d3ed5', table='recommendations_assignmentrequest', timing='DEFERRABLE INITIALLY DEFERRED', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='assignmentrequest',
            trigger=pgtrigger.compiler.Trigger(name='assignmentrequest_answered_by_acts', sql=audit.guards.StrictTriggerSql(condition='WHEN (NEW."answered_by_id" IS NOT NULL)', constraint='CONSTRAINT', func="\n        IF (TG_OP = 'INSERT' OR to_jsonb(NEW) -> 'answered_by_id' IS DISTINCT FROM\n                                to_jsonb(OLD) -> 'answered_by_id')\n           AND NOT jejak_is_vouched(NEW.answered_by_id) THEN\n            RAISE EXCEPTION 'jejak: % of % names somebody who did nothing here',\n                'answered_by_id', TG_TABLE_NAME USING ERRCODE = 'JJ007';\n        END IF;\n        RETURN NULL;\n        ", hash='053996899e28db3d8b9d6e99ca86207d4f9e00a6', operation='INSERT OR UPDATE', pgid='pgtrigger_assignmentrequest_answered_by_acts_18719', table='recommendations_assignmentrequest', timing='DEFERRABLE INITIALLY DEFERRED', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='comment',
            trigger=pgtrigger.compiler.Trigger(name='comment_author_acts', sql=audit.guards.StrictTriggerSql(condition='WHEN (NEW."author_id" IS NOT NULL)', constraint='CONSTRAINT', func="\n        IF (TG_OP = 'INSERT' OR to_jsonb(NEW) -> 'author_id' IS DISTINCT FROM\n                                to_jsonb(OLD) -> 'author_id')\n           AND NOT jejak_is_vouched(NEW.author_id) THEN\n            RAISE EXCEPTION 'jejak: % of % names somebody who did nothing here',\n                'author_id', TG_TABLE_NAME USING ERRCODE = 'JJ007';\n        END IF;\n        RETURN NULL;\n        ", hash='5864d4bf3eca34498f643301190d19c014deebef', operation='INSERT OR UPDATE', pgid='pgtrigger_comment_author_acts_5ed08', table='recommendations_comment', timing='DEFERRABLE INITIALLY DEFERRED', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='itemoverride',
            trigger=pgtrigger.compiler.Trigger(name='override_set_by_acts', sql=audit.guards.StrictTriggerSql(condition='WHEN (NEW."set_by_id" IS NOT NULL)', constraint='CONSTRAINT', func="\n        IF (TG_OP = 'INSERT' OR to_jsonb(NEW) -> 'set_by_id' IS DISTINCT FROM\n                                to_jsonb(OLD) -> 'set_by_id')\n           AND NOT jejak_is_vouched(NEW.set_by_id) THEN\n            RAISE EXCEPTION 'jejak: % of % names somebody who did nothing here',\n                'set_by_id', TG_TABLE_NAME USING ERRCODE = 'JJ007';\n        END IF;\n        RETURN NULL;\n        ", hash='a2cff018d77cf0607582bdfd3d3e636eb51ea2cd', operation='INSERT OR UPDATE', pgid='pgtrigger_override_set_by_acts_40935', table='recommendations_itemoverride', timing='DEFERRABLE INITIALLY DEFERRED', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='itemoverride',
            trigger=pgtrigger.compiler.Trigger(name='override_ended_by_acts', sql=audit.guards.StrictTriggerSql(condition='WHEN (NEW."ended_by_id" IS NOT NULL)', constraint='CONSTRAINT', func="\n        IF (TG_OP = 'INSERT' OR to_jsonb(NEW) -> 'ended_by_id' IS DISTINCT FROM\n                                to_jsonb(OLD) -> 'ended_by_id')\n           AND NOT jejak_is_vouched(NEW.ended_by_id) THEN\n            RAISE EXCEPTION 'jejak: % of % names somebody who did nothing here',\n                'ended_by_id', TG_TABLE_NAME USING ERRCODE = 'JJ007';\n        END IF;\n        RETURN NULL;\n        ", hash='c977f89249c62ec39d524bd9edc99dcf3ba2820d', operation='INSERT OR UPDATE', pgid='pgtrigger_override_ended_by_acts_b240e', table='recommendations_itemoverride', timing='DEFERRABLE INITIALLY DEFERRED', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='openingimport',
            trigger=pgtrigger.compiler.Trigger(name='opening_submitted_by_acts', sql=audit.guards.StrictTriggerSql(condition='WHEN (NEW."submitted_by_id" IS NOT NULL)', constraint='CONSTRAINT', func="\n        IF (TG_OP = 'INSERT' OR to_jsonb(NEW) -> 'submitted_by_id' IS DISTINCT FROM\n                                to_jsonb(OLD) -> 'submitted_by_id')\n           AND NOT jejak_is_vouched(NEW.submitted_by_id) THEN\n            RAISE EXCEPTION 'jejak: % of % names somebody who did nothing here',\n                'submitted_by_id', TG_TABLE_NAME USING ERRCODE = 'JJ007';\n        END IF;\n        RETURN NULL;\n        ", hash='211de4ac9106d80ef417dd3d338974ae4fc1d493', operation='INSERT OR UPDATE', pgid='pgtrigger_opening_submitted_by_acts_0ef5c', table='recommendations_openingimport', timing='DEFERRABLE INITIALLY DEFERRED', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='openingimport',
            trigger=pgtrigger.compiler.Trigger(name='opening_decided_by_acts', sql=audit.guards.StrictTriggerSql(condition='WHEN (NEW."decided_by_id" IS NOT NULL)', constraint='CONSTRAINT', func="\n        IF (TG_OP = 'INSERT' OR to_jsonb(NEW) -> 'decided_by_id' IS DISTINCT FROM\n                                to_jsonb(OLD) -> 'decided_by_id')\n           AND NOT jejak_is_vouched(NEW.decided_by_id) THEN\n            RAISE EXCEPTION 'jejak: % of % names somebody who did nothing here',\n                'decided_by_id', TG_TABLE_NAME USING ERRCODE = 'JJ007';\n        END IF;\n        RETURN NULL;\n        ", hash='066985476132ce8966e91b75ab4ef31e6386b7f3', operation='INSERT OR UPDATE', pgid='pgtrigger_opening_decided_by_acts_b15e9', table='recommendations_openingimport', timing='DEFERRABLE INITIALLY DEFERRED', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='review',
            trigger=pgtrigger.compiler.Trigger(name='review_reviewer_acts', sql=audit.guards.StrictTriggerSql(condition='WHEN (NEW."reviewer_id" IS NOT NULL)', constraint='CONSTRAINT', func="\n        IF (TG_OP = 'INSERT' OR to_jsonb(NEW) -> 'reviewer_id' IS DISTINCT FROM\n                                to_jsonb(OLD) -> 'reviewer_id')\n           AND NOT jejak_is_vouched(NEW.reviewer_id) THEN\n            RAISE EXCEPTION 'jejak: % of % names somebody who did nothing here',\n                'reviewer_id', TG_TABLE_NAME USING ERRCODE = 'JJ007';\n        END IF;\n        RETURN NULL;\n        ", hash='e35b3f4f5ca32558d9f009cdd78302d9fd6e2471', operation='INSERT OR UPDATE', pgid='pgtrigger_review_reviewer_acts_bf417', table='recommendations_review', timing='DEFERRABLE INITIALLY DEFERRED', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='submission',
            trigger=pgtrigger.compiler.Trigger(name='submission_submitted_by_acts', sql=audit.guards.StrictTriggerSql(condition='WHEN (NEW."submitted_by_id" IS NOT NULL)', constraint='CONSTRAINT', func="\n        IF (TG_OP = 'INSERT' OR to_jsonb(NEW) -> 'submitted_by_id' IS DISTINCT FROM\n                                to_jsonb(OLD) -> 'submitted_by_id')\n           AND NOT jejak_is_vouched(NEW.submitted_by_id) THEN\n            RAISE EXCEPTION 'jejak: % of % names somebody who did nothing here',\n                'submitted_by_id', TG_TABLE_NAME USING ERRCODE = 'JJ007';\n        END IF;\n        RETURN NULL;\n        ", hash='fa4fdf03aba749a07c8276803e4f52125af23a57', operation='INSERT OR UPDATE', pgid='pgtrigger_submission_submitted_by_acts_7402a', table='recommendations_submission', timing='DEFERRABLE INITIALLY DEFERRED', when='AFTER')),
        ),
    ]
