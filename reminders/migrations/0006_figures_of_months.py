import audit.guards
import django.contrib.postgres.fields
import pgtrigger.compiler
import pgtrigger.migrations
from django.conf import settings
from django.db import migrations, models


#: The former constraint does not know these kinds. They are derived: a planning after a new migration writes them again.
FORGET_FIGURES = """
ALTER TABLE reminders_reminder DISABLE TRIGGER USER;
DELETE FROM reminders_reminder WHERE what IN ('figures_due', 'figures_returned', 'figures_waiting');
ALTER TABLE reminders_reminder ENABLE TRIGGER USER;
"""


class Migration(migrations.Migration):
    """Reminders of the figures of a month."""

    dependencies = [
        ('accounts', '0003_contact_details'),
        ('recommendations', '0017_cycle_facts'),
        ('reminders', '0005_plainer_labels'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        pgtrigger.migrations.RemoveTrigger(
            model_name='reminder',
            name='reminder_kept',
        ),
        migrations.RemoveConstraint(
            model_name='reminder',
            name='reminder_what_known',
        ),
        migrations.RunSQL(migrations.RunSQL.noop, FORGET_FIGURES),
        migrations.AddField(
            model_name='reminder',
            name='month',
            field=models.DateField(null=True),
        ),
        migrations.AlterField(
            model_name='preference',
            name='muted',
            field=django.contrib.postgres.fields.ArrayField(base_field=models.CharField(choices=[('update_due', 'Next update due'), ('final_due', 'Final due date'), ('action_due', 'Step due'), ('returned', 'Update returned'), ('resubmit_due', 'Returned update to be sent again'), ('letter', 'Update entered from a letter'), ('review_waiting', 'Update waiting for a decision'), ('request_waiting', 'Request waiting for an answer'), ('interim', 'Interim date'), ('window_end', 'End of the window'), ('submission', 'Information due'), ('figures_due', 'Figures of a month owed'), ('figures_returned', 'Figures returned'), ('figures_waiting', 'Figures waiting for a decision'), ('nudge', 'Nudge from MAPO')], max_length=16), blank=True, default=list, size=None),
        ),
        migrations.AlterField(
            model_name='reminder',
            name='what',
            field=models.CharField(choices=[('update_due', 'Next update due'), ('final_due', 'Final due date'), ('action_due', 'Step due'), ('returned', 'Update returned'), ('resubmit_due', 'Returned update to be sent again'), ('letter', 'Update entered from a letter'), ('review_waiting', 'Update waiting for a decision'), ('request_waiting', 'Request waiting for an answer'), ('interim', 'Interim date'), ('window_end', 'End of the window'), ('submission', 'Information due'), ('figures_due', 'Figures of a month owed'), ('figures_returned', 'Figures returned'), ('figures_waiting', 'Figures waiting for a decision'), ('nudge', 'Nudge from MAPO')], max_length=16),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='reminder',
            trigger=pgtrigger.compiler.Trigger(name='reminder_kept', sql=audit.guards.StrictTriggerSql(func="\n        IF OLD.recipient IS DISTINCT FROM NEW.recipient OR OLD.user_id IS DISTINCT FROM NEW.user_id OR OLD.agency_id IS DISTINCT FROM NEW.agency_id OR OLD.matter IS DISTINCT FROM NEW.matter OR OLD.what IS DISTINCT FROM NEW.what OR OLD.due_on IS DISTINCT FROM NEW.due_on OR OLD.rung IS DISTINCT FROM NEW.rung OR OLD.step IS DISTINCT FROM NEW.step OR OLD.is_escalation IS DISTINCT FROM NEW.is_escalation OR OLD.is_urgent IS DISTINCT FROM NEW.is_urgent OR OLD.in_place_of_id IS DISTINCT FROM NEW.in_place_of_id OR OLD.cycle_id IS DISTINCT FROM NEW.cycle_id OR OLD.about_id IS DISTINCT FROM NEW.about_id OR OLD.assignment_id IS DISTINCT FROM NEW.assignment_id OR OLD.update_id IS DISTINCT FROM NEW.update_id OR OLD.action_id IS DISTINCT FROM NEW.action_id OR OLD.month IS DISTINCT FROM NEW.month OR OLD.rule_id IS DISTINCT FROM NEW.rule_id OR OLD.nudge_id IS DISTINCT FROM NEW.nudge_id OR OLD.send_on IS DISTINCT FROM NEW.send_on OR OLD.planned_at IS DISTINCT FROM NEW.planned_at THEN\n            RAISE EXCEPTION 'jejak: % refuses this change (%)', TG_TABLE_NAME, 'reminder_kept';\n        END IF;\n        RETURN NEW;\n        ", hash='3339ec1d7fc76d130f3f0c73c161f5194d83d02e', operation='UPDATE', pgid='pgtrigger_reminder_kept_811fc', table='reminders_reminder', when='BEFORE')),
        ),
        migrations.AddConstraint(
            model_name='reminder',
            constraint=models.CheckConstraint(condition=models.Q(('what__in', ['update_due', 'final_due', 'action_due', 'returned', 'resubmit_due', 'letter', 'review_waiting', 'request_waiting', 'interim', 'window_end', 'submission', 'figures_due', 'figures_returned', 'figures_waiting', 'nudge'])), name='reminder_what_known'),
        ),
    ]
