import audit.guards
import django.db.models.deletion
import pgtrigger.compiler
import pgtrigger.migrations
from django.db import migrations, models


class Migration(migrations.Migration):
    """The text inside files, for searching: read by the worker, of the files of before too (beat finds them)."""

    dependencies = [
        ('evidence', '0001_initial'),
    ]

    operations = [
        migrations.CreateModel(
            name='DocumentText',
            fields=[
                ('document', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, primary_key=True, related_name='text', serialize=False, to='evidence.document')),
                ('state', models.CharField(choices=[('waiting', 'Waiting to be read'), ('done', 'Can be searched'), ('empty', 'Holds no text'), ('too_big', 'Too big to be searched'), ('failed', 'Could not be read'), ('removed', 'Taken away')], default='waiting', max_length=10)),
                ('text', models.TextField(blank=True)),
                ('is_cut', models.BooleanField(default=False)),
                ('attempts', models.PositiveSmallIntegerField(default=0)),
                ('after', models.DateTimeField(blank=True, null=True)),
                ('extracted_at', models.DateTimeField(blank=True, null=True)),
            ],
            options={
                'constraints': [models.CheckConstraint(condition=models.Q(models.Q(('state', 'done'), models.Q(('text', ''), _negated=True)), models.Q(models.Q(('state', 'done'), _negated=True), ('text', '')), _connector='OR'), name='document_text_where_done'), models.CheckConstraint(condition=models.Q(('state__in', ['waiting', 'done', 'empty', 'too_big', 'failed', 'removed'])), name='document_text_state_known')],
            },
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='documenttext',
            trigger=pgtrigger.compiler.Trigger(name='documenttext_not_of_sealed', sql=audit.guards.StrictTriggerSql(func="\n        IF (NEW.text = '' OR NOT EXISTS (\n                SELECT FROM public.evidence_document WHERE id = NEW.document_id AND sealed_at IS NOT NULL\n            )) IS NOT TRUE THEN\n            RAISE EXCEPTION 'jejak: % refuses this row (%)', TG_TABLE_NAME, 'not_of_sealed';\n        END IF;\n        IF TG_OP = 'DELETE' THEN RETURN OLD; END IF;\n        RETURN NEW;\n    ", hash='444577879b21eed7d25a0a15c0ea86dbb264ed1c', operation='INSERT OR UPDATE', pgid='pgtrigger_documenttext_not_of_sealed_13a48', table='evidence_documenttext', when='BEFORE')),
        ),
    ]
