-- Arguments: columns that name people, each of whom acted in this transaction, or nobody.
CREATE OR REPLACE FUNCTION guard_acted() RETURNS trigger
LANGUAGE plpgsql SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
    fresh jsonb := to_jsonb(NEW);
    former jsonb := CASE TG_OP WHEN 'UPDATE' THEN to_jsonb(OLD) ELSE '{}' END;
    name text;
BEGIN
    FOREACH name IN ARRAY TG_ARGV LOOP
        IF fresh ->> name IS NOT NULL AND fresh ->> name IS DISTINCT FROM former ->> name
           AND NOT jejak_is_vouched((fresh ->> name)::bigint) THEN
            RAISE EXCEPTION 'jejak: % of % names somebody who did nothing here', name, TG_TABLE_NAME
                USING ERRCODE = 'JJ007';
        END IF;
    END LOOP;
    RETURN NULL;
END $$;
