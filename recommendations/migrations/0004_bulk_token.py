import audit.guards
import django.contrib.postgres.functions
import pgtrigger.compiler
import pgtrigger.migrations
from django.db import migrations, models


class Migration(migrations.Migration):
    """A bulk act knows the preview that it came from, and says why."""

    dependencies = [
        ('recommendations', '0003_steering'),
    ]

    operations = [
        pgtrigger.migrations.RemoveTrigger(
            model_name='bulkact',
            name='bulkact_kept',
        ),
        migrations.AddField(
            model_name='bulkact',
            name='reason',
            field=models.TextField(blank=True, default=''),
        ),
        migrations.AddField(
            model_name='bulkact',
            name='token',
            field=models.UUIDField(db_default=django.contrib.postgres.functions.RandomUUID(), editable=False, unique=True),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='bulkact',
            trigger=pgtrigger.compiler.Trigger(name='bulkact_kept', sql=audit.guards.StrictTriggerSql(func="\n        IF OLD.cycle_id IS DISTINCT FROM NEW.cycle_id OR OLD.kind IS DISTINCT FROM NEW.kind OR OLD.actor_id IS DISTINCT FROM NEW.actor_id OR OLD.reason IS DISTINCT FROM NEW.reason OR OLD.token IS DISTINCT FROM NEW.token OR OLD.done_at IS DISTINCT FROM NEW.done_at THEN\n            RAISE EXCEPTION 'jejak: % refuses this change (%)', TG_TABLE_NAME, 'bulkact_kept';\n        END IF;\n        RETURN NEW;\n        ", hash='f91a06fe1dca2971bb626fe20b67713c9e2ff136', operation='UPDATE', pgid='pgtrigger_bulkact_kept_ce40a', table='recommendations_bulkact', when='BEFORE')),
        ),
    ]
