import audit.functions
import audit.guards
import datetime
import django.core.serializers.json
from django.db import migrations, models

SEALS = """
-- The key of seals, as the two blocks of HMAC-SHA256. The web's role holds no right on it.
CREATE TABLE audit_sealkey (
    id smallint PRIMARY KEY CHECK (id = 1),
    inner_pad bytea NOT NULL CHECK (length(inner_pad) = 64),
    outer_pad bytea NOT NULL CHECK (length(outer_pad) = 64)
);

-- Which seals were used, in which transaction, by whom. Of use for minutes: an unlogged table will do.
CREATE UNLOGGED TABLE audit_seal (
    nonce uuid PRIMARY KEY,
    transaction bigint NOT NULL DEFAULT pg_current_xact_id()::text::bigint,
    used_at timestamptz NOT NULL DEFAULT clock_timestamp(),
    action text NOT NULL,
    actor_id bigint
);
CREATE INDEX audit_seal_transaction ON audit_seal (transaction);
CREATE INDEX audit_seal_used_at ON audit_seal (used_at);
"""
SEALS_BACK = """
DROP TABLE audit_seal;
DROP TABLE audit_sealkey;
"""

CHAIN = """
CREATE CONSTRAINT TRIGGER audit_event_chain AFTER INSERT ON audit_event
DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION audit_append_link();
"""
CHAIN_BACK = """
DROP TRIGGER audit_event_chain ON audit_event;
"""

FIRST_ROWS = """
INSERT INTO audit_clock (id, is_demo, "offset") VALUES (1, false, interval '0');
INSERT INTO audit_baseline (id, name) VALUES (1, '1.0-5');
"""



