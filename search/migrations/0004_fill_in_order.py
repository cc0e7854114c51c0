from django.db import migrations

# As in 0002, but each table is filled in the order of its key. A search for a common word reads the newest rows first:
# where they lie side by side, PostgreSQL walks the key and stops early; where they are scattered, it sorts the table.
_FILL = """
CREATE OR REPLACE FUNCTION search_fill() RETURNS void
    LANGUAGE sql SET search_path = pg_catalog, public, pg_temp AS $$
    INSERT INTO search_itemwords (item_id, words)
        SELECT item.id, search_words_of_item(item) FROM recommendations_item item {by_item}
        ON CONFLICT (item_id) DO UPDATE SET words = EXCLUDED.words;
    INSERT INTO search_narrativewords (submission_id, item_id, agency_id, words)
        SELECT submission.id, assignment.item_id, assignment.agency_id, jejak_words(submission.narrative)
        FROM recommendations_submission submission
        JOIN recommendations_update update ON update.id = submission.update_id
        JOIN recommendations_assignment assignment ON assignment.id = update.assignment_id
        WHERE NOT update.is_nothing_new AND update.state NOT IN ('withdrawn', 'discarded') {by_submission}
        ON CONFLICT (submission_id) DO UPDATE SET words = EXCLUDED.words;
    INSERT INTO search_commentwords (comment_id, words)
        SELECT comment.id, jejak_words(comment.text) FROM recommendations_comment comment {by_comment}
        ON CONFLICT (comment_id) DO UPDATE SET words = EXCLUDED.words;
    INSERT INTO search_documentwords (document_id, agency_id, words)
        SELECT document.id, document.agency_id, search_words_of_document(document)
        FROM evidence_document document WHERE sealed_at IS NULL {by_document}
        ON CONFLICT (document_id) DO UPDATE SET words = EXCLUDED.words;
$$;
"""
_ORDERED = ("item", "submission", "comment", "document")
FILL = _FILL.format(**{f"by_{name}": f"ORDER BY {name}.id" for name in _ORDERED})
FILL_BACK = _FILL.format(**{f"by_{name}": "" for name in _ORDERED})


class Migration(migrations.Migration):
    """`rebuild_search` writes words in the order in which searches read them."""

    dependencies = [('search', '0003_spellings_and_short_names')]

    operations = [migrations.RunSQL(FILL, FILL_BACK)]
