"""The papers of a meeting are made of an agenda that was laid before the council (docs/adr/0043)."""

import audit.guards
import django.db.models.deletion
import pgtrigger.compiler
import pgtrigger.migrations
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('accounts', '0003_contact_details'),
        ('meetings', '0004_laid_agenda'),
        ('recommendations', '0013_delete_cycle'),
        ('reports', '0007_form_two'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        pgtrigger.migrations.RemoveTrigger(
            model_name='report',
            name='report_kept',
        ),
        migrations.AddField(
            model_name='report',
            name='laid_agenda',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='papers', to='meetings.laidagenda'),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='report',
            trigger=pgtrigger.compiler.Trigger(name='report_kept', sql=audit.guards.StrictTriggerSql(func="\n        IF OLD.paper IS DISTINCT FROM NEW.paper OR OLD.cycle_id IS DISTINCT FROM NEW.cycle_id OR OLD.as_at IS DISTINCT FROM NEW.as_at OR OLD.language IS DISTINCT FROM NEW.language OR OLD.ceiling IS DISTINCT FROM NEW.ceiling OR OLD.depth IS DISTINCT FROM NEW.depth OR OLD.query IS DISTINCT FROM NEW.query OR OLD.asked_by_id IS DISTINCT FROM NEW.asked_by_id OR OLD.asked_at IS DISTINCT FROM NEW.asked_at OR OLD.reader_role IS DISTINCT FROM NEW.reader_role OR OLD.reader_agency_id IS DISTINCT FROM NEW.reader_agency_id OR OLD.reader_clearance IS DISTINCT FROM NEW.reader_clearance OR OLD.form IS DISTINCT FROM NEW.form OR OLD.schedule_id IS DISTINCT FROM NEW.schedule_id OR OLD.laid_agenda_id IS DISTINCT FROM NEW.laid_agenda_id THEN\n            RAISE EXCEPTION 'jejak: % refuses this change (%)', TG_TABLE_NAME, 'report_kept';\n        END IF;\n        RETURN NEW;\n        ", hash='f93b59e2e21a9b8317c8c37a30d9442e3cf32d56', operation='UPDATE', pgid='pgtrigger_report_kept_4b097', table='reports_report', when='BEFORE')),
        ),
        migrations.AddConstraint(
            model_name='report',
            constraint=models.CheckConstraint(condition=models.Q(('laid_agenda', None), models.Q(('export_format__in', ('council', 'meeting', 'pack')), ('schedule', None)), _connector='OR'), name='report_of_meeting_is_paper'),
        ),
    ]
