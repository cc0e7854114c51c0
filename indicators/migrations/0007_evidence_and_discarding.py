import audit.guards
import django.db.models.deletion
import pgtrigger.compiler
import pgtrigger.migrations
from django.conf import settings
from django.db import migrations, models


#: The former table of moves knows no discarded report. A withdrawn one stands for nothing either.
WITHDRAW_DISCARDED = """
ALTER TABLE indicators_figurereport DISABLE TRIGGER USER;
UPDATE indicators_figurereport SET state = 'withdrawn' WHERE state = 'discarded';
ALTER TABLE indicators_figurereport ENABLE TRIGGER USER;
"""


class Migration(migrations.Migration):
    """Evidence of one figure, discarded drafts of a month, and explanations that MAPO withdrew."""

    dependencies = [
        ('accounts', '0003_contact_details'),
        ('evidence', '0007_unexamined_texts'),
        ('indicators', '0006_register_change'),
        ('recommendations', '0017_cycle_facts'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        pgtrigger.migrations.RemoveTrigger(
            model_name='checkexplanation',
            name='explanation_settled',
        ),
        pgtrigger.migrations.RemoveTrigger(
            model_name='figurereport',
            name='figure_report_state_moves',
        ),
        migrations.RemoveConstraint(
            model_name='checkexplanation',
            name='explanation_end_whole',
        ),
        migrations.RemoveConstraint(
            model_name='figurereport',
            name='figure_report_state_known',
        ),
        migrations.RunSQL(migrations.RunSQL.noop, WITHDRAW_DISCARDED),
        migrations.AddField(
            model_name='checkexplanation',
            name='ended_reason',
            field=models.TextField(blank=True, db_default='', default=''),
        ),
        migrations.AddField(
            model_name='figurecitation',
            name='cell',
            field=models.CharField(blank=True, db_default='', default='', max_length=40),
        ),
        migrations.AddField(
            model_name='figuresubmissiondocument',
            name='sent',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='document_links', to='indicators.sentfigure'),
        ),
        migrations.AlterField(
            model_name='figurereport',
            name='state',
            field=models.CharField(choices=[('draft', 'Draft'), ('submitted', 'Awaiting MAPO'), ('returned', 'Returned'), ('decided', 'Accepted'), ('withdrawn', 'Withdrawn'), ('discarded', 'Discarded')], default='draft', max_length=10),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='checkexplanation',
            trigger=pgtrigger.compiler.Trigger(name='explanation_settled', sql=audit.guards.StrictTriggerSql(func="\n        IF OLD.ended_at IS NOT NULL AND (OLD.ended_at IS DISTINCT FROM NEW.ended_at OR OLD.ended_by_id IS DISTINCT FROM NEW.ended_by_id OR OLD.ended_reason IS DISTINCT FROM NEW.ended_reason) THEN\n            RAISE EXCEPTION 'jejak: % refuses this change (%)', TG_TABLE_NAME, 'explanation_settled';\n        END IF;\n        RETURN NEW;\n        ", hash='ce2833f9e99447aec95665d4bc969238741355d3', operation='UPDATE', pgid='pgtrigger_explanation_settled_0d5b4', table='indicators_checkexplanation', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='figurereport',
            trigger=pgtrigger.compiler.Trigger(name='figure_report_state_moves', sql=audit.guards.StrictTriggerSql(declare='DECLARE _is_valid_transition BOOLEAN;', func='SELECT CONCAT(OLD."state", \':\', NEW."state") = ANY(\'{draft:discarded,draft:submitted,returned:submitted,returned:withdrawn,submitted:decided,submitted:returned,submitted:withdrawn}\'::text[]) INTO _is_valid_transition; IF (_is_valid_transition IS FALSE AND OLD."state" IS DISTINCT FROM NEW."state") THEN RAISE EXCEPTION \'pgtrigger: Invalid transition of field "state" from "%" to "%" on table %\', OLD."state", NEW."state", TG_TABLE_NAME; ELSE RETURN NEW; END IF;', hash='f8a00c0fae6b3dbd5465194e50fbd14eec442e90', operation='UPDATE', pgid='pgtrigger_figure_report_state_moves_63d81', table='indicators_figurereport', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='figuresubmissiondocument',
            trigger=pgtrigger.compiler.Trigger(name='figure_submission_document_of_its_version', sql=audit.guards.StrictTriggerSql(func="\n        IF (NEW.sent_id IS NULL OR EXISTS (\n                    SELECT FROM public.indicators_sentfigure\n                    WHERE id = NEW.sent_id AND submission_id = NEW.submission_id\n                )) IS NOT TRUE THEN\n            RAISE EXCEPTION 'jejak: % refuses this row (%)', TG_TABLE_NAME, 'of_its_version';\n        END IF;\n        IF TG_OP = 'DELETE' THEN RETURN OLD; END IF;\n        RETURN NEW;\n    ", hash='86acf305b6417e20245914fd3d39810b50a33201', operation='INSERT', pgid='pgtrigger_figure_submission_document_of_its_version_c86fb', table='indicators_figuresubmissiondocument', when='BEFORE')),
        ),
        migrations.AddConstraint(
            model_name='checkexplanation',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('ended_at', None), ('ended_by', None), ('ended_reason', '')), models.Q(('ended_at__gte', models.F('explained_at')), ('ended_by__isnull', False)), _connector='OR'), name='explanation_end_whole'),
        ),
        migrations.AddConstraint(
            model_name='figurereport',
            constraint=models.CheckConstraint(condition=models.Q(('state__in', ['draft', 'submitted', 'returned', 'decided', 'withdrawn', 'discarded'])), name='figure_report_state_known'),
        ),
    ]
