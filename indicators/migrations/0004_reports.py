import audit.guards
import django.db.models.deletion
import pgtrigger.compiler
import pgtrigger.migrations
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('accounts', '0003_contact_details'),
        ('evidence', '0007_unexamined_texts'),
        ('indicators', '0003_delete_figures'),
        ('recommendations', '0016_cycle_sources'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='FigureCitation',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('document', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='evidence.document')),
            ],
        ),
        migrations.CreateModel(
            name='FigureReport',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('month', models.DateField()),
                ('state', models.CharField(choices=[('draft', 'Draft'), ('submitted', 'Awaiting MAPO'), ('returned', 'Returned'), ('decided', 'Accepted'), ('withdrawn', 'Withdrawn')], default='draft', max_length=10)),
                ('typed', models.JSONField(blank=True, default=dict)),
                ('explanation', models.TextField(blank=True, verbose_name='explanation')),
                ('revision', models.PositiveIntegerField(default=0)),
                ('created_at', models.DateTimeField()),
                ('saved_at', models.DateTimeField()),
                ('submitted_at', models.DateTimeField(null=True)),
                ('closed_at', models.DateTimeField(null=True)),
                ('agency', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='figure_reports', to='accounts.agency')),
                ('created_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('cycle', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='figure_reports', to='recommendations.cycle')),
                ('documents', models.ManyToManyField(related_name='+', through='indicators.FigureCitation', to='evidence.document')),
                ('saved_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'ordering': ['month', 'pk'],
            },
        ),
        migrations.AddField(
            model_name='figurecitation',
            name='report',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='citations', to='indicators.figurereport'),
        ),
        migrations.CreateModel(
            name='FigureReportWriter',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('report', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='writers', to='indicators.figurereport')),
                ('user', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
        ),
        migrations.CreateModel(
            name='FigureSubmission',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('number', models.PositiveSmallIntegerField()),
                ('explanation', models.TextField(blank=True, max_length=2000)),
                ('identities_reason', models.CharField(blank=True, max_length=500)),
                ('revision', models.PositiveIntegerField()),
                ('submitted_at', models.DateTimeField()),
                ('report', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='submissions', to='indicators.figurereport')),
                ('submitted_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
        ),
        migrations.CreateModel(
            name='FigureSubmissionDocument',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('document', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='evidence.document')),
                ('submission', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='document_links', to='indicators.figuresubmission')),
            ],
        ),
        migrations.AddField(
            model_name='figuresubmission',
            name='documents',
            field=models.ManyToManyField(related_name='figure_submissions', through='indicators.FigureSubmissionDocument', to='evidence.document'),
        ),
        migrations.CreateModel(
            name='SentFigure',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('text', models.CharField(max_length=40)),
                ('value', models.DecimalField(decimal_places=2, max_digits=18)),
                ('series', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='indicators.series')),
                ('submission', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='figures', to='indicators.figuresubmission')),
            ],
            options={
                'ordering': ['submission', 'pk'],
            },
        ),
        migrations.CreateModel(
            name='FigureDecision',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('decision', models.CharField(choices=[('accept', 'Accepted'), ('return', 'Returned')], max_length=8)),
                ('reason', models.TextField(blank=True)),
                ('decided_at', models.DateTimeField()),
                ('decided_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('figure', models.OneToOneField(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='decision_on', to='indicators.figure')),
                ('sent', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='decision_on', to='indicators.sentfigure')),
            ],
        ),
        migrations.AddConstraint(
            model_name='figurereport',
            constraint=models.UniqueConstraint(condition=models.Q(('state__in', ('draft', 'submitted', 'returned'))), fields=('agency', 'cycle', 'month'), name='figure_report_one_open'),
        ),
        migrations.AddConstraint(
            model_name='figurereport',
            constraint=models.CheckConstraint(condition=models.Q(('state__in', ['draft', 'submitted', 'returned', 'decided', 'withdrawn'])), name='figure_report_state_known'),
        ),
        migrations.AddConstraint(
            model_name='figurereport',
            constraint=models.CheckConstraint(condition=models.Q(('month__day', 1)), name='figure_report_of_month'),
        ),
        migrations.AddConstraint(
            model_name='figurereport',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('closed_at', None), ('state__in', ('draft', 'submitted', 'returned'))), models.Q(models.Q(('state__in', ('draft', 'submitted', 'returned')), _negated=True), ('closed_at__isnull', False)), _connector='OR'), name='figure_report_closed_when'),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='figurereport',
            trigger=pgtrigger.compiler.Trigger(name='figure_report_no_delete', sql=audit.guards.StrictTriggerSql(func="RAISE EXCEPTION 'jejak: % is refused on %: its rows are kept', TG_OP, TG_TABLE_NAME;", hash='5bf80a42fdd1d056138461a50cf55fdfe740f39d', level='STATEMENT', operation='DELETE OR TRUNCATE', pgid='pgtrigger_figure_report_no_delete_5476a', table='indicators_figurereport', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='figurereport',
            trigger=pgtrigger.compiler.Trigger(name='figure_report_state_moves', sql=audit.guards.StrictTriggerSql(declare='DECLARE _is_valid_transition BOOLEAN;', func='SELECT CONCAT(OLD."state", \':\', NEW."state") = ANY(\'{draft:submitted,returned:submitted,returned:withdrawn,submitted:decided,submitted:returned,submitted:withdrawn}\'::text[]) INTO _is_valid_transition; IF (_is_valid_transition IS FALSE AND OLD."state" IS DISTINCT FROM NEW."state") THEN RAISE EXCEPTION \'pgtrigger: Invalid transition of field "state" from "%" to "%" on table %\', OLD."state", NEW."state", TG_TABLE_NAME; ELSE RETURN NEW; END IF;', hash='32cfe84c24c9625cf36e6f24cfb8f6c023c9cbba', operation='UPDATE', pgid='pgtrigger_figure_report_state_moves_63d81', table='indicators_figurereport', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='figurereport',
            trigger=pgtrigger.compiler.Trigger(name='figure_report_begins_as_draft', sql=audit.guards.StrictTriggerSql(func="\n        IF (NEW.state = 'draft') IS NOT TRUE THEN\n            RAISE EXCEPTION 'jejak: % refuses this row (%)', TG_TABLE_NAME, 'begins_as_draft';\n        END IF;\n        IF TG_OP = 'DELETE' THEN RETURN OLD; END IF;\n        RETURN NEW;\n    ", hash='f27a0e769c7e180efedd4d3e0ea5e357ef17be90', operation='INSERT', pgid='pgtrigger_figure_report_begins_as_draft_e9bce', table='indicators_figurereport', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='figurereport',
            trigger=pgtrigger.compiler.Trigger(name='figure_report_sent_kept', sql=audit.guards.StrictTriggerSql(func="\n                    IF OLD.state NOT IN ('draft', 'returned') AND (OLD.typed IS DISTINCT FROM NEW.typed\n                            OR OLD.explanation IS DISTINCT FROM NEW.explanation) THEN\n                        RAISE EXCEPTION 'what was submitted does not change';\n                    END IF;\n                    RETURN NEW;\n                ", hash='f4abcbf3ed55ac3c6b1970f755845d080f224135', operation='UPDATE', pgid='pgtrigger_figure_report_sent_kept_031eb', table='indicators_figurereport', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='figurereport',
            trigger=pgtrigger.compiler.Trigger(name='figure_report_kept', sql=audit.guards.StrictTriggerSql(func="\n        IF OLD.agency_id IS DISTINCT FROM NEW.agency_id OR OLD.cycle_id IS DISTINCT FROM NEW.cycle_id OR OLD.month IS DISTINCT FROM NEW.month OR OLD.created_by_id IS DISTINCT FROM NEW.created_by_id OR OLD.created_at IS DISTINCT FROM NEW.created_at THEN\n            RAISE EXCEPTION 'jejak: % refuses this change (%)', TG_TABLE_NAME, 'figure_report_kept';\n        END IF;\n        RETURN NEW;\n        ", hash='7abaa4be1e710836b16b9730a01b31ed372abaa5', operation='UPDATE', pgid='pgtrigger_figure_report_kept_31fa6', table='indicators_figurereport', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='figurereport',
            trigger=pgtrigger.compiler.Trigger(name='figure_report_settled', sql=audit.guards.StrictTriggerSql(func="\n        IF OLD.closed_at IS NOT NULL AND (OLD.closed_at IS DISTINCT FROM NEW.closed_at OR OLD.state IS DISTINCT FROM NEW.state OR OLD.submitted_at IS DISTINCT FROM NEW.submitted_at OR OLD.saved_by_id IS DISTINCT FROM NEW.saved_by_id) THEN\n            RAISE EXCEPTION 'jejak: % refuses this change (%)', TG_TABLE_NAME, 'figure_report_settled';\n        END IF;\n        RETURN NEW;\n        ", hash='35149bea6ef1eb4b19f8496e8f0c14ac7da60de4', operation='UPDATE', pgid='pgtrigger_figure_report_settled_559dc', table='indicators_figurereport', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='figurereport',
            trigger=pgtrigger.compiler.Trigger(name='figure_report_created_at_is_now', sql=audit.guards.StrictTriggerSql(func="\n        IF NEW.created_at IS NOT NULL\n           AND (TG_OP = 'INSERT' OR to_jsonb(NEW) -> 'created_at' IS DISTINCT FROM\n                                    to_jsonb(OLD) -> 'created_at')\n           AND abs(extract(epoch FROM NEW.created_at - jejak_now())) > 300 THEN\n            RAISE EXCEPTION 'jejak: % of % must be the present instant, not %',\n                'created_at', TG_TABLE_NAME, NEW.created_at;\n        END IF;\n        RETURN NEW;\n        ", hash='d51fc48db28ec7f188e7bc7f9e1b1dce4b207707', operation='INSERT OR UPDATE', pgid='pgtrigger_figure_report_created_at_is_now_54b3f', table='indicators_figurereport', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='figurereport',
            trigger=pgtrigger.compiler.Trigger(name='figure_report_submitted_at_is_now', sql=audit.guards.StrictTriggerSql(func="\n        IF NEW.submitted_at IS NOT NULL\n           AND (TG_OP = 'INSERT' OR to_jsonb(NEW) -> 'submitted_at' IS DISTINCT FROM\n                                    to_jsonb(OLD) -> 'submitted_at')\n           AND abs(extract(epoch FROM NEW.submitted_at - jejak_now())) > 300 THEN\n            RAISE EXCEPTION 'jejak: % of % must be the present instant, not %',\n                'submitted_at', TG_TABLE_NAME, NEW.submitted_at;\n        END IF;\n        RETURN NEW;\n        ", hash='624945fa57e95f6d73852325e960c086977d233c', operation='INSERT OR UPDATE', pgid='pgtrigger_figure_report_submitted_at_is_now_1f523', table='indicators_figurereport', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='figurereport',
            trigger=pgtrigger.compiler.Trigger(name='figure_report_closed_at_is_now', sql=audit.guards.StrictTriggerSql(func="\n        IF NEW.closed_at IS NOT NULL\n           AND (TG_OP = 'INSERT' OR to_jsonb(NEW) -> 'closed_at' IS DISTINCT FROM\n                                    to_jsonb(OLD) -> 'closed_at')\n           AND abs(extract(epoch FROM NEW.closed_at - jejak_now())) > 300 THEN\n            RAISE EXCEPTION 'jejak: % of % must be the present instant, not %',\n                'closed_at', TG_TABLE_NAME, NEW.closed_at;\n        END IF;\n        RETURN NEW;\n        ", hash='5dfc7e5c988a837a203fad5ccb649506733d5a3c', operation='INSERT OR UPDATE', pgid='pgtrigger_figure_report_closed_at_is_now_36640', table='indicators_figurereport', when='BEFORE')),
        ),
        migrations.AddConstraint(
            model_name='figurecitation',
            constraint=models.UniqueConstraint(fields=('report', 'document'), name='figure_citation_once'),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='figurecitation',
            trigger=pgtrigger.compiler.Trigger(name='figure_citation_of_open_report', sql=audit.guards.StrictTriggerSql(func="\n        IF (NOT EXISTS (\n                SELECT FROM public.indicators_figurereport\n                WHERE id IN (OLD.report_id, NEW.report_id) AND state NOT IN ('draft', 'returned')\n            )) IS NOT TRUE THEN\n            RAISE EXCEPTION 'jejak: % refuses this row (%)', TG_TABLE_NAME, 'of_open_report';\n        END IF;\n        IF TG_OP = 'DELETE' THEN RETURN OLD; END IF;\n        RETURN NEW;\n    ", hash='ab8171384800cd2c26c9222b5e64e52f2801e1ef', operation='INSERT OR UPDATE OR DELETE', pgid='pgtrigger_figure_citation_of_open_report_a8929', table='indicators_figurecitation', when='BEFORE')),
        ),
        migrations.AddConstraint(
            model_name='figurereportwriter',
            constraint=models.UniqueConstraint(fields=('report', 'user'), name='figure_report_writer_once'),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='figurereportwriter',
            trigger=pgtrigger.compiler.Trigger(name='figure_report_writer_append_only', sql=audit.guards.StrictTriggerSql(func="RAISE EXCEPTION 'jejak: % is refused on %: its rows are kept', TG_OP, TG_TABLE_NAME;", hash='3dedb4e2bfff2bed2e7ec8a96847da259ac165f3', level='STATEMENT', operation='UPDATE OR DELETE OR TRUNCATE', pgid='pgtrigger_figure_report_writer_append_only_72ab5', table='indicators_figurereportwriter', when='BEFORE')),
        ),
        migrations.AddConstraint(
            model_name='figuresubmissiondocument',
            constraint=models.UniqueConstraint(fields=('submission', 'document'), name='figure_submission_document_once'),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='figuresubmissiondocument',
            trigger=pgtrigger.compiler.Trigger(name='figure_submission_document_append_only', sql=audit.guards.StrictTriggerSql(func="RAISE EXCEPTION 'jejak: % is refused on %: its rows are kept', TG_OP, TG_TABLE_NAME;", hash='3b4568ba6777c54b2ee897b734d8e18943c57c1f', level='STATEMENT', operation='UPDATE OR DELETE OR TRUNCATE', pgid='pgtrigger_figure_submission_document_append_only_caba0', table='indicators_figuresubmissiondocument', when='BEFORE')),
        ),
        migrations.AddConstraint(
            model_name='figuresubmission',
            constraint=models.UniqueConstraint(fields=('report', 'number'), name='figure_submission_number_unique'),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='figuresubmission',
            trigger=pgtrigger.compiler.Trigger(name='figure_submission_append_only', sql=audit.guards.StrictTriggerSql(func="RAISE EXCEPTION 'jejak: % is refused on %: its rows are kept', TG_OP, TG_TABLE_NAME;", hash='6af5a51de08a634bc5b610d0f322738a89b84dd6', level='STATEMENT', operation='UPDATE OR DELETE OR TRUNCATE', pgid='pgtrigger_figure_submission_append_only_7f504', table='indicators_figuresubmission', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='figuresubmission',
            trigger=pgtrigger.compiler.Trigger(name='figure_submission_submitted_at_is_now', sql=audit.guards.StrictTriggerSql(func="\n        IF NEW.submitted_at IS NOT NULL\n           AND (TG_OP = 'INSERT' OR to_jsonb(NEW) -> 'submitted_at' IS DISTINCT FROM\n                                    to_jsonb(OLD) -> 'submitted_at')\n           AND abs(extract(epoch FROM NEW.submitted_at - jejak_now())) > 300 THEN\n            RAISE EXCEPTION 'jejak: % of % must be the present instant, not %',\n                'submitted_at', TG_TABLE_NAME, NEW.submitted_at;\n        END IF;\n        RETURN NEW;\n        ", hash='f2944a43c1749c6f71714ad7bd125dc1770ed3ed', operation='INSERT OR UPDATE', pgid='pgtrigger_figure_submission_submitted_at_is_now_95e45', table='indicators_figuresubmission', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='figuresubmission',
            trigger=pgtrigger.compiler.Trigger(name='figure_submission_of_open_report', sql=audit.guards.StrictTriggerSql(func="\n        IF (EXISTS (\n                    SELECT FROM public.indicators_figurereport\n                    WHERE id = NEW.report_id AND state IN ('draft', 'returned')\n                )) IS NOT TRUE THEN\n            RAISE EXCEPTION 'jejak: % refuses this row (%)', TG_TABLE_NAME, 'of_open_report';\n        END IF;\n        IF TG_OP = 'DELETE' THEN RETURN OLD; END IF;\n        RETURN NEW;\n    ", hash='aab03b3e11ad48042de0801a4c18b1005c7a5f80', operation='INSERT', pgid='pgtrigger_figure_submission_of_open_report_61d00', table='indicators_figuresubmission', when='BEFORE')),
        ),
        migrations.AddConstraint(
            model_name='sentfigure',
            constraint=models.UniqueConstraint(fields=('submission', 'series'), name='sent_figure_once'),
        ),
        migrations.AddConstraint(
            model_name='sentfigure',
            constraint=models.CheckConstraint(condition=models.Q(('value__gte', 0)), name='sent_figure_not_negative'),
        ),
        migrations.AddConstraint(
            model_name='sentfigure',
            constraint=models.CheckConstraint(condition=models.Q(('text', ''), _negated=True), name='sent_figure_as_typed'),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='sentfigure',
            trigger=pgtrigger.compiler.Trigger(name='sent_figure_append_only', sql=audit.guards.StrictTriggerSql(func="RAISE EXCEPTION 'jejak: % is refused on %: its rows are kept', TG_OP, TG_TABLE_NAME;", hash='d9594d6c6cb3c474dd9564c471de5942c8ae9adb', level='STATEMENT', operation='UPDATE OR DELETE OR TRUNCATE', pgid='pgtrigger_sent_figure_append_only_1f7a3', table='indicators_sentfigure', when='BEFORE')),
        ),
        migrations.AddConstraint(
            model_name='figuredecision',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('decision', 'accept'), ('figure__isnull', False), ('reason', '')), models.Q(('decision', 'return'), ('figure', None), models.Q(('reason', ''), _negated=True)), _connector='OR'), name='figure_decision_whole'),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='figuredecision',
            trigger=pgtrigger.compiler.Trigger(name='figure_decision_append_only', sql=audit.guards.StrictTriggerSql(func="RAISE EXCEPTION 'jejak: % is refused on %: its rows are kept', TG_OP, TG_TABLE_NAME;", hash='c030528e125424e80f60ae201751c4dfbe393be1', level='STATEMENT', operation='UPDATE OR DELETE OR TRUNCATE', pgid='pgtrigger_figure_decision_append_only_c0178', table='indicators_figuredecision', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='figuredecision',
            trigger=pgtrigger.compiler.Trigger(name='figure_decision_decided_at_is_now', sql=audit.guards.StrictTriggerSql(func="\n        IF NEW.decided_at IS NOT NULL\n           AND (TG_OP = 'INSERT' OR to_jsonb(NEW) -> 'decided_at' IS DISTINCT FROM\n                                    to_jsonb(OLD) -> 'decided_at')\n           AND abs(extract(epoch FROM NEW.decided_at - jejak_now())) > 300 THEN\n            RAISE EXCEPTION 'jejak: % of % must be the present instant, not %',\n                'decided_at', TG_TABLE_NAME, NEW.decided_at;\n        END IF;\n        RETURN NEW;\n        ", hash='23c6032dbfcc077ac9bdd2b548cd93db79884ce7', operation='INSERT OR UPDATE', pgid='pgtrigger_figure_decision_decided_at_is_now_fa394', table='indicators_figuredecision', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='figuredecision',
            trigger=pgtrigger.compiler.Trigger(name='figure_decision_of_waiting_report', sql=audit.guards.StrictTriggerSql(func="\n        IF (EXISTS (\n                    SELECT FROM public.indicators_sentfigure sent\n                    JOIN public.indicators_figuresubmission submission ON submission.id = sent.submission_id\n                    JOIN public.indicators_figurereport report ON report.id = submission.report_id\n                    LEFT JOIN public.indicators_figure figure ON figure.id = NEW.figure_id\n                    WHERE sent.id = NEW.sent_id AND report.state = 'submitted'\n                      AND (figure.id IS NULL\n                           OR (figure.series_id = sent.series_id AND figure.value = sent.value\n                               AND figure.begins_on = report.month))\n                )) IS NOT TRUE THEN\n            RAISE EXCEPTION 'jejak: % refuses this row (%)', TG_TABLE_NAME, 'of_waiting_report';\n        END IF;\n        IF TG_OP = 'DELETE' THEN RETURN OLD; END IF;\n        RETURN NEW;\n    ", hash='ebc3cb1b744bf0ca20234850a12d08b64ea8e611', operation='INSERT', pgid='pgtrigger_figure_decision_of_waiting_report_81856', table='indicators_figuredecision', when='BEFORE')),
        ),
    ]
