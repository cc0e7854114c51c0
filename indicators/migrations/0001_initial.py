import audit.functions
import audit.guards
import django.db.models.deletion
import pgtrigger.migrations
from django.conf import settings
from django.db import migrations, models

REGISTER = """
-- Whatever the pages of figures read (ADR 13), but for versions, which triggers of the live tables write.
CREATE TRIGGER register_change AFTER INSERT OR UPDATE OR DELETE OR TRUNCATE ON indicators_indicator
    FOR EACH STATEMENT EXECUTE FUNCTION jejak_note_register_change();
CREATE TRIGGER register_change AFTER INSERT OR UPDATE OR DELETE OR TRUNCATE ON indicators_indicatordimension
    FOR EACH STATEMENT EXECUTE FUNCTION jejak_note_register_change();
CREATE TRIGGER register_change AFTER INSERT OR UPDATE OR DELETE OR TRUNCATE ON indicators_dimension
    FOR EACH STATEMENT EXECUTE FUNCTION jejak_note_register_change();
CREATE TRIGGER register_change AFTER INSERT OR UPDATE OR DELETE OR TRUNCATE ON indicators_dimensionvalue
    FOR EACH STATEMENT EXECUTE FUNCTION jejak_note_register_change();
CREATE TRIGGER register_change AFTER INSERT OR UPDATE OR DELETE OR TRUNCATE ON indicators_series
    FOR EACH STATEMENT EXECUTE FUNCTION jejak_note_register_change();
CREATE TRIGGER register_change AFTER INSERT OR UPDATE OR DELETE OR TRUNCATE ON indicators_seriesvalue
    FOR EACH STATEMENT EXECUTE FUNCTION jejak_note_register_change();
CREATE TRIGGER register_change AFTER INSERT OR UPDATE OR DELETE OR TRUNCATE ON indicators_figure
    FOR EACH STATEMENT EXECUTE FUNCTION jejak_note_register_change();
CREATE TRIGGER register_change AFTER INSERT OR UPDATE OR DELETE OR TRUNCATE ON indicators_source
    FOR EACH STATEMENT EXECUTE FUNCTION jejak_note_register_change();
CREATE TRIGGER register_change AFTER INSERT OR UPDATE OR DELETE OR TRUNCATE ON indicators_publishedtable
    FOR EACH STATEMENT EXECUTE FUNCTION jejak_note_register_change();
CREATE TRIGGER register_change AFTER INSERT OR UPDATE OR DELETE OR TRUNCATE ON indicators_publishedcell
    FOR EACH STATEMENT EXECUTE FUNCTION jejak_note_register_change();
CREATE TRIGGER register_change AFTER INSERT OR UPDATE OR DELETE OR TRUNCATE ON indicators_check
    FOR EACH STATEMENT EXECUTE FUNCTION jejak_note_register_change();
CREATE TRIGGER register_change AFTER INSERT OR UPDATE OR DELETE OR TRUNCATE ON indicators_checkterm
    FOR EACH STATEMENT EXECUTE FUNCTION jejak_note_register_change();
CREATE TRIGGER register_change AFTER INSERT OR UPDATE OR DELETE OR TRUNCATE ON indicators_checkexplanation
    FOR EACH STATEMENT EXECUTE FUNCTION jejak_note_register_change();
CREATE TRIGGER register_change AFTER INSERT OR UPDATE OR DELETE OR TRUNCATE ON indicators_target
    FOR EACH STATEMENT EXECUTE FUNCTION jejak_note_register_change();
CREATE TRIGGER register_change AFTER INSERT OR UPDATE OR DELETE OR TRUNCATE ON indicators_indicatoritem
    FOR EACH STATEMENT EXECUTE FUNCTION jejak_note_register_change();
CREATE TRIGGER register_change AFTER INSERT OR UPDATE OR DELETE OR TRUNCATE ON accounts_agency
    FOR EACH STATEMENT EXECUTE FUNCTION jejak_note_register_change();
CREATE TRIGGER register_change AFTER INSERT OR UPDATE OR DELETE OR TRUNCATE ON recommendations_cycle
    FOR EACH STATEMENT EXECUTE FUNCTION jejak_note_register_change();
-- A cycle is deleted with the triggers of its tables off; its Event is not.
CREATE TRIGGER register_change AFTER INSERT ON audit_event
    FOR EACH ROW WHEN (NEW.action = 'cycle.deleted') EXECUTE FUNCTION jejak_note_register_change();
"""
REGISTER_BACK = """
DROP TRIGGER register_change ON audit_event;
DROP TRIGGER register_change ON recommendations_cycle;
DROP TRIGGER register_change ON accounts_agency;
DROP TRIGGER register_change ON indicators_indicatoritem;
DROP TRIGGER register_change ON indicators_target;
DROP TRIGGER register_change ON indicators_checkexplanation;
DROP TRIGGER register_change ON indicators_checkterm;
DROP TRIGGER register_change ON indicators_check;
DROP TRIGGER register_change ON indicators_publishedcell;
DROP TRIGGER register_change ON indicators_publishedtable;
DROP TRIGGER register_change ON indicators_source;
DROP TRIGGER register_change ON indicators_figure;
DROP TRIGGER register_change ON indicators_seriesvalue;
DROP TRIGGER register_change ON indicators_series;
DROP TRIGGER register_change ON indicators_dimensionvalue;
DROP TRIGGER register_change ON indicators_dimension;
DROP TRIGGER register_change ON indicators_indicatordimension;
DROP TRIGGER register_change ON indicators_indicator;
"""



