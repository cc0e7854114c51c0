import django.contrib.postgres.indexes
import django.contrib.postgres.search
import django.db.models.deletion
from django.db import migrations, models

# How texts and questions are read. Indonesian stemming fits Malay (the two share their affixes), English the rest; a
# text keeps the words of both, a question may be answered by either. See docs/adr/0011.
LANGUAGES = r"""
-- Signs are taken apart here and not by the parser, which under some locales holds all beyond ASCII for letters; what
-- is the same to a reader (a ligature, a letter of full width, a space that does not break) becomes the same. Plain
-- ASCII, which most texts are, needs next to nothing of it.
CREATE FUNCTION jejak_plain(given text) RETURNS text
    LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
    RETURN CASE WHEN octet_length(given) = length(given) THEN translate(given, '/_\|', '    ')
        ELSE translate(
                translate(
                    normalize(given, NFKC),
                    '’“”„‟«»‹›‘‚‛‐‑‒–—―…·•¡¿×÷−′″©®°§¶†‡',
                    '''                                  '
                ),
                'ÀÁÂÃÄÅÇÈÉÊËÌÍÎÏÑÒÓÔÕÖÙÚÛÜÝàáâãäåçèéêëìíîïñòóôõöùúûüýÿĀāĂăĄąĆćĈĉĊċČčĎďĒēĔĕĖėĘęĚěĜĝĞğĠġĢģĤĥĨĩĪīĬĭĮįİĴĵĶķĹĺĻļĽľŃńŅņŇňŌōŎŏŐőŔŕŖŗŘřŚśŜŝŞşŠšŢţŤťŨũŪūŬŭŮůŰűŲųŴŵŶŷŸŹźŻżŽž/_\|',
                'AAAAAACEEEEIIIINOOOOOUUUUYaaaaaaceeeeiiiinooooouuuuyyAaAaAaCcCcCcCcDdEeEeEeEeEeGgGgGgGgHhIiIiIiIiIJjKkLlLlLlNnNnNnOoOoOoRrRrRrSsSsSsSsTtTtUuUuUuUuUuUuWwYyYZzZzZz    '
            )
    END;

CREATE FUNCTION jejak_words(given text) RETURNS tsvector
    LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
    RETURN to_tsvector('pg_catalog.indonesian', jejak_plain(given))
        || to_tsvector('pg_catalog.english', jejak_plain(given));

-- A long text whose words do not fit into one tsvector (1 MB) keeps those of its beginning.
CREATE FUNCTION jejak_long_words(given text) RETURNS tsvector
    LANGUAGE plpgsql IMMUTABLE STRICT SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
    room integer := length(given);
BEGIN
    LOOP
        BEGIN
            RETURN jejak_words(left(given, room));
        EXCEPTION WHEN program_limit_exceeded THEN
            room := room / 2;
        END;
    END LOOP;
END
$$;

-- What a person typed: words, "phrases", or, -without, begin*. A part that names no word to look for is left out;
-- NULL means that nothing is left. While the parser reads, x* goes as a word that no stemmer changes.
CREATE FUNCTION jejak_query(given text) RETURNS tsquery
    LANGUAGE plpgsql IMMUTABLE STRICT PARALLEL SAFE SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
    plain text := regexp_replace(jejak_plain(translate(given, '“”„‟', repeat('"', 4))), '(\w{3,})\*', 'zqz\1zqz', 'g');
    language regconfig;
    part tsquery;
    found tsquery;
BEGIN
    FOREACH language IN ARRAY ARRAY['indonesian', 'english']::regconfig[] LOOP
        part := websearch_to_tsquery(language, plain);
        IF querytree(part) NOT IN ('', 'T') THEN
            part := regexp_replace(part::text, '''zqz(\w+?)zqz''', '''\1'':*', 'g')::tsquery;
            found := CASE WHEN found IS NULL OR found = part THEN part ELSE found || part END;
        END IF;
    END LOOP;
    RETURN found;
END
$$;

-- The surroundings of the first of these beginnings of words that a text holds, else the text's own beginning.
CREATE FUNCTION jejak_excerpt(given text, needles text[], room integer) RETURNS text
    LANGUAGE plpgsql IMMUTABLE STRICT PARALLEL SAFE SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
    lowered text := lower(given);
    needle text;
    place integer;
BEGIN
    FOREACH needle IN ARRAY needles LOOP
        place := strpos(lowered, needle);
        IF place > 0 THEN
            RETURN substr(given, greatest(place - room / 2, 1), room);
        END IF;
    END LOOP;
    RETURN left(given, room);
END
$$;
"""
LANGUAGES_BACK = """
DROP FUNCTION jejak_excerpt(text, text[], integer);
DROP FUNCTION jejak_query(text);
DROP FUNCTION jejak_long_words(text);
DROP FUNCTION jejak_words(text);
DROP FUNCTION jejak_plain(text);
"""

