import audit.guards
import django.contrib.postgres.functions
import django.db.models.constraints
import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('accounts', '0001_initial'),
        ('audit', '0001_initial'),
        ('recommendations', '0001_initial'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='Meeting',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('number', models.CharField(max_length=80, verbose_name='number')),
                ('meets_on', models.DateField(verbose_name='date')),
                ('begins', models.TimeField(verbose_name='time')),
                ('venue', models.CharField(max_length=200, verbose_name='venue')),
                ('state', models.CharField(choices=[('announced', 'Announced'), ('postponed', 'Postponed'), ('held', 'Held'), ('closed', 'Minutes closed'), ('cancelled', 'Cancelled')], default='announced', max_length=10)),
                ('state_reason', models.TextField(blank=True)),
                ('as_at_on', models.DateField(blank=True, null=True, verbose_name='as at')),
                ('since_on', models.DateField(blank=True, null=True, verbose_name='since')),
                ('attendance', models.TextField(blank=True, db_default='', verbose_name='present')),
                ('created_at', models.DateTimeField()),
                ('created_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('cycle', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='meetings', to='recommendations.cycle')),
            ],
            options={
                'triggers': [audit.guards.InstalledGuard('meeting_no_delete', 'meetings_meeting', 'BEFORE DELETE OR TRUNCATE', 'guard_refuse()', each='STATEMENT'), audit.guards.InstalledGuard('meeting_kept', 'meetings_meeting', 'BEFORE UPDATE', "guard_refuse_row('meeting_kept')", condition='(OLD.cycle_id, OLD.created_by_id, OLD.created_at) IS DISTINCT FROM (NEW.cycle_id, NEW.created_by_id, NEW.created_at)'), audit.guards.InstalledGuard('meeting_is_now', 'meetings_meeting', 'BEFORE INSERT OR UPDATE', "guard_present('created_at')"), audit.guards.InstalledGuard('meeting_state_moves', 'meetings_meeting', 'BEFORE UPDATE', "guard_refuse_row('meeting_state_moves')", condition="(OLD.state) IS DISTINCT FROM (NEW.state) AND (OLD.state, NEW.state) NOT IN (('announced', 'held'), ('announced', 'postponed'), ('postponed', 'announced'), ('announced', 'cancelled'), ('postponed', 'cancelled'), ('held', 'closed'), ('closed', 'held'))"), audit.guards.InstalledGuard('meeting_details_final', 'meetings_meeting', 'BEFORE UPDATE', "guard_refuse_row('meeting_details_final')", condition="OLD.state NOT IN ('announced', 'postponed') AND (OLD.number, OLD.meets_on, OLD.begins, OLD.venue, OLD.as_at_on, OLD.since_on) IS DISTINCT FROM (NEW.number, NEW.meets_on, NEW.begins, NEW.venue, NEW.as_at_on, NEW.since_on)"), audit.guards.InstalledGuard('meeting_attendance_final', 'meetings_meeting', 'BEFORE UPDATE', "guard_refuse_row('meeting_attendance_final')", condition="OLD.state NOT IN ('announced', 'held') AND (OLD.attendance) IS DISTINCT FROM (NEW.attendance)")],
            },
        ),
        migrations.CreateModel(
            name='LaidAgenda',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('number', models.PositiveSmallIntegerField()),
                ('content', models.JSONField()),
                ('sha256', models.CharField(max_length=64)),
                ('classification', models.PositiveSmallIntegerField(choices=[(0, 'Open'), (1, 'Restricted'), (2, 'Confidential'), (3, 'Secret'), (4, 'Top secret')])),
                ('laid_at', models.DateTimeField()),
                ('laid_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('meeting', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='laid_agendas', to='meetings.meeting')),
            ],
            options={
                'ordering': ['meeting', 'number'],
                'triggers': [audit.guards.InstalledGuard('laidagenda_append_only', 'meetings_laidagenda', 'BEFORE UPDATE OR DELETE OR TRUNCATE', 'guard_refuse()', each='STATEMENT'), audit.guards.InstalledGuard('laidagenda_is_now', 'meetings_laidagenda', 'BEFORE INSERT OR UPDATE', "guard_present('laid_at')"), audit.guards.InstalledGuard('laidagenda_acts', 'meetings_laidagenda', 'AFTER INSERT OR UPDATE', "guard_acted('laid_by_id')", condition='NEW.laid_by_id IS NOT NULL'), audit.guards.InstalledGuard('laidagenda_at_a_meeting', 'meetings_laidagenda', 'BEFORE INSERT', "guard_required('at_a_meeting', '(SELECT state FROM meetings_meeting WHERE id = $1.meeting_id) IN (''announced'', ''held'')')")],
            },
        ),
        migrations.CreateModel(
            name='AgendaPoint',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.CharField(choices=[('earlier', 'Decisions of earlier meetings'), ('changed', 'What changed since the last meeting'), ('late', 'Late updates by agency'), ('waiting', 'Updates that await MAPO'), ('no_lead', 'Items without a lead agency'), ('no_action', 'Items without action'), ('requests', 'Requests of agencies'), ('returned', 'Returned updates that were not sent again'), ('held_back', 'Items held back by supporting agencies'), ('differing', 'Verdicts that differ from the report'), ('overridden', 'Items whose status MAPO set'), ('contradicts', 'Contradictions in the figures'), ('own', 'Other matters')], max_length=12)),
                ('position', models.PositiveSmallIntegerField()),
                ('title', models.CharField(blank=True, max_length=200, verbose_name='title')),
                ('text', models.TextField(blank=True, verbose_name='text')),
                ('classification', models.PositiveSmallIntegerField(choices=[(0, 'Open'), (1, 'Restricted'), (2, 'Confidential'), (3, 'Secret'), (4, 'Top secret')], default=1, verbose_name='classification')),
                ('is_left_out', models.BooleanField(default=False)),
                ('left_out', models.JSONField(default=list)),
                ('revision', models.PositiveIntegerField(default=1)),
                ('saved_at', models.DateTimeField()),
                ('saved_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('meeting', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='points', to='meetings.meeting')),
            ],
            options={
                'ordering': ['position', 'pk'],
                'triggers': [audit.guards.InstalledGuard('agendapoint_no_delete', 'meetings_agendapoint', 'BEFORE DELETE OR TRUNCATE', 'guard_refuse()', each='STATEMENT'), audit.guards.InstalledGuard('agendapoint_kept', 'meetings_agendapoint', 'BEFORE UPDATE', "guard_refuse_row('agendapoint_kept')", condition='(OLD.meeting_id, OLD.kind) IS DISTINCT FROM (NEW.meeting_id, NEW.kind)'), audit.guards.InstalledGuard('agendapoint_is_now', 'meetings_agendapoint', 'BEFORE INSERT OR UPDATE', "guard_present('saved_at')"), audit.guards.InstalledGuard('agendapoint_before_the_meeting', 'meetings_agendapoint', 'BEFORE INSERT OR UPDATE', "guard_required('before_the_meeting', '($2.meeting_id IS NULL OR (SELECT state FROM meetings_meeting WHERE id = $2.meeting_id) IN (''announced'', ''postponed'')) AND ($1.meeting_id IS NULL OR (SELECT state FROM meetings_meeting WHERE id = $1.meeting_id) IN (''announced'', ''postponed''))')")],
            },
        ),
        migrations.CreateModel(
            name='MeetingDecision',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('number', models.PositiveSmallIntegerField()),
                ('text', models.CharField(max_length=500, verbose_name='decision')),
                ('due_on', models.DateField(verbose_name='due date')),
                ('token', models.UUIDField(db_default=django.contrib.postgres.functions.RandomUUID(), editable=False, unique=True)),
                ('recorded_at', models.DateTimeField()),
                ('ended_at', models.DateTimeField(blank=True, null=True)),
                ('ended_reason', models.TextField(blank=True)),
                ('action', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='recommendations.action')),
                ('agency', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='accounts.agency')),
                ('ended_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('item', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='recommendations.item')),
                ('meeting', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='decisions', to='meetings.meeting')),
                ('recorded_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('replaces', models.OneToOneField(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='replaced_by', to='meetings.meetingdecision')),
            ],
            options={
                'ordering': ['meeting', 'number', 'pk'],
                'triggers': [audit.guards.InstalledGuard('decision_no_delete', 'meetings_meetingdecision', 'BEFORE DELETE OR TRUNCATE', 'guard_refuse()', each='STATEMENT'), audit.guards.InstalledGuard('decision_kept', 'meetings_meetingdecision', 'BEFORE UPDATE', "guard_refuse_row('decision_kept')", condition='(OLD.meeting_id, OLD.number, OLD.item_id, OLD.agency_id, OLD.text, OLD.due_on, OLD.action_id, OLD.replaces_id, OLD.token, OLD.recorded_by_id, OLD.recorded_at) IS DISTINCT FROM (NEW.meeting_id, NEW.number, NEW.item_id, NEW.agency_id, NEW.text, NEW.due_on, NEW.action_id, NEW.replaces_id, NEW.token, NEW.recorded_by_id, NEW.recorded_at)'), audit.guards.InstalledGuard('decision_settled', 'meetings_meetingdecision', 'BEFORE UPDATE', "guard_refuse_row('decision_settled')", condition='OLD.ended_at IS NOT NULL AND (OLD.ended_at, OLD.ended_by_id, OLD.ended_reason) IS DISTINCT FROM (NEW.ended_at, NEW.ended_by_id, NEW.ended_reason)'), audit.guards.InstalledGuard('decision_is_now', 'meetings_meetingdecision', 'BEFORE INSERT OR UPDATE', "guard_present('recorded_at', 'ended_at')"), audit.guards.InstalledGuard('decision_acts', 'meetings_meetingdecision', 'AFTER INSERT OR UPDATE', "guard_acted('recorded_by_id', 'ended_by_id')", condition='NEW.recorded_by_id IS NOT NULL OR NEW.ended_by_id IS NOT NULL'), audit.guards.InstalledGuard('decision_while_minutes_are_open', 'meetings_meetingdecision', 'BEFORE INSERT OR UPDATE', "guard_required('while_minutes_are_open', '($2.meeting_id IS NULL OR (SELECT state FROM meetings_meeting WHERE id = $2.meeting_id) IN (''held'')) AND ($1.meeting_id IS NULL OR (SELECT state FROM meetings_meeting WHERE id = $1.meeting_id) IN (''held''))')")],
            },
        ),
        migrations.AddIndex(
            model_name='meeting',
            index=models.Index(fields=['cycle', '-meets_on'], name='meeting_by_cycle'),
        ),
        migrations.AddConstraint(
            model_name='meeting',
            constraint=models.UniqueConstraint(condition=models.Q(('state', 'cancelled'), _negated=True), fields=('cycle', 'number'), name='meeting_number_once'),
        ),
        migrations.AddConstraint(
            model_name='meeting',
            constraint=models.CheckConstraint(condition=models.Q(('state__in', ['announced', 'postponed', 'held', 'closed', 'cancelled'])), name='meeting_state_known'),
        ),
        migrations.AddConstraint(
            model_name='meeting',
            constraint=models.CheckConstraint(condition=models.Q(('number', ''), _negated=True), name='meeting_numbered'),
        ),
        migrations.AddConstraint(
            model_name='meeting',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('state__in', ['postponed', 'cancelled']), _negated=True), models.Q(('state_reason', ''), _negated=True), _connector='OR'), name='meeting_state_with_reason'),
        ),
        migrations.AddConstraint(
            model_name='meeting',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('as_at_on', None), ('since_on', None)), models.Q(('as_at_on__isnull', False), ('since_on__lte', models.F('as_at_on'))), _connector='OR'), name='meeting_days_in_order'),
        ),
        migrations.AddConstraint(
            model_name='laidagenda',
            constraint=models.UniqueConstraint(fields=('meeting', 'number'), name='laid_number_once'),
        ),
        migrations.AddConstraint(
            model_name='laidagenda',
            constraint=models.CheckConstraint(condition=models.Q(('classification__in', [0, 1, 2, 3, 4])), name='laid_class_known'),
        ),
        migrations.AddConstraint(
            model_name='laidagenda',
            constraint=models.CheckConstraint(condition=models.Q(('sha256__regex', '^[0-9a-f]{64}$')), name='laid_has_hash'),
        ),
        migrations.AddConstraint(
            model_name='agendapoint',
            constraint=models.UniqueConstraint(deferrable=django.db.models.constraints.Deferrable['DEFERRED'], fields=('meeting', 'position'), name='agenda_position_once'),
        ),
        migrations.AddConstraint(
            model_name='agendapoint',
            constraint=models.UniqueConstraint(condition=models.Q(('kind', 'own'), _negated=True), fields=('meeting', 'kind'), name='agenda_kind_once'),
        ),
        migrations.AddConstraint(
            model_name='agendapoint',
            constraint=models.CheckConstraint(condition=models.Q(('kind__in', ['earlier', 'changed', 'late', 'waiting', 'no_lead', 'no_action', 'requests', 'returned', 'held_back', 'differing', 'overridden', 'contradicts', 'own'])), name='agenda_kind_known'),
        ),
        migrations.AddConstraint(
            model_name='agendapoint',
            constraint=models.CheckConstraint(condition=models.Q(('classification__in', [0, 1, 2, 3, 4])), name='agenda_class_known'),
        ),
        migrations.AddConstraint(
            model_name='agendapoint',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('kind', 'own'), models.Q(('title', ''), _negated=True)), models.Q(models.Q(('kind', 'own'), _negated=True), ('title', '')), _connector='OR'), name='agenda_own_titled'),
        ),
        migrations.AddConstraint(
            model_name='meetingdecision',
            constraint=models.UniqueConstraint(condition=models.Q(('ended_at', None)), fields=('meeting', 'number'), name='decision_number_once'),
        ),
        migrations.AddConstraint(
            model_name='meetingdecision',
            constraint=models.UniqueConstraint(condition=models.Q(('ended_at', None)), fields=('action',), name='decision_step_once'),
        ),
        migrations.AddConstraint(
            model_name='meetingdecision',
            constraint=models.CheckConstraint(condition=models.Q(('text', ''), _negated=True), name='decision_has_text'),
        ),
        migrations.AddConstraint(
            model_name='meetingdecision',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('ended_at', None), ('ended_by', None), ('ended_reason', '')), models.Q(('ended_at__gte', models.F('recorded_at')), ('ended_by__isnull', False), models.Q(('ended_reason', ''), _negated=True)), _connector='OR'), name='decision_end_whole'),
        ),
    ]
