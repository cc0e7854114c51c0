-- Moves the clock of a demonstration forward.
CREATE OR REPLACE FUNCTION jejak_move_clock(target timestamptz) RETURNS timestamptz
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp SET timezone = 'UTC' AS $$
DECLARE
    clock public.audit_clock;
BEGIN
    SELECT * INTO clock FROM public.audit_clock FOR UPDATE;
    IF NOT clock.is_demo THEN
        RAISE EXCEPTION 'jejak: only a demonstration has a clock that can be moved' USING ERRCODE = 'JJ001';
    END IF;
    IF target IS NULL OR target <= clock_timestamp() + clock."offset" THEN
        RAISE EXCEPTION 'jejak: the demo clock only moves forward' USING ERRCODE = 'JJ002';
    END IF;
    UPDATE public.audit_clock SET "offset" = target - clock_timestamp();
    RETURN target;
END $$;
