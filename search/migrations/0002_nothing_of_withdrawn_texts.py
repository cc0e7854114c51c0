from django.db import migrations

# A text that its agency took back or discarded is no longer found: the index forgets its words, whoever searches. Its
# pages stay readable to those who could read them. An update that is opened again gets its words back.
TRIGGER = """
CREATE FUNCTION search_keep_state() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    DELETE FROM search_narrativewords words USING recommendations_submission submission
    WHERE submission.update_id = NEW.id AND words.submission_id = submission.id;
    IF NEW.state NOT IN ('withdrawn', 'discarded') AND NOT NEW.is_nothing_new THEN
        INSERT INTO search_narrativewords (submission_id, item_id, agency_id, words)
        SELECT submission.id, assignment.item_id, assignment.agency_id, jejak_words(submission.narrative)
        FROM recommendations_submission submission
        JOIN recommendations_assignment assignment ON assignment.id = NEW.assignment_id
        WHERE submission.update_id = NEW.id;
    END IF;
    RETURN NULL;
END
$$;
CREATE TRIGGER search_keep_state AFTER UPDATE OF state ON recommendations_update
    FOR EACH ROW WHEN (
        (OLD.state IN ('withdrawn', 'discarded')) IS DISTINCT FROM (NEW.state IN ('withdrawn', 'discarded'))
    ) EXECUTE FUNCTION search_keep_state();
"""
TRIGGER_BACK = """
DROP TRIGGER search_keep_state ON recommendations_update;
DROP FUNCTION search_keep_state();
"""

# As in 0001, but for the last condition on the state of an update.
_FILL = """
CREATE OR REPLACE FUNCTION search_fill() RETURNS void
    LANGUAGE sql SET search_path = pg_catalog, public, pg_temp AS $$
    INSERT INTO search_itemwords (item_id, words)
        SELECT item.id, search_words_of_item(item) FROM recommendations_item item
        ON CONFLICT (item_id) DO UPDATE SET words = EXCLUDED.words;
    INSERT INTO search_narrativewords (submission_id, item_id, agency_id, words)
        SELECT submission.id, assignment.item_id, assignment.agency_id, jejak_words(submission.narrative)
        FROM recommendations_submission submission
        JOIN recommendations_update update ON update.id = submission.update_id
        JOIN recommendations_assignment assignment ON assignment.id = update.assignment_id
        WHERE NOT update.is_nothing_new {condition}
        ON CONFLICT (submission_id) DO UPDATE SET words = EXCLUDED.words;
    INSERT INTO search_commentwords (comment_id, words)
        SELECT comment.id, jejak_words(comment.text) FROM recommendations_comment comment
        ON CONFLICT (comment_id) DO UPDATE SET words = EXCLUDED.words;
    INSERT INTO search_documentwords (document_id, agency_id, words)
        SELECT document.id, document.agency_id, search_words_of_document(document)
        FROM evidence_document document WHERE sealed_at IS NULL
        ON CONFLICT (document_id) DO UPDATE SET words = EXCLUDED.words;
$$;
"""
FILL = _FILL.format(condition="AND update.state NOT IN ('withdrawn', 'discarded')")
FILL_BACK = _FILL.format(condition="")

CLEAN = """
DELETE FROM search_narrativewords words
USING recommendations_submission submission JOIN recommendations_update update ON update.id = submission.update_id
WHERE words.submission_id = submission.id AND update.state IN ('withdrawn', 'discarded');
SET CONSTRAINTS ALL IMMEDIATE;
"""
CLEAN_BACK = """
INSERT INTO search_narrativewords (submission_id, item_id, agency_id, words)
SELECT submission.id, assignment.item_id, assignment.agency_id, jejak_words(submission.narrative)
FROM recommendations_submission submission
JOIN recommendations_update update ON update.id = submission.update_id
JOIN recommendations_assignment assignment ON assignment.id = update.assignment_id
WHERE NOT update.is_nothing_new AND update.state IN ('withdrawn', 'discarded')
ON CONFLICT (submission_id) DO NOTHING;
SET CONSTRAINTS ALL IMMEDIATE;
"""


class Migration(migrations.Migration):
    """Searches find nothing in updates that were withdrawn or discarded."""

    dependencies = [('search', '0001_words')]

    operations = [
        migrations.RunSQL(TRIGGER, TRIGGER_BACK),
        migrations.RunSQL(FILL, FILL_BACK),
        migrations.RunSQL(CLEAN, CLEAN_BACK),
    ]
