from django.db import migrations, models

#: Whatever the pages of figures read, but for versions, which triggers of the live tables write.
TABLES = (
    *("indicators_indicator", "indicators_indicatordimension", "indicators_dimension", "indicators_dimensionvalue"),
    *("indicators_series", "indicators_seriesvalue", "indicators_figure", "indicators_source"),
    *("indicators_publishedtable", "indicators_publishedcell", "indicators_check", "indicators_checkterm"),
    *("indicators_checkexplanation", "indicators_target", "indicators_indicatoritem"),
    *("accounts_agency", "recommendations_cycle"),
)

#: One row for each transaction. Where a savepoint is rolled back, the row and the setting that remembers it go together.
NOTE = """
CREATE FUNCTION jejak_note_register_change() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
    here text := pg_current_xact_id()::text;
BEGIN
    IF current_setting('jejak.register_changed', true) IS DISTINCT FROM here THEN
        INSERT INTO indicators_registerchange DEFAULT VALUES;
        PERFORM set_config('jejak.register_changed', here, true);
    END IF;
    RETURN NULL;
END $$;
"""
FORGET = "DROP FUNCTION jejak_note_register_change();"

_EACH = """
CREATE TRIGGER register_change AFTER INSERT OR UPDATE OR DELETE OR TRUNCATE ON {table}
FOR EACH STATEMENT EXECUTE FUNCTION jejak_note_register_change();
"""

#: A cycle is deleted with the triggers of its tables off; its Event is not.
_DELETED = """
CREATE TRIGGER register_change AFTER INSERT ON audit_event
FOR EACH ROW WHEN (NEW.action = 'cycle.deleted') EXECUTE FUNCTION jejak_note_register_change();
"""
_DROPPED = "DROP TRIGGER register_change ON {table};"


class Migration(migrations.Migration):
    """From here on the database counts the transactions that change what pages of figures show (ADR 47)."""

    dependencies = [
        ("indicators", "0005_delete_facts"),
        ("accounts", "0001_initial"),
        ("audit", "0001_initial"),
        ("recommendations", "0001_initial"),
    ]

    operations = [
        migrations.CreateModel(
            name="RegisterChange",
            fields=[
                (
                    "id",
                    models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID"),
                ),
            ],
        ),
        migrations.RunSQL(NOTE, FORGET),
        *(
            migrations.RunSQL(_EACH.format(table=table), _DROPPED.format(table=table)) for table in TABLES
        ),
        migrations.RunSQL(_DELETED, _DROPPED.format(table="audit_event")),
    ]
