import audit.guards
import django.contrib.postgres.fields
import django.core.validators
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
            name='PlanningRun',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('day', models.DateField()),
                ('checked_at', models.DateTimeField()),
                ('planned_count', models.PositiveIntegerField(default=0)),
                ('settled_count', models.PositiveIntegerField(default=0)),
                ('late_count', models.PositiveIntegerField(default=0)),
                ('late_since', models.DateField(null=True)),
            ],
            options={
                'db_table': 'reminders_round',
                'ordering': ['-pk'],
                'triggers': [audit.guards.InstalledGuard('round_no_delete', 'reminders_round', 'BEFORE DELETE OR TRUNCATE', 'guard_refuse()', each='STATEMENT'), audit.guards.InstalledGuard('round_vouched', 'reminders_round', 'BEFORE INSERT OR UPDATE OF checked_at', 'guard_vouched()', each='STATEMENT'), audit.guards.InstalledGuard('round_kept', 'reminders_round', 'BEFORE UPDATE', "guard_refuse_row('round_kept')", condition='(OLD.day, OLD.planned_count, OLD.settled_count, OLD.late_count, OLD.late_since) IS DISTINCT FROM (NEW.day, NEW.planned_count, NEW.settled_count, NEW.late_count, NEW.late_since)')],
            },
        ),
        migrations.CreateModel(
            name='Delivery',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('recipient', models.CharField(max_length=24)),
                ('kind', models.CharField(choices=[('digest', 'Daily digest'), ('urgent', 'Urgent'), ('news', 'Notice')], max_length=8)),
                ('day', models.DateField()),
                ('state', models.CharField(choices=[('waiting', 'Waiting'), ('sent', 'Sent'), ('failed', 'Failed'), ('empty', 'Nothing left to send')], default='waiting', max_length=8)),
                ('message_id', models.CharField(max_length=200, unique=True)),
                ('address', models.CharField(blank=True, max_length=254)),
                ('language', models.CharField(blank=True, choices=[('ms', 'Bahasa Melayu'), ('en', 'English')], max_length=2)),
                ('subject', models.CharField(blank=True, max_length=200)),
                ('made_at', models.DateTimeField()),
                ('next_attempt_at', models.DateTimeField()),
                ('attempts_count', models.PositiveSmallIntegerField(default=0)),
                ('leased_until', models.DateTimeField(null=True)),
                ('settled_at', models.DateTimeField(null=True)),
                ('server_words', models.TextField(blank=True)),
                ('agency', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='accounts.agency')),
                ('user', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'ordering': ['-made_at', '-pk'],
                'triggers': [audit.guards.InstalledGuard('delivery_no_delete', 'reminders_delivery', 'BEFORE DELETE OR TRUNCATE', 'guard_refuse()', each='STATEMENT'), audit.guards.InstalledGuard('delivery_vouched', 'reminders_delivery', 'BEFORE INSERT OR UPDATE OF state, settled_at, message_id, address, subject, server_words', 'guard_vouched()', each='STATEMENT'), audit.guards.InstalledGuard('delivery_kept', 'reminders_delivery', 'BEFORE UPDATE', "guard_refuse_row('delivery_kept')", condition='(OLD.recipient, OLD.user_id, OLD.agency_id, OLD.kind, OLD.day, OLD.made_at) IS DISTINCT FROM (NEW.recipient, NEW.user_id, NEW.agency_id, NEW.kind, NEW.day, NEW.made_at)')],
            },
        ),
        migrations.CreateModel(
            name='Attempt',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('message_id', models.CharField(max_length=200)),
                ('began_at', models.DateTimeField()),
                ('ended_at', models.DateTimeField(null=True)),
                ('outcome', models.CharField(blank=True, choices=[('sent', 'Accepted by the server'), ('temporary', 'Refused temporarily'), ('permanent', 'Refused permanently'), ('unknown', 'Connection lost')], max_length=10)),
                ('server_words', models.TextField(blank=True)),
                ('delivery', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='attempts', to='reminders.delivery')),
            ],
            options={
                'ordering': ['pk'],
                'triggers': [audit.guards.InstalledGuard('attempt_no_delete', 'reminders_attempt', 'BEFORE DELETE OR TRUNCATE', 'guard_refuse()', each='STATEMENT'), audit.guards.InstalledGuard('attempt_vouched', 'reminders_attempt', 'BEFORE INSERT OR UPDATE OF ended_at, outcome, server_words', 'guard_vouched()', each='STATEMENT'), audit.guards.InstalledGuard('attempt_kept', 'reminders_attempt', 'BEFORE UPDATE', "guard_refuse_row('attempt_kept')", condition='(OLD.delivery_id, OLD.message_id, OLD.began_at) IS DISTINCT FROM (NEW.delivery_id, NEW.message_id, NEW.began_at)'), audit.guards.InstalledGuard('attempt_settled', 'reminders_attempt', 'BEFORE UPDATE', "guard_refuse_row('attempt_settled')", condition='OLD.ended_at IS NOT NULL AND (OLD.ended_at, OLD.outcome, OLD.server_words) IS DISTINCT FROM (NEW.ended_at, NEW.outcome, NEW.server_words)')],
            },
        ),
        migrations.CreateModel(
            name='Notice',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('what', models.CharField(max_length=24)),
                ('about', models.JSONField(default=dict)),
                ('texts', models.JSONField(null=True)),
                ('path', models.CharField(max_length=200)),
                ('made_at', models.DateTimeField()),
                ('mail_after', models.DateTimeField(null=True)),
                ('read_at', models.DateTimeField(null=True)),
                ('delivery', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='notices', to='reminders.delivery')),
                ('user', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'ordering': ['-made_at', '-pk'],
                'triggers': [audit.guards.InstalledGuard('notice_no_delete', 'reminders_notice', 'BEFORE DELETE OR TRUNCATE', 'guard_refuse()', each='STATEMENT'), audit.guards.InstalledGuard('notice_is_now', 'reminders_notice', 'BEFORE INSERT OR UPDATE', "guard_present('made_at')"), audit.guards.InstalledGuard('notice_kept', 'reminders_notice', 'BEFORE UPDATE', "guard_refuse_row('notice_kept')", condition='(OLD.user_id, OLD.what, OLD.about, OLD.texts, OLD.path, OLD.made_at, OLD.mail_after) IS DISTINCT FROM (NEW.user_id, NEW.what, NEW.about, NEW.texts, NEW.path, NEW.made_at, NEW.mail_after)'), audit.guards.InstalledGuard('notice_read_settled', 'reminders_notice', 'BEFORE UPDATE', "guard_refuse_row('notice_read_settled')", condition='OLD.read_at IS NOT NULL AND (OLD.read_at) IS DISTINCT FROM (NEW.read_at)'), audit.guards.InstalledGuard('notice_mailed', 'reminders_notice', 'BEFORE UPDATE', "guard_refuse_row('notice_mailed')", condition='OLD.delivery_id IS NOT NULL AND NEW.delivery_id IS NULL')],
            },
        ),
        migrations.CreateModel(
            name='Nudge',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('line', models.CharField(blank=True, max_length=200)),
                ('sent_at', models.DateTimeField()),
                ('assignment', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='recommendations.assignment')),
                ('sent_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'ordering': ['-sent_at', '-pk'],
                'triggers': [audit.guards.InstalledGuard('nudge_append_only', 'reminders_nudge', 'BEFORE UPDATE OR DELETE OR TRUNCATE', 'guard_refuse()', each='STATEMENT'), audit.guards.InstalledGuard('nudge_is_now', 'reminders_nudge', 'BEFORE INSERT OR UPDATE', "guard_present('sent_at')"), audit.guards.InstalledGuard('nudge_acts', 'reminders_nudge', 'AFTER INSERT OR UPDATE', "guard_acted('sent_by_id')", condition='NEW.sent_by_id IS NOT NULL')],
            },
        ),
        migrations.CreateModel(
            name='Preference',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('hour', models.PositiveSmallIntegerField(default=8, validators=[django.core.validators.MinValueValidator(7), django.core.validators.MaxValueValidator(17)], verbose_name='hour of the digest')),
                ('muted', django.contrib.postgres.fields.ArrayField(base_field=models.CharField(choices=[('update_due', 'Next update due'), ('final_due', 'Final due date'), ('action_due', 'Step due'), ('returned', 'Update returned'), ('resubmit_due', 'Returned update to be sent again'), ('letter', 'Update entered from a letter'), ('review_waiting', 'Update waiting for a decision'), ('request_waiting', 'Request waiting for an answer'), ('interim', 'Interim date'), ('window_end', 'End of the window'), ('submission', 'Information due'), ('figures_due', 'Figures of a month owed'), ('figures_returned', 'Figures returned'), ('figures_waiting', 'Figures waiting for a decision'), ('nudge', 'Nudge from MAPO')], max_length=16), blank=True, default=list, size=None)),
                ('feed_number', models.PositiveIntegerField(default=0)),
                ('user', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='reminder_preference', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'triggers': [audit.guards.InstalledGuard('preference_no_delete', 'reminders_preference', 'BEFORE DELETE OR TRUNCATE', 'guard_refuse()', each='STATEMENT'), audit.guards.InstalledGuard('preference_kept', 'reminders_preference', 'BEFORE UPDATE', "guard_refuse_row('preference_kept')", condition='(OLD.user_id) IS DISTINCT FROM (NEW.user_id)'), audit.guards.InstalledGuard('preference_feed_renewed', 'reminders_preference', 'BEFORE UPDATE', "guard_refuse_row('preference_feed_renewed')", condition='NEW.feed_number < OLD.feed_number')],
            },
        ),
        migrations.CreateModel(
            name='ReminderRule',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('what', models.CharField(choices=[('update_due', 'Next update due'), ('final_due', 'Final due date'), ('action_due', 'Step due'), ('returned', 'Update returned'), ('resubmit_due', 'Returned update to be sent again'), ('letter', 'Update entered from a letter'), ('review_waiting', 'Update waiting for a decision'), ('request_waiting', 'Request waiting for an answer'), ('interim', 'Interim date'), ('window_end', 'End of the window'), ('submission', 'Information due')], max_length=16, verbose_name='date')),
                ('audience', models.CharField(choices=[('responsible', 'Responsible officers'), ('coordinator', 'Coordinators of the agency'), ('mapo', 'MAPO')], max_length=12, verbose_name='who is told first')),
                ('first_days', models.SmallIntegerField(validators=[django.core.validators.MinValueValidator(-90), django.core.validators.MaxValueValidator(90)], verbose_name='working days from the date')),
                ('every_days', models.PositiveSmallIntegerField(blank=True, null=True, validators=[django.core.validators.MinValueValidator(1)], verbose_name='again every so many working days')),
                ('times', models.PositiveSmallIntegerField(blank=True, null=True, validators=[django.core.validators.MinValueValidator(1)], verbose_name='how many times more')),
                ('coordinator_days', models.SmallIntegerField(blank=True, null=True, verbose_name='working days until the coordinators are told')),
                ('mapo_days', models.SmallIntegerField(blank=True, null=True, verbose_name='working days until MAPO is told')),
                ('is_urgent', models.BooleanField(default=False, verbose_name='goes out at once, outside the digest')),
                ('is_on', models.BooleanField(default=True, verbose_name='switched on')),
                ('added_at', models.DateTimeField()),
                ('cycle', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='recommendations.cycle')),
            ],
            options={
                'ordering': ['pk'],
                'triggers': [audit.guards.InstalledGuard('rule_no_delete', 'reminders_reminderrule', 'BEFORE DELETE OR TRUNCATE', 'guard_refuse()', each='STATEMENT'), audit.guards.InstalledGuard('rule_kept', 'reminders_reminderrule', 'BEFORE UPDATE', "guard_refuse_row('rule_kept')", condition='(OLD.cycle_id, OLD.added_at) IS DISTINCT FROM (NEW.cycle_id, NEW.added_at)')],
            },
        ),
        migrations.CreateModel(
            name='Reminder',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('recipient', models.CharField(max_length=24)),
                ('matter', models.CharField(max_length=40)),
                ('what', models.CharField(choices=[('update_due', 'Next update due'), ('final_due', 'Final due date'), ('action_due', 'Step due'), ('returned', 'Update returned'), ('resubmit_due', 'Returned update to be sent again'), ('letter', 'Update entered from a letter'), ('review_waiting', 'Update waiting for a decision'), ('request_waiting', 'Request waiting for an answer'), ('interim', 'Interim date'), ('window_end', 'End of the window'), ('submission', 'Information due'), ('figures_due', 'Figures of a month owed'), ('figures_returned', 'Figures returned'), ('figures_waiting', 'Figures waiting for a decision'), ('nudge', 'Nudge from MAPO')], max_length=16)),
                ('due_on', models.DateField()),
                ('level', models.SmallIntegerField(db_column='rung')),
                ('step', models.CharField(choices=[('responsible', 'Responsible officers'), ('coordinator', 'Coordinators of the agency'), ('mapo', 'MAPO')], max_length=12)),
                ('is_escalation', models.BooleanField(default=False)),
                ('is_urgent', models.BooleanField(default=False)),
                ('is_muted', models.BooleanField(default=False)),
                ('month', models.DateField(null=True)),
                ('send_on', models.DateField()),
                ('planned_at', models.DateTimeField()),
                ('sent_at', models.DateTimeField(null=True)),
                ('settled_at', models.DateTimeField(null=True)),
                ('read_at', models.DateTimeField(null=True)),
                ('about', models.ForeignKey(db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='accounts.agency')),
                ('action', models.ForeignKey(db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='recommendations.action')),
                ('agency', models.ForeignKey(db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='accounts.agency')),
                ('assignment', models.ForeignKey(db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='recommendations.assignment')),
                ('cycle', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='recommendations.cycle')),
                ('delivery', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='reminders', to='reminders.delivery')),
                ('in_place_of', models.ForeignKey(db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('nudge', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='reminders', to='reminders.nudge')),
                ('update', models.ForeignKey(db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='recommendations.update')),
                ('user', models.ForeignKey(db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('rule', models.ForeignKey(db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='reminders.reminderrule')),
            ],
            options={
                'ordering': ['-planned_at', '-pk'],
                'triggers': [audit.guards.InstalledGuard('reminder_no_delete', 'reminders_reminder', 'BEFORE DELETE OR TRUNCATE', 'guard_refuse()', each='STATEMENT'), audit.guards.InstalledGuard('reminder_vouched', 'reminders_reminder', 'BEFORE INSERT OR UPDATE OF delivery_id, sent_at, settled_at', 'guard_vouched()', each='STATEMENT'), audit.guards.InstalledGuard('reminder_kept', 'reminders_reminder', 'BEFORE UPDATE', "guard_refuse_row('reminder_kept')", condition='(OLD.recipient, OLD.user_id, OLD.agency_id, OLD.matter, OLD.what, OLD.due_on, OLD.rung, OLD.step, OLD.is_escalation, OLD.is_urgent, OLD.in_place_of_id, OLD.cycle_id, OLD.about_id, OLD.assignment_id, OLD.update_id, OLD.action_id, OLD.month, OLD.rule_id, OLD.nudge_id, OLD.send_on, OLD.planned_at) IS DISTINCT FROM (NEW.recipient, NEW.user_id, NEW.agency_id, NEW.matter, NEW.what, NEW.due_on, NEW.rung, NEW.step, NEW.is_escalation, NEW.is_urgent, NEW.in_place_of_id, NEW.cycle_id, NEW.about_id, NEW.assignment_id, NEW.update_id, NEW.action_id, NEW.month, NEW.rule_id, NEW.nudge_id, NEW.send_on, NEW.planned_at)'), audit.guards.InstalledGuard('reminder_read_settled', 'reminders_reminder', 'BEFORE UPDATE', "guard_refuse_row('reminder_read_settled')", condition='OLD.read_at IS NOT NULL AND (OLD.read_at) IS DISTINCT FROM (NEW.read_at)'), audit.guards.InstalledGuard('reminder_said', 'reminders_reminder', 'BEFORE UPDATE', "guard_refuse_row('reminder_said')", condition='OLD.sent_at IS NOT NULL AND NEW.sent_at IS NULL')],
            },
        ),
        migrations.CreateModel(
            name='DayOff',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('day', models.DateField(verbose_name='day')),
                ('place', models.CharField(blank=True, choices=[('JHR', 'Johor'), ('KDH', 'Kedah'), ('KTN', 'Kelantan'), ('MLK', 'Melaka'), ('NSN', 'Negeri Sembilan'), ('PHG', 'Pahang'), ('PRK', 'Perak'), ('PLS', 'Perlis'), ('PNG', 'Pulau Pinang'), ('SBH', 'Sabah'), ('SWK', 'Sarawak'), ('SGR', 'Selangor'), ('TRG', 'Terengganu'), ('KUL', 'Federal Territory of Kuala Lumpur'), ('LBN', 'Federal Territory of Labuan'), ('PJY', 'Federal Territory of Putrajaya')], max_length=3, verbose_name='state or federal territory')),
                ('name', models.CharField(max_length=120, verbose_name='what the day is')),
                ('added_at', models.DateTimeField()),
                ('removed_at', models.DateTimeField(null=True)),
                ('added_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('removed_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'ordering': ['day', 'place', 'pk'],
                'constraints': [models.UniqueConstraint(condition=models.Q(('removed_at', None)), fields=('day', 'place'), name='day_off_once'), models.CheckConstraint(condition=models.Q(('place__in', ['JHR', 'KDH', 'KTN', 'MLK', 'NSN', 'PHG', 'PRK', 'PLS', 'PNG', 'SBH', 'SWK', 'SGR', 'TRG', 'KUL', 'LBN', 'PJY', ''])), name='day_off_place_known')],
                'triggers': [audit.guards.InstalledGuard('dayoff_no_delete', 'reminders_dayoff', 'BEFORE DELETE OR TRUNCATE', 'guard_refuse()', each='STATEMENT'), audit.guards.InstalledGuard('dayoff_kept', 'reminders_dayoff', 'BEFORE UPDATE', "guard_refuse_row('dayoff_kept')", condition='(OLD.day, OLD.place, OLD.name, OLD.added_by_id, OLD.added_at) IS DISTINCT FROM (NEW.day, NEW.place, NEW.name, NEW.added_by_id, NEW.added_at)'), audit.guards.InstalledGuard('dayoff_settled', 'reminders_dayoff', 'BEFORE UPDATE', "guard_refuse_row('dayoff_settled')", condition='OLD.removed_at IS NOT NULL AND (OLD.removed_at, OLD.removed_by_id) IS DISTINCT FROM (NEW.removed_at, NEW.removed_by_id)'), audit.guards.InstalledGuard('dayoff_is_now', 'reminders_dayoff', 'BEFORE INSERT OR UPDATE', "guard_present('added_at', 'removed_at')")],
            },
        ),
        migrations.AddIndex(
            model_name='delivery',
            index=models.Index(condition=models.Q(('state', 'waiting')), fields=['next_attempt_at', 'id'], name='delivery_waiting'),
        ),
        migrations.AddIndex(
            model_name='delivery',
            index=models.Index(fields=['-made_at', '-id'], name='delivery_newest'),
        ),
        migrations.AddConstraint(
            model_name='delivery',
            constraint=models.UniqueConstraint(condition=models.Q(('kind', 'digest')), fields=('recipient', 'day'), name='delivery_one_digest_a_day'),
        ),
        migrations.AddConstraint(
            model_name='delivery',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('agency', None), ('user__isnull', False)), models.Q(('agency__isnull', False), ('user', None)), _connector='OR'), name='delivery_one_recipient'),
        ),
        migrations.AddConstraint(
            model_name='delivery',
            constraint=models.CheckConstraint(condition=models.Q(('state__in', ['waiting', 'sent', 'failed', 'empty'])), name='delivery_state_known'),
        ),
        migrations.AddConstraint(
            model_name='delivery',
            constraint=models.CheckConstraint(condition=models.Q(('kind__in', ['digest', 'urgent', 'news'])), name='delivery_kind_known'),
        ),
        migrations.AddConstraint(
            model_name='delivery',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('settled_at', None), ('state', 'waiting')), models.Q(models.Q(('state', 'waiting'), _negated=True), ('settled_at__isnull', False)), _connector='OR'), name='delivery_settled_when'),
        ),
        migrations.AddConstraint(
            model_name='attempt',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('ended_at', None), ('outcome', '')), models.Q(('ended_at__isnull', False), ('outcome__in', ['sent', 'temporary', 'permanent', 'unknown'])), _connector='OR'), name='attempt_ended_whole'),
        ),
        migrations.AddIndex(
            model_name='notice',
            index=models.Index(fields=['user', '-made_at', '-id'], name='notice_of_person'),
        ),
        migrations.AddIndex(
            model_name='notice',
            index=models.Index(condition=models.Q(('delivery', None), ('mail_after__isnull', False), ('read_at', None)), fields=['mail_after', 'id'], name='notice_to_mail'),
        ),
        migrations.AddConstraint(
            model_name='notice',
            constraint=models.UniqueConstraint(condition=models.Q(('read_at', None)), fields=('user', 'what', 'path', 'about'), include=('id',), name='notice_unread_once'),
        ),
        migrations.AddConstraint(
            model_name='notice',
            constraint=models.CheckConstraint(condition=models.Q(('path__regex', '^/([^/\\\\]|$)')), name='notice_leads_within'),
        ),
        migrations.AddIndex(
            model_name='nudge',
            index=models.Index(fields=['assignment', '-sent_at'], name='nudge_by_assignment'),
        ),
        migrations.AddConstraint(
            model_name='preference',
            constraint=models.CheckConstraint(condition=models.Q(('hour__gte', 7), ('hour__lt', 18)), name='preference_hour_open'),
        ),
        migrations.AddConstraint(
            model_name='reminderrule',
            constraint=models.CheckConstraint(condition=models.Q(('what__in', ('update_due', 'final_due', 'action_due', 'returned', 'resubmit_due', 'letter', 'review_waiting', 'request_waiting', 'interim', 'window_end', 'submission'))), name='rule_what_known'),
        ),
        migrations.AddConstraint(
            model_name='reminderrule',
            constraint=models.CheckConstraint(condition=models.Q(('audience__in', ['responsible', 'coordinator', 'mapo'])), name='rule_audience_known'),
        ),
        migrations.AddConstraint(
            model_name='reminderrule',
            constraint=models.CheckConstraint(condition=models.Q(('every_days', None), ('every_days__gte', 1), _connector='OR'), name='rule_every_positive'),
        ),
        migrations.AddConstraint(
            model_name='reminderrule',
            constraint=models.CheckConstraint(condition=models.Q(('times', None), models.Q(('every_days__isnull', False), ('times__gte', 1)), _connector='OR'), name='rule_times_of_repeats'),
        ),
        migrations.AddIndex(
            model_name='reminder',
            index=models.Index(condition=models.Q(('is_muted', False), ('read_at', None), ('settled_at', None)), fields=['user', 'matter'], include=('about',), name='reminder_unread'),
        ),
        migrations.AddIndex(
            model_name='reminder',
            index=models.Index(fields=['user', '-planned_at', '-id'], name='reminder_of_person'),
        ),
        migrations.AddIndex(
            model_name='reminder',
            index=models.Index(condition=models.Q(('delivery', None), ('is_muted', False), ('sent_at', None), ('settled_at', None)), fields=['recipient'], name='reminder_to_pack'),
        ),
        migrations.AddIndex(
            model_name='reminder',
            index=models.Index(condition=models.Q(('settled_at', None)), fields=['id'], name='reminder_standing'),
        ),
        migrations.AddConstraint(
            model_name='reminder',
            constraint=models.UniqueConstraint(fields=('recipient', 'matter', 'due_on', 'level'), name='reminder_owed_once'),
        ),
        migrations.AddConstraint(
            model_name='reminder',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('agency', None), ('user__isnull', False)), models.Q(('agency__isnull', False), ('user', None)), _connector='OR'), name='reminder_one_recipient'),
        ),
        migrations.AddConstraint(
            model_name='reminder',
            constraint=models.CheckConstraint(condition=models.Q(('what__in', ['update_due', 'final_due', 'action_due', 'returned', 'resubmit_due', 'letter', 'review_waiting', 'request_waiting', 'interim', 'window_end', 'submission', 'figures_due', 'figures_returned', 'figures_waiting', 'nudge'])), name='reminder_what_known'),
        ),
        migrations.AddConstraint(
            model_name='reminder',
            constraint=models.CheckConstraint(condition=models.Q(('step__in', ['responsible', 'coordinator', 'mapo'])), name='reminder_step_known'),
        ),
        migrations.AddConstraint(
            model_name='reminder',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('nudge', None), ('rule__isnull', False)), models.Q(('nudge__isnull', False), ('rule', None)), _connector='OR'), name='reminder_from_rule_or_nudge'),
        ),
    ]
