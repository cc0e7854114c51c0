import audit.guards
import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('accounts', '0001_initial'),
        ('audit', '0001_initial'),
        ('privacy', '0001_initial'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='LiftRequest',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('reason', models.TextField(verbose_name='reason')),
                ('asked_at', models.DateTimeField()),
                ('decided_at', models.DateTimeField(null=True)),
                ('is_lifted', models.BooleanField(default=False)),
                ('decision_reason', models.TextField(blank=True)),
                ('asked_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('decided_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('mark', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='privacy.identitymark')),
            ],
            options={
                'constraints': [models.UniqueConstraint(condition=models.Q(('decided_at', None)), fields=('mark',), name='lift_is_asked_once_at_a_time'), models.CheckConstraint(condition=models.Q(('decided_by', None), models.Q(('decided_by', models.F('asked_by')), _negated=True), _connector='OR'), name='lift_has_two_pairs_of_eyes'), models.CheckConstraint(condition=models.Q(models.Q(('decided_at', None), ('decided_by', None), ('is_lifted', False)), models.Q(('decided_at__isnull', False), ('decided_by__isnull', False)), _connector='OR'), name='lift_is_decided_by_somebody')],
                'triggers': [audit.guards.InstalledGuard('liftrequest_no_delete', 'identities_liftrequest', 'BEFORE DELETE OR TRUNCATE', 'guard_refuse()', each='STATEMENT'), audit.guards.InstalledGuard('liftrequest_kept', 'identities_liftrequest', 'BEFORE UPDATE', "guard_refuse_row('liftrequest_kept')", condition='(OLD.mark_id, OLD.reason, OLD.asked_by_id, OLD.asked_at) IS DISTINCT FROM (NEW.mark_id, NEW.reason, NEW.asked_by_id, NEW.asked_at)'), audit.guards.InstalledGuard('liftrequest_settled', 'identities_liftrequest', 'BEFORE UPDATE', "guard_refuse_row('liftrequest_settled')", condition='OLD.decided_at IS NOT NULL AND (OLD.decided_at, OLD.decided_by_id, OLD.is_lifted, OLD.decision_reason) IS DISTINCT FROM (NEW.decided_at, NEW.decided_by_id, NEW.is_lifted, NEW.decision_reason)'), audit.guards.InstalledGuard('liftrequest_is_now', 'identities_liftrequest', 'BEFORE INSERT OR UPDATE', "guard_present('asked_at', 'decided_at')"), audit.guards.InstalledGuard('liftrequest_second_eyes', 'identities_liftrequest', 'BEFORE UPDATE', "guard_refuse_row('second_eyes')", condition='(NEW.decided_by_id IS NULL OR NOT jejak_are_tied(NEW.decided_by_id, NEW.asked_by_id, NEW.decided_at)) IS NOT TRUE')],
            },
        ),
    ]
