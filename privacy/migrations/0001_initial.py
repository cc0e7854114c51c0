import audit.functions
import audit.guards
from django.db import migrations, models

MARKS = """
CREATE TRIGGER identity_marks AFTER INSERT ON audit_event
FOR EACH ROW WHEN (jsonb_typeof(NEW.after->'identity_marks') = 'array')
EXECUTE FUNCTION jejak_keep_identity_marks();

CREATE CONSTRAINT TRIGGER move_marks_version AFTER INSERT ON privacy_identitymark
DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION jejak_move_marks_version();
"""
MARKS_BACK = """
DROP TRIGGER move_marks_version ON privacy_identitymark;
DROP TRIGGER identity_marks ON audit_event;
"""



class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('audit', '0001_initial'),
    ]

    operations = [
        migrations.CreateModel(
            name='MarksVersion',
            fields=[
                ('id', models.PositiveSmallIntegerField(primary_key=True, serialize=False)),
                ('moved_in', models.BigIntegerField()),
            ],
        ),
        migrations.CreateModel(
            name='IdentityMark',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('event_id', models.BigIntegerField()),
                ('field', models.CharField(max_length=100)),
                ('sha256', models.CharField(max_length=64)),
                ('length', models.PositiveIntegerField(db_index=True)),
                ('spans', models.JSONField()),
                ('is_hidden', models.BooleanField()),
                ('agency_id', models.BigIntegerField(null=True)),
            ],
            options={
                'indexes': [models.Index(fields=['sha256', 'id'], name='privacy_mark_text'), models.Index(fields=['event_id'], name='privacy_mark_event')],
                'constraints': [models.CheckConstraint(condition=models.Q(('sha256__regex', '^[0-9a-f]{64}$')), name='mark_sha256_is_hex')],
                'triggers': [audit.guards.InstalledGuard('identitymark_append_only', 'privacy_identitymark', 'BEFORE UPDATE OR DELETE OR TRUNCATE', 'guard_refuse()', each='STATEMENT')],
            },
        ),
        audit.functions.LoadFunctions(
            functions=[('jejak_keep_identity_marks', '6aa4463e49e05b20ecb6bcf3132773c8e5483982a96a9dda849fb023170df04c'), ('jejak_shown', '33ebd6a3a82364060914a5cdfa29676483ded8d081964b892f9a54b205981adf'), ('jejak_move_marks_version', '60a8c1b5fa0610f88156a603b729d92852880ccbc0901f29444aa7ffa7678519')],
        ),
        migrations.RunSQL(
            sql=MARKS,
            reverse_sql=MARKS_BACK,
        ),
    ]
