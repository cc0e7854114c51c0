-- Arguments: columns, each of which is NULL or within five minutes of the present instant when it is written.
CREATE OR REPLACE FUNCTION guard_present() RETURNS trigger
LANGUAGE plpgsql SET search_path = pg_catalog, public, pg_temp SET timezone = 'UTC' AS $$
DECLARE
    fresh jsonb := to_jsonb(NEW);
    former jsonb := CASE TG_OP WHEN 'UPDATE' THEN to_jsonb(OLD) ELSE '{}' END;
    name text;
BEGIN
    FOREACH name IN ARRAY TG_ARGV LOOP
        IF fresh ->> name IS DISTINCT FROM former ->> name
           AND abs(extract(epoch FROM (fresh ->> name)::timestamptz - jejak_now())) > 300 THEN
            RAISE EXCEPTION 'jejak: % of % must be the present instant, not %', name, TG_TABLE_NAME, fresh ->> name;
        END IF;
    END LOOP;
    RETURN NEW;
END $$;
