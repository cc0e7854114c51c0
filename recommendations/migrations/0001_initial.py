import audit.guards
import django.db.models.deletion
import django.db.models.functions.text
import django.db.models.lookups
import pgtrigger.compiler
import pgtrigger.migrations
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('accounts', '0001_initial'),
        ('evidence', '0001_initial'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='CycleVersion',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('began_at', models.DateTimeField(editable=False, verbose_name='From')),
                ('ended_at', models.DateTimeField(editable=False, null=True, verbose_name='Until')),
                ('window_start', models.DateField()),
                ('window_end', models.DateField()),
                ('interim_on', models.DateField()),
                ('submission_on', models.DateField()),
                ('cadence_days', models.PositiveSmallIntegerField()),
                ('due_soon_days', models.PositiveSmallIntegerField()),
                ('stale_after_days', models.PositiveSmallIntegerField()),
                ('closed_at', models.DateTimeField(null=True)),
            ],
            options={
                'abstract': False,
            },
        ),
        migrations.CreateModel(
            name='Item',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.CharField(choices=[('recommendation', 'Recommendation'), ('weakness', 'Weakness'), ('achievement', 'Achievement')], max_length=16)),
                ('number', models.PositiveSmallIntegerField()),
                ('text_ms', models.TextField()),
                ('text_en', models.TextField()),
                ('pillar', models.CharField(blank=True, choices=[('prosecution', 'Prosecution'), ('protection', 'Protection'), ('prevention', 'Prevention')], max_length=16)),
                ('divergence_ms', models.TextField(blank=True)),
                ('divergence_en', models.TextField(blank=True)),
            ],
        ),
        migrations.CreateModel(
            name='ItemLink',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
            ],
        ),
        migrations.CreateModel(
            name='ItemLinkVersion',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('began_at', models.DateTimeField(editable=False, verbose_name='From')),
                ('ended_at', models.DateTimeField(editable=False, null=True, verbose_name='Until')),
                ('link_id', models.BigIntegerField(db_index=True)),
            ],
            options={
                'abstract': False,
            },
        ),
        migrations.CreateModel(
            name='ItemVersion',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('began_at', models.DateTimeField(editable=False, verbose_name='From')),
                ('ended_at', models.DateTimeField(editable=False, null=True, verbose_name='Until')),
                ('text_ms', models.TextField()),
                ('text_en', models.TextField()),
                ('pillar', models.CharField(blank=True, max_length=16)),
            ],
            options={
                'abstract': False,
            },
        ),
        migrations.CreateModel(
            name='Review',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('decision', models.CharField(choices=[('accept', 'Accepted'), ('return', 'Returned')], max_length=8)),
                ('status', models.CharField(blank=True, choices=[('none', 'No action'), ('progress', 'In progress'), ('done', 'Completed')], max_length=10)),
                ('percent', models.PositiveSmallIntegerField(blank=True, null=True)),
                ('reason', models.TextField(blank=True)),
                ('resubmit_by', models.DateField(blank=True, null=True)),
                ('decided_at', models.DateTimeField()),
            ],
        ),
        migrations.CreateModel(
            name='Submission',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('number', models.PositiveSmallIntegerField()),
                ('status', models.CharField(choices=[('none', 'No action'), ('progress', 'In progress'), ('done', 'Completed')], max_length=10)),
                ('percent', models.PositiveSmallIntegerField()),
                ('narrative', models.TextField(max_length=5000)),
                ('covers_from', models.DateField()),
                ('covers_to', models.DateField()),
                ('classification', models.PositiveSmallIntegerField(choices=[(0, 'Open'), (1, 'Restricted'), (2, 'Confidential'), (3, 'Secret'), (4, 'Top secret')])),
                ('revision', models.PositiveIntegerField()),
                ('submitted_at', models.DateTimeField()),
            ],
        ),
        migrations.CreateModel(
            name='SubmissionDocument',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
            ],
        ),
        migrations.CreateModel(
            name='Update',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('state', models.CharField(choices=[('draft', 'Draft'), ('submitted', 'Awaiting MAPO'), ('returned', 'Returned'), ('accepted', 'Accepted'), ('withdrawn', 'Withdrawn'), ('discarded', 'Discarded')], default='draft', max_length=10)),
                ('status', models.CharField(blank=True, choices=[('none', 'No action'), ('progress', 'In progress'), ('done', 'Completed')], max_length=10)),
                ('percent', models.PositiveSmallIntegerField(blank=True, null=True)),
                ('narrative', models.TextField(blank=True, max_length=5000)),
                ('covers_from', models.DateField(blank=True, null=True)),
                ('covers_to', models.DateField(blank=True, null=True)),
                ('classification', models.PositiveSmallIntegerField(choices=[(0, 'Open'), (1, 'Restricted'), (2, 'Confidential'), (3, 'Secret'), (4, 'Top secret')], default=1)),
                ('is_nothing_new', models.BooleanField(default=False)),
                ('is_by_letter', models.BooleanField(default=False)),
                ('letter_reference', models.CharField(blank=True, max_length=120)),
                ('letter_on', models.DateField(blank=True, null=True)),
                ('revision', models.PositiveIntegerField(default=0)),
                ('created_at', models.DateTimeField()),
                ('saved_at', models.DateTimeField()),
                ('submitted_at', models.DateTimeField(null=True)),
                ('closed_at', models.DateTimeField(null=True)),
            ],
        ),
        migrations.CreateModel(
            name='Assignment',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('role', models.CharField(choices=[('lead', 'Lead agency'), ('support', 'Supporting agency')], max_length=8)),
                ('stage', models.CharField(choices=[('suggested', 'Suggested'), ('confirmed', 'Confirmed'), ('ended', 'Ended')], default='suggested', max_length=10)),
                ('due_on', models.DateField(blank=True, null=True, verbose_name='final due date')),
                ('cadence_days', models.PositiveSmallIntegerField(blank=True, null=True, verbose_name='days between updates')),
                ('next_due_on', models.DateField(blank=True, null=True, verbose_name='next update due')),
                ('created_at', models.DateTimeField()),
                ('confirmed_at', models.DateTimeField(blank=True, null=True)),
                ('ended_reason', models.TextField(blank=True)),
                ('agency', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='assignments', to='accounts.agency')),
            ],
        ),
        migrations.CreateModel(
            name='Action',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('text', models.CharField(max_length=500, verbose_name='step')),
                ('due_on', models.DateField(verbose_name='due date')),
                ('done_on', models.DateField(blank=True, null=True)),
                ('cancelled_at', models.DateTimeField(blank=True, null=True)),
                ('cancelled_reason', models.TextField(blank=True)),
                ('created_at', models.DateTimeField()),
                ('created_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('owner', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('assignment', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='actions', to='recommendations.assignment')),
            ],
            options={
                'ordering': ['due_on', 'pk'],
            },
        ),
        migrations.CreateModel(
            name='AssignmentOfficer',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('assignment', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='officer_links', to='recommendations.assignment')),
                ('user', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
        ),
        migrations.AddField(
            model_name='assignment',
            name='officers',
            field=models.ManyToManyField(related_name='assignments', through='recommendations.AssignmentOfficer', to=settings.AUTH_USER_MODEL),
        ),
        migrations.CreateModel(
            name='AssignmentRequest',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.CharField(choices=[('decline', 'Decline the assignment'), ('later', 'Ask for a later date')], max_length=8)),
                ('reason', models.TextField(verbose_name='reason')),
                ('proposed_on', models.DateField(blank=True, null=True, verbose_name='proposed date')),
                ('asked_at', models.DateTimeField()),
                ('answer', models.CharField(blank=True, choices=[('granted', 'Granted'), ('refused', 'Refused')], max_length=8)),
                ('answer_reason', models.TextField(blank=True)),
                ('answered_at', models.DateTimeField(null=True)),
                ('answered_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('asked_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('assignment', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='requests', to='recommendations.assignment')),
            ],
            options={
                'ordering': ['asked_at', 'id'],
            },
        ),
        migrations.CreateModel(
            name='AssignmentVersion',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('began_at', models.DateTimeField(editable=False, verbose_name='From')),
                ('ended_at', models.DateTimeField(editable=False, null=True, verbose_name='Until')),
                ('role', models.CharField(max_length=8)),
                ('stage', models.CharField(max_length=10)),
                ('due_on', models.DateField(null=True)),
                ('cadence_days', models.PositiveSmallIntegerField(null=True)),
                ('next_due_on', models.DateField(null=True)),
                ('agency', models.ForeignKey(on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='accounts.agency')),
                ('assignment', models.ForeignKey(on_delete=django.db.models.deletion.DO_NOTHING, related_name='versions', to='recommendations.assignment')),
            ],
            options={
                'abstract': False,
            },
        ),
        migrations.CreateModel(
            name='Citation',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('document', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='citations', to='evidence.document')),
            ],
        ),
        migrations.CreateModel(
            name='Cycle',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('year', models.PositiveSmallIntegerField(unique=True, verbose_name='report year')),
                ('published_on', models.DateField(verbose_name='published on')),
                ('window_start', models.DateField(verbose_name='window start')),
                ('window_end', models.DateField(verbose_name='window end')),
                ('interim_on', models.DateField(verbose_name='interim date')),
                ('submission_on', models.DateField(verbose_name='information due')),
                ('tier_before_ms', models.CharField(max_length=80)),
                ('tier_before_en', models.CharField(max_length=80)),
                ('tier_after_ms', models.CharField(max_length=80)),
                ('tier_after_en', models.CharField(max_length=80)),
                ('source_ms', models.CharField(max_length=200)),
                ('source_en', models.CharField(max_length=200)),
                ('source_on', models.DateField()),
                ('cadence_days', models.PositiveSmallIntegerField(default=30, verbose_name='days between updates')),
                ('due_soon_days', models.PositiveSmallIntegerField(default=7, verbose_name='days before due that count as due soon')),
                ('stale_after_days', models.PositiveSmallIntegerField(default=45, verbose_name='days without an accepted update that count as stale')),
                ('closed_at', models.DateTimeField(blank=True, null=True)),
            ],
            options={
                'ordering': ['-year'],
                'constraints': [models.CheckConstraint(condition=models.Q(('window_start__lte', models.F('window_end'))), name='cycle_window_in_order'), models.CheckConstraint(condition=models.Q(('cadence_days__gte', 1)), name='cycle_cadence_positive')],
            },
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='cycle',
            trigger=pgtrigger.compiler.Trigger(name='cycle_no_delete', sql=audit.guards.StrictTriggerSql(func="RAISE EXCEPTION 'jejak: % is refused on %: its rows are kept', TG_OP, TG_TABLE_NAME;", hash='08900d60b3a6a4f41d0c786558aa7f775f6f9227', level='STATEMENT', operation='DELETE OR TRUNCATE', pgid='pgtrigger_cycle_no_delete_f0ccd', table='recommendations_cycle', when='BEFORE')),
        ),
        migrations.AddField(
            model_name='cycleversion',
            name='cycle',
            field=models.ForeignKey(on_delete=django.db.models.deletion.DO_NOTHING, related_name='versions', to='recommendations.cycle'),
        ),
        migrations.AddField(
            model_name='item',
            name='cycle',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='items', to='recommendations.cycle'),
        ),
        migrations.AddField(
            model_name='assignmentversion',
            name='item',
            field=models.ForeignKey(on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='recommendations.item'),
        ),
        migrations.AddField(
            model_name='assignment',
            name='item',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='assignments', to='recommendations.item'),
        ),
        migrations.AddField(
            model_name='itemlink',
            name='answer',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='links_in', to='recommendations.item'),
        ),
        migrations.AddField(
            model_name='itemlink',
            name='weakness',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='links_out', to='recommendations.item'),
        ),
        migrations.AddField(
            model_name='item',
            name='answers',
            field=models.ManyToManyField(related_name='answered', through='recommendations.ItemLink', to='recommendations.item'),
        ),
        migrations.AddField(
            model_name='itemlinkversion',
            name='answer',
            field=models.ForeignKey(on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='recommendations.item'),
        ),
        migrations.AddField(
            model_name='itemlinkversion',
            name='weakness',
            field=models.ForeignKey(on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='recommendations.item'),
        ),
        migrations.AddField(
            model_name='itemversion',
            name='item',
            field=models.ForeignKey(on_delete=django.db.models.deletion.DO_NOTHING, related_name='versions', to='recommendations.item'),
        ),
        migrations.AddField(
            model_name='review',
            name='assignment',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='reviews', to='recommendations.assignment'),
        ),
        migrations.AddField(
            model_name='review',
            name='item',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='reviews', to='recommendations.item'),
        ),
        migrations.AddField(
            model_name='review',
            name='reviewer',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='review',
            name='supersedes',
            field=models.OneToOneField(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='superseded_by', to='recommendations.review'),
        ),
        migrations.AddField(
            model_name='submission',
            name='submitted_by',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='review',
            name='submission',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='reviews', to='recommendations.submission'),
        ),
        migrations.AddField(
            model_name='submissiondocument',
            name='document',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='submission_links', to='evidence.document'),
        ),
        migrations.AddField(
            model_name='submissiondocument',
            name='submission',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='document_links', to='recommendations.submission'),
        ),
        migrations.AddField(
            model_name='submission',
            name='documents',
            field=models.ManyToManyField(related_name='submissions', through='recommendations.SubmissionDocument', to='evidence.document'),
        ),
        migrations.AddField(
            model_name='update',
            name='assignment',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='updates', to='recommendations.assignment'),
        ),
        migrations.AddField(
            model_name='update',
            name='created_by',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='update',
            name='documents',
            field=models.ManyToManyField(related_name='+', through='recommendations.Citation', to='evidence.document'),
        ),
        migrations.AddField(
            model_name='update',
            name='saved_by',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='submission',
            name='update',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='submissions', to='recommendations.update'),
        ),
        migrations.AddField(
            model_name='citation',
            name='update',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='citations', to='recommendations.update'),
        ),
        migrations.AddIndex(
            model_name='action',
            index=models.Index(fields=['assignment', 'due_on'], name='action_by_assignment'),
        ),
        migrations.AddConstraint(
            model_name='action',
            constraint=models.CheckConstraint(condition=models.Q(('done_on', None), ('cancelled_at', None), _connector='OR'), name='action_done_or_cancelled'),
        ),
        migrations.AddConstraint(
            model_name='action',
            constraint=models.CheckConstraint(condition=models.Q(('cancelled_at', None), models.Q(('cancelled_reason', ''), _negated=True), _connector='OR'), name='action_cancelled_with_reason'),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='action',
            trigger=pgtrigger.compiler.Trigger(name='action_no_delete', sql=audit.guards.StrictTriggerSql(func="RAISE EXCEPTION 'jejak: % is refused on %: its rows are kept', TG_OP, TG_TABLE_NAME;", hash='0f0716be767c2a82c9e85a9d4ae073683b92cdb2', level='STATEMENT', operation='DELETE OR TRUNCATE', pgid='pgtrigger_action_no_delete_ed612', table='recommendations_action', when='BEFORE')),
        ),
        migrations.AddConstraint(
            model_name='assignmentofficer',
            constraint=models.UniqueConstraint(fields=('assignment', 'user'), name='assignment_officer_once'),
        ),
        migrations.AddConstraint(
            model_name='assignmentrequest',
            constraint=models.UniqueConstraint(condition=models.Q(('answer', '')), fields=('assignment',), name='request_one_unanswered'),
        ),
        migrations.AddConstraint(
            model_name='assignmentrequest',
            constraint=models.CheckConstraint(condition=models.Q(('kind__in', ['decline', 'later'])), name='request_kind_known'),
        ),
        migrations.AddConstraint(
            model_name='assignmentrequest',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('kind', 'later'), _negated=True), ('proposed_on__isnull', False), _connector='OR'), name='request_later_has_date'),
        ),
        migrations.AddConstraint(
            model_name='assignmentrequest',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('answer', ''), ('answered_at', None), ('answered_by', None)), models.Q(('answer__in', ['granted', 'refused']), ('answered_at__isnull', False), ('answered_by__isnull', False)), _connector='OR'), name='request_answer_whole'),
        ),
        migrations.AddConstraint(
            model_name='assignmentrequest',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('answer', 'refused'), _negated=True), models.Q(('answer_reason', ''), _negated=True), _connector='OR'), name='request_refused_with_reason'),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='assignmentrequest',
            trigger=pgtrigger.compiler.Trigger(name='assignmentrequest_no_delete', sql=audit.guards.StrictTriggerSql(func="RAISE EXCEPTION 'jejak: % is refused on %: its rows are kept', TG_OP, TG_TABLE_NAME;", hash='ed3ac3d364317d2ada5ce53edf4710a44d5fa60f', level='STATEMENT', operation='DELETE OR TRUNCATE', pgid='pgtrigger_assignmentrequest_no_delete_56a44', table='recommendations_assignmentrequest', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='assignmentrequest',
            trigger=pgtrigger.compiler.Trigger(name='assignmentrequest_asked_at_is_now', sql=audit.guards.StrictTriggerSql(func="\n        IF NEW.asked_at IS NOT NULL\n           AND (TG_OP = 'INSERT' OR to_jsonb(NEW) -> 'asked_at' IS DISTINCT FROM\n                                    to_jsonb(OLD) -> 'asked_at')\n           AND abs(extract(epoch FROM NEW.asked_at - jejak_now())) > 300 THEN\n            RAISE EXCEPTION 'jejak: % of % must be the present instant, not %',\n                'asked_at', TG_TABLE_NAME, NEW.asked_at;\n        END IF;\n        RETURN NEW;\n        ", hash='ccfe308ae1b2e824fe4e87a558d9ba3eea1baec8', operation='INSERT OR UPDATE', pgid='pgtrigger_assignmentrequest_asked_at_is_now_76080', table='recommendations_assignmentrequest', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='assignmentrequest',
            trigger=pgtrigger.compiler.Trigger(name='assignmentrequest_answered_at_is_now', sql=audit.guards.StrictTriggerSql(func="\n        IF NEW.answered_at IS NOT NULL\n           AND (TG_OP = 'INSERT' OR to_jsonb(NEW) -> 'answered_at' IS DISTINCT FROM\n                                    to_jsonb(OLD) -> 'answered_at')\n           AND abs(extract(epoch FROM NEW.answered_at - jejak_now())) > 300 THEN\n            RAISE EXCEPTION 'jejak: % of % must be the present instant, not %',\n                'answered_at', TG_TABLE_NAME, NEW.answered_at;\n        END IF;\n        RETURN NEW;\n        ", hash='01713a9bd85f673694e31da91dd7c8614f72adc8', operation='INSERT OR UPDATE', pgid='pgtrigger_assignmentrequest_answered_at_is_now_94c6e', table='recommendations_assignmentrequest', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='assignmentrequest',
            trigger=pgtrigger.compiler.Trigger(name='assignmentrequest_kept', sql=audit.guards.StrictTriggerSql(func="\n        IF OLD.assignment_id IS DISTINCT FROM NEW.assignment_id OR OLD.kind IS DISTINCT FROM NEW.kind OR OLD.reason IS DISTINCT FROM NEW.reason OR OLD.proposed_on IS DISTINCT FROM NEW.proposed_on OR OLD.asked_by_id IS DISTINCT FROM NEW.asked_by_id OR OLD.asked_at IS DISTINCT FROM NEW.asked_at THEN\n            RAISE EXCEPTION 'jejak: % refuses this change (%)', TG_TABLE_NAME, 'assignmentrequest_kept';\n        END IF;\n        RETURN NEW;\n        ", hash='8c2fec87711f09725a1336d6ae1962bc339f734e', operation='UPDATE', pgid='pgtrigger_assignmentrequest_kept_2ae09', table='recommendations_assignmentrequest', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='assignmentrequest',
            trigger=pgtrigger.compiler.Trigger(name='assignmentrequest_settled', sql=audit.guards.StrictTriggerSql(func="\n        IF OLD.answered_at IS NOT NULL AND (OLD.answered_at IS DISTINCT FROM NEW.answered_at OR OLD.answer IS DISTINCT FROM NEW.answer OR OLD.answer_reason IS DISTINCT FROM NEW.answer_reason OR OLD.answered_by_id IS DISTINCT FROM NEW.answered_by_id) THEN\n            RAISE EXCEPTION 'jejak: % refuses this change (%)', TG_TABLE_NAME, 'assignmentrequest_settled';\n        END IF;\n        RETURN NEW;\n        ", hash='30cee48055e7a1b85fad54234e1e5764f25bf3e4', operation='UPDATE', pgid='pgtrigger_assignmentrequest_settled_2b16f', table='recommendations_assignmentrequest', when='BEFORE')),
        ),
        migrations.AddConstraint(
            model_name='assignment',
            constraint=models.UniqueConstraint(condition=models.Q(('stage', 'ended'), _negated=True), fields=('item', 'agency'), name='assignment_agency_once'),
        ),
        migrations.AddConstraint(
            model_name='assignment',
            constraint=models.UniqueConstraint(condition=models.Q(('role', 'lead'), ('stage', 'confirmed')), fields=('item',), name='assignment_one_lead'),
        ),
        migrations.AddConstraint(
            model_name='assignment',
            constraint=models.UniqueConstraint(condition=models.Q(('role', 'lead'), ('stage', 'suggested')), fields=('item',), name='assignment_one_suggested_lead'),
        ),
        migrations.AddConstraint(
            model_name='assignment',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('stage', 'confirmed'), _negated=True), ('confirmed_at__isnull', False), _connector='OR'), name='assignment_confirmed_when'),
        ),
        migrations.AddConstraint(
            model_name='assignment',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('confirmed_at__isnull', False), ('stage', 'ended'), _negated=True), models.Q(('ended_reason', ''), _negated=True), _connector='OR'), name='assignment_ended_with_reason'),
        ),
        migrations.AddConstraint(
            model_name='assignment',
            constraint=models.CheckConstraint(condition=models.Q(('role__in', ['lead', 'support'])), name='assignment_role_known'),
        ),
        migrations.AddConstraint(
            model_name='assignment',
            constraint=models.CheckConstraint(condition=models.Q(('stage__in', ['suggested', 'confirmed', 'ended'])), name='assignment_stage_known'),
        ),
        migrations.AddConstraint(
            model_name='assignment',
            constraint=models.CheckConstraint(condition=models.Q(('cadence_days', None), ('cadence_days__gte', 1), _connector='OR'), name='assignment_cadence_positive'),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='assignment',
            trigger=pgtrigger.compiler.Trigger(name='assignment_no_delete', sql=audit.guards.StrictTriggerSql(func="RAISE EXCEPTION 'jejak: % is refused on %: its rows are kept', TG_OP, TG_TABLE_NAME;", hash='039d6a4f77312c385304b4d2d87a078cd93726ad', level='STATEMENT', operation='DELETE OR TRUNCATE', pgid='pgtrigger_assignment_no_delete_eb238', table='recommendations_assignment', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='assignment',
            trigger=pgtrigger.compiler.Trigger(name='assignment_kept', sql=audit.guards.StrictTriggerSql(func="\n        IF OLD.item_id IS DISTINCT FROM NEW.item_id OR OLD.agency_id IS DISTINCT FROM NEW.agency_id OR OLD.created_at IS DISTINCT FROM NEW.created_at THEN\n            RAISE EXCEPTION 'jejak: % refuses this change (%)', TG_TABLE_NAME, 'assignment_kept';\n        END IF;\n        RETURN NEW;\n        ", hash='9f550550f0e9992bd828b616e6817228d02e1b73', operation='UPDATE', pgid='pgtrigger_assignment_kept_3cdeb', table='recommendations_assignment', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='assignment',
            trigger=pgtrigger.compiler.Trigger(name='assignment_settled', sql=audit.guards.StrictTriggerSql(func="\n        IF OLD.confirmed_at IS NOT NULL AND (OLD.confirmed_at IS DISTINCT FROM NEW.confirmed_at) THEN\n            RAISE EXCEPTION 'jejak: % refuses this change (%)', TG_TABLE_NAME, 'assignment_settled';\n        END IF;\n        RETURN NEW;\n        ", hash='cf5f344798aaa3f3a3564980402a2f3e64518aed', operation='UPDATE', pgid='pgtrigger_assignment_settled_8b507', table='recommendations_assignment', when='BEFORE')),
        ),
        migrations.AddConstraint(
            model_name='itemlink',
            constraint=models.UniqueConstraint(fields=('weakness', 'answer'), name='item_link_unique'),
        ),
        migrations.AddConstraint(
            model_name='item',
            constraint=models.UniqueConstraint(fields=('cycle', 'kind', 'number'), name='item_number_unique'),
        ),
        migrations.AddConstraint(
            model_name='item',
            constraint=models.CheckConstraint(condition=models.Q(('kind__in', ['recommendation', 'weakness', 'achievement'])), name='item_kind_known'),
        ),
        migrations.AddConstraint(
            model_name='item',
            constraint=models.CheckConstraint(condition=models.Q(('pillar__in', ['prosecution', 'protection', 'prevention', ''])), name='item_pillar_known'),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='item',
            trigger=pgtrigger.compiler.Trigger(name='item_no_delete', sql=audit.guards.StrictTriggerSql(func="RAISE EXCEPTION 'jejak: % is refused on %: its rows are kept', TG_OP, TG_TABLE_NAME;", hash='8cb261aae15ebbe2ce33e571dd47c8ddf308efb7', level='STATEMENT', operation='DELETE OR TRUNCATE', pgid='pgtrigger_item_no_delete_5fe4b', table='recommendations_item', when='BEFORE')),
        ),
        migrations.AddIndex(
            model_name='review',
            index=models.Index(condition=models.Q(('decision', 'accept')), fields=['assignment', '-decided_at', '-id'], include=('status', 'percent'), name='review_newest_verdict'),
        ),
        migrations.AddIndex(
            model_name='review',
            index=models.Index(condition=models.Q(('decision', 'accept')), fields=['item', '-decided_at', '-id'], name='review_item_timeline'),
        ),
        migrations.AddConstraint(
            model_name='review',
            constraint=models.UniqueConstraint(condition=models.Q(('supersedes', None)), fields=('submission',), name='review_one_decision'),
        ),
        migrations.AddConstraint(
            model_name='review',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('decision', 'accept'), ('resubmit_by', None), models.Q(models.Q(('percent', 0), ('status', 'none')), models.Q(('percent', 100), ('status', 'done')), models.Q(('percent__gt', 0), ('percent__lt', 100), ('status', 'progress')), _connector='OR')), models.Q(('decision', 'return'), ('percent', None), ('resubmit_by__isnull', False), ('status', ''), ('supersedes', None), models.Q(('reason', ''), _negated=True)), _connector='OR'), name='review_whole'),
        ),
        migrations.AddConstraint(
            model_name='review',
            constraint=models.CheckConstraint(condition=models.Q(('supersedes', None), models.Q(('reason', ''), _negated=True), _connector='OR'), name='review_supersedes_with_reason'),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='review',
            trigger=pgtrigger.compiler.Trigger(name='review_append_only', sql=audit.guards.StrictTriggerSql(func="RAISE EXCEPTION 'jejak: % is refused on %: its rows are kept', TG_OP, TG_TABLE_NAME;", hash='37f00c38720561695b99e21f80bcc0f3a4a6dbbf', level='STATEMENT', operation='UPDATE OR DELETE OR TRUNCATE', pgid='pgtrigger_review_append_only_336a3', table='recommendations_review', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='review',
            trigger=pgtrigger.compiler.Trigger(name='review_decided_at_is_now', sql=audit.guards.StrictTriggerSql(func="\n        IF NEW.decided_at IS NOT NULL\n           AND (TG_OP = 'INSERT' OR to_jsonb(NEW) -> 'decided_at' IS DISTINCT FROM\n                                    to_jsonb(OLD) -> 'decided_at')\n           AND abs(extract(epoch FROM NEW.decided_at - jejak_now())) > 300 THEN\n            RAISE EXCEPTION 'jejak: % of % must be the present instant, not %',\n                'decided_at', TG_TABLE_NAME, NEW.decided_at;\n        END IF;\n        RETURN NEW;\n        ", hash='92ed03e6dbbf6ecc0d961caf154c0ce87adcf602', operation='INSERT OR UPDATE', pgid='pgtrigger_review_decided_at_is_now_36250', table='recommendations_review', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='review',
            trigger=pgtrigger.compiler.Trigger(name='review_of_its_submission', sql=audit.guards.StrictTriggerSql(func="\n        IF (EXISTS (\n                    SELECT FROM public.recommendations_submission submission\n                    JOIN public.recommendations_update update ON update.id = submission.update_id\n                    JOIN public.recommendations_assignment assignment ON assignment.id = update.assignment_id\n                    WHERE submission.id = NEW.submission_id AND assignment.id = NEW.assignment_id\n                      AND assignment.item_id = NEW.item_id\n                ) AND (NEW.supersedes_id IS NULL OR EXISTS (\n                    SELECT FROM public.recommendations_review superseded\n                    WHERE superseded.id = NEW.supersedes_id AND superseded.decision = NEW.decision\n                      AND superseded.submission_id = NEW.submission_id\n                ))) IS NOT TRUE THEN\n            RAISE EXCEPTION 'jejak: % refuses this row (%)', TG_TABLE_NAME, 'of_its_submission';\n        END IF;\n        IF TG_OP = 'DELETE' THEN RETURN OLD; END IF;\n        RETURN NEW;\n    ", hash='29156b68fc4334753f27ab9589d1f494d788a250', operation='INSERT', pgid='pgtrigger_review_of_its_submission_ae2e5', table='recommendations_review', when='BEFORE')),
        ),
        migrations.AddConstraint(
            model_name='submissiondocument',
            constraint=models.UniqueConstraint(fields=('submission', 'document'), name='submission_document_once'),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='submissiondocument',
            trigger=pgtrigger.compiler.Trigger(name='submissiondocument_append_only', sql=audit.guards.StrictTriggerSql(func="RAISE EXCEPTION 'jejak: % is refused on %: its rows are kept', TG_OP, TG_TABLE_NAME;", hash='1ab482236f0628fc949d5918d69f848da1fa0629', level='STATEMENT', operation='UPDATE OR DELETE OR TRUNCATE', pgid='pgtrigger_submissiondocument_append_only_d3d83', table='recommendations_submissiondocument', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='submissiondocument',
            trigger=pgtrigger.compiler.Trigger(name='submissiondocument_with_its_submission', sql=audit.guards.StrictTriggerSql(func="\n        IF (EXISTS (\n                    SELECT FROM public.recommendations_submission submission\n                    JOIN public.recommendations_update update ON update.id = submission.update_id\n                    WHERE submission.id = NEW.submission_id AND update.state IN ('draft', 'returned')\n                      AND NOT EXISTS (\n                          SELECT FROM public.recommendations_review WHERE submission_id = submission.id)\n                )) IS NOT TRUE THEN\n            RAISE EXCEPTION 'jejak: % refuses this row (%)', TG_TABLE_NAME, 'with_its_submission';\n        END IF;\n        IF TG_OP = 'DELETE' THEN RETURN OLD; END IF;\n        RETURN NEW;\n    ", hash='d4e2f1ea41c34a4192ed486e56081d76a9e8a9db', operation='INSERT', pgid='pgtrigger_submissiondocument_with_its_submission_0f45b', table='recommendations_submissiondocument', when='BEFORE')),
        ),
        migrations.AddIndex(
            model_name='update',
            index=models.Index(condition=models.Q(('state', 'submitted')), fields=['submitted_at', 'id'], name='update_queue'),
        ),
        migrations.AddIndex(
            model_name='update',
            index=models.Index(fields=['assignment', '-id'], name='update_newest'),
        ),
        migrations.AddConstraint(
            model_name='update',
            constraint=models.UniqueConstraint(condition=models.Q(('state__in', ('draft', 'submitted', 'returned'))), fields=('assignment',), name='update_one_open'),
        ),
        migrations.AddConstraint(
            model_name='update',
            constraint=models.CheckConstraint(condition=models.Q(('state__in', ['draft', 'submitted', 'returned', 'accepted', 'withdrawn', 'discarded'])), name='update_state_known'),
        ),
        migrations.AddConstraint(
            model_name='update',
            constraint=models.CheckConstraint(condition=models.Q(('status__in', ['none', 'progress', 'done', ''])), name='update_status_known'),
        ),
        migrations.AddConstraint(
            model_name='update',
            constraint=models.CheckConstraint(condition=models.Q(('percent', None), ('percent__lte', 100), _connector='OR'), name='update_percent_bounded'),
        ),
        migrations.AddConstraint(
            model_name='update',
            constraint=models.CheckConstraint(condition=models.Q(('classification__in', [0, 1, 2, 3, 4])), name='update_class_known'),
        ),
        migrations.AddConstraint(
            model_name='update',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('closed_at', None), ('state__in', ('draft', 'submitted', 'returned'))), models.Q(models.Q(('state__in', ('draft', 'submitted', 'returned')), _negated=True), ('closed_at__isnull', False)), _connector='OR'), name='update_closed_when'),
        ),
        migrations.AddConstraint(
            model_name='update',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('is_by_letter', False), ('letter_on', None), ('letter_reference', '')), models.Q(('is_by_letter', True), ('letter_on__isnull', False), models.Q(('letter_reference', ''), _negated=True)), _connector='OR'), name='update_letter_whole'),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='update',
            trigger=pgtrigger.compiler.Trigger(name='update_no_delete', sql=audit.guards.StrictTriggerSql(func="RAISE EXCEPTION 'jejak: % is refused on %: its rows are kept', TG_OP, TG_TABLE_NAME;", hash='db43cedb5dec7ae7453032bcb6b079c47f85cd66', level='STATEMENT', operation='DELETE OR TRUNCATE', pgid='pgtrigger_update_no_delete_c0541', table='recommendations_update', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='update',
            trigger=pgtrigger.compiler.Trigger(name='update_state_moves', sql=audit.guards.StrictTriggerSql(declare='DECLARE _is_valid_transition BOOLEAN;', func='SELECT CONCAT(OLD."state", \':\', NEW."state") = ANY(\'{draft:discarded,draft:submitted,returned:submitted,returned:withdrawn,submitted:accepted,submitted:returned,submitted:withdrawn}\'::text[]) INTO _is_valid_transition; IF (_is_valid_transition IS FALSE AND OLD."state" IS DISTINCT FROM NEW."state") THEN RAISE EXCEPTION \'pgtrigger: Invalid transition of field "state" from "%" to "%" on table %\', OLD."state", NEW."state", TG_TABLE_NAME; ELSE RETURN NEW; END IF;', hash='a232036258afa8b4f2efec4a768fb98bc51cda18', operation='UPDATE', pgid='pgtrigger_update_state_moves_81b51', table='recommendations_update', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='update',
            trigger=pgtrigger.compiler.Trigger(name='update_begins_as_draft', sql=audit.guards.StrictTriggerSql(func="\n                    IF NEW.state <> 'draft' THEN RAISE EXCEPTION 'an update begins as a draft'; END IF;\n                    RETURN NEW;\n                ", hash='70bf1662d3e38353b8edda29febcf11dacaa02ec', operation='INSERT', pgid='pgtrigger_update_begins_as_draft_286bd', table='recommendations_update', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='update',
            trigger=pgtrigger.compiler.Trigger(name='update_content_settled', sql=audit.guards.StrictTriggerSql(func='\n                IF OLD.state NOT IN (\'draft\', \'returned\') AND (OLD."status" IS DISTINCT FROM NEW."status" OR OLD."percent" IS DISTINCT FROM NEW."percent" OR OLD."narrative" IS DISTINCT FROM NEW."narrative" OR OLD."covers_from" IS DISTINCT FROM NEW."covers_from" OR OLD."covers_to" IS DISTINCT FROM NEW."covers_to" OR OLD."classification" IS DISTINCT FROM NEW."classification") THEN\n                    RAISE EXCEPTION \'what was submitted does not change\';\n                END IF;\n                RETURN NEW;\n            ', hash='b94c401330ff7c45bf5ba534296012155e47851f', operation='UPDATE', pgid='pgtrigger_update_content_settled_5cd02', table='recommendations_update', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='update',
            trigger=pgtrigger.compiler.Trigger(name='update_kept', sql=audit.guards.StrictTriggerSql(func="\n        IF OLD.assignment_id IS DISTINCT FROM NEW.assignment_id OR OLD.created_by_id IS DISTINCT FROM NEW.created_by_id OR OLD.created_at IS DISTINCT FROM NEW.created_at THEN\n            RAISE EXCEPTION 'jejak: % refuses this change (%)', TG_TABLE_NAME, 'update_kept';\n        END IF;\n        RETURN NEW;\n        ", hash='c719ea7a558c0bc6aca3d59dfac3399cb731ce39', operation='UPDATE', pgid='pgtrigger_update_kept_f3c3b', table='recommendations_update', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='update',
            trigger=pgtrigger.compiler.Trigger(name='update_settled', sql=audit.guards.StrictTriggerSql(func="\n        IF OLD.closed_at IS NOT NULL AND (OLD.closed_at IS DISTINCT FROM NEW.closed_at OR OLD.state IS DISTINCT FROM NEW.state OR OLD.submitted_at IS DISTINCT FROM NEW.submitted_at OR OLD.saved_by_id IS DISTINCT FROM NEW.saved_by_id OR OLD.is_by_letter IS DISTINCT FROM NEW.is_by_letter) THEN\n            RAISE EXCEPTION 'jejak: % refuses this change (%)', TG_TABLE_NAME, 'update_settled';\n        END IF;\n        RETURN NEW;\n        ", hash='e021c3b8b79e0861fd8ca28bba8d62c817658528', operation='UPDATE', pgid='pgtrigger_update_settled_27fa0', table='recommendations_update', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='update',
            trigger=pgtrigger.compiler.Trigger(name='update_created_at_is_now', sql=audit.guards.StrictTriggerSql(func="\n        IF NEW.created_at IS NOT NULL\n           AND (TG_OP = 'INSERT' OR to_jsonb(NEW) -> 'created_at' IS DISTINCT FROM\n                                    to_jsonb(OLD) -> 'created_at')\n           AND abs(extract(epoch FROM NEW.created_at - jejak_now())) > 300 THEN\n            RAISE EXCEPTION 'jejak: % of % must be the present instant, not %',\n                'created_at', TG_TABLE_NAME, NEW.created_at;\n        END IF;\n        RETURN NEW;\n        ", hash='5c59ec24bd114ee04c886b7a4d7ecde61f5c3cf0', operation='INSERT OR UPDATE', pgid='pgtrigger_update_created_at_is_now_85b36', table='recommendations_update', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='update',
            trigger=pgtrigger.compiler.Trigger(name='update_submitted_at_is_now', sql=audit.guards.StrictTriggerSql(func="\n        IF NEW.submitted_at IS NOT NULL\n           AND (TG_OP = 'INSERT' OR to_jsonb(NEW) -> 'submitted_at' IS DISTINCT FROM\n                                    to_jsonb(OLD) -> 'submitted_at')\n           AND abs(extract(epoch FROM NEW.submitted_at - jejak_now())) > 300 THEN\n            RAISE EXCEPTION 'jejak: % of % must be the present instant, not %',\n                'submitted_at', TG_TABLE_NAME, NEW.submitted_at;\n        END IF;\n        RETURN NEW;\n        ", hash='6a6ad04b57c2fbe18a9527d27b55ccea55ed003a', operation='INSERT OR UPDATE', pgid='pgtrigger_update_submitted_at_is_now_ce6d1', table='recommendations_update', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='update',
            trigger=pgtrigger.compiler.Trigger(name='update_closed_at_is_now', sql=audit.guards.StrictTriggerSql(func="\n        IF NEW.closed_at IS NOT NULL\n           AND (TG_OP = 'INSERT' OR to_jsonb(NEW) -> 'closed_at' IS DISTINCT FROM\n                                    to_jsonb(OLD) -> 'closed_at')\n           AND abs(extract(epoch FROM NEW.closed_at - jejak_now())) > 300 THEN\n            RAISE EXCEPTION 'jejak: % of % must be the present instant, not %',\n                'closed_at', TG_TABLE_NAME, NEW.closed_at;\n        END IF;\n        RETURN NEW;\n        ", hash='7ce2fc2368b2bee9b32f492392c1854f56b7292b', operation='INSERT OR UPDATE', pgid='pgtrigger_update_closed_at_is_now_46d73', table='recommendations_update', when='BEFORE')),
        ),
        migrations.AddConstraint(
            model_name='submission',
            constraint=models.UniqueConstraint(fields=('update', 'number'), name='submission_number_unique'),
        ),
        migrations.AddConstraint(
            model_name='submission',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('percent', 0), ('status', 'none')), models.Q(('percent', 100), ('status', 'done')), models.Q(('percent__gt', 0), ('percent__lt', 100), ('status', 'progress')), _connector='OR'), name='submission_percent_agrees'),
        ),
        migrations.AddConstraint(
            model_name='submission',
            constraint=models.CheckConstraint(condition=models.Q(('covers_from__lte', models.F('covers_to'))), name='submission_covers_in_order'),
        ),
        migrations.AddConstraint(
            model_name='submission',
            constraint=models.CheckConstraint(condition=models.Q(('classification__in', [0, 1, 2, 3, 4])), name='submission_class_known'),
        ),
        migrations.AddConstraint(
            model_name='submission',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('narrative', ''), _negated=True), django.db.models.lookups.LessThanOrEqual(django.db.models.functions.text.Length('narrative'), 5000)), name='submission_narrative_bounded'),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='submission',
            trigger=pgtrigger.compiler.Trigger(name='submission_append_only', sql=audit.guards.StrictTriggerSql(func="RAISE EXCEPTION 'jejak: % is refused on %: its rows are kept', TG_OP, TG_TABLE_NAME;", hash='78f596f60d5230fb58ae764cfbe8d499c128598c', level='STATEMENT', operation='UPDATE OR DELETE OR TRUNCATE', pgid='pgtrigger_submission_append_only_7cf3c', table='recommendations_submission', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='submission',
            trigger=pgtrigger.compiler.Trigger(name='submission_submitted_at_is_now', sql=audit.guards.StrictTriggerSql(func="\n        IF NEW.submitted_at IS NOT NULL\n           AND (TG_OP = 'INSERT' OR to_jsonb(NEW) -> 'submitted_at' IS DISTINCT FROM\n                                    to_jsonb(OLD) -> 'submitted_at')\n           AND abs(extract(epoch FROM NEW.submitted_at - jejak_now())) > 300 THEN\n            RAISE EXCEPTION 'jejak: % of % must be the present instant, not %',\n                'submitted_at', TG_TABLE_NAME, NEW.submitted_at;\n        END IF;\n        RETURN NEW;\n        ", hash='489dbc7c337d04209ab5b68083c6e9a96fb1acc1', operation='INSERT OR UPDATE', pgid='pgtrigger_submission_submitted_at_is_now_49339', table='recommendations_submission', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='submission',
            trigger=pgtrigger.compiler.Trigger(name='submission_of_open_update', sql=audit.guards.StrictTriggerSql(func="\n        IF (EXISTS (\n                    SELECT FROM public.recommendations_update\n                    WHERE id = NEW.update_id AND state IN ('draft', 'returned')\n                )) IS NOT TRUE THEN\n            RAISE EXCEPTION 'jejak: % refuses this row (%)', TG_TABLE_NAME, 'of_open_update';\n        END IF;\n        IF TG_OP = 'DELETE' THEN RETURN OLD; END IF;\n        RETURN NEW;\n    ", hash='4aa2c0a3da11f0c0fd61b68e589bb9e3ed59b7cc', operation='INSERT', pgid='pgtrigger_submission_of_open_update_90c80', table='recommendations_submission', when='BEFORE')),
        ),
        migrations.AddConstraint(
            model_name='citation',
            constraint=models.UniqueConstraint(fields=('update', 'document'), name='citation_once'),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='citation',
            trigger=pgtrigger.compiler.Trigger(name='citation_of_open_update', sql=audit.guards.StrictTriggerSql(func="\n        IF (NOT EXISTS (\n                SELECT FROM public.recommendations_update\n                WHERE id IN (OLD.update_id, NEW.update_id) AND state NOT IN ('draft', 'returned')\n            )) IS NOT TRUE THEN\n            RAISE EXCEPTION 'jejak: % refuses this row (%)', TG_TABLE_NAME, 'of_open_update';\n        END IF;\n        IF TG_OP = 'DELETE' THEN RETURN OLD; END IF;\n        RETURN NEW;\n    ", hash='ec04b48df748796e2f46441b4298f1794079ba88', operation='INSERT OR UPDATE OR DELETE', pgid='pgtrigger_citation_of_open_update_be724', table='recommendations_citation', when='BEFORE')),
        ),
    ]
