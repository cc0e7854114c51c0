-- What MAPO and the agency had made of each assignment before an instant: the newest accepted verdict ("none" without one),
-- and the version that waits for MAPO or the decision that returned it. An assignment has one open update at a time, or the
-- rows of one opening import, of which the one reported last speaks. One statement, so that the planner sees through it.
CREATE OR REPLACE FUNCTION outcome_at(before timestamptz)
RETURNS TABLE (
    assignment_id bigint, status varchar, percent smallint, decided_at timestamptz,
    verdict_id bigint, waiting_id bigint, returned_id bigint)
LANGUAGE sql STABLE PARALLEL SAFE AS $$
    SELECT assignment.id, coalesce(verdict.status, 'none'), coalesce(verdict.percent, 0::smallint), verdict.decided_at,
           verdict.id, CASE WHEN returned.id IS NULL THEN sent.id END, returned.id
    FROM public.recommendations_assignment assignment
    LEFT JOIN LATERAL (
        SELECT review.id, review.status, review.percent, review.decided_at
        FROM public.recommendations_review review
        WHERE review.assignment_id = assignment.id AND review.decision = 'accept' AND review.decided_at < before
        ORDER BY review.decided_at DESC, review.id DESC
        LIMIT 1) verdict ON true
    LEFT JOIN LATERAL (
        SELECT submission.id
        FROM (SELECT update.id, update.closed_at
              FROM public.recommendations_update update
              WHERE update.assignment_id = assignment.id AND update.created_at < before
              ORDER BY update.created_at DESC, update.reported_on DESC NULLS LAST, update.id DESC
              LIMIT 1) newest
        JOIN public.recommendations_submission submission ON submission.update_id = newest.id
        WHERE (newest.closed_at IS NULL OR newest.closed_at >= before) AND submission.submitted_at < before
        ORDER BY submission.number DESC
        LIMIT 1) sent ON true
    LEFT JOIN public.recommendations_review returned
        ON returned.submission_id = sent.id AND returned.decision = 'return' AND returned.decided_at < before
$$;
