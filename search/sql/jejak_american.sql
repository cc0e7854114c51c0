-- Two spellings of English are read as one, the American (ADR 11). A wrong match does no harm: question and text go wrong alike.
CREATE OR REPLACE FUNCTION jejak_american(given text) RETURNS text
    LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
    RETURN regexp_replace(regexp_replace(regexp_replace(regexp_replace(regexp_replace(regexp_replace(given,
        '(arm|behavi|cand|clam|col|demean|endeav|fav|flav|glam|harb|hon|hum|lab|neighb|od|parl|ranc|rig|rum|sav|splend|succ|tum|vap|vig)our', '\1or', 'gi'),
        '(\w{3}i)s(e|es|ed|er|ers|ing|ation|ations|ational|able)\M', '\1z\2', 'gi'),
        '(anal|paral)ys(e|es|ed|er|ers|ing)\M', '\1yz\2', 'gi'),
        '(defen|licen|offen|preten)ce', '\1se', 'gi'),
        '(cent|fib|lit|lust|met|spect|theat)re(s?)\M', '\1er\2', 'gi'),
        '(cancel|channel|counsel|fuel|label|marshal|model|signal|travel|tunnel)l(?=ed|ing|er|or)|(program)me(?=s?\M)|(judg|acknowledg)e(?=ment)|(enrol|fulfil|instal|skil|wil)l(?=ment|ful)', '\1\2\3\4', 'gi');
