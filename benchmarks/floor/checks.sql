-- All checks of a cycle in one pass: the sums of both sides, by check, giver and period, where every term has its figure.
SELECT term.check_of_id, figure.source_id,
       CASE WHEN term.period_kind = '' THEN figure.period_kind END,
       CASE WHEN term.period_kind = '' THEN figure.begins_on END,
       CASE WHEN term.period_kind = '' THEN figure.ends_on END,
       sum(figure.value) FILTER (WHERE term.side = 'left'),
       sum(figure.value) FILTER (WHERE term.side = 'right'),
       array_agg(figure.id)
FROM indicators_source source
JOIN recommendations_cycle cycle ON cycle.id = source.cycle_id
JOIN indicators_check rule ON rule.source_id = source.id
JOIN indicators_checkterm term ON term.check_of_id = rule.id
CROSS JOIN LATERAL (
    SELECT printed.id, printed.source_id, printed.period_kind, printed.begins_on, printed.ends_on, printed.value,
           printed.recorded_at, printed.ended_at
    FROM indicators_figure printed
    WHERE printed.series_id = term.series_id AND printed.source_id = source.id
      AND (term.period_kind = ''
           OR (printed.period_kind = term.period_kind AND printed.begins_on IS NOT DISTINCT FROM term.begins_on
               AND printed.ends_on IS NOT DISTINCT FROM term.ends_on))
    UNION ALL
    SELECT reported.id, reported.source_id, reported.period_kind, reported.begins_on, reported.ends_on, reported.value,
           reported.recorded_at, reported.ended_at
    FROM indicators_figure reported
    WHERE term.period_kind = '' AND reported.series_id = term.series_id AND reported.source_id IS NULL
      AND reported.begins_on BETWEEN cycle.window_start AND cycle.window_end AND reported.ends_on <= cycle.window_end) figure
WHERE source.cycle_id = %(cycle)s
  AND figure.recorded_at < %(before)s::timestamptz
  AND (figure.ended_at IS NULL OR figure.ended_at >= %(before)s::timestamptz)
GROUP BY 1, 2, 3, 4, 5
HAVING count(*) = (SELECT count(*) FROM indicators_checkterm whole WHERE whole.check_of_id = term.check_of_id)
