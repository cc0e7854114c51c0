"""Whoever a row names as its doer is the actor of an Event of the same transaction."""

import audit.guards
import pgtrigger.compiler
import pgtrigger.migrations
from django.db import migrations


class Migration(migrations.Migration):

    dependencies = [
        ("audit", "0004_vouched_rows"),
        ('evidence', '0007_unexamined_texts'),
    ]

    operations = [
        pgtrigger.migrations.AddTrigger(
            model_name='document',
            trigger=pgtrigger.compiler.Trigger(name='document_uploaded_by_acts', sql=audit.guards.StrictTriggerSql(condition='WHEN (NEW."uploaded_by_id" IS NOT NULL)', constraint='CONSTRAINT', func="\n        IF (TG_OP = 'INSERT' OR to_jsonb(NEW) -> 'uploaded_by_id' IS DISTINCT FROM\n                                to_jsonb(OLD) -> 'uploaded_by_id')\n           AND NOT jejak_is_vouched(NEW.uploaded_by_id) THEN\n            RAISE EXCEPTION 'jejak: % of % names somebody who did nothing here',\n                'uploaded_by_id', TG_TABLE_NAME USING ERRCODE = 'JJ007';\n        END IF;\n        RETURN NULL;\n        ", hash='e925f19f462949361855742d0da3f2fc532d8311', operation='INSERT OR UPDATE', pgid='pgtrigger_document_uploaded_by_acts_4a478', table='evidence_document', timing='DEFERRABLE INITIALLY DEFERRED', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='document',
            trigger=pgtrigger.compiler.Trigger(name='document_withdrawn_by_acts', sql=audit.guards.StrictTriggerSql(condition='WHEN (NEW."withdrawn_by_id" IS NOT NULL)', constraint='CONSTRAINT', func="\n        IF (TG_OP = 'INSERT' OR to_jsonb(NEW) -> 'withdrawn_by_id' IS DISTINCT FROM\n                                to_jsonb(OLD) -> 'withdrawn_by_id')\n           AND NOT jejak_is_vouched(NEW.withdrawn_by_id) THEN\n            RAISE EXCEPTION 'jejak: % of % names somebody who did nothing here',\n                'withdrawn_by_id', TG_TABLE_NAME USING ERRCODE = 'JJ007';\n        END IF;\n        RETURN NULL;\n        ", hash='70a955948809f4c7f09ae4a118b1ea954aedda37', operation='INSERT OR UPDATE', pgid='pgtrigger_document_withdrawn_by_acts_685d3', table='evidence_document', timing='DEFERRABLE INITIALLY DEFERRED', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='document',
            trigger=pgtrigger.compiler.Trigger(name='document_sealed_by_acts', sql=audit.guards.StrictTriggerSql(condition='WHEN (NEW."sealed_by_id" IS NOT NULL)', constraint='CONSTRAINT', func="\n        IF (TG_OP = 'INSERT' OR to_jsonb(NEW) -> 'sealed_by_id' IS DISTINCT FROM\n                                to_jsonb(OLD) -> 'sealed_by_id')\n           AND NOT jejak_is_vouched(NEW.sealed_by_id) THEN\n            RAISE EXCEPTION 'jejak: % of % names somebody who did nothing here',\n                'sealed_by_id', TG_TABLE_NAME USING ERRCODE = 'JJ007';\n        END IF;\n        RETURN NULL;\n        ", hash='a0d71341b33e066f1d62a3f73852164dfc1bb8b3', operation='INSERT OR UPDATE', pgid='pgtrigger_document_sealed_by_acts_e3678', table='evidence_document', timing='DEFERRABLE INITIALLY DEFERRED', when='AFTER')),
        ),
    ]
