-- Keeps each version of a live row (`audit.past`). Arguments: the version table, its key, then the columns that are kept.
CREATE OR REPLACE FUNCTION keep_past() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp SET timezone = 'UTC' AS $$
DECLARE
    versions text := format('%I.%I', TG_TABLE_SCHEMA, TG_ARGV[0]);
    key text := TG_ARGV[1];
    columns text;
    fresh text;
    instant timestamptz := jejak_now();
    closed timestamptz;
BEGIN
    IF TG_OP IN ('UPDATE', 'DELETE') THEN
        EXECUTE format(
            'UPDATE %s SET ended_at = greatest(began_at, $1) WHERE %I = $2.id AND ended_at IS NULL '
            'RETURNING ended_at',
            versions, key
        ) INTO STRICT closed USING instant, OLD;
        -- The clock may step back; a seed that `jejak_now` heeds may not.
        IF closed > instant AND instant = nullif(current_setting('jejak.seed_at', true), '')::timestamptz THEN
            RAISE EXCEPTION 'jejak: the past of % is seeded in the order of time', TG_TABLE_NAME;
        END IF;
        instant := closed;
    END IF;
    IF TG_OP IN ('INSERT', 'UPDATE') THEN
        SELECT
            string_agg(format('%I', name), ', ' ORDER BY place),
            string_agg(format('$2.%I', name), ', ' ORDER BY place)
        INTO columns, fresh
        FROM unnest(TG_ARGV[2:TG_NARGS - 1]) WITH ORDINALITY AS kept(name, place);
        EXECUTE format(
            'INSERT INTO %s (%I, %s, began_at) VALUES ($2.id, %s, $1)',
            versions, key, columns, fresh
        ) USING instant, NEW;
    END IF;
    RETURN NULL;
END $$;
