"""Whoever a row names as its doer is the actor of an Event of the same transaction."""

import audit.guards
import pgtrigger.compiler
import pgtrigger.migrations
from django.db import migrations


class Migration(migrations.Migration):

    dependencies = [
        ("audit", "0004_vouched_rows"),
        ('bulk', '0002_name_officers'),
    ]

    operations = [
        pgtrigger.migrations.AddTrigger(
            model_name='bulkact',
            trigger=pgtrigger.compiler.Trigger(name='bulkact_actor_acts', sql=audit.guards.StrictTriggerSql(condition='WHEN (NEW."actor_id" IS NOT NULL)', constraint='CONSTRAINT', func="\n        IF (TG_OP = 'INSERT' OR to_jsonb(NEW) -> 'actor_id' IS DISTINCT FROM\n                                to_jsonb(OLD) -> 'actor_id')\n           AND NOT jejak_is_vouched(NEW.actor_id) THEN\n            RAISE EXCEPTION 'jejak: % of % names somebody who did nothing here',\n                'actor_id', TG_TABLE_NAME USING ERRCODE = 'JJ007';\n        END IF;\n        RETURN NULL;\n        ", hash='52ff42f99770f8b83956c7854e5b0d0aad2b8356', operation='INSERT OR UPDATE', pgid='pgtrigger_bulkact_actor_acts_9749f', table='recommendations_bulkact', timing='DEFERRABLE INITIALLY DEFERRED', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='bulkact',
            trigger=pgtrigger.compiler.Trigger(name='bulkact_undone_by_acts', sql=audit.guards.StrictTriggerSql(condition='WHEN (NEW."undone_by_id" IS NOT NULL)', constraint='CONSTRAINT', func="\n        IF (TG_OP = 'INSERT' OR to_jsonb(NEW) -> 'undone_by_id' IS DISTINCT FROM\n                                to_jsonb(OLD) -> 'undone_by_id')\n           AND NOT jejak_is_vouched(NEW.undone_by_id) THEN\n            RAISE EXCEPTION 'jejak: % of % names somebody who did nothing here',\n                'undone_by_id', TG_TABLE_NAME USING ERRCODE = 'JJ007';\n        END IF;\n        RETURN NULL;\n        ", hash='100c9491bc5623cf87b1a46eec6e23b5011aae0f', operation='INSERT OR UPDATE', pgid='pgtrigger_bulkact_undone_by_acts_53d23', table='recommendations_bulkact', timing='DEFERRABLE INITIALLY DEFERRED', when='AFTER')),
        ),
    ]
