CREATE OR REPLACE FUNCTION search_words_of_document(name text, reference text, inside text) RETURNS tsvector
    LANGUAGE sql STABLE
    RETURN setweight(jejak_words(concat_ws(' ', name, reference, regexp_replace(name, '[^[:alnum:]]+', ' ', 'g'))), 'A')
        || jejak_long_words(inside);

-- A file's name is read as it stands and taken apart, so that its parts are found as words.
CREATE OR REPLACE FUNCTION search_words_of_document(document evidence_document) RETURNS tsvector
    LANGUAGE sql STABLE
    RETURN search_words_of_document(
        document.original_name, document.reference_number, search_inside_document(document));
