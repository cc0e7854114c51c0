import audit.guards
import django.contrib.postgres.fields
import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('accounts', '0001_initial'),
        ('audit', '0001_initial'),
        ('evidence', '0001_initial'),
        ('meetings', '0001_initial'),
        ('recommendations', '0001_initial'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='Schedule',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('name', models.CharField(max_length=60, verbose_name='name')),
                ('export_format', models.CharField(choices=[('pdf', 'PDF'), ('docx', 'Word document'), ('xlsx', 'Excel workbook'), ('csv', 'CSV table'), ('json', 'JSON data'), ('council', 'Council paper'), ('meeting', 'Meeting sheet'), ('pack', 'Evidence pack'), ('tabledoc', 'Published tables (Word)'), ('tablexls', 'Published tables (Excel)'), ('paperpdf', 'Council paper for printing')], db_column='paper', max_length=8, verbose_name='made as')),
                ('query', models.CharField(max_length=1000)),
                ('day_of_month', models.PositiveSmallIntegerField(verbose_name='day of the month')),
                ('made_at', models.DateTimeField()),
                ('stopped_at', models.DateTimeField(blank=True, null=True)),
                ('cycle', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='recommendations.cycle')),
                ('made_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('stopped_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'ordering': ['name', 'id'],
                'triggers': [audit.guards.InstalledGuard('schedule_no_delete', 'reports_schedule', 'BEFORE DELETE OR TRUNCATE', 'guard_refuse()', each='STATEMENT'), audit.guards.InstalledGuard('schedule_is_now', 'reports_schedule', 'BEFORE INSERT OR UPDATE', "guard_present('made_at', 'stopped_at')"), audit.guards.InstalledGuard('schedule_kept', 'reports_schedule', 'BEFORE UPDATE', "guard_refuse_row('schedule_kept')", condition='(OLD.name, OLD.cycle_id, OLD.paper, OLD.query, OLD.day_of_month, OLD.made_by_id, OLD.made_at) IS DISTINCT FROM (NEW.name, NEW.cycle_id, NEW.paper, NEW.query, NEW.day_of_month, NEW.made_by_id, NEW.made_at)'), audit.guards.InstalledGuard('schedule_settled', 'reports_schedule', 'BEFORE UPDATE', "guard_refuse_row('schedule_settled')", condition='OLD.stopped_at IS NOT NULL AND (OLD.stopped_at, OLD.stopped_by_id) IS DISTINCT FROM (NEW.stopped_at, NEW.stopped_by_id)')],
            },
        ),
        migrations.CreateModel(
            name='Report',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('export_format', models.CharField(choices=[('pdf', 'PDF'), ('docx', 'Word document'), ('xlsx', 'Excel workbook'), ('csv', 'CSV table'), ('json', 'JSON data'), ('council', 'Council paper'), ('meeting', 'Meeting sheet'), ('pack', 'Evidence pack'), ('tabledoc', 'Published tables (Word)'), ('tablexls', 'Published tables (Excel)'), ('paperpdf', 'Council paper for printing')], db_column='paper', max_length=8)),
                ('as_at', models.DateField()),
                ('language', models.CharField(choices=[('ms', 'Bahasa Melayu'), ('en', 'English'), ('both', 'Malay and English (bilingual)')], max_length=4)),
                ('ceiling', models.PositiveSmallIntegerField(choices=[(0, 'Open'), (1, 'Restricted'), (2, 'Confidential'), (3, 'Secret'), (4, 'Top secret')])),
                ('depth', models.CharField(choices=[('glance', 'One page'), ('lines', 'One line per item'), ('full', 'Full, with accepted narratives'), ('evidence', 'List of evidence')], max_length=8)),
                ('query', models.CharField(max_length=1000)),
                ('asked_at', models.DateTimeField()),
                ('reader_role', models.CharField(choices=[('officer', 'Officer'), ('coordinator', 'Coordinator'), ('reviewer', 'MAPO reviewer'), ('administrator', 'MAPO administrator'), ('observer', 'Observer')], max_length=20)),
                ('reader_clearance', models.PositiveSmallIntegerField(choices=[(0, 'Open'), (1, 'Restricted'), (2, 'Confidential'), (3, 'Secret'), (4, 'Top secret')])),
                ('form', models.PositiveSmallIntegerField(default=1)),
                ('state', models.CharField(choices=[('waiting', 'Waiting'), ('making', 'Being made'), ('ready', 'Ready'), ('failed', 'Failed'), ('cancelled', 'Cancelled')], default='waiting', max_length=10)),
                ('done_count', models.PositiveIntegerField(default=0)),
                ('total_count', models.PositiveIntegerField(default=0)),
                ('attempts_count', models.PositiveSmallIntegerField(default=0)),
                ('leased_until', models.DateTimeField(blank=True, null=True)),
                ('settled_at', models.DateTimeField(blank=True, null=True)),
                ('fingerprint', models.CharField(blank=True, max_length=64)),
                ('rows_count', models.PositiveIntegerField(blank=True, null=True)),
                ('classification', models.PositiveSmallIntegerField(blank=True, choices=[(0, 'Open'), (1, 'Restricted'), (2, 'Confidential'), (3, 'Secret'), (4, 'Top secret')], null=True)),
                ('file_name', models.CharField(blank=True, max_length=120)),
                ('stored_name', models.CharField(blank=True, max_length=32)),
                ('sha256', models.CharField(blank=True, db_index=True, max_length=64)),
                ('size', models.PositiveBigIntegerField(default=0)),
                ('failure', models.CharField(blank=True, max_length=300)),
                ('dropped_at', models.DateTimeField(blank=True, null=True)),
                ('asked_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='reports', to=settings.AUTH_USER_MODEL)),
                ('cycle', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='recommendations.cycle')),
                ('laid_agenda', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='papers', to='meetings.laidagenda')),
                ('reader_agency', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='accounts.agency')),
                ('schedule', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='reports', to='reports.schedule')),
            ],
            options={
                'ordering': ['-asked_at', '-pk'],
                'triggers': [audit.guards.InstalledGuard('report_no_delete', 'reports_report', 'BEFORE DELETE OR TRUNCATE', 'guard_refuse()', each='STATEMENT'), audit.guards.InstalledGuard('report_state_moves', 'reports_report', 'BEFORE UPDATE', "guard_refuse_row('report_state_moves')", condition="(OLD.state) IS DISTINCT FROM (NEW.state) AND (OLD.state, NEW.state) NOT IN (('waiting', 'making'), ('making', 'waiting'), ('making', 'ready'), ('making', 'failed'), ('waiting', 'failed'), ('waiting', 'cancelled'), ('making', 'cancelled'))"), audit.guards.InstalledGuard('report_is_now', 'reports_report', 'BEFORE INSERT OR UPDATE', "guard_present('asked_at', 'settled_at', 'dropped_at')"), audit.guards.InstalledGuard('report_kept', 'reports_report', 'BEFORE UPDATE', "guard_refuse_row('report_kept')", condition='(OLD.paper, OLD.cycle_id, OLD.as_at, OLD.language, OLD.ceiling, OLD.depth, OLD.query, OLD.asked_by_id, OLD.asked_at, OLD.reader_role, OLD.reader_agency_id, OLD.reader_clearance, OLD.form, OLD.schedule_id, OLD.laid_agenda_id) IS DISTINCT FROM (NEW.paper, NEW.cycle_id, NEW.as_at, NEW.language, NEW.ceiling, NEW.depth, NEW.query, NEW.asked_by_id, NEW.asked_at, NEW.reader_role, NEW.reader_agency_id, NEW.reader_clearance, NEW.form, NEW.schedule_id, NEW.laid_agenda_id)'), audit.guards.InstalledGuard('report_settled', 'reports_report', 'BEFORE UPDATE', "guard_refuse_row('report_settled')", condition='OLD.settled_at IS NOT NULL AND (OLD.settled_at, OLD.fingerprint, OLD.rows_count, OLD.classification, OLD.file_name, OLD.stored_name, OLD.sha256, OLD.size, OLD.failure) IS DISTINCT FROM (NEW.settled_at, NEW.fingerprint, NEW.rows_count, NEW.classification, NEW.file_name, NEW.stored_name, NEW.sha256, NEW.size, NEW.failure)'), audit.guards.InstalledGuard('report_bytes_settled', 'reports_report', 'BEFORE UPDATE', "guard_refuse_row('report_bytes_settled')", condition='OLD.dropped_at IS NOT NULL AND (OLD.dropped_at) IS DISTINCT FROM (NEW.dropped_at)'), audit.guards.InstalledGuard('report_begins_as_asked', 'reports_report', 'BEFORE INSERT', "guard_refuse_row('begins_as_asked')", condition="(NEW.state = 'waiting' AND NEW.settled_at IS NULL AND NEW.dropped_at IS NULL\n                   AND NEW.fingerprint = '' AND NEW.sha256 = '' AND NEW.stored_name = '') IS NOT TRUE")],
            },
        ),
        migrations.CreateModel(
            name='ScheduleReader',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('schedule', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='readers', to='reports.schedule')),
                ('user', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'triggers': [audit.guards.InstalledGuard('schedulereader_append_only', 'reports_schedulereader', 'BEFORE UPDATE OR DELETE OR TRUNCATE', 'guard_refuse()', each='STATEMENT')],
            },
        ),
        migrations.CreateModel(
            name='Download',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('began_at', models.DateTimeField()),
                ('ended_at', models.DateTimeField(blank=True, null=True)),
                ('outcome', models.CharField(blank=True, choices=[('whole', 'Downloaded in full'), ('broken', 'Interrupted: a file no longer matches its hash'), ('cut', 'The connection ended before the last byte')], max_length=6)),
                ('sha256', models.CharField(blank=True, db_index=True, max_length=64)),
                ('size', models.PositiveBigIntegerField(default=0)),
                ('document', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='evidence.document')),
                ('downloaded_by', models.ForeignKey(db_column='taken_by_id', on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('report', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='downloads', to='reports.report')),
            ],
            options={
                'db_table': 'reports_taking',
                'ordering': ['-began_at', '-pk'],
                'constraints': [models.CheckConstraint(condition=models.Q(models.Q(('ended_at', None), ('outcome', '')), models.Q(('ended_at__isnull', False), ('outcome__in', ['whole', 'broken', 'cut'])), _connector='OR'), name='taking_ended_whole')],
                'triggers': [audit.guards.InstalledGuard('taking_no_delete', 'reports_taking', 'BEFORE DELETE OR TRUNCATE', 'guard_refuse()', each='STATEMENT'), audit.guards.InstalledGuard('taking_is_now', 'reports_taking', 'BEFORE INSERT OR UPDATE', "guard_present('began_at', 'ended_at')"), audit.guards.InstalledGuard('taking_acts', 'reports_taking', 'AFTER INSERT OR UPDATE', "guard_acted('taken_by_id')", condition='NEW.taken_by_id IS NOT NULL'), audit.guards.InstalledGuard('taking_begins_open', 'reports_taking', 'BEFORE INSERT', "guard_refuse_row('begins_open')", condition="(NEW.outcome = '' AND NEW.ended_at IS NULL AND NEW.sha256 = '') IS NOT TRUE"), audit.guards.InstalledGuard('taking_kept', 'reports_taking', 'BEFORE UPDATE', "guard_refuse_row('taking_kept')", condition='(OLD.report_id, OLD.taken_by_id, OLD.began_at) IS DISTINCT FROM (NEW.report_id, NEW.taken_by_id, NEW.began_at)'), audit.guards.InstalledGuard('taking_settled', 'reports_taking', 'BEFORE UPDATE', "guard_refuse_row('taking_settled')", condition='OLD.ended_at IS NOT NULL AND (OLD.ended_at, OLD.outcome, OLD.sha256, OLD.size, OLD.document_id) IS DISTINCT FROM (NEW.ended_at, NEW.outcome, NEW.sha256, NEW.size, NEW.document_id)')],
            },
        ),
        migrations.CreateModel(
            name='Comparison',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('sha256', models.CharField(max_length=64)),
                ('has_bytes', models.BooleanField()),
                ('asked_at', models.DateTimeField()),
                ('state', models.CharField(choices=[('waiting', 'Waiting'), ('making', 'Being made'), ('ready', 'Ready'), ('failed', 'Failed'), ('cancelled', 'Cancelled')], default='waiting', max_length=10)),
                ('done_count', models.PositiveIntegerField(default=0)),
                ('total_count', models.PositiveIntegerField(default=0)),
                ('attempts_count', models.PositiveSmallIntegerField(default=0)),
                ('leased_until', models.DateTimeField(blank=True, null=True)),
                ('settled_at', models.DateTimeField(blank=True, null=True)),
                ('differs', models.BooleanField(default=False)),
                ('reasons', django.contrib.postgres.fields.ArrayField(base_field=models.CharField(max_length=20), blank=True, default=list, size=None)),
                ('asked_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('report', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='reports.report')),
            ],
            options={
                'ordering': ['-asked_at', '-pk'],
                'indexes': [models.Index(condition=models.Q(('settled_at', None)), fields=['asked_at', 'id'], name='comparison_to_make')],
                'constraints': [models.CheckConstraint(condition=models.Q(models.Q(('settled_at', None), ('state__in', ['waiting', 'making'])), models.Q(('state__in', ['ready', 'failed']), ('settled_at__isnull', False)), _connector='OR'), name='comparison_settled_when'), models.UniqueConstraint(condition=models.Q(('settled_at', None)), fields=('asked_by',), name='comparison_one_at_a_time')],
                'triggers': [audit.guards.InstalledGuard('comparison_no_delete', 'reports_comparison', 'BEFORE DELETE OR TRUNCATE', 'guard_refuse()', each='STATEMENT'), audit.guards.InstalledGuard('comparison_state_moves', 'reports_comparison', 'BEFORE UPDATE', "guard_refuse_row('comparison_state_moves')", condition="(OLD.state) IS DISTINCT FROM (NEW.state) AND (OLD.state, NEW.state) NOT IN (('waiting', 'making'), ('making', 'waiting'), ('making', 'ready'), ('making', 'failed'))"), audit.guards.InstalledGuard('comparison_is_now', 'reports_comparison', 'BEFORE INSERT OR UPDATE', "guard_present('asked_at', 'settled_at')"), audit.guards.InstalledGuard('comparison_kept', 'reports_comparison', 'BEFORE UPDATE', "guard_refuse_row('comparison_kept')", condition='(OLD.report_id, OLD.sha256, OLD.has_bytes, OLD.asked_by_id, OLD.asked_at) IS DISTINCT FROM (NEW.report_id, NEW.sha256, NEW.has_bytes, NEW.asked_by_id, NEW.asked_at)'), audit.guards.InstalledGuard('comparison_settled', 'reports_comparison', 'BEFORE UPDATE', "guard_refuse_row('comparison_settled')", condition='OLD.settled_at IS NOT NULL AND (OLD.settled_at, OLD.differs, OLD.reasons) IS DISTINCT FROM (NEW.settled_at, NEW.differs, NEW.reasons)')],
            },
        ),
        migrations.CreateModel(
            name='SavedSelection',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('name', models.CharField(max_length=60, verbose_name='name')),
                ('query', models.CharField(max_length=1000)),
                ('kept_at', models.DateTimeField()),
                ('is_of_mapo', models.BooleanField(default=False)),
                ('is_shared', models.BooleanField(default=False, verbose_name='shared with colleagues')),
                ('agency', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='accounts.agency')),
                ('user', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'db_table': 'reports_keptselection',
                'ordering': ['name', 'id'],
                'abstract': False,
                'constraints': [models.UniqueConstraint(fields=('user', 'name'), name='kept_selection_name_once'), models.CheckConstraint(condition=models.Q(models.Q(('name', ''), _negated=True), models.Q(('query', ''), _negated=True)), name='kept_selection_whole')],
            },
        ),
        migrations.AddConstraint(
            model_name='schedule',
            constraint=models.UniqueConstraint(condition=models.Q(('stopped_at', None)), fields=('cycle', 'name'), name='schedule_name_once'),
        ),
        migrations.AddConstraint(
            model_name='schedule',
            constraint=models.CheckConstraint(condition=models.Q(('day_of_month__range', (1, 28))), name='schedule_day_in_every_month'),
        ),
        migrations.AddConstraint(
            model_name='schedule',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('name', ''), _negated=True), models.Q(('query', ''), _negated=True)), name='schedule_whole'),
        ),
        migrations.AddConstraint(
            model_name='schedule',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('stopped_at', None), ('stopped_by', None)), models.Q(('stopped_at__isnull', False), ('stopped_by__isnull', False)), _connector='OR'), name='schedule_stop_whole'),
        ),
        migrations.AddIndex(
            model_name='report',
            index=models.Index(fields=['asked_by', '-asked_at', '-id'], name='report_of_person'),
        ),
        migrations.AddIndex(
            model_name='report',
            index=models.Index(condition=models.Q(('settled_at', None)), fields=['asked_at', 'id'], name='report_to_make'),
        ),
        migrations.AddConstraint(
            model_name='report',
            constraint=models.CheckConstraint(condition=models.Q(('export_format__in', ['pdf', 'docx', 'xlsx', 'csv', 'json', 'council', 'meeting', 'pack', 'tabledoc', 'tablexls', 'paperpdf'])), name='report_paper_known'),
        ),
        migrations.AddConstraint(
            model_name='report',
            constraint=models.CheckConstraint(condition=models.Q(('state__in', ['waiting', 'making', 'ready', 'failed', 'cancelled'])), name='report_state_known'),
        ),
        migrations.AddConstraint(
            model_name='report',
            constraint=models.CheckConstraint(condition=models.Q(('depth__in', ['glance', 'lines', 'full', 'evidence'])), name='report_depth_known'),
        ),
        migrations.AddConstraint(
            model_name='report',
            constraint=models.CheckConstraint(condition=models.Q(('language__in', ['ms', 'en', 'both'])), name='report_language_known'),
        ),
        migrations.AddConstraint(
            model_name='report',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('settled_at', None), ('state__in', ['waiting', 'making'])), models.Q(('state__in', ['ready', 'failed', 'cancelled']), ('settled_at__isnull', False)), _connector='OR'), name='report_settled_when'),
        ),
        migrations.AddConstraint(
            model_name='report',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('state', 'ready'), _negated=True), models.Q(('classification__isnull', False), ('fingerprint__regex', '^[0-9a-f]{64}$'), ('rows_count__isnull', False), models.Q(('file_name', ''), _negated=True)), _connector='OR'), name='report_ready_whole'),
        ),
        migrations.AddConstraint(
            model_name='report',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('state', 'failed'), _negated=True), models.Q(('failure', ''), _negated=True), _connector='OR'), name='report_failed_with_reason'),
        ),
        migrations.AddConstraint(
            model_name='report',
            constraint=models.CheckConstraint(condition=models.Q(('stored_name', ''), ('stored_name__regex', '^[0-9a-f]{32}$'), _connector='OR'), name='report_stored_name_is_ours'),
        ),
        migrations.AddConstraint(
            model_name='report',
            constraint=models.CheckConstraint(condition=models.Q(('laid_agenda', None), models.Q(('export_format__in', ('council', 'paperpdf', 'meeting', 'pack')), ('schedule', None)), _connector='OR'), name='report_of_meeting_is_paper'),
        ),
        migrations.AddConstraint(
            model_name='report',
            constraint=models.UniqueConstraint(condition=models.Q(('schedule__isnull', False)), fields=('schedule', 'asked_by', 'as_at'), name='report_scheduled_once'),
        ),
        migrations.AddConstraint(
            model_name='schedulereader',
            constraint=models.UniqueConstraint(fields=('schedule', 'user'), name='schedule_reader_once'),
        ),
    ]
