-- Whether one of two people gave the other access, or asked for it, in the last 30 days (ADR 21).
CREATE OR REPLACE FUNCTION jejak_are_tied(one bigint, other bigint, at timestamptz) RETURNS boolean
LANGUAGE plpgsql STABLE SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    RETURN EXISTS (
        SELECT FROM (VALUES (one, other), (other, one)) pair(doer, person)
        WHERE EXISTS (
            SELECT FROM audit_event
            WHERE object_type = 'accounts.User' AND object_id = pair.person::text AND actor_id = pair.doer
              AND action IN (
                  'person.invited', 'person.invited_again', 'person.address_changed', 'person.reactivated')
              AND occurred_at > at - interval '30 days'
        ) OR EXISTS (
            SELECT FROM accounts_rightsrequest
            WHERE person_id = pair.person AND asked_by_id = pair.doer
              AND outcome = 'granted' AND decided_at > at - interval '30 days'
        ) OR EXISTS (
            SELECT FROM accounts_lostdevice
            WHERE person_id = pair.person AND asked_by_id = pair.doer
              AND outcome = 'granted' AND decided_at > at - interval '30 days'
        )
    );
END $$;
