-- Each check with the sums of its sides, for each period and giver of which every term has its figure. A term of a fixed
-- period takes the figure of its check's own source; one without takes every period: of that source, and of what agencies
-- reported within the cycle's window. The terms come packed (see `PackedTerms`), with whether the reader's agency answers for
-- all of them, and what MAPO says of it. Who said so, by the name that they had then, is MAPO's to know.
-- Terms and printed figures are few, and read once; reported ones are many: OFFSET 0 keeps to the index of each series.
WITH term AS MATERIALIZED (
    SELECT term.*, rule.source_id, cycle.window_start, cycle.window_end, term.period_kind = '' AS is_open,
           count(*) OVER (PARTITION BY term.check_of_id) AS term_count,
           COALESCE(indicator.agency_id = %(agency)s::bigint, false) AS is_own
    FROM indicators_checkterm term
    JOIN indicators_check rule ON rule.id = term.check_of_id
    JOIN indicators_source source ON source.id = rule.source_id
    JOIN recommendations_cycle cycle ON cycle.id = source.cycle_id
    JOIN indicators_series series ON series.id = term.series_id
    JOIN indicators_indicator indicator ON indicator.id = series.indicator_id
    WHERE source.cycle_id = %(cycle)s
      AND (%(indicator)s::bigint IS NULL OR rule.id IN (
          SELECT own.check_of_id
          FROM indicators_checkterm own
          JOIN indicators_series of_own ON of_own.id = own.series_id
          WHERE of_own.indicator_id = %(indicator)s))),
printed AS MATERIALIZED (
    SELECT figure.*
    FROM indicators_source source
    JOIN indicators_figure figure ON figure.source_id = source.id
    WHERE source.cycle_id = %(cycle)s
      AND figure.recorded_at < %(before)s::timestamptz
      AND (figure.ended_at IS NULL OR figure.ended_at >= %(before)s::timestamptz)),
figure AS (
    SELECT term.id AS term_id, term.check_of_id, term.side, term.series_id, term.is_open, term.is_own, term.term_count,
           given.source_id, given.id, given.period_kind, given.begins_on, given.ends_on, given.value, given.text,
           given.counted_to
    FROM printed given
    JOIN term ON term.source_id = given.source_id AND term.series_id = given.series_id
     AND (term.is_open
          OR (given.period_kind = term.period_kind AND given.begins_on IS NOT DISTINCT FROM term.begins_on
              AND given.ends_on IS NOT DISTINCT FROM term.ends_on))
    UNION ALL
    SELECT term.id, term.check_of_id, term.side, term.series_id, term.is_open, term.is_own, term.term_count,
           given.source_id, given.id, given.period_kind, given.begins_on, given.ends_on, given.value, given.text,
           given.counted_to
    FROM term
    CROSS JOIN LATERAL (
        SELECT reported.*
        FROM indicators_figure reported
        WHERE term.is_open AND reported.series_id = term.series_id AND reported.source_id IS NULL
          AND reported.begins_on BETWEEN term.window_start AND term.window_end
          AND reported.ends_on <= term.window_end
          AND reported.recorded_at < %(before)s::timestamptz
          AND (reported.ended_at IS NULL OR reported.ended_at >= %(before)s::timestamptz)
        OFFSET 0) given)
SELECT rule.id, rule.code, rule.kind, rule.claim_id, rule.note_ms, rule.note_en, cell.id, cell.text, cell.change,
       found.source_id, found.is_open, found.period_kind, found.begins_on, found.ends_on,
       found.left_sum, found.right_sum, found.terms, found.is_own,
       given.id, given.text, given.explained_at,
       CASE WHEN %(sees_names)s THEN (
           SELECT event.actor_name FROM audit_event event
           WHERE event.object_type = 'indicators.CheckExplanation' AND event.object_id = given.id::text
           ORDER BY event.id LIMIT 1) ELSE '' END
FROM (
    SELECT check_of_id, source_id, is_open,
           CASE WHEN is_open THEN period_kind END AS period_kind,
           CASE WHEN is_open THEN begins_on END AS begins_on,
           CASE WHEN is_open THEN ends_on END AS ends_on,
           sum(value) FILTER (WHERE side = 'left') AS left_sum,
           sum(value) FILTER (WHERE side = 'right') AS right_sum,
           string_agg(concat(term_id, ' ', side, ' ', series_id, ' ', value, ' ', period_kind, ' ', begins_on, ' ', ends_on,
                             ' ', id, ' ', counted_to, ' ', translate(text, E'\x1e', '')), E'\x1e') AS terms,
           bool_and(is_own) AS is_own
    FROM figure
    GROUP BY 1, 2, 3, 4, 5, 6
    HAVING count(*) = max(term_count)) found
JOIN indicators_check rule ON rule.id = found.check_of_id
JOIN indicators_source source ON source.id = rule.source_id
LEFT JOIN indicators_publishedcell cell ON cell.id = rule.printed_id
LEFT JOIN indicators_checkexplanation given
  ON given.check_of_id = rule.id
 AND given.begins_on IS NOT DISTINCT FROM found.begins_on
 AND given.ends_on IS NOT DISTINCT FROM found.ends_on
 AND given.explained_at < %(before)s::timestamptz
 AND (given.ended_at IS NULL OR given.ended_at >= %(before)s::timestamptz)
ORDER BY source.published_on, source.id, rule.position, rule.id, found.source_id NULLS LAST,
         found.period_kind, found.begins_on, found.ends_on