# What each kind of thing is found by: one function each, used by its trigger and by `search_fill`.
WORDS_OF = """
CREATE FUNCTION search_words_of_item(item recommendations_item) RETURNS tsvector
    LANGUAGE sql STABLE
    RETURN setweight(jejak_words(
            CASE item.kind
                WHEN 'recommendation' THEN 'syor recommendation '
                WHEN 'weakness' THEN 'kelemahan weakness '
                ELSE 'pencapaian achievement '
            END || item.number), 'A')
        || jejak_words(item.text_ms) || jejak_words(item.text_en);

-- A file's name is read as it stands and taken apart, so that its parts are found as words.
CREATE FUNCTION search_words_of_document(document evidence_document) RETURNS tsvector
    LANGUAGE sql STABLE
    RETURN setweight(jejak_words(concat_ws(' ', document.original_name, document.reference_number,
            regexp_replace(document.original_name, '[^[:alnum:]]+', ' ', 'g'))), 'A')
        || CASE WHEN document.state = 'kept' OR document.frozen_at IS NOT NULL
            THEN coalesce((SELECT jejak_long_words(text) FROM evidence_documenttext
                           WHERE document_id = document.id AND text <> ''), '')
            ELSE '' END;
"""
WORDS_OF_BACK = """
DROP FUNCTION search_words_of_document(evidence_document);
DROP FUNCTION search_words_of_item(recommendations_item);
"""

TRIGGERS = """
CREATE FUNCTION search_keep_item() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    INSERT INTO search_itemwords (item_id, words) VALUES (NEW.id, search_words_of_item(NEW))
    ON CONFLICT (item_id) DO UPDATE SET words = EXCLUDED.words;
    RETURN NULL;
END
$$;
CREATE TRIGGER search_keep_item_new AFTER INSERT ON recommendations_item
    FOR EACH ROW EXECUTE FUNCTION search_keep_item();
CREATE TRIGGER search_keep_item AFTER UPDATE OF kind, number, text_ms, text_en ON recommendations_item
    FOR EACH ROW EXECUTE FUNCTION search_keep_item();

CREATE FUNCTION search_keep_narrative() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    INSERT INTO search_narrativewords (submission_id, item_id, agency_id, words)
    SELECT NEW.id, assignment.item_id, assignment.agency_id, jejak_words(NEW.narrative)
    FROM recommendations_update update
    JOIN recommendations_assignment assignment ON assignment.id = update.assignment_id
    WHERE update.id = NEW.update_id AND NOT update.is_nothing_new;
    RETURN NULL;
END
$$;
CREATE TRIGGER search_keep_narrative AFTER INSERT ON recommendations_submission
    FOR EACH ROW EXECUTE FUNCTION search_keep_narrative();

CREATE FUNCTION search_keep_comment() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    INSERT INTO search_commentwords (comment_id, words) VALUES (NEW.id, jejak_words(NEW.text));
    RETURN NULL;
END
$$;
CREATE TRIGGER search_keep_comment AFTER INSERT ON recommendations_comment
    FOR EACH ROW EXECUTE FUNCTION search_keep_comment();

CREATE FUNCTION search_keep_document() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
    document evidence_document;
BEGIN
    IF TG_TABLE_NAME = 'evidence_document' THEN
        document := NEW;
    ELSE
        SELECT * INTO STRICT document FROM evidence_document WHERE id = NEW.document_id;
    END IF;
    IF document.sealed_at IS NOT NULL THEN
        DELETE FROM search_documentwords WHERE document_id = document.id;
    ELSE
        INSERT INTO search_documentwords (document_id, agency_id, words)
        VALUES (document.id, document.agency_id, search_words_of_document(document))
        ON CONFLICT (document_id) DO UPDATE SET words = EXCLUDED.words;
    END IF;
    RETURN NULL;
END
$$;
CREATE TRIGGER search_keep_document_new AFTER INSERT ON evidence_document
    FOR EACH ROW EXECUTE FUNCTION search_keep_document();
CREATE TRIGGER search_keep_document AFTER UPDATE ON evidence_document
    FOR EACH ROW WHEN (
        (OLD.sealed_at IS NULL) IS DISTINCT FROM (NEW.sealed_at IS NULL)
        OR (OLD.state = 'kept' OR OLD.frozen_at IS NOT NULL)
            IS DISTINCT FROM (NEW.state = 'kept' OR NEW.frozen_at IS NOT NULL)
    ) EXECUTE FUNCTION search_keep_document();
CREATE TRIGGER search_keep_text_new AFTER INSERT ON evidence_documenttext
    FOR EACH ROW WHEN (NEW.text <> '') EXECUTE FUNCTION search_keep_document();
CREATE TRIGGER search_keep_text AFTER UPDATE ON evidence_documenttext
    FOR EACH ROW WHEN (OLD.text IS DISTINCT FROM NEW.text) EXECUTE FUNCTION search_keep_document();
"""
TRIGGERS_BACK = """
DROP TRIGGER search_keep_text ON evidence_documenttext;
DROP TRIGGER search_keep_text_new ON evidence_documenttext;
DROP TRIGGER search_keep_document ON evidence_document;
DROP TRIGGER search_keep_document_new ON evidence_document;
DROP TRIGGER search_keep_comment ON recommendations_comment;
DROP TRIGGER search_keep_narrative ON recommendations_submission;
DROP TRIGGER search_keep_item ON recommendations_item;
DROP TRIGGER search_keep_item_new ON recommendations_item;
DROP FUNCTION search_keep_document();
DROP FUNCTION search_keep_comment();
DROP FUNCTION search_keep_narrative();
DROP FUNCTION search_keep_item();
"""

