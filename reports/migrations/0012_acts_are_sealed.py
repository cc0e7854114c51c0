"""Whoever a row names as its doer is the actor of an Event of the same transaction."""

import audit.guards
import pgtrigger.compiler
import pgtrigger.migrations
from django.db import migrations


class Migration(migrations.Migration):

    dependencies = [
        ("audit", "0004_vouched_rows"),
        ('reports', '0011_published_tables'),
    ]

    operations = [
        pgtrigger.migrations.AddTrigger(
            model_name='download',
            trigger=pgtrigger.compiler.Trigger(name='taking_downloaded_by_acts', sql=audit.guards.StrictTriggerSql(condition='WHEN (NEW."taken_by_id" IS NOT NULL)', constraint='CONSTRAINT', func="\n        IF (TG_OP = 'INSERT' OR to_jsonb(NEW) -> 'taken_by_id' IS DISTINCT FROM\n                                to_jsonb(OLD) -> 'taken_by_id')\n           AND NOT jejak_is_vouched(NEW.taken_by_id) THEN\n            RAISE EXCEPTION 'jejak: % of % names somebody who did nothing here',\n                'taken_by_id', TG_TABLE_NAME USING ERRCODE = 'JJ007';\n        END IF;\n        RETURN NULL;\n        ", hash='a52acb12edab5e9f70fc2541d50a9d683f06cc3b', operation='INSERT OR UPDATE', pgid='pgtrigger_taking_downloaded_by_acts_09489', table='reports_taking', timing='DEFERRABLE INITIALLY DEFERRED', when='AFTER')),
        ),
    ]
