-- Marks the verdicts that changed a status; two verdicts are never in another order than they were written.
CREATE OR REPLACE FUNCTION review_is_turn() RETURNS trigger
LANGUAGE plpgsql SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
    former record;
BEGIN
    SELECT status, decided_at INTO former FROM public.recommendations_review
    WHERE assignment_id = NEW.assignment_id AND decision = 'accept'
    ORDER BY decided_at DESC, id DESC LIMIT 1;
    NEW.decided_at := greatest(NEW.decided_at, former.decided_at);
    NEW.is_turn := NEW.decision = 'accept' AND NEW.status IS DISTINCT FROM coalesce(former.status, 'none');
    RETURN NEW;
END $$;
