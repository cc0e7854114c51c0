-- Arguments: the name of the rule, a table, the column that names its row, and the states that the row may be in.
CREATE OR REPLACE FUNCTION guard_parent() RETURNS trigger
LANGUAGE plpgsql SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
    parents text[] := ARRAY[
        CASE WHEN TG_OP <> 'INSERT' THEN to_jsonb(OLD) ->> TG_ARGV[2] END,
        CASE WHEN TG_OP <> 'DELETE' THEN to_jsonb(NEW) ->> TG_ARGV[2] END
    ];
    are_fit boolean;
BEGIN
    EXECUTE format(
        'SELECT bool_and(EXISTS (SELECT FROM public.%I WHERE id = parent::bigint AND state = ANY ($2)))'
        ' FROM unnest($1) parent WHERE parent IS NOT NULL', TG_ARGV[1]
    ) INTO are_fit USING parents, TG_ARGV[3:TG_NARGS - 1];
    IF are_fit IS NOT TRUE THEN
        RAISE EXCEPTION 'jejak: % refuses this row (%)', TG_TABLE_NAME, TG_ARGV[0];
    END IF;
    RETURN CASE TG_OP WHEN 'DELETE' THEN OLD ELSE NEW END;
END $$;
