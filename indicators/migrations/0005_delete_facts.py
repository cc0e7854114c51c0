from importlib import import_module

from django.db import migrations

#: Deletes the facts that the file of a cycle brought. One that somebody entered by hand has no key: it stays, refers to the
#: cycle, and makes the deletion fail. Like `jejak_delete_figures` it serves `jejak_delete_cycle` alone.
DELETE_FACTS = """
CREATE FUNCTION jejak_delete_facts(unwanted bigint) RETURNS void
LANGUAGE plpgsql SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
    loaded text[] := ARRAY['recommendations_cyclefactitemversion', 'recommendations_cyclefactitem',
        'recommendations_cyclefactversion', 'recommendations_cyclefact'];
    facts bigint[] := ARRAY(SELECT id FROM recommendations_cyclefact WHERE cycle_id = unwanted AND key <> '');
    keys text;
    part text;
BEGIN
    SELECT string_agg(DISTINCT quote_ident(conname), ', ') INTO keys
    FROM pg_constraint
    WHERE contype = 'f' AND condeferrable
      AND (conrelid = ANY(loaded::regclass[]) OR confrelid = ANY(loaded::regclass[]));
    EXECUTE 'SET CONSTRAINTS ' || keys || ' IMMEDIATE';
    FOREACH part IN ARRAY loaded LOOP
        EXECUTE format('ALTER TABLE %I DISABLE TRIGGER USER', part);
    END LOOP;
    DELETE FROM recommendations_cyclefactitemversion WHERE fact_id = ANY(facts);
    DELETE FROM recommendations_cyclefactitem WHERE fact_id = ANY(facts);
    DELETE FROM recommendations_cyclefactversion WHERE fact_id = ANY(facts);
    DELETE FROM recommendations_cyclefact WHERE id = ANY(facts);
    FOREACH part IN ARRAY loaded LOOP
        EXECUTE format('ALTER TABLE %I ENABLE TRIGGER USER', part);
    END LOOP;
    EXECUTE 'SET CONSTRAINTS ' || keys || ' DEFERRED';
END
$$;
"""
KEEP_FACTS = "DROP FUNCTION jejak_delete_facts(bigint);"

_BEFORE = import_module("indicators.migrations.0003_delete_figures").DELETE_CYCLE
_FIGURES, _FACTS = (f"    PERFORM jejak_delete_{part}(unwanted);\n" for part in ("figures", "facts"))
#: As in 0003, and with the facts after the figures.
DELETE_CYCLE = _BEFORE.replace(_FIGURES, _FIGURES + _FACTS)
#: As `recommendations` wrote it last.
DELETE_CYCLE_BACK = import_module("recommendations.migrations.0017_cycle_facts").DELETE_CYCLE


class Migration(migrations.Migration):
    """A cycle that was loaded by mistake goes with the facts of its file."""

    dependencies = [
        ("indicators", "0004_reports"),
        ("recommendations", "0017_cycle_facts"),
    ]

    operations = [
        migrations.RunSQL(DELETE_FACTS, KEEP_FACTS),
        migrations.RunSQL(DELETE_CYCLE, DELETE_CYCLE_BACK),
    ]
