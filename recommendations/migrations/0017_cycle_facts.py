from importlib import import_module

import audit.guards
import django.db.models.deletion
import pgtrigger.compiler
import pgtrigger.migrations
from django.db import migrations, models

from audit.past import KeepPast

FACT = (
    "kind",
    "happened_on",
    "title_ms",
    "title_en",
    "text_ms",
    "text_en",
    "source_ms",
    "source_en",
    "withdrawn_at",
)
#: A cycle that was loaded by mistake is deleted with its facts; the rest of the function is as it was written last.
DELETE_CYCLE_BACK = import_module("indicators.migrations.0003_delete_figures").DELETE_CYCLE
DELETE_CYCLE = DELETE_CYCLE_BACK.replace(
    "loaded text[] := ARRAY[",
    """loaded text[] := ARRAY['recommendations_cyclefactitemversion', 'recommendations_cyclefactitem',
        'recommendations_cyclefactversion', 'recommendations_cyclefact', """,
).replace(
    "    DELETE FROM recommendations_itemlinkversion WHERE",
    """    DELETE FROM recommendations_cyclefactitemversion WHERE item_id = ANY(items);
    DELETE FROM recommendations_cyclefactitem WHERE item_id = ANY(items);
    DELETE FROM recommendations_cyclefactversion
        WHERE fact_id IN (SELECT id FROM recommendations_cyclefact WHERE cycle_id = unwanted);
    DELETE FROM recommendations_cyclefact WHERE cycle_id = unwanted;
    DELETE FROM recommendations_itemlinkversion WHERE""",
)


class Migration(migrations.Migration):
    """Cycles have facts beside their items, such as the announcement; the database keeps their past."""

    dependencies = [
        ('recommendations', '0016_cycle_sources'),
        ("indicators", "0003_delete_figures"),
        ("audit", "0001_initial"),
    ]

    operations = [
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
        ),
        migrations.CreateModel(
            name='CycleFactItem',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('fact', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='item_links', to='recommendations.cyclefact')),
                ('item', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='fact_links', to='recommendations.item')),
            ],
        ),
        migrations.AddField(
            model_name='cyclefact',
            name='items',
            field=models.ManyToManyField(related_name='facts', through='recommendations.CycleFactItem', to='recommendations.item'),
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
            },
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
        pgtrigger.migrations.AddTrigger(
            model_name='cyclefact',
            trigger=pgtrigger.compiler.Trigger(name='cyclefact_no_delete', sql=audit.guards.StrictTriggerSql(func="RAISE EXCEPTION 'jejak: % is refused on %: its rows are kept', TG_OP, TG_TABLE_NAME;", hash='209bdc9ed417040a51a1a62f1bebfa56d23a2752', level='STATEMENT', operation='DELETE OR TRUNCATE', pgid='pgtrigger_cyclefact_no_delete_46b11', table='recommendations_cyclefact', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='cyclefact',
            trigger=pgtrigger.compiler.Trigger(name='cyclefact_withdrawn_at_is_now', sql=audit.guards.StrictTriggerSql(func="\n        IF NEW.withdrawn_at IS NOT NULL\n           AND (TG_OP = 'INSERT' OR to_jsonb(NEW) -> 'withdrawn_at' IS DISTINCT FROM\n                                    to_jsonb(OLD) -> 'withdrawn_at')\n           AND abs(extract(epoch FROM NEW.withdrawn_at - jejak_now())) > 300 THEN\n            RAISE EXCEPTION 'jejak: % of % must be the present instant, not %',\n                'withdrawn_at', TG_TABLE_NAME, NEW.withdrawn_at;\n        END IF;\n        RETURN NEW;\n        ", hash='a0f421573ae8dafe9985c2c60b41764e264d2540', operation='INSERT OR UPDATE', pgid='pgtrigger_cyclefact_withdrawn_at_is_now_30824', table='recommendations_cyclefact', when='BEFORE')),
        ),
        KeepPast("recommendations_cyclefact", "recommendations_cyclefactversion", key="fact_id", columns=FACT),
        KeepPast(
            "recommendations_cyclefactitem",
            "recommendations_cyclefactitemversion",
            key="link_id",
            columns=("fact_id", "item_id"),
        ),
        migrations.RunSQL(DELETE_CYCLE, DELETE_CYCLE_BACK),
    ]
