import audit.guards
import pgtrigger.compiler
import pgtrigger.migrations
from django.db import migrations, models


# Notices that were given before cite a text shortened and on one line, in which no hidden word is known. They now cite what
# they were about, as it stands; why a date was moved stands on the page to which they lead.
FILL = """
UPDATE reminders_notice notice SET texts = jsonb_build_object('reason', asked.reason)
FROM recommendations_askedupdate asked
WHERE notice.what = 'update_asked' AND asked.id = (notice.about->>'asked')::bigint;
UPDATE reminders_notice notice SET texts = jsonb_build_object('text', step.text, 'reason', '')
FROM recommendations_action step
WHERE notice.about ? 'text' AND step.id = (notice.about->>'step')::bigint;
SET CONSTRAINTS ALL IMMEDIATE;
"""


class Migration(migrations.Migration):
    """A notice keeps what somebody wrote as a whole, so that hidden words are known in it."""

    dependencies = [
        ('recommendations', '0019_writers_decide_nothing'),
        ('reminders', '0007_acts_are_sealed'),
    ]

    version_before = "it writes notices without these texts, and says a general sentence of those that have them"

    operations = [
        pgtrigger.migrations.RemoveTrigger(
            model_name='notice',
            name='notice_kept',
        ),
        migrations.AddField(
            model_name='notice',
            name='texts',
            field=models.JSONField(null=True),
        ),
        migrations.RunSQL(FILL, migrations.RunSQL.noop),
        pgtrigger.migrations.AddTrigger(
            model_name='notice',
            trigger=pgtrigger.compiler.Trigger(name='notice_kept', sql=audit.guards.StrictTriggerSql(func="\n        IF OLD.user_id IS DISTINCT FROM NEW.user_id OR OLD.what IS DISTINCT FROM NEW.what OR OLD.about IS DISTINCT FROM NEW.about OR OLD.texts IS DISTINCT FROM NEW.texts OR OLD.path IS DISTINCT FROM NEW.path OR OLD.made_at IS DISTINCT FROM NEW.made_at OR OLD.mail_after IS DISTINCT FROM NEW.mail_after THEN\n            RAISE EXCEPTION 'jejak: % refuses this change (%)', TG_TABLE_NAME, 'notice_kept';\n        END IF;\n        RETURN NEW;\n        ", hash='0c1473fbd589f43ec0c3670cd5c69ecd9a4e6f26', operation='UPDATE', pgid='pgtrigger_notice_kept_4611c', table='reminders_notice', when='BEFORE')),
        ),
    ]
