from django.db import migrations, models

#: Within the transaction that adds marks their newest number is told at once; the row moves when it ends, so that no lock is
#: held while it goes on. The number of a transaction is never used again.
_MOVE = """
CREATE FUNCTION jejak_tell_newest_mark() RETURNS trigger
LANGUAGE plpgsql SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    PERFORM set_config('jejak.newest_mark', NEW.id::text, true);
    RETURN NULL;
END $$;
CREATE TRIGGER tell_newest_mark AFTER INSERT ON privacy_identitymark
FOR EACH ROW EXECUTE FUNCTION jejak_tell_newest_mark();

CREATE FUNCTION jejak_move_marks_version() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
    here bigint := pg_current_xact_id()::text::bigint;
BEGIN
    INSERT INTO privacy_marksversion AS kept (id, moved_in) VALUES (1, here)
    ON CONFLICT (id) DO UPDATE SET moved_in = here WHERE kept.moved_in <> here;
    RETURN NULL;
END $$;
CREATE CONSTRAINT TRIGGER move_marks_version AFTER INSERT ON privacy_identitymark
DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION jejak_move_marks_version();

INSERT INTO privacy_marksversion (id, moved_in)
SELECT 1, pg_current_xact_id()::text::bigint WHERE EXISTS (SELECT FROM privacy_identitymark);
"""
_STAY = """
DROP TRIGGER move_marks_version ON privacy_identitymark;
DROP FUNCTION jejak_move_marks_version();
DROP TRIGGER tell_newest_mark ON privacy_identitymark;
DROP FUNCTION jejak_tell_newest_mark();
"""


class Migration(migrations.Migration):
    """From here on one row says which version the marks are, however many there are (ADR 57)."""

    dependencies = [("privacy", "0001_initial")]

    operations = [
        migrations.CreateModel(
            name="MarksVersion",
            fields=[
                ("id", models.PositiveSmallIntegerField(primary_key=True, serialize=False)),
                ("moved_in", models.BigIntegerField()),
            ],
        ),
        migrations.RunSQL(_MOVE, _STAY),
    ]
