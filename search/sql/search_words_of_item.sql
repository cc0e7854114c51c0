-- The words of an item. It is also found by its first letter and number in either language: S9 and R9, K3 and W3, P2 and A2.
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
        || jejak_words(item.title_ms) || jejak_words(item.title_en) || jejak_words(item.text_ms) || jejak_words(item.text_en);
