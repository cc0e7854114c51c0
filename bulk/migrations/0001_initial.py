import audit.guards
import django.contrib.postgres.functions
import django.core.serializers.json
import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('audit', '0001_initial'),
        ('recommendations', '0001_initial'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='BulkAct',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.CharField(choices=[('assign', 'Assign an agency'), ('confirm', 'Confirm suggestions'), ('turn_down', 'Turn suggestions down'), ('move_due', 'Move due dates'), ('officers', 'Name officers')], max_length=10)),
                ('reason', models.TextField(blank=True, default='')),
                ('token', models.UUIDField(db_default=django.contrib.postgres.functions.RandomUUID(), editable=False, unique=True)),
                ('done_at', models.DateTimeField()),
                ('undone_at', models.DateTimeField(blank=True, null=True)),
                ('actor', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('cycle', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='bulk_acts', to='recommendations.cycle')),
                ('undone_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'db_table': 'recommendations_bulkact',
                'triggers': [audit.guards.InstalledGuard('bulkact_no_delete', 'recommendations_bulkact', 'BEFORE DELETE OR TRUNCATE', 'guard_refuse()', each='STATEMENT'), audit.guards.InstalledGuard('bulkact_kept', 'recommendations_bulkact', 'BEFORE UPDATE', "guard_refuse_row('bulkact_kept')", condition='(OLD.cycle_id, OLD.kind, OLD.actor_id, OLD.reason, OLD.token, OLD.done_at) IS DISTINCT FROM (NEW.cycle_id, NEW.kind, NEW.actor_id, NEW.reason, NEW.token, NEW.done_at)'), audit.guards.InstalledGuard('bulkact_settled', 'recommendations_bulkact', 'BEFORE UPDATE', "guard_refuse_row('bulkact_settled')", condition='OLD.undone_at IS NOT NULL AND (OLD.undone_at, OLD.undone_by_id) IS DISTINCT FROM (NEW.undone_at, NEW.undone_by_id)'), audit.guards.InstalledGuard('bulkact_is_now', 'recommendations_bulkact', 'BEFORE INSERT OR UPDATE', "guard_present('done_at', 'undone_at')"), audit.guards.InstalledGuard('bulkact_acts', 'recommendations_bulkact', 'AFTER INSERT OR UPDATE', "guard_acted('actor_id', 'undone_by_id')", condition='NEW.actor_id IS NOT NULL OR NEW.undone_by_id IS NOT NULL')],
            },
        ),
        migrations.CreateModel(
            name='BulkStep',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('before', models.JSONField(encoder=django.core.serializers.json.DjangoJSONEncoder, null=True)),
                ('after', models.JSONField(encoder=django.core.serializers.json.DjangoJSONEncoder)),
                ('act', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='steps', to='bulk.bulkact')),
                ('assignment', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='bulk_steps', to='recommendations.assignment')),
            ],
            options={
                'db_table': 'recommendations_bulkstep',
                'triggers': [audit.guards.InstalledGuard('bulkstep_append_only', 'recommendations_bulkstep', 'BEFORE UPDATE OR DELETE OR TRUNCATE', 'guard_refuse()', each='STATEMENT')],
            },
        ),
        migrations.AddConstraint(
            model_name='bulkact',
            constraint=models.CheckConstraint(condition=models.Q(('kind__in', ['assign', 'confirm', 'turn_down', 'move_due', 'officers'])), name='bulk_kind_known'),
        ),
        migrations.AddConstraint(
            model_name='bulkact',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('undone_at', None), ('undone_by', None)), models.Q(('undone_at__isnull', False), ('undone_by__isnull', False)), _connector='OR'), name='bulk_undone_whole'),
        ),
        migrations.AddConstraint(
            model_name='bulkstep',
            constraint=models.UniqueConstraint(fields=('act', 'assignment'), name='bulk_step_once'),
        ),
    ]
