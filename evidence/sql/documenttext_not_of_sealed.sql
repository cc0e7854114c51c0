-- The text of a sealed document is not kept.
CREATE OR REPLACE FUNCTION documenttext_not_of_sealed() RETURNS trigger
LANGUAGE plpgsql SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    IF EXISTS (SELECT FROM public.evidence_document WHERE id = NEW.document_id AND sealed_at IS NOT NULL) THEN
        RAISE EXCEPTION 'jejak: % refuses this row (%)', TG_TABLE_NAME, 'not_of_sealed';
    END IF;
    RETURN NEW;
END $$;
