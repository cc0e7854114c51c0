import django.contrib.postgres.fields
import django.contrib.postgres.search
from django.db import migrations, models

# Everything below knows a text by its SHA-256, as marks do (ADR 57), and hides what `jejak_shown` hides from somebody of no
# agency. ADR 77 says why words are kept twice.
HIDING = r"""
CREATE FUNCTION search_digests(texts text[]) RETURNS text[]
    LANGUAGE sql STABLE SET search_path = pg_catalog, public, pg_temp AS $$
    SELECT ARRAY(
        SELECT DISTINCT encode(sha256(convert_to(each, 'UTF8')), 'hex') FROM unnest(texts) each WHERE each <> '' ORDER BY 1)
$$;

-- How many marks there are of these texts. Marks are only added: another number says that they are others.
CREATE FUNCTION search_marks(digests text[]) RETURNS integer
    LANGUAGE sql STABLE SET search_path = pg_catalog, public, pg_temp AS $$
    SELECT count(*)::integer FROM privacy_identitymark WHERE sha256 = ANY (digests)
$$;

-- The agencies that read all of these texts whole; NULL if nothing of any is hidden.
CREATE FUNCTION search_readers(digests text[]) RETURNS bigint[]
    LANGUAGE sql STABLE SET search_path = pg_catalog, public, pg_temp AS $$
    WITH standing AS (
        SELECT sha256, agency_id FROM privacy_identitymark mark
        WHERE sha256 = ANY (digests) AND is_hidden AND NOT EXISTS (
            SELECT FROM privacy_identitymark lifted
            WHERE lifted.sha256 = mark.sha256 AND NOT lifted.is_hidden AND lifted.id > mark.id))
    SELECT CASE WHEN count(*) > 0 THEN ARRAY(
        SELECT agency_id FROM standing WHERE agency_id IS NOT NULL GROUP BY agency_id
        HAVING count(DISTINCT sha256) = (SELECT count(DISTINCT sha256) FROM standing)) END
    FROM standing
$$;
"""
HIDING_BACK = """
DROP FUNCTION search_readers(text[]);
DROP FUNCTION search_marks(text[]);
DROP FUNCTION search_digests(text[]);
"""

# The words of a document, of the texts that are left of it. A file's name is read as it stands and taken apart, so that its
# parts are found as words.
DOCUMENT = """
CREATE FUNCTION search_words_of_document(name text, reference text, inside text) RETURNS tsvector
    LANGUAGE sql STABLE
    RETURN setweight(jejak_words(concat_ws(' ', name, reference, regexp_replace(name, '[^[:alnum:]]+', ' ', 'g'))), 'A')
        || jejak_long_words(inside);
CREATE FUNCTION search_inside_document(document evidence_document) RETURNS text
    LANGUAGE sql STABLE
    RETURN CASE WHEN document.state = 'kept' OR document.frozen_at IS NOT NULL
        THEN coalesce((SELECT text FROM evidence_documenttext WHERE document_id = document.id), '')
        ELSE '' END;
CREATE OR REPLACE FUNCTION search_words_of_document(document evidence_document) RETURNS tsvector
    LANGUAGE sql STABLE
    RETURN search_words_of_document(
        document.original_name, document.reference_number, search_inside_document(document));
"""
DOCUMENT_BACK = """
CREATE OR REPLACE FUNCTION search_words_of_document(document evidence_document) RETURNS tsvector
    LANGUAGE sql STABLE
    RETURN setweight(jejak_words(concat_ws(' ', document.original_name, document.reference_number,
            regexp_replace(document.original_name, '[^[:alnum:]]+', ' ', 'g'))), 'A')
        || CASE WHEN document.state = 'kept' OR document.frozen_at IS NOT NULL
            THEN coalesce((SELECT jejak_long_words(text) FROM evidence_documenttext
                           WHERE document_id = document.id AND text <> ''), '')
            ELSE '' END;
DROP FUNCTION search_inside_document(evidence_document);
DROP FUNCTION search_words_of_document(text, text, text);
"""

