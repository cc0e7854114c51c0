import audit.guards
import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('accounts', '0001_initial'),
        ('audit', '0001_initial'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='Document',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('original_name', models.CharField(blank=True, max_length=255, verbose_name='file name')),
                ('sha256', models.CharField(blank=True, max_length=64, verbose_name='SHA-256')),
                ('size', models.PositiveBigIntegerField(default=0, verbose_name='size in bytes')),
                ('media_type', models.CharField(blank=True, max_length=100, verbose_name='type')),
                ('stored_name', models.CharField(blank=True, max_length=32)),
                ('reference_number', models.CharField(blank=True, max_length=100, verbose_name='reference number of the paper file')),
                ('received_at', models.DateTimeField(verbose_name='received')),
                ('classification', models.PositiveSmallIntegerField(choices=[(0, 'Open'), (1, 'Restricted'), (2, 'Confidential'), (3, 'Secret'), (4, 'Top secret')], verbose_name='classification')),
                ('evidence_from', models.DateField(blank=True, null=True, verbose_name='evidence from')),
                ('evidence_to', models.DateField(blank=True, null=True, verbose_name='evidence to')),
                ('frozen_at', models.DateTimeField(blank=True, null=True, verbose_name='first submitted')),
                ('scan_state', models.CharField(choices=[('pending', 'Being scanned'), ('clean', 'Clean'), ('infected', 'Held: a virus was found'), ('unscanned', 'Not scanned'), ('failed', 'Held: could not be scanned')], default='pending', max_length=10, verbose_name='scan')),
                ('scan_note', models.CharField(blank=True, max_length=200, verbose_name='what the scanner said')),
                ('scan_attempts', models.PositiveSmallIntegerField(default=0)),
                ('scan_after', models.DateTimeField(blank=True, null=True)),
                ('scanned_at', models.DateTimeField(blank=True, null=True, verbose_name='scanned')),
                ('has_preview', models.BooleanField(default=False)),
                ('preview_tried_at', models.DateTimeField(blank=True, null=True)),
                ('state', models.CharField(choices=[('kept', 'In use'), ('withdrawn', 'Withdrawn'), ('replaced', 'Replaced')], default='kept', max_length=10, verbose_name='status')),
                ('withdrawn_at', models.DateTimeField(blank=True, null=True)),
                ('withdrawn_reason', models.CharField(blank=True, max_length=500)),
                ('sealed_at', models.DateTimeField(blank=True, null=True)),
                ('sealed_reason', models.CharField(blank=True, max_length=500)),
                ('destroyed_at', models.DateTimeField(blank=True, null=True, verbose_name='bytes destroyed')),
                ('destruction_approval', models.CharField(max_length=100, null=True, verbose_name='approval of the National Archives')),
                ('agency', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='documents', to='accounts.agency', verbose_name='agency')),
                ('replaced_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='replaces', to='evidence.document')),
                ('sealed_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('uploaded_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='documents', to=settings.AUTH_USER_MODEL, verbose_name='added by')),
                ('withdrawn_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'verbose_name': 'document',
                'verbose_name_plural': 'documents',
                'ordering': ['-received_at', '-pk'],
                'triggers': [audit.guards.InstalledGuard('document_no_delete', 'evidence_document', 'BEFORE DELETE OR TRUNCATE', 'guard_refuse()', each='STATEMENT'), audit.guards.InstalledGuard('document_is_now', 'evidence_document', 'BEFORE INSERT OR UPDATE', "guard_present('received_at')"), audit.guards.InstalledGuard('document_acts', 'evidence_document', 'AFTER INSERT OR UPDATE', "guard_acted('uploaded_by_id', 'withdrawn_by_id', 'sealed_by_id')", condition='NEW.uploaded_by_id IS NOT NULL OR NEW.withdrawn_by_id IS NOT NULL OR NEW.sealed_by_id IS NOT NULL'), audit.guards.InstalledGuard('document_state_moves', 'evidence_document', 'BEFORE UPDATE', "guard_refuse_row('document_state_moves')", condition="(OLD.state) IS DISTINCT FROM (NEW.state) AND (OLD.state, NEW.state) NOT IN (('kept', 'withdrawn'), ('kept', 'replaced'), ('withdrawn', 'kept'))"), audit.guards.InstalledGuard('document_scan_state_moves', 'evidence_document', 'BEFORE UPDATE', "guard_refuse_row('document_scan_state_moves')", condition="(OLD.scan_state) IS DISTINCT FROM (NEW.scan_state) AND (OLD.scan_state, NEW.scan_state) NOT IN (('pending', 'clean'), ('pending', 'infected'), ('pending', 'failed'), ('pending', 'unscanned'), ('failed', 'clean'), ('failed', 'infected'), ('failed', 'pending'), ('unscanned', 'clean'), ('unscanned', 'infected'), ('unscanned', 'failed'))"), audit.guards.InstalledGuard('document_kept', 'evidence_document', 'BEFORE UPDATE', "guard_refuse_row('document_kept')", condition='(OLD.agency_id, OLD.original_name, OLD.sha256, OLD.size, OLD.media_type, OLD.stored_name, OLD.reference_number, OLD.received_at, OLD.uploaded_by_id) IS DISTINCT FROM (NEW.agency_id, NEW.original_name, NEW.sha256, NEW.size, NEW.media_type, NEW.stored_name, NEW.reference_number, NEW.received_at, NEW.uploaded_by_id)'), audit.guards.InstalledGuard('document_set_once', 'evidence_document', 'BEFORE UPDATE', "guard_refuse_row('document_set_once')", condition='OLD.frozen_at IS NOT NULL AND (OLD.frozen_at) IS DISTINCT FROM (NEW.frozen_at) OR OLD.sealed_at IS NOT NULL AND (OLD.sealed_at) IS DISTINCT FROM (NEW.sealed_at) OR OLD.sealed_by_id IS NOT NULL AND (OLD.sealed_by_id) IS DISTINCT FROM (NEW.sealed_by_id) OR OLD.replaced_by_id IS NOT NULL AND (OLD.replaced_by_id) IS DISTINCT FROM (NEW.replaced_by_id) OR OLD.destroyed_at IS NOT NULL AND (OLD.destroyed_at) IS DISTINCT FROM (NEW.destroyed_at) OR OLD.destruction_approval IS NOT NULL AND (OLD.destruction_approval) IS DISTINCT FROM (NEW.destruction_approval)'), audit.guards.InstalledGuard('document_frozen_is_kept', 'evidence_document', 'BEFORE UPDATE', "guard_refuse_row('document_frozen_is_kept')", condition='OLD.frozen_at IS NOT NULL AND ((OLD.evidence_from, OLD.evidence_to) IS DISTINCT FROM (NEW.evidence_from, NEW.evidence_to) OR NEW.classification < OLD.classification)'), audit.guards.InstalledGuard('document_past', 'evidence_document', 'AFTER INSERT OR DELETE', "keep_past('evidence_documentversion', 'document_id', 'classification')", at_once=True), audit.guards.InstalledGuard('document_past_change', 'evidence_document', 'AFTER UPDATE', "keep_past('evidence_documentversion', 'document_id', 'classification')", condition='(OLD.id, OLD.classification) IS DISTINCT FROM (NEW.id, NEW.classification)', at_once=True), audit.guards.InstalledGuard('document_past_whole', 'evidence_document', 'BEFORE TRUNCATE', 'guard_refuse()', each='STATEMENT')],
            },
        ),
        migrations.CreateModel(
            name='DocumentVersion',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('began_at', models.DateTimeField(editable=False, verbose_name='From')),
                ('ended_at', models.DateTimeField(editable=False, null=True, verbose_name='Until')),
                ('classification', models.PositiveSmallIntegerField()),
                ('document', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='versions', to='evidence.document')),
            ],
            options={
                'abstract': False,
                'indexes': [models.Index(fields=['document', 'began_at'], name='documentversion_past_time')],
                'constraints': [models.UniqueConstraint(condition=models.Q(('ended_at', None)), fields=('document',), name='documentversion_past_now'), models.CheckConstraint(condition=models.Q(('ended_at__gte', models.F('began_at'))), name='documentversion_past_order')],
                'triggers': [audit.guards.InstalledGuard('documentversion_past_guard', 'evidence_documentversion', 'BEFORE INSERT OR UPDATE', 'past_guard()'), audit.guards.InstalledGuard('documentversion_no_delete', 'evidence_documentversion', 'BEFORE DELETE OR TRUNCATE', 'guard_refuse()', each='STATEMENT')],
            },
        ),
        migrations.CreateModel(
            name='DocumentText',
            fields=[
                ('document', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, primary_key=True, related_name='text', serialize=False, to='evidence.document')),
                ('state', models.CharField(choices=[('waiting', 'Waiting to be read'), ('done', 'Can be searched'), ('empty', 'Contains no text'), ('too_big', 'Too big to be searched'), ('failed', 'Could not be read'), ('removed', 'Removed')], default='waiting', max_length=10)),
                ('text', models.TextField(blank=True)),
                ('is_cut', models.BooleanField(default=False)),
                ('attempts', models.PositiveSmallIntegerField(default=0)),
                ('after', models.DateTimeField(blank=True, null=True)),
                ('extracted_at', models.DateTimeField(blank=True, null=True)),
                ('identities', models.JSONField(blank=True, null=True)),
            ],
            options={
                'constraints': [models.CheckConstraint(condition=models.Q(models.Q(('state', 'done'), models.Q(('text', ''), _negated=True)), models.Q(models.Q(('state', 'done'), _negated=True), ('text', '')), _connector='OR'), name='document_text_where_done'), models.CheckConstraint(condition=models.Q(('state__in', ['waiting', 'done', 'empty', 'too_big', 'failed', 'removed'])), name='document_text_state_known')],
                'triggers': [audit.guards.InstalledGuard('documenttext_not_of_sealed', 'evidence_documenttext', 'BEFORE INSERT OR UPDATE', "guard_required('not_of_sealed', '$1.text = '''' OR (SELECT sealed_at FROM evidence_document WHERE id = $1.document_id) IS NULL')")],
            },
        ),
        migrations.CreateModel(
            name='FileCheck',
            fields=[
                ('document', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, primary_key=True, related_name='file_check', serialize=False, to='evidence.document')),
                ('checked_at', models.DateTimeField(db_index=True, verbose_name='last checked')),
                ('harm', models.CharField(blank=True, choices=[('differs', 'Differ from what was recorded'), ('missing', 'Missing'), ('unreadable', 'Cannot be read')], max_length=10, verbose_name='state of the bytes')),
                ('harmed_at', models.DateTimeField(blank=True, null=True, verbose_name='first found harmed')),
            ],
            options={
                'verbose_name': 'check of a file',
                'verbose_name_plural': 'checks of files',
                'indexes': [models.Index(condition=models.Q(('harm', ''), _negated=True), fields=['document'], name='file_check_harmed')],
                'constraints': [models.CheckConstraint(condition=models.Q(models.Q(('harm', ''), ('harmed_at__isnull', True)), models.Q(('harm__in', ['differs', 'missing', 'unreadable']), ('harmed_at__isnull', False)), _connector='OR'), name='file_check_harm_has_its_instant')],
                'triggers': [audit.guards.InstalledGuard('filecheck_no_delete', 'evidence_filecheck', 'BEFORE DELETE OR TRUNCATE', 'guard_refuse()', each='STATEMENT'), audit.guards.InstalledGuard('filecheck_is_now', 'evidence_filecheck', 'BEFORE INSERT OR UPDATE', "guard_present('checked_at', 'harmed_at')")],
            },
        ),
        migrations.AddIndex(
            model_name='document',
            index=models.Index(fields=['agency', '-received_at'], name='document_agency_received'),
        ),
        migrations.AddIndex(
            model_name='document',
            index=models.Index(fields=['-received_at', '-id'], name='document_received'),
        ),
        migrations.AddIndex(
            model_name='document',
            index=models.Index(fields=['sha256'], name='document_sha256'),
        ),
        migrations.AddIndex(
            model_name='document',
            index=models.Index(fields=['classification'], name='document_class'),
        ),
        migrations.AddIndex(
            model_name='document',
            index=models.Index(condition=models.Q(('scan_state__in', ['pending', 'failed', 'unscanned'])), fields=['received_at'], name='document_not_scanned'),
        ),
        migrations.AddConstraint(
            model_name='document',
            constraint=models.UniqueConstraint(condition=models.Q(('stored_name', ''), _negated=True), fields=('stored_name',), name='document_stored_name_is_unique'),
        ),
        migrations.AddConstraint(
            model_name='document',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(models.Q(('sha256__regex', '^[0-9a-f]{64}$'), ('size__gt', 0), ('stored_name__regex', '^[0-9a-f]{32}$')), models.Q(models.Q(('media_type', ''), _negated=True), models.Q(('original_name', ''), _negated=True), ('reference_number', ''))), models.Q(('media_type', ''), ('original_name', ''), ('sha256', ''), ('size', 0), ('stored_name', ''), models.Q(('reference_number', ''), _negated=True)), _connector='OR'), name='document_has_bytes_or_a_reference'),
        ),
        migrations.AddConstraint(
            model_name='document',
            constraint=models.CheckConstraint(condition=models.Q(('classification__in', [0, 1, 2, 3, 4])), name='document_classification_is_known'),
        ),
        migrations.AddConstraint(
            model_name='document',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('evidence_from__isnull', True), ('evidence_to__isnull', True)), models.Q(('evidence_from__isnull', False), ('evidence_to__gte', models.F('evidence_from')), ('evidence_to__isnull', False)), _connector='OR'), name='document_dates_are_in_order'),
        ),
        migrations.AddConstraint(
            model_name='document',
            constraint=models.CheckConstraint(condition=models.Q(('scan_state__in', ['pending', 'clean', 'infected', 'unscanned', 'failed'])), name='document_scan_state_is_known'),
        ),
        migrations.AddConstraint(
            model_name='document',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('replaced_by__isnull', True), ('state', 'kept'), ('withdrawn_at__isnull', True)), models.Q(('replaced_by__isnull', False), ('state', 'replaced'), ('withdrawn_at__isnull', True)), models.Q(('replaced_by__isnull', True), ('state', 'withdrawn'), ('withdrawn_at__isnull', False)), _connector='OR'), name='document_state_is_told'),
        ),
        migrations.AddConstraint(
            model_name='document',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('withdrawn_at__isnull', True), ('withdrawn_by__isnull', True), ('withdrawn_reason', '')), models.Q(('withdrawn_at__isnull', False), ('withdrawn_by__isnull', False), models.Q(('withdrawn_reason', ''), _negated=True)), _connector='OR'), name='document_withdrawal_is_told'),
        ),
        migrations.AddConstraint(
            model_name='document',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('sealed_at__isnull', True), ('sealed_by__isnull', True), ('sealed_reason', '')), models.Q(('sealed_at__isnull', False), ('sealed_by__isnull', False), models.Q(('sealed_reason', ''), _negated=True)), _connector='OR'), name='document_seal_is_told'),
        ),
        migrations.AddConstraint(
            model_name='document',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('destroyed_at__isnull', True), ('destruction_approval__isnull', True)), models.Q(('destroyed_at__isnull', False), ('destruction_approval__gt', ''), ('sealed_at__isnull', False)), _connector='OR'), name='document_destroyed_was_sealed_and_approved'),
        ),
        migrations.AddConstraint(
            model_name='document',
            constraint=models.CheckConstraint(condition=models.Q(('has_preview', False), models.Q(('stored_name', ''), _negated=True), _connector='OR'), name='document_preview_is_of_bytes'),
        ),
    ]
