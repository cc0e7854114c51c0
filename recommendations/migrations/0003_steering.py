import audit.guards
import django.contrib.postgres.functions
import django.core.serializers.json
import django.db.models.deletion
import pgtrigger.compiler
import pgtrigger.migrations
from django.conf import settings
from django.db import migrations, models


# What was recorded before knows its turns from the row before it. Both tables refuse changes to everybody, so their
# guards are put aside for this one statement each; the transaction ends with them in force.
FILL_TURNS = """
SET CONSTRAINTS ALL IMMEDIATE;

ALTER TABLE recommendations_review DISABLE TRIGGER USER;
UPDATE recommendations_review review SET is_turn = true
FROM (
    SELECT id, status IS DISTINCT FROM lag(status, 1, 'none') OVER (
        PARTITION BY assignment_id ORDER BY decided_at, id) AS is_turn
    FROM recommendations_review WHERE decision = 'accept'
) known
WHERE known.id = review.id AND known.is_turn;
ALTER TABLE recommendations_review ENABLE TRIGGER USER;

ALTER TABLE recommendations_assignmentversion DISABLE TRIGGER USER;
UPDATE recommendations_assignmentversion version SET is_turn = true
FROM (
    SELECT id, (role, stage) IS DISTINCT FROM (lag(role) OVER moments, lag(stage) OVER moments) AS is_turn
    FROM recommendations_assignmentversion
    WINDOW moments AS (PARTITION BY assignment_id ORDER BY began_at, id)
) known
WHERE known.id = version.id AND known.is_turn;
ALTER TABLE recommendations_assignmentversion ENABLE TRIGGER USER;
"""

# Whoever began an update, saved it last or sent a version of it is known; who saved it in between was not kept.
FILL_WRITERS = """
INSERT INTO recommendations_updatewriter (update_id, user_id)
SELECT id, created_by_id FROM recommendations_update
UNION SELECT id, saved_by_id FROM recommendations_update
UNION SELECT update_id, submitted_by_id FROM recommendations_submission;
"""

#: An as-at answer takes the version that held from the index alone. `KeepPast` made it narrower, under the same name.
COVER_VERSIONS = """
DROP INDEX recommendations_assignmentversion_past_time;
CREATE INDEX recommendations_assignmentversion_past_time
    ON recommendations_assignmentversion (assignment_id, began_at)
    INCLUDE (ended_at, role, stage, due_on, next_due_on);
"""
UNCOVER_VERSIONS = """
DROP INDEX recommendations_assignmentversion_past_time;
CREATE INDEX recommendations_assignmentversion_past_time
    ON recommendations_assignmentversion (assignment_id, began_at);
"""


