import audit.guards
import django.db.models.deletion
import pgtrigger.compiler
import pgtrigger.migrations
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('accounts', '0001_initial'),
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
                ('state', models.CharField(choices=[('kept', 'In use'), ('withdrawn', 'Withdrawn'), ('replaced', 'Replaced')], default='kept', max_length=10, verbose_name='state')),
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
                'indexes': [models.Index(fields=['agency', '-received_at'], name='document_agency_received'), models.Index(fields=['-received_at', '-id'], name='document_received'), models.Index(fields=['sha256'], name='document_sha256'), models.Index(fields=['classification'], name='document_class'), models.Index(condition=models.Q(('scan_state__in', ['pending', 'failed', 'unscanned'])), fields=['received_at'], name='document_not_scanned')],
                'constraints': [models.UniqueConstraint(condition=models.Q(('stored_name', ''), _negated=True), fields=('stored_name',), name='document_stored_name_is_unique'), models.CheckConstraint(condition=models.Q(models.Q(models.Q(('sha256__regex', '^[0-9a-f]{64}$'), ('size__gt', 0), ('stored_name__regex', '^[0-9a-f]{32}$')), models.Q(models.Q(('media_type', ''), _negated=True), models.Q(('original_name', ''), _negated=True), ('reference_number', ''))), models.Q(('media_type', ''), ('original_name', ''), ('sha256', ''), ('size', 0), ('stored_name', ''), models.Q(('reference_number', ''), _negated=True)), _connector='OR'), name='document_has_bytes_or_a_reference'), models.CheckConstraint(condition=models.Q(('classification__in', [0, 1, 2, 3, 4])), name='document_classification_is_known'), models.CheckConstraint(condition=models.Q(models.Q(('evidence_from__isnull', True), ('evidence_to__isnull', True)), models.Q(('evidence_from__isnull', False), ('evidence_to__gte', models.F('evidence_from')), ('evidence_to__isnull', False)), _connector='OR'), name='document_dates_are_in_order'), models.CheckConstraint(condition=models.Q(('scan_state__in', ['pending', 'clean', 'infected', 'unscanned', 'failed'])), name='document_scan_state_is_known'), models.CheckConstraint(condition=models.Q(models.Q(('replaced_by__isnull', True), ('state', 'kept'), ('withdrawn_at__isnull', True)), models.Q(('replaced_by__isnull', False), ('state', 'replaced'), ('withdrawn_at__isnull', True)), models.Q(('replaced_by__isnull', True), ('state', 'withdrawn'), ('withdrawn_at__isnull', False)), _connector='OR'), name='document_state_is_told'), models.CheckConstraint(condition=models.Q(models.Q(('withdrawn_at__isnull', True), ('withdrawn_by__isnull', True), ('withdrawn_reason', '')), models.Q(('withdrawn_at__isnull', False), ('withdrawn_by__isnull', False), models.Q(('withdrawn_reason', ''), _negated=True)), _connector='OR'), name='document_withdrawal_is_told'), models.CheckConstraint(condition=models.Q(models.Q(('sealed_at__isnull', True), ('sealed_by__isnull', True), ('sealed_reason', '')), models.Q(('sealed_at__isnull', False), ('sealed_by__isnull', False), models.Q(('sealed_reason', ''), _negated=True)), _connector='OR'), name='document_seal_is_told'), models.CheckConstraint(condition=models.Q(models.Q(('destroyed_at__isnull', True), ('destruction_approval__isnull', True)), models.Q(('destroyed_at__isnull', False), ('destruction_approval__gt', ''), ('sealed_at__isnull', False)), _connector='OR'), name='document_destroyed_was_sealed_and_approved'), models.CheckConstraint(condition=models.Q(('has_preview', False), models.Q(('stored_name', ''), _negated=True), _connector='OR'), name='document_preview_is_of_bytes')],
            },
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='document',
            trigger=pgtrigger.compiler.Trigger(name='document_no_delete', sql=audit.guards.StrictTriggerSql(func="RAISE EXCEPTION 'jejak: % is refused on %: its rows are kept', TG_OP, TG_TABLE_NAME;", hash='daba780e6f4ddb38a4d26fdcf3a34b8f35cc234b', level='STATEMENT', operation='DELETE OR TRUNCATE', pgid='pgtrigger_document_no_delete_3e7e1', table='evidence_document', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='document',
            trigger=pgtrigger.compiler.Trigger(name='document_received_at_is_now', sql=audit.guards.StrictTriggerSql(func="\n        IF NEW.received_at IS NOT NULL\n           AND (TG_OP = 'INSERT' OR to_jsonb(NEW) -> 'received_at' IS DISTINCT FROM\n                                    to_jsonb(OLD) -> 'received_at')\n           AND abs(extract(epoch FROM NEW.received_at - jejak_now())) > 300 THEN\n            RAISE EXCEPTION 'jejak: % of % must be the present instant, not %',\n                'received_at', TG_TABLE_NAME, NEW.received_at;\n        END IF;\n        RETURN NEW;\n        ", hash='52a5374f46af366d6cc99169e23b36370f64d78b', operation='INSERT OR UPDATE', pgid='pgtrigger_document_received_at_is_now_ce063', table='evidence_document', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='document',
            trigger=pgtrigger.compiler.Trigger(name='document_state_moves', sql=audit.guards.StrictTriggerSql(declare='DECLARE _is_valid_transition BOOLEAN;', func='SELECT CONCAT(OLD."state", \':\', NEW."state") = ANY(\'{kept:withdrawn,kept:replaced,withdrawn:kept}\'::text[]) INTO _is_valid_transition; IF (_is_valid_transition IS FALSE AND OLD."state" IS DISTINCT FROM NEW."state") THEN RAISE EXCEPTION \'pgtrigger: Invalid transition of field "state" from "%" to "%" on table %\', OLD."state", NEW."state", TG_TABLE_NAME; ELSE RETURN NEW; END IF;', hash='3e11e7bdac53c85b9ebbbeb82c1cef3a18a42810', operation='UPDATE', pgid='pgtrigger_document_state_moves_8c6e6', table='evidence_document', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='document',
            trigger=pgtrigger.compiler.Trigger(name='document_scan_state_moves', sql=audit.guards.StrictTriggerSql(declare='DECLARE _is_valid_transition BOOLEAN;', func='SELECT CONCAT(OLD."scan_state", \':\', NEW."scan_state") = ANY(\'{pending:clean,pending:infected,pending:failed,pending:unscanned,failed:clean,failed:infected,failed:pending,unscanned:clean,unscanned:infected,unscanned:failed}\'::text[]) INTO _is_valid_transition; IF (_is_valid_transition IS FALSE AND OLD."scan_state" IS DISTINCT FROM NEW."scan_state") THEN RAISE EXCEPTION \'pgtrigger: Invalid transition of field "scan_state" from "%" to "%" on table %\', OLD."scan_state", NEW."scan_state", TG_TABLE_NAME; ELSE RETURN NEW; END IF;', hash='073b3b4b7adce33564908fae5a94436ab5e8465b', operation='UPDATE', pgid='pgtrigger_document_scan_state_moves_a4c6c', table='evidence_document', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='document',
            trigger=pgtrigger.compiler.Trigger(name='document_kept', sql=audit.guards.StrictTriggerSql(func="\n        IF OLD.agency_id IS DISTINCT FROM NEW.agency_id OR OLD.original_name IS DISTINCT FROM NEW.original_name OR OLD.sha256 IS DISTINCT FROM NEW.sha256 OR OLD.size IS DISTINCT FROM NEW.size OR OLD.media_type IS DISTINCT FROM NEW.media_type OR OLD.stored_name IS DISTINCT FROM NEW.stored_name OR OLD.reference_number IS DISTINCT FROM NEW.reference_number OR OLD.received_at IS DISTINCT FROM NEW.received_at OR OLD.uploaded_by_id IS DISTINCT FROM NEW.uploaded_by_id THEN\n            RAISE EXCEPTION 'jejak: % refuses this change (%)', TG_TABLE_NAME, 'document_kept';\n        END IF;\n        RETURN NEW;\n        ", hash='f2d59d2353a6be67eabfde5fff572bc3ff143e2a', operation='UPDATE', pgid='pgtrigger_document_kept_a65f9', table='evidence_document', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='document',
            trigger=pgtrigger.compiler.Trigger(name='document_set_once', sql=audit.guards.StrictTriggerSql(func="\n        IF (OLD.frozen_at IS NOT NULL AND OLD.frozen_at IS DISTINCT FROM NEW.frozen_at) OR (OLD.sealed_at IS NOT NULL AND OLD.sealed_at IS DISTINCT FROM NEW.sealed_at) OR (OLD.sealed_by_id IS NOT NULL AND OLD.sealed_by_id IS DISTINCT FROM NEW.sealed_by_id) OR (OLD.replaced_by_id IS NOT NULL AND OLD.replaced_by_id IS DISTINCT FROM NEW.replaced_by_id) OR (OLD.destroyed_at IS NOT NULL AND OLD.destroyed_at IS DISTINCT FROM NEW.destroyed_at) OR (OLD.destruction_approval IS NOT NULL AND OLD.destruction_approval IS DISTINCT FROM NEW.destruction_approval) THEN\n            RAISE EXCEPTION 'jejak: % refuses this change (%)', TG_TABLE_NAME, 'document_set_once';\n        END IF;\n        RETURN NEW;\n        ", hash='20e10c46b1fd75be70c1a4b2484d020a4cdc979d', operation='UPDATE', pgid='pgtrigger_document_set_once_8a0be', table='evidence_document', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='document',
            trigger=pgtrigger.compiler.Trigger(name='document_frozen_is_kept', sql=audit.guards.StrictTriggerSql(func="\n        IF OLD.frozen_at IS NOT NULL AND (OLD.evidence_from IS DISTINCT FROM NEW.evidence_from OR OLD.evidence_to IS DISTINCT FROM NEW.evidence_to OR NEW.classification < OLD.classification) THEN\n            RAISE EXCEPTION 'jejak: % refuses this change (%)', TG_TABLE_NAME, 'document_frozen_is_kept';\n        END IF;\n        RETURN NEW;\n        ", hash='2ccc4f8b682ad585c8e74894bb7b91edb25216c7', operation='UPDATE', pgid='pgtrigger_document_frozen_is_kept_1d0ae', table='evidence_document', when='BEFORE')),
        ),
    ]