# Makes all words anew: for what was there before, and for when PostgreSQL has learnt to stem better. It has no more
# rights than whoever calls it, and only the owner's role may write these tables.
FILL = """
CREATE FUNCTION search_fill() RETURNS void
    LANGUAGE sql SET search_path = pg_catalog, public, pg_temp AS $$
    INSERT INTO search_itemwords (item_id, words)
        SELECT item.id, search_words_of_item(item) FROM recommendations_item item
        ON CONFLICT (item_id) DO UPDATE SET words = EXCLUDED.words;
    INSERT INTO search_narrativewords (submission_id, item_id, agency_id, words)
        SELECT submission.id, assignment.item_id, assignment.agency_id, jejak_words(submission.narrative)
        FROM recommendations_submission submission
        JOIN recommendations_update update ON update.id = submission.update_id
        JOIN recommendations_assignment assignment ON assignment.id = update.assignment_id
        WHERE NOT update.is_nothing_new
        ON CONFLICT (submission_id) DO UPDATE SET words = EXCLUDED.words;
    INSERT INTO search_commentwords (comment_id, words)
        SELECT comment.id, jejak_words(comment.text) FROM recommendations_comment comment
        ON CONFLICT (comment_id) DO UPDATE SET words = EXCLUDED.words;
    INSERT INTO search_documentwords (document_id, agency_id, words)
        SELECT document.id, document.agency_id, search_words_of_document(document)
        FROM evidence_document document WHERE sealed_at IS NULL
        ON CONFLICT (document_id) DO UPDATE SET words = EXCLUDED.words;
$$;
SELECT search_fill();
SET CONSTRAINTS ALL IMMEDIATE;
"""

# Whether to walk from the newest or to ask the index depends on how common a word is: PostgreSQL must know of many.
STATISTICS = """
ALTER TABLE search_narrativewords ALTER COLUMN words SET STATISTICS 1000;
ALTER TABLE search_documentwords ALTER COLUMN words SET STATISTICS 1000;
ALTER TABLE search_commentwords ALTER COLUMN words SET STATISTICS 1000;
"""


class Migration(migrations.Migration):
    """How texts are read for searching, the tables of their words, and the triggers that keep them."""

    initial = True

    dependencies = [
        ('accounts', '0001_initial'),
        ('evidence', '0002_document_text'),
        ('recommendations', '0003_steering'),
    ]

    operations = [
        migrations.RunSQL(LANGUAGES, LANGUAGES_BACK),
        migrations.CreateModel(
            name='CommentWords',
            fields=[
                ('comment', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, primary_key=True, related_name='words', serialize=False, to='recommendations.comment')),
                ('words', django.contrib.postgres.search.SearchVectorField()),
            ],
            options={
                'indexes': [django.contrib.postgres.indexes.GinIndex(fastupdate=False, fields=['words'], name='search_comment_words')],
            },
        ),
        migrations.CreateModel(
            name='DocumentWords',
            fields=[
                ('document', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, primary_key=True, related_name='search_words', serialize=False, to='evidence.document')),
                ('agency', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='accounts.agency')),
                ('words', django.contrib.postgres.search.SearchVectorField()),
            ],
            options={
                'indexes': [django.contrib.postgres.indexes.GinIndex(fastupdate=False, fields=['words'], name='search_document_words')],
            },
        ),
        migrations.CreateModel(
            name='ItemWords',
            fields=[
                ('item', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, primary_key=True, related_name='words', serialize=False, to='recommendations.item')),
                ('words', django.contrib.postgres.search.SearchVectorField()),
            ],
            options={
                'indexes': [django.contrib.postgres.indexes.GinIndex(fastupdate=False, fields=['words'], name='search_item_words')],
            },
        ),
        migrations.CreateModel(
            name='NarrativeWords',
            fields=[
                ('submission', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, primary_key=True, related_name='words', serialize=False, to='recommendations.submission')),
                ('words', django.contrib.postgres.search.SearchVectorField()),
                ('item', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='recommendations.item')),
                ('agency', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='accounts.agency')),
            ],
            options={
                'indexes': [django.contrib.postgres.indexes.GinIndex(fastupdate=False, fields=['words'], name='search_narrative_words')],
            },
        ),
        migrations.RunSQL(STATISTICS, migrations.RunSQL.noop),
        migrations.RunSQL(WORDS_OF, WORDS_OF_BACK),
        migrations.RunSQL(TRIGGERS, TRIGGERS_BACK),
        migrations.RunSQL(FILL, "DROP FUNCTION search_fill()"),
    ]
