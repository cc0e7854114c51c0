import audit.guards
import django.db.models.deletion
import pgtrigger.compiler
import pgtrigger.migrations
from django.conf import settings
from django.db import migrations, models


# Whoever began an update, saved it last or sent a version of it is known; who saved it in between was not kept.
FILL_WRITERS = """
INSERT INTO recommendations_updatewriter (update_id, user_id)
SELECT id, created_by_id FROM recommendations_update
UNION SELECT id, saved_by_id FROM recommendations_update
UNION SELECT update_id, submitted_by_id FROM recommendations_submission;
"""


class Migration(migrations.Migration):
    """Everybody who had a hand in an update is remembered: they do not decide on it."""

    dependencies = [
        ('recommendations', '0004_bulk_token'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='UpdateWriter',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('update', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='writers', to='recommendations.update')),
                ('user', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('update', 'user'), name='update_writer_once')],
            },
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='updatewriter',
            trigger=pgtrigger.compiler.Trigger(name='updatewriter_append_only', sql=audit.guards.StrictTriggerSql(func="RAISE EXCEPTION 'jejak: % is refused on %: its rows are kept', TG_OP, TG_TABLE_NAME;", hash='7fb99e58c3b7ec926d4f18980183059f65b052f4', level='STATEMENT', operation='UPDATE OR DELETE OR TRUNCATE', pgid='pgtrigger_updatewriter_append_only_ffa2e', table='recommendations_updatewriter', when='BEFORE')),
        ),
        migrations.RunSQL(FILL_WRITERS, migrations.RunSQL.noop),
    ]
