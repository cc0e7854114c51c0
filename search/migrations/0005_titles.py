from django.db import migrations

# An item is found by the words of its short titles too. `search_fill` asks this function, so it stays as it is.
_ITEM = """
CREATE OR REPLACE FUNCTION search_words_of_item(item recommendations_item) RETURNS tsvector
    LANGUAGE sql STABLE
    RETURN setweight(jejak_words(
            CASE item.kind
                WHEN 'recommendation' THEN 'syor recommendation '
                WHEN 'weakness' THEN 'kelemahan weakness '
                ELSE 'pencapaian achievement '
            END || item.number
            || CASE item.kind
                WHEN 'recommendation' THEN format(' s%1$s r%1$s', item.number)
                WHEN 'weakness' THEN format(' k%1$s w%1$s', item.number)
                ELSE format(' p%1$s a%1$s', item.number)
            END), 'A')
        {titles}|| jejak_words(item.text_ms) || jejak_words(item.text_en);
"""
ITEM = _ITEM.format(titles="|| jejak_words(item.title_ms) || jejak_words(item.title_en) ")
ITEM_BACK = _ITEM.format(titles="")

_TRIGGER = """
DROP TRIGGER search_keep_item ON recommendations_item;
CREATE TRIGGER search_keep_item AFTER UPDATE OF kind, number, {columns} ON recommendations_item
    FOR EACH ROW EXECUTE FUNCTION search_keep_item();
"""
TRIGGER = _TRIGGER.format(columns="text_ms, text_en, title_ms, title_en")
TRIGGER_BACK = _TRIGGER.format(columns="text_ms, text_en")


# The words of items alone are made anew: they are few.
FILL = """
INSERT INTO search_itemwords (item_id, words)
    SELECT item.id, search_words_of_item(item) FROM recommendations_item item ORDER BY item.id
    ON CONFLICT (item_id) DO UPDATE SET words = EXCLUDED.words;
SET CONSTRAINTS ALL IMMEDIATE;
"""


class Migration(migrations.Migration):
    """Searches find items by their short titles."""

    dependencies = [("recommendations", "0010_titles"), ("search", "0004_fill_in_order")]

    operations = [
        # Operations that are undone run from the last to the first: the words are made anew last in both directions.
        migrations.RunSQL(migrations.RunSQL.noop, FILL),
        migrations.RunSQL(ITEM, ITEM_BACK),
        migrations.RunSQL(TRIGGER, TRIGGER_BACK),
        migrations.RunSQL(FILL, migrations.RunSQL.noop),
    ]
