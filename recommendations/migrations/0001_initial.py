import audit.functions
import audit.guards
import django.db.models.deletion
import django.db.models.functions.datetime
import django.db.models.functions.text
import django.db.models.lookups
import pgtrigger.migrations
import recommendations.models.cycle
import recommendations.states
from django.conf import settings
from django.db import migrations, models



class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('accounts', '0001_initial'),
        ('audit', '0001_initial'),
        ('evidence', '0001_initial'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        audit.functions.LoadFunctions(
            functions=[('assignmentversion_is_turn', '1ee3a758df3c40c61624aa0ff444630d08a415b266921a9920ee36d1b5c912ec'), ('review_is_turn', '170d5a43c591970cdc2728aee3272351eee602369992345b649aeb8c808c1437')],
        ),
        migrations.CreateModel(
            name='Action',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('is_mapo', models.BooleanField(default=False)),
                ('is_decision', models.BooleanField(default=False)),
                ('text', models.CharField(max_length=500, verbose_name='step')),
                ('due_on', models.DateField(verbose_name='due date')),
                ('done_on', models.DateField(blank=True, null=True)),
                ('cancelled_at', models.DateTimeField(blank=True, null=True)),
                ('cancelled_reason', models.TextField(blank=True)),
                ('changed_reason', models.TextField(blank=True, default='')),
                ('proposed_on', models.DateField(blank=True, null=True, verbose_name='proposed date')),
                ('proposed_reason', models.TextField(blank=True, default='')),
                ('created_at', models.DateTimeField()),
                ('agency', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='actions', to='accounts.agency')),
                ('created_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('owner', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('proposed_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'ordering': ['due_on', 'pk'],
                'triggers': [audit.guards.InstalledGuard('action_no_delete', 'recommendations_action', 'BEFORE DELETE OR TRUNCATE', 'guard_refuse()', each='STATEMENT'), audit.guards.InstalledGuard('action_past', 'recommendations_action', 'AFTER INSERT OR DELETE', "keep_past('recommendations_actionversion', 'action_id', 'text', 'owner_id', 'due_on', 'done_on', 'cancelled_at', 'cancelled_reason', 'changed_reason')", at_once=True), audit.guards.InstalledGuard('action_past_change', 'recommendations_action', 'AFTER UPDATE', "keep_past('recommendations_actionversion', 'action_id', 'text', 'owner_id', 'due_on', 'done_on', 'cancelled_at', 'cancelled_reason', 'changed_reason')", condition='(OLD.id, OLD.text, OLD.owner_id, OLD.due_on, OLD.done_on, OLD.cancelled_at, OLD.cancelled_reason, OLD.changed_reason) IS DISTINCT FROM (NEW.id, NEW.text, NEW.owner_id, NEW.due_on, NEW.done_on, NEW.cancelled_at, NEW.cancelled_reason, NEW.changed_reason)', at_once=True), audit.guards.InstalledGuard('action_past_whole', 'recommendations_action', 'BEFORE TRUNCATE', 'guard_refuse()', each='STATEMENT')],
            },
        ),
        migrations.CreateModel(
            name='ActionVersion',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('began_at', models.DateTimeField(editable=False, verbose_name='From')),
                ('ended_at', models.DateTimeField(editable=False, null=True, verbose_name='Until')),
                ('text', models.CharField(max_length=500)),
                ('due_on', models.DateField()),
                ('done_on', models.DateField(null=True)),
                ('cancelled_at', models.DateTimeField(null=True)),
                ('cancelled_reason', models.TextField()),
                ('changed_reason', models.TextField()),
                ('action', models.ForeignKey(on_delete=django.db.models.deletion.DO_NOTHING, related_name='versions', to='recommendations.action')),
                ('owner', models.ForeignKey(null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'abstract': False,
                'indexes': [models.Index(fields=['action', 'began_at'], name='actionversion_past_time')],
                'constraints': [models.UniqueConstraint(condition=models.Q(('ended_at', None)), fields=('action',), name='actionversion_past_now'), models.CheckConstraint(condition=models.Q(('ended_at__gte', models.F('began_at'))), name='actionversion_past_order')],
                'triggers': [audit.guards.InstalledGuard('actionversion_past_guard', 'recommendations_actionversion', 'BEFORE INSERT OR UPDATE', 'past_guard()'), audit.guards.InstalledGuard('actionversion_no_delete', 'recommendations_actionversion', 'BEFORE DELETE OR TRUNCATE', 'guard_refuse()', each='STATEMENT')],
            },
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
            options={
                'triggers': [audit.guards.InstalledGuard('assignment_no_delete', 'recommendations_assignment', 'BEFORE DELETE OR TRUNCATE', 'guard_refuse()', each='STATEMENT'), audit.guards.InstalledGuard('assignment_settled', 'recommendations_assignment', 'BEFORE UPDATE', "guard_refuse_row('assignment_settled')", condition='OLD.confirmed_at IS NOT NULL AND (OLD.confirmed_at) IS DISTINCT FROM (NEW.confirmed_at)'), audit.guards.InstalledGuard('assignment_past', 'recommendations_assignment', 'AFTER INSERT OR DELETE', "keep_past('recommendations_assignmentversion', 'assignment_id', 'item_id', 'agency_id', 'role', 'stage', 'due_on', 'cadence_days', 'next_due_on')", at_once=True), audit.guards.InstalledGuard('assignment_past_whole', 'recommendations_assignment', 'BEFORE TRUNCATE', 'guard_refuse()', each='STATEMENT')],
            },
        ),
        migrations.AddField(
            model_name='action',
            name='assignment',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='actions', to='recommendations.assignment'),
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
                ('answer', models.CharField(blank=True, choices=[('granted', 'Granted'), ('refused', 'Refused'), ('withdrawn', 'Withdrawn by the agency')], max_length=10)),
                ('answer_reason', models.TextField(blank=True)),
                ('answered_at', models.DateTimeField(null=True)),
                ('answered_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('asked_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('assignment', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='requests', to='recommendations.assignment')),
            ],
            options={
                'ordering': ['asked_at', 'id'],
                'triggers': [audit.guards.InstalledGuard('assignmentrequest_no_delete', 'recommendations_assignmentrequest', 'BEFORE DELETE OR TRUNCATE', 'guard_refuse()', each='STATEMENT'), audit.guards.InstalledGuard('assignmentrequest_is_now', 'recommendations_assignmentrequest', 'BEFORE INSERT OR UPDATE', "guard_present('asked_at', 'answered_at')"), audit.guards.InstalledGuard('assignmentrequest_acts', 'recommendations_assignmentrequest', 'AFTER INSERT OR UPDATE', "guard_acted('asked_by_id', 'answered_by_id')", condition='NEW.asked_by_id IS NOT NULL OR NEW.answered_by_id IS NOT NULL'), audit.guards.InstalledGuard('assignmentrequest_kept', 'recommendations_assignmentrequest', 'BEFORE UPDATE', "guard_refuse_row('assignmentrequest_kept')", condition='(OLD.assignment_id, OLD.kind, OLD.reason, OLD.proposed_on, OLD.asked_by_id, OLD.asked_at) IS DISTINCT FROM (NEW.assignment_id, NEW.kind, NEW.reason, NEW.proposed_on, NEW.asked_by_id, NEW.asked_at)'), audit.guards.InstalledGuard('assignmentrequest_settled', 'recommendations_assignmentrequest', 'BEFORE UPDATE', "guard_refuse_row('assignmentrequest_settled')", condition='OLD.answered_at IS NOT NULL AND (OLD.answered_at, OLD.answer, OLD.answer_reason, OLD.answered_by_id) IS DISTINCT FROM (NEW.answered_at, NEW.answer, NEW.answer_reason, NEW.answered_by_id)')],
            },
        ),
        migrations.CreateModel(
            name='Citation',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('follows_update', models.BooleanField(default=False)),
                ('document', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='citations', to='evidence.document')),
            ],
        ),
        migrations.CreateModel(
            name='Comment',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('text', models.TextField(max_length=2000, verbose_name='comment')),
                ('classification', models.PositiveSmallIntegerField(choices=[(0, 'Open'), (1, 'Restricted'), (2, 'Confidential'), (3, 'Secret'), (4, 'Top secret')], default=1)),
                ('written_at', models.DateTimeField()),
                ('assignment', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='comments', to='recommendations.assignment')),
                ('author', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'triggers': [audit.guards.InstalledGuard('comment_append_only', 'recommendations_comment', 'BEFORE UPDATE OR DELETE OR TRUNCATE', 'guard_refuse()', each='STATEMENT'), audit.guards.InstalledGuard('comment_is_now', 'recommendations_comment', 'BEFORE INSERT OR UPDATE', "guard_present('written_at')"), audit.guards.InstalledGuard('comment_acts', 'recommendations_comment', 'AFTER INSERT OR UPDATE', "guard_acted('author_id')", condition='NEW.author_id IS NOT NULL')],
            },
        ),
        migrations.CreateModel(
            name='CommentMention',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('seen_at', models.DateTimeField(blank=True, null=True)),
                ('comment', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='mentions', to='recommendations.comment')),
                ('user', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='mentions', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'triggers': [audit.guards.InstalledGuard('commentmention_no_delete', 'recommendations_commentmention', 'BEFORE DELETE OR TRUNCATE', 'guard_refuse()', each='STATEMENT'), audit.guards.InstalledGuard('commentmention_kept', 'recommendations_commentmention', 'BEFORE UPDATE', "guard_refuse_row('commentmention_kept')", condition='(OLD.comment_id, OLD.user_id) IS DISTINCT FROM (NEW.comment_id, NEW.user_id)'), audit.guards.InstalledGuard('commentmention_settled', 'recommendations_commentmention', 'BEFORE UPDATE', "guard_refuse_row('commentmention_settled')", condition='OLD.seen_at IS NOT NULL AND (OLD.seen_at) IS DISTINCT FROM (NEW.seen_at)'), audit.guards.InstalledGuard('commentmention_is_now', 'recommendations_commentmention', 'BEFORE INSERT OR UPDATE', "guard_present('seen_at')")],
            },
        ),
        migrations.AddField(
            model_name='comment',
            name='mentioned',
            field=models.ManyToManyField(related_name='+', through='recommendations.CommentMention', to=settings.AUTH_USER_MODEL),
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
                ('submission_source_ms', models.CharField(blank=True, db_default='', default='', max_length=200)),
                ('submission_source_en', models.CharField(blank=True, db_default='', default='', max_length=200)),
                ('quote_ms', models.TextField(blank=True, db_default='', default='')),
                ('quote_en', models.TextField(blank=True, db_default='', default='')),
                ('cadence_days', models.PositiveSmallIntegerField(default=30, verbose_name='days between updates')),
                ('due_soon_days', models.PositiveSmallIntegerField(default=7, verbose_name='days before due that count as due soon')),
                ('stale_after_days', models.PositiveSmallIntegerField(default=45, verbose_name='days without an accepted update that count as stale')),
                ('opened_at', models.DateTimeField(blank=True, db_default=django.db.models.functions.datetime.Now(), null=True)),
                ('closed_at', models.DateTimeField(blank=True, null=True)),
            ],
            options={
                'ordering': ['-year'],
                'constraints': [models.CheckConstraint(condition=models.Q(('window_start__lte', models.F('window_end'))), name='cycle_window_in_order'), models.CheckConstraint(condition=models.Q(('cadence_days__gte', 1)), name='cycle_cadence_positive'), models.CheckConstraint(condition=models.Q(('opened_at__isnull', False), ('closed_at__isnull', False), _connector='OR'), name='cycle_closed_until_opened')],
                'triggers': [audit.guards.InstalledGuard('cycle_no_delete', 'recommendations_cycle', 'BEFORE DELETE OR TRUNCATE', 'guard_refuse()', each='STATEMENT'), audit.guards.InstalledGuard('cycle_past', 'recommendations_cycle', 'AFTER INSERT OR DELETE', "keep_past('recommendations_cycleversion', 'cycle_id', 'window_start', 'window_end', 'interim_on', 'submission_on', 'cadence_days', 'due_soon_days', 'stale_after_days', 'closed_at', 'published_on', 'tier_before_ms', 'tier_before_en', 'tier_after_ms', 'tier_after_en', 'source_ms', 'source_en', 'source_on', 'submission_source_ms', 'submission_source_en', 'quote_ms', 'quote_en')", at_once=True), audit.guards.InstalledGuard('cycle_past_change', 'recommendations_cycle', 'AFTER UPDATE', "keep_past('recommendations_cycleversion', 'cycle_id', 'window_start', 'window_end', 'interim_on', 'submission_on', 'cadence_days', 'due_soon_days', 'stale_after_days', 'closed_at', 'published_on', 'tier_before_ms', 'tier_before_en', 'tier_after_ms', 'tier_after_en', 'source_ms', 'source_en', 'source_on', 'submission_source_ms', 'submission_source_en', 'quote_ms', 'quote_en')", condition='(OLD.id, OLD.window_start, OLD.window_end, OLD.interim_on, OLD.submission_on, OLD.cadence_days, OLD.due_soon_days, OLD.stale_after_days, OLD.closed_at, OLD.published_on, OLD.tier_before_ms, OLD.tier_before_en, OLD.tier_after_ms, OLD.tier_after_en, OLD.source_ms, OLD.source_en, OLD.source_on, OLD.submission_source_ms, OLD.submission_source_en, OLD.quote_ms, OLD.quote_en) IS DISTINCT FROM (NEW.id, NEW.window_start, NEW.window_end, NEW.interim_on, NEW.submission_on, NEW.cadence_days, NEW.due_soon_days, NEW.stale_after_days, NEW.closed_at, NEW.published_on, NEW.tier_before_ms, NEW.tier_before_en, NEW.tier_after_ms, NEW.tier_after_en, NEW.source_ms, NEW.source_en, NEW.source_on, NEW.submission_source_ms, NEW.submission_source_en, NEW.quote_ms, NEW.quote_en)', at_once=True), audit.guards.InstalledGuard('cycle_past_whole', 'recommendations_cycle', 'BEFORE TRUNCATE', 'guard_refuse()', each='STATEMENT')],
            },
        ),
        migrations.CreateModel(
            name='CycleFact',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('key', models.CharField(blank=True, max_length=40)),
                ('kind', models.CharField(choices=[('announcement', 'Announcement'), ('programme', 'Programme'), ('partner', 'Partner organisation')], max_length=16, verbose_name='kind')),
                ('happened_on', models.DateField(blank=True, null=True, verbose_name='date')),
                ('title_ms', models.CharField(max_length=120)),
                ('title_en', models.CharField(max_length=120)),
                ('text_ms', models.TextField()),
                ('text_en', models.TextField()),
                ('source_ms', models.CharField(blank=True, max_length=200)),
                ('source_en', models.CharField(blank=True, max_length=200)),
                ('withdrawn_at', models.DateTimeField(blank=True, null=True)),
                ('cycle', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='facts', to='recommendations.cycle')),
            ],
            options={
                'triggers': [audit.guards.InstalledGuard('cyclefact_no_delete', 'recommendations_cyclefact', 'BEFORE DELETE OR TRUNCATE', 'guard_refuse()', each='STATEMENT'), audit.guards.InstalledGuard('cyclefact_is_now', 'recommendations_cyclefact', 'BEFORE INSERT OR UPDATE', "guard_present('withdrawn_at')"), audit.guards.InstalledGuard('cyclefact_past', 'recommendations_cyclefact', 'AFTER INSERT OR DELETE', "keep_past('recommendations_cyclefactversion', 'fact_id', 'kind', 'happened_on', 'title_ms', 'title_en', 'text_ms', 'text_en', 'source_ms', 'source_en', 'withdrawn_at')", at_once=True), audit.guards.InstalledGuard('cyclefact_past_change', 'recommendations_cyclefact', 'AFTER UPDATE', "keep_past('recommendations_cyclefactversion', 'fact_id', 'kind', 'happened_on', 'title_ms', 'title_en', 'text_ms', 'text_en', 'source_ms', 'source_en', 'withdrawn_at')", condition='(OLD.id, OLD.kind, OLD.happened_on, OLD.title_ms, OLD.title_en, OLD.text_ms, OLD.text_en, OLD.source_ms, OLD.source_en, OLD.withdrawn_at) IS DISTINCT FROM (NEW.id, NEW.kind, NEW.happened_on, NEW.title_ms, NEW.title_en, NEW.text_ms, NEW.text_en, NEW.source_ms, NEW.source_en, NEW.withdrawn_at)', at_once=True), audit.guards.InstalledGuard('cyclefact_past_whole', 'recommendations_cyclefact', 'BEFORE TRUNCATE', 'guard_refuse()', each='STATEMENT')],
            },
        ),
        migrations.CreateModel(
            name='CycleFactVersion',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('began_at', models.DateTimeField(editable=False, verbose_name='From')),
                ('ended_at', models.DateTimeField(editable=False, null=True, verbose_name='Until')),
                ('kind', models.CharField(max_length=16)),
                ('happened_on', models.DateField(null=True)),
                ('title_ms', models.CharField(max_length=120)),
                ('title_en', models.CharField(max_length=120)),
                ('text_ms', models.TextField()),
                ('text_en', models.TextField()),
                ('source_ms', models.CharField(blank=True, max_length=200)),
                ('source_en', models.CharField(blank=True, max_length=200)),
                ('withdrawn_at', models.DateTimeField(null=True)),
                ('fact', models.ForeignKey(on_delete=django.db.models.deletion.DO_NOTHING, related_name='versions', to='recommendations.cyclefact')),
            ],
            options={
                'abstract': False,
                'indexes': [models.Index(fields=['fact', 'began_at'], name='cyclefactversion_past_time')],
                'constraints': [models.UniqueConstraint(condition=models.Q(('ended_at', None)), fields=('fact',), name='cyclefactversion_past_now'), models.CheckConstraint(condition=models.Q(('ended_at__gte', models.F('began_at'))), name='cyclefactversion_past_order')],
                'triggers': [audit.guards.InstalledGuard('cyclefactversion_past_guard', 'recommendations_cyclefactversion', 'BEFORE INSERT OR UPDATE', 'past_guard()'), audit.guards.InstalledGuard('cyclefactversion_no_delete', 'recommendations_cyclefactversion', 'BEFORE DELETE OR TRUNCATE', 'guard_refuse()', each='STATEMENT')],
            },
        ),
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
                ('published_on', models.DateField(null=True)),
                ('tier_before_ms', models.CharField(db_default='', max_length=80)),
                ('tier_before_en', models.CharField(db_default='', max_length=80)),
                ('tier_after_ms', models.CharField(db_default='', max_length=80)),
                ('tier_after_en', models.CharField(db_default='', max_length=80)),
                ('source_ms', models.CharField(db_default='', max_length=200)),
                ('source_en', models.CharField(db_default='', max_length=200)),
                ('source_on', models.DateField(null=True)),
                ('submission_source_ms', models.CharField(db_default='', max_length=200)),
                ('submission_source_en', models.CharField(db_default='', max_length=200)),
                ('quote_ms', models.TextField(db_default='')),
                ('quote_en', models.TextField(db_default='')),
                ('cycle', models.ForeignKey(on_delete=django.db.models.deletion.DO_NOTHING, related_name='versions', to='recommendations.cycle')),
            ],
            options={
                'abstract': False,
                'indexes': [models.Index(fields=['cycle', 'began_at'], name='cycleversion_past_time')],
                'constraints': [models.UniqueConstraint(condition=models.Q(('ended_at', None)), fields=('cycle',), name='cycleversion_past_now'), models.CheckConstraint(condition=models.Q(('ended_at__gte', models.F('began_at'))), name='cycleversion_past_order')],
                'triggers': [audit.guards.InstalledGuard('cycleversion_past_guard', 'recommendations_cycleversion', 'BEFORE INSERT OR UPDATE', 'past_guard()'), audit.guards.InstalledGuard('cycleversion_no_delete', 'recommendations_cycleversion', 'BEFORE DELETE OR TRUNCATE', 'guard_refuse()', each='STATEMENT')],
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
                ('title_ms', models.CharField(blank=True, db_default='', default='', max_length=70)),
                ('title_en', models.CharField(blank=True, db_default='', default='', max_length=70)),
                ('pillar', models.CharField(blank=True, choices=[('prosecution', 'Prosecution'), ('protection', 'Protection'), ('prevention', 'Prevention')], max_length=16)),
                ('divergence_ms', models.TextField(blank=True)),
                ('divergence_en', models.TextField(blank=True)),
                ('cycle', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='items', to='recommendations.cycle')),
            ],
            options={
                'triggers': [audit.guards.InstalledGuard('item_no_delete', 'recommendations_item', 'BEFORE DELETE OR TRUNCATE', 'guard_refuse()', each='STATEMENT'), audit.guards.InstalledGuard('item_past', 'recommendations_item', 'AFTER INSERT OR DELETE', "keep_past('recommendations_itemversion', 'item_id', 'text_ms', 'text_en', 'pillar', 'divergence_ms', 'divergence_en', 'title_ms', 'title_en')", at_once=True), audit.guards.InstalledGuard('item_past_change', 'recommendations_item', 'AFTER UPDATE', "keep_past('recommendations_itemversion', 'item_id', 'text_ms', 'text_en', 'pillar', 'divergence_ms', 'divergence_en', 'title_ms', 'title_en')", condition='(OLD.id, OLD.text_ms, OLD.text_en, OLD.pillar, OLD.divergence_ms, OLD.divergence_en, OLD.title_ms, OLD.title_en) IS DISTINCT FROM (NEW.id, NEW.text_ms, NEW.text_en, NEW.pillar, NEW.divergence_ms, NEW.divergence_en, NEW.title_ms, NEW.title_en)', at_once=True), audit.guards.InstalledGuard('item_past_whole', 'recommendations_item', 'BEFORE TRUNCATE', 'guard_refuse()', each='STATEMENT')],
            },
            bases=(recommendations.models.cycle.Titled, models.Model),
        ),
        migrations.CreateModel(
            name='CycleFactItemVersion',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('began_at', models.DateTimeField(editable=False, verbose_name='From')),
                ('ended_at', models.DateTimeField(editable=False, null=True, verbose_name='Until')),
                ('link_id', models.BigIntegerField(db_index=True)),
                ('fact', models.ForeignKey(on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='recommendations.cyclefact')),
                ('item', models.ForeignKey(on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='recommendations.item')),
            ],
            options={
                'abstract': False,
                'indexes': [models.Index(fields=['link_id', 'began_at'], name='cyclefactitemversion_past_time')],
                'constraints': [models.UniqueConstraint(condition=models.Q(('ended_at', None)), fields=('link_id',), name='cyclefactitemversion_past_now'), models.CheckConstraint(condition=models.Q(('ended_at__gte', models.F('began_at'))), name='cyclefactitemversion_past_order')],
                'triggers': [audit.guards.InstalledGuard('cyclefactitemversion_past_guard', 'recommendations_cyclefactitemversion', 'BEFORE INSERT OR UPDATE', 'past_guard()'), audit.guards.InstalledGuard('cyclefactitemversion_no_delete', 'recommendations_cyclefactitemversion', 'BEFORE DELETE OR TRUNCATE', 'guard_refuse()', each='STATEMENT')],
            },
        ),
        migrations.CreateModel(
            name='CycleFactItem',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('fact', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='item_links', to='recommendations.cyclefact')),
                ('item', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='fact_links', to='recommendations.item')),
            ],
            options={
                'triggers': [audit.guards.InstalledGuard('cyclefactitem_past', 'recommendations_cyclefactitem', 'AFTER INSERT OR DELETE', "keep_past('recommendations_cyclefactitemversion', 'link_id', 'fact_id', 'item_id')", at_once=True), audit.guards.InstalledGuard('cyclefactitem_past_change', 'recommendations_cyclefactitem', 'AFTER UPDATE', "keep_past('recommendations_cyclefactitemversion', 'link_id', 'fact_id', 'item_id')", condition='(OLD.id, OLD.fact_id, OLD.item_id) IS DISTINCT FROM (NEW.id, NEW.fact_id, NEW.item_id)', at_once=True), audit.guards.InstalledGuard('cyclefactitem_past_whole', 'recommendations_cyclefactitem', 'BEFORE TRUNCATE', 'guard_refuse()', each='STATEMENT')],
            },
        ),
        migrations.AddField(
            model_name='cyclefact',
            name='items',
            field=models.ManyToManyField(related_name='facts', through='recommendations.CycleFactItem', to='recommendations.item'),
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
                ('is_turn', models.BooleanField(db_default=False, default=False, editable=False)),
                ('agency', models.ForeignKey(on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='accounts.agency')),
                ('assignment', models.ForeignKey(on_delete=django.db.models.deletion.DO_NOTHING, related_name='versions', to='recommendations.assignment')),
                ('item', models.ForeignKey(on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='recommendations.item')),
            ],
            options={
                'triggers': [audit.guards.InstalledGuard('assignmentversion_is_turn', 'recommendations_assignmentversion', 'BEFORE INSERT', 'assignmentversion_is_turn()'), audit.guards.InstalledGuard('assignmentversion_past_guard', 'recommendations_assignmentversion', 'BEFORE INSERT OR UPDATE', 'past_guard()'), audit.guards.InstalledGuard('assignmentversion_no_delete', 'recommendations_assignmentversion', 'BEFORE DELETE OR TRUNCATE', 'guard_refuse()', each='STATEMENT')],
                'indexes': [models.Index(fields=['assignment', 'began_at'], include=('ended_at', 'role', 'stage', 'due_on', 'next_due_on'), name='assignmentversion_past_time')],
                'constraints': [models.UniqueConstraint(condition=models.Q(('ended_at', None)), fields=('assignment',), name='assignmentversion_past_now'), models.CheckConstraint(condition=models.Q(('ended_at__gte', models.F('began_at'))), name='assignmentversion_past_order')],
            },
        ),
        migrations.AddField(
            model_name='assignment',
            name='item',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='assignments', to='recommendations.item'),
        ),
        migrations.AddField(
            model_name='action',
            name='item',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='actions', to='recommendations.item'),
        ),
        migrations.CreateModel(
            name='ItemLink',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('answer', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='links_in', to='recommendations.item')),
                ('weakness', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='links_out', to='recommendations.item')),
            ],
            options={
                'triggers': [audit.guards.InstalledGuard('itemlink_past', 'recommendations_itemlink', 'AFTER INSERT OR DELETE', "keep_past('recommendations_itemlinkversion', 'link_id', 'weakness_id', 'answer_id')", at_once=True), audit.guards.InstalledGuard('itemlink_past_change', 'recommendations_itemlink', 'AFTER UPDATE', "keep_past('recommendations_itemlinkversion', 'link_id', 'weakness_id', 'answer_id')", condition='(OLD.id, OLD.weakness_id, OLD.answer_id) IS DISTINCT FROM (NEW.id, NEW.weakness_id, NEW.answer_id)', at_once=True), audit.guards.InstalledGuard('itemlink_past_whole', 'recommendations_itemlink', 'BEFORE TRUNCATE', 'guard_refuse()', each='STATEMENT')],
            },
        ),
        migrations.AddField(
            model_name='item',
            name='answers',
            field=models.ManyToManyField(related_name='answered', through='recommendations.ItemLink', to='recommendations.item'),
        ),
        migrations.CreateModel(
            name='ItemLinkVersion',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('began_at', models.DateTimeField(editable=False, verbose_name='From')),
                ('ended_at', models.DateTimeField(editable=False, null=True, verbose_name='Until')),
                ('link_id', models.BigIntegerField(db_index=True)),
                ('answer', models.ForeignKey(on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='recommendations.item')),
                ('weakness', models.ForeignKey(on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='recommendations.item')),
            ],
            options={
                'abstract': False,
                'indexes': [models.Index(fields=['link_id', 'began_at'], name='itemlinkversion_past_time')],
                'constraints': [models.UniqueConstraint(condition=models.Q(('ended_at', None)), fields=('link_id',), name='itemlinkversion_past_now'), models.CheckConstraint(condition=models.Q(('ended_at__gte', models.F('began_at'))), name='itemlinkversion_past_order')],
                'triggers': [audit.guards.InstalledGuard('itemlinkversion_past_guard', 'recommendations_itemlinkversion', 'BEFORE INSERT OR UPDATE', 'past_guard()'), audit.guards.InstalledGuard('itemlinkversion_no_delete', 'recommendations_itemlinkversion', 'BEFORE DELETE OR TRUNCATE', 'guard_refuse()', each='STATEMENT')],
            },
        ),
        migrations.CreateModel(
            name='ItemOverride',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('status', models.CharField(choices=[('none', 'No action'), ('progress', 'In progress'), ('done', 'Completed')], max_length=10, verbose_name='status')),
                ('percent', models.PositiveSmallIntegerField(verbose_name='percentage')),
                ('reason', models.TextField(verbose_name='reason')),
                ('set_at', models.DateTimeField()),
                ('ended_at', models.DateTimeField(blank=True, null=True)),
                ('ended_reason', models.TextField(blank=True)),
                ('ended_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('item', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='overrides', to='recommendations.item')),
                ('replaces', models.OneToOneField(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='replaced_by', to='recommendations.itemoverride')),
                ('set_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'triggers': [audit.guards.InstalledGuard('override_no_delete', 'recommendations_itemoverride', 'BEFORE DELETE OR TRUNCATE', 'guard_refuse()', each='STATEMENT'), audit.guards.InstalledGuard('override_kept', 'recommendations_itemoverride', 'BEFORE UPDATE', "guard_refuse_row('override_kept')", condition='(OLD.item_id, OLD.status, OLD.percent, OLD.reason, OLD.set_by_id, OLD.set_at, OLD.replaces_id) IS DISTINCT FROM (NEW.item_id, NEW.status, NEW.percent, NEW.reason, NEW.set_by_id, NEW.set_at, NEW.replaces_id)'), audit.guards.InstalledGuard('override_settled', 'recommendations_itemoverride', 'BEFORE UPDATE', "guard_refuse_row('override_settled')", condition='OLD.ended_at IS NOT NULL AND (OLD.ended_at, OLD.ended_by_id, OLD.ended_reason) IS DISTINCT FROM (NEW.ended_at, NEW.ended_by_id, NEW.ended_reason)'), audit.guards.InstalledGuard('override_is_now', 'recommendations_itemoverride', 'BEFORE INSERT OR UPDATE', "guard_present('set_at', 'ended_at')"), audit.guards.InstalledGuard('override_acts', 'recommendations_itemoverride', 'AFTER INSERT OR UPDATE', "guard_acted('set_by_id', 'ended_by_id')", condition='NEW.set_by_id IS NOT NULL OR NEW.ended_by_id IS NOT NULL')],
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
                ('title_ms', models.CharField(blank=True, db_default='', max_length=70)),
                ('title_en', models.CharField(blank=True, db_default='', max_length=70)),
                ('pillar', models.CharField(blank=True, max_length=16)),
                ('divergence_ms', models.TextField(blank=True, db_default='')),
                ('divergence_en', models.TextField(blank=True, db_default='')),
                ('item', models.ForeignKey(on_delete=django.db.models.deletion.DO_NOTHING, related_name='versions', to='recommendations.item')),
            ],
            options={
                'abstract': False,
                'indexes': [models.Index(fields=['item', 'began_at'], name='itemversion_past_time')],
                'constraints': [models.UniqueConstraint(condition=models.Q(('ended_at', None)), fields=('item',), name='itemversion_past_now'), models.CheckConstraint(condition=models.Q(('ended_at__gte', models.F('began_at'))), name='itemversion_past_order')],
                'triggers': [audit.guards.InstalledGuard('itemversion_past_guard', 'recommendations_itemversion', 'BEFORE INSERT OR UPDATE', 'past_guard()'), audit.guards.InstalledGuard('itemversion_no_delete', 'recommendations_itemversion', 'BEFORE DELETE OR TRUNCATE', 'guard_refuse()', each='STATEMENT')],
            },
        ),
        migrations.CreateModel(
            name='OpeningImport',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('state', models.CharField(choices=[('draft', 'Draft'), ('submitted', 'Awaiting MAPO'), ('returned', 'Returned'), ('accepted', 'Accepted'), ('withdrawn', 'Withdrawn'), ('discarded', 'Discarded')], default='draft', max_length=10)),
                ('file_name', models.CharField(max_length=255)),
                ('sha256', models.CharField(max_length=64)),
                ('rows', models.JSONField()),
                ('classification', models.PositiveSmallIntegerField(choices=[(0, 'Open'), (1, 'Restricted'), (2, 'Confidential'), (3, 'Secret'), (4, 'Top secret')], default=1)),
                ('revision', models.PositiveIntegerField(default=0)),
                ('created_at', models.DateTimeField()),
                ('submitted_at', models.DateTimeField(blank=True, null=True)),
                ('decided_at', models.DateTimeField(blank=True, null=True)),
                ('reason', models.TextField(blank=True)),
                ('resubmit_by', models.DateField(blank=True, null=True)),
                ('closed_at', models.DateTimeField(null=True)),
                ('agency', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='openings', to='accounts.agency')),
                ('created_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('cycle', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='openings', to='recommendations.cycle')),
                ('decided_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('replaces', models.OneToOneField(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='replaced_by', to='recommendations.openingimport')),
                ('submitted_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'ordering': ['-created_at', '-pk'],
                'triggers': [audit.guards.InstalledGuard('opening_no_delete', 'recommendations_openingimport', 'BEFORE DELETE OR TRUNCATE', 'guard_refuse()', each='STATEMENT'), audit.guards.InstalledGuard('opening_state_moves', 'recommendations_openingimport', 'BEFORE UPDATE', "guard_refuse_row('opening_state_moves')", condition="(OLD.state) IS DISTINCT FROM (NEW.state) AND (OLD.state, NEW.state) NOT IN (('draft', 'discarded'), ('draft', 'submitted'), ('returned', 'withdrawn'), ('submitted', 'accepted'), ('submitted', 'returned'), ('submitted', 'withdrawn'))"), audit.guards.InstalledGuard('opening_kept', 'recommendations_openingimport', 'BEFORE UPDATE', "guard_refuse_row('opening_kept')", condition='(OLD.agency_id, OLD.cycle_id, OLD.replaces_id, OLD.created_by_id, OLD.created_at) IS DISTINCT FROM (NEW.agency_id, NEW.cycle_id, NEW.replaces_id, NEW.created_by_id, NEW.created_at)'), audit.guards.InstalledGuard('opening_settled', 'recommendations_openingimport', 'BEFORE UPDATE', "guard_refuse_row('opening_settled')", condition='OLD.submitted_at IS NOT NULL AND (OLD.submitted_at, OLD.submitted_by_id, OLD.rows, OLD.file_name, OLD.sha256, OLD.classification) IS DISTINCT FROM (NEW.submitted_at, NEW.submitted_by_id, NEW.rows, NEW.file_name, NEW.sha256, NEW.classification)'), audit.guards.InstalledGuard('opening_decision_settled', 'recommendations_openingimport', 'BEFORE UPDATE', "guard_refuse_row('opening_decision_settled')", condition='OLD.decided_at IS NOT NULL AND (OLD.decided_at, OLD.decided_by_id, OLD.reason, OLD.resubmit_by) IS DISTINCT FROM (NEW.decided_at, NEW.decided_by_id, NEW.reason, NEW.resubmit_by)'), audit.guards.InstalledGuard('opening_end_settled', 'recommendations_openingimport', 'BEFORE UPDATE', "guard_refuse_row('opening_end_settled')", condition='OLD.closed_at IS NOT NULL AND (OLD.closed_at) IS DISTINCT FROM (NEW.closed_at)'), audit.guards.InstalledGuard('opening_begins_as_draft', 'recommendations_openingimport', 'BEFORE INSERT', "guard_refuse_row('begins_as_draft')", condition="(NEW.state = 'draft') IS NOT TRUE"), audit.guards.InstalledGuard('opening_not_by_writer', 'recommendations_openingimport', 'BEFORE UPDATE', "guard_required('not_by_writer', 'NOT EXISTS (SELECT FROM recommendations_openingwriter WHERE opening_id = $1.id AND user_id = $1.decided_by_id)')"), audit.guards.InstalledGuard('opening_is_now', 'recommendations_openingimport', 'BEFORE INSERT OR UPDATE', "guard_present('created_at', 'submitted_at', 'decided_at', 'closed_at')"), audit.guards.InstalledGuard('opening_acts', 'recommendations_openingimport', 'AFTER INSERT OR UPDATE', "guard_acted('submitted_by_id', 'decided_by_id')", condition='NEW.submitted_by_id IS NOT NULL OR NEW.decided_by_id IS NOT NULL')],
            },
        ),
        migrations.CreateModel(
            name='OpeningWriter',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('opening', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='writers', to='recommendations.openingimport')),
                ('user', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'triggers': [audit.guards.InstalledGuard('openingwriter_append_only', 'recommendations_openingwriter', 'BEFORE UPDATE OR DELETE OR TRUNCATE', 'guard_refuse()', each='STATEMENT')],
            },
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
                ('identities_reason', models.CharField(blank=True, max_length=500)),
                ('submitted_at', models.DateTimeField()),
                ('submitted_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'triggers': [audit.guards.InstalledGuard('submission_append_only', 'recommendations_submission', 'BEFORE UPDATE OR DELETE OR TRUNCATE', 'guard_refuse()', each='STATEMENT'), audit.guards.InstalledGuard('submission_is_now', 'recommendations_submission', 'BEFORE INSERT OR UPDATE', "guard_present('submitted_at')"), audit.guards.InstalledGuard('submission_acts', 'recommendations_submission', 'AFTER INSERT OR UPDATE', "guard_acted('submitted_by_id')", condition='NEW.submitted_by_id IS NOT NULL')],
            },
            bases=(recommendations.states.ShowsStatus, models.Model),
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
                ('is_turn', models.BooleanField(default=False, editable=False)),
                ('assignment', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='reviews', to='recommendations.assignment')),
                ('item', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='reviews', to='recommendations.item')),
                ('reviewer', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('supersedes', models.OneToOneField(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='superseded_by', to='recommendations.review')),
                ('submission', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='reviews', to='recommendations.submission')),
            ],
            options={
                'triggers': [audit.guards.InstalledGuard('review_append_only', 'recommendations_review', 'BEFORE UPDATE OR DELETE OR TRUNCATE', 'guard_refuse()', each='STATEMENT'), audit.guards.InstalledGuard('review_is_now', 'recommendations_review', 'BEFORE INSERT OR UPDATE', "guard_present('decided_at')"), audit.guards.InstalledGuard('review_acts', 'recommendations_review', 'AFTER INSERT OR UPDATE', "guard_acted('reviewer_id')", condition='NEW.reviewer_id IS NOT NULL'), audit.guards.InstalledGuard('review_is_turn', 'recommendations_review', 'BEFORE INSERT', 'review_is_turn()'), audit.guards.InstalledGuard('review_not_by_writer', 'recommendations_review', 'BEFORE INSERT', "guard_required('not_by_writer', 'NOT EXISTS (SELECT FROM recommendations_updatewriter WHERE update_id = (SELECT update_id FROM recommendations_submission WHERE id = $1.submission_id) AND user_id = $1.reviewer_id)')"), audit.guards.InstalledGuard('review_of_its_submission', 'recommendations_review', 'BEFORE INSERT', "guard_required('of_its_submission', '(SELECT assignment_id FROM recommendations_update WHERE id = (SELECT update_id FROM recommendations_submission WHERE id = $1.submission_id)) = $1.assignment_id AND (SELECT item_id FROM recommendations_assignment WHERE id = $1.assignment_id) = $1.item_id AND ($1.supersedes_id IS NULL OR (SELECT decision FROM recommendations_review WHERE id = $1.supersedes_id) = $1.decision AND (SELECT submission_id FROM recommendations_review WHERE id = $1.supersedes_id) = $1.submission_id)')")],
            },
            bases=(recommendations.states.ShowsStatus, models.Model),
        ),
        migrations.CreateModel(
            name='SubmissionDocument',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('document', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='submission_links', to='evidence.document')),
                ('submission', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='document_links', to='recommendations.submission')),
            ],
            options={
                'triggers': [audit.guards.InstalledGuard('submissiondocument_append_only', 'recommendations_submissiondocument', 'BEFORE UPDATE OR DELETE OR TRUNCATE', 'guard_refuse()', each='STATEMENT'), audit.guards.InstalledGuard('submissiondocument_with_its_submission', 'recommendations_submissiondocument', 'BEFORE INSERT', "guard_required('with_its_submission', '(SELECT state FROM recommendations_update WHERE id = (SELECT update_id FROM recommendations_submission WHERE id = $1.submission_id)) IN (''draft'', ''returned'') AND NOT EXISTS (SELECT FROM recommendations_review WHERE submission_id = $1.submission_id)')")],
            },
        ),
        migrations.AddField(
            model_name='submission',
            name='documents',
            field=models.ManyToManyField(related_name='submissions', through='recommendations.SubmissionDocument', to='evidence.document'),
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
                ('reported_on', models.DateField(blank=True, null=True)),
                ('half_typed', models.JSONField(blank=True, default=dict)),
                ('revision', models.PositiveIntegerField(default=0)),
                ('created_at', models.DateTimeField()),
                ('saved_at', models.DateTimeField()),
                ('submitted_at', models.DateTimeField(null=True)),
                ('closed_at', models.DateTimeField(null=True)),
                ('continues', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='continued_by', to='recommendations.update')),
                ('assignment', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='updates', to='recommendations.assignment')),
                ('created_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('documents', models.ManyToManyField(related_name='+', through='recommendations.Citation', to='evidence.document')),
                ('opening', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='updates', to='recommendations.openingimport')),
                ('saved_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'triggers': [audit.guards.InstalledGuard('update_no_delete', 'recommendations_update', 'BEFORE DELETE OR TRUNCATE', 'guard_refuse()', each='STATEMENT'), audit.guards.InstalledGuard('update_state_moves', 'recommendations_update', 'BEFORE UPDATE', "guard_refuse_row('update_state_moves')", condition="(OLD.state) IS DISTINCT FROM (NEW.state) AND (OLD.state, NEW.state) NOT IN (('draft', 'discarded'), ('draft', 'submitted'), ('returned', 'submitted'), ('returned', 'withdrawn'), ('submitted', 'accepted'), ('submitted', 'returned'), ('submitted', 'withdrawn'))"), audit.guards.InstalledGuard('update_begins_as_draft', 'recommendations_update', 'BEFORE INSERT', "guard_refuse_row('begins_as_draft')", condition="(NEW.state = 'draft') IS NOT TRUE"), audit.guards.InstalledGuard('update_alone_or_of_one_lot', 'recommendations_update', 'BEFORE INSERT', "guard_required('alone_or_of_one_lot', 'NOT EXISTS (SELECT FROM recommendations_update WHERE assignment_id = $1.assignment_id AND state IN (''draft'', ''submitted'', ''returned'') AND opening_id IS DISTINCT FROM $1.opening_id)')"), audit.guards.InstalledGuard('update_content_settled', 'recommendations_update', 'BEFORE UPDATE', "guard_refuse_row('update_content_settled')", condition="OLD.state NOT IN ('draft', 'returned') AND (OLD.status, OLD.percent, OLD.narrative, OLD.covers_from, OLD.covers_to, OLD.classification) IS DISTINCT FROM (NEW.status, NEW.percent, NEW.narrative, NEW.covers_from, NEW.covers_to, NEW.classification)"), audit.guards.InstalledGuard('update_kept', 'recommendations_update', 'BEFORE UPDATE', "guard_refuse_row('update_kept')", condition='(OLD.assignment_id, OLD.opening_id, OLD.reported_on, OLD.continues_id, OLD.created_by_id, OLD.created_at) IS DISTINCT FROM (NEW.assignment_id, NEW.opening_id, NEW.reported_on, NEW.continues_id, NEW.created_by_id, NEW.created_at)'), audit.guards.InstalledGuard('update_settled', 'recommendations_update', 'BEFORE UPDATE', "guard_refuse_row('update_settled')", condition='OLD.closed_at IS NOT NULL AND (OLD.closed_at, OLD.state, OLD.submitted_at, OLD.saved_by_id, OLD.is_by_letter) IS DISTINCT FROM (NEW.closed_at, NEW.state, NEW.submitted_at, NEW.saved_by_id, NEW.is_by_letter)'), audit.guards.InstalledGuard('update_is_now', 'recommendations_update', 'BEFORE INSERT OR UPDATE', "guard_present('created_at', 'submitted_at', 'closed_at')")],
            },
            bases=(recommendations.states.ShowsStatus, models.Model),
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
        migrations.CreateModel(
            name='UpdateWriter',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('update', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='writers', to='recommendations.update')),
                ('user', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'triggers': [audit.guards.InstalledGuard('updatewriter_append_only', 'recommendations_updatewriter', 'BEFORE UPDATE OR DELETE OR TRUNCATE', 'guard_refuse()', each='STATEMENT')],
            },
        ),
        migrations.CreateModel(
            name='AskedUpdate',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('due_on', models.DateField(verbose_name='date')),
                ('reason', models.TextField(verbose_name='reason')),
                ('asked_at', models.DateTimeField()),
                ('ended_at', models.DateTimeField(blank=True, null=True)),
                ('asked_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('ended_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('assignment', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='asked_updates', to='recommendations.assignment')),
            ],
            options={
                'constraints': [models.UniqueConstraint(condition=models.Q(('ended_at', None)), fields=('assignment',), name='askedupdate_one_standing'), models.CheckConstraint(condition=models.Q(('reason', ''), _negated=True), name='askedupdate_with_reason'), models.CheckConstraint(condition=models.Q(models.Q(('ended_at', None), ('ended_by', None)), models.Q(('ended_at__gte', models.F('asked_at')), ('ended_by__isnull', False)), _connector='OR'), name='askedupdate_end_whole')],
                'triggers': [audit.guards.InstalledGuard('askedupdate_no_delete', 'recommendations_askedupdate', 'BEFORE DELETE OR TRUNCATE', 'guard_refuse()', each='STATEMENT'), audit.guards.InstalledGuard('askedupdate_kept', 'recommendations_askedupdate', 'BEFORE UPDATE', "guard_refuse_row('askedupdate_kept')", condition='(OLD.assignment_id, OLD.due_on, OLD.reason, OLD.asked_by_id, OLD.asked_at) IS DISTINCT FROM (NEW.assignment_id, NEW.due_on, NEW.reason, NEW.asked_by_id, NEW.asked_at)'), audit.guards.InstalledGuard('askedupdate_settled', 'recommendations_askedupdate', 'BEFORE UPDATE', "guard_refuse_row('askedupdate_settled')", condition='OLD.ended_at IS NOT NULL AND (OLD.ended_at, OLD.ended_by_id) IS DISTINCT FROM (NEW.ended_at, NEW.ended_by_id)'), audit.guards.InstalledGuard('askedupdate_is_now', 'recommendations_askedupdate', 'BEFORE INSERT OR UPDATE', "guard_present('asked_at', 'ended_at')"), audit.guards.InstalledGuard('askedupdate_acts', 'recommendations_askedupdate', 'AFTER INSERT OR UPDATE', "guard_acted('asked_by_id', 'ended_by_id')", condition='NEW.asked_by_id IS NOT NULL OR NEW.ended_by_id IS NOT NULL')],
            },
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
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('answer', ''), ('answered_at', None), ('answered_by', None)), models.Q(('answer__in', ['granted', 'refused', 'withdrawn']), ('answered_at__isnull', False), ('answered_by__isnull', False)), _connector='OR'), name='request_answer_whole'),
        ),
        migrations.AddConstraint(
            model_name='assignmentrequest',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('answer', 'refused'), _negated=True), models.Q(('answer_reason', ''), _negated=True), _connector='OR'), name='request_refused_with_reason'),
        ),
        migrations.AddIndex(
            model_name='commentmention',
            index=models.Index(condition=models.Q(('seen_at', None)), fields=['user', 'id'], name='comment_mention_unseen'),
        ),
        migrations.AddConstraint(
            model_name='commentmention',
            constraint=models.UniqueConstraint(fields=('comment', 'user'), name='comment_mention_once'),
        ),
        migrations.AddIndex(
            model_name='comment',
            index=models.Index(fields=['assignment', 'written_at', 'id'], name='comment_by_assignment'),
        ),
        migrations.AddConstraint(
            model_name='comment',
            constraint=models.CheckConstraint(condition=models.Q(('text', ''), _negated=True), name='comment_has_text'),
        ),
        migrations.AddConstraint(
            model_name='comment',
            constraint=models.CheckConstraint(condition=models.Q(('classification__in', [0, 1, 2, 3, 4])), name='comment_class_known'),
        ),
        migrations.AddConstraint(
            model_name='cyclefactitem',
            constraint=models.UniqueConstraint(fields=('fact', 'item'), name='cyclefact_item_unique'),
        ),
        migrations.AddConstraint(
            model_name='cyclefact',
            constraint=models.UniqueConstraint(condition=models.Q(('key', ''), _negated=True), fields=('cycle', 'key'), name='cyclefact_key_unique'),
        ),
        migrations.AddConstraint(
            model_name='cyclefact',
            constraint=models.CheckConstraint(condition=models.Q(('kind__in', ['announcement', 'programme', 'partner'])), name='cyclefact_kind_known'),
        ),
        migrations.AddConstraint(
            model_name='cyclefact',
            constraint=models.CheckConstraint(condition=models.Q(('title_ms', ''), ('title_en', ''), ('text_ms', ''), ('text_en', ''), _connector='OR', _negated=True), name='cyclefact_in_both_languages'),
        ),
        migrations.AddConstraint(
            model_name='cyclefact',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('source_en', ''), ('source_ms', '')), models.Q(models.Q(('source_ms', ''), _negated=True), models.Q(('source_en', ''), _negated=True)), _connector='OR'), name='cyclefact_source_in_both_languages'),
        ),
        migrations.AddIndex(
            model_name='assignmentversion',
            index=models.Index(condition=models.Q(('is_turn', True)), fields=['item', 'began_at', 'id'], include=('assignment', 'role', 'stage'), name='assignmentversion_turns'),
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
        migrations.AddIndex(
            model_name='action',
            index=models.Index(fields=['assignment', 'due_on'], name='action_by_assignment'),
        ),
        migrations.AddIndex(
            model_name='action',
            index=models.Index(condition=models.Q(models.Q(('is_mapo', True), ('is_decision', True), _connector='OR'), ('cancelled_at', None), ('done_on', None)), fields=['due_on'], name='action_of_mapo_or_council'),
        ),
        migrations.AddConstraint(
            model_name='action',
            constraint=models.CheckConstraint(condition=models.Q(('done_on', None), ('cancelled_at', None), _connector='OR'), name='action_done_or_cancelled'),
        ),
        migrations.AddConstraint(
            model_name='action',
            constraint=models.CheckConstraint(condition=models.Q(('cancelled_at', None), models.Q(('cancelled_reason', ''), _negated=True), _connector='OR'), name='action_cancelled_with_reason'),
        ),
        migrations.AddConstraint(
            model_name='action',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('assignment__isnull', False), ('is_mapo', False)), models.Q(('assignment', None), ('is_mapo', True)), models.Q(('assignment', None), ('is_decision', True)), _connector='OR'), name='action_under_assignment'),
        ),
        migrations.AddConstraint(
            model_name='action',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('proposed_on', None), ('proposed_reason', '')), models.Q(('is_decision', True), ('is_mapo', False), ('proposed_on__isnull', False), models.Q(('proposed_reason', ''), _negated=True)), _connector='OR'), name='action_proposed_whole'),
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
        migrations.AddConstraint(
            model_name='item',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('title_en', ''), ('title_ms', '')), models.Q(models.Q(('title_ms', ''), _negated=True), models.Q(('title_en', ''), _negated=True)), _connector='OR'), name='item_title_in_both_languages'),
        ),
        migrations.AddConstraint(
            model_name='itemoverride',
            constraint=models.UniqueConstraint(condition=models.Q(('ended_at', None)), fields=('item',), name='override_one_standing'),
        ),
        migrations.AddConstraint(
            model_name='itemoverride',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('percent', 0), ('status', 'none')), models.Q(('percent', 100), ('status', 'done')), models.Q(('percent__gt', 0), ('percent__lt', 100), ('status', 'progress')), _connector='OR'), name='override_percent_agrees'),
        ),
        migrations.AddConstraint(
            model_name='itemoverride',
            constraint=models.CheckConstraint(condition=models.Q(('reason', ''), _negated=True), name='override_with_reason'),
        ),
        migrations.AddConstraint(
            model_name='itemoverride',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('ended_at', None), ('ended_by', None), ('ended_reason', '')), models.Q(('ended_at__gte', models.F('set_at')), ('ended_by__isnull', False), models.Q(('ended_reason', ''), _negated=True)), _connector='OR'), name='override_end_whole'),
        ),
        migrations.AddConstraint(
            model_name='openingimport',
            constraint=models.CheckConstraint(condition=models.Q(('state__in', ['draft', 'submitted', 'returned', 'accepted', 'withdrawn', 'discarded'])), name='opening_state_known'),
        ),
        migrations.AddConstraint(
            model_name='openingimport',
            constraint=models.CheckConstraint(condition=models.Q(('classification__in', [0, 1, 2, 3, 4])), name='opening_class_known'),
        ),
        migrations.AddConstraint(
            model_name='openingimport',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('state__in', ['draft', 'discarded']), ('submitted_at', None)), models.Q(('submitted_at__isnull', False), ('submitted_by__isnull', False)), _connector='OR'), name='opening_submitted_whole'),
        ),
        migrations.AddConstraint(
            model_name='openingimport',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('state', 'returned'), _negated=True), models.Q(('decided_at__isnull', False), ('resubmit_by__isnull', False), models.Q(('reason', ''), _negated=True)), _connector='OR'), name='opening_returned_whole'),
        ),
        migrations.AddConstraint(
            model_name='openingimport',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('state', 'accepted'), _negated=True), models.Q(('decided_at__isnull', False), ('decided_by__isnull', False)), _connector='OR'), name='opening_accepted_whole'),
        ),
        migrations.AddConstraint(
            model_name='openingwriter',
            constraint=models.UniqueConstraint(fields=('opening', 'user'), name='opening_writer_once'),
        ),
        migrations.AddIndex(
            model_name='review',
            index=models.Index(condition=models.Q(('decision', 'accept')), fields=['assignment', '-decided_at', '-id'], include=('status', 'percent', 'submission'), name='review_newest_verdict'),
        ),
        migrations.AddIndex(
            model_name='review',
            index=models.Index(condition=models.Q(('decision', 'accept')), fields=['item', '-decided_at', '-id'], name='review_item_timeline'),
        ),
        migrations.AddIndex(
            model_name='review',
            index=models.Index(condition=models.Q(('is_turn', True)), fields=['item', 'decided_at', 'id'], include=('assignment', 'status', 'percent'), name='review_turns'),
        ),
        migrations.AddIndex(
            model_name='review',
            index=models.Index(condition=models.Q(('decision', 'return')), fields=['assignment', 'decided_at'], name='review_returns'),
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
        migrations.AddConstraint(
            model_name='submissiondocument',
            constraint=models.UniqueConstraint(fields=('submission', 'document'), name='submission_document_once'),
        ),
        migrations.AddIndex(
            model_name='update',
            index=models.Index(condition=models.Q(('state', 'submitted')), fields=['submitted_at', 'id'], name='update_queue'),
        ),
        migrations.AddIndex(
            model_name='update',
            index=models.Index(fields=['assignment', '-created_at', '-id'], include=('closed_at', 'reported_on'), name='update_newest_begun'),
        ),
        migrations.AddIndex(
            model_name='update',
            index=models.Index(condition=models.Q(('state__in', ('draft', 'submitted', 'returned'))), fields=['assignment'], name='update_open_by_assignment'),
        ),
        migrations.AddConstraint(
            model_name='update',
            constraint=models.UniqueConstraint(condition=models.Q(('opening', None), ('state__in', ('draft', 'submitted', 'returned'))), fields=('assignment',), name='update_one_open'),
        ),
        migrations.AddConstraint(
            model_name='update',
            constraint=models.UniqueConstraint(fields=('opening', 'assignment', 'reported_on'), name='update_opening_day_once'),
        ),
        migrations.AddConstraint(
            model_name='update',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('opening', None), ('reported_on', None)), models.Q(('opening__isnull', False), ('reported_on__isnull', False)), _connector='OR'), name='update_opening_whole'),
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
        migrations.AddConstraint(
            model_name='citation',
            constraint=models.UniqueConstraint(fields=('update', 'document'), name='citation_once'),
        ),
        migrations.AddConstraint(
            model_name='updatewriter',
            constraint=models.UniqueConstraint(fields=('update', 'user'), name='update_writer_once'),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='assignment',
            trigger=audit.guards.InstalledGuard('assignment_kept', 'recommendations_assignment', 'BEFORE UPDATE', "guard_refuse_row('assignment_kept')", condition='(OLD.item_id, OLD.agency_id, OLD.created_at) IS DISTINCT FROM (NEW.item_id, NEW.agency_id, NEW.created_at)'),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='action',
            trigger=audit.guards.InstalledGuard('action_kept', 'recommendations_action', 'BEFORE UPDATE', "guard_refuse_row('action_kept')", condition='(OLD.item_id, OLD.agency_id, OLD.assignment_id, OLD.is_mapo, OLD.is_decision, OLD.created_by_id, OLD.created_at) IS DISTINCT FROM (NEW.item_id, NEW.agency_id, NEW.assignment_id, NEW.is_mapo, NEW.is_decision, NEW.created_by_id, NEW.created_at)'),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='action',
            trigger=audit.guards.InstalledGuard('action_fits_assignment', 'recommendations_action', 'BEFORE INSERT', "guard_required('fits_assignment', '$1.assignment_id IS NULL OR ((SELECT item_id FROM recommendations_assignment WHERE id = $1.assignment_id), (SELECT agency_id FROM recommendations_assignment WHERE id = $1.assignment_id)) = ($1.item_id, $1.agency_id)')"),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='submission',
            trigger=audit.guards.InstalledGuard('submission_of_open_draft', 'recommendations_submission', 'BEFORE INSERT', "guard_required('of_open_draft', '(SELECT state FROM recommendations_update WHERE id = $1.update_id) IN (''draft'', ''returned'')')"),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='citation',
            trigger=audit.guards.InstalledGuard('citation_of_open_draft', 'recommendations_citation', 'BEFORE INSERT OR UPDATE OR DELETE', "guard_required('of_open_draft', '($2.update_id IS NULL OR (SELECT state FROM recommendations_update WHERE id = $2.update_id) IN (''draft'', ''returned'')) AND ($1.update_id IS NULL OR (SELECT state FROM recommendations_update WHERE id = $1.update_id) IN (''draft'', ''returned''))')"),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='assignment',
            trigger=audit.guards.InstalledGuard('assignment_past_change', 'recommendations_assignment', 'AFTER UPDATE', "keep_past('recommendations_assignmentversion', 'assignment_id', 'item_id', 'agency_id', 'role', 'stage', 'due_on', 'cadence_days', 'next_due_on')", condition='(OLD.id, OLD.item_id, OLD.agency_id, OLD.role, OLD.stage, OLD.due_on, OLD.cadence_days, OLD.next_due_on) IS DISTINCT FROM (NEW.id, NEW.item_id, NEW.agency_id, NEW.role, NEW.stage, NEW.due_on, NEW.cadence_days, NEW.next_due_on)', at_once=True),
        ),
        audit.functions.LoadFunctions(
            functions=[('outcome_at', '8936fd7090c8b4feacc17f14bb414f8d8ba7c3b4839ad4b88c6ae4dde7e7e02c')],
        ),
        migrations.RunSQL(
            sql="CREATE VIEW recommendations_outcome AS SELECT * FROM outcome_at('infinity')",
            reverse_sql="DROP VIEW recommendations_outcome",
        ),
        migrations.CreateModel(
            name='Outcome',
            fields=[
                ('assignment', models.OneToOneField(on_delete=django.db.models.deletion.DO_NOTHING, primary_key=True, related_name='outcome', serialize=False, to='recommendations.assignment')),
                ('status', models.CharField(choices=[('none', 'No action'), ('progress', 'In progress'), ('done', 'Completed')], max_length=10)),
                ('percent', models.PositiveSmallIntegerField()),
                ('decided_at', models.DateTimeField(null=True)),
            ],
            options={
                'managed': False,
            },
            bases=(recommendations.states.ShowsStatus, models.Model),
        ),
    ]
