-- Marks the versions in which role or stage changed, from which history is read (ADR 12).
CREATE OR REPLACE FUNCTION assignmentversion_is_turn() RETURNS trigger
LANGUAGE plpgsql SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
    former record;
BEGIN
    SELECT role, stage INTO former FROM public.recommendations_assignmentversion
    WHERE assignment_id = NEW.assignment_id
    ORDER BY began_at DESC, id DESC LIMIT 1;
    NEW.is_turn := (NEW.role, NEW.stage) IS DISTINCT FROM (former.role, former.stage);
    RETURN NEW;
END $$;