class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('accounts', '0001_initial'),
        ('audit', '0001_initial'),
        ('evidence', '0001_initial'),
        ('recommendations', '0001_initial'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        audit.functions.LoadFunctions(
            functions=[('jejak_note_register_change', 'bb29375ffbd171ec04b2782c9329e3a4145622ac18ee55ec85c52f39ebab87b7')],
        ),
        migrations.CreateModel(
            name='PublishedTable',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('key', models.CharField(max_length=4)),
                ('position', models.PositiveSmallIntegerField()),
                ('title_ms', models.CharField(max_length=200)),
                ('title_en', models.CharField(max_length=200)),
                ('is_own_title_ms', models.BooleanField(default=False)),
                ('is_own_title_en', models.BooleanField(default=False)),
                ('stub', models.JSONField(blank=True, null=True)),
                ('columns', models.JSONField()),
                ('rows', models.JSONField()),
                ('footnotes', models.JSONField()),
                ('line', models.PositiveIntegerField()),
            ],
            options={
                'ordering': ['source', 'position'],
                'triggers': [audit.guards.InstalledGuard('publishedtable_append_only', 'indicators_publishedtable', 'BEFORE UPDATE OR DELETE OR TRUNCATE', 'guard_refuse()', each='STATEMENT')],
            },
        ),
        migrations.CreateModel(
            name='RegisterChange',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
            ],
        ),
        migrations.CreateModel(
            name='Dimension',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('code', models.SlugField(max_length=40, unique=True)),
                ('name_ms', models.CharField(max_length=200)),
                ('name_en', models.CharField(max_length=200)),
            ],
            options={
                'ordering': ['code'],
                'constraints': [models.CheckConstraint(condition=models.Q(models.Q(('name_ms', ''), _negated=True), models.Q(('name_en', ''), _negated=True)), name='dimension_named')],
            },
        ),
        migrations.CreateModel(
            name='DimensionValue',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('code', models.SlugField(max_length=40)),
                ('name_ms', models.CharField(max_length=200)),
                ('name_en', models.CharField(max_length=200)),
                ('position', models.PositiveSmallIntegerField()),
                ('dimension', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='values', to='indicators.dimension')),
            ],
            options={
                'ordering': ['dimension', 'position', 'pk'],
            },
        ),
        migrations.CreateModel(
            name='Figure',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('period_kind', models.CharField(choices=[('month', 'Month'), ('quarter', 'Quarter'), ('year', 'Calendar year'), ('window', 'Assessment window'), ('day', 'Day'), ('unstated', 'Period not stated')], max_length=8)),
                ('begins_on', models.DateField(blank=True, null=True)),
                ('ends_on', models.DateField(blank=True, null=True)),
                ('is_partial', models.BooleanField(default=False)),
                ('counted_to', models.DateField(blank=True, null=True)),
                ('text', models.CharField(max_length=40)),
                ('value', models.DecimalField(decimal_places=2, max_digits=18)),
                ('reason', models.TextField(blank=True)),
                ('recorded_at', models.DateTimeField()),
                ('ended_at', models.DateTimeField(blank=True, null=True)),
                ('recorded_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('replaces', models.OneToOneField(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='replaced_by', to='indicators.figure')),
            ],
            options={
                'ordering': ['series', 'begins_on', 'pk'],
                'triggers': [audit.guards.InstalledGuard('figure_no_delete', 'indicators_figure', 'BEFORE DELETE OR TRUNCATE', 'guard_refuse()', each='STATEMENT'), audit.guards.InstalledGuard('figure_settled', 'indicators_figure', 'BEFORE UPDATE', "guard_refuse_row('figure_settled')", condition='OLD.ended_at IS NOT NULL AND (OLD.ended_at) IS DISTINCT FROM (NEW.ended_at)'), audit.guards.InstalledGuard('figure_is_now', 'indicators_figure', 'BEFORE INSERT OR UPDATE', "guard_present('recorded_at', 'ended_at')"), audit.guards.InstalledGuard('figure_acts', 'indicators_figure', 'AFTER INSERT OR UPDATE', "guard_acted('recorded_by_id')", condition='NEW.recorded_by_id IS NOT NULL')],
            },
        ),
        migrations.CreateModel(
            name='FigureCitation',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('cell', models.CharField(blank=True, db_default='', default='', max_length=40)),
                ('document', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='evidence.document')),
            ],
        ),
        migrations.CreateModel(
            name='FigureImport',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('state', models.CharField(choices=[('draft', 'Draft'), ('taken', 'Taken over'), ('discarded', 'Discarded')], default='draft', max_length=10)),
                ('file_name', models.CharField(max_length=255)),
                ('sha256', models.CharField(max_length=64)),
                ('rows', models.JSONField()),
                ('revision', models.PositiveIntegerField(default=0)),
                ('created_at', models.DateTimeField()),
                ('closed_at', models.DateTimeField(null=True)),
                ('agency', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='figure_imports', to='accounts.agency')),
                ('created_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('cycle', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='figure_imports', to='recommendations.cycle')),
            ],
            options={
                'ordering': ['-created_at', '-pk'],
                'triggers': [audit.guards.InstalledGuard('figure_import_no_delete', 'indicators_figureimport', 'BEFORE DELETE OR TRUNCATE', 'guard_refuse()', each='STATEMENT'), audit.guards.InstalledGuard('figure_import_state_moves', 'indicators_figureimport', 'BEFORE UPDATE', "guard_refuse_row('figure_import_state_moves')", condition="(OLD.state) IS DISTINCT FROM (NEW.state) AND (OLD.state, NEW.state) NOT IN (('draft', 'discarded'), ('draft', 'taken'))"), audit.guards.InstalledGuard('figure_import_begins_as_draft', 'indicators_figureimport', 'BEFORE INSERT', "guard_refuse_row('begins_as_draft')", condition="(NEW.state = 'draft') IS NOT TRUE"), audit.guards.InstalledGuard('figure_import_kept', 'indicators_figureimport', 'BEFORE UPDATE', "guard_refuse_row('figure_import_kept')", condition='(OLD.agency_id, OLD.cycle_id, OLD.file_name, OLD.sha256, OLD.created_by_id, OLD.created_at) IS DISTINCT FROM (NEW.agency_id, NEW.cycle_id, NEW.file_name, NEW.sha256, NEW.created_by_id, NEW.created_at)'), audit.guards.InstalledGuard('figure_import_settled', 'indicators_figureimport', 'BEFORE UPDATE', "guard_refuse_row('figure_import_settled')", condition='OLD.closed_at IS NOT NULL AND (OLD.closed_at, OLD.state, OLD.rows, OLD.revision) IS DISTINCT FROM (NEW.closed_at, NEW.state, NEW.rows, NEW.revision)'), audit.guards.InstalledGuard('figure_import_is_now', 'indicators_figureimport', 'BEFORE INSERT OR UPDATE', "guard_present('created_at', 'closed_at')")],
            },
        ),
        migrations.CreateModel(
            name='FigureImportWriter',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('figure_import', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='writers', to='indicators.figureimport')),
                ('user', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'triggers': [audit.guards.InstalledGuard('figure_import_writer_append_only', 'indicators_figureimportwriter', 'BEFORE UPDATE OR DELETE OR TRUNCATE', 'guard_refuse()', each='STATEMENT')],
            },
        ),
        migrations.CreateModel(
            name='FigureReport',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('month', models.DateField()),
                ('state', models.CharField(choices=[('draft', 'Draft'), ('submitted', 'Awaiting MAPO'), ('returned', 'Returned'), ('accepted', 'Accepted'), ('withdrawn', 'Withdrawn'), ('discarded', 'Discarded')], default='draft', max_length=10)),
                ('typed', models.JSONField(blank=True, default=dict)),
                ('explanation', models.TextField(blank=True, verbose_name='explanation')),
                ('revision', models.PositiveIntegerField(default=0)),
                ('created_at', models.DateTimeField()),
                ('saved_at', models.DateTimeField()),
                ('submitted_at', models.DateTimeField(null=True)),
                ('closed_at', models.DateTimeField(null=True)),
                ('continues', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='continued_by', to='indicators.figurereport')),
                ('agency', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='figure_reports', to='accounts.agency')),
                ('created_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('cycle', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='figure_reports', to='recommendations.cycle')),
                ('documents', models.ManyToManyField(related_name='+', through='indicators.FigureCitation', to='evidence.document')),
                ('saved_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'ordering': ['month', 'pk'],
                'triggers': [audit.guards.InstalledGuard('figure_report_no_delete', 'indicators_figurereport', 'BEFORE DELETE OR TRUNCATE', 'guard_refuse()', each='STATEMENT'), audit.guards.InstalledGuard('figure_report_state_moves', 'indicators_figurereport', 'BEFORE UPDATE', "guard_refuse_row('figure_report_state_moves')", condition="(OLD.state) IS DISTINCT FROM (NEW.state) AND (OLD.state, NEW.state) NOT IN (('draft', 'discarded'), ('draft', 'submitted'), ('returned', 'submitted'), ('returned', 'withdrawn'), ('submitted', 'accepted'), ('submitted', 'returned'), ('submitted', 'withdrawn'))"), audit.guards.InstalledGuard('figure_report_begins_as_draft', 'indicators_figurereport', 'BEFORE INSERT', "guard_refuse_row('begins_as_draft')", condition="(NEW.state = 'draft') IS NOT TRUE"), audit.guards.InstalledGuard('figure_report_content_settled', 'indicators_figurereport', 'BEFORE UPDATE', "guard_refuse_row('figure_report_content_settled')", condition="OLD.state NOT IN ('draft', 'returned') AND (OLD.typed, OLD.explanation) IS DISTINCT FROM (NEW.typed, NEW.explanation)"), audit.guards.InstalledGuard('figure_report_kept', 'indicators_figurereport', 'BEFORE UPDATE', "guard_refuse_row('figure_report_kept')", condition='(OLD.agency_id, OLD.cycle_id, OLD.month, OLD.continues_id, OLD.created_by_id, OLD.created_at) IS DISTINCT FROM (NEW.agency_id, NEW.cycle_id, NEW.month, NEW.continues_id, NEW.created_by_id, NEW.created_at)'), audit.guards.InstalledGuard('figure_report_settled', 'indicators_figurereport', 'BEFORE UPDATE', "guard_refuse_row('figure_report_settled')", condition='OLD.closed_at IS NOT NULL AND (OLD.closed_at, OLD.state, OLD.submitted_at, OLD.saved_by_id) IS DISTINCT FROM (NEW.closed_at, NEW.state, NEW.submitted_at, NEW.saved_by_id)'), audit.guards.InstalledGuard('figure_report_is_now', 'indicators_figurereport', 'BEFORE INSERT OR UPDATE', "guard_present('created_at', 'submitted_at', 'closed_at')")],
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
            options={
                'triggers': [audit.guards.InstalledGuard('figure_report_writer_append_only', 'indicators_figurereportwriter', 'BEFORE UPDATE OR DELETE OR TRUNCATE', 'guard_refuse()', each='STATEMENT')],
            },
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
            options={
                'triggers': [audit.guards.InstalledGuard('figure_submission_append_only', 'indicators_figuresubmission', 'BEFORE UPDATE OR DELETE OR TRUNCATE', 'guard_refuse()', each='STATEMENT'), audit.guards.InstalledGuard('figure_submission_is_now', 'indicators_figuresubmission', 'BEFORE INSERT OR UPDATE', "guard_present('submitted_at')"), audit.guards.InstalledGuard('figure_submission_acts', 'indicators_figuresubmission', 'AFTER INSERT OR UPDATE', "guard_acted('submitted_by_id')", condition='NEW.submitted_by_id IS NOT NULL'), audit.guards.InstalledGuard('figure_submission_of_open_draft', 'indicators_figuresubmission', 'BEFORE INSERT', "guard_required('of_open_draft', '(SELECT state FROM indicators_figurereport WHERE id = $1.report_id) IN (''draft'', ''returned'')')")],
            },
        ),
        migrations.CreateModel(
            name='FigureSubmissionDocument',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('document', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='evidence.document')),
                ('submission', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='document_links', to='indicators.figuresubmission')),
            ],
            options={
                'triggers': [audit.guards.InstalledGuard('figure_submission_document_append_only', 'indicators_figuresubmissiondocument', 'BEFORE UPDATE OR DELETE OR TRUNCATE', 'guard_refuse()', each='STATEMENT')],
            },
        ),
        migrations.AddField(
            model_name='figuresubmission',
            name='documents',
            field=models.ManyToManyField(related_name='figure_submissions', through='indicators.FigureSubmissionDocument', to='evidence.document'),
        ),
        migrations.CreateModel(
            name='Indicator',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('code', models.SlugField(max_length=40, unique=True)),
                ('name_ms', models.CharField(max_length=200, verbose_name='name in Malay')),
                ('name_en', models.CharField(max_length=200, verbose_name='name in English')),
                ('is_own_name_ms', models.BooleanField(default=False)),
                ('is_own_name_en', models.BooleanField(default=False)),
                ('unit', models.CharField(choices=[('persons', 'persons'), ('charges', 'charges'), ('cases', 'cases'), ('convictions', 'convictions'), ('arrests', 'arrests'), ('inspections', 'inspections'), ('orders', 'orders'), ('permits', 'permits'), ('meetings', 'meetings'), ('countries', 'countries'), ('ringgit', 'RM'), ('percent', 'per cent')], max_length=12, verbose_name='unit')),
                ('basis_ms', models.CharField(max_length=600, verbose_name='counting basis in Malay')),
                ('basis_en', models.CharField(max_length=600, verbose_name='counting basis in English')),
                ('pillar', models.CharField(blank=True, choices=[('prosecution', 'Prosecution'), ('protection', 'Protection'), ('prevention', 'Prevention')], max_length=16, verbose_name='pillar')),
                ('is_stock', models.BooleanField(default=False, verbose_name='is a stock on a day')),
                ('counts_victims', models.BooleanField(default=False, verbose_name='counts victims')),
                ('is_active', models.BooleanField(default=True, verbose_name='in use')),
                ('position', models.PositiveSmallIntegerField(default=0)),
                ('agency', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='indicators', to='accounts.agency', verbose_name='agency')),
            ],
            options={
                'ordering': ['position', 'code'],
                'triggers': [audit.guards.InstalledGuard('indicator_no_delete', 'indicators_indicator', 'BEFORE DELETE OR TRUNCATE', 'guard_refuse()', each='STATEMENT'), audit.guards.InstalledGuard('indicator_past', 'indicators_indicator', 'AFTER INSERT OR DELETE', "keep_past('indicators_indicatorversion', 'indicator_id', 'name_ms', 'name_en', 'is_own_name_ms', 'is_own_name_en', 'unit', 'basis_ms', 'basis_en', 'pillar', 'agency_id', 'is_stock', 'counts_victims', 'is_active', 'position')", at_once=True), audit.guards.InstalledGuard('indicator_past_change', 'indicators_indicator', 'AFTER UPDATE', "keep_past('indicators_indicatorversion', 'indicator_id', 'name_ms', 'name_en', 'is_own_name_ms', 'is_own_name_en', 'unit', 'basis_ms', 'basis_en', 'pillar', 'agency_id', 'is_stock', 'counts_victims', 'is_active', 'position')", condition='(OLD.id, OLD.name_ms, OLD.name_en, OLD.is_own_name_ms, OLD.is_own_name_en, OLD.unit, OLD.basis_ms, OLD.basis_en, OLD.pillar, OLD.agency_id, OLD.is_stock, OLD.counts_victims, OLD.is_active, OLD.position) IS DISTINCT FROM (NEW.id, NEW.name_ms, NEW.name_en, NEW.is_own_name_ms, NEW.is_own_name_en, NEW.unit, NEW.basis_ms, NEW.basis_en, NEW.pillar, NEW.agency_id, NEW.is_stock, NEW.counts_victims, NEW.is_active, NEW.position)', at_once=True), audit.guards.InstalledGuard('indicator_past_whole', 'indicators_indicator', 'BEFORE TRUNCATE', 'guard_refuse()', each='STATEMENT')],
            },
        ),
        migrations.CreateModel(
            name='IndicatorDimension',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('dimension', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='indicators.dimension')),
                ('indicator', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='indicators.indicator')),
            ],
        ),
        migrations.AddField(
            model_name='indicator',
            name='dimensions',
            field=models.ManyToManyField(related_name='indicators', through='indicators.IndicatorDimension', to='indicators.dimension'),
        ),
        migrations.CreateModel(
            name='IndicatorItem',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('indicator', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='item_links', to='indicators.indicator')),
                ('item', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='indicator_links', to='recommendations.item')),
            ],
            options={
                'triggers': [audit.guards.InstalledGuard('indicatoritem_past', 'indicators_indicatoritem', 'AFTER INSERT OR DELETE', "keep_past('indicators_indicatoritemversion', 'link_id', 'indicator_id', 'item_id')", at_once=True), audit.guards.InstalledGuard('indicatoritem_past_change', 'indicators_indicatoritem', 'AFTER UPDATE', "keep_past('indicators_indicatoritemversion', 'link_id', 'indicator_id', 'item_id')", condition='(OLD.id, OLD.indicator_id, OLD.item_id) IS DISTINCT FROM (NEW.id, NEW.indicator_id, NEW.item_id)', at_once=True), audit.guards.InstalledGuard('indicatoritem_past_whole', 'indicators_indicatoritem', 'BEFORE TRUNCATE', 'guard_refuse()', each='STATEMENT')],
            },
        ),
        migrations.AddField(
            model_name='indicator',
            name='items',
            field=models.ManyToManyField(related_name='indicators', through='indicators.IndicatorItem', to='recommendations.item'),
        ),
        migrations.CreateModel(
            name='IndicatorItemVersion',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('began_at', models.DateTimeField(editable=False, verbose_name='From')),
                ('ended_at', models.DateTimeField(editable=False, null=True, verbose_name='Until')),
                ('link_id', models.BigIntegerField(db_index=True)),
                ('indicator', models.ForeignKey(on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='indicators.indicator')),
                ('item', models.ForeignKey(on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='recommendations.item')),
            ],
            options={
                'abstract': False,
                'indexes': [models.Index(fields=['link_id', 'began_at'], name='indicatoritemversion_past_time')],
                'constraints': [models.UniqueConstraint(condition=models.Q(('ended_at', None)), fields=('link_id',), name='indicatoritemversion_past_now'), models.CheckConstraint(condition=models.Q(('ended_at__gte', models.F('began_at'))), name='indicatoritemversion_past_order')],
                'triggers': [audit.guards.InstalledGuard('indicatoritemversion_past_guard', 'indicators_indicatoritemversion', 'BEFORE INSERT OR UPDATE', 'past_guard()'), audit.guards.InstalledGuard('indicatoritemversion_no_delete', 'indicators_indicatoritemversion', 'BEFORE DELETE OR TRUNCATE', 'guard_refuse()', each='STATEMENT')],
            },
        ),
        migrations.CreateModel(
            name='IndicatorVersion',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('began_at', models.DateTimeField(editable=False, verbose_name='From')),
                ('ended_at', models.DateTimeField(editable=False, null=True, verbose_name='Until')),
                ('name_ms', models.CharField(max_length=200)),
                ('name_en', models.CharField(max_length=200)),
                ('is_own_name_ms', models.BooleanField()),
                ('is_own_name_en', models.BooleanField()),
                ('unit', models.CharField(max_length=12)),
                ('basis_ms', models.CharField(max_length=600)),
                ('basis_en', models.CharField(max_length=600)),
                ('pillar', models.CharField(blank=True, max_length=16)),
                ('is_stock', models.BooleanField()),
                ('counts_victims', models.BooleanField()),
                ('is_active', models.BooleanField()),
                ('position', models.PositiveSmallIntegerField()),
                ('agency', models.ForeignKey(null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='accounts.agency')),
                ('indicator', models.ForeignKey(on_delete=django.db.models.deletion.DO_NOTHING, related_name='versions', to='indicators.indicator')),
            ],
            options={
                'abstract': False,
                'indexes': [models.Index(fields=['indicator', 'began_at'], name='indicatorversion_past_time')],
                'constraints': [models.UniqueConstraint(condition=models.Q(('ended_at', None)), fields=('indicator',), name='indicatorversion_past_now'), models.CheckConstraint(condition=models.Q(('ended_at__gte', models.F('began_at'))), name='indicatorversion_past_order')],
                'triggers': [audit.guards.InstalledGuard('indicatorversion_past_guard', 'indicators_indicatorversion', 'BEFORE INSERT OR UPDATE', 'past_guard()'), audit.guards.InstalledGuard('indicatorversion_no_delete', 'indicators_indicatorversion', 'BEFORE DELETE OR TRUNCATE', 'guard_refuse()', each='STATEMENT')],
            },
        ),
        migrations.CreateModel(
            name='PublishedCell',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('row', models.PositiveSmallIntegerField()),
                ('column', models.PositiveSmallIntegerField()),
                ('order', models.PositiveSmallIntegerField(default=0)),
                ('text', models.CharField(max_length=40)),
                ('note', models.CharField(blank=True, max_length=200)),
                ('change', models.DecimalField(blank=True, decimal_places=1, max_digits=7, null=True)),
                ('line', models.PositiveIntegerField()),
                ('figure', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='printed_in', to='indicators.figure')),
                ('table', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='cells', to='indicators.publishedtable')),
            ],
            options={
                'ordering': ['table', 'row', 'column', 'order'],
                'triggers': [audit.guards.InstalledGuard('publishedcell_append_only', 'indicators_publishedcell', 'BEFORE UPDATE OR DELETE OR TRUNCATE', 'guard_refuse()', each='STATEMENT')],
            },
        ),
        migrations.CreateModel(
            name='Check',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('code', models.SlugField(max_length=40)),
                ('kind', models.CharField(choices=[('sum', 'Sum'), ('change', 'Change in per cent'), ('equal', 'Equality'), ('bound', 'Bound'), ('basis', 'Comparable basis')], max_length=8)),
                ('position', models.PositiveSmallIntegerField()),
                ('note_ms', models.TextField()),
                ('note_en', models.TextField()),
                ('claim', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='recommendations.item')),
                ('printed', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='indicators.publishedcell')),
            ],
            options={
                'ordering': ['source', 'position'],
                'triggers': [audit.guards.InstalledGuard('check_append_only', 'indicators_check', 'BEFORE UPDATE OR DELETE OR TRUNCATE', 'guard_refuse()', each='STATEMENT')],
            },
        ),
        migrations.CreateModel(
            name='SentFigure',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('text', models.CharField(max_length=40)),
                ('value', models.DecimalField(decimal_places=2, max_digits=18)),
                ('submission', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='figures', to='indicators.figuresubmission')),
            ],
            options={
                'ordering': ['submission', 'pk'],
                'triggers': [audit.guards.InstalledGuard('sent_figure_append_only', 'indicators_sentfigure', 'BEFORE UPDATE OR DELETE OR TRUNCATE', 'guard_refuse()', each='STATEMENT')],
            },
        ),
        migrations.AddField(
            model_name='figuresubmissiondocument',
            name='sent',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='document_links', to='indicators.sentfigure'),
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
            options={
                'triggers': [audit.guards.InstalledGuard('figure_decision_append_only', 'indicators_figuredecision', 'BEFORE UPDATE OR DELETE OR TRUNCATE', 'guard_refuse()', each='STATEMENT'), audit.guards.InstalledGuard('figure_decision_is_now', 'indicators_figuredecision', 'BEFORE INSERT OR UPDATE', "guard_present('decided_at')"), audit.guards.InstalledGuard('figure_decision_acts', 'indicators_figuredecision', 'AFTER INSERT OR UPDATE', "guard_acted('decided_by_id')", condition='NEW.decided_by_id IS NOT NULL'), audit.guards.InstalledGuard('figure_decision_not_by_writer', 'indicators_figuredecision', 'BEFORE INSERT', "guard_required('not_by_writer', 'NOT EXISTS (SELECT FROM indicators_figurereportwriter WHERE report_id = (SELECT report_id FROM indicators_figuresubmission WHERE id = (SELECT submission_id FROM indicators_sentfigure WHERE id = $1.sent_id)) AND user_id = $1.decided_by_id)')"), audit.guards.InstalledGuard('figure_decision_of_waiting_report', 'indicators_figuredecision', 'BEFORE INSERT', "guard_required('of_waiting_report', '(SELECT state FROM indicators_figurereport WHERE id = (SELECT report_id FROM indicators_figuresubmission WHERE id = (SELECT submission_id FROM indicators_sentfigure WHERE id = $1.sent_id))) = ''submitted'' AND ($1.figure_id IS NULL OR (SELECT series_id FROM indicators_figure WHERE id = $1.figure_id) = (SELECT series_id FROM indicators_sentfigure WHERE id = $1.sent_id) AND (SELECT value FROM indicators_figure WHERE id = $1.figure_id) = (SELECT value FROM indicators_sentfigure WHERE id = $1.sent_id) AND (SELECT begins_on FROM indicators_figure WHERE id = $1.figure_id) = (SELECT month FROM indicators_figurereport WHERE id = (SELECT report_id FROM indicators_figuresubmission WHERE id = (SELECT submission_id FROM indicators_sentfigure WHERE id = $1.sent_id))))')")],
            },
        ),
        migrations.CreateModel(
            name='Series',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('key', models.CharField(blank=True, max_length=200)),
                ('indicator', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='series', to='indicators.indicator')),
            ],
            options={
                'verbose_name_plural': 'series',
            },
        ),
        migrations.AddField(
            model_name='sentfigure',
            name='series',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='indicators.series'),
        ),
        migrations.AddField(
            model_name='figure',
            name='series',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='figures', to='indicators.series'),
        ),
        migrations.CreateModel(
            name='CheckTerm',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('side', models.CharField(choices=[('left', 'Left'), ('right', 'Right')], max_length=5)),
                ('period_kind', models.CharField(blank=True, choices=[('month', 'Month'), ('quarter', 'Quarter'), ('year', 'Calendar year'), ('window', 'Assessment window'), ('day', 'Day'), ('unstated', 'Period not stated')], max_length=8)),
                ('begins_on', models.DateField(blank=True, null=True)),
                ('ends_on', models.DateField(blank=True, null=True)),
                ('check_of', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='terms', to='indicators.check')),
                ('series', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='indicators.series')),
            ],
            options={
                'ordering': ['check_of', 'pk'],
                'triggers': [audit.guards.InstalledGuard('checkterm_append_only', 'indicators_checkterm', 'BEFORE UPDATE OR DELETE OR TRUNCATE', 'guard_refuse()', each='STATEMENT')],
            },
        ),
        migrations.CreateModel(
            name='SeriesValue',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('series', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='value_links', to='indicators.series')),
                ('value', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='indicators.dimensionvalue')),
            ],
        ),
        migrations.AddField(
            model_name='series',
            name='values',
            field=models.ManyToManyField(related_name='series', through='indicators.SeriesValue', to='indicators.dimensionvalue'),
        ),
        migrations.CreateModel(
            name='Source',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('code', models.SlugField(max_length=80)),
                ('title_ms', models.CharField(max_length=200)),
                ('title_en', models.CharField(max_length=200)),
                ('published_on', models.DateField()),
                ('file_name', models.CharField(max_length=200)),
                ('media_type', models.CharField(max_length=80)),
                ('content', models.BinaryField()),
                ('sha256', models.CharField(max_length=64)),
                ('text', models.TextField()),
                ('loaded_at', models.DateTimeField()),
                ('cycle', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='sources', to='recommendations.cycle')),
            ],
            options={
                'ordering': ['published_on', 'pk'],
                'triggers': [audit.guards.InstalledGuard('source_append_only', 'indicators_source', 'BEFORE UPDATE OR DELETE OR TRUNCATE', 'guard_refuse()', each='STATEMENT'), audit.guards.InstalledGuard('source_is_now', 'indicators_source', 'BEFORE INSERT OR UPDATE', "guard_present('loaded_at')")],
            },
        ),
        migrations.AddField(
            model_name='publishedtable',
            name='source',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='tables', to='indicators.source'),
        ),
        migrations.AddField(
            model_name='figure',
            name='source',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='figures', to='indicators.source'),
        ),
        migrations.AddField(
            model_name='check',
            name='source',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='checks', to='indicators.source'),
        ),
        migrations.CreateModel(
            name='Target',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('number', models.DecimalField(decimal_places=2, max_digits=18, verbose_name='number')),
                ('due_on', models.DateField(verbose_name='due date')),
                ('reason', models.TextField(verbose_name='reason')),
                ('set_at', models.DateTimeField()),
                ('ended_at', models.DateTimeField(blank=True, null=True)),
                ('ended_reason', models.TextField(blank=True)),
                ('cycle', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='targets', to='recommendations.cycle')),
                ('ended_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('indicator', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='targets', to='indicators.indicator')),
                ('replaces', models.OneToOneField(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='replaced_by', to='indicators.target')),
                ('set_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'triggers': [audit.guards.InstalledGuard('target_no_delete', 'indicators_target', 'BEFORE DELETE OR TRUNCATE', 'guard_refuse()', each='STATEMENT'), audit.guards.InstalledGuard('target_kept', 'indicators_target', 'BEFORE UPDATE', "guard_refuse_row('target_kept')", condition='(OLD.cycle_id, OLD.indicator_id, OLD.number, OLD.due_on, OLD.reason, OLD.set_by_id, OLD.set_at, OLD.replaces_id) IS DISTINCT FROM (NEW.cycle_id, NEW.indicator_id, NEW.number, NEW.due_on, NEW.reason, NEW.set_by_id, NEW.set_at, NEW.replaces_id)'), audit.guards.InstalledGuard('target_settled', 'indicators_target', 'BEFORE UPDATE', "guard_refuse_row('target_settled')", condition='OLD.ended_at IS NOT NULL AND (OLD.ended_at, OLD.ended_by_id, OLD.ended_reason) IS DISTINCT FROM (NEW.ended_at, NEW.ended_by_id, NEW.ended_reason)'), audit.guards.InstalledGuard('target_is_now', 'indicators_target', 'BEFORE INSERT OR UPDATE', "guard_present('set_at', 'ended_at')"), audit.guards.InstalledGuard('target_acts', 'indicators_target', 'AFTER INSERT OR UPDATE', "guard_acted('set_by_id', 'ended_by_id')", condition='NEW.set_by_id IS NOT NULL OR NEW.ended_by_id IS NOT NULL')],
            },
        ),
        migrations.CreateModel(
            name='CheckExplanation',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('begins_on', models.DateField(blank=True, null=True)),
                ('ends_on', models.DateField(blank=True, null=True)),
                ('text', models.TextField(verbose_name='explanation')),
                ('explained_at', models.DateTimeField()),
                ('ended_at', models.DateTimeField(blank=True, null=True)),
                ('ended_reason', models.TextField(blank=True, db_default='', default='')),
                ('check_of', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='explanations', to='indicators.check')),
                ('ended_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('explained_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'constraints': [models.UniqueConstraint(condition=models.Q(('ended_at', None)), fields=('check_of', 'begins_on', 'ends_on'), name='explanation_one_standing', nulls_distinct=False), models.CheckConstraint(condition=models.Q(('text', ''), _negated=True), name='explanation_has_text'), models.CheckConstraint(condition=models.Q(models.Q(('ended_at', None), ('ended_by', None), ('ended_reason', '')), models.Q(('ended_at__gte', models.F('explained_at')), ('ended_by__isnull', False)), _connector='OR'), name='explanation_end_whole')],
                'triggers': [audit.guards.InstalledGuard('explanation_no_delete', 'indicators_checkexplanation', 'BEFORE DELETE OR TRUNCATE', 'guard_refuse()', each='STATEMENT'), audit.guards.InstalledGuard('explanation_kept', 'indicators_checkexplanation', 'BEFORE UPDATE', "guard_refuse_row('explanation_kept')", condition='(OLD.check_of_id, OLD.begins_on, OLD.ends_on, OLD.text, OLD.explained_by_id, OLD.explained_at) IS DISTINCT FROM (NEW.check_of_id, NEW.begins_on, NEW.ends_on, NEW.text, NEW.explained_by_id, NEW.explained_at)'), audit.guards.InstalledGuard('explanation_settled', 'indicators_checkexplanation', 'BEFORE UPDATE', "guard_refuse_row('explanation_settled')", condition='OLD.ended_at IS NOT NULL AND (OLD.ended_at, OLD.ended_by_id, OLD.ended_reason) IS DISTINCT FROM (NEW.ended_at, NEW.ended_by_id, NEW.ended_reason)'), audit.guards.InstalledGuard('explanation_is_now', 'indicators_checkexplanation', 'BEFORE INSERT OR UPDATE', "guard_present('explained_at', 'ended_at')"), audit.guards.InstalledGuard('explanation_acts', 'indicators_checkexplanation', 'AFTER INSERT OR UPDATE', "guard_acted('explained_by_id', 'ended_by_id')", condition='NEW.explained_by_id IS NOT NULL OR NEW.ended_by_id IS NOT NULL')],
            },
        ),
        migrations.AddConstraint(
            model_name='dimensionvalue',
            constraint=models.UniqueConstraint(fields=('dimension', 'code'), name='dimension_value_once'),
        ),
        migrations.AddConstraint(
            model_name='dimensionvalue',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('name_ms', ''), _negated=True), models.Q(('name_en', ''), _negated=True)), name='dimension_value_named'),
        ),
        migrations.AddConstraint(
            model_name='figureimport',
            constraint=models.CheckConstraint(condition=models.Q(('state__in', ['draft', 'taken', 'discarded'])), name='figure_import_state_known'),
        ),
        migrations.AddConstraint(
            model_name='figureimport',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('closed_at', None), ('state', 'draft')), models.Q(models.Q(('state', 'draft'), _negated=True), ('closed_at__isnull', False)), _connector='OR'), name='figure_import_closed_when'),
        ),
        migrations.AddConstraint(
            model_name='figureimportwriter',
            constraint=models.UniqueConstraint(fields=('figure_import', 'user'), name='figure_import_writer_once'),
        ),
        migrations.AddConstraint(
            model_name='figurereport',
            constraint=models.UniqueConstraint(condition=models.Q(('state__in', ('draft', 'submitted', 'returned'))), fields=('agency', 'cycle', 'month'), name='figure_report_one_open'),
        ),
        migrations.AddConstraint(
            model_name='figurereport',
            constraint=models.CheckConstraint(condition=models.Q(('state__in', ['draft', 'submitted', 'returned', 'accepted', 'withdrawn', 'discarded'])), name='figure_report_state_known'),
        ),
        migrations.AddConstraint(
            model_name='figurereport',
            constraint=models.CheckConstraint(condition=models.Q(('month__day', 1)), name='figure_report_of_month'),
        ),
        migrations.AddConstraint(
            model_name='figurereport',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('closed_at', None), ('state__in', ('draft', 'submitted', 'returned'))), models.Q(models.Q(('state__in', ('draft', 'submitted', 'returned')), _negated=True), ('closed_at__isnull', False)), _connector='OR'), name='figure_report_closed_when'),
        ),
        migrations.AddConstraint(
            model_name='figurecitation',
            constraint=models.UniqueConstraint(fields=('report', 'document'), name='figure_citation_once'),
        ),
        migrations.AddConstraint(
            model_name='figurereportwriter',
            constraint=models.UniqueConstraint(fields=('report', 'user'), name='figure_report_writer_once'),
        ),
        migrations.AddConstraint(
            model_name='figuresubmission',
            constraint=models.UniqueConstraint(fields=('report', 'number'), name='figure_submission_number_unique'),
        ),
        migrations.AddConstraint(
            model_name='indicatordimension',
            constraint=models.UniqueConstraint(fields=('indicator', 'dimension'), name='indicator_dimension_once'),
        ),
        migrations.AddConstraint(
            model_name='indicatoritem',
            constraint=models.UniqueConstraint(fields=('indicator', 'item'), name='indicator_item_once'),
        ),
        migrations.AddConstraint(
            model_name='indicator',
            constraint=models.CheckConstraint(condition=models.Q(('unit__in', ['persons', 'charges', 'cases', 'convictions', 'arrests', 'inspections', 'orders', 'permits', 'meetings', 'countries', 'ringgit', 'percent'])), name='indicator_unit_known'),
        ),
        migrations.AddConstraint(
            model_name='indicator',
            constraint=models.CheckConstraint(condition=models.Q(('pillar__in', ['prosecution', 'protection', 'prevention', ''])), name='indicator_pillar_known'),
        ),
        migrations.AddConstraint(
            model_name='indicator',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('name_ms', ''), _negated=True), models.Q(('name_en', ''), _negated=True), models.Q(('basis_ms', ''), _negated=True), models.Q(('basis_en', ''), _negated=True)), name='indicator_defined'),
        ),
        migrations.AddConstraint(
            model_name='publishedcell',
            constraint=models.UniqueConstraint(fields=('table', 'row', 'column', 'order'), name='published_cell_once'),
        ),
        migrations.AddConstraint(
            model_name='publishedcell',
            constraint=models.CheckConstraint(condition=models.Q(('figure', None), ('change', None), _connector='OR'), name='published_cell_shows_one'),
        ),
        migrations.AddConstraint(
            model_name='publishedcell',
            constraint=models.CheckConstraint(condition=models.Q(('text', ''), _negated=True), name='published_cell_as_printed'),
        ),
        migrations.AddConstraint(
            model_name='figuresubmissiondocument',
            constraint=models.UniqueConstraint(fields=('submission', 'document'), name='figure_submission_document_once'),
        ),
        migrations.AddConstraint(
            model_name='figuredecision',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('decision', 'accept'), ('figure__isnull', False), ('reason', '')), models.Q(('decision', 'return'), ('figure', None), models.Q(('reason', ''), _negated=True)), _connector='OR'), name='figure_decision_whole'),
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
        migrations.AddConstraint(
            model_name='checkterm',
            constraint=models.CheckConstraint(condition=models.Q(('side__in', ['left', 'right'])), name='check_term_side_known'),
        ),
        migrations.AddConstraint(
            model_name='checkterm',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('begins_on', None), ('ends_on', None), ('period_kind__in', ['', 'unstated'])), models.Q(models.Q(('period_kind__in', ['', 'unstated']), _negated=True), ('begins_on__lte', models.F('ends_on'))), _connector='OR'), name='check_term_period_whole'),
        ),
        migrations.AddConstraint(
            model_name='seriesvalue',
            constraint=models.UniqueConstraint(fields=('series', 'value'), name='series_value_once'),
        ),
        migrations.AddConstraint(
            model_name='series',
            constraint=models.UniqueConstraint(fields=('indicator', 'key'), name='series_once'),
        ),
        migrations.AddConstraint(
            model_name='source',
            constraint=models.UniqueConstraint(fields=('cycle', 'code'), name='source_once'),
        ),
        migrations.AddConstraint(
            model_name='source',
            constraint=models.CheckConstraint(condition=models.Q(('sha256__regex', '^[0-9a-f]{64}$')), name='source_has_hash'),
        ),
        migrations.AddConstraint(
            model_name='source',
            constraint=models.CheckConstraint(condition=models.Q(('text', ''), _negated=True), name='source_has_text'),
        ),
        migrations.AddConstraint(
            model_name='publishedtable',
            constraint=models.UniqueConstraint(fields=('source', 'key'), name='published_table_once'),
        ),
        migrations.AddConstraint(
            model_name='publishedtable',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('title_ms', ''), _negated=True), models.Q(('title_en', ''), _negated=True)), name='published_table_titled'),
        ),
        migrations.AddIndex(
            model_name='figure',
            index=models.Index(fields=['series', 'period_kind', 'begins_on', 'recorded_at'], name='figure_by_series'),
        ),
        migrations.AddConstraint(
            model_name='figure',
            constraint=models.UniqueConstraint(condition=models.Q(('ended_at', None)), fields=('series', 'period_kind', 'begins_on', 'ends_on', 'source'), name='figure_once', nulls_distinct=False),
        ),
        migrations.AddConstraint(
            model_name='figure',
            constraint=models.CheckConstraint(condition=models.Q(('period_kind__in', ['month', 'quarter', 'year', 'window', 'day', 'unstated'])), name='figure_period_known'),
        ),
        migrations.AddConstraint(
            model_name='figure',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('begins_on', None), ('ends_on', None), ('period_kind', 'unstated')), models.Q(models.Q(('period_kind', 'unstated'), _negated=True), ('begins_on__lte', models.F('ends_on'))), _connector='OR'), name='figure_period_whole'),
        ),
        migrations.AddConstraint(
            model_name='figure',
            constraint=models.CheckConstraint(condition=models.Q(('value__gte', 0)), name='figure_not_negative'),
        ),
        migrations.AddConstraint(
            model_name='figure',
            constraint=models.CheckConstraint(condition=models.Q(('text', ''), _negated=True), name='figure_as_given'),
        ),
        migrations.AddConstraint(
            model_name='figure',
            constraint=models.CheckConstraint(condition=models.Q(('replaces', None), models.Q(('reason', ''), _negated=True), _connector='OR'), name='figure_revised_with_reason'),
        ),
        migrations.AddConstraint(
            model_name='figure',
            constraint=models.CheckConstraint(condition=models.Q(('ended_at', None), ('ended_at__gte', models.F('recorded_at')), _connector='OR'), name='figure_ends_later'),
        ),
        migrations.AddConstraint(
            model_name='check',
            constraint=models.UniqueConstraint(fields=('source', 'code'), name='check_once'),
        ),
        migrations.AddConstraint(
            model_name='check',
            constraint=models.CheckConstraint(condition=models.Q(('kind__in', ['sum', 'change', 'equal', 'bound', 'basis'])), name='check_kind_known'),
        ),
        migrations.AddConstraint(
            model_name='check',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('note_ms', ''), _negated=True), models.Q(('note_en', ''), _negated=True)), name='check_with_note'),
        ),
        migrations.AddConstraint(
            model_name='check',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('kind', 'change'), ('printed__isnull', False)), models.Q(models.Q(('kind', 'change'), _negated=True), ('printed', None)), _connector='OR'), name='check_of_change_prints'),
        ),
        migrations.AddConstraint(
            model_name='target',
            constraint=models.UniqueConstraint(condition=models.Q(('ended_at', None)), fields=('cycle', 'indicator'), name='target_one_standing'),
        ),
        migrations.AddConstraint(
            model_name='target',
            constraint=models.CheckConstraint(condition=models.Q(('number__gt', 0)), name='target_positive'),
        ),
        migrations.AddConstraint(
            model_name='target',
            constraint=models.CheckConstraint(condition=models.Q(('reason', ''), _negated=True), name='target_with_reason'),
        ),
        migrations.AddConstraint(
            model_name='target',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('ended_at', None), ('ended_by', None), ('ended_reason', '')), models.Q(('ended_at__gte', models.F('set_at')), ('ended_by__isnull', False), models.Q(('ended_reason', ''), _negated=True)), _connector='OR'), name='target_end_whole'),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='figurecitation',
            trigger=audit.guards.InstalledGuard('figure_citation_of_open_draft', 'indicators_figurecitation', 'BEFORE INSERT OR UPDATE OR DELETE', "guard_required('of_open_draft', '($2.report_id IS NULL OR (SELECT state FROM indicators_figurereport WHERE id = $2.report_id) IN (''draft'', ''returned'')) AND ($1.report_id IS NULL OR (SELECT state FROM indicators_figurereport WHERE id = $1.report_id) IN (''draft'', ''returned''))')"),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='figuresubmissiondocument',
            trigger=audit.guards.InstalledGuard('figure_submission_document_of_its_version', 'indicators_figuresubmissiondocument', 'BEFORE INSERT', "guard_required('of_its_version', '$1.sent_id IS NULL OR (SELECT submission_id FROM indicators_sentfigure WHERE id = $1.sent_id) = $1.submission_id')"),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='figuresubmissiondocument',
            trigger=audit.guards.InstalledGuard('figure_submission_document_with_its_submission', 'indicators_figuresubmissiondocument', 'BEFORE INSERT', "guard_required('with_its_submission', '(SELECT state FROM indicators_figurereport WHERE id = (SELECT report_id FROM indicators_figuresubmission WHERE id = $1.submission_id)) IN (''draft'', ''returned'') AND NOT EXISTS (SELECT FROM indicators_figuredecision decision JOIN indicators_sentfigure sent ON sent.id = decision.sent_id WHERE sent.submission_id = $1.submission_id)')"),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='sentfigure',
            trigger=audit.guards.InstalledGuard('sent_figure_with_its_submission', 'indicators_sentfigure', 'BEFORE INSERT', "guard_required('with_its_submission', '(SELECT state FROM indicators_figurereport WHERE id = (SELECT report_id FROM indicators_figuresubmission WHERE id = $1.submission_id)) IN (''draft'', ''returned'') AND NOT EXISTS (SELECT FROM indicators_figuredecision decision JOIN indicators_sentfigure sent ON sent.id = decision.sent_id WHERE sent.submission_id = $1.submission_id)')"),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='figure',
            trigger=audit.guards.InstalledGuard('figure_kept', 'indicators_figure', 'BEFORE UPDATE', "guard_refuse_row('figure_kept')", condition='(OLD.series_id, OLD.period_kind, OLD.begins_on, OLD.ends_on, OLD.is_partial, OLD.counted_to, OLD.text, OLD.value, OLD.source_id, OLD.replaces_id, OLD.reason, OLD.recorded_by_id, OLD.recorded_at) IS DISTINCT FROM (NEW.series_id, NEW.period_kind, NEW.begins_on, NEW.ends_on, NEW.is_partial, NEW.counted_to, NEW.text, NEW.value, NEW.source_id, NEW.replaces_id, NEW.reason, NEW.recorded_by_id, NEW.recorded_at)'),
        ),
        migrations.RunSQL(
            sql=REGISTER,
            reverse_sql=REGISTER_BACK,
        ),
    ]