class Migration(migrations.Migration):
    """MAPO's steering (overrides, bulk acts, comments, kept views, opening imports), the turns of states, and
    everybody who had a hand in an update; as-at answers are read from indexes alone (docs/plans.md).
    """

    dependencies = [
        ('accounts', '0001_initial'),
        ('evidence', '0002_document_text'),
        ('recommendations', '0002_keep_past'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='BulkAct',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.CharField(choices=[('assign', 'Assign an agency'), ('confirm', 'Confirm suggestions'), ('turn_down', 'Turn suggestions down'), ('move_due', 'Move due dates')], max_length=10)),
                ('reason', models.TextField(blank=True, default='')),
                ('token', models.UUIDField(db_default=django.contrib.postgres.functions.RandomUUID(), editable=False, unique=True)),
                ('done_at', models.DateTimeField()),
                ('undone_at', models.DateTimeField(blank=True, null=True)),
            ],
        ),
        migrations.CreateModel(
            name='BulkStep',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('before', models.JSONField(encoder=django.core.serializers.json.DjangoJSONEncoder, null=True)),
                ('after', models.JSONField(encoder=django.core.serializers.json.DjangoJSONEncoder)),
            ],
        ),
        migrations.CreateModel(
            name='Comment',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('text', models.TextField(max_length=2000, verbose_name='comment')),
                ('classification', models.PositiveSmallIntegerField(choices=[(0, 'Open'), (1, 'Restricted'), (2, 'Confidential'), (3, 'Secret'), (4, 'Top secret')], default=1)),
                ('written_at', models.DateTimeField()),
            ],
        ),
        migrations.CreateModel(
            name='CommentMention',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('seen_at', models.DateTimeField(blank=True, null=True)),
            ],
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
            ],
        ),
        migrations.CreateModel(
            name='KeptView',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('page', models.CharField(max_length=40)),
                ('name', models.CharField(max_length=60, verbose_name='name')),
                ('query', models.CharField(max_length=1000)),
                ('kept_at', models.DateTimeField()),
            ],
            options={
                'ordering': ['name', 'id'],
            },
        ),
        migrations.CreateModel(
            name='OpeningImport',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('state', models.CharField(choices=[('draft', 'Draft'), ('submitted', 'Awaiting MAPO'), ('accepted', 'Accepted'), ('returned', 'Returned'), ('withdrawn', 'Withdrawn'), ('discarded', 'Discarded')], default='draft', max_length=10)),
                ('file_name', models.CharField(max_length=255)),
                ('sha256', models.CharField(max_length=64)),
                ('rows', models.JSONField(encoder=django.core.serializers.json.DjangoJSONEncoder)),
                ('classification', models.PositiveSmallIntegerField(choices=[(0, 'Open'), (1, 'Restricted'), (2, 'Confidential'), (3, 'Secret'), (4, 'Top secret')], default=1)),
                ('revision', models.PositiveIntegerField(default=0)),
                ('created_at', models.DateTimeField()),
                ('submitted_at', models.DateTimeField(blank=True, null=True)),
                ('decided_at', models.DateTimeField(blank=True, null=True)),
                ('reason', models.TextField(blank=True)),
                ('resubmit_by', models.DateField(blank=True, null=True)),
                ('closed_at', models.DateTimeField(blank=True, null=True)),
            ],
            options={
                'ordering': ['-created_at', '-id'],
            },
        ),
        migrations.CreateModel(
            name='UpdateWriter',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
            ],
        ),
        pgtrigger.migrations.RemoveTrigger(
            model_name='update',
            name='update_kept',
        ),
        migrations.RemoveConstraint(
            model_name='update',
            name='update_one_open',
        ),
        migrations.RemoveIndex(
            model_name='review',
            name='review_newest_verdict',
        ),
        migrations.RemoveIndex(
            model_name='update',
            name='update_newest',
        ),
        migrations.AddField(
            model_name='assignmentversion',
            name='is_turn',
            field=models.BooleanField(db_default=False, default=False, editable=False),
        ),
        migrations.AddField(
            model_name='review',
            name='is_turn',
            field=models.BooleanField(default=False, editable=False),
        ),
        migrations.AddField(
            model_name='update',
            name='reported_on',
            field=models.DateField(blank=True, null=True),
        ),
        migrations.RunSQL(FILL_TURNS, migrations.RunSQL.noop),
        migrations.AddIndex(
            model_name='assignmentversion',
            index=models.Index(condition=models.Q(('is_turn', True)), fields=['item', 'began_at', 'id'], include=('assignment', 'role', 'stage'), name='assignmentversion_turns'),
        ),
        migrations.AddIndex(
            model_name='review',
            index=models.Index(condition=models.Q(('decision', 'accept')), fields=['assignment', '-decided_at', '-id'], include=('status', 'percent', 'submission'), name='review_newest_verdict'),
        ),
        migrations.AddIndex(
            model_name='review',
            index=models.Index(condition=models.Q(('is_turn', True)), fields=['item', 'decided_at', 'id'], include=('assignment', 'status', 'percent'), name='review_turns'),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='assignmentversion',
            trigger=pgtrigger.compiler.Trigger(name='assignmentversion_is_turn', sql=audit.guards.StrictTriggerSql(declare='DECLARE former record;', func='\n                    SELECT role, stage INTO former FROM public.recommendations_assignmentversion\n                    WHERE assignment_id = NEW.assignment_id\n                    ORDER BY began_at DESC, id DESC LIMIT 1;\n                    NEW.is_turn := (NEW.role, NEW.stage) IS DISTINCT FROM (former.role, former.stage);\n                    RETURN NEW;\n                ', hash='f037974a363545ee1e27bdd4d7687907af8873cc', operation='INSERT', pgid='pgtrigger_assignmentversion_is_turn_ff5c2', table='recommendations_assignmentversion', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='review',
            trigger=pgtrigger.compiler.Trigger(name='review_is_turn', sql=audit.guards.StrictTriggerSql(declare='DECLARE former record;', func="\n                    SELECT status, decided_at INTO former FROM public.recommendations_review\n                    WHERE assignment_id = NEW.assignment_id AND decision = 'accept'\n                    ORDER BY decided_at DESC, id DESC LIMIT 1;\n                    NEW.decided_at := greatest(NEW.decided_at, former.decided_at);\n                    NEW.is_turn := NEW.decision = 'accept'\n                        AND NEW.status IS DISTINCT FROM coalesce(former.status, 'none');\n                    RETURN NEW;\n                ", hash='80f882cf17e0936f3fb5f2e9895cb5fe4d419cb8', operation='INSERT', pgid='pgtrigger_review_is_turn_7ff99', table='recommendations_review', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='update',
            trigger=pgtrigger.compiler.Trigger(name='update_alone_or_of_one_lot', sql=audit.guards.StrictTriggerSql(func="\n        IF (NOT EXISTS (\n                    SELECT FROM public.recommendations_update other\n                    WHERE other.assignment_id = NEW.assignment_id AND other.state IN ('draft', 'submitted', 'returned')\n                      AND other.opening_id IS DISTINCT FROM NEW.opening_id\n                )) IS NOT TRUE THEN\n            RAISE EXCEPTION 'jejak: % refuses this row (%)', TG_TABLE_NAME, 'alone_or_of_one_lot';\n        END IF;\n        IF TG_OP = 'DELETE' THEN RETURN OLD; END IF;\n        RETURN NEW;\n    ", hash='c29fac9ee69667b8c5312b92f92f8343f4e6a341', operation='INSERT', pgid='pgtrigger_update_alone_or_of_one_lot_76572', table='recommendations_update', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='update',
            trigger=pgtrigger.compiler.Trigger(name='update_kept', sql=audit.guards.StrictTriggerSql(func="\n        IF OLD.assignment_id IS DISTINCT FROM NEW.assignment_id OR OLD.created_by_id IS DISTINCT FROM NEW.created_by_id OR OLD.created_at IS DISTINCT FROM NEW.created_at OR OLD.opening_id IS DISTINCT FROM NEW.opening_id OR OLD.reported_on IS DISTINCT FROM NEW.reported_on THEN\n            RAISE EXCEPTION 'jejak: % refuses this change (%)', TG_TABLE_NAME, 'update_kept';\n        END IF;\n        RETURN NEW;\n        ", hash='095b6320a37274825a34b058b55977da61367479', operation='UPDATE', pgid='pgtrigger_update_kept_f3c3b', table='recommendations_update', when='BEFORE')),
        ),
        migrations.AddField(
            model_name='bulkact',
            name='actor',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='bulkact',
            name='cycle',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='bulk_acts', to='recommendations.cycle'),
        ),
        migrations.AddField(
            model_name='bulkact',
            name='undone_by',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='bulkstep',
            name='act',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='steps', to='recommendations.bulkact'),
        ),
        migrations.AddField(
            model_name='bulkstep',
            name='assignment',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='bulk_steps', to='recommendations.assignment'),
        ),
        migrations.AddField(
            model_name='comment',
            name='assignment',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='comments', to='recommendations.assignment'),
        ),
        migrations.AddField(
            model_name='comment',
            name='author',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='commentmention',
            name='comment',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='mentions', to='recommendations.comment'),
        ),
        migrations.AddField(
            model_name='commentmention',
            name='user',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='mentions', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='comment',
            name='mentioned',
            field=models.ManyToManyField(related_name='+', through='recommendations.CommentMention', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='itemoverride',
            name='ended_by',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='itemoverride',
            name='item',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='overrides', to='recommendations.item'),
        ),
        migrations.AddField(
            model_name='itemoverride',
            name='replaces',
            field=models.OneToOneField(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='replaced_by', to='recommendations.itemoverride'),
        ),
        migrations.AddField(
            model_name='itemoverride',
            name='set_by',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='keptview',
            name='user',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='kept_views', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='openingimport',
            name='agency',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='openings', to='accounts.agency'),
        ),
        migrations.AddField(
            model_name='openingimport',
            name='created_by',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='openingimport',
            name='cycle',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='openings', to='recommendations.cycle'),
        ),
        migrations.AddField(
            model_name='openingimport',
            name='decided_by',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='openingimport',
            name='replaces',
            field=models.OneToOneField(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='replaced_by', to='recommendations.openingimport'),
        ),
        migrations.AddField(
            model_name='openingimport',
            name='submitted_by',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='update',
            name='opening',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='updates', to='recommendations.openingimport'),
        ),
        migrations.AddIndex(
            model_name='update',
            index=models.Index(fields=['assignment', '-created_at', '-id'], include=('closed_at',), name='update_newest_begun'),
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
        migrations.AddField(
            model_name='updatewriter',
            name='update',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='writers', to='recommendations.update'),
        ),
        migrations.AddField(
            model_name='updatewriter',
            name='user',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddConstraint(
            model_name='bulkact',
            constraint=models.CheckConstraint(condition=models.Q(('kind__in', ['assign', 'confirm', 'turn_down', 'move_due'])), name='bulk_kind_known'),
        ),
        migrations.AddConstraint(
            model_name='bulkact',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('undone_at', None), ('undone_by', None)), models.Q(('undone_at__isnull', False), ('undone_by__isnull', False)), _connector='OR'), name='bulk_undone_whole'),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='bulkact',
            trigger=pgtrigger.compiler.Trigger(name='bulkact_no_delete', sql=audit.guards.StrictTriggerSql(func="RAISE EXCEPTION 'jejak: % is refused on %: its rows are kept', TG_OP, TG_TABLE_NAME;", hash='67c620544cd4ae6b83d490c0af8416e7917ea89f', level='STATEMENT', operation='DELETE OR TRUNCATE', pgid='pgtrigger_bulkact_no_delete_4063f', table='recommendations_bulkact', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='bulkact',
            trigger=pgtrigger.compiler.Trigger(name='bulkact_kept', sql=audit.guards.StrictTriggerSql(func="\n        IF OLD.cycle_id IS DISTINCT FROM NEW.cycle_id OR OLD.kind IS DISTINCT FROM NEW.kind OR OLD.actor_id IS DISTINCT FROM NEW.actor_id OR OLD.reason IS DISTINCT FROM NEW.reason OR OLD.token IS DISTINCT FROM NEW.token OR OLD.done_at IS DISTINCT FROM NEW.done_at THEN\n            RAISE EXCEPTION 'jejak: % refuses this change (%)', TG_TABLE_NAME, 'bulkact_kept';\n        END IF;\n        RETURN NEW;\n        ", hash='f91a06fe1dca2971bb626fe20b67713c9e2ff136', operation='UPDATE', pgid='pgtrigger_bulkact_kept_ce40a', table='recommendations_bulkact', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='bulkact',
            trigger=pgtrigger.compiler.Trigger(name='bulkact_settled', sql=audit.guards.StrictTriggerSql(func="\n        IF OLD.undone_at IS NOT NULL AND (OLD.undone_at IS DISTINCT FROM NEW.undone_at OR OLD.undone_by_id IS DISTINCT FROM NEW.undone_by_id) THEN\n            RAISE EXCEPTION 'jejak: % refuses this change (%)', TG_TABLE_NAME, 'bulkact_settled';\n        END IF;\n        RETURN NEW;\n        ", hash='a07366f7d3d7d270dba5ae0cd34e5b3308b33d3f', operation='UPDATE', pgid='pgtrigger_bulkact_settled_c4149', table='recommendations_bulkact', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='bulkact',
            trigger=pgtrigger.compiler.Trigger(name='bulkact_done_at_is_now', sql=audit.guards.StrictTriggerSql(func="\n        IF NEW.done_at IS NOT NULL\n           AND (TG_OP = 'INSERT' OR to_jsonb(NEW) -> 'done_at' IS DISTINCT FROM\n                                    to_jsonb(OLD) -> 'done_at')\n           AND abs(extract(epoch FROM NEW.done_at - jejak_now())) > 300 THEN\n            RAISE EXCEPTION 'jejak: % of % must be the present instant, not %',\n                'done_at', TG_TABLE_NAME, NEW.done_at;\n        END IF;\n        RETURN NEW;\n        ", hash='fbf1082d8831750416436faf397f256543cb3f4c', operation='INSERT OR UPDATE', pgid='pgtrigger_bulkact_done_at_is_now_c64aa', table='recommendations_bulkact', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='bulkact',
            trigger=pgtrigger.compiler.Trigger(name='bulkact_undone_at_is_now', sql=audit.guards.StrictTriggerSql(func="\n        IF NEW.undone_at IS NOT NULL\n           AND (TG_OP = 'INSERT' OR to_jsonb(NEW) -> 'undone_at' IS DISTINCT FROM\n                                    to_jsonb(OLD) -> 'undone_at')\n           AND abs(extract(epoch FROM NEW.undone_at - jejak_now())) > 300 THEN\n            RAISE EXCEPTION 'jejak: % of % must be the present instant, not %',\n                'undone_at', TG_TABLE_NAME, NEW.undone_at;\n        END IF;\n        RETURN NEW;\n        ", hash='d6c72cb93b4b1959676b07994884052908ad8b16', operation='INSERT OR UPDATE', pgid='pgtrigger_bulkact_undone_at_is_now_c175d', table='recommendations_bulkact', when='BEFORE')),
        ),
        migrations.AddConstraint(
            model_name='bulkstep',
            constraint=models.UniqueConstraint(fields=('act', 'assignment'), name='bulk_step_once'),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='bulkstep',
            trigger=pgtrigger.compiler.Trigger(name='bulkstep_append_only', sql=audit.guards.StrictTriggerSql(func="RAISE EXCEPTION 'jejak: % is refused on %: its rows are kept', TG_OP, TG_TABLE_NAME;", hash='58694f7adc43405f23ab708d2c6fa427aa6d364d', level='STATEMENT', operation='UPDATE OR DELETE OR TRUNCATE', pgid='pgtrigger_bulkstep_append_only_a5096', table='recommendations_bulkstep', when='BEFORE')),
        ),
        migrations.AddIndex(
            model_name='commentmention',
            index=models.Index(condition=models.Q(('seen_at', None)), fields=['user', 'id'], name='comment_mention_unseen'),
        ),
        migrations.AddConstraint(
            model_name='commentmention',
            constraint=models.UniqueConstraint(fields=('comment', 'user'), name='comment_mention_once'),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='commentmention',
            trigger=pgtrigger.compiler.Trigger(name='commentmention_no_delete', sql=audit.guards.StrictTriggerSql(func="RAISE EXCEPTION 'jejak: % is refused on %: its rows are kept', TG_OP, TG_TABLE_NAME;", hash='7a0ae7ea3c10a1737ee6514b49b5b6093160c07a', level='STATEMENT', operation='DELETE OR TRUNCATE', pgid='pgtrigger_commentmention_no_delete_db996', table='recommendations_commentmention', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='commentmention',
            trigger=pgtrigger.compiler.Trigger(name='commentmention_kept', sql=audit.guards.StrictTriggerSql(func="\n        IF OLD.comment_id IS DISTINCT FROM NEW.comment_id OR OLD.user_id IS DISTINCT FROM NEW.user_id THEN\n            RAISE EXCEPTION 'jejak: % refuses this change (%)', TG_TABLE_NAME, 'commentmention_kept';\n        END IF;\n        RETURN NEW;\n        ", hash='be6a12ddd8cb769e2e93966ea3125841a8883991', operation='UPDATE', pgid='pgtrigger_commentmention_kept_4ece5', table='recommendations_commentmention', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='commentmention',
            trigger=pgtrigger.compiler.Trigger(name='commentmention_settled', sql=audit.guards.StrictTriggerSql(func="\n        IF OLD.seen_at IS NOT NULL AND (OLD.seen_at IS DISTINCT FROM NEW.seen_at) THEN\n            RAISE EXCEPTION 'jejak: % refuses this change (%)', TG_TABLE_NAME, 'commentmention_settled';\n        END IF;\n        RETURN NEW;\n        ", hash='b94c47ae0732bedcf6bab13803caf7befb5dd362', operation='UPDATE', pgid='pgtrigger_commentmention_settled_80b6f', table='recommendations_commentmention', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='commentmention',
            trigger=pgtrigger.compiler.Trigger(name='commentmention_seen_at_is_now', sql=audit.guards.StrictTriggerSql(func="\n        IF NEW.seen_at IS NOT NULL\n           AND (TG_OP = 'INSERT' OR to_jsonb(NEW) -> 'seen_at' IS DISTINCT FROM\n                                    to_jsonb(OLD) -> 'seen_at')\n           AND abs(extract(epoch FROM NEW.seen_at - jejak_now())) > 300 THEN\n            RAISE EXCEPTION 'jejak: % of % must be the present instant, not %',\n                'seen_at', TG_TABLE_NAME, NEW.seen_at;\n        END IF;\n        RETURN NEW;\n        ", hash='86a0dfddb7ece9007be3fdace6df843e94e9cd43', operation='INSERT OR UPDATE', pgid='pgtrigger_commentmention_seen_at_is_now_2e16b', table='recommendations_commentmention', when='BEFORE')),
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
        pgtrigger.migrations.AddTrigger(
            model_name='comment',
            trigger=pgtrigger.compiler.Trigger(name='comment_append_only', sql=audit.guards.StrictTriggerSql(func="RAISE EXCEPTION 'jejak: % is refused on %: its rows are kept', TG_OP, TG_TABLE_NAME;", hash='ef19dcdaaf0686a2e1b5191de80b723048c5fbff', level='STATEMENT', operation='UPDATE OR DELETE OR TRUNCATE', pgid='pgtrigger_comment_append_only_de2e3', table='recommendations_comment', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='comment',
            trigger=pgtrigger.compiler.Trigger(name='comment_written_at_is_now', sql=audit.guards.StrictTriggerSql(func="\n        IF NEW.written_at IS NOT NULL\n           AND (TG_OP = 'INSERT' OR to_jsonb(NEW) -> 'written_at' IS DISTINCT FROM\n                                    to_jsonb(OLD) -> 'written_at')\n           AND abs(extract(epoch FROM NEW.written_at - jejak_now())) > 300 THEN\n            RAISE EXCEPTION 'jejak: % of % must be the present instant, not %',\n                'written_at', TG_TABLE_NAME, NEW.written_at;\n        END IF;\n        RETURN NEW;\n        ", hash='17e6e868d6053d274f6c9e886127782385e28d4f', operation='INSERT OR UPDATE', pgid='pgtrigger_comment_written_at_is_now_a7f93', table='recommendations_comment', when='BEFORE')),
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
        pgtrigger.migrations.AddTrigger(
            model_name='itemoverride',
            trigger=pgtrigger.compiler.Trigger(name='override_no_delete', sql=audit.guards.StrictTriggerSql(func="RAISE EXCEPTION 'jejak: % is refused on %: its rows are kept', TG_OP, TG_TABLE_NAME;", hash='83fa85bcbf60f70e2a1d58cd468fcc07cebaa43f', level='STATEMENT', operation='DELETE OR TRUNCATE', pgid='pgtrigger_override_no_delete_4f6db', table='recommendations_itemoverride', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='itemoverride',
            trigger=pgtrigger.compiler.Trigger(name='override_kept', sql=audit.guards.StrictTriggerSql(func="\n        IF OLD.item_id IS DISTINCT FROM NEW.item_id OR OLD.status IS DISTINCT FROM NEW.status OR OLD.percent IS DISTINCT FROM NEW.percent OR OLD.reason IS DISTINCT FROM NEW.reason OR OLD.set_by_id IS DISTINCT FROM NEW.set_by_id OR OLD.set_at IS DISTINCT FROM NEW.set_at OR OLD.replaces_id IS DISTINCT FROM NEW.replaces_id THEN\n            RAISE EXCEPTION 'jejak: % refuses this change (%)', TG_TABLE_NAME, 'override_kept';\n        END IF;\n        RETURN NEW;\n        ", hash='fceae11a0d29f5ba6783ee7ae52b3249945950ab', operation='UPDATE', pgid='pgtrigger_override_kept_0c662', table='recommendations_itemoverride', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='itemoverride',
            trigger=pgtrigger.compiler.Trigger(name='override_settled', sql=audit.guards.StrictTriggerSql(func="\n        IF OLD.ended_at IS NOT NULL AND (OLD.ended_at IS DISTINCT FROM NEW.ended_at OR OLD.ended_by_id IS DISTINCT FROM NEW.ended_by_id OR OLD.ended_reason IS DISTINCT FROM NEW.ended_reason) THEN\n            RAISE EXCEPTION 'jejak: % refuses this change (%)', TG_TABLE_NAME, 'override_settled';\n        END IF;\n        RETURN NEW;\n        ", hash='846a8b58384ed6bcfba981522b94ebd7a666d34e', operation='UPDATE', pgid='pgtrigger_override_settled_b5534', table='recommendations_itemoverride', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='itemoverride',
            trigger=pgtrigger.compiler.Trigger(name='override_set_at_is_now', sql=audit.guards.StrictTriggerSql(func="\n        IF NEW.set_at IS NOT NULL\n           AND (TG_OP = 'INSERT' OR to_jsonb(NEW) -> 'set_at' IS DISTINCT FROM\n                                    to_jsonb(OLD) -> 'set_at')\n           AND abs(extract(epoch FROM NEW.set_at - jejak_now())) > 300 THEN\n            RAISE EXCEPTION 'jejak: % of % must be the present instant, not %',\n                'set_at', TG_TABLE_NAME, NEW.set_at;\n        END IF;\n        RETURN NEW;\n        ", hash='562b534c5be0c90e9fce5d900d2a3e3468e759fc', operation='INSERT OR UPDATE', pgid='pgtrigger_override_set_at_is_now_9deee', table='recommendations_itemoverride', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='itemoverride',
            trigger=pgtrigger.compiler.Trigger(name='override_ended_at_is_now', sql=audit.guards.StrictTriggerSql(func="\n        IF NEW.ended_at IS NOT NULL\n           AND (TG_OP = 'INSERT' OR to_jsonb(NEW) -> 'ended_at' IS DISTINCT FROM\n                                    to_jsonb(OLD) -> 'ended_at')\n           AND abs(extract(epoch FROM NEW.ended_at - jejak_now())) > 300 THEN\n            RAISE EXCEPTION 'jejak: % of % must be the present instant, not %',\n                'ended_at', TG_TABLE_NAME, NEW.ended_at;\n        END IF;\n        RETURN NEW;\n        ", hash='363a70c8fb99a47b35a0c4d47643c513dd57a567', operation='INSERT OR UPDATE', pgid='pgtrigger_override_ended_at_is_now_1295a', table='recommendations_itemoverride', when='BEFORE')),
        ),
        migrations.AddConstraint(
            model_name='keptview',
            constraint=models.UniqueConstraint(fields=('user', 'page', 'name'), name='kept_view_name_once'),
        ),
        migrations.AddConstraint(
            model_name='keptview',
            constraint=models.CheckConstraint(condition=models.Q(('name', ''), _negated=True), name='kept_view_named'),
        ),
        migrations.AddConstraint(
            model_name='openingimport',
            constraint=models.CheckConstraint(condition=models.Q(('state__in', ['draft', 'submitted', 'accepted', 'returned', 'withdrawn', 'discarded'])), name='opening_state_known'),
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
        pgtrigger.migrations.AddTrigger(
            model_name='openingimport',
            trigger=pgtrigger.compiler.Trigger(name='opening_no_delete', sql=audit.guards.StrictTriggerSql(func="RAISE EXCEPTION 'jejak: % is refused on %: its rows are kept', TG_OP, TG_TABLE_NAME;", hash='6db4d1a0b2b677df45558bbf4205c9ca970a0608', level='STATEMENT', operation='DELETE OR TRUNCATE', pgid='pgtrigger_opening_no_delete_51f33', table='recommendations_openingimport', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='openingimport',
            trigger=pgtrigger.compiler.Trigger(name='opening_state_moves', sql=audit.guards.StrictTriggerSql(declare='DECLARE _is_valid_transition BOOLEAN;', func='SELECT CONCAT(OLD."state", \':\', NEW."state") = ANY(\'{draft:discarded,draft:submitted,returned:withdrawn,submitted:accepted,submitted:returned,submitted:withdrawn}\'::text[]) INTO _is_valid_transition; IF (_is_valid_transition IS FALSE AND OLD."state" IS DISTINCT FROM NEW."state") THEN RAISE EXCEPTION \'pgtrigger: Invalid transition of field "state" from "%" to "%" on table %\', OLD."state", NEW."state", TG_TABLE_NAME; ELSE RETURN NEW; END IF;', hash='d4ff70710c850608589c1a677724d64a255df4bf', operation='UPDATE', pgid='pgtrigger_opening_state_moves_56fdd', table='recommendations_openingimport', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='openingimport',
            trigger=pgtrigger.compiler.Trigger(name='opening_kept', sql=audit.guards.StrictTriggerSql(func="\n        IF OLD.cycle_id IS DISTINCT FROM NEW.cycle_id OR OLD.agency_id IS DISTINCT FROM NEW.agency_id OR OLD.created_by_id IS DISTINCT FROM NEW.created_by_id OR OLD.created_at IS DISTINCT FROM NEW.created_at OR OLD.replaces_id IS DISTINCT FROM NEW.replaces_id THEN\n            RAISE EXCEPTION 'jejak: % refuses this change (%)', TG_TABLE_NAME, 'opening_kept';\n        END IF;\n        RETURN NEW;\n        ", hash='7c6334185ccb60dcc41f7079197225572a10f716', operation='UPDATE', pgid='pgtrigger_opening_kept_1cd0e', table='recommendations_openingimport', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='openingimport',
            trigger=pgtrigger.compiler.Trigger(name='opening_settled', sql=audit.guards.StrictTriggerSql(func="\n        IF OLD.submitted_at IS NOT NULL AND (OLD.submitted_at IS DISTINCT FROM NEW.submitted_at OR OLD.submitted_by_id IS DISTINCT FROM NEW.submitted_by_id OR OLD.rows IS DISTINCT FROM NEW.rows OR OLD.file_name IS DISTINCT FROM NEW.file_name OR OLD.sha256 IS DISTINCT FROM NEW.sha256 OR OLD.classification IS DISTINCT FROM NEW.classification) THEN\n            RAISE EXCEPTION 'jejak: % refuses this change (%)', TG_TABLE_NAME, 'opening_settled';\n        END IF;\n        RETURN NEW;\n        ", hash='7a719f326b13ba730ba79271fe03380796ba554c', operation='UPDATE', pgid='pgtrigger_opening_settled_025cd', table='recommendations_openingimport', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='openingimport',
            trigger=pgtrigger.compiler.Trigger(name='opening_decision_settled', sql=audit.guards.StrictTriggerSql(func="\n        IF OLD.decided_at IS NOT NULL AND (OLD.decided_at IS DISTINCT FROM NEW.decided_at OR OLD.decided_by_id IS DISTINCT FROM NEW.decided_by_id OR OLD.reason IS DISTINCT FROM NEW.reason OR OLD.resubmit_by IS DISTINCT FROM NEW.resubmit_by) THEN\n            RAISE EXCEPTION 'jejak: % refuses this change (%)', TG_TABLE_NAME, 'opening_decision_settled';\n        END IF;\n        RETURN NEW;\n        ", hash='8916eb69b07bf8f9b248ab26cc976f1844461393', operation='UPDATE', pgid='pgtrigger_opening_decision_settled_01602', table='recommendations_openingimport', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='openingimport',
            trigger=pgtrigger.compiler.Trigger(name='opening_end_settled', sql=audit.guards.StrictTriggerSql(func="\n        IF OLD.closed_at IS NOT NULL AND (OLD.closed_at IS DISTINCT FROM NEW.closed_at) THEN\n            RAISE EXCEPTION 'jejak: % refuses this change (%)', TG_TABLE_NAME, 'opening_end_settled';\n        END IF;\n        RETURN NEW;\n        ", hash='180dcc3c94a8dc97073f66c08ee3f240a1697ca9', operation='UPDATE', pgid='pgtrigger_opening_end_settled_beb96', table='recommendations_openingimport', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='openingimport',
            trigger=pgtrigger.compiler.Trigger(name='opening_begins_as_draft', sql=audit.guards.StrictTriggerSql(func="\n        IF (NEW.state = 'draft') IS NOT TRUE THEN\n            RAISE EXCEPTION 'jejak: % refuses this row (%)', TG_TABLE_NAME, 'begins_as_draft';\n        END IF;\n        IF TG_OP = 'DELETE' THEN RETURN OLD; END IF;\n        RETURN NEW;\n    ", hash='a4d0e141b73c082e7b4b1f1ec0629be59522157a', operation='INSERT', pgid='pgtrigger_opening_begins_as_draft_0f6dd', table='recommendations_openingimport', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='openingimport',
            trigger=pgtrigger.compiler.Trigger(name='opening_created_at_is_now', sql=audit.guards.StrictTriggerSql(func="\n        IF NEW.created_at IS NOT NULL\n           AND (TG_OP = 'INSERT' OR to_jsonb(NEW) -> 'created_at' IS DISTINCT FROM\n                                    to_jsonb(OLD) -> 'created_at')\n           AND abs(extract(epoch FROM NEW.created_at - jejak_now())) > 300 THEN\n            RAISE EXCEPTION 'jejak: % of % must be the present instant, not %',\n                'created_at', TG_TABLE_NAME, NEW.created_at;\n        END IF;\n        RETURN NEW;\n        ", hash='3c699ef1bb0c197d1afe0bb99faed30e160dbda6', operation='INSERT OR UPDATE', pgid='pgtrigger_opening_created_at_is_now_bd230', table='recommendations_openingimport', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='openingimport',
            trigger=pgtrigger.compiler.Trigger(name='opening_submitted_at_is_now', sql=audit.guards.StrictTriggerSql(func="\n        IF NEW.submitted_at IS NOT NULL\n           AND (TG_OP = 'INSERT' OR to_jsonb(NEW) -> 'submitted_at' IS DISTINCT FROM\n                                    to_jsonb(OLD) -> 'submitted_at')\n           AND abs(extract(epoch FROM NEW.submitted_at - jejak_now())) > 300 THEN\n            RAISE EXCEPTION 'jejak: % of % must be the present instant, not %',\n                'submitted_at', TG_TABLE_NAME, NEW.submitted_at;\n        END IF;\n        RETURN NEW;\n        ", hash='5dcd5a63ccae15467a16e3727d4a69bc649f1aed', operation='INSERT OR UPDATE', pgid='pgtrigger_opening_submitted_at_is_now_c3804', table='recommendations_openingimport', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='openingimport',
            trigger=pgtrigger.compiler.Trigger(name='opening_decided_at_is_now', sql=audit.guards.StrictTriggerSql(func="\n        IF NEW.decided_at IS NOT NULL\n           AND (TG_OP = 'INSERT' OR to_jsonb(NEW) -> 'decided_at' IS DISTINCT FROM\n                                    to_jsonb(OLD) -> 'decided_at')\n           AND abs(extract(epoch FROM NEW.decided_at - jejak_now())) > 300 THEN\n            RAISE EXCEPTION 'jejak: % of % must be the present instant, not %',\n                'decided_at', TG_TABLE_NAME, NEW.decided_at;\n        END IF;\n        RETURN NEW;\n        ", hash='dd706ccfcd0ba4b389c31a937b5ee093bef5549a', operation='INSERT OR UPDATE', pgid='pgtrigger_opening_decided_at_is_now_f2df3', table='recommendations_openingimport', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='openingimport',
            trigger=pgtrigger.compiler.Trigger(name='opening_closed_at_is_now', sql=audit.guards.StrictTriggerSql(func="\n        IF NEW.closed_at IS NOT NULL\n           AND (TG_OP = 'INSERT' OR to_jsonb(NEW) -> 'closed_at' IS DISTINCT FROM\n                                    to_jsonb(OLD) -> 'closed_at')\n           AND abs(extract(epoch FROM NEW.closed_at - jejak_now())) > 300 THEN\n            RAISE EXCEPTION 'jejak: % of % must be the present instant, not %',\n                'closed_at', TG_TABLE_NAME, NEW.closed_at;\n        END IF;\n        RETURN NEW;\n        ", hash='615a456f54b94648422768a5e2bd4018f4382a45', operation='INSERT OR UPDATE', pgid='pgtrigger_opening_closed_at_is_now_14fc0', table='recommendations_openingimport', when='BEFORE')),
        ),
        migrations.AddConstraint(
            model_name='updatewriter',
            constraint=models.UniqueConstraint(fields=('update', 'user'), name='update_writer_once'),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='updatewriter',
            trigger=pgtrigger.compiler.Trigger(name='updatewriter_append_only', sql=audit.guards.StrictTriggerSql(func="RAISE EXCEPTION 'jejak: % is refused on %: its rows are kept', TG_OP, TG_TABLE_NAME;", hash='7fb99e58c3b7ec926d4f18980183059f65b052f4', level='STATEMENT', operation='UPDATE OR DELETE OR TRUNCATE', pgid='pgtrigger_updatewriter_append_only_ffa2e', table='recommendations_updatewriter', when='BEFORE')),
        ),
        migrations.RunSQL(FILL_WRITERS, migrations.RunSQL.noop),
        migrations.RunSQL(COVER_VERSIONS, UNCOVER_VERSIONS),
    ]