class Migration(migrations.Migration):

    initial = True

    dependencies = [
    ]

    operations = [
        audit.functions.LoadFunctions(
            functions=[('guard_refuse', '85145685b26a4b76afb6d2ec5d23dae4f153ceaa1d03e55b2644898fed7bf526'), ('guard_refuse_row', '4f5203148577119f89560591502ed08a173296066e8ccc9f0d583d37cf0a6065'), ('guard_present', '88909860b2445e9bb01b955d58eeaac5218dcccf2c44eee2e4ba329d084194c8'), ('guard_acted', '4e41cc76c80eb6638e3a274339b69450559c9197f2d1ac5e95deb941a105c8f7'), ('guard_vouched', '9535a485156d6932224892fc62d54ee92976f3bc80ce8d279d4a5a28788ca8a4'), ('guard_required', 'de0a2370b308ff2643e055d04fdd5562ecc43c873efcf86c0e91a90b5c6b676e'), ('clock_forward', 'b2fbd694900cad478d45149ba1d35db0bcff276e03e6e586adce5326de6795ee'), ('event_recorded_at', 'bbf06b9daac78b9459678ff9da764aef253222a953a3a3c4648ace1f93322086'), ('jejak_is_owner', 'c52face5311ebe851bae4979a8c04533016c635d92d17b9a8e689d59875ac0c8'), ('jejak_now', '11a3b461ee1b4d08eb137fbb907d8b43f31ff31713d4f9d94d07171fce5bc031'), ('jejak_is_vouched', 'ae4e7ced33dc4381a3428189f0b572845fd978987d0648e1403bc46b3d4a6c9b'), ('keep_past', '4c9e3c126c5fa0a1bf0a2d722aad0b0e78ad1ccb8a19242518df797195827233'), ('past_guard', '6b1900882fd871c1b48e350a1c52b548f0e13033184d17514cbbe8c762c30de9')],
        ),
        migrations.CreateModel(
            name='ChainLink',
            fields=[
                ('position', models.BigIntegerField(primary_key=True, serialize=False)),
                ('event_id', models.BigIntegerField(unique=True)),
                ('previous_hash', models.CharField(max_length=64)),
                ('hash', models.CharField(max_length=64)),
            ],
            options={
                'db_table': 'audit_link',
                'triggers': [audit.guards.InstalledGuard('link_append_only', 'audit_link', 'BEFORE UPDATE OR DELETE OR TRUNCATE', 'guard_refuse()', each='STATEMENT')],
            },
        ),
        migrations.CreateModel(
            name='Anchor',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.CharField(choices=[('mail', 'Signed e-mail'), ('timestamp', 'Timestamp of an authority'), ('folder', 'Folder on another host')], max_length=16, verbose_name='Place')),
                ('name', models.CharField(max_length=500)),
                ('position', models.BigIntegerField(verbose_name='Position')),
                ('hash', models.CharField(max_length=64)),
                ('at', models.DateTimeField(verbose_name='When')),
                ('outcome', models.CharField(choices=[('kept', 'Kept outside'), ('failed', 'Failed')], max_length=8)),
                ('failure', models.CharField(blank=True, max_length=32)),
                ('line', models.TextField()),
                ('proof', models.BinaryField()),
            ],
            options={
                'db_table': 'audit_anchor',
                'indexes': [models.Index(fields=['kind', 'name', 'outcome', '-id'], name='audit_anchor_newest')],
                'triggers': [audit.guards.InstalledGuard('anchor_append_only', 'audit_anchor', 'BEFORE UPDATE OR DELETE OR TRUNCATE', 'guard_refuse()', each='STATEMENT'), audit.guards.InstalledGuard('anchor_is_now', 'audit_anchor', 'BEFORE INSERT OR UPDATE', "guard_present('at')"), audit.guards.InstalledGuard('anchor_vouched', 'audit_anchor', 'BEFORE INSERT OR UPDATE OF line', 'guard_vouched()', each='STATEMENT')],
            },
        ),
        migrations.CreateModel(
            name='Baseline',
            fields=[
                ('id', models.PositiveSmallIntegerField(default=1, primary_key=True, serialize=False)),
                ('name', models.CharField(max_length=16)),
            ],
            options={
                'constraints': [models.CheckConstraint(condition=models.Q(('id', 1)), name='audit_baseline_one_row')],
                'triggers': [audit.guards.InstalledGuard('baseline_append_only', 'audit_baseline', 'BEFORE UPDATE OR DELETE OR TRUNCATE', 'guard_refuse()', each='STATEMENT')],
            },
        ),
        migrations.CreateModel(
            name='Clock',
            fields=[
                ('id', models.PositiveSmallIntegerField(default=1, primary_key=True, serialize=False)),
                ('is_demo', models.BooleanField(default=False)),
                ('offset', models.DurationField(default=datetime.timedelta)),
            ],
            options={
                'db_table': 'audit_clock',
                'constraints': [models.CheckConstraint(condition=models.Q(('id', 1)), name='audit_clock_one_row'), models.CheckConstraint(condition=models.Q(('is_demo', True), ('offset', datetime.timedelta(0)), _connector='OR'), name='audit_clock_real_or_demo')],
                'triggers': [audit.guards.InstalledGuard('clock_no_delete', 'audit_clock', 'BEFORE DELETE OR TRUNCATE', 'guard_refuse()', each='STATEMENT'), audit.guards.InstalledGuard('clock_forward', 'audit_clock', 'BEFORE UPDATE', 'clock_forward()', condition='OLD.* IS DISTINCT FROM NEW.*')],
            },
        ),
        migrations.CreateModel(
            name='Event',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('occurred_at', models.DateTimeField(verbose_name='Happened at')),
                ('recorded_at', models.DateTimeField(db_default=models.Func(function='jejak_now'), editable=False, verbose_name='Recorded at')),
                ('action', models.CharField(max_length=64, verbose_name='Event')),
                ('actor_id', models.BigIntegerField(null=True)),
                ('actor_name', models.CharField(blank=True, max_length=200, verbose_name='Person')),
                ('actor_role', models.CharField(blank=True, max_length=32, verbose_name='Role')),
                ('actor_agency_id', models.BigIntegerField(null=True)),
                ('actor_agency_code', models.CharField(blank=True, max_length=32, verbose_name='Agency')),
                ('object_type', models.CharField(blank=True, max_length=100, verbose_name='Kind of object')),
                ('object_id', models.CharField(blank=True, max_length=64, verbose_name='Object number')),
                ('label', models.CharField(blank=True, max_length=300, verbose_name='Object')),
                ('agency_id', models.BigIntegerField(null=True, verbose_name='Agency concerned')),
                ('item_id', models.BigIntegerField(null=True, verbose_name='Item')),
                ('before', models.JSONField(encoder=django.core.serializers.json.DjangoJSONEncoder, null=True, verbose_name='Before')),
                ('after', models.JSONField(encoder=django.core.serializers.json.DjangoJSONEncoder, null=True, verbose_name='After')),
                ('reason', models.TextField(blank=True, verbose_name='Reason')),
                ('address', models.GenericIPAddressField(null=True, verbose_name='Address')),
                ('user_agent', models.CharField(blank=True, max_length=300, verbose_name='Browser')),
                ('request_id', models.CharField(blank=True, max_length=64, verbose_name='Request')),
            ],
            options={
                'verbose_name': 'event',
                'verbose_name_plural': 'events',
                'indexes': [models.Index(condition=models.Q(('item_id__isnull', False)), fields=['item_id', 'id'], name='audit_event_item'), models.Index(fields=['agency_id', 'id'], name='audit_event_agency'), models.Index(fields=['actor_id', 'id'], name='audit_event_actor'), models.Index(fields=['action', 'id'], name='audit_event_action'), models.Index(fields=['object_type', 'object_id', 'id'], name='audit_event_object'), models.Index(fields=['occurred_at'], name='audit_event_occurred')],
                'triggers': [audit.guards.InstalledGuard('event_append_only', 'audit_event', 'BEFORE UPDATE OR DELETE OR TRUNCATE', 'guard_refuse()', each='STATEMENT'), audit.guards.InstalledGuard('event_recorded_at', 'audit_event', 'BEFORE INSERT', 'event_recorded_at()')],
            },
        ),
        migrations.RunSQL(
            sql=SEALS,
            reverse_sql=SEALS_BACK,
        ),
        audit.functions.LoadFunctions(
            functions=[('jejak_move_clock', 'ac9d236a765b84d82f909ed45def13baf804942f71842dc83196a5861a4fd549'), ('audit_append_link', '81474b9f40d888ad5d534975dc0ad45f783bb20050d6d542cb7abf67031c81b8'), ('jejak_unseal', 'f352a155da86b1c2280c7b552f15ec01bee17359cf6c7a8c18744c5a30ac662a'), ('jejak_record', '09c4d323464682f851b505fa9bc99e192c9f034fd477518070905f6b299fb503'), ('jejak_vouch', 'd6954970fe4533d3e2282f462c5557a3af54a357671e96d42aa9bbe63b8d16a4'), ('jejak_forget_seals', '6902c2d75f345ca76a894d8bfc94e60cb376ae3b871d48ae55e2e8807203615f')],
        ),
        migrations.RunSQL(
            sql=CHAIN,
            reverse_sql=CHAIN_BACK,
        ),
        migrations.RunSQL(
            sql=FIRST_ROWS,
            reverse_sql='',
        ),
    ]