# One trigger a table of words fills in the rest of each row that is written; a new mark writes the rows of its text again.
# What a file holds is looked at as a whole: where it seems to identify somebody, its agency alone finds by it.
TRIGGERS = """
CREATE FUNCTION search_hide_words() RETURNS trigger
    LANGUAGE plpgsql SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
    item recommendations_item;
    document evidence_document;
    inside text := '';
    given text[];
    shown text[];
BEGIN
    CASE TG_TABLE_NAME
    WHEN 'search_itemwords' THEN
        SELECT * INTO STRICT item FROM recommendations_item WHERE id = NEW.item_id;
        given := ARRAY[item.text_ms, item.text_en, item.title_ms, item.title_en];
    WHEN 'search_narrativewords' THEN
        SELECT ARRAY[narrative] INTO STRICT given FROM recommendations_submission WHERE id = NEW.submission_id;
    WHEN 'search_commentwords' THEN
        SELECT ARRAY[text] INTO STRICT given FROM recommendations_comment WHERE id = NEW.comment_id;
    WHEN 'search_documentwords' THEN
        SELECT * INTO STRICT document FROM evidence_document WHERE id = NEW.document_id;
        inside := search_inside_document(document);
        given := ARRAY[document.original_name, document.reference_number, inside];
    END CASE;
    NEW.texts := search_digests(given);
    NEW.marks := search_marks(NEW.texts);
    NEW.readers := search_readers(NEW.texts);
    IF inside <> '' AND EXISTS (SELECT FROM evidence_documenttext
                                WHERE document_id = document.id AND coalesce(identities, '{}') <> '{}') THEN
        inside := '';
        NEW.readers := CASE WHEN NEW.readers IS NULL OR document.agency_id = ANY (NEW.readers)
                       THEN ARRAY[document.agency_id] ELSE '{}' END;
    END IF;
    NEW.shown_words := NULL;
    IF NEW.readers IS NULL THEN
        RETURN NEW;
    END IF;
    SELECT array_agg(jejak_shown(each, NULL, false) ORDER BY place) INTO shown
    FROM unnest(given) WITH ORDINALITY AS texts (each, place);
    CASE TG_TABLE_NAME
    WHEN 'search_itemwords' THEN
        item.text_ms := shown[1];
        item.text_en := shown[2];
        item.title_ms := shown[3];
        item.title_en := shown[4];
        NEW.shown_words := search_words_of_item(item);
    WHEN 'search_documentwords' THEN
        NEW.shown_words := search_words_of_document(
            shown[1], shown[2], CASE WHEN inside <> '' THEN shown[3] ELSE '' END);
    ELSE
        NEW.shown_words := jejak_words(shown[1]);
    END CASE;
    RETURN NEW;
END
$$;
CREATE TRIGGER search_hide_words BEFORE INSERT OR UPDATE ON search_itemwords
    FOR EACH ROW EXECUTE FUNCTION search_hide_words();
CREATE TRIGGER search_hide_words BEFORE INSERT OR UPDATE ON search_narrativewords
    FOR EACH ROW EXECUTE FUNCTION search_hide_words();
CREATE TRIGGER search_hide_words BEFORE INSERT OR UPDATE ON search_commentwords
    FOR EACH ROW EXECUTE FUNCTION search_hide_words();
CREATE TRIGGER search_hide_words BEFORE INSERT OR UPDATE ON search_documentwords
    FOR EACH ROW EXECUTE FUNCTION search_hide_words();

CREATE FUNCTION search_keep_marked() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    UPDATE search_itemwords SET marks = NULL WHERE texts @> ARRAY[NEW.sha256]::varchar[];
    UPDATE search_narrativewords SET marks = NULL WHERE texts @> ARRAY[NEW.sha256]::varchar[];
    UPDATE search_commentwords SET marks = NULL WHERE texts @> ARRAY[NEW.sha256]::varchar[];
    UPDATE search_documentwords SET marks = NULL WHERE texts @> ARRAY[NEW.sha256]::varchar[];
    RETURN NULL;
END
$$;
CREATE TRIGGER search_keep_marked AFTER INSERT ON privacy_identitymark
    FOR EACH ROW EXECUTE FUNCTION search_keep_marked();

CREATE TRIGGER search_keep_identities AFTER UPDATE OF identities ON evidence_documenttext
    FOR EACH ROW WHEN (OLD.identities IS DISTINCT FROM NEW.identities) EXECUTE FUNCTION search_keep_document();
"""
TRIGGERS_BACK = """
DROP TRIGGER search_keep_identities ON evidence_documenttext;
DROP TRIGGER search_keep_marked ON privacy_identitymark;
DROP FUNCTION search_keep_marked();
DROP TRIGGER search_hide_words ON search_documentwords;
DROP TRIGGER search_hide_words ON search_commentwords;
DROP TRIGGER search_hide_words ON search_narrativewords;
DROP TRIGGER search_hide_words ON search_itemwords;
DROP FUNCTION search_hide_words();
"""


def _columns(model):
    """The new columns of one table of words."""
    hashes = django.contrib.postgres.fields.ArrayField(models.CharField(max_length=64), null=True)
    agencies = django.contrib.postgres.fields.ArrayField(models.BigIntegerField(), null=True)
    return [
        migrations.AddField(model, "marks", models.IntegerField(null=True)),
        migrations.AddField(model, "readers", agencies),
        migrations.AddField(model, "shown_words", django.contrib.postgres.search.SearchVectorField(null=True)),
        migrations.AddField(model, "texts", hashes),
    ]


class Migration(migrations.Migration):
    """Each table of words says what is left of a text for who may not see its hidden words."""

    dependencies = [
        ("evidence", "0009_file_checks"),
        ("privacy", "0002_marks_version"),
        ("search", "0005_titles"),
    ]

    version_before = "it reads and writes the columns that it knows, which hold what they held; triggers fill in the others"

    operations = [
        *_columns("itemwords"),
        *_columns("narrativewords"),
        *_columns("commentwords"),
        *_columns("documentwords"),
        migrations.RunSQL(HIDING, HIDING_BACK),
        migrations.RunSQL(DOCUMENT, DOCUMENT_BACK),
        migrations.RunSQL(TRIGGERS, TRIGGERS_BACK),
    ]
