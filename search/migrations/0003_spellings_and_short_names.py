from django.db import migrations

# Two spellings of English are read as one, the American: labour and labor, organisation and organization. Applied to
# texts and to questions, a wrong match ("exercise" becomes "exercize") does no harm: both go wrong alike. The
# Indonesian words of a text keep their spelling. See docs/adr/0011.
AMERICAN = r"""
CREATE FUNCTION jejak_american(given text) RETURNS text
    LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
    RETURN regexp_replace(regexp_replace(regexp_replace(regexp_replace(regexp_replace(regexp_replace(given,
        '(arm|behavi|cand|clam|col|demean|endeav|fav|flav|glam|harb|hon|hum|lab|neighb|od|parl|ranc|rig|rum|sav|splend|succ|tum|vap|vig)our', '\1or', 'gi'),
        '(\w{3}i)s(e|es|ed|er|ers|ing|ation|ations|ational|able)\M', '\1z\2', 'gi'),
        '(anal|paral)ys(e|es|ed|er|ers|ing)\M', '\1yz\2', 'gi'),
        '(defen|licen|offen|preten)ce', '\1se', 'gi'),
        '(cent|fib|lit|lust|met|spect|theat)re(s?)\M', '\1er\2', 'gi'),
        '(cancel|channel|counsel|fuel|label|marshal|model|signal|travel|tunnel)l(?=ed|ing|er|or)|(program)me(?=s?\M)|(judg|acknowledg)e(?=ment)|(enrol|fulfil|instal|skil|wil)l(?=ment|ful)', '\1\2\3\4', 'gi');
"""
AMERICAN_BACK = "DROP FUNCTION jejak_american(text);"

_WORDS = r"""
CREATE OR REPLACE FUNCTION jejak_words(given text) RETURNS tsvector
    LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
    RETURN to_tsvector('pg_catalog.indonesian', jejak_plain(given))
        || to_tsvector('pg_catalog.english', {english});
"""
WORDS = _WORDS.format(english="jejak_american(jejak_plain(given))")
WORDS_BACK = _WORDS.format(english="jejak_plain(given)")

_QUERY = r"""
CREATE OR REPLACE FUNCTION jejak_query(given text) RETURNS tsquery
    LANGUAGE plpgsql IMMUTABLE STRICT PARALLEL SAFE SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
    plain text := regexp_replace(jejak_plain(translate(given, '“”„‟', repeat('"', 4))), '(\w{3,})\*', 'zqz\1zqz', 'g');
    language regconfig;
    part tsquery;
    found tsquery;
BEGIN
    FOREACH language IN ARRAY ARRAY['indonesian', 'english']::regconfig[] LOOP
        part := websearch_to_tsquery(language, @);
        IF querytree(part) NOT IN ('', 'T') THEN
            part := regexp_replace(part::text, '''zqz(\w+?)zqz''', '''\1'':*', 'g')::tsquery;
            found := CASE WHEN found IS NULL OR found = part THEN part ELSE found || part END;
        END IF;
    END LOOP;
    RETURN found;
END
$$;
"""
QUERY = _QUERY.replace("@", "CASE WHEN language = 'english'::regconfig THEN jejak_american(plain) ELSE plain END")
QUERY_BACK = _QUERY.replace("@", "plain")

# An item is also found by its first letter and number in either language: S9 and R9, K3 and W3, P2 and A2.
_ITEM = """
CREATE OR REPLACE FUNCTION search_words_of_item(item recommendations_item) RETURNS tsvector
    LANGUAGE sql STABLE
    RETURN setweight(jejak_words(
            CASE item.kind
                WHEN 'recommendation' THEN 'syor recommendation '
                WHEN 'weakness' THEN 'kelemahan weakness '
                ELSE 'pencapaian achievement '
            END || item.number{short}), 'A')
        || jejak_words(item.text_ms) || jejak_words(item.text_en);
"""
ITEM = _ITEM.format(
    short="""
            || CASE item.kind
                WHEN 'recommendation' THEN format(' s%1$s r%1$s', item.number)
                WHEN 'weakness' THEN format(' k%1$s w%1$s', item.number)
                ELSE format(' p%1$s a%1$s', item.number)
            END"""
)
ITEM_BACK = _ITEM.format(short="")

FILL = "SELECT search_fill(); SET CONSTRAINTS ALL IMMEDIATE;"


class Migration(migrations.Migration):
    """Searches read two spellings of English as one, and find items by their short names."""

    dependencies = [('search', '0002_nothing_of_withdrawn_texts')]

    operations = [
        # Operations that are undone run from the last to the first: the words are made anew last in both directions.
        migrations.RunSQL(migrations.RunSQL.noop, FILL),
        migrations.RunSQL(AMERICAN, AMERICAN_BACK),
        migrations.RunSQL(WORDS, WORDS_BACK),
        migrations.RunSQL(QUERY, QUERY_BACK),
        migrations.RunSQL(ITEM, ITEM_BACK),
        migrations.RunSQL(FILL, migrations.RunSQL.noop),
    ]
